"""Everybody's state at every tick, as small as it goes: a full match has one and a half million of these rows."""

from typing import Any

import polars as pl

WINDOW = 16_384  # ticks read at a time, so that awpy's wide tables never stand in memory for a whole match
_INDEX = 0x3FFF  # an entity handle's lower 14 bits are the entity's index
_SIDES = {"counter-terrorist": "CT", "terrorist": "T"}
_RAW = {
    "controller": "m_hController",
    "place": "m_szLastPlaceName",
    "life": "m_lifeState",
    "duck": "m_pMovementServices.m_flDuckAmount",
    "weapon_entity": "m_pWeaponServices.m_hActiveWeapon",
    "spotted": "m_entitySpottedState.m_bSpotted",
}


class Unmatched(Exception):
    """awpy's two player tables do not belong together."""


def players_of(demo: Any) -> pl.DataFrame:
    """One row per tick and player, sorted: ``PlayerState``'s columns, ``steamid``, and ``weapon_entity`` in hand.

    awpy's two player tables come in the same order; that is checked, then used.

    Raises:
        Unmatched: the tables differ.
    """
    raw = demo.ticks(["name", *_RAW.values()]).select(
        pl.col("tick").cast(pl.Int32),
        pl.col("steamid"),
        pl.col("name").cast(pl.String),
        pl.col(_RAW["controller"]).cast(pl.Int64, strict=False).alias("controller"),
        pl.col(_RAW["place"]).cast(pl.String).fill_null("").cast(pl.Categorical).alias("place"),
        (pl.col(_RAW["life"]).cast(pl.Int64, strict=False).fill_null(0) == 0).alias("living"),
        pl.col(_RAW["duck"]).cast(pl.Float32, strict=False).fill_null(0.0).alias("duck"),
        pl.col(_RAW["weapon_entity"]).cast(pl.Int64, strict=False).alias("weapon_entity"),
        pl.col(_RAW["spotted"]).cast(pl.Boolean, strict=False).fill_null(True).alias("spotted"),
    )
    if raw.is_empty():
        return _state(demo.snapshots(every=1), raw)
    parts = []
    first, last = int(raw["tick"][0]), int(raw["tick"][-1])
    for start in range(first, last + 1, WINDOW):
        end = min(start + WINDOW - 1, last)
        known = demo.snapshots(start_tick=start, end_tick=end)
        low, high = raw["tick"].search_sorted(start, "left"), raw["tick"].search_sorted(end, "right")
        parts.append(_state(known, raw.slice(int(low), int(high) - int(low))))
    return pl.concat(parts).sort("tick", "slot")


def _state(known: pl.DataFrame, raw: pl.DataFrame) -> pl.DataFrame:
    same = known.height == raw.height and all(
        known[name].cast(pl.String).equals(raw[name].cast(pl.String)) for name in ("tick", "steamid", "name")
    )
    if not same:
        raise Unmatched("the players' tables of this file do not match")
    return (
        known.select(
            pl.col("tick").cast(pl.Int32),
            ((raw["controller"] & _INDEX) - 1).cast(pl.Int16).alias("slot"),
            "steamid",
            pl.col("name").fill_null("").cast(pl.Categorical),
            pl.col("side").replace_strict(_SIDES, default=None, return_dtype=pl.String).cast(pl.Categorical),
            *[pl.col(name).cast(pl.Float32) for name in ("x", "y", "z", "yaw", "pitch")],
            pl.when(raw["living"]).then(pl.col("health").fill_null(0)).otherwise(0).cast(pl.Int16).alias("health"),
            pl.col("armor").fill_null(0).cast(pl.Int16),
            pl.col("has_helmet").fill_null(False),
            pl.col("has_defuser").fill_null(False),
            pl.col("money").cast(pl.Int32),
            pl.col("active_weapon").cast(pl.Categorical),
            pl.col("inventory").fill_null("").cast(pl.Categorical),
            raw["place"],
            raw["duck"],
            raw["spotted"],
            pl.col("flash_duration").cast(pl.Float32).fill_null(0.0),
            pl.col("is_scoped").fill_null(False).alias("scoped"),
            pl.col("is_defusing").fill_null(False).alias("defusing"),
            pl.col("is_reloading").fill_null(False).alias("reloading"),
            pl.col("is_in_bomb_zone").fill_null(False).alias("in_bomb_zone"),
            (pl.col("velocity_x") ** 2 + pl.col("velocity_y") ** 2)
            .sqrt()
            .cast(pl.Float32)
            .fill_null(0.0)
            .alias("speed"),
            pl.col("equipment_value").cast(pl.Int32),
            (raw["weapon_entity"] & _INDEX).cast(pl.Int16).alias("weapon_entity"),
        )
        .drop_nulls(["slot", "side", "x", "y", "z", "yaw", "pitch"])
        .filter(pl.col("slot") >= 0)
    )
