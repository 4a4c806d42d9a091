"""A reading in the words of the answer schema, and beside what somebody else says."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from apps.captures.hud.readings import FIELDS, agreed, agreeing, differences, grounding, in_words, state_of, values_of
from apps.captures.labelling.schema import section_schema

READING: dict[str, Any] = {
    "clock": "1:14", "score_left": 6, "score_right": 4, "alive_left": 4, "alive_right": 2, "money": 3250,
    "place": "Top of Mid", "health": 87, "armor": 100, "helmet": True, "clip": 7, "reserve": 30,
    "weapon": "AWP | Phobos", "hud_color": "blue", "phase": "live",
}  # fmt: skip
STATE = {
    "round_clock": "1:14", "score_ct": 6, "score_t": 4, "player_side": "CT", "player_health": 87, "player_armor": 100,
    "player_has_helmet": True, "player_money": 3250, "weapon_in_hand": "AWP", "ammo_clip": 7, "ammo_reserve": 30,
    "place_name": "Top of Mid", "alive_teammates": 3, "alive_enemies": 2,
}  # fmt: skip
NOTHING = dict.fromkeys(FIELDS) | {"phase": "other"}


def test_a_reading_is_told_in_the_names_of_the_schema() -> None:
    assert state_of(READING) == STATE


def test_terrorists_stand_on_the_right() -> None:
    told = state_of({**READING, "hud_color": "yellow"})
    assert (told["player_side"], told["score_ct"], told["score_t"]) == ("T", 6, 4)
    assert (told["alive_teammates"], told["alive_enemies"]) == (1, 4)


def test_a_white_hud_tells_no_side_and_whose_mates_live_only_with_one() -> None:
    white = {**READING, "hud_color": "white"}
    assert not {"player_side", "alive_teammates", "alive_enemies"} & state_of(white).keys()
    told = state_of(white, "T")
    assert (told["alive_teammates"], told["alive_enemies"], "player_side" in told) == (1, 4, False)


def test_what_is_not_shown_is_not_there() -> None:
    assert state_of(NOTHING) == {}
    knife = state_of({**READING, "weapon": "Knife", "clip": None, "reserve": None})
    assert (knife["weapon_in_hand"], "ammo_clip" in knife) == ("Knife", False)
    assert "player_has_helmet" not in state_of({**READING, "armor": 0, "helmet": False})


def test_somebody_elses_hud_tells_nothing_of_the_player() -> None:
    told = state_of({**READING, "phase": "dead_or_spectating"})
    assert told == {"round_clock": "1:14", "score_ct": 6, "score_t": 4}


def test_the_phase_is_told_only_where_the_banner_stands() -> None:
    assert "round_phase" not in state_of(READING)
    assert state_of({**READING, "phase": "round_over"})["round_phase"] == "over"


def test_the_hud_calls_one_grenade_otherwise() -> None:
    assert state_of({**READING, "weapon": "High Explosive Grenade"})["weapon_in_hand"] == "HE Grenade"


def test_only_what_both_know_can_differ() -> None:
    label = {**STATE, "player_money": 3300, "place_name": "TOP OF MID", "ammo_clip": None, "map_name": "de_dust2"}
    assert differences(label, state_of(READING)) == ["player_money"]
    assert agreeing(label, state_of(READING)) == len(STATE) - 2
    assert differences({}, state_of(READING)) == []
    assert differences({"player_has_helmet": 1, "score_ct": True}, state_of(READING)) == [
        "score_ct",
        "player_has_helmet",
    ]


def test_it_is_said_in_a_sentence() -> None:
    assert grounding(READING) == (
        "The HUD reads: side CT, health 87, armour 100 with helmet, money $3250, AWP 7/30, clock 1:14, "
        "score CT–T 6–4, alive CT–T 4–2, at Top of Mid."
    )
    assert grounding(NOTHING) == ""
    assert in_words({**NOTHING, "phase": "buy_menu", "money": 800}) == "buy menu open, money $800"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=3,
)
plausible = st.sampled_from([*READING.values(), "yellow", "white", "round_over", "buy_menu", "other", 0, 100, 12, None])


@pytest.mark.parametrize("side", [None, "CT", "T"])
@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, anything | plausible)))
def test_whatever_a_model_writes_fits_the_schema_or_is_left_out(side: str | None, reading: dict[str, Any]) -> None:
    Draft202012Validator(section_schema("game_state")).validate(state_of(reading, side))
    in_words(reading)
    assert differences(state_of(reading, side), state_of(reading, side)) == []


def test_of_several_looks_most_decide_field_by_field() -> None:
    one, two, three = READING, READING | {"health": 37}, READING | {"health": 37, "clip": 1, "helmet": 1}
    assert agreed([one, two, three]) == two
    assert agreed([three, one])["clip"] == 1, "of equals the first"
    assert agreed([one, three])["helmet"] is True
    assert agreed([None, three, None]) == three
    assert agreed([None, None]) is None


def test_looks_that_saw_another_phase_do_not_count() -> None:
    menu = dict.fromkeys(FIELDS) | {"phase": "buy_menu", "money": 800}
    assert agreed([menu, READING, READING | {"clip": 1}]) == READING
    assert agreed([menu, READING]) == menu


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(FIELDS, plausible)), min_size=1, max_size=5))
def test_what_most_say_was_said_and_what_all_say_stays(looks: list[dict[str, Any]]) -> None:
    found = agreed(looks)
    assert found is not None
    assert all(any(found[name] == one[name] for one in looks) for name in FIELDS)
    assert agreed([looks[0]] * len(looks)) == looks[0]


@pytest.mark.parametrize(
    ("told", "phase"),
    [
        ({"clock": None, "alive_left": 0}, "round_over"),  # the bomb hides the clock, and nobody is left to defuse it
        ({"clock": None, "alive_left": 1}, "live"),
        ({"clock": "0:20", "alive_left": 0}, "live"),
        ({"clock": None, "alive_left": 0, "phase": "buy_menu"}, "buy_menu"),
    ],
)
def test_a_round_without_a_defender_is_over(told: dict[str, Any], phase: str) -> None:
    read = values_of(json.dumps(READING | told))
    assert read is not None
    assert read["phase"] == phase


@pytest.mark.parametrize("text", ["", "[]", "null", '{"clock": "1:14"}', json.dumps(READING)[:-1]])
def test_what_is_no_reading(text: str) -> None:
    assert values_of(text) is None
