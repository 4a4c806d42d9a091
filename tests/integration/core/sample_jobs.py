"""Jobs the tests run through real workers. ``folder`` is where they leave traces and look for the word to go on."""

import os
import sys
import time
from datetime import timedelta
from pathlib import Path

from django.db import connection

from apps.core.children import ChildLimit, run_child
from apps.core.jobs import JobFailed, JobRun
from apps.core.services.enqueueing import job

A_MINUTE = timedelta(seconds=60)


@job("parse", timeout=A_MINUTE)
def counts(run: JobRun, *, number: int) -> str:
    for index in range(number):
        run.log(f"counted {index + 1}")
    run.progress(0.5, "Half-way.")
    return f"Counted to {number}."


@job("parse", timeout=A_MINUTE, retry_safe=True)
def fails(run: JobRun) -> str:
    run.progress(0.25, "Looking at the file.")
    raise JobFailed("This file is empty; upload another one.")


@job("parse", timeout=A_MINUTE, retry_safe=True)
def refuses(run: JobRun) -> str:
    raise JobFailed("This is no recording.", final=True)


@job("parse", timeout=A_MINUTE)
def breaks(run: JobRun) -> str:
    raise ZeroDivisionError("a defect")


@job("parse", timeout=A_MINUTE, retry_safe=True)
def asks(run: JobRun) -> str:
    for _ in range(50):
        run.check()
    return "Asked."


@job("parse", timeout=A_MINUTE, retry_safe=True)
def waits(run: JobRun, *, folder: str) -> str:
    return _wait(run, Path(folder))


@job("parse", timeout=A_MINUTE)
def waits_once(run: JobRun, *, folder: str) -> str:
    return _wait(run, Path(folder))


@job("parse", timeout=A_MINUTE, retry_safe=True)
def asks_slowly(run: JobRun, *, folder: str) -> str:
    """Is told to stop in the middle of a query, where the database lets a query last."""
    _leave(Path(folder) / f"horse-{run.row.attempt}")
    with connection.cursor() as cursor:
        while connection.vendor == "postgresql":
            cursor.execute("SELECT pg_sleep(20)")
    return _wait(run, Path(folder))


@job("parse", timeout=timedelta(seconds=1))
def never_ends(run: JobRun) -> str:
    while True:
        run.progress(0.1, "Still at it.")
        time.sleep(0.05)


@job("parse", timeout=A_MINUTE, retry_safe=True)
def has_a_child(run: JobRun, *, folder: str) -> str:
    """Its child writes its process number, then sleeps until it is ended."""
    code = "import os, pathlib, sys, time; pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); time.sleep(600)"
    _leave(Path(folder) / f"horse-{run.row.attempt}")
    run_child(run, ["-c", code, str(Path(folder) / "child")], on_line=run.log)
    return "The child ended."


@job("parse", timeout=A_MINUTE)
def greedy_child(run: JobRun, *, memory_mb: int) -> str:
    status = run_child(run, ["-c", "print(len(bytearray(2_000_000_000)))"], on_line=run.log, memory_mb=memory_mb)
    return f"The child ended with {status}."


@job("parse", timeout=A_MINUTE)
def slow_child(run: JobRun) -> str:
    try:
        run_child(run, ["-c", "import time; time.sleep(600)"], on_line=run.log, timeout_s=0.5)
    except ChildLimit as limit:
        raise JobFailed(f"The child {limit}.") from limit
    return "It ended."


@job("parse", timeout=A_MINUTE, retry_safe=True)
def swallows(run: JobRun, *, folder: str) -> str:
    """Code that catches everything, once, at the worst moment."""
    try:
        _leave(Path(folder) / f"horse-{run.row.attempt}")
        time.sleep(600)
    except Exception:
        run.log("swallowed")
    return _wait(run, Path(folder))


def _wait(run: JobRun, folder: Path) -> str:
    _leave(folder / f"horse-{run.row.attempt}")
    while not (folder / "go").exists():
        run.progress(0.5, "Waiting for the word.")
        time.sleep(0.02)
    return "Got the word."


def _leave(path: Path) -> None:
    """Write this process's number so that a reader sees all of it or nothing."""
    part = path.with_suffix(".part")
    part.write_text(str(os.getpid()))
    part.replace(path)
    sys.stdout.flush()
