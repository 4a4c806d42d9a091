"""The five features of a decision (D013), as one typed value for the professional's play and for the advice."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from .utility import token


@dataclass(frozen=True)
class Behavior:
    """What a player does over the next 10–15 s (640–960 ticks). None: not known, or not said."""

    movement_direction: int | None = None  # -1 away from the enemy, 0 holds, 1 towards
    objective_direction: int | None = None  # -1 away from bomb or site, 0 neither, 1 towards
    utility_used: frozenset[str] | None = None  # tokens of rewards.utility; empty means "throws nothing"
    initiated_engagement: bool | None = None  # fires first
    engagement_delay: float | None = None  # 0 fights at once … 1 does not fight

    @property
    def is_empty(self) -> bool:
        return all(getattr(self, name) is None for name in FEATURES)


FEATURES = tuple(field.name for field in fields(Behavior))


def behavior_of(data: Mapping[str, Any] | None) -> Behavior:
    """Read ``advice.behavior`` or a stored behaviour. A value outside its domain counts as absent."""
    data = data if isinstance(data, Mapping) else {}
    return Behavior(
        _direction(data.get("movement_direction")),
        _direction(data.get("objective_direction")),
        _utility(data.get("utility_used")),
        _yes_no(data.get("initiated_engagement")),
        _fraction(data.get("engagement_delay")),
    )


def _direction(value: Any) -> int | None:
    return int(value) if _is_number(value) and value in (-1, 0, 1) else None


def _utility(value: Any) -> frozenset[str] | None:
    if not isinstance(value, list | tuple | set | frozenset) or not all(isinstance(item, str) for item in value):
        return None
    return frozenset(map(token, value))


def _yes_no(value: Any) -> bool | None:
    return bool(value) if isinstance(value, bool) or (_is_number(value) and value in (0, 1)) else None


def _fraction(value: Any) -> float | None:
    return float(value) if _is_number(value) and 0 <= value <= 1 else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)
