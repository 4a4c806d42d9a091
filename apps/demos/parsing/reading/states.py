"""Player states: one row per tick and player, everything a frame's label is made of.

Kept are sixteen samples a second, and every tick between two of them on which a value that jumps (health, money, a
weapon …) changed: "the last row up to a tick" is then exact for such values.
"""

from collections.abc import Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Samples:
    """The first of two readings. The tables are those of ``_ours``, by tick and slot."""

    table: pl.DataFrame  # sixteen states a second, or all of them
    identity: pl.DataFrame  # of every tick, see ``_identity``
    between: pl.DataFrame  # all between two samples of which something jumped, and the ends of the recording


def read(demo: Any, event_ticks: Iterable[int] = (), *, every_tick: bool = False) -> pl.DataFrame:
    """Player states of an ``awpy.Demo``, ordered by tick and slot, with the columns of ``SCHEMA`` (``clip`` and
    ``reserve`` are null yet); ticks of ``event_ticks`` are among them.

    Entries that never have a side (coaches, the TV relay's "DemoRecorder") are left out.
    """
    return refine(demo, sample(demo, every_tick=every_tick), event_ticks)


def sample(demo: Any, *, every_tick: bool = False) -> Samples:
    """Sixteen states a second (or all of them), and a closer look at where something jumped."""
    identity = _identity(demo, IDENTITY)
    if identity.is_empty():
        return Samples(pl.DataFrame(), identity, pl.DataFrame())
    if every_tick:
        whole = demo.snapshots(start_tick=FIRST_TICK, end_tick=LAST_TICK)
        table = _ours(_with_identity(demo, whole, identity))
        return Samples(table, identity, table.clear())
    samples = _with_identity(demo, demo.snapshots(every=STEP), identity)
    ends = {int(identity["tick"][0]), int(identity["tick"][-1])}
    table = _ours(samples)
    return Samples(table, identity, _at(demo, identity, _between(samples) | ends, table))


def refine(demo: Any, samples: Samples, event_ticks: Iterable[int]) -> pl.DataFrame:
    """The states that are kept: samples, those of ``event_ticks`` and of every tick on which something jumped."""
    if samples.table.is_empty():
        return empty()
    first, last = int(samples.identity["tick"][0]), int(samples.identity["tick"][-1])
    happened = {tick for tick in event_ticks if first <= tick <= last}
    further = _at(demo, samples.identity, happened, samples.table, samples.between)
    finer = _worth_keeping(pl.concat([samples.between, further]), samples.table, {first, last, *happened})
    return _finished(pl.concat([samples.table, finer]).sort("tick", "slot"))


def _at(demo: Any, identity: pl.DataFrame, ticks: Iterable[int], *known: pl.DataFrame) -> pl.DataFrame:
    """The states of ``ticks``, except those that ``known`` tables hold."""
    wanted = pl.Series("tick", sorted(ticks), pl.Int32)
    for table in known:
        wanted = wanted.filter(~wanted.is_in(table["tick"].unique().implode()))
    if wanted.is_empty():
        return known[0].clear()
    return _ours(_with_identity(demo, demo.snapshots(ticks=wanted.to_list()), identity))


def _worth_keeping(found: pl.DataFrame, samples: pl.DataFrame, kept: Iterable[int]) -> pl.DataFrame:
    """The rows of ``found`` at the ticks ``kept``, and wherever something differs from the row before."""
    ticks, known = found["tick"].unique(), samples["tick"].unique().sort()
    before = known.gather((known.search_sorted(ticks).unique().cast(pl.Int64) - 1).clip(0))
    around = samples.filter(pl.col("tick").is_in(before.implode()))
    prints = pl.concat([_fingerprints(found), _fingerprints(around)]).sort("slot", "tick")
    jumps = prints.filter(_changed().fill_null(value=True))["tick"].unique()
    return found.filter(pl.col("tick").is_in(jumps.implode()) | pl.col("tick").is_in(list(kept)))


def _identity(demo: Any, fields: Iterable[str]) -> pl.DataFrame:
    """Of every tick and pawn: tick, steamid, slot, place_name (and x, y, z where asked for), in awpy's order."""
    raw = demo.ticks(list(fields))
    positions = [name for name in ("X", "Y", "Z") if name in raw.columns]
    return raw.select(  # type: ignore[no-any-return]
        pl.col("tick").cast(pl.Int32),
        pl.col("steamid").cast(pl.UInt64),
        ((pl.col("m_hController").cast(pl.Int64) & HANDLE_INDEX) - 1).cast(pl.Int16).alias("slot"),
        pl.col("m_szLastPlaceName").cast(pl.String).cast(pl.Categorical).alias("place_name"),
        *(pl.col(name).cast(pl.Float32).alias(name.lower()) for name in positions),
    )


def _with_identity(demo: Any, snapshots: pl.DataFrame, identity: pl.DataFrame) -> pl.DataFrame:
    """``snapshots`` with the columns ``slot`` and ``place_name`` out of ``identity``, which holds every tick.

    Both come in the same order, so that rows lie beside each other; where they do not, position tells who is who.
    """
    needed = snapshots.select(name for name in NEEDED if name in snapshots.columns)
    wanted = identity.filter(pl.col("tick").is_in(snapshots["tick"].unique().implode()))
    if wanted.height == needed.height and _same(wanted, needed, "tick") and _same(wanted, needed, "steamid"):
        return needed.hstack(wanted.select("slot", "place_name"))
    by_place = _identity(demo, [*IDENTITY, "X", "Y", "Z"]).unique(KEY, keep="first")
    return needed.join(by_place, on=KEY, how="left", nulls_equal=True, maintain_order="left")


def _same(one: pl.DataFrame, other: pl.DataFrame, column: str) -> bool:
    return bool((one[column] == other[column]).all())


def _fingerprints(table: pl.DataFrame) -> pl.DataFrame:
    """tick, slot and one number for all that jumps, by slot and tick. Column by column: it costs least memory."""
    number = pl.Series("_print", [0], pl.UInt64).new_from_index(0, table.height)
    for seed, name in enumerate((*DISCRETE, "place_name"), 1):
        if name in table.columns:
            column = table[name]
            number = number ^ column.cast(pl.String if column.dtype == pl.Categorical else column.dtype).hash(seed)
    return table.select("tick", "slot").with_columns(number.alias("_print")).sort("slot", "tick")


def _changed() -> pl.Expr:
    """Of rows by slot and tick: whether this one differs from the same player's before it."""
    return (pl.col("_print") != pl.col("_print").shift(1)) | (pl.col("slot") != pl.col("slot").shift(1))


def _between(samples: pl.DataFrame) -> set[int]:
    """The ticks between two samples of which something jumped."""
    changed = _fingerprints(samples).filter(_changed().fill_null(value=False))["tick"].unique()
    ticks = samples["tick"].unique().sort()
    pairs = pl.DataFrame({"tick": ticks, "before": ticks.shift(1)}).filter(
        pl.col("tick").is_in(changed.implode()), pl.col("before").is_not_null()
    )
    return {tick for end, start in pairs.iter_rows() for tick in range(max(start + 1, end - 4 * STEP), end)}


def _ours(table: pl.DataFrame) -> pl.DataFrame:
    """awpy's columns that are needed, without those who play on no side; by tick and slot, each once."""
    rows = normalise_sides(table).filter(pl.col("side").is_not_null(), pl.col("slot").is_between(0, 63))
    key = rows["tick"].cast(pl.Int64) * 64 + rows["slot"]
    if (key.diff().drop_nulls() > 0).all():  # as awpy gives them
        return rows
    return rows.unique(["tick", "slot"], keep="first", maintain_order=True).sort("tick", "slot")


def _finished(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of ``_ours`` with the columns of ``SCHEMA``. Late: lists are what costs most to move."""
    return (
        _with_inventory(rows)
        .with_columns(clip=pl.lit(None, pl.Int32), reserve=pl.lit(None, pl.Int32))
        .select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())
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
