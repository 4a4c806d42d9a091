"""Reads an answer that is still being written: incomplete JSON → the fields known so far."""

import re
from typing import Any

from pydantic_core import from_json

from apps.captures.labelling.schema import SECTIONS

MAX_CHARS = 32 * 1024  # what is read for the cards; an answer is about 2 Ki characters
MAX_DEPTH = 8  # an answer nests four deep
MAX_NUMBER = 1e15
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_OPENING = re.compile(r"\{\s*(?:[\"}]|\Z)")  # the first brace that may open an object, after prose or a code fence
_WHOLE_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_OPEN_NUMBER = re.compile(r"[0-9.eE+-]\Z")
_POSITION = re.compile(r"line (\d+) column (\d+)")


def partial_answer(text: str) -> dict[str, dict[str, Any]]:
    """The sections of the answer that ``text`` begins, as far as they are known; ``{}`` when nothing is.

    A string counts as known while it grows, a number only once something follows it ("1" may become "100"). Whatever
    comes before the object is skipped and whatever stops being JSON ends the reading there, so a field once complete
    stays. Never raises.
    """
    opening = _OPENING.search(text)
    if opening is None:
        return {}
    value = _read(_without_open_number(text[opening.start() :][:MAX_CHARS]))
    if not isinstance(value, dict):
        return {}
    return {section: clean(value[section]) for section in SECTIONS if isinstance(value.get(section), dict)}


def clean(value: Any, depth: int = MAX_DEPTH) -> Any:
    """``value`` without what a database or a page cannot hold.

    NUL and lone surrogates become U+FFFD; infinite and absurd numbers, and what lies deeper than ``depth``, None.
    """
    if isinstance(value, str):
        return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, dict | list) and depth == 0:
        return None
    if isinstance(value, dict):
        return {clean(key): clean(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item, depth - 1) for item in value]
    if isinstance(value, float | int) and not abs(value) < MAX_NUMBER:
        return None
    return value


def _read(text: str) -> Any:
    try:
        return _from_json(text)
    except ValueError as error:
        shorter = _before(text, str(error))
    if shorter is None:
        return None
    try:
        return _from_json(shorter)
    except ValueError:
        return None


def _from_json(text: str) -> Any:
    # "replace": a lone surrogate could not even be encoded for the parser.
    return from_json(text.encode("utf-8", "replace"), allow_partial="trailing-strings", allow_inf_nan=False)


def _before(text: str, message: str) -> str | None:
    """``text`` up to the place where the parser says it stops being JSON."""
    place = _POSITION.search(message)
    if place is None:
        return None
    line, column = int(place[1]), int(place[2])
    raw = text.encode("utf-8", "replace")
    start = 0
    for _ in range(line - 1):
        start = raw.index(b"\n", start) + 1
    cut = start + column - 1
    return raw[:cut].decode("utf-8", "ignore") if 0 < cut < len(raw) else None


def _without_open_number(text: str) -> str:
    """``text`` with a number that may still grow made unreadable, so that the parser leaves it out."""
    if not _OPEN_NUMBER.search(text) or '"' in _WHOLE_STRING.sub("", text):
        return text
    return text.rstrip("0123456789.eE+-") if not text.endswith(("true", "false")) else text
