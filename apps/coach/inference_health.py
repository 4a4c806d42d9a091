"""Knows which model servers answer, without any request waiting for it.

A thread of this process asks each server from time to time: every ``SELDOM_S`` while it answers, and after 1, 2, 4 …
s while it does not, up to the same: one that is back is not called away for longer. Whoever asked a model says how it
went, so that a dead server is known at once.
"""

import asyncio
import logging
import threading
import time
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone

from apps.coach import inference
from apps.coach.inference_servers import ModelServer, servers

logger = logging.getLogger(__name__)
SELDOM_S = 15.0
FIRST_WAIT_S = 1.0
ROUND_S = 0.25  # how often the thread looks whether a server is due


@dataclass(frozen=True)
class Health:
    """What is known of one server; ``up`` is None before anybody asked it."""

    up: bool | None = None
    sentence: str = "Nobody has asked this model yet."
    since: datetime | None = None  # of the present state
    wait_s: float = 0.0
    due: float = 0.0  # on the monotonic clock: when it is asked next


class HealthKeeper:
    """One per process; every method may be called from any thread."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Health] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def of(self, server: ModelServer) -> Health:
        """The latest news; never waits. From now on the servers are watched."""
        self._keep_watching()
        return self.known(server)

    def known(self, server: ModelServer) -> Health:
        with self._lock:
            return self._known.get(_key(server), Health())

    def note(self, server: ModelServer, *, up: bool, sentence: str) -> None:
        """What a probe or a question found; a failing server is left alone twice as long each time."""
        with self._lock:
            before = self._known.get(_key(server), Health())
            longer = min(max(before.wait_s * 2, FIRST_WAIT_S), SELDOM_S) if before.up is False else FIRST_WAIT_S
            wait_s = SELDOM_S if up else longer
            since = before.since if before.up is up else timezone.now()
            self._known[_key(server)] = Health(up, sentence, since, wait_s, time.monotonic() + wait_s)

    def _keep_watching(self) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._watch, name="model-health", daemon=True)
                self._thread.start()

    def _watch(self) -> None:
        try:
            asyncio.run(self._rounds())
        except Exception:
            logger.exception("Nobody watches the model servers any more; the next question starts it again")

    async def _rounds(self) -> None:
        while True:
            await asyncio.gather(*(self._probe(server) for server in servers() if self._is_due(server)))
            await asyncio.sleep(ROUND_S)

    def _is_due(self, server: ModelServer) -> bool:
        with self._lock:
            known = self._known.get(_key(server), Health())
            if known.due > time.monotonic():
                return False
            self._known[_key(server)] = replace(known, due=time.monotonic() + SELDOM_S)  # not twice at once
            return True

    async def _probe(self, server: ModelServer) -> None:
        state = await inference.probe(server)
        self.note(server, up=state.up, sentence=state.sentence)


def _key(server: ModelServer) -> tuple[str, str]:
    return server.alias, server.url


keeper = HealthKeeper()
