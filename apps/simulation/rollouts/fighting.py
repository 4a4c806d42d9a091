"""Targets, shots and deaths within one step."""

import numpy as np

from apps.simulation.rollouts.copies import Cast, Copies
from apps.simulation.rollouts.gunnery import BAND, BANDS, FRESH, ONGOING, PREPARED, QUANTILES, STEP_S, reaction
from apps.simulation.rollouts.sensing import Views


def choose_targets(cast: Cast, copies: Copies, seen: Views) -> np.ndarray:
    """Everybody's enemy (kept while in view, else the nearest) and the phase of the fight: copies × players."""
    t_sees, ct_sees, away = seen
    phase = np.full(copies.target.shape, FRESH)
    before = copies.target.copy()
    if away.size == 0:  # one side has nobody
        copies.engaged[:] = False
        return phase
    near_t = _nearest(t_sees, away, 2, cast.ts)
    nearest = np.concatenate([near_t, _nearest(ct_sees, away, 1, 0)], axis=1)
    row, who = np.nonzero(before >= 0)
    other = before[row, who]
    t, ct = np.where(cast.is_t[who], who, other), np.where(cast.is_t[who], other, who) - cast.ts
    still = np.where(cast.is_t[who], t_sees[row, t, ct], ct_sees[row, t, ct]) > 0
    copies.target[:] = nearest
    copies.target[row[still], who[still]] = other[still]
    phase[(copies.target == before) & (before >= 0)] = ONGOING
    row, who = np.nonzero((copies.target >= 0) & (phase == FRESH))
    other = copies.target[row, who]
    t, ct = np.where(cast.is_t[who], who, other), np.where(cast.is_t[who], other, who) - cast.ts
    ready = np.where(cast.is_t[who], t_sees[row, t, ct], ct_sees[row, t, ct]) == 2
    phase[row[ready], who[ready]] = PREPARED
    copies.engaged[:] = copies.target >= 0
    return phase


def _nearest(sees: np.ndarray, away: np.ndarray, axis: int, first: int) -> np.ndarray:
    """Per watcher the nearest enemy in view, counted from ``first`` on; −1 without."""
    far = np.where(sees > 0, away, np.inf)
    return np.asarray(np.where(np.isfinite(far.min(axis=axis)), far.argmin(axis=axis) + first, -1))


def exchange(
    cast: Cast, copies: Copies, now: float, phase: np.ndarray, away: np.ndarray, may_fire: np.ndarray, luck: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Everybody who may shoots at the target; returns (rows, shooters, targets) of the shots that hurt, in order.

    ``luck`` (copies × players × 2) draws damage and moment. Whoever is killed before the own moment does not shoot.
    """
    row, who = np.nonzero((copies.target >= 0) & may_fire & (copies.health > 0))
    other = copies.target[row, who]
    t, ct = np.where(cast.is_t[who], who, other), np.where(cast.is_t[who], other, who) - cast.ts
    band = np.minimum(away[row, t, ct] / BAND, BANDS - 1).astype(int)
    armour = np.where(copies.armour[row, other] > 0, 1 + cast.helmet[other], 0)
    stage = phase[row, who]
    quantile = (luck[row, who, 0] * QUANTILES).astype(int)
    covered = copies.covered[row, other].astype(int)
    moving = copies.moving[row, other].astype(int)
    damage = cast.damage[who, stage, covered, moving, band, armour, quantile].astype(np.float32)
    waits = _waits(cast)[who, stage]
    moment = waits + (STEP_S - np.minimum(waits, STEP_S)) * luck[row, who, 1]
    copies.shot_at[row, who] = now
    order = np.argsort(moment, kind="stable")
    valid = order[_in_time(copies, row[order], who[order], other[order], damage[order], moment[order])]
    row, who, other, damage = row[valid], who[valid], other[valid], damage[valid]
    np.add.at(copies.health, (row, other), -damage)
    np.maximum(copies.health, 0.0, out=copies.health)
    np.add.at(copies.armour, (row, other), -np.minimum(damage, 100.0) * 0.17)
    hit = damage > 0
    return row[hit], who[hit], other[hit]


def _waits(cast: Cast) -> np.ndarray:
    """Seconds into the step before each player's first shot, by phase."""
    return np.array([[reaction(aim, FRESH), reaction(aim, PREPARED), 0.0] for aim in cast.aim])


def _in_time(
    copies: Copies, row: np.ndarray, who: np.ndarray, other: np.ndarray, damage: np.ndarray, moment: np.ndarray
) -> np.ndarray:
    """Which shots (in order of their moments) come before their shooter's death."""
    count = copies.health.shape[1]
    flat = row * count + other
    total = np.bincount(flat, damage, copies.health.size).reshape(copies.health.shape)
    doomed = (total >= copies.health) & (copies.health > 0)
    alone = damage >= copies.health[row, other]
    last = np.full(copies.health.size, np.inf)
    last[flat] = moment  # the last assignment wins: the latest shot
    kills = flat[alone][::-1]
    last[kills] = moment[alone][::-1]  # here the earliest that kills by itself
    death = np.where(doomed.ravel(), last, np.inf)
    return np.asarray(moment < death[row * count + who])
