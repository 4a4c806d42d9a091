"""Decision moments of one player: the ticks at which a new course of action begins (D016).

Recordings drop ticks, so nothing here counts rows: windows and gaps are measured in ticks.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

TICKS_PER_SECOND = 64
STILL, WALK = 10.0, 140.0  # units/s: below stands, above the second runs (rifles walk at about 110 to 130)
SNAP_DEGREES, SNAP_TICKS = 30.0, TICKS_PER_SECOND // 2
LONGEST_GAP = 2 * TICKS_PER_SECOND  # what changed across a longer gap has no known moment

Kind = Literal["moves", "stops", "runs", "snaps", "takes_grenade", "takes_gun"]


@dataclass(frozen=True)
class Point:
    """One player at one tick. ``speed`` in units/s on the ground plane, ``yaw`` in degrees."""

    tick: int
    speed: float
    yaw: float
    holds_grenade: bool


@dataclass(frozen=True)
class Moment:
    tick: int
    kind: Kind


def moments(track: Iterable[Point]) -> list[Moment]:
    """All decision moments of a track in tick order. One turn of the view is one moment, however long it lasts."""
    found: list[Moment] = []
    window: deque[Point] = deque()
    turning = False
    for point in track:
        if window and point.tick - window[-1].tick > LONGEST_GAP:
            window.clear()
        if window:
            found.extend(Moment(point.tick, kind) for kind in _changes(window[-1], point))
        while window and point.tick - window[0].tick > SNAP_TICKS:
            window.popleft()
        snapped = any(turn(past.yaw, point.yaw) > SNAP_DEGREES for past in window)
        if snapped and not turning:
            found.append(Moment(point.tick, "snaps"))
        turning = snapped
        window.append(point)
    return found


def turn(a: float, b: float) -> float:
    """The smaller angle between two yaws, 0..180 degrees."""
    return abs((b - a + 180) % 360 - 180)


def _changes(before: Point, after: Point) -> list[Kind]:
    kinds: list[Kind] = []
    if before.speed < STILL <= after.speed:
        kinds.append("moves")
    if after.speed < STILL <= before.speed:
        kinds.append("stops")
    if STILL <= before.speed <= WALK < after.speed:
        kinds.append("runs")
    if before.holds_grenade != after.holds_grenade:
        kinds.append("takes_grenade" if after.holds_grenade else "takes_gun")
    return kinds
