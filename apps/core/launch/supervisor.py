"""Runs the children under honcho: Redis first, all of them watched, Redis last to stop."""

import threading
import time
from collections.abc import Callable
from typing import Any

import honcho.manager
from honcho.printer import Message

from apps.core.launch.children import Child
from apps.core.launch.watched_process import ended, factory

# How long the children may take to end: a trainer writes its checkpoint first.
STOP_GRACE_S = 25.0


class Supervisor(honcho.manager.Manager):  # type: ignore[misc]
    """Honcho's manager with an order: the ``foundation`` is up before the others and goes after them.

    ``founded`` waits until the foundation answers and returns whether it does; ``beside`` runs in a thread while the
    children do. A signal only sets a flag; everything else happens in the rounds of honcho's loop.
    """

    def __init__(self, *, founded: Callable[[], bool], beside: Callable[["Supervisor"], None]) -> None:
        super().__init__()
        self._process_ctor, self._stopping, self._obituaries = factory()
        self._founded = founded
        self._beside = beside
        self._foundation: str | None = None
        self._failure: str | None = None
        self._stop_by: float | None = None
        self._processes: dict[str, Any]

    def add(self, child: Child, environment: dict[str, str], *, cwd: str, foundation: bool = False) -> None:
        self.add_process(child.name, child.arguments, env={**environment, **child.environment}, cwd=cwd)
        if foundation:
            self._foundation = child.name

    def say(self, text: str) -> None:
        """Print a line in order with those of the children; safe from any thread."""
        self.events.put(Message("line", f"{text}\n", self._clock.now(), "chimera", None))

    def failure(self) -> str | None:
        """Why the application ended by itself, with the last lines of the child that died; None when it did not."""
        if self._obituaries.empty():
            return self._failure
        name, code, lines = self._obituaries.get()
        said = "".join(f"\n    {line}" for line in lines) or " nothing."
        return f"Chimera stopped: {name} {ended(code)}, again after being restarted. The last it said:{said}"

    @property
    def stopping(self) -> bool:
        return bool(self._terminating)

    def terminate(self) -> None:
        """Called by honcho from its signal handler too, where no lock may be touched."""
        self._terminating = True

    def kill(self) -> None:
        """Honcho's deadline of five seconds is not ours; see ``_carry_out_stop``."""

    def _start(self) -> None:
        everything = self._processes
        name = self._foundation
        if name is not None:
            self._processes = {name: everything[name]}
            super()._start()
            if not self._founded():
                self._failure = f"Chimera stopped: {name} was started but does not answer."
                self.terminate()
                return
        self._processes = {other: entry for other, entry in everything.items() if other != name}
        super()._start()
        self._processes = everything
        threading.Thread(target=self._beside, args=(self,), daemon=True).start()

    def _all_started(self) -> bool:
        """Asked in every round of honcho's loop, which makes it the place to carry out a stop."""
        if self._terminating:
            self._carry_out_stop()
        return bool(super()._all_started())

    def _carry_out_stop(self) -> None:
        if self._stop_by is None:
            self._stop_by = time.monotonic() + STOP_GRACE_S
            self._stopping.set()
        late = time.monotonic() > self._stop_by
        running = {name: entry for name, entry in self._processes.items() if entry.get("returncode") is None}
        for name, entry in running.items():
            waits = name == self._foundation and len(running) > 1 and not late
            if not waits:
                self._stop_child(entry, force=late)

    def _stop_child(self, entry: dict[str, Any], *, force: bool) -> None:
        """Send the signal once per process number; one without a number yet gets it in a later round."""
        told = (entry.get("pid"), force)
        if told[0] is None or entry.get("told") == told:
            return
        entry["told"] = told
        (self._procmgr.kill if force else self._procmgr.terminate)(told[0])

    def _system_print(self, data: str) -> None:
        """Honcho's own chatter (process numbers, signals sent) is for nobody here."""
