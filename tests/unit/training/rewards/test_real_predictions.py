"""Fifty real answers of a 27B model: our exact match gives the published figures."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from apps.training.datasets.prompt import strip_current_state
from apps.training.rewards.behavior_text import read_text
from apps.training.rewards.gate import gate
from apps.training.rewards.perception import perceive

PUBLISHED = {
    "map_name": 22,
    "round_phase": 48,
    "player_side": 23,
    "player_health": 49,
    "player_armor": 48,
    "player_money": 50,
    "player_has_helmet": 42,
    "player_has_defuser": 39,
    "weapon_primary": 37,
    "weapon_secondary": 24,
    "alive_teammates": 31,
    "alive_enemies": 37,
    "bomb_status": 28,
    "score_ct": 21,
    "score_t": 20,
    "utility": 11,
}


@pytest.fixture(scope="module")
def predictions(shared_data: Path) -> list[dict[str, Any]]:
    [file] = (shared_data / "predictions").glob("*.json")
    samples: list[dict[str, Any]] = json.loads(file.read_text())["samples"]
    return samples


def renamed(state: dict[str, Any]) -> dict[str, Any]:
    """Their ``has_defuser`` is our ``player_has_defuser``."""
    return {"player_has_defuser" if name == "has_defuser" else name: value for name, value in state.items()}


def test_exact_match_per_field_is_the_published_one(predictions: list[dict[str, Any]]) -> None:
    right: Counter[str] = Counter()
    for sample in predictions:
        output = sample["predictions"]["Qwen"]["output"]
        found = perceive(renamed(output.get("game_state") or {}), renamed(sample["label"]["game_state"]))
        right.update({field.field: int(field.exact) for field in found.fields})
        assert all(field.tolerant >= field.exact for field in found.fields)
    assert dict(right) == PUBLISHED


def test_the_gate_takes_no_answer_of_another_shape(predictions: list[dict[str, Any]]) -> None:
    """Most lack an advice section or our four texts; none may raise."""
    opened = sum(gate(json.dumps(sample["predictions"]["Qwen"]["output"])) for sample in predictions)
    assert opened < len(predictions) / 2


def test_their_advice_texts_can_be_read(predictions: list[dict[str, Any]]) -> None:
    advice = [sample["predictions"]["Qwen"]["output"].get("advice") for sample in predictions]
    texts = [item["primary_action"] for item in advice if isinstance(item, dict) and item.get("primary_action")]
    assert texts
    assert all(read_text(text).movement_direction is not None for text in texts)


def test_the_stripped_context_does_not_hold_the_answer(predictions: list[dict[str, Any]]) -> None:
    """Health, armour, weapon, alive counts, map and score stood in the prompt; none may be found there now."""
    for sample in predictions:
        state, context = sample["label"]["game_state"], sample["label"]["context"]
        stripped = strip_current_state(context)
        assert "POV:" in context
        assert ("EVENTS" in stripped) == ("EVENTS" in context)
        for told in ("POV", "Alive:", "Bomb:", "Teammates", "armor", "hp,", state["map_name"], "Round time"):
            assert told not in stripped
        assert f"T {state['score_t']} - {state['score_ct']} CT" not in stripped
