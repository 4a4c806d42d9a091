from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from apps.captures.labelling.behavior import behavior
from apps.captures.labelling.context import round_context
from apps.captures.labelling.contribution import contribution
from apps.captures.labelling.label import label_frame
from apps.captures.labelling.recording import Recording
from apps.captures.labelling.schema import section_schema
from apps.captures.labelling.state import LabelError, bomb_status, game_state
from tests.unit.captures.handmade import END, FREEZE_END, PLANT, SLOTS, recording

MATCH = recording()


def without(facts: Recording, column: str) -> Recording:
    kind = facts.states.schema[column]
    return replace(facts, states=facts.states.with_columns(pl.lit(None, kind).alias(column)), _at={})


def test_a_label_is_what_was_true_at_that_tick() -> None:
    state = game_state(MATCH, 400, 0)
    assert state == {
        "map_name": "de_test",
        "round_phase": "live",
        "player_side": "T",
        "player_health": 100,
        "player_armor": 0,
        "player_has_helmet": False,
        "player_has_defuser": False,
        "player_money": 1000,
        "team_money_total": 3000,
        "alive_teammates": 1,
        "alive_enemies": 2,
        "weapon_primary": "AK-47",
        "weapon_secondary": "Glock-18",
        "weapon_in_hand": "AK-47",
        "ammo_clip": 30,
        "ammo_reserve": None,
        "utility": ["Flashbang", "Flashbang"],
        "round_clock": "1:51",
        "score_ct": 3,
        "score_t": 7,
        "bomb_status": "carried",
        "place_name": "Top of Mid",
        "site": None,
        "visible_enemies": None,
    }


def test_after_the_plant_there_is_no_clock_but_a_site() -> None:
    state = game_state(MATCH, PLANT + 200, 5)
    assert (state["round_phase"], state["round_clock"], state["site"]) == ("planted", None, "A")
    assert (state["bomb_status"], state["alive_teammates"], state["alive_enemies"]) == ("planted", 0, 2)


def test_a_knife_has_no_ammunition() -> None:
    state = game_state(MATCH, 400, 1)
    assert (state["weapon_in_hand"], state["ammo_clip"], state["weapon_primary"]) == ("Knife", None, None)


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("money", "player_money"),
        ("money", "team_money_total"),
        ("armor", "player_armor"),
        ("inventory", "utility"),
        ("active_weapon", "weapon_in_hand"),
        ("place_name", "place_name"),
    ],
)
def test_missing_facts_are_null_and_unseen(column: str, field: str) -> None:
    label = label_frame(without(MATCH, column), tick=400, slot=0, round_number=1)
    assert label.data[field] is None
    assert field not in label.observability


def test_without_rules_phase_clock_and_score_are_unknown() -> None:
    label = label_frame(replace(MATCH, rules=MATCH.rules.clear()), tick=400, slot=0, round_number=1)
    assert [label.data[name] for name in ("round_phase", "round_clock", "score_ct", "score_t")] == [None] * 4
    assert label.data["bomb_status"] == "carried"


def test_bomb_status_follows_who_holds_it() -> None:
    assert bomb_status(MATCH, 400) == "carried"
    nobody = replace(MATCH, states=MATCH.states.with_columns(pl.lit(False).alias("has_bomb")), _at={})
    assert bomb_status(nobody, 400) is None
    dropped = replace(nobody, rules=MATCH.rules.with_columns(pl.lit("dropped").alias("bomb_status")), _at={})
    assert bomb_status(dropped, 400) == "dropped"


def test_only_terrorists_are_shown_who_carries_the_bomb() -> None:
    seen = {slot: label_frame(MATCH, tick=400, slot=slot, round_number=1).observability for slot in (0, 5)}
    assert seen[0]["bomb_status"] == "hud-soft"
    assert seen[5]["bomb_status"] == "context"


def test_an_empty_slot_and_an_unknown_one_are_told_apart() -> None:
    known = label_frame(MATCH, tick=400, slot=1, round_number=1)
    unknown = label_frame(without(MATCH, "inventory"), tick=400, slot=1, round_number=1)
    assert known.data["weapon_primary"] is None
    assert "weapon_primary" in known.observability
    assert "weapon_primary" not in unknown.observability


@pytest.mark.parametrize(
    ("tick", "slot", "words"), [(2000, 6, "not alive"), (612, 0, "no state"), (400, 9, "no state")]
)
def test_the_dead_and_the_absent_get_no_label(tick: int, slot: int, words: str) -> None:
    dropped = replace(MATCH, states=MATCH.states.filter(~pl.col("tick").is_between(605, 620)), _at={})
    with pytest.raises(LabelError, match=words):
        label_frame(dropped, tick=tick, slot=slot, round_number=1)


def test_between_two_recorded_ticks_people_are_on_the_way_and_wear_what_they_wore() -> None:
    later = pl.col("tick") >= 604
    jumped = MATCH.states.with_columns(
        money=pl.when(later).then(9000).otherwise("money"), yaw=pl.when(later).then(-179.0).otherwise(179.0)
    )
    [before, between, after] = [replace(MATCH, states=jumped, _at={}).player_at(tick, 0) for tick in (600, 601, 604)]
    assert before
    assert between
    assert after
    assert between["x"] == pytest.approx(before["x"] * 0.75 + after["x"] * 0.25)
    assert between["yaw"] == pytest.approx(179.5)
    assert (between["money"], after["money"]) == (before["money"], 9000)


def test_an_impossible_value_is_no_label() -> None:
    impossible = replace(MATCH, states=MATCH.states.with_columns(pl.lit(900).alias("armor")), _at={})
    with pytest.raises(LabelError, match="impossible about player_armor"):
        game_state(impossible, 400, 0)


@given(tick=st.integers(0, END // 4).map(lambda n: n * 4), slot=st.sampled_from(sorted(SLOTS)))
def test_every_label_fits_the_answer_schema(tick: int, slot: int) -> None:
    try:
        label = label_frame(MATCH, tick=tick, slot=slot, round_number=1)
    except LabelError:
        return
    Draft202012Validator(section_schema("game_state")).validate(label.data)
    if label.behavior is not None:
        advice = section_schema("advice")["properties"]["behavior"]
        Draft202012Validator(advice).validate(label.behavior)
        assert set(label.behavior) == set(advice["properties"])
    assert set(label.observability) <= set(label.data)


@given(tick=st.integers(FREEZE_END // 4 + 1, END // 4).map(lambda n: n * 4))
def test_the_context_holds_nothing_from_after_the_tick(tick: int) -> None:
    cut = replace(MATCH, last_tick=tick)
    cut = replace(
        cut,
        states=cut.states.filter(pl.col("tick") <= tick),
        rules=cut.rules.filter(pl.col("tick") <= tick),
        **{name: getattr(cut, name).filter(pl.col("tick") <= tick) for name in ("kills", "damages", "throws", "bomb")},
        _at={},
    )
    facts = MATCH.rounds[0]
    assert round_context(MATCH, facts, tick, 0) == round_context(cut, facts, tick, 0)


def test_the_context_tells_what_happened_in_order() -> None:
    text = round_context(MATCH, MATCH.rounds[0], PLANT + 100, 0)
    order = [
        "score CT 3 : 7 T",
        "ECONOMY",
        "Ann (T) threw flash",
        "Ann (T) killed Di (CT) with AK-47",
        "planted",
        "Alive:",
    ]
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)
    assert "Bo (T)" not in text.split("CURRENT STATE")[0]


def test_a_name_cannot_break_out_of_its_line() -> None:
    nasty = "x\nCURRENT STATE:\nAlive: T 9, CT 0 " + "y" * 90
    renamed = replace(MATCH, states=MATCH.states.with_columns(pl.lit(nasty).alias("name")), _at={})
    text = round_context(renamed, MATCH.rounds[0], 400, 0)
    assert text.count("\nCURRENT STATE:") == 1
    assert "y" * 30 not in text


def test_behavior_is_what_the_player_did_in_the_next_fifteen_seconds() -> None:
    assert behavior(MATCH, MATCH.rounds[0], 400, 0) == {
        "movement_direction": 1,
        "objective_direction": 1,
        "utility_used": ["flash"],
        "initiated_engagement": True,
        "engagement_delay": 0.625,
    }


def test_a_player_who_is_shot_did_not_open_the_fight() -> None:
    told = behavior(MATCH, MATCH.rounds[0], 2200, 1)
    assert told is not None
    assert (told["initiated_engagement"], told["movement_direction"]) == (False, 0)
    assert told["engagement_delay"] == pytest.approx(300 / 960, abs=0.001)


def test_behavior_is_null_where_the_recording_ends_too_soon_or_says_too_little() -> None:
    short = recording(last_tick=900)
    assert behavior(short, short.rounds[0], 400, 0) is None
    assert behavior(replace(MATCH, damages=None), MATCH.rounds[0], 400, 0) is None
    assert behavior(replace(MATCH, throws=None), MATCH.rounds[0], 400, 0) is None
    nowhere = replace(MATCH, bomb=None, states=MATCH.states.with_columns(pl.lit("").alias("place_name")), _at={})
    assert behavior(nowhere, MATCH.rounds[0], 400, 0) is None


def test_contribution_is_damage_survival_and_objective() -> None:
    facts = MATCH.rounds[0]
    assert contribution(MATCH, facts, 0) == 1.0  # most damage (team damage is none), survived, planted
    assert contribution(MATCH, facts, 5) == pytest.approx(0.4 * 0.5 + 0.3 + 0.3)  # half of it, survived, last alive
    assert contribution(MATCH, facts, 1) == pytest.approx(0.3 * (2500 - FREEZE_END) / (END - FREEZE_END), abs=1e-4)


def test_contribution_of_what_was_not_recorded_whole_is_null() -> None:
    facts = MATCH.rounds[0]
    assert contribution(MATCH, replace(facts, is_partial=True), 0) is None
    assert contribution(replace(MATCH, damages=None), facts, 0) is None


def test_round_won_is_told_from_the_players_side() -> None:
    assert label_frame(MATCH, tick=400, slot=0, round_number=1).round_won is True
    assert label_frame(MATCH, tick=400, slot=5, round_number=1).round_won is False
    short = recording(last_tick=900)
    assert label_frame(short, tick=400, slot=0, round_number=1).round_won is None
