"""From accepted frames to a frozen version."""

from collections.abc import Callable
from uuid import uuid4

from django.test import Client
from django.urls import reverse

from apps.captures.models import Decision
from apps.core.models import Job, User
from apps.core.storage import read_bytes
from apps.training.datasets.manifest import read_rows
from apps.training.models import Dataset
from tests.integration.training.conftest import Frames

FORM = {"name": "frames", "map_name": "", "val": "0.1", "test": "0.1", "seed": "0"}


def test_accepted_frames_are_frozen_by_match(
    client: Client, researcher: User, accept_frames: Frames, run_worker: Callable[[str], None]
) -> None:
    accepted = [*accept_frames(3, match="a"), *accept_frames(2, match="b")]
    accept_frames(1, match="c", decision=Decision.REJECTED)
    answer = client.post(reverse("admin:training_dataset_add"), {**FORM, "key": str(uuid4())})
    row = Dataset.objects.get()
    assert answer.headers["Location"] == reverse("admin:training_dataset_change", args=[row.pk])
    assert row.created_by == researcher
    run_worker("evaluate")
    row.refresh_from_db()
    assert (row.status, row.sample_count) == ("succeeded", 5)
    rows = read_rows(read_bytes(row.manifest), row.sha256)
    assert {line["screenshot_id"] for line in rows} == {frame.pk for frame in accepted}
    assert row.samples.count() == 5
    assert sum(row.split_counts.values()) == 5
    assert row.split_counts["val"] in (2, 3)
    assert any("two matches" in warning for warning in row.warnings)
    page = client.get(answer.headers["Location"])
    assert b"Launch a run on this dataset" in page.content


def test_nothing_accepted_is_said_and_leaves_no_manifest(
    client: Client, researcher: User, accept_frames: Frames, run_worker: Callable[[str], None]
) -> None:
    accept_frames(2, decision=Decision.NONE)
    client.post(reverse("admin:training_dataset_add"), {**FORM, "key": str(uuid4())})
    run_worker("evaluate")
    row = Dataset.objects.select_related("job").get()
    assert (row.status, row.manifest, row.samples.count()) == ("failed", "", 0)
    assert "Accept some on the review page" in row.message
    assert row.job is not None
    assert (row.job.status, row.job.message) == ("failed", row.message)


def test_a_second_click_builds_nothing_twice_and_the_next_form_makes_the_next_version(
    client: Client, researcher: User
) -> None:
    form = {**FORM, "key": str(uuid4())}
    places = {client.post(reverse("admin:training_dataset_add"), form).headers["Location"] for _ in range(3)}
    assert len(places) == 1
    assert Job.objects.count() == 1
    client.post(reverse("admin:training_dataset_add"), {**form, "key": str(uuid4())})
    assert list(Dataset.objects.order_by("version").values_list("version", flat=True)) == [1, 2]


def test_shares_that_leave_nothing_to_train_on_are_refused(client: Client, researcher: User) -> None:
    for wrong in ({"val": "0.6", "test": "0.6"}, {"val": "-0.1"}, {"val": "nan"}, {"seed": "-1"}, {"name": "<b>"}):
        answer = client.post(reverse("admin:training_dataset_add"), {**FORM, **wrong, "key": str(uuid4())})
        assert answer.status_code == 200
        assert b"errorlist" in answer.content
    assert not Dataset.objects.exists()


def test_cancelled_in_the_queue_is_seen_as_stopped(client: Client, researcher: User) -> None:
    client.post(reverse("admin:training_dataset_add"), {**FORM, "key": str(uuid4())})
    row = Dataset.objects.select_related("job").get()
    assert row.job is not None
    client.post(reverse("core:job-cancel", args=[row.job.pk]))
    state = client.get(reverse("training:state", args=["dataset", row.pk])).json()
    assert state["status"] == "stopped"
