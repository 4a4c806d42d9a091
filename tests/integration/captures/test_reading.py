"""A second proof that a capture is right: its HUD is read after the capture and held against the engine's label."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.captures import jobs
from apps.captures.hud.readings import FIELDS, MARKER
from apps.captures.models import Reading, Screenshot
from apps.captures.services import reading
from apps.core.jobs import perform
from apps.core.models import Job
from tests.integration.captures.frames import captured_plan


def as_read(frame: Screenshot, **otherwise: Any) -> dict[str, Any]:
    """A reading that says what the label of ``frame`` says."""
    label = frame.label.data
    mates, enemies = label["alive_teammates"] + 1, label["alive_enemies"]
    left, right = (mates, enemies) if label["player_side"] == "CT" else (enemies, mates)
    told = {
        "clock": label["round_clock"], "score_left": label["score_ct"], "score_right": label["score_t"],
        "alive_left": left, "alive_right": right, "money": label["player_money"], "place": label["place_name"],
        "health": label["player_health"], "armor": label["player_armor"], "helmet": label["player_has_helmet"],
        "clip": label["ammo_clip"], "reserve": label["ammo_reserve"], "weapon": label["weapon_in_hand"],
        "hud_color": {"CT": "blue", "T": "yellow"}[label["player_side"]], "phase": "live",
    }  # fmt: skip
    return told | otherwise


@pytest.fixture
def plan_and_frames(demo: Any, reviewer: Any, tmp_path: Path) -> tuple[Any, list[Screenshot]]:
    return captured_plan(demo, reviewer, tmp_path, 4)


@pytest.fixture
def reader(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """``reader({frame: line})`` → a reading process that says so."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / MARKER).write_text("{}")
    settings.EMBEDDED_MODEL_DIR = folder
    monkeypatch.setattr(jobs, "READER", "tests.integration.captures.handmade_reader")

    def say(said: dict[Screenshot, Any]) -> None:
        lines = {f"{frame.sha256}.jpg": line for frame, line in said.items()}
        (folder / "said.json").write_text(json.dumps(lines))

    return say


def read(plan: Any) -> Job:
    row = jobs.enqueue_reading(plan, user=plan.created_by)
    assert row is not None
    perform(str(row.pk))
    row.refresh_from_db()
    return row


def test_a_reading_is_kept_with_the_fields_that_differ(plan_and_frames: Any) -> None:
    frame = plan_and_frames[1][0]
    reading.keep(frame.pk, as_read(frame, money=1, weapon=f"{frame.label.data['weapon_in_hand']} | Phobos"))
    reading.keep(frame.pk, as_read(frame, money=1))
    row = Reading.objects.get()
    assert (row.differing, row.differs, row.problem) == (["player_money"], True, "")
    assert row.values["money"] == row.state["player_money"] == 1
    assert row.compared >= 10
    reading.keep(frame.pk, {"error": "The model wrote no whole reading of it."})
    row.refresh_from_db()
    assert (row.values, row.differs, row.problem[:15]) == ({}, False, "The model wrote")
    assert reading.keep(0, as_read(frame)) is None, "deleted meanwhile"


def test_what_a_model_writes_can_always_be_kept(plan_and_frames: Any) -> None:
    frame = plan_and_frames[1][0]
    strange = {"place": "a\0b\ud800", "money": float("nan"), "health": 1e308, "clock": [[]], "weapon": "x" * 10_000}
    reading.keep(frame.pk, as_read(frame, **strange))
    row = Reading.objects.get()
    assert row.values["place"] == "a\ufffdb\ufffd"
    assert (row.values["money"], row.values["clock"], len(row.values["weapon"])) == (None, None, 60)
    reading.keep(frame.pk, {"health": 3})
    row.refresh_from_db()
    assert row.problem


def test_the_job_reads_each_frame_once_and_goes_on_where_it_was(plan_and_frames: Any, reader: Any) -> None:
    plan, frames = plan_and_frames
    good = {frame: as_read(frame) for frame in frames}
    reader({**good, frames[2]: "die"})
    job = read(plan)
    assert job.status == "failed"
    assert "after 2 of 4 frames. Killed in the middle." in job.message
    assert Reading.objects.count() == 2
    read_first = Reading.objects.order_by("pk").first()
    reader({**good, frames[3]: as_read(frames[3], health=1, money=None)})
    job = read(plan)
    assert (job.status, job.message) == ("succeeded", "3 of 4 frames read agree with the engine, 1 differ.")
    assert Reading.objects.order_by("pk").first().read_at == read_first.read_at  # type: ignore[union-attr]
    assert Reading.objects.get(differs=True).differing == ["player_health"]
    assert jobs.enqueue_reading(plan, user=None) is None, "nothing is left"
    perform(str(job.pk))  # the same job twice
    assert Reading.objects.count() == 4


def test_without_a_reader_frames_can_be_reviewed_all_the_same(
    plan_and_frames: Any, settings: Any, tmp_path: Path
) -> None:
    settings.EMBEDDED_MODEL_DIR = tmp_path / "none"
    job = read(plan_and_frames[0])
    assert (job.status, job.message) == ("succeeded", jobs.NO_READER)
    assert not Reading.objects.exists()


def test_a_model_that_reads_nothing_is_given_up(plan_and_frames: Any, reader: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(jobs, "MOST_UNREADABLE", 3)
    reader({})
    job = read(plan_and_frames[0])
    assert (job.status, Reading.objects.count()) == ("failed", 3)
    assert "read none of the first 3 frames" in job.message


def test_reviewers_see_both_and_have_a_queue_of_differences(client: Client, plan_and_frames: Any) -> None:
    plan, frames = plan_and_frames
    for frame in frames[:2]:
        reading.keep(frame.pk, as_read(frame))
    reading.keep(frames[2].pk, as_read(frames[2], health=1))
    page = client.get(plan.get_absolute_url()).content.decode()
    told = " ".join(page.replace("<", " <").replace(">", "> ").split())
    assert '<span class="number"> 2 </span> agree' in told
    assert '<span class="number"> 1 </span> differ' in told
    assert "queue=disagreement&amp;plan=" in page
    assert "≠ HUD: health<" in page
    assert "Read the HUD" in page, "one is left"
    queue = client.get(reverse("captures:review"), {"queue": "disagreement"})
    text = " ".join(queue.content.decode().split())
    assert queue.context["frame"] == frames[2]
    assert (queue.context["left"], queue.context["next"]) == (1, None)
    assert "fields are read otherwise than the engine says" in text
    assert '<input type="hidden" name="queue" value="disagreement" />' in text
    differing = [field for _, fields in queue.context["groups"] for field in fields if field["differs"]]
    assert [(field["name"], field["read"]) for field in differing] == [("health", "1")]
    decided = client.post(
        reverse("captures:decide", args=[frames[2].pk]),
        {"decision": "accepted", "version": 0, "queue": "disagreement"},
    )
    assert "Nothing read otherwise" in decided.content.decode(), "a difference is a hint: the person decides"
    agreed = client.get(reverse("captures:review-frame", args=[frames[0].pk])).content.decode()
    assert "fields that the HUD shows are read as the engine says" in " ".join(agreed.split())


def test_the_button_reads_what_was_not_read(client: Client, plan_and_frames: Any, reader: Any) -> None:
    plan, frames = plan_and_frames
    reader({frame: as_read(frame) for frame in frames})
    for _ in range(2):  # a second click
        client.post(reverse("captures:read", args=[plan.pk]))
    job = Job.objects.get(function__contains="read_plan")
    perform(str(job.pk))
    assert Reading.objects.filter(differs=False, problem="").count() == 4
    answer = client.post(reverse("captures:read", args=[plan.pk]), follow=True)
    assert "The HUD of every frame here has been read." in answer.content.decode()
    assert set(Reading.objects.first().values) == set(FIELDS)  # type: ignore[union-attr]
