"""The tiny model is an ordinary Qwen3-VL folder."""

import hashlib
import json
from pathlib import Path

import pytest

from apps.training.datasets.chat import prompt_messages, sft_record
from apps.training.trainers.tiny import create_tiny_model
from tests.tiny import picture, some_samples


def test_it_loads_through_the_automatic_classes_and_answers(tiny_model: Path) -> None:
    from transformers import AutoModelForImageTextToText, AutoProcessor

    from apps.training.trainers.evaluate import with_frame

    processor = AutoProcessor.from_pretrained(tiny_model)
    model = AutoModelForImageTextToText.from_pretrained(tiny_model)
    assert type(model).__name__ == "Qwen3VLForConditionalGeneration"
    assert 2e6 <= sum(p.numel() for p in model.parameters()) <= 15e6
    text = processor.apply_chat_template(
        with_frame(prompt_messages(some_samples(1)[0])), add_generation_prompt=True, tokenize=False
    )
    inputs = processor(text=[text], images=[[picture(1).resize((1920, 1080))]], return_tensors="pt")
    assert 0 < int((inputs["input_ids"] == model.config.image_token_id).sum()) <= 200
    output = model.generate(**inputs, max_new_tokens=8, do_sample=False)
    assert output.shape[1] > inputs["input_ids"].shape[1]


def test_its_tokenizer_gives_every_text_back_and_keeps_an_answer_short(tiny_model: Path) -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(tiny_model)
    record = sft_record(some_samples(1)[0])
    answer = record["completion"][0]["content"]
    for text in (answer, record["prompt"][0]["content"], 'x "player_health":7, ünï — 漢 \t\n{}'):
        assert tokenizer.decode(tokenizer(text)["input_ids"]) == text
    assert len(tokenizer(answer)["input_ids"]) <= 256


def test_making_it_twice_changes_nothing_and_the_seed_decides_the_weights(tmp_path: Path, tiny_model: Path) -> None:
    again = tmp_path / "again"
    assert create_tiny_model(again, seed=0)
    assert not create_tiny_model(again, seed=1)
    digests = {hashlib.sha256((path / "model.safetensors").read_bytes()).digest() for path in (tiny_model, again)}
    assert len(digests) == 1
    assert json.loads((again / "config.json").read_text())["model_type"] == "qwen3_vl"
    assert [path.name for path in tmp_path.iterdir()] == ["again"]


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(FileExistsError, match="something else"):
        create_tiny_model(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
