"""Grenades in the copies: who throws what where, and what it does. They go off at once."""

import numpy as np

from apps.simulation.match.grenades import (
    FIRE_RADIUS,
    FIRE_TICKS,
    FLASH_FULL_S,
    FLASH_RANGE,
    HE_DAMAGE,
    HE_RADIUS,
    SMOKE_TICKS,
)
from apps.simulation.rollouts.copies import FIRES, SMOKES, Cast, Copies
from apps.simulation.rollouts.places import SPOTS
from apps.simulation.rollouts.state import UTILITY
from apps.simulation.truth.match import TICK_RATE

SMOKE, FLASH, FIRE, HE, DECOY = range(len(UTILITY))
BUSY_S = 0.75
FUSE_S = 2.0  # a flash goes off so long after somebody reaches for it
BURN = 39.0  # health a second, 8 every 13 ticks
FLASH_WORKS = 0.55  # of the flash's length one cannot fight
_T_ORDER, _CT_ORDER = (SMOKE, FLASH, FIRE, HE), (FLASH, SMOKE, FIRE, HE)


def throw_by_default(cast: Cast, copies: Copies, now: float, luck: np.ndarray, may: np.ndarray) -> None:
    """For the attack, the retake, or at somebody known nearby."""
    for side in (cast.t, cast.ct):
        if side.stop == side.start:
            continue
        chance, area = _wish(cast, copies, now, side, luck)
        able = may[:, side] & (copies.health[:, side] > 0) & (copies.target[:, side] < 0)
        able &= ~copies.working[:, side] & (copies.grenades[:, side, :DECOY].sum(axis=2) > 0)
        row, who = np.nonzero(able & (luck[:, side, 0] < chance))
        if len(row):
            thrower = side.start + who
            order = _T_ORDER if side.start == 0 else _CT_ORDER
            held = copies.grenades[row, thrower][:, order] > 0
            kind = np.array(order)[held.argmax(axis=1)]
            throw(cast, copies, now, row, thrower, kind, area[row, who], luck[row, thrower, 1])


def _wish(cast: Cast, copies: Copies, now: float, side: slice, luck: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How likely each throws within a second, and at which area."""
    places, site = cast.places, np.maximum(copies.site, 0)
    centre = np.where(copies.planted, copies.bomb, places.centre[site])[:, None]
    away = places.distance[copies.area[:, side], centre]
    wits = cast.wits[side][None, :]
    pick = (luck[:, side, 1] * 5.99).astype(int) % places.holds.shape[1]
    if side.start == 0:
        going = ((copies.stage == 2) & ~copies.planted)[:, None]
        chance = np.where(going & (away > 350.0) & (away < 1_700.0), 0.30 + 0.45 * wits, 0.02)
        targets = places.holds[site[:, None], pick]
    else:
        chance = np.where(copies.planted[:, None] & (away < 1_500.0), 0.30, 0.0)
        targets = places.after[site[:, None], pick % places.after.shape[1]]
    foes = slice(cast.ts, cast.count) if side.start == 0 else slice(0, cast.ts)
    area, known = _known_near(cast, copies, now, side, foes)
    often = 0.02 if side.start == 0 else 0.18 + 0.15 * wits
    other = known & (chance < 0.03)
    return np.where(other, often, chance), np.where(other, area, targets)


def _known_near(cast: Cast, copies: Copies, now: float, side: slice, foes: slice) -> tuple[np.ndarray, np.ndarray]:
    """The freshest known enemy's area, and whether it lies in a throw's reach."""
    fresh = np.where(copies.health[:, foes] > 0, copies.known_at[:, foes], -99.0)
    who = fresh.argmax(axis=1)
    rows = np.arange(len(who))
    area = copies.known_area[rows, foes.start + who]
    gap = cast.places.middle[copies.area[:, side], :2] - cast.places.middle[area, :2][:, None, :]
    away = np.sqrt((gap**2).sum(axis=2))
    near = (away > 350.0) & (away < 1_600.0) & (now - fresh[rows, who] < 3.0)[:, None]
    return np.broadcast_to(area[:, None], near.shape), near


def throw(
    cast: Cast,
    copies: Copies,
    now: float,
    row: np.ndarray,
    who: np.ndarray,
    kind: np.ndarray,
    area: np.ndarray,
    luck: np.ndarray,
) -> None:
    """Each ``row`` throws one grenade at an area."""
    copies.grenades[row, who, kind] -= 1
    copies.busy_until[row, who] = now + BUSY_S
    for one, effect in ((SMOKE, _smoke), (FLASH, _flash), (FIRE, _fire), (HE, _blast)):
        part = kind == one
        if part.any():
            effect(cast, copies, now, row[part], who[part], area[part], luck[part])


def _smoke(
    cast: Cast, copies: Copies, now: float, row: np.ndarray, who: np.ndarray, area: np.ndarray, luck: np.ndarray
) -> None:
    slot = (copies.smoke_until[row].argmin(axis=1) + who) % SMOKES  # several may be thrown at once
    copies.smoke[row, slot] = cast.places.middle[area] + np.array([0.0, 0.0, 50.0], np.float32)
    copies.smoke_until[row, slot] = now + SMOKE_TICKS / TICK_RATE


def _flash(
    cast: Cast, copies: Copies, now: float, row: np.ndarray, who: np.ndarray, area: np.ndarray, luck: np.ndarray
) -> None:
    """Enemies who see the spot are blind, the longer the nearer; who looks elsewhere less."""
    away = cast.places.sight[area[:, None] * SPOTS, copies.node[row]]
    foe = cast.is_t[None, :] != cast.is_t[who][:, None]
    facing = np.where((luck[:, None] * 7.0 + np.arange(cast.count)) % 1.0 < 0.6, 1.0, 0.4)
    seconds = FLASH_FULL_S * np.maximum(0.0, 1.0 - away / FLASH_RANGE) * facing * FLASH_WORKS
    hit = (away > 0) & foe
    fresh = hit & (copies.blind_until[row] <= now)
    copies.blind_from[row] = np.where(fresh, now + FUSE_S, copies.blind_from[row])
    np.maximum.at(copies.blind_until, row, np.where(hit, now + FUSE_S + seconds, -99.0))


def _fire(
    cast: Cast, copies: Copies, now: float, row: np.ndarray, who: np.ndarray, area: np.ndarray, luck: np.ndarray
) -> None:
    slot = (copies.fire_until[row].argmin(axis=1) + who) % FIRES
    copies.fire[row, slot] = cast.places.middle[area]
    copies.fire_until[row, slot] = now + FIRE_TICKS / TICK_RATE
    copies.fire_on_t[row, slot] = ~cast.is_t[who]


def _blast(
    cast: Cast, copies: Copies, now: float, row: np.ndarray, who: np.ndarray, area: np.ndarray, luck: np.ndarray
) -> None:
    centre = cast.places.middle[area][:, None, :]
    away2 = ((cast.places.node[copies.node[row]] - centre) ** 2).sum(axis=2)
    foe = cast.is_t[None, :] != cast.is_t[who][:, None]
    harm = HE_DAMAGE * np.exp(-away2 / (2.0 * (HE_RADIUS / 2.5) ** 2)) * np.where(copies.armour[row] > 0, 0.6, 1.0)
    harm = np.where(foe & (away2 < HE_RADIUS**2) & (copies.health[row] > 0), harm, 0.0)
    np.subtract.at(copies.health, row, harm)
    np.maximum(copies.health, 0.0, out=copies.health)


def burn(cast: Cast, copies: Copies, now: float, seconds: float) -> None:
    """Fires take health from the enemies who stand in them."""
    if not (copies.fire_until > now).any():
        return
    for slot in range(copies.fire.shape[1]):
        row = np.flatnonzero(copies.fire_until[:, slot] > now)
        spots = cast.places.node[copies.node[row]]
        centre = copies.fire[row, slot][:, None, :]
        inside = ((spots - centre)[:, :, :2] ** 2).sum(axis=2) < FIRE_RADIUS**2
        inside &= np.abs(spots[:, :, 2] - centre[:, :, 2]) < 90.0
        inside &= cast.is_t[None, :] == copies.fire_on_t[row, slot][:, None]
        copies.health[row] = np.maximum(copies.health[row] - np.where(inside, BURN * seconds, 0.0), 0.0)
