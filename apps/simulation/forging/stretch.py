"""Recordings that begin late or end early."""

from dataclasses import replace

import numpy as np
import polars as pl

from apps.simulation.forging.copies import LIVES, STATES, select_rows, tidy, with_tables
from apps.simulation.truth.match import MatchTruth
from apps.simulation.truth.tables import empty


def start_after(truth: MatchTruth, rounds: int, live_s: float = 5.0) -> MatchTruth:
    """The recording begins ``live_s`` seconds into the play of the round after the first ``rounds`` counted ones.

    Raises:
        ValueError: the match has no such round, or nothing lies after it.
    """
    table = truth.tables["rounds"]
    later = table.filter((pl.col("number") == rounds + 1) | (pl.col("not_counted") == "cut"))
    later = later.filter(pl.col("freeze_end_tick").is_not_null())
    if later.is_empty():
        raise ValueError(f"The match has no round after round {rounds} in which the recording could begin.")
    first = int(later["freeze_end_tick"][0]) + int(live_s * 64)
    return start_at(truth, min(first, int(truth.tracks.ticks[-1])))


def start_at(truth: MatchTruth, first: int) -> MatchTruth:
    """Everything from tick ``first`` on; what was so before is so at the first tick.

    Rounds that began earlier stay in the table as ``before_recording`` without a number, and leave the economy. Events
    before the first tick are lost, as they are in a real recording: a smoke that burns already has no detonation.
    """
    rows = truth.tracks.ticks >= first
    if not rows.any():
        raise ValueError(f"The recording ends before tick {first}.")
    first = int(truth.tracks.ticks[rows][0])
    tables = dict(truth.tables)
    for name in LIVES:
        alive = tables[name].filter(pl.col("to_tick") > first)
        tables[name] = alive.with_columns(pl.col("from_tick").clip(lower_bound=first))
    ids = tables["weapons"]["id"]
    for name in STATES:
        tables[name] = _in_force(tables[name].filter(pl.col("id").is_in(ids.implode())), first, ["id"])
    tables["rules"] = _in_force(tables["rules"], first, [])
    tables["flight"] = resample(tables["flight"], tables["projectiles"])
    tables["plants"] = (
        tables["plants"].filter(pl.col("to_tick") >= first).with_columns(pl.col("from_tick").clip(lower_bound=first))
    )
    early = pl.col("start_tick") < first
    gone = tables["rounds"].filter(early & (pl.col("number") > 0))["number"]
    tables["rounds"] = _discount(tables["rounds"], early & (pl.col("number") > 0), "before_recording")
    tables["economy"] = tables["economy"].filter(~pl.col("number").is_in(gone.implode()))
    events = [event for event in truth.events if event.tick >= first]
    return with_tables(replace(truth, tracks=select_rows(truth, rows), events=events), tables)


def end_at(truth: MatchTruth, last: int) -> MatchTruth:
    """Everything up to and with tick ``last``; a round that is not decided by then counts no more (``cut``)."""
    rows = truth.tracks.ticks <= last
    if not rows.any():
        raise ValueError(f"The recording begins after tick {last}.")
    last = int(truth.tracks.ticks[rows][-1])
    tables = dict(truth.tables)
    for name in LIVES:
        begun = tables[name].filter(pl.col("from_tick") <= last)
        tables[name] = begun.with_columns(pl.col("to_tick").clip(upper_bound=last + 1))
    for name in (*STATES, "rules"):
        tables[name] = tables[name].filter(pl.col("tick") <= last)
    tables["flight"] = resample(tables["flight"], tables["projectiles"])
    late = pl.col("to_tick") > last
    tables["plants"] = tables["plants"].filter(pl.col("from_tick") <= last).with_columns(
        pl.when(late).then(-1).otherwise(pl.col("defuser")).alias("defuser"),
        pl.when(late).then(pl.lit("round_over")).otherwise(pl.col("outcome")).alias("outcome"),
        pl.col("to_tick").clip(upper_bound=last + 1),
    )  # fmt: skip
    tables["rounds"], gone = _cut_rounds(tables["rounds"].filter(pl.col("start_tick") <= last), last)
    known = tables["rounds"].filter(pl.col("number") > 0)["number"]
    tables["economy"] = tables["economy"].filter(
        pl.col("number").is_in(known.implode()) & ~pl.col("number").is_in(gone.implode())
    )
    events = [event for event in truth.events if event.tick <= last]
    return with_tables(replace(truth, tracks=select_rows(truth, rows), events=events), tables)


def end_in(truth: MatchTruth, number: int, live_s: float = 20.0) -> MatchTruth:
    """The recording ends ``live_s`` seconds into the play of that round.

    Raises:
        ValueError: no round has that number.
    """
    row = truth.tables["rounds"].filter(pl.col("number") == number)
    if row.is_empty() or row["freeze_end_tick"][0] is None:
        raise ValueError(f"The match has no round {number}.")
    last = int(row["freeze_end_tick"][0]) + int(live_s * 64)
    decided = row["end_tick"][0]
    return end_at(truth, last if decided is None else min(last, int(decided) - 1))


def _in_force(table: pl.DataFrame, first: int, keys: list[str]) -> pl.DataFrame:
    """Rows from ``first`` on, and the last one before it (per key) moved there where nothing changes on that tick."""
    before = table.filter(pl.col("tick") <= first)
    last = before.unique(keys, keep="last", maintain_order=True) if keys else before.tail(1)
    moved = last.with_columns(pl.lit(first, pl.Int32).alias("tick"))
    return pl.concat([moved, table.filter(pl.col("tick") > first)])


def _discount(rounds: pl.DataFrame, which: pl.Expr, why: str) -> pl.DataFrame:
    return rounds.with_columns(
        pl.when(which).then(0).otherwise(pl.col("number")).alias("number"),
        pl.when(which).then(pl.lit(why)).otherwise(pl.col("not_counted")).alias("not_counted"),
    )


def _cut_rounds(rounds: pl.DataFrame, last: int) -> tuple[pl.DataFrame, pl.Series]:
    cut = (pl.col("end_tick") > last).fill_null(False)
    counted = cut & (pl.col("number") > 0)
    gone = rounds.filter(counted)["number"]
    rounds = _discount(rounds, counted, "cut").with_columns(
        pl.when(cut).then(pl.lit("")).otherwise(pl.col("winner_side")).alias("winner_side"),
        pl.when(cut).then(-1).otherwise(pl.col("winner_roster")).alias("winner_roster"),
        pl.when(cut).then(pl.lit("")).otherwise(pl.col("reason")).alias("reason"),
        pl.when(cut).then(0).otherwise(pl.col("reason_code")).alias("reason_code"),
    )
    return rounds.with_columns(
        pl.when(pl.col(name) > last).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("freeze_end_tick", "end_tick", "official_end_tick")
    ), gone


def resample(flight: pl.DataFrame, projectiles: pl.DataFrame) -> pl.DataFrame:
    """Every projectile's way between its first and its last tick, both of which get a point."""
    by_id = {int(key[0]): rows for key, rows in flight.sort("tick").group_by(["id"], maintain_order=True)}
    parts = [empty("flight")]
    for id_, first, last in projectiles.select("id", "from_tick", "to_tick").iter_rows():
        way = by_id.get(id_)
        if way is None:
            continue
        ticks = way["tick"].to_numpy()
        wanted = np.unique(np.concatenate([[first], ticks[(ticks > first) & (ticks < last)], [last]]))
        spots = {axis: np.interp(wanted, ticks, way[axis].to_numpy()) for axis in "xyz"}
        parts.append(tidy("flight", pl.DataFrame({"tick": wanted, "id": np.full(len(wanted), id_), **spots})))
    return pl.concat(parts)
