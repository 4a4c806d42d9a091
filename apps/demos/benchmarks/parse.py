"""What our import costs above a bare awpy pass over the same recording.

The bare pass is a fresh process that imports awpy and loads the same datasets: event tables, raw events, and player
states sixteen times a second and where something happened. The import is the job, from the claimed row until the
recording is ready; the library is not touched. What comes after that, the viewer's packs, is in its processor time and
memory. Wall time depends on whatever else the machine does: both are run by turns and the best of each counts.
"""

import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from channels.layers import InMemoryChannelLayer, channel_layers
from django.conf import settings

from apps.core import jobs, storage
from apps.core.services import enqueueing
from apps.demos.benchmarks.scratch import scratch_database
from apps.demos.jobs.importing_here import import_file
from apps.demos.models import Demo
from apps.demos.parsing.match.evidence import EVENTS
from apps.demos.selectors.recordings import artefact_prefix
from apps.demos.services import importing, removing

FILLERS = (0, 700, 2020, 3600)  # bytes in every packet beside what is needed: 10, 67, 174 and 303 MB
RUNS = 3
# The datasets of parsing.reading.datasets and no more: nothing is changed, joined or written.
BARE = """
import sys
from awpy import Demo
path, *wanted = sys.argv[1:]
demo = Demo(path)
demo.header, demo.convars
tables = ("kills", "damages", "shots", "bomb", "blinds", "item_events")
demo.load(*tables, "grenades", "smokes", "fires", "rounds", "round_economy", "players")
raw = [demo.events[name] for name in wanted if name in demo.events]
demo.ticks(["m_hController", "m_szLastPlaceName"])
demo.snapshots(every=4)
happened = {tick for table in [*raw, *(getattr(demo, name) for name in tables)] for tick in table["tick"]}
demo.snapshots(ticks=sorted(happened))
"""


class Refused(Exception):
    """A recording was not read to its end."""


@dataclass(frozen=True)
class Cost:
    """Seconds until all is there, of processor time and until the first round could be watched; MiB at the peak."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    first_round_s: float
    whole_s: float  # until nothing runs any more


def run(say: Callable[[str], object]) -> None:
    """Bare pass and import of matches of several sizes, by turns."""
    channel_layers.set("default", InMemoryChannelLayer())  # nobody's page needs to hear of it
    with scratch_database(), tempfile.TemporaryDirectory(dir=settings.CHIMERA_HOME) as folder:
        for filler in FILLERS:
            recording = Path(folder) / f"bench-{filler}.dem"
            _simulate(recording, filler)
            pairs = [(bare(recording), whole(recording)) for _ in range(RUNS)]
            _say(say, recording, [pair[0] for pair in pairs], [pair[1] for pair in pairs])
            for path in Path(folder).iterdir():
                path.unlink()


def _say(say: Callable[[str], object], recording: Path, bare: list[Cost], ours: list[Cost]) -> None:
    def best(name: str, costs: list[Cost]) -> float:
        return float(min(getattr(cost, name) for cost in costs))

    say(f"{recording.stat().st_size / 1e6:.0f} MB, best of {len(bare)}:")
    for name, words in (("wall_s", "wall s"), ("cpu_s", "processor s"), ("peak_mb", "peak MiB")):
        one, other = best(name, bare), best(name, ours)
        say(f"  {words}: bare {one:.2f}, import {other:.2f}, ratio {other / one:.2f}")
    say(
        f"  first round can be watched after {best('first_round_s', ours):.2f} s, "
        f"all packs are built after {best('whole_s', ours):.2f} s"
    )


def _simulate(recording: Path, filler: int) -> None:
    words = ["manage.py", "simulate_match", "--seed=7", f"--filler={filler}", f"--output={recording}"]
    subprocess.run([sys.executable, *words], cwd=settings.BASE_DIR, check=True, stdout=subprocess.DEVNULL)


def bare(recording: Path) -> Cost:
    """What awpy alone costs, in a process of its own.

    Raises:
        Refused: it cannot read the recording.
    """
    return program([sys.executable, "-c", BARE, str(recording), *EVENTS], **_threads())


def program(command: Sequence[str], **environment: str) -> Cost:
    """What a program costs; its output goes nowhere.

    Raises:
        Refused: it ended with another status than 0.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    with _Watch(os.getpid()) as watch:
        done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, **environment})
    wall = time.monotonic() - started
    if done.returncode:
        raise Refused(f"status {done.returncode}")
    return Cost(wall, _cpu(before), watch.peak_mb, wall, wall)


def whole(recording: Path) -> Cost:
    """What the import job costs; the library is as before afterwards.

    Raises:
        Refused: it cannot be imported.
    """
    with enqueueing.held():
        [came] = import_file(recording, wait=False)
    demo = came.demo
    if demo is None or demo.job is None:
        raise Refused(came.message)
    try:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        own = time.process_time()
        started = time.monotonic()
        with _Watch(os.getpid()) as watch, _FirstRound(demo) as first, _finished() as ready:
            jobs.perform(str(demo.job.pk))
        over = time.monotonic() - started
        if not ready:
            raise Refused(recording.name)
        wall = ready[0] - started
        cpu = _cpu(before) + time.process_time() - own
        return Cost(wall, cpu, watch.peak_mb, min(first.seconds or wall, wall), over)
    finally:
        job = demo.job
        removing.remove(demo)
        job.delete()


@contextmanager
def _finished() -> Iterator[list[float]]:
    """When rows and tables were stored: what is ready can be watched, packs or not."""
    moments: list[float] = []
    finish = importing.finish

    def told(*words: Any, **more: Any) -> Any:
        summary = finish(*words, **more)
        moments.append(time.monotonic())
        return summary

    with patch.object(importing, "finish", told):
        yield moments


def _threads() -> dict[str, str]:
    return {"POLARS_MAX_THREADS": "2", "RAYON_NUM_THREADS": "2"}


def _cpu(before: resource.struct_rusage) -> float:
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    return now.ru_utime + now.ru_stime - before.ru_utime - before.ru_stime


class _Watch(threading.Thread):
    """The most memory a child of this process ever had, as the kernel counts it."""

    def __init__(self, parent: int) -> None:
        super().__init__(daemon=True)
        self._parent, self._over, self.peak_mb = parent, threading.Event(), 0.0

    def __enter__(self) -> "_Watch":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        children = Path(f"/proc/{self._parent}/task")
        while not self._over.wait(0.02):
            for task in children.glob("*/children"):
                with suppress(OSError, ValueError):
                    for child in task.read_text().split():
                        self.peak_mb = max(self.peak_mb, _peak_mb(child))


def _peak_mb(process: str) -> float:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


class _FirstRound(threading.Thread):
    """When the pack of the first round is there."""

    def __init__(self, demo: Demo) -> None:
        super().__init__(daemon=True)
        self._pack = Path(storage.artefacts().path(f"{artefact_prefix(demo.sha256)}/packs/1.json.gz"))
        self._over, self._since, self.seconds = threading.Event(), time.monotonic(), 0.0

    def __enter__(self) -> "_FirstRound":
        self._since = time.monotonic()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        while not self._over.wait(0.02):
            if self._pack.exists():
                self.seconds = time.monotonic() - self._since
                return
