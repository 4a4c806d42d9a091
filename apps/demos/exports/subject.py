"""What is exported: the facts of one recording, and its tables one at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

EVENTS = ("kills", "damages", "shots", "bomb", "blinds", "item_events", "smokes", "fires", "grenades")
TICKS = ("player_states", "rules")  # large, one row per moment


@dataclass(frozen=True)
class Subject:
    """The lists hold rows of plain values; ``table`` gives a stored table, None where there is none."""

    stem: str  # the recording's name without path and ending, safe as a file name
    demo: dict[str, Any]
    teams: list[dict[str, Any]]
    players: list[dict[str, Any]]  # with "statistics"
    rounds: list[dict[str, Any]]
    decisions: list[dict[str, Any]]
    table: Callable[[str], pl.DataFrame | None]

    @property
    def tick_rate(self) -> float:
        return float(self.demo["tick_rate"] or 64.0)
