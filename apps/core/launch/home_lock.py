"""One `manage.py up` per CHIMERA_HOME."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from apps.core.launch.problem import LaunchProblem


@contextmanager
def only_one(home: Path, address: str) -> Iterator[None]:
    """Hold the lock of ``home`` inside; the kernel gives it back however this process ends.

    Raises:
        LaunchProblem: another process holds it; the sentence names that process and its address.
    """
    with (home / "up.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise LaunchProblem(
                f"Chimera already runs in {home}: {holder}. Stop that one first, or set another CHIMERA_HOME."
            ) from error
        file.truncate(0)
        file.write(f"process {os.getpid()}, {address}")
        file.flush()
        yield
        file.truncate(0)
