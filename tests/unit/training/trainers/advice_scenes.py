"""Made-up scenes and sample lines for the tests of advice."""

from random import Random
from typing import Any

from hypothesis import strategies as st

from apps.training.trainers.hud.advice_samples import fields
from apps.training.trainers.hud.advice_scene import Scene
from apps.training.trainers.hud.advice_teacher import sayable

PLACES = ("Bombsite A", "Bombsite B", "Long Doors", "CT Start", "T Start", "Back Alley", "Banana", "Short", "Hut Roof")
GUNS = (None, "AK-47", "M4A1-S", "AWP", "FAMAS", "MP9", "Nova")
PISTOLS = ("Glock-18", "USP-S", "Desert Eagle")
CONTEXTS = (
    "",
    "Round 3\n\nEVENTS:\n- 2 s: kestrel (T) picked up the bomb\n- 20 s: kestrel (T) dropped the bomb",
    "Round 4\n\nEVENTS:\n- 9 s: ibex (T) killed Noor (CT) with AWP\n- 30 s: ibex (T) planted the bomb at B\n\n"
    "CURRENT STATE:\nAlive: T 3, CT 2\nTeammate: Runa, 80 HP, Mid Doors",
)
DEFUSING = {
    "movement_direction": 0,
    "objective_direction": 1,
    "utility_used": [],
    "initiated_engagement": False,
    "engagement_delay": 1.0,
}


def scene(source: Random) -> Scene:
    """A scene that could be, with a behaviour that could be advised there."""
    phase = source.choice(("freeze", "live", "live", "planted"))
    side = source.choice(("CT", "T"))
    gun, pistol = source.choice(GUNS), source.choice((*PISTOLS, None))
    enemies = source.randint(0 if phase == "planted" and side == "CT" else 1, 5)
    state: dict[str, Any] = dict.fromkeys(fields())
    state |= {
        "round_phase": phase,
        "player_side": side,
        "player_health": source.choice((100, 100, source.randint(1, 100))),
        "player_armor": source.choice((0, 100, 43)),
        "player_has_helmet": source.random() < 0.5,
        "player_money": 50 * source.randint(0, 200),
        "weapon_primary": gun,
        "weapon_secondary": pistol,
        "weapon_in_hand": gun or pistol,
        "ammo_clip": source.randint(0, 30),
        "ammo_reserve": source.choice((0, 30, 90)),
        "round_clock": None if phase == "planted" else f"{source.randint(0, 1)}:{source.randint(0, 55):02d}",
        "score_ct": source.randint(0, 13),
        "score_t": source.randint(0, 12),
        "alive_teammates": source.randint(0, 4),
        "alive_enemies": enemies,
        "bomb_status": "planted"
        if phase == "planted"
        else "carried"
        if side == "T" and source.random() < 0.3
        else None,
        "place_name": source.choice((*PLACES, None)),
    }
    told = behavior(source) if enemies else DEFUSING
    return Scene(state, source.choice(CONTEXTS), told)


def behavior(source: Random) -> dict[str, Any]:
    """One that the simulation offers and that can be said plainly."""
    while True:
        began, delay = source.choice(((True, 0.2), (True, 0.6), (False, 0.2), (False, 1.0)))
        found = {
            "movement_direction": source.choice((-1, 0, 1)),
            "objective_direction": source.choice((-1, 0, 1)),
            "utility_used": [],
            "initiated_engagement": began,
            "engagement_delay": delay,
        }
        if sayable(found) and not (found["movement_direction"] == 1 and delay == 1.0):
            return found


scenes = st.integers(0, 2**32).map(lambda seed: scene(Random(seed)))


def line(number: int, source: Random, *, kind: str = "live", held_out: bool = False) -> dict[str, Any]:
    """A sample's line with two options, of which going in wins more often the more are alive."""
    left, right = source.randint(1, 5), source.randint(1, 5)
    options = []
    for move, began in ((1, True), (0, True), (-1, False)):
        told = {
            "movement_direction": move,
            "objective_direction": move,
            "utility_used": [],
            "initiated_engagement": began,
            "engagement_delay": 0.2 if began else 1.0,
        }
        rate = min(1.0, max(0.0, 0.5 + 0.2 * move * (1 if left > right else -1)))
        options.append({"behavior": told, "wins": [round(rate * 12)] * 2, "lived": 12})
    person = {
        "slot": 0, "name": "ibex", "side": "CT", "health": 100, "armor": 100, "has_helmet": True, "has_defuser": False,
        "has_bomb": False, "money": 500, "active_weapon": "ak47", "primary_weapon": "ak47", "secondary_weapon": "glock",
        "inventory": ["ak47", "glock", "hegrenade"], "clip": 30, "reserve": 90, "place_name": "LongDoors",
        "x": 0, "y": 0, "z": 0,
    }  # fmt: skip
    people = [{**person, "slot": slot} for slot in range(left)]
    people += [{**person, "slot": 5 + slot, "side": "T"} for slot in range(right)]
    truth = {
        "map_name": "de_quay", "tick": 5_000, "slot": 0, "people": people, "at_start": people,
        "round": {
            "number": 2, "start_tick": 1_000, "freeze_end_tick": 2_000, "end_tick": 9_000, "score_ct": 1, "score_t": 0,
        },
        "rules": {"phase": "live", "clock_s": 60.0, "score_ct": 1, "score_t": 0, "bomb_status": "carried"},
        "kills": [], "throws": [], "bomb": [],
    }  # fmt: skip
    found = {
        "file": f"{number:06d}.jpg", "kind": kind, "phase": "live", "side": "CT", "clock": "1:00", "score_left": 1,
        "score_right": 0, "alive_left": left, "alive_right": right, "money": 500, "place": "Long Doors", "health": 100,
        "armor": 100, "helmet": True, "clip": 30, "reserve": 90, "weapon": "AK-47 | Redline", "planted": False,
        "weapon_primary": "AK-47", "weapon_secondary": "Glock-18", "utility": ["High Explosive Grenade"],
        "defuser": False, "bomb": False, "held_out": held_out, "match": number // 4, "context_mode": "full",
        "truth": truth,
    }  # fmt: skip
    if kind in ("live", "freeze"):
        shown = options[1]["behavior"]
        found |= {"options": options, "copies": 12, "usual": [6, 6], "shown": shown, "shown_option": 1}
    return found
