"""The coach's socket as browsers meet it: a real web process, real TCP, a model server that comes and goes."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import websockets
from django.utils import timezone

from apps.coach.models import Analysis
from tests.integration.coach.fake_server import VALID_TEXT, FakeModelServer
from tests.web import Web

pytestmark = pytest.mark.django_db(transaction=True)


def connect(web: Web, client: Any) -> Any:
    return websockets.connect(
        f"ws://127.0.0.1:{web.port}/ws/coach/",
        origin=websockets.Origin(web.url),
        additional_headers={"Cookie": f"sessionid={client.cookies['sessionid'].value}"},
        max_size=None,
        open_timeout=60,
    )


async def tell(socket: Any, message: dict[str, str]) -> None:
    await socket.send(json.dumps(message))


async def until_done(socket: Any) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    async with asyncio.timeout(60):
        while not messages or messages[-1]["type"] != "done":
            messages.append(json.loads(await socket.recv()))
    return messages


async def test_an_answer_streams_over_tcp(
    web: Web, fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str]
) -> None:
    pk = await asyncio.to_thread(upload)
    async with connect(web, signed_in) as socket:
        await tell(socket, {"start": pk})
        messages = await until_done(socket)
    assert "".join(message["text"] for message in messages if message["type"] == "token") == VALID_TEXT
    assert messages[-1]["status"] == "complete"


async def test_a_torn_connection_aborts_the_request(
    web: Web, fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str], wait_for: Callable[..., Any]
) -> None:
    fake_server.pause_s = 0.03
    pk = await asyncio.to_thread(upload)
    async with connect(web, signed_in) as socket:
        await tell(socket, {"start": pk})
        await socket.recv()
        socket.transport.abort()  # no goodbye, as when a laptop lid closes
    assert await asyncio.to_thread(fake_server.disconnected.wait, 2)
    ended = lambda: Analysis.objects.filter(pk=pk, status="cancelled").exists()  # noqa: E731
    assert await asyncio.to_thread(wait_for, ended, 10)


async def test_a_server_that_stops_is_said_so_and_used_again_when_back(
    web: Web, fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str]
) -> None:
    fake_server.pause_s = 0.02
    async with connect(web, signed_in) as socket:
        pk = await asyncio.to_thread(upload)
        await tell(socket, {"start": pk})
        await socket.recv()
        await asyncio.to_thread(fake_server.stop)
        messages = await until_done(socket)
        assert messages[-1]["status"] == "failed"
        away = await asyncio.to_thread(upload)
        await tell(socket, {"start": away})
        messages = await until_done(socket)
        assert "No model server answers" in messages[0]["sentence"]
        fake_server.pause_s = 0
        await asyncio.to_thread(fake_server.start)
        back = await asyncio.to_thread(upload)
        await tell(socket, {"start": back})
        assert (await until_done(socket))[-1]["status"] == "complete"


async def test_a_killed_web_process_leaves_no_answer_streaming_for_ever(
    web: Web, fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str], wait_for: Callable[..., Any]
) -> None:
    fake_server.pause_s = 0.02
    pk = await asyncio.to_thread(upload)
    async with connect(web, signed_in) as socket:
        await tell(socket, {"start": pk})
        written = lambda: Analysis.objects.exclude(raw_text="").exists()  # noqa: E731
        await asyncio.to_thread(wait_for, written, 20)
        web.kill()
    assert await asyncio.to_thread(fake_server.disconnected.wait, 2)

    def later() -> dict[str, Any]:
        Analysis.objects.filter(pk=pk).update(heartbeat_at=timezone.now() - timedelta(minutes=1))
        return dict(signed_in.get(f"/coach/analyses/{pk}/state/").json())

    state = await asyncio.to_thread(later)
    assert state["status"] == "failed"
    assert state["text"]


@pytest.mark.any_database  # a request's size
async def test_a_frame_of_ten_megabytes_is_refused_politely(web: Web, signed_in: Any) -> None:
    async with connect(web, signed_in) as socket:
        await socket.send("x" * 10_000_000)
        assert "too big" in json.loads(await socket.recv())["sentence"]
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009


@pytest.mark.any_database  # the web process's sockets
async def test_hundreds_of_pages_stay_connected_while_one_streams(
    web: Web, fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str]
) -> None:
    pk = await asyncio.to_thread(upload)
    sockets: list[Any] = []
    for _ in range(6):
        sockets += await asyncio.gather(*(connect(web, signed_in) for _ in range(50)))
    await tell(sockets[50], {"start": pk})
    assert (await until_done(sockets[50]))[-1]["status"] == "complete"
    await asyncio.gather(*(socket.close() for socket in sockets))
