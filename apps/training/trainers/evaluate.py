"""Evaluation: one greedy answer per frame, scored field by field, exact and tolerant from the same generation.

    python -m apps.training.trainers.evaluate --config evaluate.json

Writes ``predictions.jsonl`` (one line per frame, as they come) and ``result.json`` below the configured output.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from apps.captures.labelling.sample import Sample
from apps.training.datasets.chat import prompt_messages
from apps.training.rewards.gate import read_answer
from apps.training.rewards.perception import perceive
from apps.training.trainers.config import BadConfig, read_object
from apps.training.trainers.data import BadData, frame, load_samples, shown_to
from apps.training.trainers.folder import BadModel
from apps.training.trainers.output import TILES

PREDICTIONS, RESULT = "predictions.jsonl", "result.json"
EXPECTED_FAILURE = 3


@dataclass(frozen=True)
class EvaluationConfig:
    """Everything one evaluation needs. Paths are on the machine that runs it."""

    model: str
    manifest: str
    images: str
    output: str
    split: str = "val"
    max_new_tokens: int = 512
    batch_size: int = 4


def answers(config: EvaluationConfig, samples: list[Sample]) -> Iterator[tuple[Sample, str]]:
    """Each sample with what the model wrote about its frame, at temperature 0."""
    import torch
    from PIL import Image

    from apps.training.trainers import model as models

    folder = shown_to(Path(config.model), samples, Path(config.images), Path(config.output) / TILES)
    model, processor = models.load(Path(config.model))
    model.to("cuda" if torch.cuda.is_available() else "cpu").eval()
    processor.tokenizer.padding_side = "left"
    for start in range(0, len(samples), config.batch_size):
        batch = samples[start : start + config.batch_size]
        texts = [
            processor.apply_chat_template(
                with_frame(prompt_messages(sample)), add_generation_prompt=True, tokenize=False
            )
            for sample in batch
        ]
        images = [[Image.open(frame(folder, sample.image_name)).convert("RGB")] for sample in batch]
        inputs = processor(text=texts, images=images, padding=True, return_tensors="pt").to(model.device)
        with torch.inference_mode():
            output = model.generate(**inputs, do_sample=False, max_new_tokens=config.max_new_tokens)
        written = processor.tokenizer.batch_decode(output[:, inputs["input_ids"].shape[1] :], skip_special_tokens=True)
        yield from zip(batch, written, strict=True)


def with_frame(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The messages with an image before the text of the last one."""
    *before, last = messages
    content = [{"type": "image"}, {"type": "text", "text": last["content"]}]
    return [*before, {**last, "content": content}]


def judge(sample: Sample, text: str) -> dict[str, Any]:
    """One line of ``predictions.jsonl``: the text, whether it passes the gate, and each field's two scores."""
    answer = read_answer(text)
    state = answer["game_state"] if answer else {}
    seen = perceive(state, sample.label, sample.observability)
    return {
        "screenshot_id": sample.screenshot_id,
        "text": text,
        "gate": int(answer is not None),
        "fields": [asdict(field) for field in seen.fields],
    }


def summarise(predictions: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Per field and over all: how often it was labelled, and the share right (0..1), exactly and within tolerance."""
    count, passed = 0, 0
    totals: dict[str, dict[str, float]] = {}
    for prediction in predictions:
        count += 1
        passed += prediction["gate"]
        for field in prediction["fields"]:
            total = totals.setdefault(field["field"], {"count": 0, "exact": 0.0, "tolerant": 0.0})
            total["count"] += 1
            total["exact"] += field["exact"]
            total["tolerant"] += field["tolerant"]
    labelled = sum(total["count"] for total in totals.values())
    return {
        "samples": count,
        "gate_rate": passed / count if count else None,
        "exact": sum(t["exact"] for t in totals.values()) / labelled if labelled else None,
        "tolerant": sum(t["tolerant"] for t in totals.values()) / labelled if labelled else None,
        "fields": {
            name: {"count": int(t["count"]), "exact": t["exact"] / t["count"], "tolerant": t["tolerant"] / t["count"]}
            for name, t in totals.items()
        },
    }


def evaluate(config: EvaluationConfig) -> dict[str, Any]:
    """Run the evaluation; returns what it writes to ``result.json``."""
    samples = load_samples(Path(config.manifest), Path(config.images), config.split)
    output = Path(config.output)
    output.mkdir(parents=True, exist_ok=True)
    predictions = []
    with (output / PREDICTIONS).open("w") as file:
        for sample, text in answers(config, samples):
            prediction = judge(sample, text)
            predictions.append(prediction)
            file.write(json.dumps(prediction, allow_nan=False) + "\n")
            file.flush()
            sys.stdout.write(f"{len(predictions)}/{len(samples)}\n")
    result = summarise(predictions)
    draft = output / f".{RESULT}"
    draft.write_text(json.dumps(result, allow_nan=False) + "\n")
    draft.replace(output / RESULT)
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, required=True)
    path = parser.parse_args().config
    os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", TRANSFORMERS_VERBOSITY="error")
    try:
        data = read_object(path)
        if not set(data) <= {field.name for field in fields(EvaluationConfig)}:
            raise BadConfig("The evaluation's configuration holds something unknown.")
        evaluate(EvaluationConfig(**data))
    except (BadConfig, BadData, BadModel) as error:
        sys.stderr.write(f"{error}\n")
        return EXPECTED_FAILURE
    return 0


if __name__ == "__main__":
    sys.exit(main())
