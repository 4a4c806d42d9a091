"""The truth's events and tracks against awpy's tables of kills, damages, shots, blinds and bomb actions."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from apps.simulation.demofile.comparing.differences import Difference, of_rows
from apps.simulation.demofile.comparing.people import ANGLE_WITHIN, POSITION_WITHIN
from apps.simulation.demofile.comparing.recorded import Recorded, plain
from apps.simulation.demofile.things import PAWNS
from apps.simulation.truth.match import Event

Row = dict[str, object]
_WITHIN = {f"{who}{axis}": POSITION_WITHIN for who in ("", "attacker_", "victim_", "assister_") for axis in "xyz"} | {
    "pitch": ANGLE_WITHIN, "yaw": ANGLE_WITHIN,
}  # fmt: skip
_RISE = 0.05  # seconds; found by trying
_BOMB = {
    "bomb_pickup": "pickup", "bomb_dropped": "drop", "bomb_beginplant": "start_plant", "bomb_planted": "finish_plant",
    "bomb_abortplant": "interrupt_plant", "bomb_defused": "defuse",
}  # fmt: skip


def differences(recorded: Recorded, demo: Any) -> list[Difference]:
    demo.load("kills", "damages", "shots", "blinds", "bomb")
    return [
        *_compared("kills", _kills(recorded), demo.kills),
        *_compared("damages", _damages(recorded), demo.damages),
        *_compared("shots", _shots(recorded), demo.shots),
        *_compared("blinds", _blinds(recorded), demo.blinds),
        *_compared("bomb", _bomb(recorded), demo.bomb),
    ]


def _compared(what: str, rows: list[Row], found: pl.DataFrame) -> list[Difference]:
    """In order of ticks; within one, of the file. What awpy itself works out from other columns is left out."""
    if not rows:
        return [Difference(what, None, "", 0, found.height)] if found.height else []
    names = [name for name in rows[0] if name != "player"]
    found = found.with_columns(player=pl.lit(""))
    schema: dict[str, Any] = {name: found.schema[name] for name in names}
    expected = pl.DataFrame([{name: row[name] for name in names} for row in rows], schema=schema, strict=False)
    return of_rows(what, expected, found.select(names), ["tick"], _WITHIN)


def _events(recorded: Recorded, *names: str) -> Iterator[tuple[int, Event]]:
    for event in recorded.truth.events:
        tick = recorded.tick(event.tick)
        if event.name in names and tick is not None:
            yield tick, event


def _person(recorded: Recorded, slot: int, tick: int, prefix: str) -> Row:
    """Who and where that slot is at the end of the tick; nulls for nobody."""
    if not recorded.here(slot, tick):
        names = ("entity_id", "entity_serial", "steamid", "name", "side", "x", "y", "z")
        return {f"{prefix}{name}": None for name in names}
    return {
        f"{prefix}entity_id": slot + PAWNS, f"{prefix}entity_serial": 0, f"{prefix}steamid": recorded.steamids[slot],
        f"{prefix}name": recorded.names[slot], f"{prefix}side": recorded.side(slot, tick),
        **{f"{prefix}{axis}": recorded.at(axis, slot, tick) for axis in "xyz"},
    }  # fmt: skip


def _pair(recorded: Recorded, event: Event, tick: int) -> Row:
    attacker, victim = (int(event.fields.get(key, -1)) for key in ("attacker", "userid"))
    return {**_person(recorded, attacker, tick, "attacker_"), **_person(recorded, victim, tick, "victim_")}


def _kills(recorded: Recorded) -> list[Row]:
    return [
        {
            "tick": tick, **_pair(recorded, event, tick),
            **_person(recorded, int(event.fields.get("assister", -1)), tick, "assister_"),
            "weapon": plain(str(event.fields.get("weapon", ""))),
            "assist_flash": bool(event.fields.get("assistedflash")),
            **{name: bool(event.fields.get(name)) for name in ("headshot", "noscope", "thrusmoke")},
            **{name: int(event.fields.get(name, 0)) for name in ("dominated", "penetrated", "revenge", "hitgroup")},
        }
        for tick, event in _events(recorded, "player_death")
    ]  # fmt: skip


def _damages(recorded: Recorded) -> list[Row]:
    return [
        {
            "tick": tick, **_pair(recorded, event, tick), "weapon": plain(str(event.fields.get("weapon", ""))),
            **{name: int(event.fields.get(name, 0)) for name in ("dmg_health", "dmg_armor", "hitgroup")},
            "health_post": int(event.fields.get("health", 0)), "armor_post": int(event.fields.get("armor", 0)),
        }
        for tick, event in _events(recorded, "player_hurt")
    ]  # fmt: skip


def _shots(recorded: Recorded) -> list[Row]:
    rows = []
    for tick, event in _events(recorded, "weapon_fire"):
        slot = int(event.fields.get("userid", -1))
        clip = recorded.clip(int(recorded.at("active", slot, tick)), tick)
        rows.append({
            "tick": tick, **_person(recorded, slot, tick, ""), "weapon": plain(str(event.fields.get("weapon", ""))),
            "pitch": recorded.at("pitch", slot, tick), "yaw": recorded.at("yaw", slot, tick),
            "scoped": bool(recorded.at("scoped", slot, tick)), "num_bullets_remaining": clip,
        })  # fmt: skip
    return rows


def _blinds(recorded: Recorded) -> list[Row]:
    """awpy takes a rise of the flash's duration for a blind: a weaker one before the next spawn escapes it."""
    rows: dict[tuple[int, int], Row] = {}
    for tick, event in _events(recorded, "player_blind"):
        victim, row = int(event.fields.get("userid", -1)), recorded.row(tick)
        duration = recorded.at("flash_duration", victim, tick)
        before = recorded.at("flash_duration", victim, int(recorded.ticks[row - 1])) if row else duration
        if duration > before + _RISE:
            rows[tick, victim] = {"tick": tick, **_pair(recorded, event, tick), "duration": duration}
    return list(rows.values())


def _bomb(recorded: Recorded) -> list[Row]:
    rows = []
    for tick, event in _events(recorded, *_BOMB):
        person = _person(recorded, int(event.fields.get("userid", -1)), tick, "")
        del person["side"]
        site = "AB"[int(event.fields.get("site", 0))] if event.name in ("bomb_planted", "bomb_defused") else None
        rows.append({"tick": tick, "event": _BOMB[event.name], **person, "bombsite": site})
    return rows
