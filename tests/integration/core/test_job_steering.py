"""Cancel and try again, by their buttons; twice, too late, and by people who may not."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from apps.core.models import Job, JobStatus, User
from apps.core.services import ledger
from apps.core.services.enqueueing import enqueue
from tests.integration.core import sample_jobs
from tests.integration.core.conftest import Stage

pytestmark = pytest.mark.django_db(transaction=True)
Again = Callable[[Job], Job]


@pytest.fixture
def owner(make_user: Callable[..., User], client: Client) -> User:
    user = make_user("viewer", "owner")
    client.force_login(user)
    return user


def press(client: Client, button: str, row: Job) -> int:
    return client.post(reverse(f"core:job-{button}", args=[row.pk])).status_code


def test_a_waiting_job_is_cancelled_at_once_and_never_runs(
    client: Client, owner: User, run_worker: Callable[[str], None], again: Again
) -> None:
    row = enqueue(sample_jobs.counts, title="Count", user=owner, number=1)
    assert press(client, "cancel", row) == 200
    assert press(client, "cancel", row) == 200
    run_worker("parse")
    assert (again(row).status, again(row).attempt) == (JobStatus.CANCELLED, 0)


def test_a_running_job_stops_at_its_next_report(
    client: Client,
    owner: User,
    stage: Stage,
    start_worker: Callable[[str], object],
    again: Again,
    wait_for: Callable[..., object],
) -> None:
    row = enqueue(sample_jobs.waits, title="Wait", user=owner, folder=str(stage.folder))
    start_worker("parse")
    stage.horse()
    press(client, "cancel", row)
    press(client, "cancel", row)
    wait_for(lambda: again(row).is_over)
    assert (again(row).status, again(row).message) == (JobStatus.CANCELLED, "Cancelled.")


def test_cancelling_a_job_ends_its_child_process(
    client: Client,
    owner: User,
    stage: Stage,
    start_worker: Callable[[str], object],
    again: Again,
    wait_for: Callable[..., object],
) -> None:
    import psutil

    row = enqueue(sample_jobs.has_a_child, title="Child", user=owner, folder=str(stage.folder))
    start_worker("parse")
    child = stage.child()
    press(client, "cancel", row)
    wait_for(lambda: again(row).status == JobStatus.CANCELLED)
    assert not psutil.pid_exists(child)


def test_cancelling_what_is_over_changes_nothing(
    client: Client, owner: User, run_worker: Callable[[str], None], again: Again
) -> None:
    row = enqueue(sample_jobs.counts, title="Count", user=owner, number=1)
    run_worker("parse")
    press(client, "cancel", row)
    assert (again(row).status, again(row).cancel_requested) == (JobStatus.SUCCEEDED, False)


def test_trying_again_runs_once_however_often_it_is_pressed(
    client: Client, owner: User, run_worker: Callable[[str], None], again: Again
) -> None:
    row = enqueue(sample_jobs.fails, title="Fail", user=owner)
    run_worker("parse")
    assert again(row).status == JobStatus.FAILED
    press(client, "retry", row)
    press(client, "retry", row)
    assert again(row).status == JobStatus.QUEUED
    run_worker("parse")
    assert (again(row).status, again(row).attempt) == (JobStatus.FAILED, 2)


def test_trying_again_while_it_runs_changes_nothing(client: Client, owner: User, again: Again) -> None:
    row = enqueue(sample_jobs.fails, title="Fail", user=owner)
    assert ledger.claim(row.pk) is not None
    press(client, "retry", row)
    assert (again(row).status, again(row).attempt) == (JobStatus.RUNNING, 1)


def test_what_must_not_run_twice_offers_no_second_try(client: Client, owner: User, again: Again) -> None:
    row = enqueue(sample_jobs.breaks, title="Break", user=owner)
    claimed = ledger.claim(row.pk)
    assert claimed is not None
    ledger.finish(claimed, JobStatus.ERRORED, "It broke.")
    press(client, "retry", row)
    assert again(row).status == JobStatus.ERRORED
    assert b"Try again" not in client.get(reverse("core:job", args=[row.pk])).content


@pytest.mark.parametrize("button", ["cancel", "retry"])
def test_only_the_owner_and_admins_steer(
    client: Client, owner: User, make_user: Callable[..., User], again: Again, button: str
) -> None:
    row = enqueue(sample_jobs.fails, title="Fail", user=owner)
    for role, expected in (("researcher", 403), ("admin", 200)):
        client.force_login(make_user(role))
        assert press(client, button, row) == expected


def test_training_jobs_are_for_researchers(client: Client, owner: User, make_user: Callable[..., User]) -> None:
    row = enqueue(sample_jobs.counts, title="Secret run", user=None, number=1)
    Job.objects.filter(pk=row.pk).update(queue="train")
    address = reverse("core:job", args=[row.pk])
    assert client.get(address).status_code == 404
    assert b"Secret run" not in client.get(reverse("core:jobs")).content
    client.force_login(make_user("researcher"))
    assert client.get(address).status_code == 200
    assert b"Secret run" in client.get(reverse("core:jobs")).content
