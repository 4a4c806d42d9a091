"""Work folders of imports: one per content, held by one worker at a time, there until its import is over."""

import fcntl
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q

from apps.core.jobs import JobInterrupted
from apps.core.models import UNDER_WAY
from apps.demos.models import Demo, DemoStatus

# Raise it whenever a phase writes something else than before: what an older Chimera left half-done is begun anew.
VERSION = 2
_CONTENT = re.compile(r"[0-9a-f]{64}(\.lock)?$")
LOOK_AGAIN_S = 0.2


def base() -> Path:
    return Path(settings.CHIMERA_HOME) / "parsing"


@contextmanager
def held(sha256: str, options: dict[str, Any], *, while_waiting: Callable[[], None]) -> Iterator[Path]:
    """The work folder of a content, for this process alone.

    It holds what an earlier run with the same ``options`` had come to, if that was killed or interrupted; whichever
    other way the import ends, the folder goes. ``while_waiting`` is called while another process has it and may raise.
    """
    base().mkdir(parents=True, exist_ok=True)
    lock = base() / f"{sha256}.lock"
    file = _acquire(lock, while_waiting)
    keep = False
    try:
        yield _prepared(base() / sha256, {**options, "version": _version()})
    except JobInterrupted:  # it goes back in line and is taken up again
        keep = True
        raise
    finally:
        if not keep:
            shutil.rmtree(base() / sha256, ignore_errors=True)
        lock.unlink(missing_ok=True)
        os.close(file)


def _acquire(lock: Path, while_waiting: Callable[[], None]) -> int:
    """A descriptor that holds the lock; whoever has it removes the file, so that what was locked may be gone."""
    while True:
        try:
            file = _lock(lock)
        except BlockingIOError:
            while_waiting()
            time.sleep(LOOK_AGAIN_S)
            continue
        if file is not None:
            return file


def _lock(lock: Path) -> int | None:
    """A descriptor that holds the lock, or None where what was locked is not the file there any more.

    Raises:
        BlockingIOError: another process holds it.
    """
    file = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with suppress(FileNotFoundError):
            if lock.stat().st_ino == os.fstat(file).st_ino:
                return file
    except BaseException:
        os.close(file)
        raise
    os.close(file)
    return None


def _prepared(folder: Path, content: dict[str, Any]) -> Path:
    options = folder / "options.json"
    known = None
    with suppress(OSError, ValueError):
        known = json.loads(options.read_text())
    if known != content:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        options.write_text(json.dumps(content))
    return folder


def _version() -> str:
    return f"{VERSION} awpy {version('awpy')}"


def sweep() -> None:
    """A chore: remove what killed imports left that nobody will take up again."""
    for sha256 in {path.name.removesuffix(".lock") for path in base().glob("*") if _CONTENT.match(path.name)}:
        if _is_wanted(sha256):
            continue
        lock = base() / f"{sha256}.lock"
        with suppress(BlockingIOError):  # an import of it just begins, or ends
            file = _lock(lock)
            if file is None:
                continue
            try:
                if not _is_wanted(sha256):
                    shutil.rmtree(base() / sha256, ignore_errors=True)
                    lock.unlink(missing_ok=True)
            finally:
                os.close(file)


def _is_wanted(sha256: str) -> bool:
    """Whether a recording of that content waits for its import, or is being imported."""
    wanted = ~Q(status=DemoStatus.READY) | Q(job__status__in=UNDER_WAY)
    return Demo.objects.filter(wanted, sha256=sha256).exists()
