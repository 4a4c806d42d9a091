"""Read the HUD of pictures with a model folder.

    python -m apps.training.trainers.hud.read --model FOLDER IMAGE…

Prints one JSON object a line and picture: the names of ``captures.hud.readings.FIELDS`` (null for what is not shown)
and ``file``, or ``error`` with a sentence; ends with 1 when there was one, and with 3 and a sentence on stderr where
there is no model.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from apps.captures.hud.finding import find
from apps.captures.hud.pictures import FrameRefused, open_frame, read_picture
from apps.captures.hud.placing import Placement, pack
from apps.captures.hud.readings import ASK, MAX_NEW_TOKENS, READING, values_of
from apps.training.trainers.constrained import Constraint
from apps.training.trainers.folder import BadModel, check_model_folder

BATCH = 8  # pictures at once keep two cores busy
NO_MODEL = 3
MALFORMED = "The model wrote no whole reading of it."


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
        self.constraint = Constraint(self.processor.tokenizer, self.model.config.text_config.vocab_size)
        message = [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": ASK}]}]
        self.prompt = self.processor.apply_chat_template(message, tokenize=False, add_generation_prompt=True)

    def texts(self, tiles: Sequence[Image.Image]) -> list[str]:
        """The reading that the model writes about each tile, greedily."""
        return self.written([self.prompt] * len(tiles), tiles, READING, MAX_NEW_TOKENS)

    def written(
        self, prompts: Sequence[str], tiles: Sequence[Image.Image], schema: dict[str, Any], max_new_tokens: int
    ) -> list[str]:
        """What the model writes greedily after each prompt with its tile, held to ``schema``."""
        inputs = self.processor(
            text=list(prompts), images=[[tile] for tile in tiles], padding=True, return_tensors="pt"
        )
        held = [self.constraint.processor(schema)]
        with self.torch.inference_mode():
            out = self.model.generate(**inputs, do_sample=False, max_new_tokens=max_new_tokens, logits_processor=held)
        answered = out[:, inputs["input_ids"].shape[1] :]
        return list(self.processor.tokenizer.batch_decode(answered, skip_special_tokens=True))


def readings(
    reader: Reader, images: Sequence[Image.Image], placements: Sequence[Placement | None] | None = None
) -> list[dict[str, Any] | None]:
    """The values of each RGB picture; with ``placements`` the HUD is not looked for."""
    places = [find(image) for image in images] if placements is None else placements
    tiles = [pack(image, place) for image, place in zip(images, places, strict=True)]
    return [values_of(text) for text in reader.texts(tiles)]


def lines(reader: Reader, paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """One object for each file, in order; what is wrong with one does not keep the others."""
    waiting: list[tuple[Path, Image.Image | str]] = []
    for path in paths:
        waiting.append((path, _tile(path)))
        if len(waiting) == BATCH:
            yield from _told(reader, waiting)
            waiting = []
    yield from _told(reader, waiting)


def _told(reader: Reader, waiting: Sequence[tuple[Path, Image.Image | str]]) -> Iterator[dict[str, Any]]:
    tiles = [tile for _, tile in waiting if not isinstance(tile, str)]
    texts = iter(reader.texts(tiles) if tiles else [])
    for path, tile in waiting:
        found = {"error": tile} if isinstance(tile, str) else values_of(next(texts)) or {"error": MALFORMED}
        yield {"file": str(path), **found}


def _tile(path: Path) -> Image.Image | str:
    """The tile of a picture, or a sentence that says why there is none."""
    try:
        image = open_frame(read_picture(path))
    except FrameRefused as error:
        return str(error)
    return pack(image, find(image))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("images", type=Path, nargs="+")
    options = parser.parse_args()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        check_model_folder(options.model)
    except BadModel as error:
        sys.stderr.write(f"{error}\n")
        return NO_MODEL
    try:
        reader = Reader(options.model)
    except Exception as error:  # whatever a cut or foreign file makes the libraries raise
        sys.stderr.write(f"The model in {options.model} cannot be loaded: {' '.join(str(error).split())[:200]}\n")
        return NO_MODEL
    failed = False
    for line in lines(reader, options.images):
        failed |= "error" in line
        sys.stdout.write(json.dumps(line) + "\n")  # ASCII: names of files need not be text
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
