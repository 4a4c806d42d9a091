"""Damaged recordings by the thousand: no hang, no crash of whoever imports, no file and no row left behind.

A few dozen in the suite; ``CHIMERA_MUTATIONS=2000 pytest tests/integration/demos/test_mutations.py`` is the full run.
"""

import os
import select
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from apps.core.models import Job
from apps.demos.jobs.importing_here import import_file
from apps.demos.models import Demo, Player, Round
from tests.conftest import ROOT, SHARED
from tests.integration.demos.mutating import mutated

COUNT = int(os.environ.get("CHIMERA_MUTATIONS", "24"))
PATIENCE_S = 60.0  # for one small file: what takes longer hangs
ENDED = ("rejected", "salvaged", "imported", "imported_with_warnings")


@pytest.fixture(scope="session")
def sources(forged_demo: Callable[[int], Path]) -> list[Path]:
    """Real recordings where they are there, and forged ones."""
    return [*sorted((SHARED / "demos/real").glob("*.dem")), forged_demo(7), forged_demo(9)]


class Feeder:
    """Feeds mutations to processes that may die of them."""

    def __init__(self, folder: Path, sources: list[Path]) -> None:
        self._words = ["-m", "tests.integration.demos.mutating", str(folder), *map(str, sources)]
        self._process: subprocess.Popen[bytes] | None = None

    def answer(self, number: int) -> str:
        """What came of a mutation: an outcome, ``died -6`` or ``hung``."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, *self._words], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        process = self._process
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{number}\n".encode())
        process.stdin.flush()
        if not select.select([process.stdout], [], [], PATIENCE_S)[0]:
            self.close()
            return "hung"
        line = process.stdout.readline().decode().split()
        if not line:
            self._process = None
            return f"died {process.wait()}"
        assert int(line[0]) == number
        return line[1]

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


@pytest.fixture
def feeder(tmp_path: Path, sources: list[Path]) -> Iterator[Feeder]:
    feeder = Feeder(tmp_path, sources)
    yield feeder
    feeder.close()


@pytest.mark.any_database  # the parser's answers
@pytest.mark.django_db(transaction=True)
def test_damaged_recordings_are_answered(
    feeder: Feeder, sources: list[Path], tmp_path: Path, stored: Callable[[], set[str]]
) -> None:
    answers = {number: feeder.answer(number) for number in range(COUNT)}
    print(sorted(Counter(answers.values()).items()))  # noqa: T201 - the result of the full run
    assert not [number for number, answer in answers.items() if answer == "hung"]
    # Those that ended the parser's process, and some others, through the library's door.
    fatal = [number for number, answer in answers.items() if answer not in ENDED]
    print("ended the parser:", {number: answers[number] for number in fatal})  # noqa: T201
    refused = [number for number, answer in answers.items() if answer == "rejected"]
    kept = [number for number, answer in answers.items() if answer == "salvaged"]
    for number in [*fatal[:20], *refused[:2], *kept[:1]]:
        recording = tmp_path / f"{number}.dem"
        recording.write_bytes(mutated(number, sources))
        before = stored()
        [came] = import_file(recording)
        assert came.outcome in (*ENDED, "duplicate_of"), came
        if came.outcome == "rejected":
            assert stored() == before, came
            assert not Demo.objects.filter(original_name=recording.name).exists()
    assert not list((settings.CHIMERA_HOME / "parsing").glob("*"))
    assert Round.objects.filter(demo__isnull=True).count() == Player.objects.filter(demo__isnull=True).count() == 0
    assert not Job.objects.exclude(status__in=("succeeded", "failed")).exists()
