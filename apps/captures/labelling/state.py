"""Engine state at one tick → ``game_state`` of the answer schema. What is not known is null."""

from math import ceil
from typing import Any

from jsonschema import Draft202012Validator

from apps.captures.labelling.places import place_name
from apps.captures.labelling.recording import Recording
from apps.captures.labelling.schema import section_schema
from apps.demos.parsing.items import hud_name, item, utility

PHASES = ("freeze", "live", "planted", "over")
BOMB_STATES = ("none", "carried", "dropped", "planted", "defused", "exploded")
MOST_GRENADES = 5  # what the schema allows


class LabelError(ValueError):
    """No label can be made; the message says why, as a sentence."""


def game_state(recording: Recording, tick: int, slot: int) -> dict[str, Any]:
    """What is true at ``tick`` for the player in ``slot``, every field of the schema present.

    Raises:
        LabelError: the player is not there or dead, or the facts contradict the schema.
    """
    player = recording.player_at(tick, slot)
    if player is None:
        raise LabelError(f"The recording has no state of this player at tick {tick}.")
    if not player["health"] or player["health"] <= 0:
        raise LabelError(f"The player is not alive at tick {tick}.")
    rules = recording.rules_at(tick)
    state = {
        "map_name": recording.map_name or None,
        "round_phase": rules.get("phase") if rules.get("phase") in PHASES else None,
        "player_side": player["side"],
        "player_health": player["health"],
        "player_armor": player["armor"],
        "player_has_helmet": player["has_helmet"],
        "player_has_defuser": player["has_defuser"],
        "player_money": player["money"],
        **_team(recording, tick, player),
        **_equipment(player),
        "round_clock": _clock(rules),
        "score_ct": rules.get("score_ct"),
        "score_t": rules.get("score_t"),
        "bomb_status": bomb_status(recording, tick),
        "place_name": place_name(player["place_name"]),
        "site": _site(recording, tick),
        "visible_enemies": None,  # needs the map's geometry
    }
    _validate(state)
    return state


def _team(recording: Recording, tick: int, player: dict[str, Any]) -> dict[str, Any]:
    everyone = recording.players_at(tick)
    mates = [row for row in everyone if row["side"] == player["side"]]
    alive = [row for row in everyone if (row["health"] or 0) > 0]
    money = [row["money"] for row in mates]
    return {
        "team_money_total": None if None in money else sum(money),
        "alive_teammates": sum(row["side"] == player["side"] for row in alive) - 1,
        "alive_enemies": sum(row["side"] in ("CT", "T") and row["side"] != player["side"] for row in alive),
    }


def _equipment(player: dict[str, Any]) -> dict[str, Any]:
    inventory = player["inventory"]
    in_hand = item(player["active_weapon"])
    shows_ammunition = in_hand is not None and in_hand.has_ammunition
    grenades = None if inventory is None else utility(inventory)
    return {
        "weapon_primary": hud_name(player["primary_weapon"]),
        "weapon_secondary": hud_name(player["secondary_weapon"]),
        "weapon_in_hand": in_hand.hud_name if in_hand else None,
        "ammo_clip": player["clip"] if shows_ammunition else None,
        "ammo_reserve": player["reserve"] if shows_ammunition else None,
        "utility": None if grenades is None or len(grenades) > MOST_GRENADES else grenades,
    }


def _clock(rules: dict[str, Any]) -> str | None:
    """Minutes and seconds left, rounded up as the HUD does; nothing once the bomb's icon stands there."""
    seconds = rules.get("clock_s")
    if seconds is None or seconds < 0 or rules.get("phase") == "planted":
        return None
    whole = ceil(seconds)
    return f"{whole // 60}:{whole % 60:02d}" if whole < 6000 else None


def bomb_status(recording: Recording, tick: int) -> str | None:
    """Planted and after by the rules, else by who holds the C4 (pitfall 3); null where neither tells."""
    told = recording.rules_at(tick).get("bomb_status")
    if told in ("planted", "defused", "exploded"):
        return str(told)
    if any(row["has_bomb"] for row in recording.players_at(tick)):
        return "carried"
    return str(told) if told in BOMB_STATES and told != "carried" else None


def _site(recording: Recording, tick: int) -> str | None:
    """The site of a planted bomb; before that nobody knows."""
    facts = next((facts for facts in recording.rounds if facts.start_tick <= tick <= facts.end_tick), None)
    if facts is None:
        return None
    plants = [row for row in recording.between(recording.bomb, facts.start_tick, tick) if row["event"] == "planted"]
    return plants[-1]["site"] if plants else None


_VALIDATOR = Draft202012Validator(section_schema("game_state"))


def _validate(state: dict[str, Any]) -> None:
    error = next(iter(_VALIDATOR.iter_errors(state)), None)
    if error is not None:
        where = ".".join(str(part) for part in error.absolute_path) or "the whole"
        raise LabelError(f"The recording says something impossible about {where}: {error.message[:120]}.")
