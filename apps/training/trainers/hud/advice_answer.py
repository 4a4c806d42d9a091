"""A whole answer: what the frame shows, what to make of it, what to do; or that this cannot be told from the frame."""

from random import Random
from typing import Any

from apps.training.trainers.hud import advice_phrases as phrases
from apps.training.trainers.hud.advice_scene import Scene
from apps.training.trainers.hud.advice_words import HURT, LATE_S, SHORT_S, advice, filled, sentence

ROUNDS_TO_WIN = 13
_EDGES = (0.1, 0.35, 0.65, 0.9)  # shares of rounds won, between the words of ``CHANCES``
_RICH, _HALF = 3_900, 2_000  # dollars: rifle and armour; a cheaper gun and armour
_EARLY_S = 85


def answer(scene: Scene, chance: float, rng: Random) -> dict[str, Any]:
    """``game_state``, ``analysis`` and ``advice``; ``chance`` is the share of such rounds that are won this way."""
    return {"game_state": dict(scene.state), "analysis": analysis(scene, chance, rng), "advice": advice(scene, rng)}


def analysis(scene: Scene, chance: float, rng: Random) -> dict[str, Any]:
    """The situation in a line, money, weight of the round, the first danger and the first chance."""
    found: dict[str, Any] = {"situation_summary": summary(scene, chance, rng)}
    if scene.state["player_money"] is not None:
        found["economy_assessment"] = economy(scene)
    importance = round_importance(scene.state["score_ct"], scene.state["score_t"])
    if importance is not None:
        found["round_importance"] = importance
    return found | {"immediate_threats": [_first(_threats(scene), phrases.THREATS, scene)]} | _opportunity(scene)


def summary(scene: Scene, chance: float, rng: Random) -> str:
    counts = filled(phrases.SUMMARIES[0] if scene.mates == 0 else rng.choice(phrases.SUMMARIES), scene)
    if scene.enemies == 0:
        counts = filled("{own} against nobody", scene)
    place = f" at {scene.place}" if scene.place else ""
    parts = [counts + place, _phase(scene), phrases.CHANCES[sum(chance > edge for edge in _EDGES)]]
    text = ", ".join(part for part in parts if part)
    return f"{text[0].upper()}{text[1:]}."


def _phase(scene: Scene) -> str:
    if scene.starts:
        return phrases.PHASES["freeze"]
    if scene.planted:
        return filled(phrases.PHASES["planted_at" if scene.site else "planted"], scene)
    if scene.carries:
        return phrases.PHASES["carries"]
    if scene.bomb_down:
        return phrases.PHASES["dropped"]
    return filled(phrases.PHASES["left"], scene) if scene.seconds is not None else ""


def economy(scene: Scene) -> str:
    if scene.starts:
        return filled(phrases.ECONOMY["start"], scene)
    level = "rich" if scene.money >= _RICH else "half" if scene.money >= _HALF else "poor"
    return filled(phrases.ECONOMY[level], scene)


def round_importance(ct: int | None, t: int | None) -> str | None:
    """From the score alone: match point, pistol round or a close late round, a clear lead, or neither."""
    if ct is None or t is None:
        return None
    if max(ct, t) >= ROUNDS_TO_WIN - 1:
        return "critical"
    if ct + t in (0, ROUNDS_TO_WIN - 1) or (ct + t >= 16 and abs(ct - t) <= 2):
        return "high"
    return "low" if abs(ct - t) >= 6 else "medium"


def _first(cases: list[tuple[str, bool]], texts: dict[str, str], scene: Scene) -> str:
    return filled(texts[next(name for name, holds in cases if holds)], scene)


def _threats(scene: Scene) -> list[tuple[str, bool]]:
    return [
        ("bomb", scene.enemies == 0),
        ("hurt", 0 < scene.health <= HURT),
        ("outnumbered", scene.lead <= -2),
        ("empty", scene.empties and scene.state["ammo_clip"] == 0),
        ("clip", scene.empties),
        ("clock", scene.seconds is not None and scene.seconds <= SHORT_S and not scene.is_ct),
        ("awp", scene.enemy_awp),
        ("bomb", scene.planted and scene.is_ct),
        ("retake", scene.planted),
        ("unarmoured", scene.state["player_armor"] == 0),
        ("execute", scene.is_ct and scene.seconds is not None and scene.seconds <= LATE_S),
        ("early", scene.is_ct and (scene.starts or scene.seconds is None or scene.seconds >= _EARLY_S)),
        ("split", scene.is_ct),
        ("crossfire", True),
    ]


def _opportunity(scene: Scene) -> dict[str, list[str]]:
    cases = [
        ("free", scene.planted and scene.is_ct and scene.enemies == 0),
        ("numbers", scene.lead > 0),
        ("clock", (scene.planted and not scene.is_ct) or (scene.is_ct and not scene.planted and not scene.starts)),
        ("sound", scene.mates == 0),
        ("trade", True),
    ]
    return {"opportunities": [_first(cases, phrases.OPPORTUNITIES, scene)]}


def cannot_tell(kind: str, scene: Scene, rng: Random) -> dict[str, Any]:
    """The answer to a frame that hides the situation (a key of ``UNKNOWN``): it says so, and advises no behaviour."""
    texts = phrases.UNKNOWN[kind]
    told = {name: filled(rng.choice(options), scene) for name, options in texts.items()}
    if kind == "watching" and scene.mates == 0:
        told["primary_action"] = phrases.WATCHING_LAST[0]
    found: dict[str, Any] = {"situation_summary": told.pop("situation_summary")}
    if kind == "menu":
        found["economy_assessment"] = filled(phrases.ECONOMY["menu"], scene)
    return {"game_state": dict(scene.state), "analysis": found, "advice": told}


__all__ = ["analysis", "answer", "cannot_tell", "economy", "round_importance", "sentence", "summary"]
