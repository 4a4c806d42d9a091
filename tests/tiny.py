"""The tiny model and small datasets for every test that trains: the model is made once per test run."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from apps.captures.labelling.sample import Sample
from apps.training.datasets.manifest import write_manifest
from apps.training.datasets.splits import Split
from tests.unit.training.datasets.samples import sample

ROOT = Path(__file__).resolve().parent.parent
ENV = {"OMP_NUM_THREADS": "2", "OMP_WAIT_POLICY": "PASSIVE", "HF_HUB_OFFLINE": "1"}


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model of random weights in the embedded model's place."""
    from django.conf import settings

    folder = Path(settings.EMBEDDED_MODEL_DIR)
    copy_tiny_model(folder, tmp_path_factory)
    return folder


def copy_tiny_model(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A copy of the tiny model, which the first of a parallel run's processes to need it makes for all.

    Raises:
        subprocess.CalledProcessError: it cannot be made here.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    made = shared / "tiny-model"
    with (shared / "tiny-model.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():  # it appears complete or not at all
            subprocess.run(
                [sys.executable, "-m", "apps.training.trainers.tiny", f"--output={made}"],
                cwd=ROOT,
                check=True,
                capture_output=True,
                text=True,
                timeout=300,
            )
    shutil.copytree(made, folder, dirs_exist_ok=True)  # of an earlier test, in the embedded model's place


def picture(number: int) -> Image.Image:
    """A frame that differs from the others, with a number on it."""
    image = Image.new("RGB", (640, 360), (40 * number % 256, 90, 120))
    ImageDraw.Draw(image).text((40, 300), f"HEALTH {10 + number}", fill="white", font_size=30)
    return image


def _history(kills: int) -> str:
    """A context that grows with the number of kills: prompts differ in length, as real ones do."""
    first, rest = sample().context.split("\n", 1)
    events = [f"- {kill} s: OTTO (T) killed Noor (CT) with ak47 through smoke" for kill in range(kills)]
    return "\n".join([first, *events, rest])


def some_samples(count: int) -> list[Sample]:
    return [
        sample(
            number,
            image_name=f"frames/{number}.jpg",
            label={**sample().label, "player_health": 10 + number},
            context=_history(number),
            demo_sha256=("a" if number < count else "b") * 64,
        )
        for number in range(1, count + 1)
    ]


def write_dataset(folder: Path, count: int = 4) -> Path:
    """A dataset of ``count`` frames, the last one of another match for validation; returns the manifest."""
    samples = some_samples(count)
    for one in samples:
        path = folder / one.image_name
        path.parent.mkdir(parents=True, exist_ok=True)
        picture(one.screenshot_id).save(path)
    manifest = write_manifest(Split(train=tuple(samples[:-1]), val=(samples[-1],), test=()))
    path = folder / "manifest.jsonl"
    path.write_bytes(manifest.data)
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]
