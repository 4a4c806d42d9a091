"""Structured output where it is promised, and what becomes of it where it is not."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from apps.captures.labelling.schema import answer_schema
from apps.coach import inference
from apps.coach.advice.partial import partial_answer
from apps.coach.advice.prompt import messages
from apps.coach.advice.validation import validate
from tests.contract.model_server.asking import ask, limited
from tests.contract.model_server.capabilities import those_that
from tests.contract.model_server.serving import Served

SMALL: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["bomb_status", "player_health", "utility"],
    "properties": {
        "bomb_status": {"enum": ["planted", "dropped", None]},
        "player_health": {"type": "integer", "minimum": 0, "maximum": 100},
        "utility": {"type": "array", "items": {"enum": ["Smoke Grenade", "Flashbang"]}, "minItems": 2, "maxItems": 3},
    },
}


@those_that(lambda can: can.structured)
async def test_what_is_written_follows_the_answers_schema(server: Served, frames: list[bytes]) -> None:
    answer = await ask(server.asked(structured=True), messages(frames[:1], "Round 3"), limited(600))
    if answer.finish.reason == "stop":
        assert validate(answer.text)[1] == []
    sections = partial_answer(answer.text)
    assert "game_state" in sections
    for section, fields in sections.items():
        schema = answer_schema()["properties"][section]["properties"]
        for name, value in list(fields.items())[:-1]:  # the last one may still be growing
            assert not list(Draft202012Validator(schema[name]).iter_errors(value)), (section, name, value)


@those_that(lambda can: can.any_schema)
async def test_a_whole_answer_has_every_part_that_a_schema_asks_for(
    server: Served, frames: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inference, "answer_schema", lambda: SMALL)
    for number in range(3):
        answer = await ask(server.asked(structured=True), messages(frames[:1], f"Round {number}"), limited(200))
        assert answer.finish.reason == "stop"
        assert not list(Draft202012Validator(SMALL).iter_errors(json.loads(answer.text))), answer.text


@those_that(lambda can: not can.structured)
async def test_elsewhere_the_wish_is_not_heard_and_the_answer_is_judged_by_us(
    server: Served, frames: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inference, "answer_schema", lambda: SMALL)
    answer = await ask(server.asked(structured=True), messages(frames[:1]), limited(30))
    assert not _is_of(SMALL, answer.text)
    assert validate(answer.text)[1]


def _is_of(schema: dict[str, Any], text: str) -> bool:
    try:
        return not list(Draft202012Validator(schema).iter_errors(json.loads(text)))
    except ValueError:
        return False
