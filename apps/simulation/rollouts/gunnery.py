"""What half a second of shooting does: the match's own scatter, hit groups, range and armour, worked out beforehand.

Per weapon and skill the distribution of one shot's damage follows from ``match.fights`` (a two-dimensional normal
around the point aimed at, cut into its rectangles of a body); that of several shots is its convolution with itself.
Kept are quantiles, so that one uniform number per shooter and step draws the damage: equal numbers give like luck.
"""

import math
from functools import lru_cache

import numpy as np

from apps.simulation.match.armoury import MULTIPLIERS, WEAPONS, Hitgroup, Kind, Weapon

STEP_S = 0.5
BAND = 200.0  # units per entry of the tables
BANDS = 13
QUANTILES = 64
SKILLS = 8
FRESH, PREPARED, ONGOING = range(3)  # just met, met where the crosshair waited, the fight goes on
_BINS = 256
_cdf = np.vectorize(lambda value: 0.5 * (1.0 + math.erf(value / math.sqrt(2.0))))
# low, high, half width (units above the feet and beside the middle), group; as in match.fights.hit_group
_RECTANGLES = (
    (57.5, 68.0, 0.0, 4.6, Hitgroup.HEAD),
    (39.0, 57.5, 0.0, 8.5, Hitgroup.CHEST),
    (39.0, 57.5, 8.5, 13.0, Hitgroup.LEFT_ARM),
    (28.0, 39.0, 0.0, 8.5, Hitgroup.STOMACH),
    (0.0, 28.0, 0.0, 9.0, Hitgroup.LEFT_LEG),
)
# In the match cover makes 1.6 times harder to hit and hides what is below 36. Here whoever is in the area of the spot
# counts as covered, there only who has reached it and stands: fitted so that attackers trade as well as in the match.
COVER, _COVERED_BELOW = 1.15, 20.0


def reaction(aim: float, phase: int) -> float:
    """Seconds from sight to the first shot: ``match.fights._reaction`` on average, and the turn that comes first."""
    seconds = 0.35 - 0.16 * aim
    return seconds * 0.45 if phase == PREPARED else seconds + 0.12


@lru_cache(maxsize=512)
def table(item: str, skill: int) -> np.ndarray:
    """Damage by (phase, target covered, target moving, band, armour 0 none 1 vest 2 helmet too, quantile), int16."""
    weapon = WEAPONS[item]
    shape = (3, 2, 2, BANDS, 3, QUANTILES)
    if not weapon.is_gun:
        return np.zeros(shape, np.int16)
    aim = (skill + 0.5) / SKILLS
    away = np.maximum(60.0, (np.arange(BANDS) + 0.5) * BAND)
    out = np.zeros(shape, np.int16)
    for phase in range(3):
        shots = np.stack([_shots(weapon, aim, phase, float(one)) for one in away])
        for covered in range(2):
            for moving in range(2):
                sigma = _sigma(weapon, aim, away, phase, bool(covered), bool(moving))
                out[phase, covered, moving] = _quantiles(_pmf(weapon, aim, away, sigma, bool(covered)), shots)
    return out


def level(aim: np.ndarray) -> np.ndarray:
    """The row of skill for aims in 0 … 1."""
    return np.clip((np.asarray(aim) * SKILLS).astype(int), 0, SKILLS - 1)


def _shots(weapon: Weapon, aim: float, phase: int, away: float) -> float:
    """How many shots (pellets) a step holds: the first at the end of the reaction."""
    if weapon.automatic:
        length = 3 + int(4_000.0 / (away + 200.0))
        period = weapon.cycle_s + (0.22 / length if away > 500.0 else 0.0)
    else:
        period = weapon.cycle_s + 0.086 + away / 400.0 / 64.0
    if phase == ONGOING:
        return weapon.pellets * STEP_S / period * 0.93  # now and then somebody reloads
    left = STEP_S - reaction(aim, phase)
    return weapon.pellets * (0.0 if left <= 0 else 1.0 + left / period - 0.5 * min(1.0, left / period))


def _sigma(weapon: Weapon, aim: float, away: np.ndarray, phase: int, covered: bool, moving: bool) -> np.ndarray:
    """Degrees, as ``match.fights.scatter`` with its averages over a step."""
    hand = 0.35 + 1.25 * (1.0 - aim) ** 1.3
    hand *= 1.22 if phase != ONGOING else 1.02
    hand += 0.055 * (1.0 if phase != ONGOING else 4.5) * (1.3 - aim) * (1.0 if weapon.automatic else 0.5)
    speed = 215.0 if moving else 30.0
    sigma = hand + np.minimum(0.9, speed / 250.0 * 380.0 / (away + 250.0))
    sigma = sigma * (COVER if covered else 1.0) * (0.62 if weapon.kind is Kind.SNIPER else 1.0)
    return np.asarray(np.hypot(sigma, weapon.spread + 0.08))


def _pmf(weapon: Weapon, aim: float, away: np.ndarray, sigma: np.ndarray, covered: bool) -> np.ndarray:
    """Probability of each whole number of damage by one shot: (bands, armour, bins)."""
    spread = sigma * np.pi / 180.0 * away
    out = np.zeros((BANDS, 3, _BINS))
    aimed = 0.0 if weapon.kind in (Kind.SNIPER, Kind.SHOTGUN) else 0.2 + 0.4 * aim
    rows = np.arange(BANDS)
    for low, high, near, far, group in _RECTANGLES:
        low = max(low, _COVERED_BELOW) if covered else low
        if low >= high:
            continue
        tall = sum(
            share * (_cdf((high - height) / spread) - _cdf((low - height) / spread))
            for share, height in ((aimed, 60.0), (1.0 - aimed, 45.0))
        )
        chance = tall * 2.0 * (_cdf(far / spread) - _cdf(near / spread))
        damage = weapon.damage * weapon.range_modifier ** (away / 500.0) * MULTIPLIERS[group]
        for armour in range(3):
            stopped = armour == 2 or (armour == 1 and group != Hitgroup.HEAD)
            lost = damage * (min(1.0, weapon.armour_ratio * 0.5) if stopped and group != Hitgroup.LEFT_LEG else 1.0)
            out[rows, armour, np.minimum(lost, 120.0).astype(int)] += chance
    out[:, :, 0] += 1.0 - out.sum(axis=2)
    return out


def _quantiles(pmf: np.ndarray, shots: np.ndarray) -> np.ndarray:
    """Quantiles of the sum of ``shots`` (a mean of whole numbers) draws: (bands, armour, QUANTILES)."""
    size = _BINS * 8
    spectrum = np.fft.rfft(pmf, size, axis=2)
    few = np.minimum(np.floor(shots), 16.0)[:, None, None]
    more = np.minimum(shots, 16.0)[:, None, None] - few
    total = np.fft.irfft(spectrum**few * (1.0 - more + more * spectrum), size, axis=2)
    cumulated = np.cumsum(total, axis=2)
    wanted = (np.arange(QUANTILES) + 0.5) / QUANTILES
    return np.asarray(np.minimum((cumulated[..., None, :] < wanted[:, None]).sum(axis=3), 300).astype(np.int16))
