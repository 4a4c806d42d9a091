"""The line before the models: for one person and for all, over every web process, with an honest place in it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError
from django.utils import timezone

from apps.coach.models import Analysis
from apps.coach.services import asking, lifecycle, turns
from tests.integration.coach.fake_server import FakeModelServer
from tests.integration.coach.sockets import of_type, opened, page, row, until, until_done

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def elsewhere(make_user: Callable[..., Any], jpeg: bytes) -> Callable[[], str]:
    """``elsewhere()`` is an answer that another web process writes for somebody else."""
    stranger = make_user("viewer", "somebody-else")

    def write() -> str:
        pk = asking.ask(user=stranger, uploads=[jpeg], context="").pk
        assert lifecycle.move(pk, "streaming")
        return str(pk)

    return write


async def test_a_third_question_waits_for_the_persons_own_two(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str]
) -> None:
    fake_server.pause_s = 0.01
    ids = await asyncio.to_thread(lambda: [upload() for _ in range(3)])
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": ids})
        messages = [message for _ in range(3) for message in await until_done(socket)]
    waited = of_type(messages, "queued")
    assert {message["id"] for message in waited} == {ids[2]}
    assert waited[0]["position"] == 1
    assert waited[0]["ahead"] == 0
    assert "2 answers are still being written" in waited[0]["sentence"]
    assert [message["status"] for message in of_type(messages, "done")] == ["complete"] * 3
    assert messages[-1]["id"] == ids[2]


async def test_the_limit_of_all_counts_other_processes_and_the_place_moves(
    fake_server: FakeModelServer,
    signed_in: Any,
    upload: Callable[..., str],
    elsewhere: Callable[[], str],
    settings: Any,
) -> None:
    settings.COACH_GLOBAL = settings.COACH_PER_USER = 1
    theirs = await asyncio.to_thread(elsewhere)
    mine = await asyncio.to_thread(lambda: [upload() for _ in range(2)])
    async with page(signed_in) as socket:
        await opened(socket)
        for pk in mine:
            await socket.send_json_to({"start": pk})
            await until(socket, lambda message, pk=pk: message["id"] == pk and message["type"] == "queued")
        assert not fake_server.requests
        await asyncio.to_thread(lifecycle.move, UUID(theirs), "complete")
        messages = await until_done(socket) + await until_done(socket)
    places = [message["position"] for message in of_type(messages, "queued") if message["id"] == mine[1]]
    assert places == [1]  # it was the second in line
    assert [message["id"] for message in of_type(messages, "done")] == mine


async def test_a_line_that_cannot_be_asked_for_a_moment_costs_only_that(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [OperationalError("database or disk is full") for _ in range(2)]

    def fails() -> None:
        if failures:
            raise failures.pop()

    monkeypatch.setattr(turns, "_lock", fails)
    pk = await asyncio.to_thread(upload)
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": pk})
        assert (await until_done(socket))[-1]["status"] == "complete"
    assert not failures


async def test_an_answer_whose_process_died_holds_nobody_up(
    fake_server: FakeModelServer,
    signed_in: Any,
    upload: Callable[..., str],
    elsewhere: Callable[[], str],
    settings: Any,
) -> None:
    settings.COACH_GLOBAL = 1
    dead = await asyncio.to_thread(elsewhere)
    await Analysis.objects.filter(pk=dead).aupdate(heartbeat_at=timezone.now() - timedelta(minutes=1))
    pk = await asyncio.to_thread(upload)
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": pk})
        assert (await until_done(socket))[-1]["status"] == "complete"


async def test_who_waits_may_cancel_and_the_models_never_hear_of_it(
    fake_server: FakeModelServer,
    signed_in: Any,
    upload: Callable[..., str],
    elsewhere: Callable[[], str],
    settings: Any,
) -> None:
    settings.COACH_GLOBAL = 1
    await asyncio.to_thread(elsewhere)
    pk = await asyncio.to_thread(upload)
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": pk})
        assert (await socket.receive_json_from())["type"] == "queued"
        await socket.send_json_to({"cancel": pk})
        assert (await until_done(socket))[-1]["status"] == "cancelled"
    assert (await row(pk)).status == "cancelled"
    assert not fake_server.requests


async def test_a_lost_socket_keeps_its_place_and_a_new_one_takes_it(
    fake_server: FakeModelServer,
    signed_in: Any,
    upload: Callable[..., str],
    elsewhere: Callable[[], str],
    settings: Any,
) -> None:
    settings.COACH_GLOBAL = 1
    theirs = await asyncio.to_thread(elsewhere)
    pk = await asyncio.to_thread(upload)
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": pk})
        assert (await socket.receive_json_from())["type"] == "queued"
    kept = await row(pk)
    assert kept.status == "queued"
    async with page(signed_in) as again:
        await (await opened(again)).send_json_to({"start": pk})
        assert (await again.receive_json_from())["type"] == "queued"
        assert (await row(pk)).asked_at == kept.asked_at
        await asyncio.to_thread(lifecycle.move, UUID(theirs), "complete")
        assert (await until_done(again))[-1]["status"] == "complete"
