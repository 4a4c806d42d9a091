"""Event tables (kills, damage, shots …) with awpy's columns, plus the slot of everybody named in them."""

from collections.abc import Iterable
from typing import Any

import polars as pl

from apps.demos.parsing.vocabulary import normalise_sides

# our name of a table → what it is called in a sentence
TABLES = {
    "kills": "kills",
    "damages": "damage",
    "shots": "shots",
    "bomb": "bomb events",
    "grenades": "grenade paths",
    "blinds": "flashes",
    "smokes": "smokes",
    "fires": "fires",
    "item_events": "purchases and pickups",
}
# Raw game events that are worth keeping where the tables above cannot be built.
RAW = {"player_death": "kills", "player_hurt": "hits", "weapon_fire": "shots"}


def read(demo: Any, name: str) -> pl.DataFrame:
    """One of ``TABLES`` of an ``awpy.Demo``, sides in our words."""
    table = normalise_sides(getattr(demo, name))
    if name == "item_events" and "tick" in table.columns:  # awpy gives those of one tick in another order every time
        return table.sort("tick", *(column for column in table.columns if column != "tick"), nulls_last=True)
    return table


def with_slots(table: pl.DataFrame, presence: pl.DataFrame) -> pl.DataFrame:
    """Add ``slot`` or ``…_slot`` beside every ``name``/``…_name`` column that has a steamid.

    ``presence`` is that of ``people.presence``. Bots share steamid 0, so both are compared. Of somebody who had several
    slots one after the other, it is the slot of that moment; a pair that two had at the same time stays null.
    """
    known = presence.select(
        pl.col("steamid").cast(pl.UInt64).alias("_steamid"),
        pl.col("name").cast(pl.String).alias("_name"),
        pl.col("slot").cast(pl.Int16).alias("_slot"),
        pl.col("from").cast(pl.Int64).alias("_tick"),
        (pl.col("from") <= pl.col("to").shift(1).over("steamid", "name")).fill_null(value=False).alias("_together"),
    )
    shared = known.filter("_together").select("_steamid", "_name").unique()
    known = known.join(shared, on=["_steamid", "_name"], how="anti", nulls_equal=True).sort("_tick")
    first = known.unique(["_steamid", "_name"], keep="first", maintain_order=True).select("_steamid", "_name", "_slot")
    alone = known.height == first.height
    for prefix in _people(table.columns):
        keys = table.select(
            pl.col(f"{prefix}steamid").cast(pl.UInt64, strict=False).alias("_steamid"),
            pl.col(f"{prefix}name").cast(pl.String).alias("_name"),
        )
        found = keys.join(first, on=["_steamid", "_name"], how="left", maintain_order="left")["_slot"]
        if not alone and "tick" in table.columns:
            found = _at_the_time(keys.with_columns(table["tick"].cast(pl.Int64).alias("_tick")), known, found)
        table = table.with_columns(found.alias(f"{prefix}slot"))
    return table


def _at_the_time(keys: pl.DataFrame, known: pl.DataFrame, otherwise: pl.Series) -> pl.Series:
    """The slot a person had last at each row's tick; before the first one, that one."""
    asked = keys.with_row_index("_row").with_columns(otherwise.alias("_first")).sort("_tick", maintain_order=True)
    found = asked.join_asof(
        known.select("_tick", "_steamid", "_name", "_slot"),
        on="_tick",
        by=["_steamid", "_name"],
        check_sortedness=False,
    )
    return found.sort("_row").select(pl.coalesce("_slot", "_first").cast(pl.Int16))["_slot"]


def _people(columns: Iterable[str]) -> list[str]:
    names = set(columns)
    return sorted(name[: -len("steamid")] for name in names if name.endswith("steamid") and name[:-7] + "name" in names)
