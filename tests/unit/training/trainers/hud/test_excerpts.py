"""Parts of tiles alone stand where they stand in a whole tile and a whole answer."""

import json
from typing import Any

import numpy as np
import pytest
import torch

from apps.captures.hud.groups import GROUPS, TILE
from apps.captures.hud.readings import ASK, FIELDS
from apps.training.trainers.hud import reader_model
from apps.training.trainers.hud.batches import GROUP, answer, patches
from apps.training.trainers.hud.excerpts import CELLS, TOLD, cells_of, excerpt, forward, padded
from tests.unit.training.trainers.hud.values import VALUES

GRID = torch.tensor([[1, TILE[1] // 16, TILE[0] // 16]])


@pytest.fixture(scope="module")
def reader() -> tuple[Any, Any]:
    """Processor and model, with random weights."""
    from transformers import Qwen3VLForConditionalGeneration

    torch.manual_seed(0)
    processor = reader_model.processor()
    model = Qwen3VLForConditionalGeneration(reader_model.config(processor.tokenizer)).eval()
    return processor, model


def asked(processor: Any) -> tuple[list[int], list[int], int]:
    """The prompt with all image tokens, the whole answer, and the image token."""
    words = processor.tokenizer
    image = words.convert_tokens_to_ids("<|image_pad|>")
    messages = [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": ASK}]}]
    text = processor.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    prompt = words(text.replace("<|image_pad|>", "<|image_pad|>" * CELLS[0] * CELLS[1]))["input_ids"]
    return prompt, [*words(answer(VALUES))["input_ids"], words.eos_token_id], image


def test_of_everything_it_is_the_models_own_forward(reader: tuple[Any, Any]) -> None:
    processor, model = reader
    prompt, told, image = asked(processor)
    pixels = patches(np.random.default_rng(0).integers(0, 256, (1, TILE[1], TILE[0], 3)).astype(np.uint8))
    pixels = pixels.reshape(len(pixels), 3, 1, 256).repeat(1, 1, 2, 1).flatten(1)  # two frames, as the processor makes
    everything = list(range(CELLS[0] * CELLS[1]))
    batch = padded([excerpt(processor.tokenizer, image, prompt, told, FIELDS, everything)], 0)
    assert batch["input_ids"][0].tolist() == [*prompt, *told]
    with torch.no_grad():
        _, logits, seen = forward(model, batch | {"pixel_values": pixels}, everything)
        own = model(
            input_ids=batch["input_ids"],
            attention_mask=batch["attention_mask"],
            mm_token_type_ids=(batch["input_ids"] == image).long(),
            pixel_values=pixels,
            image_grid_thw=GRID,
        )
    assert seen.shape == (1, len(everything), 288)
    assert torch.allclose(logits, own.logits, atol=1e-5)


def test_each_of_a_batch_is_answered_as_it_is_alone(reader: tuple[Any, Any]) -> None:
    processor, model = reader
    prompt, told, image = asked(processor)
    group, dice = GROUP["place"], np.random.default_rng(1)
    cells = cells_of(group)
    lesson = excerpt(processor.tokenizer, image, prompt, told, TOLD["place"], cells)
    parts = dice.integers(0, 256, (3, group.size[1], group.size[0], 3)).astype(np.uint8)

    def answered(parts: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
        pixels = patches(parts).reshape(-1, 3, 1, 256).repeat(1, 1, 2, 1).flatten(1)
        with torch.no_grad():
            _, logits, seen = forward(model, padded([lesson] * len(parts), 0) | {"pixel_values": pixels}, cells)
        return logits, seen

    together, alone = answered(parts), [answered(parts[number : number + 1]) for number in range(3)]
    for whole, single in zip(together, zip(*alone, strict=True), strict=True):
        assert torch.allclose(whole, torch.cat(single), atol=1e-5)
    assert not torch.allclose(together[0][0], together[0][1], atol=1e-3)


@pytest.mark.parametrize("name", TOLD)
def test_only_the_groups_own_values_are_asked_for_at_their_places(reader: tuple[Any, Any], name: str) -> None:
    processor, model = reader
    prompt, told, image = asked(processor)
    cells = cells_of(GROUP[name])
    tokens, places, labels = excerpt(processor.tokenizer, image, prompt, told, TOLD[name], cells)
    assert tokens.count(image) == len(cells)
    said = processor.tokenizer.decode([label for label in labels if label >= 0])
    values = ", ".join(json.dumps(VALUES[field]) for field in TOLD[name])
    if len(TOLD[name]) > 1:
        values = values.replace(", ", f', "{TOLD[name][1]}": ')
    following = FIELDS[FIELDS.index(TOLD[name][-1]) + 1]
    assert said == f'{values}, "{following}": '
    whole = torch.tensor([[*prompt, *told]])
    at, _ = model.model.get_rope_index(whole, (whole == image).long(), GRID)
    everywhere = {tuple(place) for place in at[:, 0].T.tolist()}
    assert set(places) <= everywhere, "each at a place that the whole has too"
    assert places[-1] == tuple(at[:, 0, len(prompt) + told.index(tokens[-1])].tolist())


def test_a_groups_cells_are_those_it_lies_in() -> None:
    for group in GROUPS:
        inside = np.zeros((TILE[1], TILE[0]), bool)
        (left, top), (width, height) = group.at, group.size
        inside[top : top + height, left : left + width] = True
        lying = [row * CELLS[1] + column for row in range(CELLS[0]) for column in range(CELLS[1])
                 if inside[32 * row : 32 * row + 32, 32 * column : 32 * column + 32].any()]  # fmt: skip
        assert cells_of(group) == lying


def test_shorter_ones_are_filled_up_and_nothing_is_asked_there(reader: tuple[Any, Any]) -> None:
    processor, _ = reader
    prompt, told, image = asked(processor)
    cells = cells_of(GROUP["place"])
    lessons = [excerpt(processor.tokenizer, image, prompt, told, fields, cells) for fields in (("place",), ("money",))]
    batch = padded(lessons, 7)
    less = len(lessons[0][0]) - len(lessons[1][0])
    assert less > 0
    assert batch["input_ids"][1, -less:].tolist() == [7] * less
    assert batch["labels"][1, -less:].tolist() == [-100] * less
    assert batch["attention_mask"].sum(1).tolist() == [len(lessons[0][0]), len(lessons[1][0])]
    assert batch["position_ids"].shape == (3, 2, len(lessons[0][0]))
