"""The tables ``rounds`` and ``economy`` against awpy's rounds, its economy and its snapshots."""

from itertools import pairwise
from typing import Any

import polars as pl

from apps.simulation.demofile.comparing.differences import Difference, of_rows
from apps.simulation.demofile.comparing.recorded import SIDES, Recorded
from apps.simulation.truth.match import Team

_ROUNDS = {
    "start_tick": pl.Int32, "freeze_end_tick": pl.Int32, "tick": pl.Int32, "official_end_tick": pl.Int32,
    "winner": pl.Int32, "winner_side": pl.String, "reason": pl.Int32,
}  # fmt: skip


def of_rounds(recorded: Recorded, demo: Any) -> list[Difference]:
    """Rounds whose decision is in the recording, by the tick of that decision (``end_tick``).

    awpy forgets all rounds when fewer have been played than before (a restart, a restored backup), ends a round
    officially when the next freeze time begins, and takes the first state of a recording for the end of a round where
    one has been played before it.
    """
    expected = pl.DataFrame(expected_rounds(recorded), schema=_ROUNDS)
    found = demo.rounds.rename({"end_tick": "tick"})
    numbers = found["round_num"].to_list()
    out = of_rows("rounds", expected, found.select(expected.columns), ["tick"])
    if numbers != list(range(1, len(numbers) + 1)):
        out.append(Difference("rounds.round_num", None, "", list(range(1, len(numbers) + 1)), numbers))
    return out


def expected_rounds(recorded: Recorded) -> list[dict[str, object]]:
    rules = recorded.shown("rules").filter(~pl.col("warmup")).select("tick", "rounds_played").rows()
    falls = [now[0] for before, now in pairwise(rules) if now[1] < before[1]]
    begin = max(falls, default=-1)
    first = int(recorded.ticks[0])
    rows: list[dict[str, object]] = []
    if rules and rules[0][1] == 1 and begin < 0:
        rows.append({"tick": rules[0][0], "winner": 0, "winner_side": SIDES[Team.UNASSIGNED], "reason": 0})
    table = recorded.truth.tables["rounds"]
    starts = sorted(table["start_tick"].drop_nulls().to_list())
    for one in table.filter(pl.col("not_counted").is_in(["", "before_recording"])).iter_rows(named=True):
        end = recorded.tick(one["end_tick"])
        if end is None or one["end_tick"] < max(first, begin):
            continue
        winner = Team[one["winner_side"]] if one["winner_side"] else Team.UNASSIGNED
        rows.append({
            "tick": end, "winner": int(winner), "winner_side": SIDES[winner], "reason": one["reason_code"],
            **{
                name: recorded.tick(one[name]) if one[name] >= first else None
                for name in ("start_tick", "freeze_end_tick")
            },
            "official_end_tick": recorded.tick(min((tick for tick in starts if tick > one["end_tick"]), default=None)),
        })  # fmt: skip
    return rows


def of_economy(recorded: Recorded, demo: Any, players: pl.DataFrame) -> list[Difference]:
    """Each player's money and equipment at the two moments of every round, and awpy's sums by side."""
    moments = recorded.truth.tables["rounds"].filter(pl.col("number") > 0).select(
        "number", start="start_tick", freeze_end="freeze_end_tick"
    )  # fmt: skip
    table = recorded.truth.tables["economy"].join(moments, on="number", how="inner", maintain_order="left")
    states = players.with_columns(slot=pl.col("m_hController").cast(pl.Int16) - 1)
    out = []
    for moment, fields in (("start", _AT_START), ("freeze_end", _AT_FREEZE_END)):
        rows = table.with_columns(
            tick=pl.Series([recorded.tick(tick) for tick in table[moment].to_list()], dtype=pl.Int64),
            player=pl.Series([recorded.label(slot) for slot in table["slot"].to_list()], dtype=pl.String),
        ).drop_nulls("tick")
        rows = rows.select("tick", "slot", "player", *fields)
        found = states.select("tick", "slot", **{name: pl.col(field) for name, field in fields.items()})
        found = found.join(rows.select("tick", "slot", "player"), on=["tick", "slot"], how="inner")
        out += of_rows("economy", rows, found.select(rows.columns), ["tick", "slot", "player"])
    return out + _of_sides(recorded, demo, table)


_MONEY = "m_pInGameMoneyServices"
_AT_START = {"money_start": f"{_MONEY}.m_iAccount"}
_AT_FREEZE_END = {
    "money_freeze_end": f"{_MONEY}.m_iAccount",
    "cash_spent": f"{_MONEY}.m_iCashSpentThisRound",
    "equipment_value": "m_unCurrentEquipmentValue",
}


def _of_sides(recorded: Recorded, demo: Any, table: pl.DataFrame) -> list[Difference]:
    """By awpy's own numbers of rounds, which forget those before a restored backup.

    awpy adds spectators up as a side of their own.
    """
    number_of = {row["freeze_end_tick"]: row["round_num"] for row in demo.rounds.iter_rows(named=True)}
    rows = []
    for one in table.iter_rows(named=True):
        tick = recorded.tick(one["freeze_end"])
        if tick is None or tick not in number_of or not recorded.here(one["slot"], tick):
            continue
        rows.append((number_of[tick], recorded.side(one["slot"], tick), one["equipment_value"]))
    schema = {"round_num": pl.Int32, "side": pl.String, "equipment_value": pl.Int32}
    sums = (
        pl.DataFrame(rows, schema=schema, orient="row")
        .group_by("round_num", "side", maintain_order=True)
        .agg(pl.col("equipment_value").sum())
    )
    found = demo.round_economy.filter(
        pl.col("round_num").is_in(sums["round_num"].unique().implode()),
        pl.col("side").is_in([SIDES[Team.T], SIDES[Team.CT]]),
    )
    return of_rows("economy (sides)", sums, found.select(sums.columns), ["round_num", "side"])
