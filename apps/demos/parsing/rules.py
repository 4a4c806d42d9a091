"""The state of the game around the players: phase, clock, score, bomb."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from apps.demos.parsing import clock
from apps.demos.parsing.clock import Mark
from apps.demos.parsing.rounds import RoundRow

RULES = "m_pGameRules."
GAME_FIELDS = tuple(
    RULES + name
    for name in (
        "m_bWarmupPeriod", "m_bFreezePeriod", "m_fRoundStartTime", "m_iRoundTime", "m_bBombPlanted",
        "m_iRoundWinStatus", "m_bBombDropped",
    )
)  # fmt: skip
ENTITY_FIELDS = (*GAME_FIELDS, "m_iScore", "m_iTeamNum", "m_nTickBase", "m_iClip1")

SCHEMA: dict[str, Any] = {
    "tick": pl.Int32, "phase": pl.String, "clock_s": pl.Float32, "score_ct": pl.Int16, "score_t": pl.Int16,
    "bomb_status": pl.String, "bomb_s": pl.Float32,
}  # fmt: skip
PHASES = ("warmup", "freeze", "live", "planted", "over")
BOMB = ("carried", "dropped", "planted", "defused", "exploded")
LOST = "The state of the game (rounds, clock, score) could not be decoded; the recording shows as one partial round."
# awpy's bomb events (3.1 writes "finish_plant"; earlier ones wrote the game's words) → what the bomb is afterwards.
BOMB_ENDS = {
    **dict.fromkeys(("finish_plant", "planted", "plant"), "planted"),
    **dict.fromkeys(("defuse", "defused"), "defused"),
    **dict.fromkeys(("explode", "exploded", "detonate", "detonated"), "exploded"),
}
STEP = 4  # ticks: while a clock runs there is a row as often
GONE = ("planted", "defused", "exploded")


def table(
    marks: Sequence[tuple[Mark, int, int]],
    bomb: Sequence[tuple[int, str | None]],
    *,
    first_tick: int,
    last_tick: int,
    tick_rate: float,
    bomb_timer_s: float,
) -> pl.DataFrame:
    """The table of ``SCHEMA``: a row where something changes, and every ``STEP`` ticks while a clock runs.

    Args:
        marks: what holds from a tick on, with the score (CT, T) then; those of one tick: the last holds.
        bomb: the same for the bomb's status.
        bomb_timer_s: from the plant to the explosion; ``bomb_s`` is what is left of it, null unless it ticks.
    """
    steps = pl.DataFrame(
        [(mark.tick, mark.phase, *(mark.clock or (None, None)), ct, t) for mark, ct, t in marks],
        schema={
            "tick": pl.Int32, "phase": pl.String, "_at": pl.Int32, "_shows": pl.Float64, "score_ct": pl.Int16,
            "score_t": pl.Int16,
        },
        orient="row",
    )  # fmt: skip
    carried = pl.DataFrame(
        [(tick, word, tick if word == "planted" else None) for tick, word in bomb],
        schema={"tick": pl.Int32, "bomb_status": pl.String, "_planted": pl.Int32},
        orient="row",
    )
    steps, carried = (one.unique("tick", keep="last").sort("tick") for one in (steps, carried))
    ticks = pl.int_range(first_tick, last_tick + 1, STEP, dtype=pl.Int32, eager=True).alias("tick")
    every = pl.concat([ticks, steps["tick"], carried["tick"]]).unique().sort()
    rows = every.filter(every.is_between(first_tick, last_tick)).to_frame()
    rows = rows.join_asof(steps, on="tick", strategy="backward").join_asof(carried, on="tick", strategy="backward")
    rows = rows.with_columns(
        clock_s=(pl.col("_shows") - (pl.col("tick") - pl.col("_at")) / tick_rate).clip(lower_bound=0),
        bomb_s=pl.when(pl.col("phase") == "planted").then(
            (bomb_timer_s - (pl.col("tick") - pl.col("_planted")) / tick_rate).clip(lower_bound=0)
        ),
    ).select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())
    rest = [name for name in SCHEMA if name != "tick"]
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift()) for name in rest)
    return rows.filter(~same | (pl.int_range(pl.len()) == 0))


def every_tick(rules: pl.DataFrame, first_tick: int, last_tick: int, tick_rate: float) -> pl.DataFrame:
    """One row per tick of the window: the last row of ``rules`` not after it, with its clocks run on."""
    ticks = pl.DataFrame({"tick": pl.int_range(first_tick, last_tick + 1, dtype=pl.Int32, eager=True)})
    known = rules.sort("tick").with_columns(_row=pl.col("tick"))
    rows = ticks.join_asof(known, on="tick", strategy="backward")
    gone = (pl.col("tick") - pl.col("_row")) / tick_rate
    clocks = [name for name in ("clock_s", "bomb_s") if name in rules.columns]
    return rows.with_columns((pl.col(name) - gone).clip(lower_bound=0).cast(pl.Float32) for name in clocks).drop("_row")


def bomb_marks(
    happened: Sequence[tuple[int, str]], states: pl.DataFrame, starts: Sequence[int]
) -> list[tuple[int, str | None]]:
    """The bomb's status from a tick on: "carried" while somebody holds it, "dropped" when it was held and lies now,
    then what happened to it; ``starts`` are the stretches' first ticks, with each of which it is all new.
    """
    held = (
        states.group_by("tick")
        .agg(pl.col("has_bomb").fill_null(value=False).any().alias("held"))
        .sort("tick")
        .filter((pl.col("held") != pl.col("held").shift()).fill_null(value=True))
    )
    changes: list[tuple[int, int, str | None]] = [(start, 0, None) for start in starts]
    changes += [(int(tick), 1, "held" if now else "free") for tick, now in held.iter_rows()]
    changes += [(tick, 2, what) for tick, what in happened]
    found: list[tuple[int, str | None]] = []
    status: str | None = None
    holding = False
    for tick, order, word in sorted(changes, key=lambda one: one[:2]):
        if order == 0:
            status = "carried" if holding else None
        elif order == 2:
            status = word
        else:
            holding = word == "held"
            if status not in GONE:
                status = "carried" if holding else "dropped" if status else None
        found.append((tick, status))
    return found


def round_time_s(map_name: str, convars: Mapping[str, str]) -> float:
    """Seconds a round lasts by the server's settings (115 where they say nothing)."""
    return clock.live_s(map_name, convars)


def from_entities(entities: pl.DataFrame, *, tick_rate: float) -> pl.DataFrame | None:
    """The rules table from ``Demo.ticks(ENTITY_FIELDS, players_only=False)``; None where it holds no game rules.

    The clock is ``m_iRoundTime − (now − m_fRoundStartTime)`` while a round is live and ``m_fRoundStartTime − now`` in
    freeze time. "Now" is the server's tick over the tick rate, and that tick is what the controllers' ``m_nTickBase``
    says: a constant ahead of the recording's own tick. The clock is null while the bomb ticks, as on the screen.
    """
    game = entities.filter(pl.col("class_name") == "CCSGameRulesProxy")
    if game.is_empty() or game[RULES + "m_bFreezePeriod"].null_count() == game.height:
        return None
    offset = _tick_offset(entities)
    now = (pl.col("tick") + offset) / tick_rate if offset is not None else pl.lit(None, pl.Float64)
    start, length = (
        pl.col(RULES + "m_fRoundStartTime").cast(pl.Float64),
        pl.col(RULES + "m_iRoundTime").cast(pl.Float64),
    )
    planted = pl.col(RULES + "m_bBombPlanted").cast(pl.Boolean).fill_null(value=False)
    phase = (
        pl.when(pl.col(RULES + "m_bWarmupPeriod").cast(pl.Boolean)).then(pl.lit("warmup"))
        .when(pl.col(RULES + "m_bFreezePeriod").cast(pl.Boolean)).then(pl.lit("freeze"))
        .when(pl.col(RULES + "m_iRoundWinStatus").cast(pl.Int64) > 0).then(pl.lit("over"))
        .when(planted).then(pl.lit("planted"))
        .otherwise(pl.lit("live"))
    )  # fmt: skip
    table = game.sort("tick").unique("tick", keep="first", maintain_order=True).with_columns(phase=phase)
    shown = (
        pl.when(pl.col("phase") == "freeze").then(start - now)
        .when(pl.col("phase") == "live").then(length - (now - start))
        .otherwise(None)
    )  # fmt: skip
    bomb = (
        pl.when(planted).then(pl.lit("planted"))
        .when(pl.col(RULES + "m_bBombDropped").cast(pl.Boolean)).then(pl.lit("dropped"))
    )  # fmt: skip
    table = table.with_columns(clock_s=shown.clip(lower_bound=0), bomb_status=bomb, bomb_s=pl.lit(None))
    for side, number in (("ct", 3), ("t", 2)):
        table = table.join(_scores(entities, number).rename({"score": f"score_{side}"}), on="tick", how="left")
    return table.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items()).sort("tick")


def _tick_offset(entities: pl.DataFrame) -> float | None:
    """How far the server's tick is ahead of the recording's."""
    bases = entities.filter(pl.col("m_nTickBase").is_not_null()).select(
        (pl.col("m_nTickBase").cast(pl.Int64) - pl.col("tick")).alias("ahead")
    )
    return None if bases.is_empty() else float(bases["ahead"].median())  # type: ignore[arg-type]


def _scores(entities: pl.DataFrame, team: int) -> pl.DataFrame:
    return (
        entities.filter(pl.col("class_name") == "CCSTeam", pl.col("m_iTeamNum").cast(pl.Int64) == team)
        .select("tick", pl.col("m_iScore").cast(pl.Int16).alias("score"))
        .unique("tick", keep="first")
    )


def with_bomb_events(table: pl.DataFrame, bomb: pl.DataFrame | None) -> pl.DataFrame:
    """Let the bomb's own events say what the game rules forget: "defused" and "exploded" until the next freeze time."""
    if bomb is None or bomb.is_empty() or table.is_empty():
        return table
    known = bomb.select(
        pl.col("tick").cast(pl.Int32),
        pl.col("event").cast(pl.String).replace_strict(BOMB_ENDS, default=None, return_dtype=pl.String).alias("_bomb"),
    ).filter(pl.col("_bomb").is_not_null())
    freezes = table.filter(pl.col("phase").is_in(["freeze", "warmup"])).select("tick", _bomb=pl.lit("none"))
    marks = pl.concat([known, freezes]).sort("tick")
    return (
        table.join_asof(marks, on="tick", strategy="backward")
        .with_columns(
            bomb_status=pl.when(pl.col("_bomb").is_in(["defused", "exploded", "planted"]))
            .then(pl.col("_bomb"))
            .otherwise(pl.col("bomb_status"))
        )
        .drop("_bomb")
    )


def with_carriers(table: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    """Mark the bomb as "carried" on every tick on which somebody holds it: the holder is the surest sign."""
    held = states.group_by("tick").agg(pl.col("has_bomb").fill_null(value=False).any().alias("_held"))
    gone = pl.col("bomb_status").is_in(["planted", "defused", "exploded"]).fill_null(value=False)
    return (
        table.join(held, on="tick", how="left", maintain_order="left")
        .with_columns(bomb_status=pl.when(pl.col("_held") & ~gone).then(pl.lit("carried")).otherwise("bomb_status"))
        .drop("_held")
    )


def from_rounds(
    rounds: list[RoundRow],
    bomb: pl.DataFrame | None,
    *,
    first_tick: int,
    last_tick: int,
    tick_rate: float,
    length_s: float,
) -> pl.DataFrame:
    """The rules table from rounds and bomb events alone, for recordings too long to decode every entity.

    ``length_s`` is the length of a round. The clock runs from the end of freeze time; ticks outside rounds have a null
    phase, and so have partial rounds.
    """
    table = pl.DataFrame({"tick": pl.int_range(first_tick, last_tick + 1, dtype=pl.Int32, eager=True)})
    marks: list[tuple[int, str | None, int | None, int, int]] = []
    for row in rounds:
        if row.is_partial or row.freeze_end_tick is None:
            continue
        score = (row.score_ct, row.score_t)
        marks += [
            (row.start_tick, "freeze", None, *score),
            (row.freeze_end_tick, "live", row.freeze_end_tick, *score),
            (row.end_tick, "over", None, *score),
        ]
        marks += [(tick, "planted", None, *score) for tick in _plants(bomb, row)]
    schema = {"tick": pl.Int32, "phase": pl.String, "_from": pl.Int32, "score_ct": pl.Int16, "score_t": pl.Int16}
    steps = pl.DataFrame(marks, schema=schema, orient="row").sort("tick")
    table = table.join_asof(steps, on="tick", strategy="backward").with_columns(
        clock_s=(length_s - (pl.col("tick") - pl.col("_from")) / tick_rate).clip(lower_bound=0),
        bomb_status=pl.when(pl.col("phase") == "planted").then(pl.lit("planted")),
    )
    table = table.with_columns(bomb_s=pl.lit(None))
    return with_bomb_events(table.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items()), bomb)


def _plants(bomb: pl.DataFrame | None, row: RoundRow) -> list[int]:
    if bomb is None or bomb.is_empty():
        return []
    inside = bomb.filter(
        pl.col("event").cast(pl.String).replace_strict(BOMB_ENDS, default=None, return_dtype=pl.String) == "planted",
        pl.col("tick").is_between(row.start_tick, row.end_tick),
    )
    return [int(tick) for tick in inside["tick"].to_list()][:1]


def unknown(first_tick: int, last_tick: int) -> pl.DataFrame:
    """A rules table in which nothing is known."""
    ticks = pl.DataFrame({"tick": pl.int_range(first_tick, last_tick + 1, dtype=pl.Int32, eager=True)})
    return ticks.with_columns(pl.lit(None, kind).alias(name) for name, kind in SCHEMA.items() if name != "tick")
