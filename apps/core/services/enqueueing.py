"""How work gets onto a queue: a function marked ``@job`` and a Job row; RQ carries only the row's id."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any, Protocol, cast

import django_rq
from django.db import transaction
from django.utils import timezone
from redis.exceptions import RedisError

from apps.core.models import Job, User
from apps.core.services import ledger

logger = logging.getLogger(__name__)
# RQ kills the work horse this long after the job's own deadline, which ends it with a sentence instead.
RQ_GRACE_S = 60
_held = ContextVar("held", default=False)


@dataclass(frozen=True)
class JobSpec:
    queue: str
    timeout: timedelta
    retry_safe: bool


class JobFunction(Protocol):
    """A function ``f(run, **arguments)`` marked by ``@job``; returns the closing sentence or None."""

    spec: JobSpec
    __module__: str
    __qualname__: str

    def __call__(self, run: Any, **arguments: Any) -> str | None: ...


def job(
    queue: str, *, timeout: timedelta, retry_safe: bool = False
) -> Callable[[Callable[..., str | None]], JobFunction]:
    """Mark a function as runnable by a worker of ``queue``.

    ``retry_safe`` says that running it twice does no harm, so that a dead worker's job may be started again.
    """

    def mark(function: Callable[..., str | None]) -> JobFunction:
        marked = cast("JobFunction", function)
        marked.spec = JobSpec(queue, timeout, retry_safe)
        return marked

    return mark


def resolve(path: str) -> JobFunction:
    """The ``@job`` function at a dotted path.

    Raises:
        LookupError: nothing there is marked as a job, so nothing there may be run.
    """
    module, _, name = path.rpartition(".")
    function = getattr(import_module(module), name, None)
    if not isinstance(getattr(function, "spec", None), JobSpec):
        raise LookupError(f"{path} is not a job")
    return cast("JobFunction", function)


def enqueue(function: JobFunction, *, title: str, user: User | None, **arguments: object) -> Job:
    """Write the Job row now and hand its id to RQ once the surrounding transaction is committed."""
    spec = function.spec
    row = Job.objects.create(
        function=f"{function.__module__}.{function.__qualname__}",
        arguments=arguments,
        title=title[:200],
        queue=spec.queue,
        timeout_s=int(spec.timeout.total_seconds()),
        retry_safe=spec.retry_safe,
        created_by=user,
        queued_at=timezone.now(),
        message="Waiting for a worker.",
    )
    transaction.on_commit(lambda: push(row))
    return row


@contextmanager
def held() -> Iterator[None]:
    """Inside, rows are written but not handed to RQ: whoever holds them runs them itself, by ``jobs.perform``.

    Those left behind (the process was killed) are pushed by housekeeping, as those that Redis lost.
    """
    token = _held.set(True)
    try:
        yield
    finally:
        _held.reset(token)


def push(row: Job) -> bool:
    """Hand a queued row's id to RQ; False when Redis is away (housekeeping pushes it again later)."""
    if _held.get():
        return False
    try:
        django_rq.get_queue(row.queue).enqueue(
            "apps.core.jobs.perform",
            str(row.pk),
            job_timeout=row.timeout_s + RQ_GRACE_S,
            result_ttl=0,
            failure_ttl=24 * 3600,
        )
    except RedisError:
        logger.exception("Redis did not take job %s; housekeeping will try again", row.pk)
        return False
    return True


def retry(row: Job) -> bool:
    """Put an ended job back in line and onto the queue; False when it was not in a state to retry."""
    if not ledger.requeue(row):
        return False
    transaction.on_commit(lambda: push(row))
    return True
