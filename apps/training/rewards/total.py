"""The whole reward of one answer with every part and why: evaluation and the reward lab read this."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .columns import Truth, truth_of
from .decision import Decision
from .gate import inspect_answer
from .parts import PARTS, Reading
from .perception import Perception, perceive
from .presets import Preset

# An answer that says nothing: what a closed gate is held against to learn which parts the sample has at all.
_SILENT: Mapping[str, Any] = {"game_state": {}, "analysis": {}, "advice": {}}


@dataclass(frozen=True)
class Score:
    """One part: ``value`` is gated and in 0..1, or None when the sample cannot tell; ``earned`` is weight · value."""

    name: str
    weight: float
    value: float | None
    why: str

    @property
    def earned(self) -> float:
        return self.weight * (self.value or 0.0)


@dataclass(frozen=True)
class Breakdown:
    """Everything about one answer on one sample."""

    gate: int
    gate_reason: str  # why it is closed; empty when open
    parts: tuple[Score, ...]
    perception: Perception  # per field; all missed when the gate is closed
    decision: Decision | None

    @property
    def total(self) -> float:
        """gate · Σ weight · part, in 0..1. Parts the sample cannot tell add nothing."""
        return sum(part.earned for part in self.parts)


def total(answer_text: str, sample_columns: Mapping[str, Any], preset: Preset) -> Breakdown:
    """Score one answer. ``sample_columns`` as of ``columns_of``. Raises ValueError on damaged columns."""
    truth = truth_of(sample_columns)
    answer, reason = inspect_answer(answer_text)
    if answer is None:
        silent = Reading(_SILENT, truth, preset)
        closed = tuple(
            Score(name, weight, None if part_value(silent, name) is None else 0.0, reason)
            for name, weight in preset.weights.items()
        )
        return Breakdown(0, reason, closed, perceive({}, truth.label, truth.observability), None)
    reading = Reading(answer, truth, preset)
    scores = tuple(_score(reading, name, weight) for name, weight in preset.weights.items())
    return Breakdown(1, "", scores, reading.perception, reading.decision)


def part_value(reading: Reading, name: str) -> float | None:
    """One part of one open answer, in 0..1, or None when the sample cannot tell."""
    return PARTS[name].value(reading)


def signal_value(answer_text: str, truth: Truth, preset: Preset, name: str) -> float | None:
    """One gated part: 0 when the gate is closed, None when the sample cannot tell (whatever the answer)."""
    answer, _ = inspect_answer(answer_text)
    if answer is None:
        return None if part_value(Reading(_SILENT, truth, preset), name) is None else 0.0
    return part_value(Reading(answer, truth, preset), name)


def _score(reading: Reading, name: str, weight: float) -> Score:
    value = part_value(reading, name)
    return Score(name, weight, value, PARTS[name].unknown if value is None else _why(reading, name))


def _why(reading: Reading, name: str) -> str:
    if name in {"perception", "hard", "soft"}:
        wrong = [field.field for field in reading.perception.fields if field.tolerant < 1]
        return f"Wrong or missing: {', '.join(wrong)}." if wrong else "Every visible field is right."
    if name == "decision" and reading.decision:
        return ", ".join(f"{feature} {match:.2f}" for feature, match in reading.decision.matches.items())
    if name == "outcome":
        won = "won" if reading.truth.round_won else "lost"
        phi = "" if reading.preset.outcome == "d004" else f", contribution {reading.truth.contribution:.2f}"
        return f"Round {won}{phi}, agreement {reading.agreement:.2f}."
    return ""
