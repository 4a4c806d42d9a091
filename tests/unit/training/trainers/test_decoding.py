"""What the quick decoder writes is what the model itself would have written."""

import copy
import random
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from transformers import AutoModelForImageTextToText, AutoProcessor

from apps.captures.hud.readings import ASK, READING
from apps.training.trainers import decoding
from apps.training.trainers.constrained import Constraint
from apps.training.trainers.decoding import MOST_PARAMETERS, Decoder, suits
from tests.tiny import ROOT, picture

OWN = ROOT / "apps" / "training" / "embedded_model"
LONG = 40


@pytest.fixture(scope="module", params=["small", "own"])
def loaded(request: pytest.FixtureRequest) -> tuple[Any, Any]:
    """Model and processor: random weights that read whole frames, and those that come along."""
    folder: Path = OWN if request.param == "own" else request.getfixturevalue("tiny_model")
    model = AutoModelForImageTextToText.from_pretrained(folder, local_files_only=True, dtype=torch.float32).eval()
    return model, AutoProcessor.from_pretrained(folder, local_files_only=True)


def asked(processor: Any, image: Image.Image | None) -> dict[str, torch.Tensor]:
    content: list[dict[str, Any]] = [{"type": "text", "text": ASK}]
    if image is not None:
        content.insert(0, {"type": "image", "image": image})
    conversation = [{"role": "user", "content": content}]
    found = processor.apply_chat_template(
        conversation, add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt"
    )
    return dict(found)


class Dictating:
    """Keeps the scores of each step, and lets only one token of chance follow."""

    def __init__(self, seed: int) -> None:
        self.scores: list[torch.Tensor] = []
        self.dice = random.Random(seed)

    def __call__(self, _: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        self.scores.append(scores.clone())
        allowed = torch.full_like(scores, float("-inf"))
        allowed[0, self.dice.randrange(3, scores.shape[1])] = 0
        return allowed


class Heard:
    """A streamer."""

    def __init__(self) -> None:
        self.tokens: list[int] = []
        self.over = 0

    def put(self, tokens: torch.Tensor) -> None:
        self.tokens += tokens.tolist()

    def end(self) -> None:
        self.over += 1


@pytest.mark.parametrize("image", [None, picture(3)], ids=["text", "picture"])
def test_scores_are_the_models_own_whatever_was_written(loaded: tuple[Any, Any], image: Image.Image | None) -> None:
    model, processor = loaded
    wishes = {**asked(processor, image), "max_new_tokens": LONG, "do_sample": False}
    slow, quick = Dictating(1), Dictating(1)
    plain = model.generate(**wishes, logits_processor=[slow])
    written = model.generate(**wishes, logits_processor=[quick], custom_generate=Decoder(model))
    assert torch.equal(plain, written)
    assert len(quick.scores) == len(slow.scores) > 1
    for mine, its in zip(quick.scores, slow.scores, strict=True):
        assert torch.allclose(mine, its, atol=1e-3, rtol=1e-3)


def test_a_reading_held_to_its_schema_is_the_same(loaded: tuple[Any, Any]) -> None:
    model, processor = loaded
    constraint = Constraint(processor.tokenizer, model.get_output_embeddings().weight.shape[0])
    wishes = {**asked(processor, picture(5)), "max_new_tokens": 200, "do_sample": False}
    plain = model.generate(**wishes, logits_processor=[constraint.processor(READING)])
    written = model.generate(**wishes, logits_processor=[constraint.processor(READING)], custom_generate=Decoder(model))
    assert torch.equal(plain, written)


def test_each_token_is_told_and_the_last_one_ends_it(loaded: tuple[Any, Any]) -> None:
    model, processor = loaded
    question = asked(processor, None)
    begun, heard = question["input_ids"].shape[1], Heard()
    constraint = Constraint(processor.tokenizer, model.get_output_embeddings().weight.shape[0])
    short = {"type": "object", "properties": {"site": {"enum": ["A"]}}, "required": ["site"]}
    written = model.generate(
        **question,
        max_new_tokens=LONG,
        logits_processor=[constraint.processor(short)],
        custom_generate=Decoder(model),
        told=heard,
    )
    assert heard.tokens == written[0, begun:].tolist()
    assert heard.tokens[-1] == processor.tokenizer.eos_token_id
    assert heard.over == 1
    again = Heard()
    cut = model.generate(
        **question,
        max_new_tokens=3,
        do_sample=False,
        custom_generate=Decoder(model),
        told=again,
    )
    assert cut.shape[1] == begun + 3
    assert (len(again.tokens), again.over) == (3, 1)


def test_it_suits_small_models_in_full_precision_only(loaded: tuple[Any, Any]) -> None:
    model, _ = loaded
    assert suits(model)
    assert sum(weights.numel() for weights in model.parameters()) < MOST_PARAMETERS
    with torch.device("meta"):
        elsewhere = type(model)(model.config)
    assert not suits(elsewhere)
    assert not suits(type(model)(model.config).to(torch.bfloat16))


@pytest.mark.parametrize(
    "how",
    [
        {"attention_bias": True},
        {"hidden_act": "gelu"},
        {"sliding_window": 16},
        {"rope_parameters": {"rope_type": "linear", "factor": 2.0}},
    ],
    ids=lambda how: next(iter(how)),
)
def test_it_leaves_models_that_it_does_not_spell_out(loaded: tuple[Any, Any], how: dict[str, Any]) -> None:
    model, _ = loaded
    config = copy.deepcopy(model.config)
    for name, value in how.items():
        setattr(config.text_config, name, {**getattr(config.text_config, name), **value} if "rope" in name else value)
    assert not suits(type(model)(config))


@pytest.mark.parametrize("wish", [{"use_cache": False}, {"num_beams": 2}, {"stop_strings": ["A"]}], ids=str)
def test_it_leaves_models_that_are_to_write_otherwise(loaded: tuple[Any, Any], wish: dict[str, Any]) -> None:
    other = type(loaded[0])(loaded[0].config)
    other.generation_config.update(**wish)
    assert not suits(other)


def test_it_says_that_it_writes_one_whole_row(loaded: tuple[Any, Any]) -> None:
    model, processor = loaded
    question = asked(processor, None)
    padded = {**question, "attention_mask": question["attention_mask"].clone()}
    padded["attention_mask"][0, 0] = 0
    with pytest.raises(ValueError, match="one row without padding"):
        model.generate(**padded, max_new_tokens=2, custom_generate=Decoder(model))


def test_an_answer_may_grow_beyond_the_room_it_began_with(
    loaded: tuple[Any, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    model, processor = loaded
    question = asked(processor, None)
    long = 2 * question["input_ids"].shape[1] + 5
    monkeypatch.setattr(decoding, "ROOM", 1)
    wishes = {**question, "max_new_tokens": long, "do_sample": False}
    plain = model.generate(**wishes, logits_processor=[Dictating(2)])
    assert torch.equal(plain, model.generate(**wishes, logits_processor=[Dictating(2)], custom_generate=Decoder(model)))
