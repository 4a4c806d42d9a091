"""The pages around a plan: list, form, preview, frames."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from apps.captures.models import CapturePlan
from apps.captures.services import targets
from apps.core import storage
from apps.core.models import Job
from tests.integration.captures.frames import captured_plan

FORM = {"interval_s": "5", "pov_rule": "one-each", "budget": "10", "hud_profile": "simulated", "title": ""}


def test_an_empty_list_says_what_to_do(client: Client, reviewer: Any) -> None:
    assert "Plan the first one" in client.get(reverse("captures:list")).content.decode()
    assert "No recording to capture from" in client.get(reverse("captures:new")).content.decode()
    assert "Nothing to review yet" in client.get(reverse("captures:review")).content.decode()


def test_the_preview_counts_what_the_plan_then_holds(client: Client, reviewer: Any, demo: Any) -> None:
    form = {**FORM, "demo": demo.pk}
    preview = client.get(reverse("captures:preview"), form).content.decode()
    assert "10 frames" in preview
    answer = client.post(reverse("captures:new"), form)
    plan = CapturePlan.objects.get()
    assert answer.status_code == 302
    assert answer.headers["Location"] == plan.get_absolute_url()
    assert plan.targets.count() == 10
    assert client.post(reverse("captures:new"), form).headers["Location"] == answer.headers["Location"], "second click"
    assert plan.title == "handmade.dem, every 5 s"
    assert Job.objects.get().arguments == {"plan_id": plan.pk}
    assert f'data-live="captures:{plan.pk}"' in client.get(plan.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"interval_s": "0"},
        {"interval_s": "-3"},
        {"interval_s": "nan"},
        {"interval_s": "1e308"},
        {"budget": "0"},
        {"budget": "99999999999"},
        {"pov_rule": "mine"},
        {"hud_profile": "../x"},
        {"demo": "77"},
        {"demo": "x"},
    ],
)
def test_a_wrong_form_plans_nothing(client: Client, reviewer: Any, demo: Any, wrong: dict[str, str]) -> None:
    form = {**FORM, "demo": demo.pk, **wrong}
    assert client.post(reverse("captures:new"), form).status_code == 422
    assert client.get(reverse("captures:preview"), form).status_code == 200
    assert not CapturePlan.objects.exists()


def test_a_recording_without_positions_is_not_offered(client: Client, reviewer: Any, demo: Any) -> None:
    type(demo).objects.update(has_positions=False)
    assert client.post(reverse("captures:new"), {**FORM, "demo": demo.pk}).status_code == 422


def test_frames_are_served_as_pictures_and_nothing_else(
    client: Client, reviewer: Any, demo: Any, tmp_path: Path
) -> None:
    _, frames = captured_plan(demo, reviewer, tmp_path, count=2)
    url = reverse("captures:frame", args=[frames[0].pk])
    answer = client.get(url)
    assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.content == storage.read_bytes(frames[0].image)
    small = client.get(url, {"small": ""})
    with Image.open(io.BytesIO(small.content)) as image:
        assert image.size == (400, 225)
    assert client.get(url, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    storage.remove(frames[0].image)
    assert client.get(url).status_code == 404


def test_a_failed_target_shows_its_reason_and_can_be_tried_again(client: Client, reviewer: Any, demo: Any) -> None:
    client.post(reverse("captures:new"), {**FORM, "demo": demo.pk})
    plan = CapturePlan.objects.get()
    target = plan.targets.first()
    assert target is not None
    targets.claim(target)
    targets.fail(target, "The camera was 300 units away.")
    Job.objects.update(status="succeeded")
    page = client.get(reverse("captures:targets", args=[plan.pk])).content.decode()
    assert "The camera was 300 units away." in page
    assert "Capture the missing ones again" in page
    client.post(reverse("captures:again", args=[plan.pk]))
    assert Job.objects.filter(status="queued").count() == 1
    client.post(reverse("captures:again", args=[plan.pk]))
    assert Job.objects.filter(status="queued").count() == 1, "a second click queues nothing more"


def test_target_states_move_only_along_the_legal_ways(reviewer: Any, demo: Any, tmp_path: Path) -> None:
    plan, _ = captured_plan(demo, reviewer, tmp_path, count=2)
    target = plan.targets.first()
    assert target is not None
    assert not targets.claim(target)
    assert not targets.fail(target, "late")
    assert targets.release(plan) == 0
    target.refresh_from_db()
    assert (target.status, target.reason) == ("verified", "")


def test_a_recording_with_frames_is_not_deleted_under_them(reviewer: Any, demo: Any, tmp_path: Path) -> None:
    from django.db.models import ProtectedError

    captured_plan(demo, reviewer, tmp_path, count=2)
    with pytest.raises(ProtectedError):
        demo.delete()
