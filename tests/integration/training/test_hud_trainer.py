"""The trainers of the HUD reader, from samples to a model folder, by their command lines."""

import importlib
import io
import json
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
import safetensors.numpy

from apps.captures.hud.readings import FIELDS
from apps.training.trainers.folder import check_model_folder
from tests.conftest import ROOT

MEGABYTE = 1_000_000
SAMPLES = 12


def run_alone(module: str, *arguments: object) -> str:
    """A command in a process of its own, as it is started by hand."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def run(module: str, *arguments: object) -> str:
    """A command in this process: a fresh one takes ten seconds to load torch and transformers."""
    out, before = io.StringIO(), sys.argv
    sys.argv = [module, *map(str, arguments)]
    try:
        with redirect_stdout(out):
            assert importlib.import_module(module).main() == 0
    finally:
        sys.argv = before
    return out.getvalue()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    run("apps.simulation.hudsamples.write", folder, "--count", SAMPLES, "--part", 0, "--parts", 2)
    with (folder / "labels-1.jsonl").open("w") as killed:
        killed.write('{"file": "000001.jpg", "clo')  # what a killed process leaves
    run_alone("apps.simulation.hudsamples.write", folder, "--count", SAMPLES, "--part", 1, "--parts", 2)
    return folder


def test_samples_are_written_once_however_often_they_are_asked_for(samples: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in samples.rglob("*.jpg")}
    run("apps.simulation.hudsamples.write", samples, "--count", SAMPLES)
    assert {path.name: path.stat().st_mtime_ns for path in samples.rglob("*.jpg")} == before
    told = [line for part in sorted(samples.glob("labels-*.jsonl")) for line in lines(part)]
    assert sorted(line["file"] for line in told) == sorted(before)
    assert all(line.keys() >= {*FIELDS, "unit", "origins", "size"} for line in told)


def test_a_reader_is_trained_in_stages_and_goes_on_where_it_was_stopped(samples: Path, tmp_path: Path) -> None:
    groups, made = tmp_path / "groups", tmp_path / "run"
    assert f"{SAMPLES} simulated frames" in run(
        "apps.training.trainers.hud.pool", "--samples", samples, "--output", groups
    )
    trainer = ("apps.training.trainers.hud.reader", "--pool", groups, "--output", made)
    run(*trainer, "--stage", "see", "--steps", 1)
    run(*trainer, "--stage", "read", "--steps", 1)
    run_alone(*trainer, "--stage", "read", "--steps", 2)
    final = made / "final"
    check_model_folder(final)
    stages = json.loads((final / "hud_reader.json").read_text())["stages"]
    assert [(one["stage"], one["steps"]) for one in stages] == [("see", 1), ("read", 2)]
    assert sum(path.stat().st_size for path in final.glob("*.safetensors")) < 25 * MEGABYTE
    picture = next(samples.rglob("*.jpg"))
    told = json.loads(run("apps.training.trainers.hud.read", "--model", final, picture))
    assert told.keys() == {"file", *FIELDS}
    again = tmp_path / "again"
    run(*trainer[:3], "--output", again, "--stage", "read", "--steps", 1, "--begin-with", final)
    stages = json.loads((again / "final" / "hud_reader.json").read_text())["stages"]
    assert [(one["stage"], one["steps"]) for one in stages] == [("see", 1), ("read", 2), ("read", 1)]
    weights = [safetensors.numpy.load_file(made / "model.safetensors") for made in (final, again / "final")]
    moved = [abs(one - other).max() for one, other in zip(*(each.values() for each in weights), strict=True)]
    assert max(moved) < 0.01, "one step away from what it began with, not from random weights"


@pytest.mark.parametrize(("look", "said"), [("finder", "simulated {"), ("closer", "simulated: off by")])
def test_a_finder_is_trained_and_goes_on_where_it_was_stopped(
    samples: Path, tmp_path: Path, look: str, said: str
) -> None:
    weights = tmp_path / "weights.safetensors"
    trainer = (f"apps.training.trainers.hud.{look}", "--samples", samples, "--output", weights)
    assert said in run(*trainer, "--steps", 1)
    first = weights.read_bytes()
    run(*trainer, "--steps", 1)  # there is nothing left to do
    assert weights.read_bytes() == first
