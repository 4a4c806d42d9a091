"""awpy's snapshots of every tick: what it makes of the players' entities, with names instead of handles."""

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from apps.simulation.demofile.comparing.differences import Difference
from apps.simulation.demofile.comparing.people import ANGLE_WITHIN, POSITION_WITHIN, Grid
from apps.simulation.demofile.comparing.recorded import SIDES, Recorded
from apps.simulation.items import Place, item
from apps.simulation.truth.match import Team

_TRACKS = {
    "health": "health", "armor": "armor", "has_helmet": "has_helmet", "has_defuser": "has_defuser",
    "equipment_value": "equipment_value", "equipment_value_round_start": "round_start_equipment_value",
    "money": "money", "is_walking": "walking", "is_in_bomb_zone": "in_bomb_zone", "is_scoped": "scoped",
    "is_defusing": "defusing", "velocity_x": "vx", "velocity_y": "vy", "velocity_z": "vz",
    "flash_duration": "flash_duration",
}  # fmt: skip
_COUNTS = {
    "fire_grenades": ("molotov", "incendiary"), "smoke_grenades": ("smokegrenade",), "he_grenades": ("hegrenade",),
    "flashbangs": ("flashbang",), "decoy_grenades": ("decoy",),
}  # fmt: skip
_WORDS = {"incgrenade": "incendiary"}
_UNNAMED = ("healthshot",)  # awpy leaves it out
Load = tuple[str, ...]


def differences(recorded: Recorded, raw: pl.DataFrame) -> list[Difference]:
    """The rows of one tick come in the order of slots, but do not tell the slot; who has no team is left out."""
    tracks = recorded.truth.tracks.fields
    rows, columns = _in_order_of_slots(recorded)
    if raw.height != len(rows):
        return [Difference("snapshots", None, "", len(rows), raw.height)]
    if raw.is_empty():
        return []
    if (raw["tick"].to_numpy() != recorded.ticks[rows]).any():
        return [Difference("snapshots.tick", None, "", "the ticks at which they are connected", "others")]
    grid = Grid(recorded, rows, columns)
    out = []
    for name, field in _TRACKS.items():
        out += grid.compare(f"snapshots.{name}", tracks[field], raw[name])
    for axis in "xyz":
        out += grid.compare(f"snapshots.{axis}", tracks[axis], raw[axis], POSITION_WITHIN)
    for name in ("pitch", "yaw"):
        out += grid.compare(f"snapshots.{name}", tracks[name], raw[name], ANGLE_WITHIN, turns=True)
    speed = np.sqrt(sum(tracks[axis].astype(np.float64) ** 2 for axis in ("vx", "vy", "vz")))
    out += grid.compare("snapshots.velocity", speed, raw["velocity"], 1e-2)
    out += grid.compare("snapshots.is_crouched", tracks["duck"] > 0.5, raw["is_crouched"])
    out += grid.compare("snapshots.is_jumping", ~tracks["on_ground"], raw["is_jumping"])
    sides = np.array([SIDES[team] for team in Team], object)[np.minimum(tracks["team"], 3)]
    out += grid.compare("snapshots.side", sides, raw["side"])
    ids = np.array([recorded.steamids[slot] for slot in recorded.slots], np.uint64)
    out += grid.compare("snapshots.steamid", np.broadcast_to(ids, tracks["team"].shape), raw["steamid"])
    names = np.array([recorded.names[slot] for slot in recorded.slots], object)
    out += grid.compare("snapshots.name", np.broadcast_to(names, tracks["team"].shape), raw["name"].fill_null(""))
    return out + _belongings(recorded, raw, grid)


def _in_order_of_slots(recorded: Recorded) -> tuple[np.ndarray, np.ndarray]:
    by_slot = np.argsort(np.array(recorded.slots))
    tracks = recorded.truth.tracks
    rows, places = np.nonzero((tracks["connected"] & (tracks["team"] != Team.UNASSIGNED))[:, by_slot])
    return rows, by_slot[places]


def _belongings(recorded: Recorded, raw: pl.DataFrame, grid: Grid) -> list[Difference]:
    where, loads = recorded.carried
    named: list[Load] = [tuple(awpy_name(recorded.item_of[number]) for number in load) for load in loads]

    def each(make: Callable[[Load], object], kind: Any = object) -> np.ndarray:
        table: np.ndarray = np.array([*map(make, named)], kind)[where]
        return table

    out = []
    for name, items in _COUNTS.items():
        expected = each(lambda load, items=items: sum(one in items for one in load), np.int64)  # type: ignore[misc]
        out += grid.compare(f"snapshots.{name}", expected, raw[name])
    out += grid.compare("snapshots.has_bomb", each(lambda load: "c4" in load, np.bool_), raw["has_bomb"])
    out += grid.compare(
        "snapshots.inventory",
        each(lambda load: ",".join(one for one in load if one not in _UNNAMED)),
        raw["inventory"].fill_null(""),
    )
    for name, place in (("primary_weapon", Place.PRIMARY), ("secondary_weapon", Place.PISTOL)):
        expected = each(lambda load, place=place: _last(load, place))  # type: ignore[misc]
        out += grid.compare(f"snapshots.{name}", expected, raw[name].fill_null(""))
    ids = recorded.truth.tracks["active"]
    known, back = np.unique(ids, return_inverse=True)
    words = np.array([awpy_name(recorded.item_of.get(int(number), "")) for number in known], object)
    active = words[back.reshape(ids.shape)]
    return out + grid.compare("snapshots.active_weapon", active, raw["active_weapon"].fill_null(""))


def awpy_name(short: str) -> str:
    """awpy's word: every knife is one."""
    return "knife" if short.startswith("knife") else _WORDS.get(short, short)


def _last(load: Load, place: Place) -> str:
    """Of several (nobody can carry them) awpy names the one that came last."""
    return next((one for one in reversed(load) if item(one).place == place), "")
