"""Six coarse action categories (D005): the fallback where a professional's behaviour is not known."""

from collections.abc import Iterable, Mapping
from typing import Any

from . import lexicon
from .behavior import Behavior
from .behavior_text import advised
from .clauses import clauses

CATEGORIES = ("aggressive", "hold", "rotate", "fall_back", "utility", "engage")
_MOVES = {1: "aggressive", 0: "hold", -1: "fall_back"}


def categories_of(behavior: Behavior) -> frozenset[str]:
    """The categories that follow from the five features (rotating cannot be told from them)."""
    found = {_MOVES[behavior.movement_direction]} if behavior.movement_direction is not None else set()
    if behavior.utility_used:
        found.add("utility")
    if behavior.initiated_engagement:
        found.add("engage")
    return frozenset(found)


def advised_categories(advice: Mapping[str, Any]) -> frozenset[str]:
    """The categories an answer's ``advice`` asks for."""
    text = str(advice.get("primary_action") or "")[:2000]
    rotates = any(lexicon.ROTATE.search(clause.affirmed) for clause in clauses(text) if not clause.contingent)
    return categories_of(advised(advice)) | ({"rotate"} if rotates else frozenset())


def known_categories(names: Any) -> frozenset[str] | None:
    """A stored list of category names; None when nothing is known."""
    if not isinstance(names, Iterable) or isinstance(names, str | Mapping):
        return None
    return frozenset(name for name in names if name in CATEGORIES) or None
