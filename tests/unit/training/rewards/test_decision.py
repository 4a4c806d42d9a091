"""R_decision: five features, absent is a mismatch; coarse categories where behaviour is not known."""

from typing import Any

import pytest
from hypothesis import given

from apps.training.rewards.behavior import FEATURES
from apps.training.rewards.decision import Decision, decide
from apps.training.rewards.utility import GRENADES, TOKENS, hud_name, token
from tests.unit.training.rewards.answers import BEHAVIOR, behaviors


def decided(behavior: Any, advice: dict[str, Any], categories: Any = None) -> Decision:
    found = decide(advice, behavior, categories)
    assert found is not None
    return found


def test_full_agreement_is_one() -> None:
    assert decided(BEHAVIOR, {"behavior": BEHAVIOR}).score == 1


@pytest.mark.parametrize("feature", FEATURES)
def test_an_absent_feature_is_a_mismatch(feature: str) -> None:
    said = {name: value for name, value in BEHAVIOR.items() if name != feature}
    found = decided(BEHAVIOR, {"behavior": said})
    assert found.matches[feature] == 0
    assert found.score == pytest.approx(0.8)


def test_saying_nothing_matches_nothing_even_where_the_professional_threw_nothing() -> None:
    assert decided({**BEHAVIOR, "utility_used": []}, {"primary_action": "Think."}).score == 0


def test_two_empty_utility_sets_are_equal() -> None:
    quiet = {**BEHAVIOR, "utility_used": []}
    assert decided(quiet, {"behavior": quiet}).matches["utility_used"] == 1


def test_utility_vocabularies_meet() -> None:
    for names in (["Flashbang"], ["flash"], ["weapon_flashbang"], ["popflash"]):
        found = decided(BEHAVIOR, {"behavior": {**BEHAVIOR, "utility_used": names}})
        assert found.matches["utility_used"] == 1
    assert decided({"utility_used": ["Incendiary Grenade"]}, {"behavior": {"utility_used": ["molotov"]}}).score == 1


def test_every_spelling_leads_to_one_grenade() -> None:
    for grenade in GRENADES:
        assert token(grenade.hud) == grenade.token
        for alias in grenade.aliases:
            assert token(alias) == token(alias.upper()) == grenade.token
            assert hud_name(alias) == grenade.hud
    assert {grenade.token for grenade in GRENADES} == set(TOKENS)


@pytest.mark.parametrize(("said", "match"), [(0.1, 1), (0.3, 1), (0.5, 1), (0.09, 0), (0.51, 0)])
def test_the_delay_may_be_off_by_a_fifth(said: float, match: float) -> None:
    assert decided({"engagement_delay": 0.3}, {"behavior": {"engagement_delay": said}}).score == match


def test_what_is_not_known_of_the_professional_is_left_out() -> None:
    assert decided({"movement_direction": 1, "utility_used": None}, {"behavior": BEHAVIOR}).score == 1


@pytest.mark.parametrize("behavior", [None, {}, {"movement_direction": None}])
@pytest.mark.parametrize("categories", [None, [], ["dancing"], "hold"])
def test_nothing_known_is_no_reward_term(behavior: Any, categories: Any) -> None:
    assert decide({"behavior": BEHAVIOR}, behavior, categories) is None


def test_categories_stand_in_for_an_unknown_behaviour() -> None:
    advice = {"primary_action": "Push A with a flash."}
    assert decided(None, advice, ["aggressive", "utility", "engage"]).score == 1
    assert decided(None, advice, ["hold"]).score == 0
    assert decided(None, {"primary_action": "Rotate to B."}, ["rotate", "hold"]).score == 0.5
    assert decided(None, {"primary_action": "Think."}, ["hold"]).score == 0


@given(behaviors, behaviors)
def test_the_score_is_the_mean_of_the_matches_in_0_to_1(played: dict[str, Any], said: dict[str, Any]) -> None:
    found = decide({"behavior": said}, played)
    if not played:
        assert found is None
        return
    assert found is not None
    assert 0 <= found.score <= 1
    assert found.score == pytest.approx(sum(found.matches.values()) / len(played))


@given(behaviors, behaviors)
def test_stating_the_truth_about_one_more_feature_never_hurts(played: dict[str, Any], said: dict[str, Any]) -> None:
    for name, value in played.items():
        if said:
            before, after = decided(played, {"behavior": said}), decided(played, {"behavior": {**said, name: value}})
            assert after.score >= before.score
