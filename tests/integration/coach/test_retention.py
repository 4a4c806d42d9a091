"""Frames go when the settings say so; words stay, and so does what a reviewer still has to look at."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.coach.models import Analysis
from apps.coach.services import correcting, retention
from apps.core import storage
from apps.core.services.housekeeping import CHORES
from tests.integration.coach.fake_server import FakeModelServer
from tests.integration.coach.sockets import opened, page, until_done

pytestmark = pytest.mark.django_db(transaction=True)


def aged(pk: str, days: int, status: str = "complete") -> Analysis:
    Analysis.objects.filter(pk=pk).update(status=status, created_at=timezone.now() - timedelta(days=days))
    return Analysis.objects.get(pk=pk)


def test_old_frames_go_and_words_stay(upload: Callable[..., str], settings: Any) -> None:
    settings.COACH_KEEP_IMAGES_DAYS = 30
    old, young, waiting = aged(upload("Round 3"), 31), aged(upload(), 29), aged(upload(), 31, "queued")
    names = [row.image for row in (old, young, waiting)]
    assert retention.remove_old in CHORES
    assert retention.remove_old() == 1
    assert [storage.artefacts().exists(name) for name in names] == [False, True, True]
    old.refresh_from_db()
    assert (old.image, old.context, old.frames.get().width) == ("", "Round 3", 640)
    assert retention.remove_old() == 0


def test_without_a_limit_nothing_goes(upload: Callable[..., str], settings: Any) -> None:
    settings.COACH_KEEP_IMAGES_DAYS = None
    aged(upload(), 10_000)
    assert retention.remove_old() == 0


def test_a_correction_keeps_its_frame_until_it_is_rejected(
    upload: Callable[..., str], signed_in: Any, settings: Any
) -> None:
    settings.COACH_KEEP_IMAGES_DAYS = 1
    row = aged(upload(), 2)
    correction = correcting.correct(analysis=row, by=signed_in.user, field="game_state.player_health", value=71)
    assert retention.remove_old() == 0
    correcting.decide(correction.pk, by=signed_in.user, accept=True)
    assert retention.remove_old() == 0  # training may learn from it
    correcting.reopen(correction.pk, by=signed_in.user)
    correcting.decide(correction.pk, by=signed_in.user, accept=False)
    assert retention.remove_old() == 1


async def test_nothing_is_kept_once_an_answer_is_over_where_the_setting_is_zero(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str], settings: Any
) -> None:
    settings.COACH_KEEP_IMAGES_DAYS = 0
    pk = await asyncio.to_thread(upload)
    name = await asyncio.to_thread(lambda: Analysis.objects.get(pk=pk).image)
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": pk})
        assert (await until_done(socket))[-1]["status"] == "complete"
    assert not storage.artefacts().exists(name)
