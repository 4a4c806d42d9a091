"""The fixed pieces of advice, for a tokenizer: with them an answer is about 185 tokens long, without about 255."""

import re
from collections.abc import Iterator
from typing import Any

from apps.training.trainers.hud import advice_phrases

_SLOT = re.compile(r"\{\w+\}")
_LEAST = 4  # characters; shorter pieces are common words anyway
_JOINTS = (
    " against ",
    " s left",
    " from ",
    "where you are",
    " enemies",
    "against nobody",
    "Flashbang",
    "Smoke Grenade",
)


def phrases() -> tuple[str, ...]:
    """Every piece between the slots of ``advice_phrases``, in the order of that file."""
    tables = [value for name, value in vars(advice_phrases).items() if name.isupper()]
    pieces = [piece for text in _texts(tables) for piece in _SLOT.split(text) if len(piece.strip()) >= _LEAST]
    return tuple(dict.fromkeys([*pieces, *_JOINTS]))


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        yield from _texts(list(node.values()))
    else:
        for value in node:
            yield from _texts(value)


PHRASES = phrases()
