"""The callback that both trainers share: figures of every step, checkpoints marked while they are written, stopping."""

import time
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from apps.training.trainers.folder import INCOMPLETE
from apps.training.trainers.model import mark
from apps.training.trainers.output import METRICS, Diverged, Stop, append_line, finite

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


class Reporter(TrainerCallback):  # type: ignore[misc]
    """Writes metrics, marks checkpoints that are being written, and stops when asked."""

    def __init__(self, output: Path, stop: Stop, start: Path, recorder: Any = None) -> None:
        self._output = output
        self._start = start  # the model's folder
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
        folder = Path(args.output_dir) / f"checkpoint-{state.global_step}"
        mark(folder, self._start)
        (folder / INCOMPLETE).unlink(missing_ok=True)
