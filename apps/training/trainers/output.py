"""What a trainer leaves for those who watch it: lines of figures, how it ended, checkpoints. No torch here.

Also where SIGTERM arrives: the step in progress is finished, a checkpoint saved, and the process ends with status 0.
"""

import json
import math
import os
import signal
from pathlib import Path
from typing import Any

from apps.training.trainers.folder import INCOMPLETE

METRICS, COMPLETIONS, STATUS = "metrics.jsonl", "completions.jsonl", "status.json"
FINAL, CHECKPOINTS, TILES = "final", "checkpoints", "tiles"


class Diverged(Exception):
    """The loss is not a number any more."""


def append_line(path: Path, row: dict[str, Any]) -> None:
    """One JSON object per line, written at once so that a reader never sees half of it for long."""
    with path.open("a") as file:
        file.write(json.dumps(row, allow_nan=False) + "\n")


def finite(value: Any) -> float | None:
    """A number that JSON can hold, or None."""
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def write_status(output: Path, status: str, step: int, message: str) -> None:
    """Say how it ended (``finished``, ``stopped``, ``failed``); replaces the file at once."""
    draft = output / f".{STATUS}"
    draft.write_text(json.dumps({"status": status, "step": step, "message": message}) + "\n")
    draft.replace(output / STATUS)


class Stop:
    """Whether somebody asked the trainer to end: by SIGTERM, or by dying (the worker that started it)."""

    def __init__(self) -> None:
        self._asked = False
        self._parent = os.getppid()
        signal.signal(signal.SIGTERM, self._on_signal)

    def _on_signal(self, number: int, frame: object) -> None:
        self._asked = True

    def __bool__(self) -> bool:
        return self._asked or os.getppid() != self._parent


def last_complete_checkpoint(folder: Path) -> Path | None:
    """The newest checkpoint that was saved to its end; None when there is none."""
    found = [path for path in folder.glob("checkpoint-*") if path.name.rpartition("-")[2].isdigit()]
    whole = [path for path in found if not (path / INCOMPLETE).exists() and (path / "trainer_state.json").exists()]
    return max(whole, key=lambda path: int(path.name.rpartition("-")[2]), default=None)
