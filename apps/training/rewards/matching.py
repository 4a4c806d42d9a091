"""How one value of an answer is held against engine truth, exactly and with the reward's tolerance."""

import re
from collections import Counter
from typing import Any

from .utility import hud_name

COUNTS = frozenset({"alive_teammates", "alive_enemies", "score_ct", "score_t", "visible_enemies"})
_WEAPONS = frozenset({"weapon_primary", "weapon_secondary", "weapon_in_hand"})
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)", re.ASCII)


def exact(truth: Any, value: Any) -> bool:
    """Equal as JSON values; the order of a list does not matter, how often an item stands in it does."""
    if isinstance(truth, list):
        return isinstance(value, list) and Counter(map(_key, truth)) == Counter(map(_key, value))
    return bool(_key(truth) == _key(value))


def tolerant(field: str, truth: Any, value: Any) -> float:
    """``match`` of rewards.md in 0..1.

    Exact for categories and small counts, ±10% of the truth (at least ±1) for numbers and the clock in seconds, Jaccard
    over counted items for lists. Names are compared without case and without a skin ("AWP | Phobos").
    """
    if isinstance(truth, list):
        return jaccard(truth, value) if isinstance(value, list) else 0.0
    if field == "round_clock":
        return _close(_seconds(truth), _seconds(value))
    if _is_number(truth) and field not in COUNTS:
        return _close(truth, value)
    return float(_key(_name(field, truth)) == _key(_name(field, value)))


def jaccard(truth: list[Any], value: list[Any]) -> float:
    """Jaccard over multisets of grenades: two flashbangs are not one. Two empty lists score 1."""
    a, b = (Counter(hud_name(x) if isinstance(x, str) else _key(x) for x in items) for items in (truth, value))
    union = (a | b).total()
    return (a & b).total() / union if union else 1.0


def _close(truth: Any, value: Any) -> float:
    """Whole-number arithmetic, so that an absurdly long integer cannot overflow."""
    if not _is_number(truth) or not _is_number(value):
        return 0.0
    return float(10 * abs(value - truth) <= max(10, abs(truth)))


def _seconds(clock: Any) -> int | None:
    parts = _CLOCK.fullmatch(clock.strip()) if isinstance(clock, str) else None
    return int(parts[1]) * 60 + int(parts[2]) if parts else None


def _name(field: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return (value.split("|")[0] if field in _WEAPONS else value).strip().casefold()


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _key(value: Any) -> Any:
    """Hashable, and True is not 1: a yes where a number belongs is a wrong answer."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | None):
        return repr(value)
    return value
