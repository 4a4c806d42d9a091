"""Is the camera where that player's eyes were? ``getpos`` tells the eye; the recording tells the feet."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import dist

from apps.captures.game.answers import View
from apps.captures.game.problems import Unverified

EYE_HEIGHT = 64.06  # units above the origin, standing
CROUCHED_EYE_HEIGHT = 46.04
MOST_UNITS = 64.0
MOST_DEGREES = 5.0
TIE_UNITS = 1.0


@dataclass(frozen=True)
class Stand:
    """Where a living player stood: origin in units, angles in degrees; ``crouched`` None where unknown."""

    x: float
    y: float
    z: float
    pitch: float
    yaw: float
    crouched: bool | None = None


@dataclass(frozen=True)
class Match:
    """How far the view was off: units and degrees (the larger of pitch and yaw)."""

    units: float
    degrees: float

    @property
    def is_close(self) -> bool:
        return self.units <= MOST_UNITS and self.degrees <= MOST_DEGREES


def angle_between(one: float, other: float) -> float:
    """Degrees between two angles, 0..180."""
    return abs((one - other + 180.0) % 360.0 - 180.0)


def match(view: View, stand: Stand) -> Match:
    """How well a view fits a player; a crouch half-way counts as whichever height is nearer."""
    heights = {None: (EYE_HEIGHT, CROUCHED_EYE_HEIGHT), True: (CROUCHED_EYE_HEIGHT,), False: (EYE_HEIGHT,)}
    units = min(
        dist((view.x, view.y, view.z), (stand.x, stand.y, stand.z + height)) for height in heights[stand.crouched]
    )
    return Match(units, max(angle_between(view.pitch, stand.pitch), angle_between(view.yaw, stand.yaw)))


def verify(view: View | None, slot: int, living: Mapping[int, Stand]) -> Match:
    """Vouch for the view being that of the player in ``slot``, given everybody alive at the same tick.

    Raises:
        Unverified: it is not, or cannot be told; the message says how.
    """
    if view is None:
        raise Unverified("The game did not say where its camera is.")
    if slot not in living:
        raise Unverified("The player was not alive in the frame the game showed.")
    fits = {other: match(view, stand) for other, stand in living.items()}
    mine = fits[slot]
    if not mine.is_close:
        seen = min((other for other, fit in fits.items() if fit.is_close), key=lambda s: fits[s].units, default=None)
        if seen is not None:
            raise Unverified(f"The game showed another player (slot {seen}) instead.")
        raise Unverified(
            f"The camera was {mine.units:.0f} units and {mine.degrees:.1f}° away from the player's eyes "
            f"({MOST_UNITS:.0f} units and {MOST_DEGREES:.0f}° are allowed)."
        )
    nearer = [s for s, fit in fits.items() if s != slot and fit.is_close and fit.units + TIE_UNITS < mine.units]
    if nearer and all(fits[s].degrees <= mine.degrees for s in nearer):
        raise Unverified(f"The camera fits another player (slot {nearer[0]}) better.")
    return mine
