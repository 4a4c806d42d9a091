"""Every change of a Job row, as conditional updates, so that two processes can never both win.

The fence is ``attempt``: a worker that was given up for dead and wakes up again holds an old attempt number and
changes nothing.
"""

from datetime import timedelta
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from apps.core.broadcast import hint
from apps.core.models import Job, JobStatus

LOG_TAIL_CHARS = 8_000
HEARTBEAT_EVERY = timedelta(seconds=10)
DEAD_AFTER = timedelta(seconds=60)

# from → to; the state diagram in ARCHITECTURE.md says the same.
TRANSITIONS: dict[JobStatus, frozenset[JobStatus]] = {
    JobStatus.QUEUED: frozenset({JobStatus.RUNNING, JobStatus.CANCELLED, JobStatus.FAILED}),
    JobStatus.RUNNING: frozenset(
        {JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.ERRORED, JobStatus.CANCELLED, JobStatus.QUEUED}
    ),
    JobStatus.SUCCEEDED: frozenset(),
    JobStatus.FAILED: frozenset({JobStatus.QUEUED}),
    JobStatus.ERRORED: frozenset({JobStatus.QUEUED}),
    JobStatus.CANCELLED: frozenset({JobStatus.QUEUED}),
}


def topic(job_id: UUID) -> str:
    return f"job:{job_id}"


def _move(job_id: UUID, to: JobStatus, *, extra: Q | None = None, **changes: object) -> bool:
    """Set ``status=to`` where the row stands in a state that may go there; True when this call did it."""
    sources = [status for status, targets in TRANSITIONS.items() if to in targets]
    rows = Job.objects.filter(pk=job_id, status__in=sources)
    moved = (rows.filter(extra) if extra is not None else rows).update(status=to, **changes)
    if moved:
        hint(topic(job_id))
    return bool(moved)


def claim(job_id: UUID) -> Job | None:
    """Take a queued job for this worker; None when somebody else has it or it was cancelled."""
    now = timezone.now()
    moved = _move(
        job_id,
        JobStatus.RUNNING,
        attempt=F("attempt") + 1,
        started_at=now,
        heartbeat_at=now,
        finished_at=None,
        progress=0.0,
        message="",
        log_tail="",
    )
    return Job.objects.get(pk=job_id) if moved else None


def finish(job: Job, to: JobStatus, message: str, *, log_tail: str | None = None) -> bool:
    """End a running job, unless it was meanwhile taken from this worker."""
    changes: dict[str, object] = {"message": message, "finished_at": timezone.now()}
    if to is JobStatus.SUCCEEDED:
        changes["progress"] = 1.0
    if log_tail is not None:
        changes["log_tail"] = log_tail[-LOG_TAIL_CHARS:]
    return _move(job.pk, to, extra=Q(attempt=job.attempt, status=JobStatus.RUNNING), **changes)


def report(job: Job, *, progress: float, message: str, log_tail: str) -> None:
    """Write progress (0..1) and the sentence beside it."""
    changed = Job.objects.filter(pk=job.pk, attempt=job.attempt, status=JobStatus.RUNNING).update(
        progress=min(max(progress, 0.0), 1.0), message=message, log_tail=log_tail[-LOG_TAIL_CHARS:]
    )
    if changed:
        hint(topic(job.pk))


def rule_out_retry(job: Job) -> None:
    """Offer no second try: it would come to the same end."""
    Job.objects.filter(pk=job.pk, attempt=job.attempt, status=JobStatus.RUNNING).update(retry_safe=False)


def beat(job: Job) -> bool:
    """Say that the worker lives; False when the job is no longer this worker's."""
    rows = Job.objects.filter(pk=job.pk, attempt=job.attempt, status=JobStatus.RUNNING)
    return bool(rows.update(heartbeat_at=timezone.now()))


def request_cancel(job: Job) -> None:
    """Cancel a queued job at once; ask a running one to stop. A second click changes nothing."""
    now = timezone.now()
    if _move(
        job.pk,
        JobStatus.CANCELLED,
        extra=Q(status=JobStatus.QUEUED),
        message="Cancelled before it started.",
        finished_at=now,
    ):
        return
    if Job.objects.filter(pk=job.pk, status=JobStatus.RUNNING).update(cancel_requested=True):
        hint(topic(job.pk))


def requeue(job: Job) -> bool:
    """Put an ended job back in line; True when this call did it (a second click changes nothing)."""
    return _requeue(job, ~Q(status=JobStatus.RUNNING))


def give_back(job: Job) -> bool:
    """Put a running job back in line because its worker is being stopped, unless it was meanwhile taken from it."""
    return _requeue(job, Q(attempt=job.attempt, status=JobStatus.RUNNING))


def _requeue(job: Job, fence: Q) -> bool:
    return _move(
        job.pk,
        JobStatus.QUEUED,
        extra=fence,
        cancel_requested=False,
        queued_at=timezone.now(),
        finished_at=None,
        message="Waiting for a worker.",
        progress=0.0,
    )
