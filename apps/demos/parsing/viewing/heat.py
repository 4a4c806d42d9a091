"""Where things happened: positions, kills, deaths and thrown utility of one recording, counted in cells of the map."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from apps.demos.parsing.viewing.pack_events import FLASHES

CELL = 64  # game units on a side
SIDE = 256  # cells; the middle of the grid is the world's origin
FIRST = -SIDE // 2
KINDS = {
    "positions": ("player_states",),
    "kills": ("kills",),
    "deaths": ("kills",),
    "utility": ("smokes", "fires", "grenades"),
}
POSITIONS_PER_SECOND = 4
COLUMNS = {"player_states": ["tick", "slot", "side", "x", "y", "z", "health"]}

Counts = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True)
class Window:
    """What of a recording is counted."""

    kind: str  # of KINDS
    side: str = ""  # "CT", "T" or both
    from_s: float = 0.0  # since the end of freeze time
    to_s: float | None = None
    slots: frozenset[int] | None = None  # whose; None: everybody's


@dataclass(frozen=True)
class Span:
    """A round that counts: its ticks, inclusive, and when play began in it; whose slots are asked for in it."""

    start: int
    play: int
    end: int


def count(
    tables: dict[str, pl.DataFrame | None],
    spans: Sequence[Span],
    window: Window,
    *,
    lower_z: float | None,
    tick_rate: float,
) -> Counts:
    """How often something happened in each cell: [2 (upper level, lower level), SIDE, SIDE], rows from the south.

    ``positions`` are samples of the living, ``POSITIONS_PER_SECOND``; ``kills`` lie where the killer stood, ``deaths``
    where the victim did, ``utility`` where smokes and fires opened and flashes and grenades went off.
    """
    found = [_rows(name, table, window.kind, tick_rate) for name, table in tables.items() if table is not None]
    places = (
        pl.concat([rows for rows in found if rows is not None]) if any(rows is not None for rows in found) else None
    )
    counts = np.zeros((2, SIDE, SIDE), np.int64)
    if places is None:
        return counts
    places = _inside(places, spans, window, tick_rate)
    column = np.floor(places["x"].to_numpy() / CELL).astype(np.int64) - FIRST
    row = np.floor(places["y"].to_numpy() / CELL).astype(np.int64) - FIRST
    level = (places["z"].to_numpy() < lower_z).astype(np.int64) if lower_z is not None else np.zeros_like(row)
    is_near = (column >= 0) & (column < SIDE) & (row >= 0) & (row < SIDE)
    np.add.at(counts, (level[is_near], row[is_near], column[is_near]), 1)
    return counts


def _rows(name: str, table: pl.DataFrame, kind: str, tick_rate: float) -> pl.DataFrame | None:
    """Columns tick, slot, side, x, y, z of what happened."""
    match name:
        case "player_states":
            step = max(1, round(tick_rate / POSITIONS_PER_SECOND))
            rows = table.filter(pl.col("tick") % step == 0, pl.col("health") > 0)
            return _named(rows, "")
        case "kills":
            return _named(table, "attacker_" if kind == "kills" else "victim_")
        case "grenades":
            ends = (
                table.filter(pl.col("type").is_in(FLASHES)).sort("tick").group_by("entity_id", "entity_serial").last()
            )
            return _named(ends, "thrower_", places="")
        case _:  # smokes, fires
            return _named(table.rename({"start_tick": "tick"}), "thrower_", places="")


def _named(table: pl.DataFrame, people: str, places: str | None = None) -> pl.DataFrame | None:
    where = people if places is None else places
    wanted = {f"{people}slot": pl.Int64, f"{people}side": pl.String, **{f"{where}{axis}": pl.Float64 for axis in "xyz"}}
    if not {"tick", *wanted} <= set(table.columns):
        return None
    names = ("slot", "side", "x", "y", "z")
    return table.select(
        pl.col("tick").cast(pl.Int64),
        *(pl.col(column).cast(kind).alias(name) for (column, kind), name in zip(wanted.items(), names, strict=True)),
    ).drop_nulls(["x", "y", "z"])


def _inside(places: pl.DataFrame, spans: Sequence[Span], window: Window, tick_rate: float) -> pl.DataFrame:
    rounds = pl.DataFrame(
        [(span.start, span.play, span.end) for span in spans],
        schema={"start": pl.Int64, "play": pl.Int64, "end": pl.Int64},
        orient="row",
    ).sort("start")
    seconds = (pl.col("tick") - pl.col("play")) / tick_rate
    found = (
        places.sort("tick")
        .join_asof(rounds, left_on="tick", right_on="start", strategy="backward")
        .filter(pl.col("tick") <= pl.col("end"), seconds >= window.from_s)
    )
    if window.to_s is not None:
        found = found.filter(seconds <= window.to_s)
    if window.side:
        found = found.filter(pl.col("side") == window.side)
    if window.slots is not None:
        found = found.filter(pl.col("slot").is_in(sorted(window.slots)))
    return found
