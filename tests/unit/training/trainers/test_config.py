"""Run configurations that cannot be, and what is said about them."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.training.trainers.config import METHODS, PARAMETERS, BadConfig, check_parameters, read_config

WHOLE = {"method": "sft", "model": "m", "manifest": "d", "images": "i", "output": "o", "parameters": {}}


@pytest.mark.parametrize("method", METHODS)
def test_the_defaults_are_within_their_own_bounds(method: str) -> None:
    values = check_parameters(method, {})
    assert values["steps"] > 0
    assert check_parameters(method, values) == values


@pytest.mark.parametrize(
    ("method", "name", "value"),
    [
        ("sft", "steps", -1),
        ("sft", "steps", 0),
        ("sft", "steps", 10**9),
        ("sft", "steps", 1.5),
        ("sft", "steps", "many"),
        ("sft", "steps", None),
        ("sft", "steps", True),
        ("sft", "learning_rate", -1e-4),
        ("sft", "learning_rate", 1e308),
        ("sft", "learning_rate", math.nan),
        ("sft", "learning_rate", math.inf),
        ("sft", "num_generations", 4),
        ("sft", "trust_remote_code", 1),
        ("grpo", "num_generations", 1),
        ("grpo", "max_new_tokens", 10),
        ("grpo", "loss_type", "pickle"),
        ("grpo", "beta", -0.1),
        ("dpo", "steps", 1),
    ],
)
def test_impossible_values_get_a_sentence(method: str, name: str, value: Any) -> None:
    with pytest.raises(BadConfig, match=r"\.$"):
        check_parameters(method, {name: value})


@given(st.sampled_from(METHODS), st.sampled_from([p.name for p in PARAMETERS]), st.floats() | st.integers() | st.text())
def test_what_passes_lies_within_the_bounds(method: str, name: str, value: Any) -> None:
    try:
        checked = check_parameters(method, {name: value})
    except BadConfig:
        return
    bounds = next(p for p in PARAMETERS if p.name == name)
    assert checked[name] in bounds.choices if bounds.choices else bounds.low <= checked[name] <= bounds.high


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        json.dumps({}),
        json.dumps({**WHOLE, "hook": "rm"}),
        json.dumps({**WHOLE, "parameters": 1}),
    ],
)
def test_a_damaged_file_gets_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(text)
    with pytest.raises(BadConfig, match=r"\.$"):
        read_config(path)


def test_a_missing_file_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="cannot be read"):
        read_config(tmp_path / "none.json")
