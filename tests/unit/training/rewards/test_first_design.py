"""The signals kept for the ablation: hard and soft fields, consistency, quality."""

from typing import Any

import pytest
from hypothesis import given

from apps.training.rewards import hard_soft
from apps.training.rewards.consistency import consistency
from apps.training.rewards.perception import perceive
from apps.training.rewards.quality import quality
from tests.unit.training.rewards.answers import answer, behaviors, states


def test_hard_and_soft_share_the_fields_out() -> None:
    label = {"player_health": 50, "player_money": 100, "map_name": "de_nuke"}
    found = perceive({"player_health": 50, "player_money": 100}, label)
    assert (hard_soft.hard(found), hard_soft.soft(found)) == (1.0, 0.5)
    assert hard_soft.soft(perceive({}, {"player_health": 50})) is None


@pytest.mark.parametrize(
    ("state", "action", "score"),
    [
        ({"player_health": 12}, "Push A.", 0),
        ({"player_health": 12}, "Avoid a duel.", 1),
        ({"bomb_status": "planted"}, "Defuse.", 1),
        ({"bomb_status": "planted"}, "Push mid.", 0),
        ({"alive_teammates": 0, "alive_enemies": 3}, "Push mid.", 0.5),
        ({"alive_teammates": 0, "alive_enemies": 3}, "Trade with your team.", 0.5),
        ({"weapon_primary": None}, "Save the pistol.", 1),
        ({"utility": ["Smoke Grenade"]}, "Smoke window.", 1),
        ({"utility": []}, "Smoke window.", 0),
        ({}, "Push mid.", 0.5),
    ],
)
def test_advice_must_follow_from_what_was_read(state: dict[str, Any], action: str, score: float) -> None:
    assert consistency(answer(state, primary_action=action)) == pytest.approx(score)


def test_quality_counts_parts_that_say_something_of_their_own() -> None:
    full = answer(
        primary_action="Push A.", reasoning="There are four of you and only two of them left.", fallback="Hold ramp."
    )
    full["analysis"] = {
        "situation_summary": "Four against two with the bomb down.",
        "economy_assessment": "Full buy.",
        "round_importance": "high",
        "immediate_threats": ["AWP at long"],
    }
    assert quality(full) == 1
    assert quality({**full, "advice": {**full["advice"], "fallback": "Push A."}}) < 1
    assert quality({"analysis": {}, "advice": {}}) == 0


@given(states, behaviors)
def test_both_lie_in_0_to_1_whatever_was_read(state: dict[str, Any], behavior: dict[str, Any]) -> None:
    found = answer(state, behavior)
    assert 0 <= consistency(found) <= 1
    assert 0 <= quality({**found, "analysis": state}) <= 1
