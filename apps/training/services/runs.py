"""Create runs, follow what their trainer writes, and keep the checkpoints it leaves."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from apps.core.broadcast import hint
from apps.core.models import User
from apps.core.services import ledger
from apps.training.models import Checkpoint, Dataset, RunCompletion, RunMetric, Status, TrainingRun
from apps.training.services.checkpoints import register_checkpoints
from apps.training.services.transitions import move, settle, topic
from apps.training.trainers.config import check_parameters


def create(
    *,
    method: str,
    dataset: Dataset,
    start: Checkpoint | None,
    preset: str,
    parameters: Mapping[str, Any],
    user: User | None,
    key: UUID,
) -> tuple[TrainingRun, bool]:
    """A new run, not started; the existing row when ``key`` was used before.

    Raises:
        BadConfig: the method or a parameter is impossible.
    """
    checked = check_parameters(method, parameters)
    return TrainingRun.objects.get_or_create(
        key=key,
        defaults={
            "method": method,
            "dataset": dataset,
            "start": start,
            "preset": preset if method == "grpo" else "",
            "parameters": checked,
            "created_by": user,
        },
    )


def stop(run: TrainingRun) -> None:
    """Ask the run's job to end; one that still waits ends at once. A second click changes nothing."""
    if run.job is not None:
        ledger.request_cancel(run.job)
        run.job.refresh_from_db()
        settle(run)


@dataclass
class LineFile:
    """Reads the whole lines that were added to a file since the last look."""

    path: Path
    offset: int = 0

    def fresh(self) -> Iterator[dict[str, Any]]:
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            file.seek(self.offset)
            data = file.read()
        whole = data[: data.rfind(b"\n") + 1]
        self.offset += len(whole)
        for line in whole.splitlines():
            yield json.loads(line)


@dataclass
class Follower:
    """Carries a run's metrics, completions and checkpoints from the trainer's folder into the database."""

    run: TrainingRun
    output: Path
    _metrics: LineFile = field(init=False)
    _completions: LineFile = field(init=False)
    latest: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._metrics = LineFile(self.output / "metrics.jsonl")
        self._completions = LineFile(self.output / "completions.jsonl")

    def look(self) -> bool:
        """Take over what is new; True when there was something."""
        completions = [
            RunCompletion(
                run=self.run,
                step=line["step"],
                number=line["number"],
                screenshot_id=line["screenshot_id"],
                text=line["text"],
                rewards=line["rewards"],
            )
            for line in self._completions.fresh()
        ]
        metrics = list(self._metrics.fresh())
        RunCompletion.objects.bulk_create(completions, ignore_conflicts=True)
        RunMetric.objects.bulk_create(
            [RunMetric(run=self.run, step=line["step"], values=line["values"]) for line in metrics],
            ignore_conflicts=True,
        )
        found = bool(metrics or completions)
        if metrics:
            self.latest = metrics[-1]
            self.run.step = self.latest["step"]
            TrainingRun.objects.filter(pk=self.run.pk).update(step=self.run.step)
        found = register_checkpoints(self.run, self.output) or found
        if found:
            hint(topic(self.run))
        return found


def finish(run: TrainingRun, to: Status, message: str) -> None:
    """End the run with its sentence."""
    move(run, to, message=message)
