"""Records for TRL: engine truth in, nothing canned, nothing that reads the answer off the prompt."""

import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.captures.labelling.sample import Sample
from apps.captures.labelling.schema import answer_schema
from apps.training.datasets.chat import grpo_record, prompt_messages, sft_record
from apps.training.rewards.behavior import Behavior, behavior_of
from apps.training.rewards.behavior_text import advised, read_text
from apps.training.rewards.columns import columns_of, truth_of
from apps.training.rewards.gate import read_answer
from apps.training.rewards.presets import PRESETS
from apps.training.rewards.total import total
from tests.unit.training.datasets.samples import BEHAVIOR, LABEL, OBSERVABILITY, sample

behaviors = st.builds(
    lambda m, o, u, i, d: {
        "movement_direction": m,
        "objective_direction": o,
        "utility_used": u,
        "initiated_engagement": i,
        "engagement_delay": d if i else max(d, 0.3),
    },
    st.sampled_from([-1, 0, 1]),
    st.sampled_from([-1, 0, 1]),
    st.lists(st.sampled_from(["smoke", "flash", "he", "molotov", "decoy"]), unique=True),
    st.booleans(),
    st.floats(0, 0.9),
)
labels = st.fixed_dictionaries(
    {},
    optional={
        "place_name": st.sampled_from(["Ramp", "B Doors", "A Site", "Long", "Side Entrance"]),
        "alive_teammates": st.integers(0, 4),
        "alive_enemies": st.integers(0, 5),
        "player_health": st.integers(1, 100),
        "bomb_status": st.sampled_from(["none", "planted", "dropped"]),
        "weapon_primary": st.sampled_from(["AK-47", None]),
        "utility": st.lists(st.sampled_from(["Flashbang", "Smoke Grenade"]), max_size=4),
        "player_money": st.none() | st.integers(0, 16000),
    },
)


def target_of(record: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(record["completion"][0]["content"])
    return found


def drawn(label: dict[str, Any], behavior: dict[str, Any] | None) -> Sample:
    return sample(label=label, observability={}, behavior=behavior)


@given(labels, st.none() | behaviors, st.integers(0, 99))
def test_every_full_target_is_a_valid_answer_with_the_best_perception(
    label: dict[str, Any], behavior: dict[str, Any] | None, seed: int
) -> None:
    one = drawn(label, behavior)
    record = sft_record(one, seed=seed)
    written = record["completion"][0]["content"]
    jsonschema.validate(target_of(record), answer_schema())
    assert read_answer(written) is not None
    found = total(written, columns_of(one), PRESETS["d013-matrix"])
    assert found.perception.reward in (None, 1.0)
    assert record["target_kind"] == ("behavior" if behavior else "format")


@given(labels, behaviors, st.integers(0, 99))
def test_the_words_say_what_the_player_did(label: dict[str, Any], behavior: dict[str, Any], seed: int) -> None:
    advice = target_of(sft_record(drawn(label, behavior), seed=seed))["advice"]
    played, said = behavior_of(behavior), read_text(advice["primary_action"])
    assert said.movement_direction == played.movement_direction
    assert said.utility_used == played.utility_used
    assert said.initiated_engagement == played.initiated_engagement
    assert said.objective_direction == played.objective_direction or (
        said.objective_direction is None and played.objective_direction == 0
    )
    assert advised(advice).movement_direction == played.movement_direction
    assert advised(advice).engagement_delay == pytest.approx(played.engagement_delay, abs=0.01)


def test_no_fight_is_worded_as_no_fight() -> None:
    quiet = {**BEHAVIOR, "initiated_engagement": False, "engagement_delay": 1.0}
    for seed in range(20):
        found = read_text(target_of(sft_record(sample(behavior=quiet), seed=seed))["advice"]["primary_action"])
        assert (found.initiated_engagement, found.engagement_delay) == (False, 1.0)


def test_the_words_vary_and_the_seed_settles_them() -> None:
    texts = [target_of(sft_record(sample(tick=tick)))["advice"]["primary_action"] for tick in range(200)]
    assert len(set(texts)) > 60
    assert texts == [target_of(sft_record(sample(tick=tick)))["advice"]["primary_action"] for tick in range(200)]
    assert sft_record(sample(), seed=1) != sft_record(sample(), seed=2)


def test_the_target_shows_only_what_the_frame_shows() -> None:
    state = target_of(sft_record(sample()))["game_state"]
    assert state["player_health"] == LABEL["player_health"]
    assert state["utility"] == LABEL["utility"]
    assert state["team_money_total"] is None  # given by the context, not visible
    assert state["bomb_status"] is None  # a CT is not shown who carries it
    assert list(state) == list(answer_schema()["properties"]["game_state"]["properties"])


def test_enemies_in_view_are_taught_where_geometry_knows_them() -> None:
    one = sample(label={"visible_enemies": 2}, observability={"visible_enemies": "geometry"})
    assert target_of(sft_record(one))["game_state"]["visible_enemies"] == 2


def test_without_known_play_the_target_is_marked_and_advises_no_move() -> None:
    record = sft_record(sample(behavior=None))
    advice = target_of(record)["advice"]
    assert record["target_kind"] == "format"
    assert "behavior" not in advice
    assert read_text(advice["primary_action"]) == Behavior()


def test_a_perception_target_holds_the_game_state_alone_and_asks_for_it() -> None:
    record = sft_record(sample(), targets="perception")
    assert list(target_of(record)) == ["game_state"]
    assert record["target_kind"] == "perception"
    assert "only" in record["prompt"][-1]["content"]
    assert "only" not in sft_record(sample())["prompt"][-1]["content"]


def test_the_prompt_does_not_hold_the_answer_unless_asked() -> None:
    assert "M4A1-S, Flashbang" not in prompt_messages(sample())[1]["content"]
    assert "threw smoke" in prompt_messages(sample())[1]["content"]
    assert "M4A1-S, Flashbang" in prompt_messages(sample(), "full")[1]["content"]
    assert "threw smoke" not in prompt_messages(sample(), "none")[1]["content"]


def test_images_go_oldest_first() -> None:
    assert sft_record(sample(), earlier=["a.jpg", "b.jpg"])["images"] == ["a.jpg", "b.jpg", "captures/1.jpg"]
    assert grpo_record(sample(), earlier=["a.jpg"])["images"] == ["a.jpg", "captures/1.jpg"]


def test_columns_hold_one_plain_type_each_and_are_read_back() -> None:
    record = grpo_record(sample(), categories=["hold"])
    json.dumps(record, allow_nan=False)
    truth = truth_of(record)
    assert (truth.label, truth.observability) == (LABEL, OBSERVABILITY)
    assert (truth.behavior, truth.categories) == (BEHAVIOR, ["hold"])
    assert (truth.contribution, truth.round_won) == (0.5, True)
    unknown = truth_of(grpo_record(replace(sample(), behavior=None, contribution=None, round_won=None)))
    assert (unknown.behavior, unknown.contribution, unknown.round_won) == (None, None, None)


def test_records_make_a_dataset_of_uniform_columns() -> None:
    from datasets import Dataset

    records = [grpo_record(sample(1)), grpo_record(sample(2, behavior=None, contribution=None, label={"utility": []}))]
    rows = Dataset.from_list(records)
    assert truth_of(rows[0]).behavior == BEHAVIOR
    assert truth_of(rows[1]).label == {"utility": []}
    assert (
        Dataset.from_list([sft_record(sample(1)), sft_record(sample(2, behavior=None))])[1]["prompt"][0]["role"]
        == "system"
    )
