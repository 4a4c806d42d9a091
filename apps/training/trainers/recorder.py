"""Watches the reward signals of a GRPO run: figures per step, and sample completions beside their frame."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from apps.training.rewards.gate import gate
from apps.training.rewards.signals import RewardSignal, completion_text
from apps.training.trainers import groups
from apps.training.trainers.output import COMPLETIONS, append_line

MAX_CHARS = 8_000


class Recorder:
    """Wraps the signals of a preset for TRL and remembers what they said about the batch of the step."""

    def __init__(self, signals: Sequence[RewardSignal], size: int, output: Path, samples: int = 4) -> None:
        self.signals = list(signals)
        self.weights = {signal.name: signal.weight for signal in signals}
        self._size, self._output, self._samples = size, output, samples
        self._values: dict[str, list[float | None]] = {}
        self._texts: list[str] = []
        self._frames: list[int] = []

    def functions(self) -> list[Callable[..., list[float | None]]]:
        """One reward function per signal, named as it, for ``GRPOTrainer(reward_funcs=…)``."""
        return [self._watched(signal) for signal in self.signals]

    def _watched(self, signal: RewardSignal) -> Callable[..., list[float | None]]:
        def function(prompts: Any, completions: Any, screenshot_id: list[int], **columns: Any) -> list[float | None]:
            values = [_known(value) for value in signal(prompts, completions, **columns)]
            self._values[signal.name] = values
            self._texts = [completion_text(completion) for completion in completions]
            self._frames = list(screenshot_id)
            return values

        function.__name__ = signal.name
        return function

    def figures(self) -> dict[str, float | None]:
        """This step's figures, by flat names: ``reward``, ``gate_rate``, ``signal/<name>/mean`` …"""
        if len(self._values) < len(self.signals):
            return {}
        whole = groups.spread(groups.total(self._values, self.weights), self._size)
        figures: dict[str, float | None] = {
            "reward": whole["mean"],
            "reward_std": whole["std"],
            "reward_group_std": whole["group_std"],
            "zero_spread": whole["zero_spread"],
            "gate_rate": sum(map(gate, self._texts)) / len(self._texts),
        }
        shares = groups.gradient_shares(self._values, self.weights, self._size)
        for name, values in self._values.items():
            figures |= {f"signal/{name}/{what}": value for what, value in groups.spread(values, self._size).items()}
            figures[f"signal/{name}/share"] = shares[name]
        return figures

    def keep_samples(self, step: int) -> None:
        """Append the first answers of the batch, each with its frame and rewards, to ``completions.jsonl``."""
        totals = groups.total(self._values, self.weights)
        for number, text in enumerate(self._texts[: self._samples]):
            rewards = {name: values[number] for name, values in self._values.items()}
            line = {
                "step": step,
                "number": number,
                "screenshot_id": self._frames[number],
                "text": text[:MAX_CHARS],
                "rewards": {**rewards, "total": totals[number]},
            }
            append_line(self._output / COMPLETIONS, line)


def _known(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
