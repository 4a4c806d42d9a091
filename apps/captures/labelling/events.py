"""awpy's event tables, by player slot and in our own words."""

import polars as pl

from apps.demos.parsing.items import item

BOMB_WORDS = (
    ("pickup", ("pickup", "picked_up")),
    ("dropped", ("drop", "dropped")),
    ("defused", ("defuse", "bomb_defused", "defused")),
    ("planted", ("finish_plant", "bomb_planted", "planted", "plant")),
    ("exploded", ("exploded", "detonate", "bomb_exploded", "explode")),
)


def people(states: pl.DataFrame) -> pl.DataFrame:
    """(steamid, name) → slot, where that is one slot only: steamid alone is 0 for every bot."""
    return (
        states.select("steamid", "name", "slot")
        .unique()
        .group_by("steamid", "name")
        .agg(pl.col("slot").min(), pl.len().alias("slots"))
        .filter(pl.col("slots") == 1)
        .select(pl.col("steamid").cast(pl.UInt64), "name", pl.col("slot").cast(pl.Int64))
    )


def _with_slot(table: pl.DataFrame, prefix: str, who: pl.DataFrame) -> pl.DataFrame:
    """``table`` with a column ``<prefix>slot``; null where nobody is meant or known."""
    slot, steamid, name = f"{prefix}slot", f"{prefix}steamid", f"{prefix}name"
    if slot in table.columns:
        return table.with_columns(pl.col(slot).cast(pl.Int64))
    keys = table.with_columns(pl.col(steamid).cast(pl.UInt64), pl.col(name).cast(pl.String))
    return keys.join(
        who.rename({"slot": slot, "steamid": steamid, "name": name}),
        on=[steamid, name],
        how="left",
        maintain_order="left",
    )


def kills(table: pl.DataFrame | None, who: pl.DataFrame) -> pl.DataFrame | None:
    """tick, attacker, victim (slots), weapon (HUD name), headshot."""
    if table is None:
        return None
    return _with_slot(_with_slot(table, "attacker_", who), "victim_", who).select(
        "tick",
        pl.col("attacker_slot").alias("attacker"),
        pl.col("victim_slot").alias("victim"),
        pl.col("weapon").cast(pl.String).map_elements(_hud, return_dtype=pl.String).alias("weapon"),
        pl.col("headshot").fill_null(False).alias("headshot"),
    )


def damages(table: pl.DataFrame | None, who: pl.DataFrame) -> pl.DataFrame | None:
    """tick, attacker, victim (slots), damage (health points taken, never more than the victim had), weapon."""
    if table is None:
        return None
    found = _with_slot(_with_slot(table, "attacker_", who), "victim_", who)
    damage = pl.col("dmg_health")
    if "health_pre" in found.columns:
        damage = pl.min_horizontal(damage, pl.col("health_pre"))
    return found.select(
        "tick",
        pl.col("attacker_slot").alias("attacker"),
        pl.col("victim_slot").alias("victim"),
        damage.alias("damage"),
        pl.col("weapon").cast(pl.String),
    )


def throws(shots: pl.DataFrame | None, who: pl.DataFrame) -> pl.DataFrame | None:
    """tick, slot, word: each grenade thrown, from the shots (a fired grenade is a thrown one)."""
    if shots is None:
        return None
    return (
        _with_slot(shots, "", who)
        .select(
            "tick", "slot", pl.col("weapon").cast(pl.String).map_elements(_word, return_dtype=pl.String).alias("word")
        )
        .drop_nulls()
    )


def bomb(table: pl.DataFrame | None, who: pl.DataFrame) -> pl.DataFrame | None:
    """tick, event (pickup, dropped, planted, defused, exploded), slot, site ("A", "B" or null), x, y, z."""
    if table is None:
        return None
    words = {theirs: ours for ours, names in BOMB_WORDS for theirs in names}
    found = _with_slot(table, "", who)
    return found.select(
        "tick",
        pl.col("event").cast(pl.String).replace_strict(words, default=None).alias("event"),
        "slot",
        pl.col("bombsite")
        .cast(pl.String)
        .str.extract(r"(?i)(?:^|site_?\s*|bombsite)([AB])$")
        .str.to_uppercase()
        .alias("site"),
        "x",
        "y",
        "z",
    ).filter(pl.col("event").is_not_null())


def _hud(name: str) -> str:
    found = item(name)
    return found.hud_name if found else name


def _word(name: str) -> str | None:
    found = item(name)
    return (found.word or None) if found else None
