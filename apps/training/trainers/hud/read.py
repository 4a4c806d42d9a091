"""Read the HUD of pictures with a model folder.

    python -m apps.training.trainers.hud.read --model FOLDER IMAGE…

Prints one JSON object a line and picture: the names of ``labels.FIELDS`` (null for what is not shown) and ``file``, or
``error`` with a sentence; ends with 1 when there was one.
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
from apps.captures.hud.pictures import MAX_BYTES, FrameRefused, open_frame
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
    """One object for each file, in order; what is wrong with one does not keep the others."""
    for path in paths:
        try:
            image = _opened(path)
        except (OSError, FrameRefused) as error:
            sentence = str(error) if isinstance(error, FrameRefused) else f"It cannot be opened: {error.strerror}."
            yield {"file": str(path), "error": sentence}
            continue
        found = readings(reader, [image])[0]
        yield {"file": str(path), **(found or {"error": "The model wrote no whole reading of it."})}


def _opened(path: Path) -> Image.Image:
    with path.open("rb") as file:
        return open_frame(file.read(MAX_BYTES + 1))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("images", type=Path, nargs="+")
    options = parser.parse_args()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    reader = Reader(options.model)
    failed = False
    for line in lines(reader, options.images):
        failed |= "error" in line
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
