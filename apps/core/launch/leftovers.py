"""Every process of an installation carries a mark in its environment, so that none can be left behind."""

import os
from contextlib import suppress
from pathlib import Path

import psutil

MARK = "CHIMERA_UP"


def marked(home: Path) -> list[psutil.Process]:
    """Running processes, of this user, that an `up` of ``home`` started or that its children started."""
    found = []
    for process in psutil.process_iter():
        try:
            is_ours = process.pid != os.getpid() and process.environ().get(MARK) == str(home)
            if is_ours and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.Error, OSError):
            continue  # gone meanwhile, or somebody else's
    return found


def sweep(home: Path, *, grace_s: float = 3.0) -> int:
    """End what is left: SIGTERM, then SIGKILL after ``grace_s`` seconds. Returns how many there were."""
    left = marked(home)
    for process in left:
        _signal(process, force=False)
    _, stubborn = psutil.wait_procs(left, timeout=grace_s)
    for process in stubborn:
        _signal(process, force=True)
    psutil.wait_procs(stubborn, timeout=grace_s)
    return len(left)


def _signal(process: psutil.Process, *, force: bool) -> None:
    with suppress(psutil.Error):
        process.kill() if force else process.terminate()
