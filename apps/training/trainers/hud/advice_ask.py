"""Ask a model folder for whole answers about samples, as the coach does: the system prompt, the tile, the question."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from apps.captures.hud.finding import find
from apps.captures.hud.placing import pack
from apps.training.datasets.prompt import system_prompt, user_prompt
from apps.training.trainers.hud.advice_samples import context_of
from apps.training.trainers.hud.labels import simulated

MAX_NEW_TOKENS = 480
BATCH = 8


def answers(model: Path, samples: Path, lines: Sequence[dict[str, Any]], *, given: bool = False) -> dict[str, str]:
    """File name → what the model writes, greedily; ``given`` cuts by the truth instead of looking for the HUD."""
    from apps.training.trainers.hud.read import Reader

    reader = Reader(model)
    known = {one.path.name: one.placement for one in simulated(samples)} if given else {}
    found: dict[str, str] = {}
    for start in range(0, len(lines), BATCH):
        part = lines[start : start + BATCH]
        images = [Image.open(samples / "frames" / line["file"]).convert("RGB") for line in part]
        places = [known[line["file"]] if given else find(image) for line, image in zip(part, images, strict=True)]
        tiles = [pack(image, place) for image, place in zip(images, places, strict=True)]
        prompts = [_prompt(reader, context_of(line)) for line in part]
        inputs = reader.processor(
            text=prompts, images=[[tile] for tile in tiles], padding=True, return_tensors="pt"
        )  # fmt: skip
        with reader.torch.inference_mode():
            out = reader.model.generate(**inputs, do_sample=False, max_new_tokens=MAX_NEW_TOKENS)
        told = reader.processor.tokenizer.batch_decode(
            out[:, inputs["input_ids"].shape[1] :], skip_special_tokens=True
        )  # fmt: skip
        found |= {line["file"]: text for line, text in zip(part, told, strict=True)}
    return found


def _prompt(reader: Any, context: str) -> str:
    content = [{"type": "image"}, {"type": "text", "text": user_prompt(context)}]
    message = [{"role": "system", "content": system_prompt()}, {"role": "user", "content": content}]
    return str(reader.processor.apply_chat_template(message, tokenize=False, add_generation_prompt=True))
