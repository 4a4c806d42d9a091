"""The coach's socket: ``{"start": id}`` streams an answer, ``{"cancel": id}`` stops it, closing stops it too.

Out go ``token``, ``fields``, ``error`` and ``done`` messages, each with the analysis id it belongs to.
"""

import asyncio
import contextlib
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async

from apps.coach import selectors
from apps.coach.models import Analysis
from apps.coach.services import lifecycle
from apps.coach.services.answering import PAGE_CLOSED, Answering, ReaderGone
from apps.core.consumers import SIGNED_OUT, TOO_BIG, RoleConsumer
from apps.core.models import User

NOT_UNDERSTOOD = 4400
ASK_AGAIN_S = 1.0  # how often a running answer asks whether its reader may still read
PUT_OUT = "You were signed out, or lost your role, while the model was writing."


class CoachConsumer(RoleConsumer):
    """One page's socket; it streams at most one answer at a time."""

    max_message_chars = 1_000  # an id and a word
    channel_layer_alias = "none"  # nothing passes the channel layer, so the coach works while Redis is away
    answering: Answering | None = None
    task: "asyncio.Task[None] | None" = None
    guard: "asyncio.Task[None] | None" = None  # held, since the loop holds tasks only weakly

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Whatever ends the socket (closing, an error, the server's end) also ends the request to the model."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._stop(PAGE_CLOSED)
            if self.guard is not None:
                self.guard.cancel()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        if bytes_data or len(text_data or "") > self.max_message_chars:
            await self._bye(TOO_BIG, "That message is too big, or no text; frames are uploaded instead.")
            return
        await self.receive_json(await self.decode_json(text_data or ""), **kwargs)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        wish = _wish(content)
        if wish is None:
            await self._bye(NOT_UNDERSTOOD, "That message was not understood. Reload the page.")
            return
        user = await self.viewer()
        if user is None:
            await self._put_out()
            return
        verb, analysis_id = wish
        if not await _owns(user, analysis_id):
            await self._error(analysis_id, "There is no such question of yours.")
        elif verb == "start":
            await self._start(analysis_id)
        else:
            await self._cancel(analysis_id)

    async def _start(self, analysis_id: UUID) -> None:
        if self.task is not None and not self.task.done():
            await self._error(analysis_id, "Another answer is still being written here. Cancel it first.")
            return
        self.answering = Answering(analysis_id, self.send_json)
        self.task = asyncio.create_task(self.answering.run())
        self.guard = asyncio.create_task(self._guard(self.task))

    async def _guard(self, task: "asyncio.Task[None]") -> None:
        """End an answer whose reader signed out or lost their role elsewhere."""
        while not task.done():
            await asyncio.wait([task], timeout=ASK_AGAIN_S)
            if await self.viewer() is None and not task.done():
                await self._put_out()

    async def _put_out(self) -> None:
        await self._stop(PUT_OUT)
        await self._bye(SIGNED_OUT, "You are not signed in any more, or lost your role. Sign in again.")

    async def _cancel(self, analysis_id: UUID) -> None:
        if self.answering is not None and self.answering.analysis_id == analysis_id:
            await self._stop("Cancelled. What had arrived is kept.")
        elif await database_sync_to_async(lifecycle.cancel_unasked)(analysis_id):
            await self.send_json({"id": str(analysis_id), "type": "done", "status": "cancelled", "problems": []})

    async def _stop(self, because: str) -> None:
        """End the running answer, upstream request included, and wait until its row says so."""
        if self.task is None or self.answering is None:
            return
        if not self.task.done():
            self.answering.cancelled_because = because
            self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError, ReaderGone):
            await self.task

    async def _error(self, analysis_id: UUID, sentence: str) -> None:
        await self.send_json({"id": str(analysis_id), "type": "error", "sentence": sentence})

    async def _bye(self, code: int, sentence: str) -> None:
        await self._stop(PAGE_CLOSED)
        await self.send_json({"type": "error", "sentence": sentence})
        await self.close(code=code)


def _wish(content: Any) -> tuple[str, UUID] | None:
    """``{"start": "<uuid>"}`` → ("start", UUID); None for anything else."""
    if not isinstance(content, dict) or len(content) != 1:
        return None
    verb, value = next(iter(content.items()))
    if verb not in ("start", "cancel") or not isinstance(value, str):
        return None
    try:
        return verb, UUID(value)
    except ValueError:
        return None


@database_sync_to_async
def _owns(user: User, analysis_id: UUID) -> bool:
    try:
        selectors.own_analysis(user, analysis_id)
    except Analysis.DoesNotExist:
        return False
    return True
