"""The gate: is this text exactly one usable answer?

Strict on purpose. The whole text must be one JSON object; the only wrapping allowed is one code fence (``` or ```json)
with nothing outside it. Prose around the object, a second object, NaN or infinite numbers, a key given twice, lone
surrogates, NUL characters, nesting deeper than an answer can be, or more than 64 Ki characters close the gate.
Sections must be objects, and the texts that ``answer.schema.json`` requires in them must say something: at least one
letter or digit. Empty advice once scored 0.87 of 1.

Wrong or missing *values* in ``game_state`` do not close the gate; they cost perception reward, field by field.
"""

import json
import math
import re
from typing import Any, NoReturn

from apps.captures.labelling.schema import SECTIONS, section_schema

MAX_CHARS = 64 * 1024  # an answer is about 2 Ki characters; more is a runaway generation
MAX_DEPTH = 8  # an answer nests four deep
_FENCE = re.compile(r"\A```(?:json)?[ \t]*\n(.*)\n?[ \t]*```\Z", re.DOTALL | re.IGNORECASE)


def read_answer(text: str) -> dict[str, Any] | None:
    """The answer held by ``text``, or None when the gate is closed. Never raises on any string."""
    answer, _ = inspect_answer(text)
    return answer


def gate(text: str) -> int:
    """1 when ``text`` is exactly one usable answer, else 0."""
    return int(read_answer(text) is not None)


def inspect_answer(text: str) -> tuple[dict[str, Any] | None, str]:
    """The answer, or None with one sentence that says why the gate is closed (empty when it is open)."""
    if len(text) > MAX_CHARS:
        return None, f"The answer is longer than {MAX_CHARS} characters."
    try:
        value = json.loads(
            _unfenced(text), object_pairs_hook=_unique, parse_constant=_not_a_number, parse_float=_finite
        )
    except RecursionError:
        return None, "The answer is nested too deeply."
    except ValueError as error:
        return None, f"The answer is not exactly one JSON object: {error}."
    reason = _problem(value)
    return (None, reason) if reason else (value, "")


def _unfenced(text: str) -> str:
    stripped = text.strip()
    fence = _FENCE.match(stripped)
    return fence.group(1) if fence else stripped


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key is given twice")
    return result


def _not_a_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(literal: str) -> float:
    value = float(literal)
    if not math.isfinite(value):
        raise ValueError("a number is too large")
    return value


def _problem(value: Any) -> str:
    if not isinstance(value, dict):
        return "The answer is not a JSON object."
    unclean = _unclean(value)
    if unclean:
        return unclean
    for section in SECTIONS:
        if not isinstance(value.get(section), dict):
            return f"The section {section} is missing or not an object."
        for name in section_schema(section).get("required", ()):
            text = value[section].get(name)
            if not isinstance(text, str) or not any(map(str.isalnum, text)):
                return f"{section}.{name} is missing or says nothing."
    return ""


def _unclean(value: Any) -> str:
    """Why some part of a parsed value cannot be stored or shown; walks without recursion."""
    stack: list[tuple[Any, int]] = [(value, 1)]
    while stack:
        item, depth = stack.pop()
        if depth > MAX_DEPTH:
            return "The answer is nested too deeply."
        if isinstance(item, str) and any(c == "\0" or "\ud800" <= c <= "\udfff" for c in item):
            return "The answer holds characters that are not text."
        children = [*item.keys(), *item.values()] if isinstance(item, dict) else item
        if isinstance(children, list):
            stack.extend((child, depth + 1) for child in children)
    return ""
