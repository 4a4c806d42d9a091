"""The reader of incomplete answers: every prefix is readable and nothing once known is lost."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.captures.labelling.schema import SECTIONS, section_schema
from apps.coach.advice.partial import MAX_DEPTH, clean, partial_answer

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
VALUES = st.none() | st.booleans() | st.integers(-9_999, 99_999) | WORDS | st.lists(WORDS, max_size=3)


def _section(name: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=dict.fromkeys(section_schema(name)["properties"], VALUES))


ANSWERS = st.fixed_dictionaries({name: _section(name) for name in SECTIONS})


def _holds(late: Any, early: Any) -> bool:
    """Whether everything known early still stands later; only strings and lists may have grown."""
    if isinstance(early, dict):
        return isinstance(late, dict) and all(key in late and _holds(late[key], early[key]) for key in early)
    if isinstance(early, list):
        return isinstance(late, list) and all(map(_holds, late, early)) and len(late) >= len(early)
    if isinstance(early, str):
        return isinstance(late, str) and late.startswith(early)
    return bool(late == early)


@given(ANSWERS, st.sampled_from([None, 2]), st.booleans())
@settings(max_examples=60, deadline=None)
def test_every_prefix_is_readable_and_no_completed_field_is_lost(
    answer: dict[str, Any], indent: int | None, ascii_only: bool
) -> None:
    text = json.dumps(answer, indent=indent, ensure_ascii=ascii_only)
    before: dict[str, Any] = {}
    for end in range(len(text) + 1):
        known = partial_answer(text[:end])
        assert _holds(known, before), (text[:end], before, known)
        before = known
    assert before == answer


@given(st.text())
@settings(max_examples=300)
def test_no_text_makes_it_raise(text: str) -> None:
    assert isinstance(partial_answer(text), dict)


@given(st.text(alphabet='{}[]",:\\u0dD8e1.-+ntrfalse\n`'))
@settings(max_examples=300)
def test_no_text_that_looks_like_json_makes_it_raise(text: str) -> None:
    json.dumps(partial_answer('{"game_state":' + text), allow_nan=False).encode()


def test_a_number_counts_only_once_something_follows_it() -> None:
    assert partial_answer('{"game_state": {"player_health": 1') == {"game_state": {}}
    assert partial_answer('{"game_state": {"player_health": 100,') == {"game_state": {"player_health": 100}}


def test_a_string_counts_while_it_grows_digits_included() -> None:
    assert partial_answer('{"game_state": {"weapon_primary": "AK-4') == {"game_state": {"weapon_primary": "AK-4"}}


def test_prose_and_fences_before_the_object_are_skipped() -> None:
    text = 'Let me {think}.\n```json\n{"advice": {"callout": "One long"'
    assert partial_answer(text) == {"advice": {"callout": "One long"}}


def test_what_stops_being_json_ends_the_reading_there() -> None:
    kept = {"game_state": {"map_name": "de_nuke"}}
    for rest in (', "player_health": NaN}', ', "x": "\\ud800"}', ", oops", "}} and then some"):
        known = partial_answer('{"game_state": {"map_name": "de_nuke"' + rest)
        assert known["game_state"]["map_name"] == kept["game_state"]["map_name"]


def test_misshapen_sections_are_left_out() -> None:
    assert partial_answer('{"game_state": [1, 2], "advice": "push", "extra": {}}') == {}
    assert partial_answer("[1, 2, 3]") == {}


def test_nothing_a_database_cannot_hold_comes_out() -> None:
    known = partial_answer('{"game_state": {"map_name": "a\\u0000b", "player_money": 1e999, "score_t": 1e308}}')
    assert known == {"game_state": {"map_name": "a�b", "player_money": None, "score_t": None}}
    assert clean("\ud800") == "�"


def test_deep_nesting_is_cut() -> None:
    known: Any = partial_answer('{"game_state": {"a": ' + "[" * 150)
    depth = 0
    while isinstance(known, dict | list) and known:
        known = next(iter(known.values())) if isinstance(known, dict) else known[0]
        depth += 1
    assert depth <= MAX_DEPTH + 2
    assert "game_state" in partial_answer('{"game_state":' + '{"a":' * 5_000)
