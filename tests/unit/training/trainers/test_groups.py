"""Figures about groups of rewards, also where some are unknown."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.training.trainers import groups

REWARDS = st.lists(st.none() | st.floats(0, 1) | st.just(math.nan), min_size=4, max_size=24)


def test_a_batch_may_spread_while_its_groups_do_not() -> None:
    found = groups.spread([0.0, 0.0, 1.0, 1.0], 2)
    assert found == {"mean": 0.5, "std": 0.5, "group_std": 0.0, "zero_spread": 1.0}


def test_unknown_rewards_are_left_out() -> None:
    assert groups.spread([None, math.nan, 0.2, 0.4], 2)["mean"] == pytest.approx(0.3)
    assert groups.spread([None, None], 2) == {"mean": None, "std": None, "group_std": None, "zero_spread": None}
    assert groups.total({"a": [None, 1.0], "b": [None, None]}, {"a": 0.5, "b": 0.5}) == [None, 0.5]


def test_the_share_of_the_gradient_follows_weight_and_spread() -> None:
    signals = {"flat": [1.0, 1.0], "steep": [0.0, 1.0]}
    assert groups.gradient_shares(signals, {"flat": 0.9, "steep": 0.1}, 2) == {"flat": 0.0, "steep": 1.0}
    assert groups.gradient_shares({"flat": [1.0, 1.0]}, {"flat": 1.0}, 2) == {"flat": 0.0}


@given(REWARDS, st.integers(2, 4))
def test_every_figure_can_be_written_as_json(values: list[float | None], size: int) -> None:
    found = {**groups.spread(values, size), **groups.gradient_shares({"a": values}, {"a": 0.3}, size)}
    json.dumps(found, allow_nan=False)
    assert (
        sum(groups.gradient_shares({"a": values, "b": values}, {"a": 1, "b": 2}, size).values()) == pytest.approx(1.0)
        or (found["group_std"] or 0.0) < 1e-3  # below ZERO nothing pulls; groups of one known value thin it out
    )


def test_a_signal_that_returns_nothing_or_nan_is_recorded_as_unknown(tmp_path: Path) -> None:
    from apps.training.rewards.presets import DEFAULT, PRESETS
    from apps.training.rewards.signals import RewardSignal
    from apps.training.trainers.recorder import Recorder

    class Odd(RewardSignal):
        def __call__(self, prompts: object, completions: object, **columns: object) -> list[float | None]:
            return [None, math.nan, 0.5, 0.7]

    recorder = Recorder([Odd("perception", 1.0, PRESETS[DEFAULT])], 2, tmp_path)
    values = recorder.functions()[0](prompts=[""] * 4, completions=["{}"] * 4, screenshot_id=[1, 1, 2, 2])
    assert values == [None, None, 0.5, 0.7]
    recorder.keep_samples(1)
    rows = [json.loads(line) for line in (tmp_path / "completions.jsonl").read_text().splitlines()]
    assert [row["rewards"]["total"] for row in rows] == [None, None, 0.5, 0.7]
    assert recorder.figures()["gate_rate"] == 0
