"""Read the HUD of pictures with a model folder.

    python -m apps.training.trainers.hud.read --model FOLDER IMAGE…

Prints one JSON object a line and picture: the names of ``labels.FIELDS`` (null for what is not shown) and ``file``, or
``error`` with a sentence.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from apps.captures.hud.finding import find
from apps.captures.hud.placing import Placement, pack
from apps.training.trainers.hud.labels import FIELDS
from apps.training.trainers.hud.reader_model import ASK

MAX_NEW_TOKENS = 160


class Reader:
    """A model that reads tiles; loads once."""

    def __init__(self, folder: Path) -> None:
        import torch
        from transformers import Qwen3VLForConditionalGeneration, Qwen3VLProcessor

        self.torch = torch
        self.processor = Qwen3VLProcessor.from_pretrained(folder, local_files_only=True)
        self.processor.tokenizer.padding_side = "left"
        self.model = Qwen3VLForConditionalGeneration.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, dtype=torch.float32
        ).eval()
        message = [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": ASK}]}]
        self.prompt = self.processor.apply_chat_template(message, tokenize=False, add_generation_prompt=True)

    def texts(self, tiles: Sequence[Image.Image]) -> list[str]:
        """What the model writes about each tile, greedily."""
        inputs = self.processor(
            text=[self.prompt] * len(tiles), images=[[tile] for tile in tiles], padding=True, return_tensors="pt"
        )
        with self.torch.inference_mode():
            out = self.model.generate(**inputs, do_sample=False, max_new_tokens=MAX_NEW_TOKENS)
        return list(
            self.processor.tokenizer.batch_decode(out[:, inputs["input_ids"].shape[1] :], skip_special_tokens=True)
        )


def values_of(text: str) -> dict[str, Any] | None:
    """The values in what a model wrote; None where it is no such object."""
    try:
        told = json.loads(text)
    except ValueError:
        return None
    return told if isinstance(told, dict) and set(told) == set(FIELDS) else None


def readings(
    reader: Reader, images: Sequence[Image.Image], placements: Sequence[Placement | None] | None = None
) -> list[dict[str, Any] | None]:
    """The values of each RGB picture; with ``placements`` the HUD is not looked for."""
    places = [find(image) for image in images] if placements is None else placements
    tiles = [pack(image, place) for image, place in zip(images, places, strict=True)]
    return [values_of(text) for text in reader.texts(tiles)]


def lines(reader: Reader, paths: Sequence[Path]) -> Iterator[dict[str, Any]]:
    for path in paths:
        try:
            image = Image.open(path).convert("RGB")
        except OSError:
            yield {"file": str(path), "error": "This is not a picture that can be read."}
            continue
        found = readings(reader, [image])[0]
        yield {"file": str(path), **(found or {"error": "The model wrote no whole reading."})}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("images", type=Path, nargs="+")
    options = parser.parse_args()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    reader = Reader(options.model)
    for line in lines(reader, options.images):
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
