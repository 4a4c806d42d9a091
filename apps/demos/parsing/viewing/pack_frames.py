"""The frames of a pack: where everybody is sixteen times a second, and what changes less often."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from apps.demos.parsing.match.rules import BOMB, PHASES
from apps.demos.parsing.viewing.pack_words import Ints, Words, deltas, numbered, steps, whole

FRAMES_PER_SECOND = 16
Mask = np.ndarray[Any, np.dtype[np.bool_]]
MOVES = ("x", "y", "z")
STEPS = ("health", "armor", "money", "equipment", "clip", "weapon", "primary", "secondary", "place", "utility", "flags")
PRESENT = 1
FLAGS = {
    "has_helmet": 2,
    "has_defuser": 4,
    "has_bomb": 8,
    "is_scoped": 16,
    "is_defusing": 32,
    "is_crouched": 64,
    "is_walking": 128,
    "is_reloading": 256,
}
# Three bits each, from the lowest: how many of it a player holds.
UTILITY = (("flashbang",), ("smokegrenade",), ("hegrenade",), ("molotov", "incgrenade"), ("decoy",), ("taser",))
MOST = 7


@dataclass(frozen=True)
class Frames:
    """Part of a pack, and the slots of its players in their order."""

    content: dict[str, Any]
    slots: list[int]


def build(states: pl.DataFrame, rules: pl.DataFrame, words: Words, *, first: int, tick_rate: float) -> Frames:
    """Frames of the states of one stretch, sorted by tick; see ``pack.build`` for what comes out."""
    known = np.unique(states["tick"].to_numpy())
    ticks = frame_ticks(known, first=first, tick_rate=tick_rate)
    people = (
        states.group_by("slot").agg(pl.col("name", "side").last(), pl.col("steamid").max()).sort("slot")
        if ticks.size
        else states.head(0).select("slot", "name", "side", "steamid")
    )
    slots = [int(slot) for slot in people["slot"].to_list()]
    shown = states.filter(pl.col("tick").is_in(pl.Series(ticks, dtype=pl.Int32).implode())) if ticks.size else states
    content: dict[str, Any] = {
        "ticks": deltas(ticks),
        "players": {
            "slot": slots,
            "steamid": [str(number) for number in people["steamid"].to_list()],  # beyond what a browser counts to
            "name": [word or "" for word in people["name"].to_list()],
            "side": people["side"].to_list(),
            "bot": [not number for number in people["steamid"].to_list()],
        },
        **_columns(shown, words, ticks, slots),
        "game": _game(ticks, rules),
    }
    return Frames(content, slots)


def frame_ticks(known: Ints, *, first: int, tick_rate: float) -> Ints:
    """The ticks to show, of those ``known`` (ascending): the first of every sixteenth of a second, and the last one."""
    if known.size == 0:
        return np.empty(0, np.int64)
    step = max(1, round(tick_rate / FRAMES_PER_SECOND))
    _, at = np.unique((known - first) // step, return_index=True)
    return np.unique(np.append(known[at], known[-1])).astype(np.int64)


def _columns(shown: pl.DataFrame, words: Words, ticks: Ints, slots: list[int]) -> dict[str, Any]:
    """``moves`` and ``steps``; whoever is not there keeps the last values, or takes on the first, without PRESENT."""
    at, present = _rows_by_frame(shown, ticks, slots)
    values = _values(shown, words)
    grids = {name: column[at] if column.size else np.zeros_like(at) for name, column in values.items()}
    if grids:
        grids["flags"] = np.where(present, grids["flags"] | PRESENT, 0)
        grids["yaw"] = _unwrapped(grids["yaw"])
    return {
        "moves": {name: [deltas(row) for row in grids[name]] for name in (*MOVES, "yaw")},
        "steps": {name: [steps(row) for row in grids[name]] for name in STEPS},
    }


def _rows_by_frame(shown: pl.DataFrame, ticks: Ints, slots: list[int]) -> tuple[Ints, Mask]:
    """The row of ``shown`` that holds for each player [p] and frame [n], and whether it is of that very frame."""
    frame = np.searchsorted(ticks, shown["tick"].to_numpy())
    player = np.searchsorted(np.array(slots, np.int64), shown["slot"].to_numpy())
    at = np.full((len(slots), ticks.size), -1, np.int64)
    at[player, frame] = np.arange(shown.height)
    present = at >= 0
    before = np.maximum.accumulate(np.where(present, np.arange(ticks.size), -1), axis=1)
    earliest = present.argmax(axis=1)[:, None] if ticks.size else np.zeros((len(slots), 1), np.int64)
    held = np.where(before >= 0, before, earliest)
    return np.take_along_axis(at, held, axis=1), present


def _values(shown: pl.DataFrame, words: Words) -> dict[str, Ints]:
    flags = np.zeros(shown.height, np.int64)
    for name, bit in FLAGS.items():
        flags |= shown[name].fill_null(value=False).to_numpy().astype(np.int64) * bit
    return {
        **{name: whole(shown[name]) for name in (*MOVES, "yaw", "health", "armor", "money")},
        "equipment": whole(shown["equipment_value"]),
        "clip": whole(shown["clip"], missing=-1),
        "weapon": words.index(shown["active_weapon"], are_items=True),
        "primary": words.index(shown["primary_weapon"], are_items=True),
        "secondary": words.index(shown["secondary_weapon"], are_items=True),
        "place": words.index(shown["place_name"]),
        "utility": _utility(shown["inventory"]),
        "flags": flags,
    }


def _utility(inventory: pl.Series) -> Ints:
    held = inventory.list.join(",")
    return numbered(
        held, {text: _counted(text.split(",")) for text in held.unique().to_list() if text is not None}
    ).clip(0)


def _counted(items: list[str]) -> int:
    return sum(min(sum(map(items.count, kind)), MOST) << (3 * place) for place, kind in enumerate(UTILITY))


def _unwrapped(yaw: Ints) -> Ints:
    """Degrees that go on past ±180, so that a turn is the short way."""
    turns = (np.diff(yaw, axis=1) + 180) % 360 - 180
    return np.concatenate((yaw[:, :1], yaw[:, :1] + np.cumsum(turns, axis=1)), axis=1)


def _game(ticks: Ints, rules: pl.DataFrame) -> dict[str, Any]:
    frames = pl.DataFrame({"tick": pl.Series(ticks, dtype=pl.Int32)})
    game = frames.join_asof(rules.select("tick", "phase", "clock_s", "bomb_status"), on="tick", strategy="backward")
    tenths = whole(game["clock_s"] * 10, missing=-1)
    return {
        "phase": steps(_place_in(PHASES, game["phase"])),
        "bomb": steps(_place_in(BOMB, game["bomb_status"])),
        "clock": deltas(tenths),
    }


def _place_in(words: tuple[str, ...], column: pl.Series) -> Ints:
    return numbered(column.cast(pl.String), {word: place for place, word in enumerate(words)})
