"""The coach's socket as a page holds it, inside this process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from channels.testing import WebsocketCommunicator

from apps.coach import selectors
from apps.coach.models import Analysis
from apps.coach.services.answering import Answering, Send
from chimera_site.asgi import application
from tests.integration.coach.fake_server import FakeModelServer


@asynccontextmanager
async def page(client: Any, origin: str = "http://localhost") -> AsyncIterator[WebsocketCommunicator]:
    """The socket as the page of ``client`` opens it."""
    cookie = client.cookies.get("sessionid")
    headers = [(b"host", b"localhost"), (b"origin", origin.encode())]
    if cookie is not None:
        headers.append((b"cookie", f"sessionid={cookie.value}".encode()))
    socket = WebsocketCommunicator(application, "/ws/coach/", headers=headers)
    yield socket
    await socket.disconnect()


async def opened(socket: WebsocketCommunicator) -> WebsocketCommunicator:
    connected, _ = await socket.connect()
    assert connected
    return socket


async def until(socket: WebsocketCommunicator, wanted: Callable[[Any], bool], seconds: float = 30) -> list[Any]:
    """Every message up to the first that is ``wanted``."""
    messages: list[Any] = []
    while not messages or not wanted(messages[-1]):
        messages.append(await socket.receive_json_from(timeout=seconds))
    return messages


async def until_done(socket: WebsocketCommunicator, seconds: float = 30) -> list[dict[str, Any]]:
    """Every message up to the one that ends the answer."""
    return await until(socket, lambda message: message["type"] == "done", seconds)


def of_type(messages: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [message for message in messages if message["type"] == kind]


async def row(pk: str) -> Analysis:
    return await Analysis.objects.aget(pk=pk)


async def seen_gone(server: FakeModelServer) -> bool:
    return await asyncio.to_thread(server.disconnected.wait, 1)


async def answering(pk: str, send: Send) -> Answering:
    """The run of a question, told to ``send`` instead of to a socket."""
    asked = await Analysis.objects.select_related("user").aget(pk=pk)
    question = (await asyncio.to_thread(selectors.questions, asked.user, [asked.pk]))[asked.pk]
    return Answering(UUID(pk), question, send)
