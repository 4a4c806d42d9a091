"""Writes down how far the running answers of this process are: all of them at once, every half second.

That is also their sign of life, and how they notice that somebody ended them elsewhere.
"""

import asyncio
import logging
from typing import Any, Protocol
from uuid import UUID
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async

from apps.coach.services import lifecycle

logger = logging.getLogger(__name__)
WRITE_EVERY_S = 0.5
AT_ONCE = 64  # answers in one transaction: whoever wants to begin waits for it


class Writer(Protocol):
    """A running answer."""

    def changes(self) -> dict[str, Any]:
        """What its row should say now."""

    def ended_elsewhere(self) -> None:
        """Its row is not streaming any more."""


class Notebook:
    """One per event loop."""

    def __init__(self) -> None:
        self._writers: dict[UUID, Writer] = {}
        self._writing: asyncio.Task[None] | None = None

    def open(self, analysis_id: UUID, writer: Writer) -> None:
        self._writers[analysis_id] = writer
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    @property
    def running(self) -> int:
        """How many answers are written by this process now."""
        return len(self._writers)

    def close(self, analysis_id: UUID) -> None:
        self._writers.pop(analysis_id, None)

    async def _write(self) -> None:
        while self._writers:
            await asyncio.sleep(WRITE_EVERY_S)
            running = list(self._writers.items())
            for start in range(0, len(running), AT_ONCE):
                await self._report(dict(running[start : start + AT_ONCE]))

    async def _report(self, writers: dict[UUID, Writer]) -> None:
        written = {pk: writer.changes() for pk, writer in writers.items()}
        try:
            ended = await database_sync_to_async(lifecycle.report)(written)
        except Exception:
            logger.warning("%s answers were not written down; trying again", len(written), exc_info=True)
            return
        for pk in ended & self._writers.keys():
            self._writers[pk].ended_elsewhere()


_notebooks: "WeakKeyDictionary[asyncio.AbstractEventLoop, Notebook]" = WeakKeyDictionary()


def notebook() -> Notebook:
    """The notebook of this event loop."""
    return _notebooks.setdefault(asyncio.get_running_loop(), Notebook())
