"""Parts of a recording's tables as plain rows."""

from typing import Any

from apps.core import storage
from apps.demos.models import Demo
from apps.demos.parsing.reading import events
from apps.demos.selectors.recordings import artefact_prefix

OTHERS = ("player_rounds", "player_states", "rules")  # beside the tables of events
NAMES = (*events.TABLES, *OTHERS)


def stored(demo: Demo) -> list[str]:
    """The tables that this recording has."""
    return [name for name in NAMES if storage.artefacts().exists(_place(demo, name))]


def part(
    demo: Demo, name: str, *, start_tick: int | None, end_tick: int | None, columns: list[str], limit: int, offset: int
) -> tuple[list[dict[str, Any]], bool] | None:
    """Some rows of a table and whether more follow; None where it is not stored.

    Numbers that JSON does not have are None; only the rows asked for are read into memory.

    Raises:
        KeyError: the table has no such column; its argument says which ones it has.
    """
    import polars as pl

    place = _place(demo, name)
    if not storage.artefacts().exists(place):
        return None
    with storage.local_path(place) as path:
        lazy = pl.scan_parquet(path)
        known = lazy.collect_schema()
        if unknown := [column for column in columns if column not in known]:
            raise KeyError(f"“{unknown[0]}” is no column of {name}; it has {', '.join(known.names())}.")
        if "tick" in known:
            if start_tick is not None:
                lazy = lazy.filter(pl.col("tick") >= start_tick)
            if end_tick is not None:
                lazy = lazy.filter(pl.col("tick") <= end_tick)
        once = list(dict.fromkeys(columns))
        frame = (lazy.select(once) if once else lazy).slice(offset, limit + 1).collect()
    floats = pl.selectors.float() if hasattr(pl, "selectors") else pl.col(pl.Float32, pl.Float64)
    frame = frame.with_columns(pl.when(floats.is_finite()).then(floats))
    ids = [column for column, kind in frame.schema.items() if kind == pl.UInt64]
    frame = frame.with_columns(pl.col(ids).cast(pl.String))  # Steam IDs are beyond what JavaScript counts
    return frame.head(limit).to_dicts(), frame.height > limit


def _place(demo: Demo, name: str) -> str:
    return f"{artefact_prefix(demo.sha256)}/{name}.parquet"
