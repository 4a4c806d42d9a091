"""The state of the game around the players: phase, clock, score, bomb."""

import math
from collections.abc import Sequence
from typing import Any

import polars as pl

from apps.demos.parsing.match.clock import Mark

SCHEMA: dict[str, Any] = {
    "tick": pl.Int32, "phase": pl.String, "clock_s": pl.Float32, "score_ct": pl.Int16, "score_t": pl.Int16,
    "bomb_status": pl.String, "bomb_s": pl.Float32,
}  # fmt: skip
PHASES = ("warmup", "freeze", "live", "planted", "over")
BOMB = ("carried", "dropped", "planted", "defused", "exploded")
LOST = "The state of the game (rounds, clock, score) could not be decoded; the recording shows as one partial round."
STEP = 4  # ticks: while a clock runs there is a row as often
LONGEST_S = 7200.0  # for so long; behind it readers run the clock on
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
    ticks = _samples(steps, carried, first_tick, last_tick, tick_rate, bomb_timer_s)
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


def _samples(
    steps: pl.DataFrame, carried: pl.DataFrame, first_tick: int, last_tick: int, tick_rate: float, bomb_timer_s: float
) -> pl.Series:
    """Every ``STEP``-th tick while a clock may run: not all of a recording, whose ticks may be any."""
    running = [
        (tick, shows - (tick - at) / tick_rate)
        for tick, at, shows in steps.select("tick", "_at", "_shows").iter_rows()
        if at is not None and shows is not None
    ]
    planted = carried.filter(pl.col("bomb_status") == "planted")
    running += [(tick, bomb_timer_s) for tick in planted["tick"].to_list()]
    found = [pl.Series("tick", [], pl.Int32)]
    for tick, left_s in running:
        begin = first_tick + -(-max(tick - first_tick, 0) // STEP) * STEP
        end = min(last_tick, tick + math.ceil(min(max(left_s, 0.0), LONGEST_S) * tick_rate) + STEP)
        found.append(pl.int_range(begin, end + 1, STEP, dtype=pl.Int32, eager=True).alias("tick"))
    return pl.concat(found)


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


def unknown(first_tick: int, last_tick: int) -> pl.DataFrame:
    """A rules table in which nothing is known."""
    ticks = pl.DataFrame({"tick": pl.int_range(first_tick, last_tick + 1, dtype=pl.Int32, eager=True)})
    return ticks.with_columns(pl.lit(None, kind).alias(name) for name, kind in SCHEMA.items() if name != "tick")
