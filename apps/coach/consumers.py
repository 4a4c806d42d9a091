"""The coach's socket: ``{"start": id}`` streams an answer (several ids: several at once), ``{"cancel": id}`` stops it,
closing stops it too.

Out go ``queued``, ``token``, ``fields``, ``error`` and ``done`` messages, each with the analysis id it belongs to.
"""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from django.db import DatabaseError

from apps.coach import selectors
from apps.coach.services import lifecycle
from apps.coach.services.answering import PAGE_CLOSED, Answering, ReaderGone
from apps.coach.services.turns import take_turns
from apps.core.consumers import SIGNED_OUT, TOO_BIG, RoleConsumer, viewer_of

logger = logging.getLogger(__name__)
NOT_UNDERSTOOD = 4400
MAX_IDS = 6  # answers of one socket at once, waiting ones included
ASK_AGAIN_S = 5.0  # how often running answers ask whether their reader may still read
PUT_OUT = "You were signed out, or lost your role, while the model was writing."
NO_ROOM = "This question is being answered, or too many others are. Cancel one first."
CANCELLED = "Cancelled. What had arrived is kept."


class CoachConsumer(RoleConsumer):
    """One page's socket."""

    max_message_chars = 1_000  # a word and some ids
    channel_layer_alias = "none"  # nothing passes the channel layer, so the coach works while Redis is away

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.running: dict[UUID, tuple[Answering, asyncio.Task[None]]] = {}
        self.guard: asyncio.Task[None] | None = None  # held, since the loop holds tasks only weakly

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Whatever ends the socket (closing, an error, the server's end) also ends the requests to the models."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._stop(self.running, PAGE_CLOSED)
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
        verb, ids = wish
        self.running = {pk: run for pk, run in self.running.items() if not run[1].done()}
        startable = [pk for pk in ids if verb == "start" and pk not in self.running]
        admitted = await self._admit(ids, startable, MAX_IDS - len(self.running))
        if admitted is None:
            await self._put_out()
            return
        own, turns = admitted
        for analysis_id, begun in turns.items():
            self._start(analysis_id, own[analysis_id], begun)
        await asyncio.sleep(0)  # each writes how it ended from its first step on: before anything else can go wrong
        for analysis_id in ids:
            if analysis_id not in own:
                await self._error(analysis_id, "There is no such question of yours.")
            elif verb == "cancel":
                await self._cancel(analysis_id)
            elif analysis_id not in turns:
                await self._error(analysis_id, NO_ROOM)

    async def _admit(self, ids: list[UUID], startable: list[UUID], room: int) -> "_Admitted | None":
        looking = asyncio.ensure_future(_own(self.scope["session"].session_key, ids, startable, room))
        try:
            return await asyncio.shield(looking)
        except asyncio.CancelledError:
            _, turns = await looking or ({}, {})
            for pk in [pk for pk, begun in turns.items() if begun]:
                await database_sync_to_async(lifecycle.cancel)(pk, PAGE_CLOSED)
            raise

    def _start(self, analysis_id: UUID, question: selectors.Question, begun: bool) -> None:
        answering = Answering(analysis_id, question, self.send_json, begun=begun)
        self.running[analysis_id] = (answering, answering.start())
        if self.guard is None or self.guard.done():
            self.guard = asyncio.create_task(self._guard())

    async def _guard(self) -> None:
        """End answers whose reader signed out or lost their role elsewhere."""
        while tasks := [task for _, task in self.running.values() if not task.done()]:
            await asyncio.wait(tasks, timeout=ASK_AGAIN_S)
            if any(not task.done() for task in tasks) and not await self._may_read():
                await self._put_out()

    async def _may_read(self) -> bool:
        try:
            return await self.viewer() is not None
        except DatabaseError:
            logger.warning("Whether a reader may still read could not be asked; asking again", exc_info=True)
            return True

    async def _put_out(self) -> None:
        await self._stop(self.running, PUT_OUT)
        await self._bye(SIGNED_OUT, "You are not signed in any more, or lost your role. Sign in again.")

    async def _cancel(self, analysis_id: UUID) -> None:
        """Here, or wherever else it is answered: by another window, or for a socket whose loss nobody noticed yet."""
        run = self.running.get(analysis_id)
        if run is not None and not run[1].done():
            await self._stop([analysis_id], CANCELLED)
        elif await database_sync_to_async(lifecycle.cancel)(analysis_id, CANCELLED):
            await self.send_json({"id": str(analysis_id), "type": "done", "status": "cancelled", "problems": []})

    async def _stop(self, ids: Iterable[UUID], because: str) -> None:
        """End running answers, upstream requests included, and wait until their rows say so."""
        runs = [self.running[pk] for pk in ids]
        for answering, _ in runs:
            answering.stop(because)
        for ended in await asyncio.gather(*(task for _, task in runs), return_exceptions=True):
            if isinstance(ended, Exception) and not isinstance(ended, ReaderGone):
                logger.error("An answer did not end well", exc_info=ended)

    async def _error(self, analysis_id: UUID, sentence: str) -> None:
        await self.send_json({"id": str(analysis_id), "type": "error", "sentence": sentence})

    async def _bye(self, code: int, sentence: str) -> None:
        await self._stop(self.running, PAGE_CLOSED)
        await self.send_json({"type": "error", "sentence": sentence})
        await self.close(code=code)


def _wish(content: Any) -> tuple[str, list[UUID]] | None:
    """``{"start": "<uuid>"}`` or ``{"start": ["<uuid>", …]}`` → ("start", [UUID, …]); None for anything else."""
    if not isinstance(content, dict) or len(content) != 1:
        return None
    verb, value = next(iter(content.items()))
    wanted = value if isinstance(value, list) else [value]
    if verb not in ("start", "cancel") or not 0 < len(wanted) <= MAX_IDS:
        return None
    if not all(isinstance(one, str) for one in wanted):
        return None
    try:
        return verb, list(dict.fromkeys(UUID(one) for one in wanted))
    except ValueError:
        return None


_Admitted = tuple[dict[UUID, selectors.Question], dict[UUID, bool]]


@database_sync_to_async
def _own(session_key: str | None, ids: list[UUID], startable: list[UUID], room: int) -> _Admitted | None:
    """Those of ``ids`` that are the person's own; and of ``startable`` ones as many as there is room for, each with
    whether it has its turn already (its row is being written then). None when the person may not ask (any more).

    One visit to the database's thread: each waits behind what others do there.
    """
    user = viewer_of(session_key)
    if user is None:
        return None
    questions = selectors.questions(user, ids)
    asked = [pk for pk in startable if pk in questions][:room]
    try:
        turns = take_turns(asked)
    except DatabaseError:
        logger.warning("No turn was taken at once; the line tries again", exc_info=True)
        turns = {}
    return questions, {pk: turns.get(pk) is True for pk in asked}
