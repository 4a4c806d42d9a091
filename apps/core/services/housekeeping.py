"""Finds jobs that nobody works on any more and queued ones that RQ has lost."""

import logging
from collections.abc import Callable
from datetime import timedelta

import django_rq
from django.db.models import Q
from django.utils import timezone
from redis.exceptions import RedisError

from apps.core.models import Job, JobStatus
from apps.core.services import enqueueing, ledger

logger = logging.getLogger(__name__)
# What other apps want done every few seconds; they add theirs in AppConfig.ready. One that fails stops no other.
CHORES: list[Callable[[], object]] = []
MAX_ATTEMPTS = 3
LOST_AFTER = timedelta(seconds=30)


def bury_the_dead() -> list[Job]:
    """Mark running jobs whose worker has been silent too long, and restart those that may run twice."""
    silent = timezone.now() - ledger.DEAD_AFTER
    dead = list(Job.objects.filter(status=JobStatus.RUNNING).filter(Q(heartbeat_at__lt=silent)))
    for row in dead:
        ended = ledger.finish(
            row, JobStatus.ERRORED, "The worker stopped without a word. Nothing it had stored was lost; run it again."
        )
        if ended and row.retry_safe and row.attempt < MAX_ATTEMPTS and not row.cancel_requested:
            enqueueing.retry(row)
    return dead


def push_the_lost() -> int:
    """Hand queued jobs to RQ again that it does not know (Redis restarted, or was away at the time)."""
    pushed = 0
    waiting = Job.objects.filter(status=JobStatus.QUEUED, queued_at__lt=timezone.now() - LOST_AFTER)
    known: dict[str, set[str]] = {}
    for row in waiting:
        if row.queue not in known:
            known[row.queue] = _known_ids(row.queue)
        if str(row.pk) not in known[row.queue]:
            pushed += enqueueing.push(row)
    return pushed


def _known_ids(queue_name: str) -> set[str]:
    queue = django_rq.get_queue(queue_name)
    jobs = queue.get_jobs()
    return {str(job.args[0]) for job in jobs}


def run_once() -> None:
    """One round of housekeeping; a missing Redis only postpones what needs it."""
    bury_the_dead()
    try:
        push_the_lost()
    except RedisError:
        logger.warning("Redis is away; waiting jobs stay in the database until it is back")
    for chore in CHORES:
        try:
            chore()
        except Exception:
            logger.exception("The chore %s did not work out", getattr(chore, "__qualname__", chore))
