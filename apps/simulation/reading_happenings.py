"""Kills, shots, smokes, fires, grenades, flashes and the bomb of a recording, as the tables of ``Happenings``."""

from collections.abc import Callable
from typing import Any

import polars as pl

from apps.simulation.happenings import Happenings

_SIDES = {"counter-terrorist": "CT", "terrorist": "T"}
_BOMB = {
    **dict.fromkeys(("drop", "dropped"), "dropped"),
    **dict.fromkeys(("finish_plant", "planted", "plant"), "planted"),
    **dict.fromkeys(("defuse", "defused"), "defused"),
    **dict.fromkeys(("explode", "exploded", "detonate", "detonated"), "exploded"),
}
_MISSILES = {
    "smoke": "smokegrenade",
    "he": "hegrenade",
    "he_grenade": "hegrenade",
    "flash": "flashbang",
    "incendiary": "incgrenade",
    "incendiarygrenade": "incgrenade",
}
_FOREVER = 2**31 - 1


def happenings_of(demo: Any, players: pl.DataFrame) -> Happenings:
    """What can be read of a recording; a table awpy cannot build stays away."""
    slots = _Slots(players)
    makers: dict[str, Callable[[], pl.DataFrame]] = {
        "kills": lambda: _kills(demo, slots),
        "smokes": lambda: _lasting(demo.smokes),
        "fires": lambda: _lasting(demo.fires),
        "missiles": lambda: _missiles(demo.grenades),
        "gun_shots": lambda: _shots(demo.shots, slots),
        "blinds": lambda: _blinds(demo.blinds, slots),
        "bomb": lambda: bomb_of(demo, slots),
        "rounds": lambda: _round_starts(demo.rounds),
    }
    tables = {name: _or_nothing(make) for name, make in makers.items()}
    return Happenings({name: table for name, table in tables.items() if not table.is_empty()})


def _or_nothing(make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
    try:
        return make()
    except Exception:  # awpy's own errors share no base class; what cannot be read is not shown
        return pl.DataFrame()


class _Slots:
    """From awpy's names and Steam ids to slots."""

    def __init__(self, players: pl.DataFrame) -> None:
        people = players.select("slot", "steamid", pl.col("name").cast(pl.String)).unique(maintain_order=True)
        self._by_id = {steamid: slot for slot, steamid, _ in people.iter_rows() if steamid}
        self._by_name = {name: slot for slot, _, name in people.iter_rows()}

    def of(self, steamid: object, name: object) -> int:
        """−1 for nobody."""
        return int(self._by_id.get(steamid, self._by_name.get(name, -1)))  # type: ignore[call-overload]

    def column(self, table: pl.DataFrame, prefix: str = "") -> pl.Series:
        pairs = zip(table[f"{prefix}steamid"], table[f"{prefix}name"], strict=True)
        return pl.Series("slot", [self.of(steamid, name) for steamid, name in pairs], dtype=pl.Int16)


def _side(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String).replace_strict(_SIDES, default="", return_dtype=pl.String)


def _weapon(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String).fill_null("").str.strip_prefix("weapon_")


def _kills(demo: Any, slots: _Slots) -> pl.DataFrame:
    kills: pl.DataFrame = demo.kills
    people = ("attacker", "victim", "assister")
    return kills.select(
        pl.col("tick").cast(pl.Int32),
        *[pl.col(f"{who}_name").cast(pl.String).fill_null("").alias(who) for who in people],
        *[_side(f"{who}_side").alias(f"{who}_side") for who in people],
        *[slots.column(kills, f"{who}_").alias(f"{who}_slot") for who in people],
        _weapon("weapon").alias("weapon"),
        pl.col("headshot").fill_null(False),
        pl.col("assist_flash").fill_null(False).alias("flash_assist"),
        pl.col("noscope").fill_null(False),
        (pl.col("penetrated").fill_null(0) > 0).alias("penetrated"),
        pl.col("thrusmoke").fill_null(False).alias("through_smoke"),
    ).sort("tick", maintain_order=True)


def _lasting(table: pl.DataFrame) -> pl.DataFrame:
    return (
        table.select(
            pl.col("start_tick").cast(pl.Int32), pl.col("end_tick").cast(pl.Int32).fill_null(_FOREVER), "x", "y", "z"
        )
        .drop_nulls()
        .sort("start_tick", maintain_order=True)
    )


def _missiles(table: pl.DataFrame) -> pl.DataFrame:
    kind = pl.col("type").cast(pl.String).str.to_lowercase()
    return (
        table.select(
            pl.col("tick").cast(pl.Int32),
            (pl.col("entity_id").cast(pl.Int64) * 2**20 + pl.col("entity_serial").cast(pl.Int64)).alias("key"),
            kind.replace(_MISSILES).alias("kind"),
            "x",
            "y",
            "z",
        )
        .drop_nulls(["x", "y", "z"])
        .sort("tick", maintain_order=True)
    )


def _shots(table: pl.DataFrame, slots: _Slots) -> pl.DataFrame:
    shots = table.select(pl.col("tick").cast(pl.Int32), slots.column(table), _weapon("weapon").alias("weapon"))
    silent = pl.col("weapon").str.contains("knife|bayonet|grenade|flashbang|molotov|decoy|c4|taser")
    return shots.filter(~silent, pl.col("slot") >= 0).sort("tick", maintain_order=True)


def _blinds(table: pl.DataFrame, slots: _Slots) -> pl.DataFrame:
    return (
        table.select(pl.col("tick").cast(pl.Int32), slots.column(table, "victim_"), pl.col("duration").cast(pl.Float32))
        .filter(pl.col("slot") >= 0, pl.col("duration") > 0)
        .sort("tick", maintain_order=True)
    )


def bomb_of(demo: Any, slots: _Slots | None = None) -> pl.DataFrame:
    """What the bomb's events make of it: tick, state, site, planter, x, y, z; without a row where there are none."""
    events: pl.DataFrame = demo.bomb
    who = slots.column(events) if slots is not None else pl.lit(-1, pl.Int16).alias("slot")
    site = pl.col("bombsite").cast(pl.String).fill_null("").str.extract(r"([AB])$", 1).fill_null("")
    table = events.select(
        pl.col("tick").cast(pl.Int32),
        pl.col("event").cast(pl.String).replace_strict(_BOMB, default=None, return_dtype=pl.String).alias("state"),
        site.alias("site"),
        who.alias("planter"),
        "x",
        "y",
        "z",
    ).drop_nulls("state")
    return pl.concat([table, _explosions(demo, table)]).sort("tick", maintain_order=True)


def _explosions(demo: Any, known: pl.DataFrame) -> pl.DataFrame:
    """awpy's bomb table leaves explosions out; the game's own event has them, without a place."""
    if known.filter(pl.col("state") == "exploded").height:
        return known.clear()
    try:
        blasts: pl.DataFrame = demo.events["bomb_exploded"]
    except (AttributeError, KeyError):
        return known.clear()
    ticks = blasts.select(pl.col("tick").cast(pl.Int32), state=pl.lit("exploded"))
    return pl.concat([known.clear(), ticks], how="diagonal").with_columns(
        pl.col("site").fill_null(""), pl.col("planter").fill_null(-1)
    )


def _round_starts(rounds: pl.DataFrame) -> pl.DataFrame:
    return (
        rounds.filter(~pl.col("is_knife_round").fill_null(False))
        .select(pl.coalesce("start_tick", "freeze_end_tick").cast(pl.Int32).alias("tick"))
        .drop_nulls()
        .sort("tick")
    )
