"""The states of an analysis: only legal moves, each by one winner, and nothing left hanging."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from apps.coach.models import Analysis, AnalysisStatus
from apps.coach.services import lifecycle

pytestmark = pytest.mark.django_db
ALL = list(AnalysisStatus)


@pytest.mark.parametrize("start", ALL)
@pytest.mark.parametrize("to", ALL)
def test_only_the_listed_moves_happen(upload: Callable[..., str], start: AnalysisStatus, to: AnalysisStatus) -> None:
    pk = upload()
    Analysis.objects.filter(pk=pk).update(status=start)
    moved = lifecycle.move(pk, to)
    assert moved == (to in lifecycle.TRANSITIONS[start])
    assert Analysis.objects.get(pk=pk).status == (to if moved else start)


def test_of_two_that_claim_one_wins(upload: Callable[..., str]) -> None:
    pk = upload()
    assert [lifecycle.move(pk, AnalysisStatus.STREAMING) for _ in range(2)] == [True, False]


def test_a_report_after_the_end_changes_nothing(upload: Callable[..., str]) -> None:
    pk = upload()
    lifecycle.move(pk, AnalysisStatus.STREAMING)
    lifecycle.move(pk, AnalysisStatus.COMPLETE, raw_text="whole")
    assert lifecycle.report({UUID(pk): {"raw_text": "late"}}) == {UUID(pk)}
    assert Analysis.objects.get(pk=pk).raw_text == "whole"


def test_an_answer_whose_process_died_is_found_when_its_owner_looks(signed_in: Any, upload: Callable[..., str]) -> None:
    pk = upload()
    lifecycle.move(pk, AnalysisStatus.STREAMING)
    assert lifecycle.report({UUID(pk): {"raw_text": '{"advice"'}}) == set()
    lifecycle.report({UUID(pk): {"raw_text": '{"advice": {"callout": "Long sm'}})
    running = signed_in.get(f"/coach/analyses/{pk}/state/").json()  # what a page that lost its socket shows
    assert (running["status"], running["answer"]) == ("streaming", {"advice": {"callout": "Long sm"}})
    Analysis.objects.filter(pk=pk).update(heartbeat_at=timezone.now() - timedelta(minutes=1))
    state = signed_in.get(f"/coach/analyses/{pk}/state/").json()
    assert state["status"] == "failed"
    assert state["text"] == '{"advice": {"callout": "Long sm'
    assert state["answer"] == running["answer"]
    assert state["error"].endswith(".")


def test_a_frame_nobody_asked_about_is_withdrawn_in_time(signed_in: Any, upload: Callable[..., str]) -> None:
    pk = upload()
    Analysis.objects.filter(pk=pk).update(heartbeat_at=timezone.now() - timedelta(hours=1))
    assert signed_in.get(f"/coach/analyses/{pk}/state/").json()["status"] == "cancelled"
