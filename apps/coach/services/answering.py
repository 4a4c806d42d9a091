"""Streams one answer: line → model server → this task → browser, with the database written alongside.

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

from apps.coach import embedded, metrics
from apps.coach.advice.partial import clean, partial_answer
from apps.coach.advice.prompt import messages
from apps.coach.advice.validation import validate
from apps.coach.crosscheck import CrossCheck, marks
from apps.coach.inference import Finish, Piece
from apps.coach.inference_failover import Asking, candidates, stream_first
from apps.coach.inference_servers import ModelServer, reader
from apps.coach.models import AnalysisStatus
from apps.coach.selectors import Question
from apps.coach.server_errors import ModelServerError
from apps.coach.services import lifecycle, retention
from apps.coach.services.line import line
from apps.coach.services.notebook import notebook
from apps.coach.services.turns import Place
from apps.core import storage

logger = logging.getLogger(__name__)
FIELDS_EVERY_S = 0.1
FIELDS_A_SECOND = 160  # of all answers of this process: reading and sending whole answers is most of what one costs
PIECES_A_SECOND = 320  # likewise: what arrives meanwhile goes out as one, and new questions wait for less
SEND_WITHIN_S = 10.0
PAGE_CLOSED = "The page was closed before the answer was complete. What had arrived is kept."
ENDED_ELSEWHERE = "Ended from another window. What had arrived is kept."
NOT_WRITTEN = "The answer could not be kept: database or disk do not take it. Your frame is kept; tell an admin."
FRAME_GONE = "The frame of this question is no longer there. Ask again with a new one."
NOT_YOURS_TO_ANSWER = "This question was already answered or is being answered."

Ending = tuple[AnalysisStatus, list[str], str]  # with what is wrong with the answer, and why there is no (whole) one
Send = Callable[[dict[str, Any]], Awaitable[None]]


class ReaderGone(Exception):
    """The browser does not take what is sent to it."""


class FrameGone(Exception):
    """There is nothing to be shown to a model."""


class Answering:
    """One run of one analysis. ``await run()`` ends when the answer does; cancelling its task ends the request.

    One that has not ``begun`` (:func:`turns.take_turns`) stands in line first.
    """

    def __init__(self, analysis_id: UUID, question: Question, send: Send, *, begun: bool = False) -> None:
        self.analysis_id = analysis_id
        self._question = question
        self._begun = begun
        self._ended_because = PAGE_CLOSED
        self._send_raw = send
        self._text = ""
        self._tokens = 0
        self._model = ""
        self._server: ModelServer | None = None
        self._first_token_ms: int | None = None
        self._started = time.monotonic()
        self._shown = ""  # the text up to which fields were sent
        self._check = CrossCheck()
        self._reading: dict[str, Any] = {}
        self._total_ms: int | None = None
        self._task: asyncio.Task[None] | None = None
        self._over = False

    def stop(self, because: str) -> None:
        """End it, upstream request included; the row keeps what had arrived. One that is over is only being written
        down."""
        if self._task is not None and not self._task.done() and not self._over:
            self._ended_because = because
            self._task.cancel()

    def start(self) -> "asyncio.Task[None]":
        self._task = asyncio.create_task(self.run())
        return self._task

    async def run(self) -> None:
        """Wait for the turn, stream, and write how it ended. Sends a sentence when somebody else has it."""
        if not (self._begun or await self._turn()):
            await self._send({"type": "error", "sentence": NOT_YOURS_TO_ANSWER})
            return
        self._started = time.monotonic()
        notebook().open(self.analysis_id, self)
        showing = asyncio.create_task(self._show_fields())
        ending: Ending | None = None
        try:
            ending = self._judge(await self._stream())
            self._total_ms = self._elapsed_ms()
            self._reading = await self._check.reading()
        except ModelServerError as error:
            ending = (AnalysisStatus.FAILED, [], error.sentence)
        except FrameGone:
            ending = (AnalysisStatus.FAILED, [], FRAME_GONE)
        except (asyncio.CancelledError, ReaderGone):
            metrics.ABORTS.labels(self._alias).inc()
            showing.cancel()
            await self._finish(*(ending or (AnalysisStatus.CANCELLED, [], self._ended_because)))
            raise
        except Exception:
            logger.exception("Analysis %s broke", self.analysis_id)
            ending = (AnalysisStatus.FAILED, [], "Something broke that should not have. What had arrived is kept.")
        finally:
            showing.cancel()
            notebook().close(self.analysis_id)
        await self._finish(*ending)

    def changes(self) -> dict[str, Any]:
        """What the row should say now; readers make the fields known so far from the text."""
        return {
            "raw_text": clean(self._text),
            "tokens": self._tokens,
            "first_token_ms": self._first_token_ms,
            "model_name": self._model,
            "answered_by": self._alias if self._first_token_ms is not None else "",
        }

    def ended_elsewhere(self) -> None:
        self.stop(ENDED_ELSEWHERE)

    @property
    def _alias(self) -> str:
        return self._server.alias if self._server else ""

    async def _turn(self) -> bool:
        try:
            return await line().turn(self.analysis_id, self._tell_place)
        except asyncio.CancelledError:
            # A closed page keeps its place for a while, since it may come back; who cancels gives it up.
            if self._ended_because != PAGE_CLOSED:
                await database_sync_to_async(lifecycle.cancel_unasked)(self.analysis_id)
                await self._send_end(AnalysisStatus.CANCELLED, [], self._ended_because, None)
            raise

    async def _tell_place(self, place: Place) -> None:
        told = {"position": place.position, "ahead": place.ahead, "sentence": place.sentence}
        await self._send({"type": "queued", **told})

    async def _stream(self) -> str:
        async with aclosing(stream_first(candidates(self._question.alias), self._messages)) as items:
            async for item in items:
                if isinstance(item, Asking):
                    self._server = item.server
                elif isinstance(item, Finish):
                    self._model, self._tokens = item.model, item.tokens
                    return item.reason
                else:
                    await self._take(item)
                    await asyncio.sleep(notebook().running / PIECES_A_SECOND)
        raise AssertionError("an answer ends with a Finish or an error")

    async def _messages(self, server: ModelServer) -> list[dict[str, Any]]:
        shown = await asyncio.to_thread(_pictures, self._question.images, server)
        await self._have_it_read(server)
        told = await self._check.grounding() if server.grounded else ""
        return messages(shown, self._question.context, told)

    async def _have_it_read(self, server: ModelServer) -> None:
        """The embedded model reads the HUD of the newest frame while another answers."""
        if server.sees != "hud" and reader() is not None:
            self._check.begin(server, await asyncio.to_thread(storage.read_bytes, self._question.images[-1]))

    async def _take(self, piece: Piece) -> None:
        if self._first_token_ms is None:
            self._first_token_ms = self._elapsed_ms()
            metrics.FIRST_TOKEN.labels(self._alias).observe(self._first_token_ms / 1000)
        self._text += piece.text
        self._tokens += piece.tokens
        await self._send({"type": "token", "text": piece.text})

    def _judge(self, reason: str) -> Ending:
        _, problems = validate(self._text)
        if reason == "length":
            problems = [f"The answer was cut off at its limit after {self._tokens} tokens.", *problems]
        return (AnalysisStatus.INVALID if problems else AnalysisStatus.COMPLETE), problems, ""

    async def _finish(self, status: AnalysisStatus, problems: list[str], error: str) -> None:
        self._over = True
        notebook().close(self.analysis_id)
        self._check.stop()
        total_ms = self._total_ms or self._elapsed_ms()
        ending = {"answer": partial_answer(self._text), "problems": problems, "error": error, "total_ms": total_ms}
        ending["reading"] = self._reading
        changes = self.changes() | ending
        try:
            await database_sync_to_async(_write_end)(self.analysis_id, status, changes)
        except Exception:
            logger.exception("The end of analysis %s was not written down", self.analysis_id)
            status, problems, error = AnalysisStatus.FAILED, [], NOT_WRITTEN
        line().look_again()  # a place is free
        metrics.ANSWERS.labels(self._alias, str(status)).inc()
        metrics.TOTAL.labels(self._alias).observe(total_ms / 1000)
        metrics.TOKENS.labels(self._alias).inc(self._tokens)
        try:
            await self._send_fields()
            await self._send_end(status, problems, error, total_ms)
        except ReaderGone:
            logger.debug("Nobody heard the end of analysis %s; its row has it all", self.analysis_id)

    async def _send_end(self, status: AnalysisStatus, problems: list[str], error: str, total_ms: int | None) -> None:
        if error:
            await self._send({"type": "error", "sentence": error})
        await self._send(
            {
                "type": "done",
                "status": str(status),
                "problems": problems,
                "answered_by": self._alias,
                "model": self._model,
                "first_token_ms": self._first_token_ms,
                "total_ms": total_ms,
                "tokens": self._tokens,
                "reader": marks(partial_answer(self._text), self._reading),
            }
        )

    async def _show_fields(self) -> None:
        """Between tokens: send the fields known so far; less often where very many answers are written at once."""
        while True:
            await asyncio.sleep(max(FIELDS_EVERY_S, notebook().running / FIELDS_A_SECOND))
            try:
                await self._send_fields()
            except ReaderGone:
                return  # the stream itself notices too

    async def _send_fields(self) -> None:
        if self._shown != self._text:
            self._shown = self._text
            await self._send({"type": "fields", "answer": partial_answer(self._text)})

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


def _write_end(analysis_id: UUID, status: AnalysisStatus, changes: dict[str, Any]) -> None:
    if not lifecycle.move(analysis_id, status, **changes):
        kept = ("raw_text", "answer", "tokens", "first_token_ms", "total_ms", "model_name", "answered_by")
        lifecycle.keep_rest(analysis_id, **{name: changes[name] for name in kept})
    try:
        retention.after_answer(analysis_id)
    except Exception:  # the answer is there all the same, and housekeeping finds its frames
        logger.exception("The frames of analysis %s were not deleted", analysis_id)


def _pictures(names: tuple[str, ...], server: ModelServer) -> list[bytes]:
    """The newest frames as this server wants them, oldest first.

    Raises:
        FrameGone: they are not there any more.
    """
    try:
        pictures = [storage.read_bytes(name) for name in names[-server.max_frames :]]
    except FileNotFoundError as error:
        raise FrameGone from error
    if not pictures:
        raise FrameGone
    return [embedded.shown(picture, server) for picture in pictures]
