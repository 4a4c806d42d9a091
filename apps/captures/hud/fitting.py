"""From marks that were seen to where the HUD stands: those that agree with each other, and the size that fits them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apps.captures.hud.groups import Anchor
from apps.captures.hud.placing import Placement, Point

Seen = tuple[float, Point, Point]  # how sure, where in the HUD, where in the picture


@dataclass(frozen=True)
class Error:
    """How far off, as a rule, marks are (pixels of the HUD) and the size is (share of it)."""

    mark: float
    size: float


def fit(unit: Point, found: Mapping[Anchor, Sequence[Seen]], error: Error, least: int = 0) -> Placement | None:
    """Where the HUD stands by the marks ``found`` and a guess of its ``unit``; None if fewer than ``least`` agree."""
    agreeing = {anchor: _agreed(seen, unit, error) for anchor, seen in found.items()}
    if sum(map(len, agreeing.values())) < least:
        return None
    unit = _fitted(unit[0], agreeing, 0, error), _fitted(unit[1], agreeing, 1, error)
    origins = {anchor: (_origin(seen, unit[0], 0), _origin(seen, unit[1], 1)) for anchor, seen in agreeing.items()}
    return Placement(unit, origins)


def _agreed(seen: Sequence[Seen], unit: Point, error: Error) -> list[Seen]:
    """The surest company of marks of one anchor that stand to each other as they should: one alone may be a mistake."""

    def beside(one: Seen, other: Seen) -> bool:
        return all(
            abs(other[2][axis] - one[2][axis] - away * unit[axis])
            <= (5 * error.mark + 2 * error.size * abs(away)) * unit[axis]
            for axis in (0, 1)
            for away in (other[1][axis] - one[1][axis],)
        )

    companies = ([other for other in seen if beside(one, other)] for one in seen)
    return max(companies, key=lambda company: sum(sure for sure, _, _ in company))


def _fitted(guess: float, found: Mapping[Anchor, Sequence[Seen]], axis: int, error: Error) -> float:
    """The HUD's unit along ``axis``: a ``guess``, moved by the distances between marks of one anchor.

    Least squares over marks and a guess that are off by ``error``.
    """
    above, below = 0.0, (error.mark / error.size) ** 2
    for seen in found.values():
        middle = _mean(seen, axis)
        for sure, at, point in seen:
            away = at[axis] - middle[0]
            above += sure * away * (point[axis] - middle[1] - away * guess)
            below += sure * away**2
    return guess + above / below


def _origin(seen: Sequence[Seen], unit: float, axis: int) -> float:
    at, point = _mean(seen, axis)
    return point - at * unit


def _mean(seen: Sequence[Seen], axis: int) -> tuple[float, float]:
    """The middle of some marks along ``axis``: in the HUD, in the picture."""
    total = sum(sure for sure, _, _ in seen)
    return sum(sure * at[axis] for sure, at, _ in seen) / total, sum(sure * to[axis] for sure, _, to in seen) / total
