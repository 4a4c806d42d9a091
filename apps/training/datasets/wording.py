"""What a player really did next, put into a coach's words.

Sentences are built from the features of the behaviour and from facts, with words drawn by a seeded generator: no fixed
set of canned advice (seven templates taught seven actions). What is not known is not said.
"""

from random import Random
from typing import Any

from apps.training.rewards.behavior import Behavior

_MOVES = {
    (1, 1): ("push {to}", "go forward {to}", "move up and get {to}", "press forward {to}", "advance {to}"),
    (1, 0): ("push forward", "advance on them", "close in on them", "move up and press them", "step up"),
    (1, -1): ("push them and leave {site}", "advance away from {site}", "close in on them, away from {site}"),
    (0, 1): ("stay patient and move {to}", "keep your distance and walk {to}", "stay quiet and go {to}"),
    (0, 0): (
        "hold {here}",
        "stay {here} and wait",
        "watch your angle {here}",
        "anchor {here}",
        "keep your position {here}",
    ),
    (0, -1): ("stay calm and move away from {site}", "keep your distance and get away from {site}"),
    (-1, 1): ("fall back {to}", "drop back {to}", "retreat {to}", "pull back {to}"),
    (-1, 0): ("fall back", "give ground and drop back", "back off from them", "pull back", "retreat"),
    (-1, -1): ("leave {site} and fall back", "fall back, away from {site}", "give up {site} and retreat"),
}
_TO = ("to the site", "towards the site", "to the bombsite")
_TO_BOMB = ("to the bomb", "towards the bomb", "to the planted bomb")
_FIRST = ("take the first shot", "open the fight yourself", "shoot first", "start the duel on your terms")
_THEIRS = (
    "let them come to you",
    "make them start the fight",
    "do not start the fight",
    "leave the first shot to them",
)
_NONE = ("avoid a fight", "do not fight for now", "stay out of every duel", "no fight is needed")
_SOON = ("right away", "now", "at once", "immediately")
_LATER = ("after a short wait", "once the time is right", "a few seconds from now", "when you are set")
_THROW = ("use your {items}", "throw the {items}", "spend the {items}", "open with the {items}")
_KEEP = ("keep your utility", "save your grenades", "throw nothing", "no grenade is needed")
_NAMES = {"smoke": "smoke", "flash": "flash", "he": "HE grenade", "molotov": "molotov", "decoy": "decoy"}
_AGAIN = (
    "If that fails, {retry}.",
    "Should it go wrong, {retry}.",
    "If they are ready for it, {retry}.",
    "Otherwise {retry}.",
)


def primary_action(behavior: Behavior, state: dict[str, Any], rng: Random) -> str:
    """One sentence per thing known of the behaviour, the move first."""
    parts = [_move(behavior, state, rng), _fight(behavior, rng), _grenades(behavior, rng)]
    known = [part for part in parts if part]
    return " ".join(f"{part[0].upper()}{part[1:]}." for part in known)


def fallback(behavior: Behavior, state: dict[str, Any], rng: Random) -> str:
    """What is left if the advice does not work, from who and what is left."""
    options = ["get behind cover and take stock again"]
    if state["alive_teammates"]:
        options += [f"regroup with your {_count(state['alive_teammates'], 'teammate')}", "trade with your team"]
    elif state["alive_teammates"] == 0:
        options += ["play for one duel at a time"]
    if state["weapon_primary"]:
        options += [f"keep the {state['weapon_primary']} alive"]
    if state["bomb_status"] == "planted":
        options += ["mind the bomb's clock before anything else"]
    if behavior.movement_direction == 1:
        options += ["give the ground back step by step"]
    return rng.choice(_AGAIN).format(retry=rng.choice(options))


def callout(behavior: Behavior | None, state: dict[str, Any], rng: Random) -> str:
    """A few words to say aloud: where, how many, what."""
    parts = [state["place_name"], f"{state['player_health']} HP" if state["player_health"] is not None else ""]
    if state["alive_enemies"] is not None:
        parts.append(rng.choice(("{} left", "{} up", "{} enemies")).format(state["alive_enemies"]))
    moves = {1: ("going in", "pushing"), 0: ("holding", "staying"), -1: ("falling back", "backing off")}
    direction = behavior.movement_direction if behavior else None
    if direction is not None:
        parts.append(rng.choice(moves[direction]))
    return ", ".join(filter(None, parts)) or "Nothing to report"


def _move(behavior: Behavior, state: dict[str, Any], rng: Random) -> str:
    if behavior.movement_direction is None:
        return ""
    planted = state["bomb_status"] == "planted"
    place = state["place_name"]
    words = rng.choice(_MOVES[behavior.movement_direction, behavior.objective_direction or 0])
    here = rng.choice((f"at {place}", f"around {place}") if place else ("where you are", "here"))
    return words.format(
        to=rng.choice(_TO_BOMB if planted else _TO), site="the bomb" if planted else "the site", here=here
    )


def _fight(behavior: Behavior, rng: Random) -> str:
    if behavior.engagement_delay is not None and behavior.engagement_delay >= 0.95:
        return rng.choice(_NONE)
    if behavior.initiated_engagement is None:
        return ""
    if not behavior.initiated_engagement:
        return rng.choice(_THEIRS)
    if behavior.engagement_delay is None:
        return rng.choice(_FIRST)
    return f"{rng.choice(_FIRST)} {rng.choice(_SOON if behavior.engagement_delay < 0.35 else _LATER)}"


def _grenades(behavior: Behavior, rng: Random) -> str:
    if behavior.utility_used is None:
        return ""
    items = [_NAMES[name] for name in _NAMES if name in behavior.utility_used]
    if not items:
        return rng.choice(_KEEP)
    rng.shuffle(items)
    return rng.choice(_THROW).format(items=" and the ".join(items))


def _count(number: int, noun: str) -> str:
    return noun if number == 1 else f"{number} {noun}s"
