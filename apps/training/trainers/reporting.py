"""What a trainer tells the world: lines in ``metrics.jsonl`` and ``completions.jsonl``, and how it ended.

Also where SIGTERM arrives: the step in progress is finished, a checkpoint saved, and the process ends with status 0.
"""

import json
import math
import os
import signal
import time
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from apps.training.trainers.folder import INCOMPLETE

METRICS, COMPLETIONS, STATUS = "metrics.jsonl", "completions.jsonl", "status.json"
FINAL, CHECKPOINTS = "final", "checkpoints"

# What we keep of TRL's log, by our names.
NAMES = {
    "loss": "loss",
    "learning_rate": "learning_rate",
    "grad_norm": "grad_norm",
    "entropy": "entropy",
    "mean_token_accuracy": "token_accuracy",
    "kl": "kl",
    "completions/mean_length": "completion_length",
    "completions/clipped_ratio": "clipped",
}


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


class Reporter(TrainerCallback):  # type: ignore[misc]
    """Writes metrics, marks checkpoints that are being written, and stops when asked."""

    def __init__(self, output: Path, stop: Stop, recorder: Any = None) -> None:
        self._output = output
        self._stop = stop
        self._recorder = recorder
        self._started = time.monotonic()

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        if not logs or "loss" not in logs:
            return  # the summary after the last step
        values = {NAMES[name]: finite(value) for name, value in logs.items() if name in NAMES}
        if self._recorder is not None:
            values |= {name: finite(value) for name, value in self._recorder.figures().items()}
            self._recorder.keep_samples(state.global_step)
        seconds = round(time.monotonic() - self._started, 2)
        append_line(self._output / METRICS, {"step": state.global_step, "seconds": seconds, "values": values})
        if values["loss"] is None:
            raise Diverged(
                f"The loss is not a number at step {state.global_step}; earlier checkpoints were kept. "
                "Launch it again with a lower learning rate."
            )

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> Any:
        if self._stop:
            control.should_save = True
            control.should_training_stop = True
        if control.should_save:  # this callback comes after the one that decides it
            folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / INCOMPLETE).write_text("Being saved; never resume from this folder while this file is here.\n")
        return control

    def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        (Path(args.output_dir) / f"checkpoint-{state.global_step}" / INCOMPLETE).unlink(missing_ok=True)


def last_complete_checkpoint(folder: Path) -> Path | None:
    """The newest checkpoint that was saved to its end; None when there is none."""
    found = [path for path in folder.glob("checkpoint-*") if path.name.rpartition("-")[2].isdigit()]
    whole = [path for path in found if not (path / INCOMPLETE).exists() and (path / "trainer_state.json").exists()]
    return max(whole, key=lambda path: int(path.name.rpartition("-")[2]), default=None)
