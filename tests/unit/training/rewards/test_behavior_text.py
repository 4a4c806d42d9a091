"""Reading behaviour from free text, and what wins when it is stated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.training.rewards.behavior import Behavior, behavior_of
from apps.training.rewards.behavior_text import advised, read_text
from tests.unit.training.rewards.answers import json_values
from tests.unit.training.rewards.sentences import SENTENCES


@pytest.mark.parametrize(("sentence", "meant"), SENTENCES, ids=[sentence for sentence, _ in SENTENCES])
def test_a_sentence_means_what_a_coach_means(sentence: str, meant: Behavior) -> None:
    assert read_text(sentence) == meant


def test_the_table_is_long_and_has_no_repeats() -> None:
    assert len({sentence for sentence, _ in SENTENCES}) == len(SENTENCES) >= 60


@pytest.mark.parametrize(("sentence", "meant"), SENTENCES)
def test_stated_behaviour_and_text_agree_on_the_table(sentence: str, meant: Behavior) -> None:
    """The same advice stated as features reads the same as its text."""
    stated = {
        name: sorted(value) if isinstance(value, frozenset) else value
        for name, value in vars(meant).items()
        if value is not None
    }
    assert advised({"primary_action": "Look around.", "behavior": stated}) == advised({"primary_action": sentence})


def test_stated_behaviour_wins_whole() -> None:
    advice = {"primary_action": "Push B with a flash now.", "behavior": {"movement_direction": -1}}
    assert advised(advice) == Behavior(movement_direction=-1)


@pytest.mark.parametrize("nothing", [None, {}, [], "push", {"movement_direction": 7, "engagement_delay": 2}])
def test_behaviour_that_states_nothing_leaves_the_text_to_speak(nothing: object) -> None:
    assert advised({"primary_action": "Push mid.", "behavior": nothing}).movement_direction == 1


def test_the_callout_fills_what_the_action_leaves_open_and_the_fallback_never_counts() -> None:
    advice = {"primary_action": "Hold the angle.", "callout": "Throw a smoke!", "fallback": "Push with a flash."}
    assert advised(advice) == Behavior(0, 0, frozenset({"smoke"}), False, None)


@pytest.mark.parametrize("value", [True, "1", 2, 0.5, float("nan"), None, [1]])
def test_a_direction_outside_its_domain_is_absent(value: object) -> None:
    assert behavior_of({"movement_direction": value}).movement_direction is None


@given(st.text(max_size=300))
def test_no_text_ever_raises(text: str) -> None:
    read_text(text)


@given(st.lists(st.sampled_from([w for s, _ in SENTENCES for w in s.split()]), max_size=40))
def test_no_heap_of_coach_words_raises_or_leaves_a_domain(words: list[str]) -> None:
    found = read_text(" ".join(words))
    assert found.movement_direction in (None, -1, 0, 1)
    assert found.objective_direction in (None, -1, 0, 1)
    assert found.engagement_delay is None or 0 <= found.engagement_delay <= 1


@given(json_values, json_values)
def test_no_advice_ever_raises(behavior: object, action: object) -> None:
    advised({"behavior": behavior, "primary_action": action})


def test_long_text_is_read_quickly() -> None:
    read_text("push " * 100_000)
    read_text("the " * 100_000)
    read_text("wait for them to " * 10_000)
