"""Decisions on frames: one person, two persons, a key held down, a change of mind."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.captures.models import Decision, Review
from apps.captures.selectors import accepted_samples
from apps.captures.services.reviews import Stale, decide, undo
from tests.integration.captures.frames import captured_plan


@pytest.fixture
def frames(demo: Any, make_user: Callable[..., Any], tmp_path: Path) -> list[Any]:
    return captured_plan(demo, make_user("researcher"), tmp_path)[1]


@pytest.fixture
def ann(make_user: Callable[..., Any]) -> Any:
    return make_user("reviewer", "ann")


@pytest.fixture
def bo(make_user: Callable[..., Any]) -> Any:
    return make_user("reviewer", "bo")


def test_accepted_frames_are_what_training_gets(frames: list[Any], ann: Any, demo: Any) -> None:
    decide(frames[0].pk, reviewer=ann, decision=Decision.ACCEPTED, seen_version=0)
    decide(frames[1].pk, reviewer=ann, decision=Decision.REJECTED, reason="blurred", seen_version=0)
    assert [sample.screenshot_id for sample in accepted_samples()] == [frames[0].pk]
    assert len(accepted_samples(map_name="de_test", demo_ids=[demo.pk])) == 1
    assert accepted_samples(map_name="de_nuke") == []
    assert accepted_samples(demo_ids=[]) == []


def test_the_second_reviewer_is_told_and_overwrites_nothing(frames: list[Any], ann: Any, bo: Any) -> None:
    decide(frames[0].pk, reviewer=ann, decision=Decision.REJECTED, reason="menu open", seen_version=0)
    with pytest.raises(Stale, match=r"ann has rejected this frame \(menu open\)"):
        decide(frames[0].pk, reviewer=bo, decision=Decision.ACCEPTED, seen_version=0)
    frames[0].refresh_from_db()
    assert (frames[0].decision, frames[0].version, frames[0].reviews.count()) == ("rejected", 1, 1)
    decide(frames[0].pk, reviewer=bo, decision=Decision.ACCEPTED, seen_version=1)
    frames[0].refresh_from_db()
    assert frames[0].decision == "accepted", "having seen it, the second reviewer may decide otherwise"


def test_a_key_held_down_decides_once(frames: list[Any], ann: Any) -> None:
    reviews = {decide(frames[0].pk, reviewer=ann, decision=Decision.ACCEPTED, seen_version=0).pk for _ in range(5)}
    assert len(reviews) == 1
    with pytest.raises(Stale):
        decide(frames[0].pk, reviewer=ann, decision=Decision.REJECTED, seen_version=0)


def test_undo_brings_back_what_was_before(frames: list[Any], ann: Any, bo: Any) -> None:
    decide(frames[0].pk, reviewer=ann, decision=Decision.ACCEPTED, seen_version=0)
    second = decide(frames[0].pk, reviewer=bo, decision=Decision.REJECTED, seen_version=1)
    undo(second.pk, reviewer=bo)
    undo(second.pk, reviewer=bo)
    frames[0].refresh_from_db()
    assert (frames[0].decision, frames[0].version) == ("accepted", 3)


def test_undo_after_someone_elses_decision_changes_nothing(frames: list[Any], ann: Any, bo: Any) -> None:
    first = decide(frames[0].pk, reviewer=ann, decision=Decision.ACCEPTED, seen_version=0)
    decide(frames[0].pk, reviewer=bo, decision=Decision.REJECTED, seen_version=1)
    with pytest.raises(Stale, match="bo has rejected"):
        undo(first.pk, reviewer=ann)
    with pytest.raises(Review.DoesNotExist):
        undo(first.pk, reviewer=bo)
    frames[0].refresh_from_db()
    assert frames[0].decision == "rejected"


def test_after_an_undo_an_old_page_is_stale(frames: list[Any], ann: Any, bo: Any) -> None:
    undo(decide(frames[0].pk, reviewer=ann, decision=Decision.ACCEPTED, seen_version=0).pk, reviewer=ann)
    with pytest.raises(Stale, match="taken back"):
        decide(frames[0].pk, reviewer=bo, decision=Decision.ACCEPTED, seen_version=0)


def test_the_queue_runs_dry_page_by_page(frames: list[Any], ann: Any, client: Client) -> None:
    client.force_login(ann)
    page = client.get(reverse("captures:review")).content.decode()
    assert f'<strong class="number" id="left">{len(frames)}</strong>' in page
    for frame in frames:
        answer = client.post(
            reverse("captures:decide", args=[frame.pk]),
            {"decision": "accepted", "version": "0"},
            headers={"HX-Request": "true"},
        )
        assert answer.status_code == 200
    assert "All reviewed" in answer.content.decode()
    assert len(accepted_samples()) == len(frames)


def test_a_stale_page_gets_a_sentence_and_the_frame_as_it_is(
    frames: list[Any], ann: Any, bo: Any, client: Client
) -> None:
    decide(frames[0].pk, reviewer=bo, decision=Decision.REJECTED, reason="menu open", seen_version=0)
    client.force_login(ann)
    answer = client.post(
        reverse("captures:decide", args=[frames[0].pk]),
        {"decision": "accepted", "version": "0"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "bo has rejected this frame (menu open) while you looked at it. Nothing was changed." in text
    assert 'name="version" value="1"' in text


@pytest.mark.parametrize(
    "form",
    [{}, {"decision": "maybe", "version": "0"}, {"decision": "accepted"}, {"decision": "accepted", "version": "-1"}],
)
def test_nonsense_decides_nothing(frames: list[Any], ann: Any, client: Client, form: dict[str, str]) -> None:
    client.force_login(ann)
    assert client.post(reverse("captures:decide", args=[frames[0].pk]), form).status_code == 422
    assert not Review.objects.exists()


@pytest.mark.parametrize("reason", ["a\0b", "x" * 301], ids=["nul", "too long"])
def test_a_reason_that_cannot_be_kept_is_told(frames: list[Any], ann: Any, client: Client, reason: str) -> None:
    client.force_login(ann)
    form = {"decision": "rejected", "version": "0", "reason": reason}
    answer = client.post(reverse("captures:decide", args=[frames[0].pk]), form)
    assert answer.status_code == 422
    assert "The reason cannot be kept" in answer.content.decode()
    assert not Review.objects.exists()


def test_markup_in_a_reason_stays_text(frames: list[Any], ann: Any, client: Client) -> None:
    client.force_login(ann)
    evil = "<img src=x onerror=alert(1)>" + "x" * 200
    client.post(
        reverse("captures:decide", args=[frames[0].pk]), {"decision": "rejected", "version": "0", "reason": evil}
    )
    assert Review.objects.get().reason == evil
    page = client.get(reverse("captures:review-frame", args=[frames[0].pk])).content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_another_persons_decision_cannot_be_undone(frames: list[Any], ann: Any, bo: Any, client: Client) -> None:
    review = decide(frames[0].pk, reviewer=ann, decision=Decision.ACCEPTED, seen_version=0)
    client.force_login(bo)
    assert client.post(reverse("captures:undo", args=[review.pk])).status_code == 404
