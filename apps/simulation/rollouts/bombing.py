"""The bomb in the copies: dropped, picked up, planted, defused, exploded; and when a round is decided."""

import numpy as np

from apps.simulation.match.bomb import DEFUSE_TICKS, KIT_TICKS, PLANT_TICKS
from apps.simulation.rollouts.copies import Cast, Copies
from apps.simulation.rollouts.gunnery import STEP_S
from apps.simulation.truth.match import TICK_RATE, Team

PLANT_S, DEFUSE_S, KIT_S = PLANT_TICKS / TICK_RATE, DEFUSE_TICKS / TICK_RATE, KIT_TICKS / TICK_RATE
ROUNDING_S = 0.25  # work is counted in whole steps
NEARLY_S = 1.1  # who has less than this left to do does not stop for an enemy


def carry(cast: Cast, copies: Copies) -> None:
    """The bomb moves with its carrier, falls with him, and is picked up by a T in its area."""
    held = np.flatnonzero(copies.carrier >= 0)
    carrier = copies.carrier[held]
    copies.bomb[held] = copies.area[held, carrier]
    dead = copies.health[held, carrier] <= 0
    copies.carrier[held[dead]] = -1
    if not cast.ts:
        return
    lying = (copies.carrier < 0) & ~copies.planted
    there = (copies.area[:, cast.t] == copies.bomb[:, None]) & (copies.health[:, cast.t] > 0) & lying[:, None]
    found = there.any(axis=1)
    copies.carrier[found] = there.argmax(axis=1)[found]


def work(cast: Cast, copies: Copies, now: float) -> None:
    """Planting and defusing go on, begin or break off."""
    before = copies.working.copy()
    copies.working[:] = False
    _plant(cast, copies, now, before)
    if copies.planted.any() and cast.ts < cast.count:
        _defuse(cast, copies, now, before)


def nearly(cast: Cast, copies: Copies) -> np.ndarray:
    """Per player whether what he does would be done in a moment (copies × players)."""
    need = np.where(cast.is_t, PLANT_S, np.where(cast.kit, KIT_S, DEFUSE_S))
    return np.asarray(copies.work[:, None] > need[None, :] - NEARLY_S)


def _plant(cast: Cast, copies: Copies, now: float, before: np.ndarray) -> None:
    row = np.flatnonzero((copies.carrier >= 0) & ~copies.planted)
    who = copies.carrier[row]
    area, site = copies.area[row, who], np.maximum(copies.site[row], 0)
    there = cast.places.in_site[:, area].any(axis=0) & (area == copies.goal[row, who])
    there &= cast.places.in_site[site, area] | before[row, who]
    arrived = ~copies.moving[row, who] | (now - copies.went[row] > 14.0)
    gap = cast.places.middle[copies.known_area[row][:, cast.ct]] - cast.places.middle[area][:, None, :]
    near = ((gap**2).sum(axis=2) < 900.0**2) & (now - copies.seen_at[row][:, cast.ct] < 0.9)
    near &= copies.health[row][:, cast.ct] > 0
    threat = near.any(axis=1) | (copies.target[row, who] >= 0)
    calm = ~threat | (copies.left[row] < 9.0)
    nearly = before[row, who] & (copies.work[row] > PLANT_S - NEARLY_S)
    go = there & ((before[row, who] & (copies.target[row, who] < 0)) | (arrived & calm) | nearly)
    copies.work[row] = np.where(go, copies.work[row] + STEP_S, 0.0)
    copies.working[row[go], who[go]] = True
    done = row[go & (copies.work[row] >= PLANT_S - ROUNDING_S)]
    copies.planted[done], copies.carrier[done], copies.work[done] = True, -1, 0.0
    copies.left[done] = cast.state.bomb_s
    copies.working[done] = False
    copies.site[done] = cast.places.near_site[copies.bomb[done]]


def _defuse(cast: Cast, copies: Copies, now: float, before: np.ndarray) -> None:
    row = np.flatnonzero(copies.planted)
    own: np.ndarray = copies.health[row][:, cast.ct] > 0
    there = own & (copies.area[row][:, cast.ct] == copies.bomb[row][:, None])
    there &= copies.goal[row][:, cast.ct] == copies.bomb[row][:, None]
    need: np.ndarray = np.where(cast.kit[cast.ct], KIT_S, DEFUSE_S)[None, :]
    left = copies.left[row][:, None]
    ts: np.ndarray = copies.health[row][:, cast.t] > 0
    seen: np.ndarray = np.any(ts & (now - copies.seen_at[row][:, cast.t] < 2.0), axis=1, keepdims=True)
    free = copies.target[row][:, cast.ct] < 0
    begins = there & free & (left > need) & (~seen | (left < need + 4.0) | ~np.any(ts, axis=1, keepdims=True))
    was = before[row][:, cast.ct]
    goes_on = was & own & (free | (copies.work[row][:, None] > need - NEARLY_S))
    begins &= ~np.any(was, axis=1, keepdims=True)
    any_on, any_new = goes_on.any(axis=1), begins.any(axis=1)
    best = np.where(begins, need, np.inf).argmin(axis=1)
    who = cast.ts + np.where(any_on, goes_on.argmax(axis=1), best)
    busy = any_on | any_new
    copies.work[row] = np.where(any_on, copies.work[row] + STEP_S, np.where(any_new, STEP_S, 0.0))
    copies.working[row[busy], who[busy]] = True
    done = busy & (copies.work[row] >= need[0, who - cast.ts] - ROUNDING_S)
    copies.winner[row[done]] = Team.CT


def decide(cast: Cast, copies: Copies) -> None:
    """Explosion, time and eliminations; the first decision stands."""
    open_ = copies.winner == 0
    ts = (copies.health[:, cast.t] > 0).any(axis=1)
    cts = (copies.health[:, cast.ct] > 0).any(axis=1)
    up = copies.left <= 1e-6
    t_wins = ~cts | (copies.planted & up)
    ct_wins = (~ts & ~copies.planted) | (~copies.planted & up)
    copies.winner[open_ & t_wins] = Team.T
    copies.winner[open_ & ct_wins & ~t_wins] = Team.CT
