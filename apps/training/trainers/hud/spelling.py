"""Readings that are always whole: at each step the likeliest token that keeps the text a beginning of one."""

from typing import Any

import regex  # type: ignore[import-untyped]
import torch
from transformers import LogitsProcessor

from apps.captures.hud.readings import FIELDS

_NUMBER, _WORDS = r"0|[1-9]\d{0,4}", r'"[^"\\\x00-\x1f]{1,60}"'
_VALUES = {
    "clock": r'"\d{1,2}:\d\d"',
    "place": _WORDS,
    "weapon": _WORDS,
    "helmet": "true|false",
    "hud_color": '"(blue|yellow|white)"',
    "phase": '"(live|round_over|buy_menu|dead_or_spectating|other)"',
}
READING = regex.compile(r"\{" + ", ".join(rf'"{name}": (null|{_VALUES.get(name, _NUMBER)})' for name in FIELDS) + r"\}")


class Spelled(LogitsProcessor):  # type: ignore[misc,unused-ignore]
    """Greedy writing of one :data:`READING` a row; ``prompt`` is how many tokens came before it."""

    def __init__(self, tokenizer: Any, prompt: int) -> None:
        self.prompt, self.end = prompt, tokenizer.eos_token_id
        special = set(tokenizer.all_special_ids)
        self.spelt = [None if token in special else tokenizer.decode([token]) for token in range(len(tokenizer))]

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        chosen = torch.full_like(scores, -torch.inf)
        for row, tokens in enumerate(input_ids[:, self.prompt :].tolist()):
            chosen[row, self._best("".join(self.spelt[token] or "" for token in tokens), scores[row])] = 0.0
        return chosen

    def _best(self, written: str, scores: torch.Tensor) -> int:
        if READING.fullmatch(written):
            return int(self.end)
        for token in scores.argsort(descending=True).tolist():
            text = self.spelt[token] if token < len(self.spelt) else None
            if text and "�" not in text and READING.fullmatch(written + text, partial=True):
                return int(token)
        raise AssertionError("single bytes are tokens, so there is always one that fits")
