"""A trainer as its command line sees it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tiny import ENV, ROOT, tiny_model, write_dataset

__all__ = ["tiny_model"]


@pytest.fixture
def configure(tmp_path: Path, tiny_model: Path) -> Callable[..., Path]:
    """``configure("sft", "out", steps=3)`` → the path of a run.json that trains the tiny model on four frames."""

    def write(
        method: str, output: Path, *, model: Path = tiny_model, resume: bool = False, **parameters: object
    ) -> Path:
        data = tmp_path / "data"
        manifest = write_dataset(data)
        path = tmp_path / f"{method}.json"
        path.write_text(
            json.dumps(
                {
                    "method": method,
                    "model": str(model),
                    "manifest": str(manifest),
                    "images": str(data),
                    "output": str(output),
                    "resume": resume,
                    "parameters": parameters,
                }
            )
        )
        return path

    return write


def start(module: str, config: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", f"apps.training.trainers.{module}", f"--config={config}"],
        cwd=ROOT,
        env={**os.environ, **ENV},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(child: "subprocess.Popen[str]") -> tuple[int, str]:
    output, _ = child.communicate(timeout=300)
    return child.returncode, output
