"""Player states: one row per tick and player, everything a frame's label is made of.

Kept are sixteen samples a second, and every tick between two of them on which a value that jumps (health, money, a
weapon …) changed: "the last row up to a tick" is then exact for such values.
"""

from typing import Any

import polars as pl

from apps.demos.parsing.vocabulary import normalise_sides

HANDLE_INDEX = 0x3FFF  # the entity index inside a handle kept in a field: index | serial << 14
FIRST_TICK, LAST_TICK = -(2**30), 2**30  # a window that holds every tick: awpy wants one
STEP = 4  # ticks between two samples: sixteen a second
KEY = ["tick", "steamid", "x", "y", "z"]
IDENTITY = ("m_hController", "m_szLastPlaceName")
# What jumps, in awpy's words; positions, angles and speed flow and are left to the samples.
DISCRETE = (
    "name", "side", "health", "armor", "has_helmet", "has_defuser", "has_bomb", "money", "active_weapon",
    "primary_weapon", "secondary_weapon", "inventory", "flashbangs", "smoke_grenades", "he_grenades", "decoy_grenades",
    "flash_duration", "equipment_value", "is_crouched", "is_walking", "is_scoped", "is_reloading", "is_defusing",
    "is_in_bomb_zone",
)  # fmt: skip
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
NEEDED = (*SCHEMA, *COUNTED.values())  # of awpy's columns


def empty() -> pl.DataFrame:
    """A states table without rows."""
    return pl.DataFrame(schema=SCHEMA)


def read(demo: Any, *, every_tick: bool = False) -> pl.DataFrame:
    """Player states of an ``awpy.Demo``, ordered by tick and slot, with the columns of ``SCHEMA`` (``clip`` and
    ``reserve`` are null yet) and ``sampled``: whether the tick is kept anyway, see :func:`thin`.

    Entries that never have a side (coaches, the TV relay's "DemoRecorder") are left out.
    """
    raw = demo.ticks(list(IDENTITY))
    if raw.is_empty():
        return empty().with_columns(sampled=pl.lit(None, pl.Boolean))
    if every_tick:
        table = _with_identity(demo, demo.snapshots(start_tick=FIRST_TICK, end_tick=LAST_TICK), raw)
        return _ours(table.with_columns(sampled=pl.lit(value=True)))
    samples = _with_identity(demo, demo.snapshots(every=STEP), raw)
    ends = [int(raw["tick"][0]), int(raw["tick"][-1])]
    between = sorted({*_between(samples), *ends})
    finer = _with_identity(demo, demo.snapshots(ticks=between, events=list(demo.events.names)), raw)
    del raw
    known = samples["tick"].unique()
    finer = _ours(finer.filter(~pl.col("tick").is_in(known.implode())).with_columns(sampled=pl.col("tick").is_in(ends)))
    table = pl.concat([_ours(samples.with_columns(sampled=pl.lit(value=True))), finer])
    return table.sort("tick", "slot")


def _with_identity(demo: Any, snapshots: pl.DataFrame, raw: pl.DataFrame) -> pl.DataFrame:
    """``snapshots`` with the columns ``slot`` and ``place_name`` out of ``raw``, which holds every tick.

    Both come in the same order, so that rows lie beside each other; where they do not, position tells who is who.
    """
    wanted = raw.filter(pl.col("tick").is_in(snapshots["tick"].unique().cast(pl.Int64).implode()))
    identity = wanted.select(
        ((pl.col("m_hController").cast(pl.Int64) & HANDLE_INDEX) - 1).cast(pl.Int16).alias("slot"),
        pl.col("m_szLastPlaceName").cast(pl.String).alias("place_name"),
    )
    if (
        wanted.height == snapshots.height
        and _same(wanted["tick"], snapshots["tick"])
        and _same(wanted["steamid"], snapshots["steamid"])
    ):
        return snapshots.select(name for name in NEEDED if name in snapshots.columns).hstack(identity)
    by_place = demo.ticks([*IDENTITY, "X", "Y", "Z"]).select(
        pl.col("tick").cast(pl.Int32),
        pl.col("steamid").cast(pl.UInt64),
        *(pl.col(name.upper()).cast(pl.Float32).alias(name) for name in ("x", "y", "z")),
        ((pl.col("m_hController").cast(pl.Int64) & HANDLE_INDEX) - 1).cast(pl.Int16).alias("slot"),
        pl.col("m_szLastPlaceName").cast(pl.String).alias("place_name"),
    )
    return snapshots.join(
        by_place.unique(KEY, keep="first"), on=KEY, how="left", nulls_equal=True, maintain_order="left"
    )


def _same(one: pl.Series, other: pl.Series) -> bool:
    kind = pl.UInt64 if one.name == "steamid" else pl.Int64
    return bool((one.cast(kind) == other.cast(kind)).all())


def _fingerprints(table: pl.DataFrame) -> pl.DataFrame:
    """tick, slot and one number for all that jumps, by slot and tick."""
    columns = [name for name in (*DISCRETE, "place_name") if name in table.columns]
    return table.select("tick", "slot", _print=pl.struct(columns).hash(1)).sort("slot", "tick")


def _changed() -> pl.Expr:
    """Of rows by slot and tick: whether this one differs from the same player's before it."""
    return (pl.col("_print") != pl.col("_print").shift(1)) | (pl.col("slot") != pl.col("slot").shift(1))


def _between(samples: pl.DataFrame) -> list[int]:
    """The ticks between two samples of which something jumped."""
    changed = _fingerprints(samples).filter(_changed().fill_null(value=False))["tick"].unique()
    ticks = samples["tick"].unique().sort()
    pairs = pl.DataFrame({"tick": ticks, "before": ticks.shift(1)}).filter(
        pl.col("tick").is_in(changed.implode()), pl.col("before").is_not_null()
    )
    return [tick for end, start in pairs.iter_rows() for tick in range(max(start + 1, end - 4 * STEP), end)]


def thin(states: pl.DataFrame, event_ticks: pl.Series) -> pl.DataFrame:
    """The rows worth keeping: of samples, of ticks of ``event_ticks`` and of those on which something jumped.

    Drops ``sampled``. All players of a tick stay or go together.
    """
    if states["sampled"].all():
        return states.drop("sampled")
    jumps = _fingerprints(states).filter(_changed().fill_null(value=True))["tick"].unique()
    wanted = pl.col("tick").is_in(jumps.implode()) | pl.col("tick").is_in(event_ticks.cast(pl.Int32).implode())
    return states.filter(pl.col("sampled") | wanted).drop("sampled")


def _ours(table: pl.DataFrame) -> pl.DataFrame:
    """awpy's columns in ours, without those who play on no side."""
    rows = normalise_sides(table).filter(pl.col("side").is_not_null(), pl.col("slot").is_between(0, 63))
    if rows.select("tick", "slot").is_duplicated().any():
        rows = rows.unique(["tick", "slot"], keep="first", maintain_order=True)
    return (
        _with_inventory(rows)
        .with_columns(clip=pl.lit(None, pl.Int32), reserve=pl.lit(None, pl.Int32))
        .select(*(pl.col(name).cast(kind) for name, kind in SCHEMA.items()), "sampled")
        .sort("tick", "slot")
    )


def _with_inventory(table: pl.DataFrame) -> pl.DataFrame:
    """ "knife,glock,flashbang" with two flashbangs → ["knife", "glock", "flashbang", "flashbang"].

    A match knows a few hundred different inventories: each is taken apart once.
    """
    counts = [name for name in COUNTED.values() if name in table.columns]
    key = ["inventory", *counts]
    different = table.select(key).unique()
    items = pl.col("inventory").fill_null("").str.split(",").list.eval(pl.element().filter(pl.element() != ""))
    for item, count in COUNTED.items():
        if count in counts:
            extra = (pl.col(count).fill_null(0) - items.list.count_matches(item)).clip(0, 4)
            items = items.list.concat(pl.lit(item).repeat_by(extra))
    different = different.with_columns(_items=items)
    joined = table.join(different, on=key, how="left", nulls_equal=True, maintain_order="left")
    return joined.drop("inventory").rename({"_items": "inventory"})
