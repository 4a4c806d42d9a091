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
# How long the next children wait for one that is to answer first.
GATE_S = 20.0


class Supervisor(honcho.manager.Manager):  # type: ignore[misc]
    """Honcho's manager with an order: the ``foundation`` is up before the others and goes after them.

    ``beside`` runs in a thread while the children do. A signal only sets a flag; everything else happens in the
    rounds of honcho's loop.
    """

    def __init__(self, *, beside: Callable[["Supervisor"], None]) -> None:
        super().__init__()
        self._process_ctor, self._stopping, self._obituaries = factory()
        self._beside = beside
        self._gates: dict[str, Callable[[], bool]] = {}
        self._foundation: str | None = None
        self._failure: str | None = None
        self._stop_by: float | None = None
        self._processes: dict[str, Any]

    def add(
        self,
        child: Child,
        environment: dict[str, str],
        *,
        cwd: str,
        answers: Callable[[], bool] | None = None,
        foundation: bool = False,
    ) -> None:
        """Add a child; those after it are started once it ``answers`` (or after a while, if it need not)."""
        self.add_process(child.name, child.arguments, env={**environment, **child.environment}, cwd=cwd)
        if answers is not None:
            self._gates[child.name] = answers
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
        everything, self._processes = self._processes, {}
        for name, entry in everything.items():
            self._processes = {name: entry}
            super()._start()
            if not self._passed(name) and name == self._foundation:
                self._failure = f"Chimera stopped: {name} was started but does not answer."
                self.terminate()
                return
        self._processes = everything
        threading.Thread(target=self._beside, args=(self,), daemon=True).start()

    def _passed(self, name: str) -> bool:
        """Wait for the gate of ``name``, if it has one; whether it opened."""
        gate, end = self._gates.get(name), time.monotonic() + GATE_S
        while gate is not None and not gate():
            if self._terminating or time.monotonic() > end:
                return False
            time.sleep(0.05)
        return True

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
