"""What happened up to a moment, as plain rows: from them the labels and the round context of real frames are made."""

from typing import Any

import polars as pl

from apps.simulation.advicesamples.moments import Case, Played
from apps.simulation.items import Place, item
from apps.simulation.recording import PlayerState

_BOMB = {"bomb_pickup": "pickup", "bomb_dropped": "dropped", "bomb_planted": "planted", "bomb_defused": "defused"}


def facts_of(played: Played, case: Case) -> dict[str, Any]:
    """Everybody's row at the moment and at freeze end, the round, the rules, and the round's events so far.

    Items bear the engine's names; ``kills``: tick, attacker, victim, weapon; ``throws``: tick, slot, kind; ``bomb``:
    tick, event, slot, site.
    """
    row, tick = case.round, case.tick
    rules = case.moment.rules
    begun = tick >= row["freeze_end_tick"]
    at_start = played.recording.at(row["freeze_end_tick"]) if begun else None
    home_is_ct = row["side_0"] == 3
    return {
        "map_name": played.recording.map_name,
        "tick": tick,
        "slot": case.facts.player.slot,
        "round": {
            "number": row["number"],
            "start_tick": row["start_tick"],
            "freeze_end_tick": row["freeze_end_tick"],
            "end_tick": max(row["official_end_tick"] or 0, row["end_tick"]),
            "score_ct": row["score_0"] if home_is_ct else row["score_1"],
            "score_t": row["score_1"] if home_is_ct else row["score_0"],
        },
        "rules": {
            "phase": rules.phase,
            "clock_s": rules.clock_s,
            "score_ct": rules.score_ct,
            "score_t": rules.score_t,
            "bomb_status": _bomb_status(played, case),
        },
        "people": [_person(one) for one in case.moment.players.values()],
        "at_start": [] if at_start is None else [_person(one) for one in at_start.players.values()],
        "kills": _kills(played, row["start_tick"], tick),
        "throws": _throws(played, row["start_tick"], tick),
        "bomb": _bomb(played, row["start_tick"], tick),
    }


def _person(one: PlayerState) -> dict[str, Any]:
    def first(place: Place) -> str | None:
        return next((short for short in one.inventory if item(short).place is place), None)

    return {
        "slot": one.slot, "name": one.name, "side": one.side, "health": one.health, "armor": one.armor,
        "has_helmet": one.has_helmet, "has_defuser": one.has_defuser, "has_bomb": "c4" in one.inventory and one.alive,
        "money": one.money, "active_weapon": one.active_weapon, "primary_weapon": first(Place.PRIMARY),
        "secondary_weapon": first(Place.PISTOL), "inventory": list(one.inventory), "clip": one.clip,
        "reserve": one.reserve, "place_name": one.place, "x": round(one.x), "y": round(one.y), "z": round(one.z),
    }  # fmt: skip


def _bomb_status(played: Played, case: Case) -> str:
    """As the game's rules tell it: what became of a planted bomb; before that whether somebody holds it."""
    plants = played.truth.tables["plants"].filter(
        pl.col("from_tick").is_between(case.round["start_tick"], case.tick)
    ).to_dicts()  # fmt: skip
    if plants:
        last = plants[-1]
        over = last["to_tick"] <= case.tick and last["outcome"] in ("defused", "exploded")
        return str(last["outcome"]) if over else "planted"
    held = any("c4" in one.inventory and one.alive for one in case.moment.players.values())
    return "carried" if held else "dropped"


def _kills(played: Played, start: int, tick: int) -> list[dict[str, Any]]:
    table = played.recording.happenings.tables.get("kills")
    if table is None:
        return []
    rows = table.filter(pl.col("tick").is_between(start, tick)).select(
        "tick", attacker="attacker_slot", victim="victim_slot", weapon="weapon"
    )
    return rows.to_dicts()


def _throws(played: Played, start: int, tick: int) -> list[dict[str, Any]]:
    table = played.truth.tables["projectiles"].filter(pl.col("from_tick").is_between(start, tick))
    return table.select(tick="from_tick", slot="thrower", kind="kind").to_dicts()


def _bomb(played: Played, start: int, tick: int) -> list[dict[str, Any]]:
    """Site: the truth's table knows its letter, the event only a number."""
    found = [
        {"tick": event.tick, "event": _BOMB[event.name], "slot": int(event.fields["userid"]), "site": None}
        for event in played.truth.events
        if event.name in _BOMB and start <= event.tick <= tick
    ]
    plants = played.truth.tables["plants"].filter(pl.col("from_tick").is_between(start, tick)).to_dicts()
    for one in found:
        if one["event"] in ("planted", "defused"):
            one["site"] = plants[-1]["site"] if plants else None
    if plants and plants[-1]["outcome"] == "exploded" and plants[-1]["to_tick"] <= tick:
        found.append({"tick": plants[-1]["to_tick"], "event": "exploded", "slot": None, "site": plants[-1]["site"]})
    return found
