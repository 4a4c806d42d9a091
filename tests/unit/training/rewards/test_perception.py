"""R_percept, per field and as a mean."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.training.rewards.perception import OBSERVABILITY, perceive, scored_fields
from tests.unit.training.rewards.answers import LABEL, json_values, states


def match(field: str, truth: Any, value: Any) -> tuple[float, float]:
    [found] = perceive({field: value}, {field: truth}).fields
    return found.exact, found.tolerant


@pytest.mark.parametrize(
    ("field", "truth", "value", "exact", "tolerant"),
    [
        ("player_health", 73, 73, 1, 1),
        ("player_health", 73, 66, 0, 1),
        ("player_health", 73, 65, 0, 0),
        ("player_health", 3, 4, 0, 1),
        ("player_health", 3, 5, 0, 0),
        ("player_health", 100, "100", 0, 0),
        ("player_health", 1, True, 0, 0),
        ("player_health", 73, 73.0, 1, 1),
        ("player_money", 3200, 3520, 0, 1),
        ("player_money", 3200, 3521, 0, 0),
        ("player_money", 0, 1, 0, 1),
        ("player_money", 800, 10**4000, 0, 0),
        ("alive_enemies", 3, 4, 0, 0),
        ("score_ct", 12, 11, 0, 0),
        ("player_has_helmet", True, 1, 0, 0),
        ("player_has_helmet", False, False, 1, 1),
        ("round_clock", "1:05", "1:05", 1, 1),
        ("round_clock", "1:05", "1:00", 0, 1),
        ("round_clock", "1:05", "0:50", 0, 0),
        ("round_clock", "1:05", "65", 0, 0),
        ("round_clock", "1:05", None, 0, 0),
        ("weapon_primary", "AWP", "AWP | Phobos", 0, 1),
        ("weapon_primary", "AK-47", "ak-47", 0, 1),
        ("weapon_primary", "M4A1-S", "M4A4", 0, 0),
        ("weapon_primary", None, None, 1, 1),
        ("weapon_primary", None, "AK-47", 0, 0),
        ("map_name", "de_nuke", ["de_nuke"], 0, 0),
        ("utility", ["Flashbang", "Flashbang"], ["Flashbang"], 0, 0.5),
        ("utility", ["Flashbang", "Smoke Grenade"], ["Smoke Grenade", "Flashbang"], 1, 1),
        ("utility", ["HE Grenade"], ["High Explosive Grenade"], 0, 1),
        ("utility", ["Molotov"], ["Incendiary Grenade"], 0, 0),
        ("utility", [], [], 1, 1),
        ("utility", [], ["Flashbang"], 0, 0),
        ("utility", ["Flashbang"], "Flashbang", 0, 0),
        ("utility", ["Flashbang"], [["Flashbang"], None, {}], 0, 0),
    ],
)
def test_one_field(field: str, truth: Any, value: Any, exact: float, tolerant: float) -> None:
    assert match(field, truth, value) == (exact, tolerant)


def test_a_missing_field_scores_nothing_and_an_unlabelled_one_is_left_out() -> None:
    found = perceive(
        {"player_health": 73, "ammo_clip": 30}, {"player_health": 73, "player_money": 100, "ammo_clip": None}
    )
    assert [(field.field, field.given) for field in found.fields] == [("player_health", True), ("player_money", False)]
    assert found.reward == found.exact == 0.5


def test_only_what_the_frame_can_show_counts() -> None:
    assert "site" not in scored_fields(LABEL)
    assert scored_fields({"team_money_total": 1, "visible_enemies": 1, "nonsense": 1}) == ()


def test_a_samples_own_observability_wins() -> None:
    label = {"bomb_status": "carried", "player_health": 50}
    assert scored_fields(label, {"bomb_status": "context", "player_health": "hud"}) == ("player_health",)


def test_an_empty_weapon_slot_is_a_value_only_where_the_slot_is_known() -> None:
    assert scored_fields({"weapon_primary": None}, {"player_health": "hud"}) == ()
    assert scored_fields({"weapon_primary": None}, {"weapon_primary": "hud-soft"}) == ("weapon_primary",)


def test_nothing_labelled_is_no_reward_at_all() -> None:
    assert perceive({"player_health": 1}, {}).reward is None


@given(states, st.dictionaries(st.sampled_from(sorted(OBSERVABILITY)), json_values, max_size=8))
def test_every_match_lies_in_0_to_1_and_exact_is_never_more(state: dict[str, Any], label: dict[str, Any]) -> None:
    for field in perceive(state, label).fields:
        assert 0 <= field.exact <= field.tolerant <= 1


@given(st.dictionaries(st.sampled_from(sorted(OBSERVABILITY)), json_values, max_size=8))
def test_repeating_the_label_is_always_right(label: dict[str, Any]) -> None:
    assert perceive(label, label).reward in (None, 1.0)


@given(states, st.sampled_from(sorted(set(LABEL) - {"site"})))
def test_mending_a_field_never_lowers_the_reward(state: dict[str, Any], field: str) -> None:
    before, after = perceive(state, LABEL).reward, perceive({**state, field: LABEL[field]}, LABEL).reward
    assert before is not None
    assert after is not None
    assert after >= before


@given(st.lists(st.sampled_from(["Flashbang", "Smoke Grenade"]), max_size=4), st.integers(1, 50))
def test_listing_everything_over_and_over_does_not_help(held: list[str], times: int) -> None:
    assert match("utility", held, held + ["Flashbang"] * times)[1] < 1
