"""The rules of a long recording, put together from its rounds and bomb events: one row per change."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from apps.simulation.reading_happenings import bomb_of

_SCHEMA: dict[str, Any] = {
    "tick": pl.Int32,
    "phase": pl.String,
    "clock_end": pl.Int32,  # the tick at which the clock shows 0:00; null without a clock
    "score_ct": pl.Int16,
    "score_t": pl.Int16,
    "round_number": pl.Int16,
    "winner": pl.String,
}
TICKS_A_SECOND = 64


def rules_from_rounds(demo: Any, players: pl.DataFrame, map_name: str) -> pl.DataFrame:
    """Phases, clock and scores; without a row where the rounds cannot be read."""
    try:
        rounds: pl.DataFrame = demo.rounds
        convars: Mapping[str, str] = demo.convars
    except Exception:  # awpy's own errors share no base class
        return pl.DataFrame(schema=_SCHEMA)
    bomb = bomb_of(demo)
    rows: list[dict[str, object]] = []
    score = {"A": 0, "B": 0}
    counted = 0
    home = _side_of_team(players)
    length = round(_round_seconds(map_name, convars) * TICKS_A_SECOND)
    for found in rounds.sort("start_tick", nulls_last=True).iter_rows(named=True):
        start, live, end = found["start_tick"], found["freeze_end_tick"], found["end_tick"]
        if live is None or found["is_knife_round"]:
            continue
        counted += 1
        a_is_ct = home(live)
        now = {"CT": score["A" if a_is_ct else "B"], "T": score["B" if a_is_ct else "A"]}
        common = {"round_number": counted, "score_ct": now["CT"], "score_t": now["T"]}
        if start is not None and start < live:
            rows.append({"tick": start, "phase": "freeze", "clock_end": live, **common})
        rows.append({"tick": live, "phase": "live", "clock_end": live + length, **common})
        last = end if end is not None else 2**31 - 1
        rows += [
            {"tick": row["tick"], "phase": "planted", **common}
            for row in bomb.iter_rows(named=True)
            if row["state"] == "planted" and live <= row["tick"] < last
        ]
        if end is None:
            continue
        winner = {"counter-terrorist": "CT", "terrorist": "T"}.get(str(found["winner_side"]))
        if winner is not None:
            score["A" if (winner == "CT") == a_is_ct else "B"] += 1
            now[winner] += 1
        common = {"round_number": counted, "score_ct": now["CT"], "score_t": now["T"]}
        rows.append({"tick": end, "phase": "over", "winner": winner, **common})
    return pl.DataFrame(rows, schema=_SCHEMA).sort("tick", maintain_order=True)


def _round_seconds(map_name: str, convars: Mapping[str, str]) -> float:
    for name in ("mp_roundtime_hostage" if map_name.startswith("cs_") else "mp_roundtime_defuse", "mp_roundtime"):
        try:
            minutes = float(convars.get(name, ""))
        except ValueError:
            continue
        if minutes > 0:
            return round(minutes * 60)  # m_iRoundTime is whole seconds
    return 115.0


def _side_of_team(players: pl.DataFrame) -> Any:
    """A function from a tick to whether the team that began as counter-terrorists plays that side now.

    A team is whoever shared a side when the players were first seen together; most of them decide.
    """
    sides = players.select("tick", "slot", pl.col("side").cast(pl.String))
    changes = (
        sides.with_columns(new=(pl.col("side") != pl.col("side").shift(1).over("slot")).fill_null(True))
        .filter("new")
        .sort("tick", maintain_order=True)
    )
    first = dict(changes.unique("slot", keep="first", maintain_order=True).select("slot", "side").iter_rows())
    log = list(changes.select("tick", "slot", "side").iter_rows())

    def team_a_is_ct(tick: int) -> bool:
        now: dict[int, str] = {}
        for when, slot, side in log:
            if when > tick:
                break
            now[slot] = side
        agreeing = sum(1 if side == first[slot] else -1 for slot, side in now.items())
        return agreeing >= 0

    return team_a_is_ct
