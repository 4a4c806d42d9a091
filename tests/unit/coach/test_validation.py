"""What is said about a finished answer."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.coach.advice.validation import MAX_PROBLEMS, validate
from tests.integration.coach.fake_server import VALID


def _changed(path: str, value: Any) -> str:
    answer: Any = copy.deepcopy(VALID)
    *folders, name = path.split(".")
    place = answer
    for folder in folders:
        place = place[folder]
    if value is ...:
        del place[name]
    else:
        place[name] = value
    return json.dumps(answer)


def test_a_valid_answer_has_no_problems() -> None:
    assert validate(json.dumps(VALID)) == (VALID, [])
    assert validate(f"```json\n{json.dumps(VALID)}\n```") == (VALID, [])


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("game_state.player_health", 250, "game_state.player_health is more than 100: 250."),
        ("game_state.player_health", "full", "game_state.player_health should be integer or null: 'full'."),
        ("game_state.player_side", "counter-terrorist", "game_state.player_side should be one of CT, T, null"),
        ("game_state.round_clock", "soon", "game_state.round_clock is not written as it should be: 'soon'."),
        ("game_state.mood", "good", "game_state.mood is no field of an answer."),
        ("game_state.utility", ["Smoke"], "game_state.utility.0 should be one of Smoke Grenade, Flashbang"),
        ("game_state.alive_enemies", -1, "game_state.alive_enemies is less than 0: -1."),
        ("advice.behavior", {"engagement_delay": 7}, "advice.behavior.engagement_delay is more than 1: 7."),
        ("advice.callout", "", "advice.callout"),
        ("advice.fallback", ..., "advice.fallback"),
        ("analysis", ..., "analysis"),
    ],
)
def test_each_mistake_is_named_by_its_field(path: str, value: Any, said: str) -> None:
    _, problems = validate(_changed(path, value))
    assert len(problems) == 1
    assert said in problems[0]


@pytest.mark.parametrize("text", ["", "  \n", "push mid", '{"advice"', json.dumps(VALID) * 2, "[]", "null", "{}"])
def test_what_is_no_answer_at_all_is_said_in_one_sentence(text: str) -> None:
    answer, problems = validate(text)
    assert answer is None
    assert len(problems) == 1
    assert problems[0].endswith(".")


def test_a_flood_of_problems_is_counted_not_listed() -> None:
    answer = {**VALID, "game_state": {f"field{number}": 1 for number in range(50)}}
    _, problems = validate(json.dumps(answer))
    assert len(problems) == MAX_PROBLEMS + 1
    assert "38 more" in problems[-1]


def test_huge_values_are_not_repeated_whole() -> None:
    _, problems = validate(_changed("game_state.round_clock", "x" * 10_000))
    assert len(problems[0]) < 200


@given(st.text() | st.recursive(st.none() | st.floats() | st.text(), lambda inner: st.lists(inner)).map(json.dumps))
def test_it_never_raises(text: str) -> None:
    answer, problems = validate(text)
    assert answer is None
    assert problems
