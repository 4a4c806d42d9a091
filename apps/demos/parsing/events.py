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
    return normalise_sides(getattr(demo, name))


def with_slots(table: pl.DataFrame, players: pl.DataFrame) -> pl.DataFrame:
    """Add ``slot`` or ``…_slot`` beside every ``name``/``…_name`` column that has a steamid.

    ``players`` has columns slot, steamid, name. Bots share steamid 0, so both are compared; a pair that two players
    share (two bots of one name) stays null.
    """
    known = players.select(
        pl.col("steamid").cast(pl.UInt64).alias("_steamid"),
        pl.col("name").alias("_name"),
        pl.col("slot").alias("_slot"),
    ).unique(["_steamid", "_name"], keep="none")
    for prefix in _people(table.columns):
        keys = table.select(
            pl.col(f"{prefix}steamid").cast(pl.UInt64, strict=False).alias("_steamid"),
            pl.col(f"{prefix}name").cast(pl.String).alias("_name"),
        )
        found = keys.join(known, on=["_steamid", "_name"], how="left", maintain_order="left")
        table = table.with_columns(found["_slot"].cast(pl.Int16).alias(f"{prefix}slot"))
    return table


def _people(columns: Iterable[str]) -> list[str]:
    names = set(columns)
    return sorted(name[: -len("steamid")] for name in names if name.endswith("steamid") and name[:-7] + "name" in names)


def read_raw(demo: Any) -> dict[str, pl.DataFrame]:
    """The raw game events of ``RAW`` that the recording holds; ids and values as the game sent them."""
    tables = {}
    for name in RAW:
        try:
            tables[f"raw_{name}"] = demo.events[name]
        except KeyError:
            continue
    return tables
