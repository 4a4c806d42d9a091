"""The one place where a dataset, run or evaluation changes its status."""

from typing import TypeVar

from django.utils import timezone

from apps.core.broadcast import hint
from apps.core.models import JobStatus
from apps.training.models import OVER, Dataset, Evaluation, Status, TrainingRun

Row = TypeVar("Row", bound=Dataset | TrainingRun | Evaluation)

# from → to. Nothing leaves an end: another attempt is another row.
TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.QUEUED: frozenset({Status.RUNNING, Status.STOPPED, Status.FAILED, Status.ERRORED}),
    Status.RUNNING: frozenset({Status.SUCCEEDED, Status.STOPPED, Status.FAILED, Status.ERRORED}),
    Status.SUCCEEDED: frozenset(),
    Status.STOPPED: frozenset(),
    Status.FAILED: frozenset(),
    Status.ERRORED: frozenset(),
}
TOPICS = {Dataset: "dataset", TrainingRun: "run", Evaluation: "evaluation"}


def topic(row: Dataset | TrainingRun | Evaluation) -> str:
    return f"{TOPICS[type(row)]}:{row.pk}"


def move(row: Row, to: Status, **changes: object) -> bool:
    """Set ``status=to`` and ``changes`` where the row stands in a state that may go there; True when this call did."""
    if isinstance(row, TrainingRun):
        if to is Status.RUNNING:
            changes.setdefault("started_at", timezone.now())
        elif to in OVER:
            changes.setdefault("finished_at", timezone.now())
    sources = [status for status, targets in TRANSITIONS.items() if to in targets]
    moved = type(row)._default_manager.filter(pk=row.pk, status__in=sources).update(status=to, **changes)
    if moved:
        hint(topic(row))
        row.refresh_from_db()
    return bool(moved)


def settle(row: Row) -> Row:
    """End a row whose job ended without saying so here: cancelled in the queue, or its worker died."""
    job = row.job
    if row.is_over or job is None or not job.is_over:
        return row
    to = {JobStatus.CANCELLED: Status.STOPPED, JobStatus.FAILED: Status.FAILED}.get(
        JobStatus(job.status), Status.ERRORED
    )
    move(row, to, message=job.message)
    return row
