"""The one prompt of training, evaluation and coach.

It spells the answer schema out: a prompt that does not say the shape trains nothing, because every answer then fails
the gate. The notation is generated from ``answer.schema.json``, so schema and prompt cannot drift apart.
"""

import json
import re
from functools import cache
from typing import Any

from apps.captures.labelling.schema import SECTIONS, section_schema

_ROLE = (
    "You are a Counter-Strike 2 coach. You get the view of one player, the current frame last, and sometimes what "
    "happened earlier in the round. Read the frame, judge the situation, and say what this player should do in the "
    "next 10 to 15 seconds."
)
_RULES = (
    "Answer with exactly one JSON object of this shape, no text around it and no code fence. Values after a colon are "
    "types or the allowed values; ? marks what may be left out. Use null for what the frame does not show; never "
    "guess it from the round so far."
)
_BEHAVIOR = (
    "Always give advice.behavior, the same advice as numbers: movement_direction -1 away from the enemy, 0 hold, 1 "
    "towards; objective_direction -1 away from bomb or site, 0 neither, 1 towards; utility_used what should be thrown; "
    "initiated_engagement whether to open the fight; engagement_delay 0 fight at once to 1 no fight."
)
_CURRENT_STATE = re.compile(r"^\W*current state\b", re.IGNORECASE)
_SECTION = re.compile(r"^\W*[A-Z]{3,}.*:\s*$")
_HEADER = re.compile(r"^(\W*round \d+)\b.*", re.IGNORECASE)
_STATE_LINE = re.compile(
    r"^\W*(?:alive|bomb|pov|player|teammates?(?: alive| dead)?|enemies(?: alive)?|loadout|health|armou?r|money|weapons?"
    r"|utility|score|map|phase|side|clock|place|(?:round )?time(?: left| elapsed)?)\s*[:=|]",
    re.IGNORECASE,
)


@cache
def system_prompt() -> str:
    """Role, rules and the whole answer schema in a compact notation."""
    shape = "{" + ", ".join(f'"{name}": {_notation(section_schema(name))}' for name in SECTIONS) + "}"
    return "\n\n".join((_ROLE, _RULES, shape, _BEHAVIOR))


def user_prompt(context: str = "") -> str:
    """The text that goes beside the frame(s): the round so far when there is any, then the question."""
    ask = "Describe the current frame and advise the player, as the one JSON object."
    context = context.strip()
    return f"Round so far:\n{context}\n\n{ask}" if context else ask


def strip_current_state(context: str) -> str:
    """``context`` without the lines that state what the frame should be read for.

    Drops the "CURRENT STATE" section, any line that names a value of the moment (alive, bomb, loadout, score, clock,
    map) and everything but the round's number in the header. What happened earlier (economy at round start, events)
    stays.
    Without this a regular expression on the prompt scored 0.82 on perception.
    """
    kept: list[str] = []
    inside = False
    for line in context.splitlines():
        if _CURRENT_STATE.match(line):
            inside = True
        elif inside and _SECTION.match(line):
            inside = False
        if inside or _STATE_LINE.match(line):
            continue
        kept.append(_HEADER.sub(r"\1", line))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _notation(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return "|".join(json.dumps(value) for value in schema["enum"])
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return "|".join(_one_type(kind, schema) for kind in types)


def _one_type(kind: str, schema: dict[str, Any]) -> str:
    if kind == "object":
        required = schema.get("required", schema["properties"])  # game_state names none: all are wanted
        fields = (
            f'"{name}"{"" if name in required else "?"}: {_notation(field)}'
            for name, field in schema["properties"].items()
        )
        return "{" + ", ".join(fields) + "}"
    if kind == "array":
        return f"[{_notation(schema['items'])}, ...]"
    if kind in {"integer", "number"} and "minimum" in schema:
        return f"{kind} {schema['minimum']}..{schema.get('maximum', '')}"
    example = f" like {json.dumps(schema['examples'][0])}" if kind == "string" and schema.get("examples") else ""
    return kind + example
