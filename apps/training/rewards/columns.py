"""What the rewards need to know of a sample, as dataset columns and back.

Dataset columns hold one type each, so everything nested travels as JSON text; None means "not known".
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.captures.labelling.sample import Sample

from .outcome import known_fraction

NAMES = ("label", "observability", "behavior", "categories", "contribution", "round_won")


@dataclass(frozen=True)
class Truth:
    """Engine truth about one sample, as the rewards use it."""

    label: dict[str, Any] = field(default_factory=dict)
    observability: dict[str, str] = field(default_factory=dict)
    behavior: dict[str, Any] | None = None
    categories: list[str] | None = None
    contribution: float | None = None  # φ
    round_won: bool | None = None


def columns_of(sample: Sample, categories: list[str] | None = None) -> dict[str, str | float | bool | None]:
    """``sample`` as the columns ``NAMES``: plain JSON-able values of one type per column."""
    return {
        "label": _text(sample.label),
        "observability": _text(sample.observability),
        "behavior": _text(sample.behavior),
        "categories": _text(categories),
        "contribution": known_fraction(sample.contribution),
        "round_won": sample.round_won,
    }


def truth_of(columns: Mapping[str, Any]) -> Truth:
    """Read columns back; nested ones may be JSON text or already read. A column that is absent is not known.

    Raises ValueError when a column holds something else: then the data set is damaged, and training on it would be
    silent nonsense.
    """
    behavior, categories = (_read(columns, name, kind) for name, kind in (("behavior", dict), ("categories", list)))
    return Truth(
        _read(columns, "label", dict) or {},
        _read(columns, "observability", dict) or {},
        behavior,
        categories,
        known_fraction(columns.get("contribution")),
        _won(columns.get("round_won")),
    )


def _text(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _read(columns: Mapping[str, Any], name: str, kind: type) -> Any:
    value = columns.get(name)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise ValueError(f"The column {name} is not JSON: {error}. Build the data set again.") from error
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if not isinstance(value, kind):
        raise ValueError(f"The column {name} holds a {type(value).__name__}, not a {kind.__name__}.")
    return value


def _won(value: Any) -> bool | None:
    return bool(value) if isinstance(value, bool) or (isinstance(value, int) and value in (0, 1)) else None
