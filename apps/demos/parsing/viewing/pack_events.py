"""The events of a pack: who shot, hit, killed, blinded; what was thrown, burned and bought; the bomb."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from apps.demos.parsing.items import item
from apps.demos.parsing.viewing.pack_words import Ints, Words, deltas, whole

POINTS_PER_SECOND = 16  # of a grenade's path
SMOKE_S, FIRE_S = 20.0, 7.0  # where the end was not recorded
MAX_SLOT = 64
KILL_FLAGS = {"headshot": 1, "noscope": 2, "thrusmoke": 4, "assist_flash": 8, "is_trade": 16}
WALLBANG = 32
FLASHES = ("flashbang", "he")  # gone the moment they go off; others lie where they landed


def build(
    tables: Mapping[str, pl.DataFrame | None],
    words: Words,
    slots: list[int],
    *,
    first: int,
    last: int,
    tick_rate: float,
) -> dict[str, Any]:
    """Events between two ticks, a dictionary of equally long lists each.

    ``shots`` {tick (deltas), player, yaw}; ``damages`` {tick, attacker, victim, weapon, health, armor, ax, ay, vx, vy};
    ``kills`` {tick, attacker, victim, assister, weapon, flags, ax, ay, az, vx, vy, vz}; ``blinds`` {tick, attacker,
    victim, ms}; ``grenades`` {type, player, start, end, points} and their points one after the other: {dt (ticks since
    the point before), x, y, z (deltas within the path)}; ``smokes``, ``fires`` {start, end, player, x, y, z}; ``bomb``
    {tick, event, player, site, x, y, z}; ``purchases`` {tick, player, item, cost}.
    """
    place = np.full(MAX_SLOT + 1, -1, np.int64)
    place[slots] = np.arange(len(slots))
    reader = _Reader(tables, words, place, first, last)
    return {
        "shots": _shots(reader),
        "damages": _damages(reader),
        "kills": _kills(reader),
        "blinds": _blinds(reader),
        "grenades": _grenades(reader, tick_rate),
        "smokes": _clouds(reader, "smokes", round(SMOKE_S * tick_rate)),
        "fires": _clouds(reader, "fires", round(FIRE_S * tick_rate)),
        "bomb": _bomb(reader),
        "purchases": _purchases(reader),
    }


class _Reader:
    """Rows of the stretch, and columns as lists of integers whatever is missing."""

    def __init__(
        self, tables: Mapping[str, pl.DataFrame | None], words: Words, place: Ints, first: int, last: int
    ) -> None:
        self.tables, self.words, self.place, self.first, self.last = tables, words, place, first, last

    def rows(self, name: str) -> pl.DataFrame:
        """The table's rows with a tick of the stretch, in order; no rows where it could not be read."""
        table = self.tables.get(name)
        if table is None or "tick" not in table.columns:
            return pl.DataFrame({"tick": pl.Series([], dtype=pl.Int32)})
        return table.filter(pl.col("tick").is_between(self.first, self.last)).sort("tick", maintain_order=True)

    def numbers(self, rows: pl.DataFrame, column: str, missing: int = 0) -> list[int]:
        found = whole(rows[column], missing=missing) if column in rows.columns else np.full(rows.height, missing)
        return [int(number) for number in found]

    def player(self, rows: pl.DataFrame, column: str) -> list[int]:
        if column not in rows.columns:
            return [-1] * rows.height
        slots = whole(rows[column], missing=MAX_SLOT)
        return self.place[np.where((slots < 0) | (slots > MAX_SLOT), MAX_SLOT, slots)].tolist()  # type: ignore[no-any-return]

    def word(self, rows: pl.DataFrame, column: str, *, are_items: bool = False) -> list[int]:
        if column not in rows.columns:
            return [-1] * rows.height
        return self.words.index(rows[column], are_items=are_items).tolist()  # type: ignore[no-any-return]


def _shots(reader: _Reader) -> dict[str, list[int]]:
    rows = reader.rows("shots")
    if "weapon" in rows.columns:  # a throw or a cut is no shot
        guns = [word for word in rows["weapon"].unique().to_list() if (thing := item(word)) and thing.has_ammunition]
        rows = rows.filter(pl.col("weapon").is_in(guns))
    return {
        "tick": deltas(whole(rows["tick"])),
        "player": reader.player(rows, "slot"),
        "yaw": reader.numbers(rows, "yaw"),
    }


def _damages(reader: _Reader) -> dict[str, list[int]]:
    rows = reader.rows("damages")
    return {
        "tick": reader.numbers(rows, "tick"),
        "attacker": reader.player(rows, "attacker_slot"),
        "victim": reader.player(rows, "victim_slot"),
        "weapon": reader.word(rows, "weapon", are_items=True),
        "health": reader.numbers(rows, "dmg_health"),
        "armor": reader.numbers(rows, "dmg_armor"),
        **_line(reader, rows, "xy"),
    }


def _kills(reader: _Reader) -> dict[str, list[int]]:
    rows = reader.rows("kills")
    flags = np.zeros(rows.height, np.int64)
    for name, bit in KILL_FLAGS.items():
        flags |= (np.array(reader.numbers(rows, name), np.int64) > 0) * bit
    flags |= (np.array(reader.numbers(rows, "penetrated"), np.int64) > 0) * WALLBANG
    return {
        "tick": reader.numbers(rows, "tick"),
        "attacker": reader.player(rows, "attacker_slot"),
        "victim": reader.player(rows, "victim_slot"),
        "assister": reader.player(rows, "assister_slot"),
        "weapon": reader.word(rows, "weapon", are_items=True),
        "flags": flags.tolist(),
        **_line(reader, rows, "xyz"),
    }


def _line(reader: _Reader, rows: pl.DataFrame, axes: str) -> dict[str, list[int]]:
    """From whom to whom; both ends at the victim where nobody did it."""
    line = {f"v{axis}": reader.numbers(rows, f"victim_{axis}") for axis in axes}
    for axis in axes:
        start = reader.numbers(rows, f"attacker_{axis}")
        is_known = rows["attacker_x"].is_not_null().to_list() if "attacker_x" in rows.columns else [False] * rows.height
        line[f"a{axis}"] = [
            own if known else other for own, other, known in zip(start, line[f"v{axis}"], is_known, strict=True)
        ]
    return line


def _blinds(reader: _Reader) -> dict[str, list[int]]:
    rows = reader.rows("blinds")
    seconds = rows["duration"] if "duration" in rows.columns else pl.Series([0.0] * rows.height, dtype=pl.Float64)
    return {
        "tick": reader.numbers(rows, "tick"),
        "attacker": reader.player(rows, "attacker_slot"),
        "victim": reader.player(rows, "victim_slot"),
        "ms": whole(seconds * 1000).tolist(),
    }


def _grenades(reader: _Reader, tick_rate: float) -> dict[str, list[int]]:
    """One path per projectile, from the throw to where it went off or came to rest."""
    key = ["entity_id", "entity_serial"]
    rows = reader.rows("grenades")
    names = ("type", "player", "start", "end", "points", "dt", "x", "y", "z")
    if rows.is_empty() or not {*key, "x", "y", "z", "type"} <= set(rows.columns):
        return {name: [] for name in names}
    step = max(1, round(tick_rate / POINTS_PER_SECOND))
    moved = pl.any_horizontal((pl.col(axis) - pl.col(axis).shift()).abs().fill_null(1) > 0.5 for axis in "xyz")
    paths = (
        rows.sort(*key, "tick")
        .with_columns(
            moved.over(key).alias("_moved"),
            pl.col("tick").min().over(key).alias("_start"),
            pl.col("tick").max().over(key).alias("_gone"),
        )
        .with_columns(pl.col("tick").filter("_moved").max().over(key).alias("_rest"))
        .with_columns(
            pl.when(pl.col("type").is_in(FLASHES))
            .then("_gone")
            .otherwise(pl.max_horizontal("_rest", "_start"))
            .alias("_end")
        )
        .filter(
            pl.col("tick") <= pl.col("_end"),
            ((pl.col("tick") - pl.col("_start")) % step == 0) | (pl.col("tick") == pl.col("_end")),
        )
    )
    begins = paths.select((pl.col("tick") == pl.col("_start")).alias("begins"))["begins"].to_numpy()
    heads = paths.filter(pl.Series(begins))
    return {
        "type": reader.word(heads, "type"),
        "player": reader.player(heads, "thrower_slot"),
        "start": reader.numbers(heads, "_start"),
        "end": reader.numbers(heads, "_end"),
        "points": np.diff(np.append(np.flatnonzero(begins), paths.height)).tolist(),
        "dt": np.where(begins, 0, np.diff(whole(paths["tick"]), prepend=0)).tolist(),
        **{axis: _within(whole(paths[axis]), begins) for axis in "xyz"},
    }


def _within(values: Ints, begins: Any) -> list[int]:
    return np.where(begins, values, np.diff(values, prepend=0)).tolist()  # type: ignore[no-any-return]


def _clouds(reader: _Reader, name: str, length: int) -> dict[str, list[int]]:
    table = reader.tables.get(name)
    if table is None or "start_tick" not in table.columns:
        table = pl.DataFrame(schema={"start_tick": pl.Int32, "end_tick": pl.Int32})
    end = pl.coalesce("end_tick", pl.col("start_tick") + length)
    rows = (
        table.with_columns(end.alias("end_tick"))
        .filter(pl.col("start_tick").is_between(reader.first, reader.last))
        .sort("start_tick", maintain_order=True)
    )
    return {
        "start": reader.numbers(rows, "start_tick"),
        "end": reader.numbers(rows, "end_tick"),
        "player": reader.player(rows, "thrower_slot"),
        **{axis: reader.numbers(rows, axis) for axis in "xyz"},
    }


def _bomb(reader: _Reader) -> dict[str, list[int]]:
    rows = reader.rows("bomb")
    return {
        "tick": reader.numbers(rows, "tick"),
        "event": reader.word(rows, "event"),
        "player": reader.player(rows, "slot"),
        "site": reader.word(rows, "bombsite"),
        **{axis: reader.numbers(rows, axis) for axis in "xyz"},
    }


def _purchases(reader: _Reader) -> dict[str, list[int]]:
    rows = reader.rows("item_events")
    if "action" in rows.columns:
        rows = rows.filter(pl.col("action") == "purchase")
    return {
        "tick": reader.numbers(rows, "tick"),
        "player": reader.player(rows, "slot"),
        "item": reader.word(rows, "item", are_items=True),
        "cost": reader.numbers(rows, "cost"),
    }
