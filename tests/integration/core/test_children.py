"""Limits on the processes a job starts."""

from collections.abc import Callable

import pytest

from apps.core.models import Job, JobStatus
from apps.core.services.enqueueing import enqueue
from tests.integration.core import sample_jobs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.any_database  # the child's memory
def test_a_child_cannot_take_more_memory_than_it_may(
    run_worker: Callable[[str], None], again: Callable[[Job], Job]
) -> None:
    row = enqueue(sample_jobs.greedy_child, title="Greedy", user=None, memory_mb=500)
    run_worker("parse")
    assert again(row).message == "The child ended with 1."
    assert "MemoryError" in again(row).log_tail


def test_a_child_that_takes_too_long_is_ended(run_worker: Callable[[str], None], again: Callable[[Job], Job]) -> None:
    row = enqueue(sample_jobs.slow_child, title="Slow", user=None)
    run_worker("parse")
    assert (again(row).status, again(row).message) == (JobStatus.FAILED, "The child took longer than 0 s.")
