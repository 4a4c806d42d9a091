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
from apps.captures.hud.readings import ASK, MAX_NEW_TOKENS, READING, agreed, values_of
from apps.training.trainers.constrained import Constraint
from apps.training.trainers.folder import BadModel, check_model_folder

BATCH = 8  # pictures at once keep two cores busy
NO_MODEL = 3
UNSURE = 0.9  # the probability of a token below which a reading leaves a doubt
NUDGES = (1.1, 0.7), (-0.9, -1.1)  # of the HUD's pixels, right and down: training moves groups by up to three
MALFORMED = "The model wrote no whole reading of it."

Read = tuple[dict[str, Any] | None, float]  # a reading, None for none; and how likely its least likely token was


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

    def read(self, tiles: Sequence[Image.Image]) -> list[Read]:
        """What the model reads of each tile, greedily."""
        written = self.written([self.prompt] * len(tiles), tiles, READING, MAX_NEW_TOKENS)
        return [(values_of(text), sure) for text, sure in written]

    def written(
        self, prompts: Sequence[str], tiles: Sequence[Image.Image], schema: dict[str, Any], max_new_tokens: int
    ) -> list[tuple[str, float]]:
        """What the model writes greedily after each prompt with its tile, held to ``schema``, and how likely the least
        likely of its tokens was (0 … 1)."""
        inputs = self.processor(
            text=list(prompts), images=[[tile] for tile in tiles], padding=True, return_tensors="pt"
        )
        held = [self.constraint.processor(schema)]
        with self.torch.inference_mode():
            out = self.model.generate(
                **inputs,
                do_sample=False,
                max_new_tokens=max_new_tokens,
                logits_processor=held,
                output_scores=True,
                return_dict_in_generate=True,
            )
        answered = out.sequences[:, inputs["input_ids"].shape[1] :]
        texts = self.processor.tokenizer.batch_decode(answered, skip_special_tokens=True)
        return list(zip(texts, self._least(answered, out.scores), strict=True))

    def _least(self, answered: Any, scores: Sequence[Any]) -> list[float]:
        """Of each row the probability of its least likely token; what fills up a row after its end counts as sure."""
        chances = [
            score.softmax(dim=-1).gather(1, token[:, None])[:, 0]
            for score, token in zip(scores, answered.T, strict=True)
        ]
        filled = answered == self.processor.tokenizer.pad_token_id
        return [float(one) for one in self.torch.stack(chances, dim=1).masked_fill(filled, 1.0).amin(dim=1)]


def readings(
    reader: Reader, images: Sequence[Image.Image], placements: Sequence[Placement | None] | None = None
) -> list[dict[str, Any] | None]:
    """The values of each RGB picture; with ``placements`` the HUD is not looked for.

    Where the first look leaves a doubt, two more are taken from slightly beside it, and most of the three decide.
    """
    places = [find(image) for image in images] if placements is None else placements
    looks = list(zip(images, places, strict=True))
    told = reader.read([pack(image, place) for image, place in looks])
    doubtful = [number for number, (_, sure) in enumerate(told) if sure < UNSURE and places[number] is not None]
    others = iter(reader.read([tile for number in doubtful for tile in _beside(*looks[number])]) if doubtful else [])
    found = [[values] for values, _ in told]
    for number in doubtful:
        found[number] += [next(others)[0] for _ in NUDGES]
    return [agreed(values) for values in found]


def _beside(image: Image.Image, place: Placement | None) -> list[Image.Image]:
    return [pack(image, place and place.moved(*nudge)) for nudge in NUDGES]


def lines(reader: Reader, paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """One object for each file, in order; what is wrong with one does not keep the others."""
    waiting: list[tuple[Path, Image.Image | str]] = []
    for path in paths:
        waiting.append((path, _frame(path)))
        if len(waiting) == BATCH:
            yield from _told(reader, waiting)
            waiting = []
    yield from _told(reader, waiting)


def _told(reader: Reader, waiting: Sequence[tuple[Path, Image.Image | str]]) -> Iterator[dict[str, Any]]:
    frames = [frame for _, frame in waiting if not isinstance(frame, str)]
    told = iter(readings(reader, frames) if frames else [])
    for path, frame in waiting:
        if isinstance(frame, str):
            yield {"file": str(path), "error": frame}
        else:
            values = next(told)
            yield {"file": str(path), **(values or {"error": MALFORMED})}


def _frame(path: Path) -> Image.Image | str:
    """The picture, or a sentence that says why there is none."""
    try:
        return open_frame(read_picture(path))
    except FrameRefused as error:
        return str(error)


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
