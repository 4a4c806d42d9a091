"""The bytes of an upload on their way from the socket to the disk, past Django's handler.

Django's ASGI handler writes a request's whole body into a temporary file before any view runs. Here it gets the PATCH
without a body: session, CSRF, role, owner, offset and lock are decided by its middleware and the view as for every
other request. Only then are the bytes read, and written where they belong. Memory stays at two buffers per upload.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.db import close_old_connections
from django.http import HttpResponse

from apps.demos.services.appending import TICKET, Appending, Refused, Ticket
from apps.demos.views import resumable

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PLACE = re.compile(r"/uploads/[0-9a-f-]{36}/$")
BUFFER = 1024 * 1024  # bytes
SILENCE_S = 30.0  # a connection that says nothing for so long is dead and gives up its lock


class StreamedUploads:
    """An ASGI application around Django's."""

    def __init__(self, django: Any) -> None:
        self._django = django

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("PATCH", "POST") or not PLACE.search(scope["path"]):
            await self._django(scope, receive, send)
            return
        ticket, said = Ticket(), _Said()
        try:
            await self._django({**scope, TICKET: ticket}, _without_body(), said)
            if ticket.right is None or said.status != 204:
                for message in said.messages:
                    await send(message)
                return
            async with ThreadSensitiveContext():
                response = await _store(ticket.right, receive)
        finally:
            if ticket.right is not None:
                ticket.right.release()
        if response is not None:
            await _say(response, send)


class _Said:
    """Takes what Django would have answered."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def __call__(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"]) if self.messages else 500


def _without_body() -> Receive:
    """A request whose body is empty, and whose client stays."""
    told = False

    async def receive() -> Message:
        nonlocal told
        if told:
            await asyncio.Event().wait()
        told = True
        return {"type": "http.request", "body": b"", "more_body": False}

    return receive


async def _store(right: Appending, receive: Receive) -> HttpResponse | None:
    """Write the body and finish; None when nobody is there any more to be answered."""
    try:
        whole = await _write(right, receive)
    except Refused as refusal:
        if refusal.status == 507:
            await sync_to_async(_break_off)(right)
        return resumable.refused(refusal)
    except BaseException:  # the server is being stopped
        await asyncio.shield(sync_to_async(_break_off)(right))
        raise
    if not whole:
        await sync_to_async(_break_off)(right)
        return None
    return await sync_to_async(_finish)(right)


async def _write(right: Appending, receive: Receive) -> bool:
    """Read and write at the same time; False when the connection broke off before the end."""
    buffer, writing, more = bytearray(), None, True
    try:
        while more:
            try:
                async with asyncio.timeout(SILENCE_S):
                    message = await receive()
            except TimeoutError:
                message = {"type": "http.disconnect"}
            if message["type"] == "http.disconnect":
                break
            more = message.get("more_body", False)
            buffer += message.get("body", b"")
            if len(buffer) >= BUFFER or not more:
                if writing is not None:
                    await writing
                writing = asyncio.create_task(asyncio.to_thread(right.write, buffer))
                buffer = bytearray()
    finally:
        if writing is not None:
            await asyncio.shield(writing)
    if more and buffer:
        await asyncio.to_thread(right.write, buffer)
    return not more


def _finish(right: Appending) -> HttpResponse:
    try:
        upload = right.finish()
        right.release()
        return resumable.appended(upload)
    except Refused as refusal:
        return resumable.refused(refusal)
    finally:
        close_old_connections()


def _break_off(right: Appending) -> None:
    try:
        right.keep_what_came()
    finally:
        close_old_connections()


async def _say(response: HttpResponse, send: Send) -> None:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.items()]
    headers.append((b"content-length", str(len(response.content)).encode()))
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": response.content, "more_body": False})
