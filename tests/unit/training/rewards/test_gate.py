"""The gate: exactly one usable answer, or nothing."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.training.rewards.gate import MAX_CHARS, gate, inspect_answer, read_answer
from tests.unit.training.rewards.answers import answer, json_values, text


def test_a_plain_answer_is_read() -> None:
    assert read_answer(text()) == answer()


@pytest.mark.parametrize("wrapped", ["  {}\n", "```json\n{}\n```", "```\n{}\n```", "\n```JSON \n{}```\n"])
def test_space_and_one_fence_are_allowed(wrapped: str) -> None:
    assert read_answer(wrapped.replace("{}", text())) == answer()


@pytest.mark.parametrize(
    "wrapped",
    [
        "Here it is: {}",
        "{} I hope this helps.",
        "{}{}",
        "[{}]",
        "```json\n{}\n```\nDone.",
        "```json\n{}\n```\n```json\n{}\n```",
        "```json\n{}",
        "<think></think>{}",
        "{},",
    ],
)
def test_anything_around_closes_the_gate(wrapped: str) -> None:
    assert gate(wrapped.replace("{}", text())) == 0


@pytest.mark.parametrize("section", ["game_state", "analysis", "advice"])
@pytest.mark.parametrize("value", [None, [], "text", 1, True])
def test_each_section_must_be_an_object(section: str, value: object) -> None:
    assert gate(json.dumps({**answer(), section: value})) == 0
    assert gate(json.dumps({k: v for k, v in answer().items() if k != section})) == 0


@pytest.mark.parametrize("field", ["primary_action", "reasoning", "fallback", "callout"])
@pytest.mark.parametrize("value", ["", "  ", "\n\t", "...", "—", None, 1, ["push"], {}])
def test_advice_that_says_nothing_closes_the_gate(field: str, value: object) -> None:
    assert gate(text(**{field: value})) == 0


def test_an_analysis_without_a_summary_closes_the_gate() -> None:
    assert gate(json.dumps({**answer(), "analysis": {}})) == 0


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1" * 5000])
def test_numbers_that_are_not_json_close_the_gate(number: str) -> None:
    assert gate(text(state={"player_health": 0}).replace(": 0}", f": {number}}}")) == 0


def test_a_key_given_twice_closes_the_gate() -> None:
    assert gate(text(state={"player_health": 1}).replace("{", '{"advice": {}, ', 1)) == 0
    assert gate(text(state={"a": 1}).replace('"a": 1', '"a": 1, "a": 2')) == 0


@pytest.mark.parametrize("bad", ["\\ud800", "\\udfff", "\\u0000"])
def test_characters_that_cannot_be_stored_close_the_gate(bad: str) -> None:
    assert gate(text(callout="X").replace('"X"', f'"Go {bad}"')) == 0
    assert gate(text(state={"X": 1}).replace('"X"', f'"{bad}"')) == 0


def test_a_whole_surrogate_pair_is_a_character() -> None:
    assert gate(text(callout="Go \U0001f4a3")) == 1


@pytest.mark.parametrize(
    "monster", ["[" * 60_000, '{"a":' * 10_000, "[" * 5_000_000, '"' + "x" * 10_000_000 + '"', " " * 10_000_000]
)
def test_monsters_are_refused_quickly(monster: str) -> None:
    begun = time.perf_counter()
    _, reason = inspect_answer(monster)
    assert reason
    assert time.perf_counter() - begun < 1


def test_a_whole_answer_nested_too_deeply_is_refused() -> None:
    assert gate(text(state={"a": [[[[[[[[1]]]]]]]]})) == 0


def test_a_long_answer_is_refused_and_a_usual_one_is_not() -> None:
    assert gate(text(reasoning="word " * (MAX_CHARS // 5))) == 0
    assert gate(text(reasoning="word " * 1000)) == 1


@given(st.text(max_size=200) | json_values.map(json.dumps))
def test_no_text_ever_raises(anything: str) -> None:
    found, reason = inspect_answer(anything)
    assert (found is None) == bool(reason)


@given(
    st.dictionaries(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8), json_values, max_size=4)
)
def test_whatever_the_game_state_holds_the_gate_stays_open(state: dict[str, object]) -> None:
    """Wrong values cost perception, field by field; they do not close the gate."""
    if "\\ud" in json.dumps(state) or "\\u0000" in json.dumps(state):
        return
    found, reason = inspect_answer(text(state=state))
    assert found is not None or "deeply" in reason or "JSON" in reason
