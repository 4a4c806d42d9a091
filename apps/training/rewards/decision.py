"""R_decision: how far the advice agrees with what the professional did next (rewards.md, D013)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .behavior import FEATURES, Behavior, behavior_of
from .behavior_text import advised
from .categories import advised_categories, known_categories

DELAY_TOLERANCE = 0.2


@dataclass(frozen=True)
class Decision:
    """Agreement in 0..1 with its parts: the five features, or "categories" where the behaviour is not known."""

    score: float
    matches: dict[str, float] = field(default_factory=dict)
    advised: Behavior = field(default_factory=Behavior)


def decide(advice: Mapping[str, Any], behavior: Any, categories: Any = None) -> Decision | None:
    """Compare ``advice`` of an answer with the professional's ``behavior`` (a mapping like ``advice.behavior``).

    The mean runs over the features known of the professional; one that the advice does not state is a mismatch.
    Without any, Jaccard over the coarse ``categories``. None when nothing is known of the professional.
    """
    played = behavior_of(behavior)
    said = advised(advice)
    if not played.is_empty:
        matches = {name: _match(name, said, played) for name in FEATURES if getattr(played, name) is not None}
        return Decision(sum(matches.values()) / len(matches), matches, said)
    known = known_categories(categories)
    if known is None:
        return None
    score = jaccard(advised_categories(advice), known)
    return Decision(score, {"categories": score}, said)


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """|a ∩ b| / |a ∪ b| in 0..1; two empty sets are equal: 1."""
    return len(a & b) / len(a | b) if a | b else 1.0


def _match(name: str, said: Behavior, played: Behavior) -> float:
    ours, theirs = getattr(said, name), getattr(played, name)
    if ours is None:
        return 0.0
    if name == "utility_used":
        return jaccard(ours, theirs)
    if name == "engagement_delay":
        return float(abs(ours - theirs) <= DELAY_TOLERANCE + 1e-9)
    return float(ours == theirs)
