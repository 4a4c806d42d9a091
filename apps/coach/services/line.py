"""The questions of this process that wait for their turn: one look at the database for all of them, every half second
and whenever an answer ends here."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import UUID
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async

from apps.coach.services import lifecycle
from apps.coach.services.turns import Place, take_turns

logger = logging.getLogger(__name__)
LOOK_EVERY_S = 0.5

Tell = Callable[[Place], Awaitable[None]]
News = Place | bool  # True: it may begin; False: somebody else answers it, or nobody will any more


class _Waiter:
    """One place of one socket."""

    def __init__(self) -> None:
        self.news: asyncio.Queue[News] = asyncio.Queue()
        self._told: Place | None = None

    def hear(self, news: News) -> None:
        """A place counts as news only when it is another one."""
        if not isinstance(news, Place):
            self.news.put_nowait(news)
        elif news != self._told:
            self._told = news
            self.news.put_nowait(news)

    async def latest(self) -> News:
        news = await self.news.get()
        while not self.news.empty():
            news = self.news.get_nowait()
        return news

    def may_begin(self) -> bool:
        return any(self.news.get_nowait() is True for _ in range(self.news.qsize()))


class Line:
    """One per event loop. ``await turn(id, tell)`` waits; cancelling it leaves the line."""

    def __init__(self) -> None:
        self._waiting: dict[UUID, _Waiter] = {}
        self._bell = asyncio.Event()
        self._serving: asyncio.Task[None] | None = None

    async def turn(self, analysis_id: UUID, tell: Tell) -> bool:
        """Wait until the question may be asked; ``tell`` hears each new place meanwhile.

        False: somebody else answers it, or nobody will any more.
        """
        if (other := self._waiting.get(analysis_id)) is not None:
            other.hear(False)  # the same question from a newer socket
        waiter = self._waiting[analysis_id] = _Waiter()
        self.look_again()
        try:
            while isinstance(news := await waiter.latest(), Place):
                await tell(news)
            return news
        except BaseException:
            if waiter.may_begin():  # its turn came while its page left
                await _give_up(analysis_id)
            raise
        finally:
            if self._waiting.get(analysis_id) is waiter:
                del self._waiting[analysis_id]

    def look_again(self) -> None:
        """Somebody came, or an answer ended: look now."""
        self._bell.set()
        if self._serving is None or self._serving.done():
            self._serving = asyncio.create_task(self._serve())

    async def _serve(self) -> None:
        while self._waiting:
            self._bell.clear()
            looked_for = dict(self._waiting)
            try:
                found = await database_sync_to_async(take_turns)(list(looked_for))
            except Exception:
                logger.exception("The line could not be looked at; trying again")
                found = {}
            for pk, news in found.items():
                if self._waiting.get(pk) is looked_for[pk]:
                    if not isinstance(news, Place):
                        del self._waiting[pk]
                    looked_for[pk].hear(news)
                elif news is True:
                    await _give_up(pk)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._bell.wait(), LOOK_EVERY_S)


async def _give_up(analysis_id: UUID) -> None:
    await database_sync_to_async(lifecycle.cancel)(analysis_id, "The page was closed before the model was asked.")


_lines: "WeakKeyDictionary[asyncio.AbstractEventLoop, Line]" = WeakKeyDictionary()


def line() -> Line:
    """The line of this event loop."""
    return _lines.setdefault(asyncio.get_running_loop(), Line())
