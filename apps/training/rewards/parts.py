"""Every reward part by name: what one open answer earns on one sample, in 0..1, or None when truth is not known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from . import hard_soft
from .behavior import behavior_of
from .behavior_text import advised
from .categories import advised_categories, categories_of, known_categories
from .columns import Truth
from .consistency import consistency
from .decision import Decision, decide, jaccard
from .outcome import outcome
from .perception import Perception, perceive
from .presets import Preset
from .quality import quality


class Reading:
    """One answer held against one sample; each comparison is made once, however many parts use it."""

    def __init__(self, answer: Mapping[str, Any], truth: Truth, preset: Preset) -> None:
        self.answer, self.truth, self.preset = answer, truth, preset

    @cached_property
    def perception(self) -> Perception:
        return perceive(self.answer["game_state"], self.truth.label, self.truth.observability)

    @cached_property
    def decision(self) -> Decision | None:
        return decide(self.answer["advice"], self.truth.behavior, self.truth.categories)

    @cached_property
    def alignment(self) -> float | None:
        """Coarse agreement (D005): categories as stored, else those that follow from the behaviour."""
        advice = self.answer["advice"]
        known = known_categories(self.truth.categories)
        if known is not None:
            return jaccard(advised_categories(advice), known)
        behavior = behavior_of(self.truth.behavior)
        return None if behavior.is_empty else jaccard(categories_of(advised(advice)), categories_of(behavior))

    @property
    def agreement(self) -> float | None:
        """a of the outcome term."""
        if self.preset.coarse:
            return self.alignment
        return self.decision.score if self.decision else None

    @property
    def outcome(self) -> float | None:
        return outcome(self.preset.outcome, self.truth.round_won, self.truth.contribution, self.agreement)


@dataclass(frozen=True)
class Part:
    """``value`` reads the part off an open answer; ``unknown`` is the sentence for a None."""

    value: Callable[[Reading], float | None]
    unknown: str = ""


_NO_LABEL = "No such field is labelled."
_NO_PLAY = "What the player did next is not known."
PARTS: Mapping[str, Part] = {
    "format": Part(lambda reading: 1.0),
    "perception": Part(lambda reading: reading.perception.reward, _NO_LABEL),
    "hard": Part(lambda reading: hard_soft.hard(reading.perception), _NO_LABEL),
    "soft": Part(lambda reading: hard_soft.soft(reading.perception), _NO_LABEL),
    "decision": Part(lambda reading: reading.decision.score if reading.decision else None, _NO_PLAY),
    "alignment": Part(lambda reading: reading.alignment, _NO_PLAY),
    "outcome": Part(
        lambda reading: reading.outcome,
        "The round's end, the player's contribution or what the player did next is not known.",
    ),
    "consistency": Part(lambda reading: consistency(reading.answer)),
    "quality": Part(lambda reading: quality(reading.answer)),
}
