"""The best behaviour at a moment in a coach's words: concrete, short, and never against the state or the behaviour.

Sentences are built from ``advice_phrases`` with what the frame and the context tell. A draft that would be read as
another behaviour than the one advised (``rewards.behavior_text``) is thrown away and the next one tried.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from random import Random
from typing import Any

from apps.training.rewards.behavior import FEATURES, Behavior
from apps.training.rewards.behavior_text import read_text
from apps.training.trainers.hud import advice_phrases as phrases
from apps.training.trainers.hud.advice_scene import Scene

HURT, SHORT_S, LATE_S = 30, 25, 40
MOST_CALL_WORDS = 8
_NO_FIGHT = 0.95


def advice(scene: Scene, rng: Random) -> dict[str, Any]:
    """The section ``advice`` with the behaviour in numbers."""
    return {
        "primary_action": primary_action(scene, rng),
        "reasoning": reasoning(scene, rng),
        "fallback": fallback(scene, rng),
        "callout": callout(scene, rng),
        "behavior": dict(scene.advised),
    }


def primary_action(scene: Scene, rng: Random) -> str:
    """What to do, where, with how much time and how many, what for, and how to fight.

    Raises:
        ValueError: no draft says what the behaviour is (a gap in the phrases).
    """
    for told in (scene, replace(scene, state={**scene.state, "place_name": None})):  # a place's name may read as a move
        for text in _drafts(told, rng):
            if agrees(text, scene.behavior):
                return text
    raise ValueError(f"There are no words for {dict(scene.advised)} in {dict(scene.state)}.")


def agrees(text: str, behavior: Behavior) -> bool:
    """Whether everything that ``text`` can be read to advise is what ``behavior`` says."""
    told = read_text(text)
    for name in FEATURES:
        said, meant = getattr(told, name), getattr(behavior, name)
        if said is None or meant is None:
            continue
        if name == "engagement_delay":
            if abs(said - meant) > 0.2 + 1e-9:
                return False
        elif said != meant:
            return False
    return True


def _drafts(scene: Scene, rng: Random) -> Iterator[str]:
    moves, aims, fights = (_mixed(options, rng) for options in (moves_for(scene), aims_for(scene), fights_for(scene)))
    start = rng.choice(phrases.STARTING) if scene.starts else ""
    if scene.waits and scene.movement == 1:
        start = start + _lowered(rng.choice(phrases.WAITING), bool(start))
    for aim, move, fight in product([*aims, ""], moves, fights):
        lead = ", ".join(filter(None, (start + _lowered(_filled(move, scene), bool(start)), *_measures(scene))))
        aimed = f"{lead}: {_filled(aim, scene)}." if aim and not scene.starts else f"{lead}."
        clip = phrases.RELOAD if scene.state["ammo_clip"] else phrases.EMPTY
        reload = rng.choice(clip) if scene.empties else ""
        yield " ".join(filter(None, (aimed, fight, _filled(reload, scene))))


def _mixed(options: tuple[str, ...], rng: Random) -> list[str]:
    return rng.sample(options, len(options))


def _lowered(text: str, inside: bool) -> str:
    return text[0].lower() + text[1:] if inside else text


def _measures(scene: Scene) -> tuple[str, str]:
    """Time and numbers, where they are known and say something."""
    seconds = f"{scene.seconds} s left" if scene.seconds is not None else ""
    counted = scene.state["alive_teammates"] is not None and scene.enemies > 0
    return seconds, f"{scene.mates + 1} against {scene.enemies}" if counted and not scene.starts else ""


def moves_for(scene: Scene) -> tuple[str, ...]:
    """The phrases for this movement, the special ones alone where they apply."""
    way = (scene.movement, scene.objective)
    fights = bool(scene.behavior.initiated_engagement)
    if scene.planted and scene.is_ct and scene.objective == 1 and scene.enemies == 0:
        return phrases.DEFUSE
    if way == (-1, -1) and not fights and scene.worth_saving and scene.lead < 0 and not scene.starts:
        return phrases.SAVE
    if way == (1, 1) and not scene.planted and not scene.is_ct and scene.carries:
        return phrases.CARRY_STARTING if scene.starts else phrases.CARRY
    if way == (1, 1) and not scene.is_ct and scene.bomb_down:
        return phrases.FETCH
    if scene.on_site and scene.objective == 1 and not scene.planted:
        return phrases.ON_SITE[scene.movement]
    if way == (0, 0) and scene.gun == "AWP":
        return phrases.SNIPER
    return tuple(one for one in phrases.MOVES[(_situation(scene), *way)] if scene.gun or "{gun}" not in one)


def _situation(scene: Scene) -> str:
    if scene.planted:
        return "retake" if scene.is_ct else "post"
    return "ct" if scene.is_ct else "t"


def aims_for(scene: Scene) -> tuple[str, ...]:
    """What the move is for."""
    return phrases.AIMS[_aim(scene)]


def _aim(scene: Scene) -> str:
    if moves_for(scene) in (phrases.SAVE, phrases.DEFUSE):
        return "save" if moves_for(scene) == phrases.SAVE else "defuse"
    if scene.movement <= 0 and scene.health <= HURT:
        return "hurt"
    if scene.planted:
        return _planted_aim(scene)
    if scene.seconds is not None and scene.seconds <= LATE_S and (scene.is_ct or scene.objective == 1):
        return "clock_yours" if scene.is_ct else "clock_short"
    if scene.movement == 1:
        return "alone" if scene.mates == 0 else "numbers" if scene.lead > 0 else "down" if scene.lead < 0 else "even"
    return "alone" if scene.mates == 0 else "down" if scene.lead < -1 else "calm"


def _planted_aim(scene: Scene) -> str:
    if not scene.is_ct:
        return "time_yours"
    return "bomb_ticks" if scene.objective == 1 else "alone" if scene.mates == 0 else "calm"


def fights_for(scene: Scene) -> tuple[str, ...]:
    """How to fight, from who begins and when."""
    if scene.enemies == 0 and scene.state["alive_enemies"] is not None:
        return ("",)
    delay = scene.behavior.engagement_delay or 0.0
    if scene.behavior.initiated_engagement:
        return phrases.FIGHTS["later" if scene.waits and scene.movement != 1 else "soon"]
    return phrases.FIGHTS["none" if delay >= _NO_FIGHT else "back"]


def reasoning(scene: Scene, rng: Random) -> str:
    """Two facts that speak for the move."""
    names = [name for name, holds in _reasons(scene) if holds]
    first, second = names[0], rng.choice(names[1:3])
    return f"{_sentence(phrases.REASONS[first], scene)}; {_filled(phrases.REASONS[second], scene)}."


def _reasons(scene: Scene) -> list[tuple[str, bool]]:
    back, alone = scene.movement < 0, scene.mates == 0
    late = scene.seconds is not None and scene.seconds <= LATE_S
    return [
        ("lead", scene.lead > 0),
        ("even", scene.lead == 0),
        ("behind", scene.lead < 0),
        ("hurt", 0 < scene.health <= HURT and scene.movement <= 0),
        ("bomb_ticks", scene.planted and scene.is_ct),
        ("time_yours", scene.planted and not scene.is_ct),
        ("clock_short", late and not scene.is_ct and not scene.planted),
        ("clock_yours", late and scene.is_ct),
        ("keep_gun", moves_for(scene) == phrases.SAVE),
        ("unarmoured", scene.state["player_armor"] == 0),
        ("mate_at", scene.mate_place is not None and not alone),
        ("strong", scene.health >= 80 and not back),
        ("alone", alone),
        ("mates", scene.mates > 1),
        ("mate", scene.mates == 1),
    ]


def fallback(scene: Scene, rng: Random) -> str:
    """What is left when it does not work."""
    return _filled(rng.choice(phrases.FALLBACKS[_fallback(scene)]), scene)


def _fallback(scene: Scene) -> str:
    alone = scene.mates == 0
    if scene.movement < 0:
        return "back" if scene.gun else "back_bare"
    if scene.planted and scene.is_ct and scene.objective == 1:
        return "retake" if scene.worth_saving else "retake_bare"
    if scene.movement == 1 or scene.objective == 1:
        return "push_alone" if alone else "push_team"
    if scene.planted and not scene.is_ct:
        return "hold_post"
    return "hold_alone" if alone else "hold_ct" if scene.is_ct or scene.planted else "hold_t"


def callout(scene: Scene, rng: Random) -> str:
    """At most eight words to say aloud: where, how many, what."""
    parts = [scene.place or "", f"{scene.enemies} enemies" if scene.enemies != 1 else "1 enemy"]
    if moves_for(scene) == phrases.SAVE:
        parts.append("saving")
    elif moves_for(scene) == phrases.DEFUSE:
        parts.append("defusing")
    elif scene.planted and scene.is_ct and (scene.movement, scene.objective) == (1, 1):
        parts.append("retaking")
    elif scene.movement == 0 and scene.objective:
        parts.append(_filled(phrases.CALLS_ASIDE[scene.objective][0], scene))
    else:
        parts.append(rng.choice(phrases.CALLS[scene.movement]))
    while len(" ".join(parts).split()) > MOST_CALL_WORDS:
        parts.pop(0)
    return ", ".join(part for part in parts if part)


def _filled(text: str, scene: Scene) -> str:
    """Slots filled in."""
    place = scene.place
    leaves = place and not (scene.on_site and scene.objective == 1)
    values = {
        "out": f" from {place}" if leaves else "",
        "here": place or "where you are",
        "at": f"at {place}" if place else "where you are",
        "gun": scene.gun or "knife",
        "own": scene.mates + 1,
        "mates": scene.mates,
        "mates_counted": phrases.MATES[scene.mates != 1].format(mates=scene.mates),
        "enemies": scene.enemies,
        "lead": scene.lead,
        "behind": -scene.lead,
        "seconds": scene.seconds,
        "health": scene.health,
        "money": scene.money,
        "clip": scene.state["ammo_clip"],
        "site": scene.site,
        "goal": "bomb" if scene.planted else "site",
        "mate_place": scene.mate_place,
    }
    return text.format(**values)


def _sentence(text: str, scene: Scene) -> str:
    filled = _filled(text, scene)
    return filled[0].upper() + filled[1:]


filled, sentence = _filled, _sentence
