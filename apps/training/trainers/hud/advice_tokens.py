"""The fixed pieces of an answer, for a tokenizer: with them one is about 130 tokens long, without about 255.

Quotes and brackets belong to the pieces between values, so that no token opens a string here and closes one there: a
model of this size otherwise forgets which, and every eighth of its answers was no JSON.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from apps.captures.labelling.schema import answer_schema, section_schema
from apps.training.trainers.hud import advice_phrases
from apps.training.trainers.tiny_tokenizer import WEAPONS

_SLOT = re.compile(r"\{\w+\}")
_LEAST = 4  # characters; shorter pieces are common words anyway
_PIECES = (
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
    return tuple(dict.fromkeys([*pieces, *_PIECES]))


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        yield from _texts(list(node.values()))
    else:
        for value in node:
            yield from _texts(value)


def joints() -> tuple[str, ...]:
    """Every piece between two values, with the value where it is one of few: ``, "player_side": "CT"``."""
    return tuple(dict.fromkeys(_between(answer_schema(), "{")))


def _between(node: dict[str, Any], begin: str) -> Iterator[str]:
    """The pieces of an object, whose own first one begins with ``begin``; lower objects come with their names."""
    for before, (name, value) in zip(_befores(node, begin), node["properties"].items(), strict=True):
        for end in before:
            if "properties" in value:
                yield from _between(value, f'{end}"{name}": {{')
            else:
                yield from (f'{end}"{name}": {opening}' for opening in _openings(name, value))
        yield from (f', "{item}"' for item in value.get("items", {}).get("enum", ()))


def _befores(node: dict[str, Any], begin: str) -> Iterator[tuple[str, ...]]:
    """What may stand before each name of an object: ends of the value before it, which need not be the last named."""
    yield (begin,)
    for end in list(_ends_so_far(node))[:-1]:
        yield tuple(f"{one}, " for one in end)


def _ends_so_far(node: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """After each name of an object, how the last value so far may end."""
    ends: tuple[str, ...] = ()
    for name, value in node["properties"].items():
        own = tuple(_ends(value))
        required = name in node.get("required", node["properties"])
        ends = own if required else tuple(dict.fromkeys((*ends, *own)))
        yield ends


def _openings(name: str, node: dict[str, Any]) -> Iterator[str]:
    """How a value begins, whole if it is one of few."""
    kinds = node.get("type", ())
    yield ""
    if "items" in node:
        yield from (f'["{item}"' for item in node["items"]["enum"]) if "enum" in node["items"] else ('["',)
    elif "enum" in node:
        yield from (json.dumps(value) for value in node["enum"])
    elif "string" in kinds:
        yield '"'
        weapons = (*WEAPONS, *GRENADES) if name == "weapon_in_hand" else WEAPONS
        yield from (f'"{weapon}"' for weapon in weapons if name.startswith("weapon_"))
    elif kinds == "boolean" or "boolean" in kinds:
        yield from ("true", "false")
    if "null" in kinds:
        yield "null"


def _ends(node: dict[str, Any]) -> Iterator[str]:
    """What of a value is left to write before the comma after it."""
    kinds = node.get("type", ())
    if "properties" in node:
        *_, last = _ends_so_far(node)
        yield from (end + "}" for end in last)
    elif "items" in node:
        yield from ("]", "") if "enum" in node["items"] else ('"]',)
    else:
        yield ""
        if "string" in kinds:
            yield '"'


GRENADES = tuple(section_schema("game_state")["properties"]["utility"]["items"]["enum"])
PHRASES = phrases()
JOINTS = joints()
