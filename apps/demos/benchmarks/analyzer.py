"""Our import beside a bare awpy pass (both as in ``parse``) and cs-demo-analyzer, on every file all accept, in one run.

cs-demo-analyzer (npm, ``@akiver/cs-demo-analyzer``) is no part of Chimera: set ``CSDA_BINARY`` to its program, or put
it on the PATH as ``csda``. Real recordings and records of matches are measured where ``CHIMERA_TEST_DATA`` has them.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from channels.layers import InMemoryChannelLayer, channel_layers
from django.conf import settings

from apps.demos.benchmarks import parse
from apps.demos.benchmarks.scratch import scratch_database

Say = Callable[[str], object]
SEED = 7
FILLER = 1_150  # 100 MB of 16 rounds
RECORDS = ("analyzer_mirage_2026.json", "analyzer_train_2024.json", "viewer_dust2")
MISSING = (
    "cs-demo-analyzer is not installed, so nothing is measured beside it. Run `npm install @akiver/cs-demo-analyzer` "
    "in any folder and set CSDA_BINARY to the program under its dist/bin."
)


def binary() -> str | None:
    """Where cs-demo-analyzer is."""
    return shutil.which(os.environ.get("CSDA_BINARY") or "csda")


def run(say: Say) -> None:
    """Say one line per recording: what each of the three takes, and ours in terms of the others."""
    program = binary()
    if program is None:
        say(MISSING)
        return
    channel_layers.set("default", InMemoryChannelLayer())  # nobody's page needs to hear of it
    with scratch_database(), tempfile.TemporaryDirectory() as scratch:
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
    """A management command in a process of its own: recordings are large, and this process is measured beside."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *words]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def compared(path: Path, analyser: str) -> str:
    """One line about one recording."""
    name = f"{path.name} ({path.stat().st_size / 1e6:.1f} MB)"
    who = "our import"
    try:
        ours = parse.whole(path)
        who = "awpy"
        bare = parse.bare(path)
        who = "cs-demo-analyzer"
        with tempfile.TemporaryDirectory() as folder:
            words = ["-demo-path", str(path), "-output", folder, "-format", "json", "-source", "valve"]
            other = parse.program([analyser, *words])
    except parse.Refused:
        return f"{name}: not compared, refused by {who}"
    return (
        f"{name}: import {_told(ours)}, bare awpy {_told(bare)}, cs-demo-analyzer {_told(other)}; the import takes "
        f"{ours.wall_s / bare.wall_s:.2f} × awpy's time and {ours.peak_mb / bare.peak_mb:.2f} × its memory, "
        f"{ours.wall_s / other.wall_s:.2f} × cs-demo-analyzer's time"
    )


def _told(one: parse.Cost) -> str:
    return f"{one.wall_s:.2f} s and {one.peak_mb:.0f} MiB"
