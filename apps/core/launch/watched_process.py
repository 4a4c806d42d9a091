"""A process that is started again when it dies, a few times, and never outlives the launcher."""

import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing import Event, SimpleQueue, parent_process
from typing import Any

import psutil
from honcho.process import Popen, Process

RESTARTS = 3
FORGIVEN_AFTER_S = 600.0
LAST_LINES = 12


class WatchedProcess(Process):  # type: ignore[misc]
    """Honcho's process, which runs in a small process of its own, relays each line, and reports start and stop.

    A child that ends by itself is started again after 1, 2 and 4 seconds; a fourth end within ten minutes is its
    last, and ends the application. ``stopping`` is set while the application stops.
    """

    def __init__(self, cmd: list[str], *, stopping: Any, obituaries: Any, **options: Any) -> None:
        super().__init__(cmd, **options)
        self._stopping = stopping
        self._obituaries = obituaries
        self._child_ctor = partial(Popen, shell=False, stdin=subprocess.DEVNULL)

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:
        if ignore_signals:
            # Not SIG_IGN, which the child would inherit and be deaf for ever.
            signal.signal(signal.SIGINT, lambda number, frame: None)
            signal.signal(signal.SIGTERM, lambda number, frame: None)
        self._events = events
        threading.Thread(target=self._follow_launcher, daemon=True).start()
        ends: deque[float] = deque(maxlen=RESTARTS + 1)
        while True:
            lines = self._run_once()
            code = self._child.returncode
            ends.append(time.monotonic())
            if self._stopping.is_set():
                break
            if len(ends) > RESTARTS and ends[-1] - ends[0] < FORGIVEN_AFTER_S:
                self._obituaries.put((self.name, code, list(lines)))
                break
            wait = 2.0 ** (len(ends) - 1)
            self._send_message(f"{self.name} {ended(code)}; starting it again in {wait:.0f} s\n".encode())
            if self._stopping.wait(wait):
                break
        self._send_message({"returncode": code}, type="stop")

    def _run_once(self) -> deque[str]:
        lines: deque[str] = deque(maxlen=LAST_LINES)
        self._child = self._child_ctor(self.cmd, env=self.env, cwd=self.cwd)
        self._send_message({"pid": self._child.pid}, type="start")
        if self._stopping.is_set():
            self._end_child(signal.SIGTERM)  # the launcher's signal went to the one before
        for line in iter(self._child.stdout.readline, b""):
            lines.append(line.decode("utf-8", "replace").rstrip())
            self._send_message(line)
        self._child.stdout.close()
        self._child.wait()
        return lines

    def _follow_launcher(self) -> None:
        """When the launcher is killed with -9, its children must not stay behind."""
        launcher = parent_process()
        while launcher is not None:
            time.sleep(1.0)
            if not psutil.pid_exists(launcher.pid or 0):
                self._stopping.set()
                self._end_child(signal.SIGTERM)
                time.sleep(10.0)
                self._end_child(signal.SIGKILL)
                os._exit(1)

    def _end_child(self, number: int) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, number)


def ended(code: int) -> str:
    """An exit status in words: 1 → "ended with status 1", −9 → "was killed by SIGKILL"."""
    if code >= 0:
        return f"ended with status {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"


def factory() -> tuple[Callable[..., WatchedProcess], Any, Any]:
    """A constructor for honcho's manager, with the ``stopping`` event and the queue of obituaries it shares."""
    stopping, obituaries = Event(), SimpleQueue()  # type: ignore[var-annotated]
    return partial(WatchedProcess, stopping=stopping, obituaries=obituaries), stopping, obituaries
