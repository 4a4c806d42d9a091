"""A job from the door it comes in by to the way it ends, in a real worker."""

import json
from collections.abc import Callable

import django_rq
import pytest
from django.db import transaction

from apps.core.models import Job, JobStatus, User
from apps.core.services.enqueueing import enqueue, resolve
from tests.integration.core import sample_jobs

pytestmark = pytest.mark.django_db(transaction=True)
Again = Callable[[Job], Job]


def test_a_job_that_works_says_so(
    make_user: Callable[..., User], run_worker: Callable[[str], None], again: Again
) -> None:
    user = make_user("viewer")
    row = enqueue(sample_jobs.counts, title="Count", user=user, number=3)
    assert (row.status, row.message) == (JobStatus.QUEUED, "Waiting for a worker.")

    run_worker("parse")

    row = again(row)
    assert (row.status, row.message, row.progress) == (JobStatus.SUCCEEDED, "Counted to 3.", 1.0)
    assert row.log_tail == "counted 1\ncounted 2\ncounted 3"
    assert row.created_by == user
    assert row.attempt == 1
    assert row.created_at <= row.started_at <= row.finished_at  # type: ignore[operator]


def test_an_expected_end_is_failed_with_its_sentence(run_worker: Callable[[str], None], again: Again) -> None:
    row = enqueue(sample_jobs.fails, title="Fail", user=None)
    run_worker("parse")
    row = again(row)
    assert (row.status, row.message) == (JobStatus.FAILED, "This file is empty; upload another one.")
    assert row.progress == 0.25


def test_an_end_that_would_repeat_itself_offers_no_second_try(run_worker: Callable[[str], None], again: Again) -> None:
    row = enqueue(sample_jobs.refuses, title="Refuse", user=None)
    run_worker("parse")
    row = again(row)
    assert (row.status, row.retry_safe) == (JobStatus.FAILED, False)


def test_a_defect_is_errored_and_its_trace_is_in_the_log_only(run_worker: Callable[[str], None], again: Again) -> None:
    row = enqueue(sample_jobs.breaks, title="Break", user=None)
    run_worker("parse")
    row = again(row)
    assert row.status == JobStatus.ERRORED
    assert "ZeroDivisionError: a defect" in row.log_tail
    assert "ZeroDivisionError" not in row.message


def test_a_job_past_its_time_fails_with_a_sentence(run_worker: Callable[[str], None], again: Again) -> None:
    row = enqueue(sample_jobs.never_ends, title="Never", user=None)
    run_worker("parse")
    row = again(row)
    assert (row.status, row.message) == (JobStatus.FAILED, "Stopped after its limit of 1 s.")


def test_progress_is_visible_while_the_job_runs(
    stage: object, start_worker: Callable[[str], object], again: Again, wait_for: Callable[..., object]
) -> None:
    row = enqueue(sample_jobs.waits, title="Wait", user=None, folder=str(stage.folder))  # type: ignore[attr-defined]
    start_worker("parse")
    wait_for(lambda: again(row).message == "Waiting for the word.")
    assert (again(row).status, again(row).progress) == (JobStatus.RUNNING, 0.5)
    stage.go()  # type: ignore[attr-defined]
    wait_for(lambda: again(row).status == JobStatus.SUCCEEDED)


def test_a_rolled_back_transaction_leaves_neither_row_nor_work() -> None:
    with transaction.atomic():
        enqueue(sample_jobs.counts, title="Count", user=None, number=1)
        transaction.set_rollback(True)
    assert not Job.objects.exists()
    assert django_rq.get_queue("parse").count == 0


def test_work_is_handed_over_only_after_the_commit() -> None:
    with transaction.atomic():
        enqueue(sample_jobs.counts, title="Count", user=None, number=1)
        assert django_rq.get_queue("parse").count == 0
    assert django_rq.get_queue("parse").count == 1


def test_redis_holds_json_and_an_explicit_limit_never_pickle() -> None:
    enqueue(sample_jobs.counts, title="Count", user=None, number=1)
    waiting = django_rq.get_queue("parse").jobs[0]
    assert waiting.timeout == 60 + 60
    assert json.loads(waiting.data)[0] == "apps.core.jobs.perform"


def test_the_same_work_handed_over_twice_runs_once(run_worker: Callable[[str], None], again: Again) -> None:
    from apps.core.services.enqueueing import push

    row = enqueue(sample_jobs.counts, title="Count", user=None, number=1)
    push(row)
    run_worker("parse")
    assert (again(row).status, again(row).attempt) == (JobStatus.SUCCEEDED, 1)


@pytest.mark.parametrize("path", ["os.system", "apps.core.jobs.perform", "apps.core.services.ledger.finish"])
def test_only_marked_functions_can_be_run(path: str) -> None:
    with pytest.raises(LookupError, match="is not a job"):
        resolve(path)
