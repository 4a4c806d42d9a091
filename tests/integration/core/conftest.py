"""A stage for jobs that wait, and the way to look at a row again."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from apps.core.models import Job


class Stage:
    """A folder shared with a waiting job: where its process number appears and where it looks for the word to go."""

    def __init__(self, folder: Path, wait_for: Callable[..., object]) -> None:
        self.folder = folder
        self._wait_for = wait_for

    def horse(self, attempt: int = 1) -> int:
        """The process number of the job's ``attempt``, once it runs."""
        return self._number(f"horse-{attempt}")

    def child(self) -> int:
        """The process number of the child of ``has_a_child``, once it runs."""
        return self._number("child")

    def go(self) -> None:
        (self.folder / "go").touch()

    def _number(self, name: str) -> int:
        path = self.folder / name
        self._wait_for(lambda: path.exists() and path.read_text())
        return int(path.read_text())


@pytest.fixture
def stage(tmp_path: Path, wait_for: Callable[..., object]) -> Iterator[Stage]:
    stage = Stage(tmp_path, wait_for)
    yield stage
    stage.go()
    for trace in tmp_path.glob("horse-*"):
        with suppress(ProcessLookupError):
            os.kill(int(trace.read_text()), signal.SIGKILL)


@pytest.fixture
def again() -> Callable[[Job], Job]:
    """``again(row)``: the row as the database has it now."""
    return lambda row: Job.objects.get(pk=row.pk)
