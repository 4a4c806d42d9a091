"""Streams one answer: model server → this task → browser, with the database written alongside.

Tokens never pass a channel group or the database on their way; the row is written every half second so that a page
that reconnects, or a person who comes back tomorrow, finds what there was.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async

from apps.coach import inference
from apps.coach.advice.partial import clean, partial_answer
from apps.coach.advice.prompt import messages
from apps.coach.advice.validation import validate
from apps.coach.models import Analysis, AnalysisStatus
from apps.coach.server_errors import ModelServerError
from apps.coach.services import lifecycle
from apps.core import storage

logger = logging.getLogger(__name__)
FIELDS_EVERY_S = 0.1
WRITE_EVERY_S = 0.5
SEND_WITHIN_S = 10.0
PAGE_CLOSED = "The page was closed before the answer was complete. What had arrived is kept."

Send = Callable[[dict[str, Any]], Awaitable[None]]


class ReaderGone(Exception):
    """The browser does not take what is sent to it."""


class Answering:
    """One run of one analysis. ``await run()`` ends when the answer does; cancelling its task ends the request."""

    def __init__(self, analysis_id: UUID, send: Send) -> None:
        self.analysis_id = analysis_id
        self.cancelled_because = PAGE_CLOSED
        self._send_raw = send
        self._text = ""
        self._tokens = 0
        self._model = ""
        self._first_token_ms: int | None = None
        self._started = time.monotonic()
        self._shown = ""  # the text up to which fields were sent

    async def run(self) -> None:
        """Claim the row, stream, and write how it ended. Sends a sentence when somebody else has it."""
        if not await database_sync_to_async(lifecycle.move)(self.analysis_id, AnalysisStatus.STREAMING):
            await self._send({"type": "error", "sentence": "This question was already answered or is being answered."})
            return
        ticking = asyncio.create_task(self._tick())
        try:
            reason = await self._stream()
            ending = self._judge(reason)
        except ModelServerError as error:
            ending = (AnalysisStatus.FAILED, [], error.sentence)
        except (asyncio.CancelledError, ReaderGone):
            ticking.cancel()
            await self._finish(AnalysisStatus.CANCELLED, [], self.cancelled_because)
            raise
        except Exception:
            logger.exception("Analysis %s broke", self.analysis_id)
            ending = (AnalysisStatus.FAILED, [], "Something broke that should not have. What had arrived is kept.")
        finally:
            ticking.cancel()
        await self._finish(*ending)

    async def _stream(self) -> str:
        frames, context = await database_sync_to_async(_question)(self.analysis_id)
        async with aclosing(inference.stream_answer(messages(frames, context))) as pieces:
            async for piece in pieces:
                if isinstance(piece, inference.Finish):
                    self._model, self._tokens = piece.model, piece.tokens
                    return piece.reason
                if self._first_token_ms is None:
                    self._first_token_ms = self._elapsed_ms()
                self._text += piece.text
                self._tokens += 1
                await self._send({"type": "token", "text": piece.text})
        raise AssertionError("stream_answer ends with a Finish or an error")

    def _judge(self, reason: str) -> tuple[AnalysisStatus, list[str], str]:
        _, problems = validate(self._text)
        if reason == "length":
            problems = [f"The answer was cut off at its limit after {self._tokens} tokens.", *problems]
        return (AnalysisStatus.INVALID if problems else AnalysisStatus.COMPLETE), problems, ""

    async def _finish(self, status: AnalysisStatus, problems: list[str], error: str) -> None:
        total_ms = self._elapsed_ms()
        changes = self._changes() | {"problems": problems, "error": error, "total_ms": total_ms}
        await database_sync_to_async(lifecycle.move)(self.analysis_id, status, **changes)
        try:
            await self._send_fields()
            if error:
                await self._send({"type": "error", "sentence": error})
            await self._send(
                {
                    "type": "done",
                    "status": str(status),
                    "problems": problems,
                    "model": self._model,
                    "first_token_ms": self._first_token_ms,
                    "total_ms": total_ms,
                    "tokens": self._tokens,
                }
            )
        except ReaderGone:
            logger.debug("Nobody heard the end of analysis %s; its row has it all", self.analysis_id)

    async def _tick(self) -> None:
        """Between tokens: send the fields known so far, and write the row (which is also its heartbeat)."""
        written = time.monotonic()
        while True:
            await asyncio.sleep(FIELDS_EVERY_S)
            try:
                await self._send_fields()
                if time.monotonic() - written > WRITE_EVERY_S:
                    written = time.monotonic()
                    await database_sync_to_async(lifecycle.report)(self.analysis_id, **self._changes())
            except ReaderGone:
                return  # the stream itself notices too
            except Exception:
                logger.warning("Analysis %s was not written; trying again", self.analysis_id, exc_info=True)

    async def _send_fields(self) -> None:
        if self._shown != self._text:
            self._shown = self._text
            await self._send({"type": "fields", "answer": partial_answer(self._text)})

    def _changes(self) -> dict[str, Any]:
        return {
            "raw_text": clean(self._text),
            "answer": partial_answer(self._text),
            "tokens": self._tokens,
            "first_token_ms": self._first_token_ms,
            "model_name": self._model,
        }

    async def _send(self, message: dict[str, Any]) -> None:
        """Hand one message to the browser; one that takes nothing for long counts as gone, so that the model server
        does not wait for it."""
        try:
            async with asyncio.timeout(SEND_WITHIN_S):
                await self._send_raw({"id": str(self.analysis_id), **message})
        except Exception as error:  # servers raise different things on a closed socket
            raise ReaderGone from error

    def _elapsed_ms(self) -> int:
        return round((time.monotonic() - self._started) * 1000)


def _question(analysis_id: UUID) -> tuple[list[bytes], str]:
    row = Analysis.objects.get(pk=analysis_id)
    return [storage.read_bytes(frame.image) for frame in row.frames.all()], row.context
