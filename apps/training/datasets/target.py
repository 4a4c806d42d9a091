"""The answer that SFT teaches for one sample: engine truth in all three sections.

``game_state`` is what the frame shows. ``analysis`` holds facts only. ``advice`` says what this player really did next,
in varied words; where that is not known the advice only restates the facts, and the target is marked ``format``: it
teaches the shape of an answer and no play.
"""

import json
from random import Random
from typing import Any, Literal

from apps.captures.labelling.sample import Sample
from apps.training.rewards.behavior import Behavior, behavior_of

from . import wording
from .facts import loadout, situation, visible_state

Kind = Literal["perception", "behavior", "format"]
Targets = Literal["full", "perception"]


def target(sample: Sample, *, targets: Targets = "full", seed: int = 0) -> tuple[dict[str, Any], Kind]:
    """The answer as an object, and what it teaches. The same sample and seed give the same words.

    "perception" holds the section ``game_state`` alone and does not pass the gate by itself. "full", the default,
    passes it: a model that has never seen a whole answer starts GRPO with a reward of 0 everywhere and learns nothing.
    """
    state = visible_state(sample)
    if targets == "perception":
        return {"game_state": state}, "perception"
    rng = Random(f"{seed}:{sample.demo_sha256}:{sample.tick}:{sample.slot}")  # noqa: S311 - words, not secrets
    behavior = behavior_of(sample.behavior)
    advice = _advice_without_play(state, rng) if behavior.is_empty else _advice(behavior, state, rng)
    kind: Kind = "format" if behavior.is_empty else "behavior"
    return {"game_state": state, "analysis": _analysis(state, rng), "advice": advice}, kind


def target_text(answer: dict[str, Any]) -> str:
    """The answer as the model shall write it: JSON on one line, in the schema's order."""
    return json.dumps(answer, ensure_ascii=False, allow_nan=False)


def _analysis(state: dict[str, Any], rng: Random) -> dict[str, Any]:
    analysis: dict[str, Any] = {"situation_summary": situation(state, rng)}
    if state["player_money"] is not None:
        worn = loadout(state) or "no weapon in view"
        analysis["economy_assessment"] = f"${state['player_money']} in hand, {worn}."
    return analysis


def _advice(behavior: Behavior, state: dict[str, Any], rng: Random) -> dict[str, Any]:
    return {
        "primary_action": wording.primary_action(behavior, state, rng) or "Nothing is known of the next move.",
        "reasoning": situation(state, rng),
        "fallback": wording.fallback(behavior, state, rng),
        "callout": wording.callout(behavior, state, rng),
        "behavior": _stated(behavior),
    }


def _advice_without_play(state: dict[str, Any], rng: Random) -> dict[str, Any]:
    facts = situation(state, rng, arms=False)  # a grenade named in an action reads as one to throw
    return {
        "primary_action": rng.choice(("Take in the situation: ", "First the facts: ", "As it stands: ")) + facts,
        "reasoning": situation(state, rng),
        "fallback": wording.fallback(Behavior(), state, rng),
        "callout": wording.callout(None, state, rng),
    }


def _stated(behavior: Behavior) -> dict[str, Any]:
    values = {
        "movement_direction": behavior.movement_direction,
        "objective_direction": behavior.objective_direction,
        "utility_used": None if behavior.utility_used is None else sorted(behavior.utility_used),
        "initiated_engagement": behavior.initiated_engagement,
        "engagement_delay": None if behavior.engagement_delay is None else round(behavior.engagement_delay, 2),
    }
    return {name: value for name, value in values.items() if value is not None}
