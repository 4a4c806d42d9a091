"""``manage.py model_card [--model FOLDER]``: README.md of a model that reads HUDs, from what was measured of it."""

import json
from argparse import ArgumentParser
from math import prod
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from safetensors import SafetensorError, safe_open

from apps.captures.hud.readings import MARKER
from apps.training.trainers.hud.evaluation import BadEvaluation, model_card, read_evaluation

DATA = (
    "Simulated frames of this project (`apps/simulation/hudsamples`), in other looks each: sizes, shapes, HUD scales, "
    "colours, scenery, compression.",
    "Real 1920×1080 frames of two matches on de_dust2, labelled by hand; every fifth block of neighbours was held out "
    "and helped to choose between weights.",
)


class Command(BaseCommand):
    help = "Write README.md into a model folder: how it was trained and how well it reads, from its evaluation.json."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--model", type=Path, default=settings.EMBEDDED_MODEL_DIR, help="the model folder")
        parser.add_argument("--data", action="append", help="a sentence on what it learned from; may be repeated")

    def handle(self, *args: object, model: Path, data: list[str] | None, **options: Any) -> None:
        try:
            evaluation = read_evaluation(model)
            if evaluation is None:
                raise CommandError(f"Nothing was measured in {model} yet: measure --json writes its evaluation.json.")
            text = model_card(evaluation, {**_weights(model), "stages": _stages(model), "data": data or DATA})
            draft = model / ".README.md"
            draft.write_text(text, encoding="utf-8")
            draft.replace(model / "README.md")
        except (BadEvaluation, SafetensorError, OSError) as error:
            raise CommandError(f"No model card was written: {error}") from error
        self.stdout.write(f"Written: {model / 'README.md'}")


def _weights(folder: Path) -> dict[str, float]:
    """Parameters and megabytes of the weights, from the headers of their files."""
    count = 0
    for path in folder.glob("*.safetensors"):
        with safe_open(path, "numpy") as tensors:
            count += sum(prod(tensors.get_slice(name).get_shape()) for name in tensors.keys())  # noqa: SIM118
    return {"parameters": count, "megabytes": sum(path.stat().st_size for path in folder.glob("*.safetensors")) / 1e6}


def _stages(folder: Path) -> list[dict[str, Any]]:
    """What the trainer noted of its stages, where it did."""
    try:
        told = json.loads((folder / MARKER).read_text())
    except (OSError, ValueError):
        return []
    stages = told.get("stages", [told]) if isinstance(told, dict) else []
    return [one for one in stages if isinstance(one, dict) and {"stage", "steps", "spent_s"} <= one.keys()]
