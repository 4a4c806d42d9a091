"""Player states: one row per tick and player, everything a frame's label is made of."""

from typing import Any

import polars as pl

from apps.demos.parsing.vocabulary import normalise_sides

HANDLE_INDEX = 0x3FFF  # the entity index inside a handle kept in a field: index | serial << 14
FIRST_TICK, LAST_TICK = -(2**30), 2**30  # a window that holds every tick: awpy wants one
KEY = ["tick", "steamid", "name", "x", "y", "z"]
# Thrown things that can be held more than once are one entity with a count.
COUNTED = {
    "flashbang": "flashbangs",
    "smokegrenade": "smoke_grenades",
    "hegrenade": "he_grenades",
    "decoy": "decoy_grenades",
}
COLUMNS = (
    "tick", "slot", "steamid", "name", "side", "x", "y", "z", "yaw", "pitch", "velocity", "health", "armor",
    "has_helmet", "has_defuser", "has_bomb", "money", "active_weapon", "primary_weapon", "secondary_weapon",
    "inventory", "clip", "reserve", "place_name", "flash_duration", "equipment_value", "is_crouched", "is_walking",
    "is_scoped", "is_reloading", "is_defusing", "is_in_bomb_zone",
)  # fmt: skip
SCHEMA: dict[str, Any] = {
    "tick": pl.Int32, "slot": pl.Int16, "steamid": pl.UInt64, "name": pl.String, "side": pl.String,
    "x": pl.Float32, "y": pl.Float32, "z": pl.Float32, "yaw": pl.Float32, "pitch": pl.Float32,
    "velocity": pl.Float32, "health": pl.Int32, "armor": pl.Int32, "has_helmet": pl.Boolean,
    "has_defuser": pl.Boolean, "has_bomb": pl.Boolean, "money": pl.Int32, "active_weapon": pl.String,
    "primary_weapon": pl.String, "secondary_weapon": pl.String, "inventory": pl.List(pl.String), "clip": pl.Int32,
    "reserve": pl.Int32, "place_name": pl.String, "flash_duration": pl.Float32, "equipment_value": pl.Int32,
    "is_crouched": pl.Boolean, "is_walking": pl.Boolean, "is_scoped": pl.Boolean, "is_reloading": pl.Boolean,
    "is_defusing": pl.Boolean, "is_in_bomb_zone": pl.Boolean,
}  # fmt: skip


def empty() -> pl.DataFrame:
    """A states table without rows."""
    return pl.DataFrame(schema=SCHEMA)


def read(demo: Any) -> pl.DataFrame:
    """All player states of an ``awpy.Demo``, ordered by tick and slot, with the columns of ``SCHEMA`` and a column
    ``weapon_entity`` (entity index of the weapon in hand) for :func:`with_ammunition`.

    Entries that never have a side (coaches, the TV relay's "DemoRecorder") are left out.
    """
    snapshots = normalise_sides(demo.snapshots(start_tick=FIRST_TICK, end_tick=LAST_TICK))
    raw = demo.ticks(["m_hController", "m_szLastPlaceName", "m_pWeaponServices.m_hActiveWeapon", "name", "X", "Y", "Z"])
    identity = raw.select(
        pl.col("tick").cast(pl.Int32),
        pl.col("steamid").cast(pl.UInt64),
        pl.col("name"),
        pl.col("X").cast(pl.Float32).alias("x"),
        pl.col("Y").cast(pl.Float32).alias("y"),
        pl.col("Z").cast(pl.Float32).alias("z"),
        ((pl.col("m_hController").cast(pl.Int64) & HANDLE_INDEX) - 1).cast(pl.Int16).alias("slot"),
        (pl.col("m_pWeaponServices.m_hActiveWeapon").cast(pl.Int64) & HANDLE_INDEX).alias("weapon_entity"),
        pl.col("m_szLastPlaceName").cast(pl.String).alias("place_name"),
    ).unique(KEY, keep="first", maintain_order=True)
    joined = snapshots.join(identity, on=KEY, how="left", nulls_equal=True)
    return (
        joined.filter(pl.col("side").is_not_null(), pl.col("slot").is_between(0, 63))
        .with_columns(_inventory(joined), clip=pl.lit(None, pl.Int32), reserve=pl.lit(None, pl.Int32))
        .select(*(pl.col(name).cast(kind) for name, kind in SCHEMA.items()), "weapon_entity")
        .unique(["tick", "slot"], keep="first")
        .sort("tick", "slot")
    )


def _inventory(frame: pl.DataFrame) -> pl.Expr:
    """ "knife,glock,flashbang" with two flashbangs → ["knife", "glock", "flashbang", "flashbang"]."""
    items = pl.col("inventory").fill_null("").str.split(",").list.eval(pl.element().filter(pl.element() != ""))
    for item, count in COUNTED.items():
        if count in frame.columns:
            extra = (pl.col(count).fill_null(0) - items.list.count_matches(item)).clip(0, 4)
            items = items.list.concat(pl.lit(item).repeat_by(extra))
    return items.alias("inventory")


def with_ammunition(states: pl.DataFrame, entities: pl.DataFrame | None) -> pl.DataFrame:
    """Fill ``clip`` from the weapon in hand; ``entities`` holds tick, entity_id, m_iClip1. Drops ``weapon_entity``.

    A knife, a grenade and the bomb have no ammunition: null there. The reserve is not among the fields the parser
    decodes (an array behind a type it skips), so it stays null.
    """
    if entities is None or "m_iClip1" not in entities.columns:
        return states.drop("weapon_entity")
    clips = (
        entities.filter(
            pl.col("m_iClip1").is_not_null(), ~pl.col("class_name").is_in(["CKnife", "CC4", "CItem_Healthshot"])
        )
        .select(
            pl.col("tick").cast(pl.Int32),
            pl.col("entity_id").cast(pl.Int64).alias("weapon_entity"),
            pl.col("m_iClip1").cast(pl.Int32).alias("_clip"),
        )
        .filter(pl.col("_clip") >= 0)
        .unique(["tick", "weapon_entity"], keep="first")
    )
    return (
        states.join(clips, on=["tick", "weapon_entity"], how="left")
        .with_columns(clip=pl.col("_clip"))
        .drop("_clip", "weapon_entity")
        .sort("tick", "slot")
    )
