"""A small match made by hand: four players, one whole round, engine truth known to the tick."""

from dataclasses import replace
from typing import Any

import polars as pl

from apps.captures.labelling.recording import Recording, RoundFacts

START, FREEZE_END, END, LAST = 0, 128, 3000, 3400
PLANT, FIRST_KILL = 2000, 1000
SLOTS = {0: ("Ann", "T"), 1: ("Bo", "T"), 5: ("Cy", "CT"), 6: ("Di", "CT")}
INVENTORIES = {
    0: ["knife", "glock", "ak47", "c4", "flashbang", "flashbang"],
    1: ["knife", "glock"],
    5: ["knife", "usp_silencer", "m4a1_silencer", "smokegrenade", "incgrenade"],
    6: ["knife", "hkp2000"],
}
EVENTS: dict[str, list[dict[str, Any]]] = {
    "kills": [
        {"tick": FIRST_KILL, "attacker": 0, "victim": 6, "weapon": "AK-47", "headshot": True},
        {"tick": 2500, "attacker": 5, "victim": 1, "weapon": "M4A1-S", "headshot": False},
    ],
    "damages": [
        {"tick": FIRST_KILL, "attacker": 0, "victim": 6, "damage": 100, "weapon": "ak47"},
        {"tick": 2500, "attacker": 5, "victim": 1, "damage": 50, "weapon": "m4a1_silencer"},
        {"tick": 2510, "attacker": 0, "victim": 1, "damage": 100, "weapon": "ak47"},
    ],
    "throws": [{"tick": 700, "slot": 0, "word": "flash"}, {"tick": 2600, "slot": 5, "word": "smoke"}],
    "bomb": [{"tick": PLANT, "event": "planted", "slot": 0, "site": "A", "x": 900.0, "y": 0.0, "z": 0.0}],
}
SCHEMAS: dict[str, Any] = {
    "kills": {"tick": pl.Int32, "attacker": pl.Int64, "victim": pl.Int64, "weapon": pl.String, "headshot": pl.Boolean},
    "damages": {
        "tick": pl.Int32,
        "attacker": pl.Int64,
        "victim": pl.Int64,
        "damage": pl.Int32,
        "weapon": pl.String,
    },
    "throws": {"tick": pl.Int32, "slot": pl.Int64, "word": pl.String},
    "bomb": {
        "tick": pl.Int32,
        "event": pl.String,
        "slot": pl.Int64,
        "site": pl.String,
        "x": pl.Float64,
        "y": pl.Float64,
        "z": pl.Float64,
    },
}
STATE_SCHEMA: dict[str, Any] = {"inventory": pl.List(pl.String), "reserve": pl.Int32, "primary_weapon": pl.String}
DEATHS = {row["victim"]: row["tick"] for row in EVENTS["kills"]}


def player_row(tick: int, slot: int) -> dict[str, Any]:
    """Ann runs along x at 0.4 units a tick towards the enemies at x = 1000; the others stand."""
    name, side = SLOTS[slot]
    x = {0: tick * 0.4, 1: 0.0, 5: 1000.0, 6: 1000.0}[slot]
    carried = [thing for thing in INVENTORIES[slot] if thing != "c4" or tick < PLANT]
    rifles = [thing for thing in carried if thing in ("ak47", "m4a1_silencer")]
    return {
        "tick": tick,
        "slot": slot,
        "steamid": 0,
        "name": name,
        "side": side,
        "x": x,
        "y": 200.0 * slot,
        "z": 0.0,
        "yaw": 15.0 * slot,
        "pitch": 0.0,
        "health": 0 if tick >= DEATHS.get(slot, LAST + 1) else 100 - slot,
        "armor": 100 if side == "CT" else 0,
        "has_helmet": slot == 5,
        "has_defuser": slot == 5,
        "has_bomb": "c4" in carried,
        "money": 1000 * (slot + 1),
        "active_weapon": rifles[0] if rifles else "knife",
        "primary_weapon": rifles[0] if rifles else None,
        "secondary_weapon": carried[1],
        "inventory": carried,
        "clip": 30 if rifles else None,
        "reserve": None,
        "place_name": "BombsiteA" if x >= 800 else "TopofMid",
        "flash_duration": 0.0,
        "velocity": 25.6 if slot == 0 else 0.0,
    }


def rules_row(tick: int) -> dict[str, Any]:
    phase = "freeze" if tick < FREEZE_END else "live" if tick < PLANT else "planted" if tick < END else "over"
    return {
        "tick": tick,
        "phase": phase,
        "clock_s": 115.0 - (tick - FREEZE_END) / 64 if phase == "live" else None,
        "score_ct": 3,
        "score_t": 7,
        "bomb_status": "planted" if phase == "planted" else None,
    }


def recording(last_tick: int = LAST, step: int = 4) -> Recording:
    """Every ``step``-th tick up to ``last_tick``, and what happened until then."""
    ticks = sorted({*range(START, last_tick + 1, step), last_tick})
    tables = {
        name: pl.DataFrame([row for row in rows if row["tick"] <= last_tick], schema=SCHEMAS[name])
        for name, rows in EVENTS.items()
    }
    whole = RoundFacts(1, START, FREEZE_END, END, winner_side="T", score_ct=3, score_t=7)
    return Recording(
        map_name="de_test",
        tick_rate=64.0,
        first_tick=START,
        last_tick=last_tick,
        rounds=(whole if last_tick >= END else replace(whole, end_tick=last_tick, is_partial=True, winner_side=""),),
        states=pl.DataFrame(
            [player_row(tick, slot) for tick in ticks for slot in SLOTS], schema_overrides=STATE_SCHEMA
        ),
        rules=pl.DataFrame(
            [rules_row(tick) for tick in ticks], schema_overrides={"clock_s": pl.Float64, "bomb_status": pl.String}
        ),
        **tables,
    )
