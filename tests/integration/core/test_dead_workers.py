"""Workers and Redis die; no job stays "running" for ever, and none is run by two."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from subprocess import Popen

import django_rq
import psutil
import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from apps.core import jobs
from apps.core.models import Job, JobStatus
from apps.core.services import enqueueing, housekeeping, ledger
from apps.core.services.enqueueing import enqueue
from tests.integration.core import sample_jobs
from tests.integration.core.conftest import Stage

pytestmark = pytest.mark.django_db(transaction=True)
Again = Callable[[Job], Job]
StartWorker = Callable[[str], "Popen[bytes]"]


def silence(row: Job) -> None:
    """As if the last heartbeat were so long ago that the worker counts as dead."""
    past = timezone.now() - ledger.DEAD_AFTER - timedelta(seconds=1)
    Job.objects.filter(pk=row.pk).update(heartbeat_at=past)


def clean_house() -> None:
    call_command("housekeeping", once=True)


def test_a_dead_worker_is_found_within_two_minutes() -> None:
    rounds = timedelta(seconds=15)  # the command's default
    assert ledger.DEAD_AFTER + rounds + ledger.HEARTBEAT_EVERY < timedelta(minutes=2)


def test_a_killed_horse_leaves_a_job_that_is_marked(
    stage: Stage, start_worker: StartWorker, again: Again, wait_for: Callable[..., object]
) -> None:
    row = enqueue(sample_jobs.waits_once, title="Wait", user=None, folder=str(stage.folder))
    start_worker("parse")
    os.kill(stage.horse(), signal.SIGKILL)
    clean_house()
    assert again(row).status == JobStatus.RUNNING  # it may just be slow
    silence(row)
    clean_house()
    assert again(row).status == JobStatus.ERRORED
    assert "The worker stopped without a word" in again(row).message


def test_what_may_run_twice_runs_again(
    stage: Stage, start_worker: StartWorker, again: Again, wait_for: Callable[..., object]
) -> None:
    row = enqueue(sample_jobs.waits, title="Wait", user=None, folder=str(stage.folder))
    start_worker("parse")
    os.kill(stage.horse(1), signal.SIGKILL)
    silence(row)
    clean_house()
    stage.horse(2)
    stage.go()
    wait_for(lambda: again(row).is_over)
    assert (again(row).status, again(row).attempt) == (JobStatus.SUCCEEDED, 2)


def test_a_job_that_kills_its_worker_every_time_is_given_up(again: Again) -> None:
    row = enqueue(sample_jobs.waits, title="Wait", user=None, folder="/nowhere")
    for _ in range(housekeeping.MAX_ATTEMPTS):
        assert ledger.claim(row.pk) is not None
        silence(row)
        clean_house()
    assert (again(row).status, again(row).attempt) == (JobStatus.ERRORED, housekeeping.MAX_ATTEMPTS)


def test_a_killed_worker_and_horse_leave_no_child_behind(
    stage: Stage, start_worker: StartWorker, again: Again, wait_for: Callable[..., object]
) -> None:
    row = enqueue(sample_jobs.has_a_child, title="Child", user=None, folder=str(stage.folder))
    worker = start_worker("parse")
    child, horse = stage.child(), stage.horse()
    worker.kill()
    os.kill(horse, signal.SIGKILL)
    wait_for(lambda: not psutil.pid_exists(child) or psutil.Process(child).status() == psutil.STATUS_ZOMBIE)
    silence(row)
    clean_house()
    assert again(row).status == JobStatus.QUEUED


def test_a_horse_that_outlives_its_worker_still_ends_its_job(
    stage: Stage, start_worker: StartWorker, again: Again, wait_for: Callable[..., object]
) -> None:
    row = enqueue(sample_jobs.waits, title="Wait", user=None, folder=str(stage.folder))
    worker = start_worker("parse")
    stage.horse()
    worker.kill()
    stage.go()
    wait_for(lambda: again(row).status == JobStatus.SUCCEEDED)


def test_a_worker_given_up_for_dead_changes_nothing_any_more(again: Again) -> None:
    row = enqueue(sample_jobs.waits, title="Wait", user=None, folder="/nowhere")
    stale = ledger.claim(row.pk)
    assert stale is not None
    silence(row)
    clean_house()
    fresh = ledger.claim(row.pk)
    assert fresh is not None

    ledger.report(stale, progress=0.9, message="from the grave", log_tail="")
    assert not ledger.beat(stale)
    assert not ledger.give_back(stale)
    assert not ledger.finish(stale, JobStatus.SUCCEEDED, "from the grave")
    assert (again(row).status, again(row).attempt, again(row).message) == (JobStatus.RUNNING, 2, "")
    assert ledger.finish(fresh, JobStatus.SUCCEEDED, "Done.")


def test_an_empty_redis_gets_the_waiting_jobs_again(run_worker: Callable[[str], None], again: Again) -> None:
    row = enqueue(sample_jobs.counts, title="Count", user=None, number=1)
    django_rq.get_connection("parse").flushall()
    clean_house()
    assert django_rq.get_queue("parse").count == 0  # too fresh: it may be on its way
    Job.objects.filter(pk=row.pk).update(queued_at=timezone.now() - housekeeping.LOST_AFTER - timedelta(seconds=1))
    clean_house()
    clean_house()
    assert django_rq.get_queue("parse").count == 1
    run_worker("parse")
    assert again(row).status == JobStatus.SUCCEEDED


def test_a_missing_redis_loses_nothing(settings: object, again: Again, run_worker: Callable[[str], None]) -> None:
    queue = settings.RQ_QUEUES["parse"]  # type: ignore[attr-defined]
    real, queue["URL"] = queue["URL"], "unix:///nowhere/redis.sock"
    try:
        row = enqueue(sample_jobs.counts, title="Count", user=None, number=1)
        Job.objects.update(queued_at=timezone.now() - timedelta(hours=1))
        clean_house()
    finally:
        queue["URL"] = real
    assert again(row).status == JobStatus.QUEUED
    clean_house()
    run_worker("parse")
    assert again(row).status == JobStatus.SUCCEEDED


@pytest.mark.parametrize(
    ("function", "status"),
    [
        (sample_jobs.waits, JobStatus.QUEUED),
        (sample_jobs.swallows, JobStatus.QUEUED),
        (sample_jobs.asks_slowly, JobStatus.QUEUED),
        (sample_jobs.waits_once, JobStatus.FAILED),
    ],
)
def test_a_worker_told_to_stop_does_not_wait_for_its_job(
    stage: Stage,
    start_worker: StartWorker,
    again: Again,
    function: Callable[..., str],
    status: JobStatus,
) -> None:
    row = enqueue(function, title="Wait", user=None, folder=str(stage.folder))  # type: ignore[arg-type]
    worker = start_worker("parse")
    stage.horse()
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    assert again(row).status == status


def test_a_worker_told_to_stop_takes_the_jobs_child_along(
    stage: Stage, start_worker: StartWorker, again: Again
) -> None:
    row = enqueue(sample_jobs.has_a_child, title="Child", user=None, folder=str(stage.folder))
    worker = start_worker("parse")
    child = stage.child()
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0
    assert not psutil.pid_exists(child)
    assert again(row).status == JobStatus.QUEUED


@pytest.mark.parametrize("number", [1, 3, 20])
def test_told_to_stop_during_a_query(again: Again, number: int) -> None:
    """The first query claims the job; the word comes before it, right after it, and while it runs."""
    with enqueueing.held():
        row = enqueue(sample_jobs.asks, title="Ask", user=None)
    seen = 0

    def stop(execute: Callable[..., object], *query: object) -> object:
        nonlocal seen
        seen += 1
        if seen == number:
            os.kill(os.getpid(), signal.SIGTERM)
        return execute(*query)

    with connection.execute_wrapper(stop):
        jobs.perform(str(row.pk))
    assert seen > number
    assert again(row).status == JobStatus.QUEUED
