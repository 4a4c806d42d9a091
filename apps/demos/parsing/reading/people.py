"""Who played: one row per slot, and when each slot was whose."""

from collections.abc import Mapping

import polars as pl


def rows(states: pl.DataFrame, rosters: Mapping[int, int]) -> pl.DataFrame:
    """One row per player of a states table: slot, steamid, name (the last one), is_bot, first_side, roster.

    Who is in neither roster, a coach, plays not; where nobody is in one, everybody does.
    """
    playing = states.filter(pl.col("slot").is_in(list(rosters))) if rosters else states
    return (
        playing.group_by("slot")
        .agg(
            pl.col("steamid").max(),
            pl.col("name")
            .sort_by("tick")
            .last()
            .fill_null("")
            .str.replace_all("\0", "", literal=True)
            .str.slice(0, 150),
            pl.col("side").sort_by("tick").first().alias("first_side"),
        )
        .with_columns(
            is_bot=pl.col("steamid") == 0,
            roster=pl.col("slot").replace_strict(dict(rosters), default=None, return_dtype=pl.Int64),
        )
        .sort("slot")
    )


def presence(states: pl.DataFrame) -> pl.DataFrame:
    """Who was in which slot and when: steamid, name, slot, from, to (ticks), in order of ``from``.

    Somebody who comes back may get another slot; bots of one name are there at the same time.
    """
    return (
        states.group_by("steamid", "name", "slot")
        .agg(pl.col("tick").min().alias("from"), pl.col("tick").max().alias("to"))
        .sort("from", "slot")
    )
