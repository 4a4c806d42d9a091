"""A plan goes with everything made from it, and stays while something needs it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse

from apps.captures.jobs import enqueue_capture
from apps.captures.models import CapturePlan, CaptureTarget, Label, Review, Screenshot
from apps.captures.services.thumbnails import thumbnail, thumbnail_name
from apps.core import storage
from apps.core.services import ledger
from apps.demos.models import Demo
from apps.training.models import Dataset, DatasetSample
from tests.integration.captures.frames import captured_plan


def delete(client: Client, plan: CapturePlan) -> str:
    return client.post(reverse("captures:delete", args=[plan.pk]), follow=True).content.decode()


def test_a_plan_goes_with_frames_labels_reviews_and_files(
    client: Client, reviewer: Any, demo: Any, tmp_path: Path
) -> None:
    Demo.objects.filter(pk=demo.pk).update(uploaded_by=reviewer)
    plan, frames = captured_plan(demo, reviewer, tmp_path, 2)
    thumbnail(frames[0])
    client.post(reverse("captures:decide", args=[frames[0].pk]), {"decision": "accepted", "version": 0})
    assert Review.objects.exists()
    assert 'data-confirm="Delete this plan with its frames' in client.get(plan.get_absolute_url()).content.decode()
    assert "was deleted, with 2 frames." in delete(client, plan)
    assert not any(model.objects.exists() for model in (CapturePlan, CaptureTarget, Screenshot, Label, Review))
    files = [*(frame.image for frame in frames), thumbnail_name(frames[0].sha256)]
    assert not any(storage.artefacts().exists(name) for name in files)
    assert "already gone" in delete(client, plan), "a second click"
    assert "were deleted" in client.post(reverse("demos:delete", args=[demo.pk]), follow=True).content.decode()


def test_a_picture_another_plan_shows_too_stays(client: Client, reviewer: Any, demo: Any, tmp_path: Path) -> None:
    plan, frames = captured_plan(demo, reviewer, tmp_path, 2)
    other, _ = captured_plan(demo, reviewer, tmp_path, 1)
    delete(client, plan)
    assert storage.artefacts().exists(other.targets.get().screenshot.image)
    assert not storage.artefacts().exists(frames[1].image)


def test_a_plan_under_way_stays(client: Client, reviewer: Any, demo: Any, tmp_path: Path) -> None:
    plan, _ = captured_plan(demo, reviewer, tmp_path, 1)
    job = enqueue_capture(plan, user=reviewer)
    assert "being captured" in delete(client, plan)
    assert Screenshot.objects.count() == 1
    ledger.request_cancel(job)
    assert "was deleted, with 1 frame." in delete(client, plan)


def test_a_plan_whose_frames_are_in_a_dataset_stays(client: Client, reviewer: Any, demo: Any, tmp_path: Path) -> None:
    plan, frames = captured_plan(demo, reviewer, tmp_path, 2)
    dataset = Dataset.objects.create(name="needs them", version=1)
    DatasetSample.objects.create(dataset=dataset, screenshot=frames[1], split="train")
    assert "Datasets were built from frames of this plan" in delete(client, plan)
    assert Screenshot.objects.count() == 2
    assert all(storage.artefacts().exists(frame.image) for frame in frames)


def test_only_its_maker_and_admins_may_delete_a_plan(
    client: Client, make_user: Callable[..., Any], demo: Any, tmp_path: Path
) -> None:
    plan, _ = captured_plan(demo, make_user("reviewer", "maker"), tmp_path, 1)
    client.force_login(make_user("researcher", "somebody"))
    assert client.post(reverse("captures:delete", args=[plan.pk])).status_code == 403
    assert "Delete this plan" not in client.get(plan.get_absolute_url()).content.decode()
    client.force_login(make_user("admin", "chief"))
    assert "was deleted" in delete(client, plan)
