"""What is wrong with a record, in a sentence; and getters that ask a record for what it must hold.

Records come from elsewhere: nothing in them is believed before it has been looked at.
"""

import json
import math
from pathlib import Path
from typing import Any, NoReturn

MAX_BYTES = 256 * 2**20
MAX_TICK = 500_000  # over two hours
MAX_COORDINATE = 16_384.0  # Source's world
Row = dict[str, Any]


class BadRecord(Exception):
    """The record cannot be replayed; the message is a sentence for whoever gave it."""


def bad(sentence: str) -> NoReturn:
    raise BadRecord(sentence)


def read_json(path: Path) -> Row:
    """The JSON object in a file.

    Raises:
        BadRecord: no such file, too large, no JSON, or something else than an object.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            bad(f"{path.name} has over {MAX_BYTES // 2**20} MB, more than any record of a match.")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError:
        bad(f"{path.name} cannot be read.")
    except UnicodeDecodeError:
        bad(f"{path.name} is no text, so no JSON.")
    try:
        value = json.loads(text, parse_constant=lambda word: bad(f"{path.name} holds {word}, which is no number."))
    except (ValueError, RecursionError):
        bad(f"{path.name} is not JSON.")
    if not isinstance(value, dict):
        bad(f"{path.name} holds no JSON object.")
    return value


def rows(record: Row, name: str, required: bool = True) -> list[Row]:
    """A list of objects; an absent one that is not required is empty."""
    value = record.get(name)
    if value is None and not required:
        return []
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        bad(f"The record has no list of {name!r}.")
    if len(value) > 1_000_000:
        bad(f"The record has {len(value):,} {name!r}, more than any match.")
    return value


def text(row: Row, name: str, default: str | None = None) -> str:
    """A string of at most 255 characters."""
    value = row.get(name, default)
    if not isinstance(value, str):
        bad(f"{name!r} is {_shown(value)}, not a text.")
    # A lone surrogate is no character: no file and no database would take it.
    return value.encode("utf-8", "replace").decode()[:255]


def number(row: Row, name: str, low: float, high: float, default: float | None = None) -> float:
    """A finite number within the bounds."""
    value = row.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not (low <= value <= high):
        bad(f"{name!r} is {_shown(value)}, not a number between {low:g} and {high:g}.")
    if not math.isfinite(value):
        bad(f"{name!r} is {_shown(value)}, no number.")
    return float(value)


def whole(row: Row, name: str, low: int, high: int, default: int | None = None) -> int:
    """A whole number within the bounds."""
    value = row.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        bad(f"{name!r} is {_shown(value)}, not a whole number between {low} and {high}.")
    return value


def tick(row: Row, name: str = "tick") -> int:
    return whole(row, name, 0, MAX_TICK)


def spot(row: Row, names: tuple[str, str, str] = ("x", "y", "z")) -> tuple[float, float, float]:
    x, y, z = (number(row, name, -MAX_COORDINATE, MAX_COORDINATE) for name in names)
    return x, y, z


def flag(row: Row, name: str) -> bool:
    value = row.get(name, False)
    if not isinstance(value, bool):
        bad(f"{name!r} is {_shown(value)}, neither true nor false.")
    return value


def one_of(row: Row, name: str, allowed: tuple[Any, ...], default: Any = None) -> Any:
    value = row.get(name, default)
    if isinstance(value, bool) or not isinstance(value, str | int) or value not in allowed:
        bad(f"{name!r} is {_shown(value)}, none of {', '.join(map(str, allowed))}.")
    return value


def _shown(value: Any) -> str:
    """A value as a sentence can bear it."""
    if isinstance(value, int) and abs(value) > 10**15:
        return "a huge number"
    shown = repr(value)
    return shown if len(shown) <= 40 else shown[:37] + "…"
