"""Recordings that miss ticks, as GOTV's do.

What happened on a missing tick is told on the next one that is there: its events keep their order, the tables' ticks
move along, and of several states of one thing that fall together the last stands. Where somebody was on the missing
ticks is lost. What began and ended between two kept ticks (a weapon that changed into another, say) never shows.
"""

from dataclasses import replace

import numpy as np
import polars as pl

from apps.simulation.forging.copies import LIVES, STATES, select_rows, with_events, with_tables
from apps.simulation.forging.stretch import resample
from apps.simulation.truth.match import MatchTruth

LONGEST_BURST = 32  # ticks: half a second, less than anything the rules do twice


def drop_at_random(truth: MatchTruth, rng: np.random.Generator, share: float = 0.05) -> MatchTruth:
    """Each tick is missing with probability ``share``."""
    return thin(truth, rng.random(len(truth.tracks.ticks)) >= share)


def drop_in_bursts(truth: MatchTruth, rng: np.random.Generator, every_s: float = 10.0) -> MatchTruth:
    """A gap of 4 to 32 ticks about every ``every_s`` seconds."""
    count = len(truth.tracks.ticks)
    keep = np.ones(count, np.bool_)
    starts = np.flatnonzero(rng.random(count) < 1.0 / (64.0 * every_s))
    previous = -LONGEST_BURST
    for start, length in zip(starts, rng.integers(4, LONGEST_BURST + 1, len(starts)), strict=True):
        if start >= previous + LONGEST_BURST:  # bursts do not join into longer ones
            keep[start : start + length] = False
            previous = int(start + length)
    return thin(truth, keep)


def thin(truth: MatchTruth, keep: np.ndarray) -> MatchTruth:
    """Only the kept rows; the first and the last are kept always."""
    keep = keep.copy()
    keep[[0, -1]] = True
    kept = truth.tracks.ticks[keep]
    tables = {name: _moved(table, kept) for name, table in truth.tables.items() if name != "flight"}
    for name in LIVES:
        tables[name] = tables[name].filter(pl.col("from_tick") < pl.col("to_tick"))
    ids = tables["weapons"]["id"].implode()
    for name in STATES:
        alive = tables[name].filter(pl.col("id").is_in(ids))
        tables[name] = alive.unique(["tick", "id"], keep="last", maintain_order=True)
    tables["rules"] = tables["rules"].unique(["tick"], keep="last", maintain_order=True)
    tables["flight"] = resample(truth.tables["flight"], tables["projectiles"])
    moved = with_events(
        replace(truth, tracks=select_rows(truth, keep)),
        (replace(event, tick=int(_next(np.array([event.tick]), kept)[0])) for event in truth.events),
    )
    return with_tables(moved, tables)


def _next(ticks: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """The first kept tick not before each; what lies behind the last one stays."""
    index = np.searchsorted(kept, ticks)
    return np.where(index < len(kept), kept[np.minimum(index, len(kept) - 1)], ticks)


def _moved(table: pl.DataFrame, kept: np.ndarray) -> pl.DataFrame:
    """Every column of ticks on kept ones; nulls stay null."""
    changes = []
    for name in table.columns:
        if name == "tick" or name.endswith("_tick"):
            known = table[name].is_not_null()
            moved = _next(table[name].fill_null(0).to_numpy(), kept)
            changes.append(pl.Series(name, moved, pl.Int32).zip_with(known, pl.Series([None], dtype=pl.Int32)))
    return table.with_columns(changes)
