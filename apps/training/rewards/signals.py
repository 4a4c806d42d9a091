"""A preset as TRL reward functions.

TRL only sums weighted rewards, which cannot express a gate: so every signal is 0 when the gate is closed, and the
logged parts add up to the total. Pass the signals as ``reward_funcs`` and ``[s.weight for s in signals]`` as
``reward_weights``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .columns import NAMES, truth_of
from .presets import Preset
from .total import signal_value


@dataclass(frozen=True)
class RewardSignal:
    """One part of a preset, callable as TRL calls reward functions. ``weight`` is not applied by the call."""

    name: str
    weight: float
    preset: Preset

    @property
    def __name__(self) -> str:  # TRL names its metrics by this
        return self.name

    def __call__(self, prompts: Sequence[Any], completions: Sequence[Any], **columns: Any) -> list[float | None]:
        """One gated value in 0..1 per completion, or None where the sample cannot tell. Never NaN.

        Raises ValueError when a column is not as long as the completions, or damaged.
        """
        rows = _rows(columns, len(completions))
        return [
            signal_value(completion_text(completion), truth_of(row), self.preset, self.name)
            for completion, row in zip(completions, rows, strict=True)
        ]


def signals(preset: Preset) -> list[RewardSignal]:
    """The preset's parts with a weight, in its order."""
    return [RewardSignal(name, weight, preset) for name, weight in preset.weights.items() if weight]


def completion_text(completion: Any) -> str:
    """The text of a completion: a string, or messages whose content is text or a list of text blocks."""
    if isinstance(completion, str):
        return completion
    if isinstance(completion, dict):
        content = completion.get("content", completion.get("text"))
        return completion_text(content) if content is not None else ""
    return "".join(map(completion_text, completion)) if isinstance(completion, list | tuple) else ""


def _rows(columns: dict[str, Any], length: int) -> list[dict[str, Any]]:
    known = {name: columns[name] for name in NAMES if name in columns}
    for name, values in known.items():
        if len(values) != length:
            raise ValueError(f"The column {name} has {len(values)} rows for {length} completions.")
    return [{name: values[index] for name, values in known.items()} for index in range(length)]
