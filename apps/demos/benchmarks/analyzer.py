"""Our import beside a bare awpy pass and cs-demo-analyzer, on every file both accept: seconds and memory, in one run.

cs-demo-analyzer (npm, ``@akiver/cs-demo-analyzer``) is no part of Chimera: set ``CSDA_BINARY`` to its program, or put
it on the PATH as ``csda``. Real recordings and records of matches are measured where ``CHIMERA_TEST_DATA`` has them.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

Say = Callable[[str], object]
SEED = 7
FILLER = 1_150  # 100 MB of 16 rounds
RECORDS = ("analyzer_mirage_2026.json", "analyzer_train_2024.json", "viewer_dust2")
MISSING = (
    "cs-demo-analyzer is not installed, so nothing is measured beside it. Run `npm install @akiver/cs-demo-analyzer` "
    "in any folder and set CSDA_BINARY to the program under its dist/bin."
)
_BARE = """
import sys
from awpy import Demo
from apps.demos.parsing.match import evidence
from apps.demos.parsing.reading.datasets import SHARED
demo = Demo(sys.argv[1])
try:
    demo.load(*SHARED)
except Exception:
    for name in SHARED:
        try:
            demo.load(name)
        except Exception:
            pass  # a recording without any of it
held = set(demo.events.names)
[demo.events[name] for name in evidence.EVENTS if name in held]
demo.snapshots(every=4)
"""


@dataclass(frozen=True)
class Cost:
    seconds: float
    megabytes: float  # at its most
    status: int


def binary() -> str | None:
    """Where cs-demo-analyzer is."""
    return shutil.which(os.environ.get("CSDA_BINARY") or "csda")


def run(say: Say) -> None:
    """Say one line per recording: what each of the three takes, and ours in terms of the others."""
    program = binary()
    if program is None:
        say(MISSING)
        return
    with tempfile.TemporaryDirectory() as scratch:
        for path in recordings(Path(scratch)):
            say(compared(path, program))


def recordings(folder: Path) -> Iterator[Path]:
    """A forged match as large as a server's, real matches played again, and the short real recordings."""
    forged = folder / "forged.dem"
    manage("simulate_match", "--seed", str(SEED), "--filler", str(FILLER), "--output", str(forged))
    yield forged
    data = Path(os.environ.get("CHIMERA_TEST_DATA", settings.BASE_DIR.parent / "shared" / "data"))
    for name in RECORDS:
        if (data / "matches" / name).exists():
            path = folder / f"{Path(name).stem}.dem"
            manage("replay_record", str(data / "matches" / name), "--output", str(path))
            yield path
    yield from sorted((data / "demos" / "real").glob("*.dem"))


def manage(*words: str) -> None:
    """A management command in a process of its own: a child's peak memory is never below its parent's."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *words]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def compared(path: Path, program: str) -> str:
    """One line about one recording."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        (work / "options.json").write_text("{}")
        ours = cost([sys.executable, "-m", "apps.demos.parsing.child", str(path), folder])
        bare = cost([sys.executable, "-c", _BARE, str(path)])
        analyser = cost([program, "-demo-path", str(path), "-output", folder, "-format", "json", "-source", "valve"])
    name = f"{path.name} ({path.stat().st_size / 1e6:.1f} MB)"
    refused = [who for who, one in (("our import", ours), ("awpy", bare), ("cs-demo-analyzer", analyser)) if one.status]
    if refused:
        return f"{name}: not compared, refused by {' and '.join(refused)}"
    return (
        f"{name}: import {_told(ours)}, bare awpy {_told(bare)}, cs-demo-analyzer {_told(analyser)}; the import takes "
        f"{ours.seconds / bare.seconds:.2f} × awpy's time and {ours.megabytes / bare.megabytes:.2f} × its memory, "
        f"{ours.seconds / analyser.seconds:.2f} × cs-demo-analyzer's time"
    )


def cost(command: list[str]) -> Cost:
    """Run a program to its end; its output goes nowhere."""
    begun = time.perf_counter()
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=settings.BASE_DIR
    )
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return Cost(time.perf_counter() - begun, used.ru_maxrss / 1024, child.returncode)


def _told(one: Cost) -> str:
    return f"{one.seconds:.2f} s and {one.megabytes:.0f} MB"
