"""Ask a model folder for whole answers about samples, as the coach does: the system prompt, the tile, the question."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from apps.captures.hud.finding import find
from apps.captures.hud.placing import Placement, pack
from apps.captures.labelling.schema import answer_schema
from apps.training.datasets.prompt import system_prompt, user_prompt
from apps.training.trainers.hud.advice_samples import context_of
from apps.training.trainers.hud.labels import simulated

MAX_NEW_TOKENS = 480
BATCH = 8


def answers(model: Path, samples: Path, lines: Sequence[dict[str, Any]], *, given: bool = False) -> dict[str, str]:
    """File name → what the model writes, greedily; ``given`` cuts by the truth instead of looking for the HUD."""
    known = {one.path.name: one.placement for one in simulated(samples)} if given else None
    paths = [samples / "frames" / line["file"] for line in lines]
    texts = asked(model, paths, [context_of(line) for line in lines], known)
    return {path.name: text for path, text in zip(paths, texts, strict=True)}


def asked(
    model: Path, paths: Sequence[Path], contexts: Sequence[str], known: Mapping[str, Placement | None] | None = None
) -> list[str]:
    """What the model writes about each picture with that round context; ``known``: places by file name."""
    from apps.training.trainers.hud.read import Reader

    reader = Reader(model)
    found: list[str] = []
    for start in range(0, len(paths), BATCH):
        part = paths[start : start + BATCH]
        images = [Image.open(path).convert("RGB") for path in part]
        places = [find(image) if known is None else known[path.name] for path, image in zip(part, images, strict=True)]
        tiles = [pack(image, place) for image, place in zip(images, places, strict=True)]
        prompts = [_prompt(reader, context) for context in contexts[start : start + BATCH]]
        found += [text for text, _ in reader.written(prompts, tiles, answer_schema(), MAX_NEW_TOKENS)]
    return found


def _prompt(reader: Any, context: str) -> str:
    content = [{"type": "image"}, {"type": "text", "text": user_prompt(context)}]
    message = [{"role": "system", "content": system_prompt()}, {"role": "user", "content": content}]
    return str(reader.processor.apply_chat_template(message, tokenize=False, add_generation_prompt=True))
