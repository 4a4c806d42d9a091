"""The truth's projectiles, smokes and fires against awpy's tables of them."""

from typing import Any

import numpy as np
import polars as pl

from apps.simulation.demofile.comparing.differences import Difference, of_rows
from apps.simulation.demofile.comparing.grenades import flown_of
from apps.simulation.demofile.comparing.people import POSITION_WITHIN
from apps.simulation.demofile.comparing.recorded import Recorded

_SPOT = dict.fromkeys("xyz", pl.Float32)
_PERSON: dict[str, Any] = {"thrower_name": pl.String, "thrower_steamid": pl.UInt64, "thrower_side": pl.String}
_LASTING: dict[str, Any] = {"tick": pl.Int32, "end_tick": pl.Int32, **_PERSON, **_SPOT}
_FLIGHT: dict[str, Any] = {"tick": pl.Int32, "type": pl.String, **_PERSON, **_SPOT}
_NEAR = dict.fromkeys("xyz", POSITION_WITHIN)
_TYPES = {"smokegrenade": "smoke", "hegrenade": "he", "incgrenade": "molotov"}


def differences(recorded: Recorded, demo: Any) -> list[Difference]:
    demo.load("grenades", "smokes", "fires")
    out = _flights(recorded, demo)
    for name in ("smokes", "fires"):
        expected = pl.DataFrame(_clouds(recorded, name), schema=_LASTING)
        found = getattr(demo, name).rename({"start_tick": "tick"}).select(expected.columns)
        out += of_rows(f"{name} (table)", expected, found, ["tick", "x"], _NEAR)
    return out


def _clouds(recorded: Recorded, name: str) -> list[dict[str, object]]:
    return [
        {
            "tick": row["from_tick"], "end_tick": row["to_tick"],
            **_thrower(recorded, row["thrower"], row["from_tick"]), **{axis: row[axis] for axis in "xyz"},
        }
        for row in recorded.shown(name).iter_rows(named=True)
    ]  # fmt: skip


def _thrower(recorded: Recorded, slot: int, tick: int) -> dict[str, object]:
    if not recorded.here(slot, tick):
        return dict.fromkeys(_PERSON)
    return {
        "thrower_name": recorded.names[slot], "thrower_steamid": recorded.steamids[slot],
        "thrower_side": recorded.side(slot, tick),
    }  # fmt: skip


def _flights(recorded: Recorded, demo: Any) -> list[Difference]:
    """awpy has a row wherever a grenade's place changes."""
    rows = []
    for flown in flown_of(recorded):
        last: tuple[object, ...] = ()
        for row in sorted((row for row in flown if row["there"]), key=lambda row: (row["tick"], row["smoke_tick"])):
            place = tuple(np.float32(row[axis]) for axis in "xyz")
            if place != last:
                rows.append({
                    "tick": row["tick"], "type": _TYPES.get(row["kind"], row["kind"]),
                    **_thrower(recorded, row["thrower"], row["tick"]), **{axis: row[axis] for axis in "xyz"},
                })  # fmt: skip
            last = place
    expected = pl.DataFrame(rows, schema=_FLIGHT).sort("tick", maintain_order=True)
    found = demo.grenades.sort("tick", "entity_serial", "entity_id").select(expected.columns)
    return of_rows("flight (grenades)", expected, found, ["tick", "type", "thrower_name"], _NEAR)
