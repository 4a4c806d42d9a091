"""Whatever a model would like to write, what is written keeps to the schema."""

import json
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from apps.captures.hud.readings import FIELDS, MAX_NEW_TOKENS, READING, values_of
from apps.captures.labelling.schema import answer_schema
from apps.training.trainers.constrained import Constraint
from apps.training.trainers.hud import reader_model
from apps.training.trainers.hud.batches import answer

WORDS = reader_model.tokenizer()
CONSTRAINT = Constraint(WORDS)
SHOWN = dict.fromkeys(FIELDS) | {
    "clock": "1:35", "score_left": 12, "money": 16000, "place": "T Start", "weapon": "AWP | Phobos",
    "helmet": False, "hud_color": "blue", "phase": "live", "health": 0,
}  # fmt: skip


def written(schema: dict[str, Any], seeds: list[int], limit: int) -> list[str]:
    """What comes out where each row wishes for tokens by chance."""
    held, wishes = CONSTRAINT.processor(schema), [torch.Generator().manual_seed(seed) for seed in seeds]
    tokens = torch.zeros(len(seeds), 0, dtype=torch.long)
    for _ in range(limit):
        scores = torch.stack([torch.randn(len(WORDS), generator=one) for one in wishes])
        chosen = held(tokens, scores).argmax(-1)
        if tokens.shape[1]:  # `generate` goes on with padding where a row has ended
            chosen[(tokens == WORDS.eos_token_id).any(-1)] = WORDS.eos_token_id
        tokens = torch.cat([tokens, chosen[:, None]], 1)
        if (tokens == WORDS.eos_token_id).any(-1).all():
            break
    return list(WORDS.batch_decode(tokens, skip_special_tokens=True))


@settings(max_examples=10, deadline=None)
@given(seeds=st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=3))
def test_any_wishes_come_out_as_readings(seeds: list[int]) -> None:
    for text in written(READING, seeds, MAX_NEW_TOKENS):
        told = values_of(text)
        assert told is not None
        wrong = Draft202012Validator(READING).iter_errors(told)
        assert [error for error in wrong if error.validator != "maxLength"] == []  # bytes that are no text count anew


@pytest.mark.parametrize("section", ["game_state", "behavior"])
def test_any_wishes_come_out_as_this_part_of_an_answer(section: str) -> None:
    schema = answer_schema()["properties"]
    schema = schema["advice"]["properties"]["behavior"] if section == "behavior" else schema["game_state"]
    bounded = json.loads(json.dumps(schema).replace('["string", "null"]', '["null"]'))  # chance never ends a string
    for text in written(bounded, [1, 2, 3], 400):
        assert not list(Draft202012Validator(schema).iter_errors(json.loads(text))), text


@pytest.mark.parametrize("values", [SHOWN, dict.fromkeys(FIELDS)])
def test_what_labels_say_can_be_written(values: dict[str, Any]) -> None:
    assert _can_be_written(READING, answer(values))


def _can_be_written(schema: dict[str, Any], text: str) -> bool:
    held, tokens = CONSTRAINT.processor(schema), [*WORDS(text)["input_ids"], WORDS.eos_token_id]
    for count, token in enumerate(tokens):
        scores = held(torch.tensor([tokens[:count]], dtype=torch.long), torch.zeros(1, len(WORDS)))
        if scores[0, token] != 0:
            return False
    return True


def test_what_is_no_schema_is_refused() -> None:
    with pytest.raises((RuntimeError, ValueError)):
        CONSTRAINT.processor({"type": "nonsense"})


@pytest.mark.parametrize(
    ("schema", "text", "may"),
    [
        ({"type": "string", "minLength": 1}, '"Hold “A” – naïve?"', True),
        ({"type": "string", "minLength": 1}, '"…Б"', True),
        ({"type": "string", "minLength": 1}, '""', False),
        ({"type": "string", "minLength": 1}, '" …"', False),  # says nothing
        ({"type": "string", "minLength": 1}, '"a\tb"', False),
        ({"type": "string", "minLength": 0}, '""', True),
        ({"type": "string", "minLength": 2, "maxLength": 3}, '"a"', False),
        ({"type": "string", "minLength": 2, "maxLength": 3}, '"abc"', True),
        ({"type": "string", "minLength": 2, "maxLength": 3}, '"abcd"', False),
        ({"type": ["string", "null"], "minLength": 1, "maxLength": 60}, "null", True),
    ],
)
def test_texts_of_a_length(schema: dict[str, Any], text: str, may: bool) -> None:
    assert _can_be_written(schema, text) == may
