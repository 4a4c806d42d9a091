"""Child processes a job starts: limited, watched, stoppable, and never left behind."""

import os
import resource
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from apps.core.jobs import JobRun

BASE_DIR = Path(__file__).resolve().parent.parent.parent

GUARD = BASE_DIR / "apps" / "core" / "die_with_parent.py"


class ChildLimit(Exception):
    """The child was ended for using too much; the message says of what."""


def run_child(
    run: JobRun,
    arguments: Sequence[str],
    *,
    on_line: Callable[[str], None],
    memory_mb: int | None = None,
    timeout_s: float | None = None,
    stop_grace_s: float = 5.0,
    env: dict[str, str] | None = None,
    while_waiting: Callable[[], None] | None = None,
) -> int:
    """Run ``python <arguments>`` and feed each line of its output (stdout and stderr) to ``on_line``.

    The child gets a session of its own; on cancel, time-out or any exception in this process it gets SIGTERM and,
    after ``stop_grace_s``, SIGKILL. ``memory_mb`` caps its address space; ``while_waiting`` is called about twice
    a second. When this process is killed with -9, the child goes with it (on Linux).

    Returns:
        The exit status; negative for the signal that ended it.

    Raises:
        ChildLimit: it ran longer than ``timeout_s``.
        JobCancelled, JobFailed: as ``JobRun.check``.
    """
    child = subprocess.Popen(
        [sys.executable, "-S", "-E", str(GUARD), str(os.getpid()), sys.executable, *arguments],
        cwd=BASE_DIR,
        env={**os.environ, **(env or {}), "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        if memory_mb is not None and sys.platform == "linux":
            limit = memory_mb * 1024 * 1024
            with suppress(ProcessLookupError):
                resource.prlimit(child.pid, resource.RLIMIT_AS, (limit, limit))
        assert child.stdout is not None
        _watch(run, child, child.stdout, on_line, timeout_s, while_waiting)
        return child.wait()
    finally:
        stop(child, stop_grace_s)


def _watch(
    run: JobRun,
    child: "subprocess.Popen[bytes]",
    output: IO[bytes],
    on_line: Callable[[str], None],
    timeout_s: float | None,
    while_waiting: Callable[[], None] | None,
) -> None:
    started = time.monotonic()
    buffer = b""
    os.set_blocking(output.fileno(), False)
    with selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        while True:
            ready = selector.select(0.5)
            chunk = output.read(65536) if ready else None
            if chunk:
                *lines, buffer = (buffer + chunk).split(b"\n")
                for line in lines:
                    on_line(line.decode("utf-8", "replace"))
                buffer = buffer[-1_000_000:]
            run.check()
            if while_waiting is not None:
                while_waiting()
            if timeout_s is not None and time.monotonic() - started > timeout_s:
                raise ChildLimit(f"took longer than {timeout_s:.0f} s")
            if chunk == b"" or (not ready and child.poll() is not None):
                break
    if buffer:
        on_line(buffer.decode("utf-8", "replace"))


def stop(child: "subprocess.Popen[bytes]", grace_s: float) -> None:
    """End a child and everything it started: SIGTERM, then SIGKILL after ``grace_s``. Harmless when it is over."""
    if child.poll() is None:
        _signal_group(child, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            child.wait(grace_s)
    _signal_group(child, signal.SIGKILL)
    child.wait()


def _signal_group(child: "subprocess.Popen[bytes]", number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)
