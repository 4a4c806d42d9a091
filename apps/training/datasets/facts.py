"""Engine truth that a frame shows, as values and as sentences. Nothing here is opinion."""

from collections import Counter
from random import Random
from typing import Any

from apps.captures.labelling.sample import Sample
from apps.captures.labelling.schema import section_schema
from apps.training.rewards.perception import scored_fields

SEEN = "geometry"  # enemies in view are in the frame, though no HUD element says so


def visible_state(sample: Sample) -> dict[str, Any]:
    """The target ``game_state``: every field of the schema, null for what the frame does not show.

    Fields given only by the round context stay null: teaching them from the frame teaches guessing.
    """
    shown = {
        *scored_fields(sample.label, sample.observability),
        *(name for name, where in sample.observability.items() if where == SEEN),
    }
    return {
        name: sample.label.get(name) if name in shown else None for name in section_schema("game_state")["properties"]
    }


def situation(state: dict[str, Any], rng: Random, *, arms: bool = True) -> str:
    """A sentence of facts from a visible state, in varied order; with or without what the player carries."""
    parts = [part for part in (_numbers(state), _body(state), _arms(state) if arms else "", _round(state)) if part]
    rng.shuffle(parts)
    text = ", ".join(parts) or "the frame shows too little of the HUD"
    return f"{text[0].upper()}{text[1:]}."


def loadout(state: dict[str, Any]) -> str:
    """ "AK-47, 2 Flashbangs", or nothing."""
    return _arms(state).removeprefix("armed with ")


def _numbers(state: dict[str, Any]) -> str:
    mates, enemies = state["alive_teammates"], state["alive_enemies"]
    if mates is None or enemies is None:
        return ""
    return f"{mates + 1} against {enemies}"


def _body(state: dict[str, Any]) -> str:
    if state["player_health"] is None:
        return ""
    armor = "" if state["player_armor"] is None else f" and {state['player_armor']} armour"
    return f"{state['player_health']} health{armor}"


def _arms(state: dict[str, Any]) -> str:
    weapon = state["weapon_primary"] or state["weapon_in_hand"] or state["weapon_secondary"]
    grenades = Counter(state["utility"] or ())
    names = [weapon] * bool(weapon) + [f"{n} × {name}" if n > 1 else name for name, n in grenades.items()]
    return f"armed with {', '.join(names)}" if names else ""


def _round(state: dict[str, Any]) -> str:
    place = f"at {state['place_name']}" if state["place_name"] else ""
    bomb = "the bomb is planted" if state["bomb_status"] == "planted" else ""
    clock = f"{state['round_clock']} on the clock" if state["round_clock"] else ""
    return ", ".join(filter(None, (place, bomb, clock)))
