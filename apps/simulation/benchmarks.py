"""How fast the simulation is, on one core: matches, recordings, frames, roll-outs. ``manage.py bench simulation``."""

import io
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from apps.simulation.demofile.writer import write_demo
from apps.simulation.keeping import read_kept
from apps.simulation.match.options import MatchOptions
from apps.simulation.match.simulate import simulate_match
from apps.simulation.picturing import picture
from apps.simulation.reading import read
from apps.simulation.recording import Recording
from apps.simulation.rollouts.report import report
from apps.simulation.staging import recording_of
from apps.simulation.truth.match import MatchTruth

SEED = 7
FRAMES = 60
SIZES = ((1280, 720), (1920, 1080))


def run(say: Callable[[str], object]) -> None:
    """Measure and say one line per figure; processor seconds of this process."""
    with _clock() as spent:
        truth = simulate_match(SEED, MatchOptions())
    rounds, ticks = truth.tables["rounds"].height, len(truth.tracks.ticks)
    say(f"simulate a match of {rounds} rounds, {ticks} ticks: {spent():.1f} s")
    with tempfile.TemporaryDirectory() as folder:
        _files(truth, Path(folder) / "match.dem", say)
    for size in SIZES:
        _frames(recording_of(truth), size, say)
    for line in report():
        say(line)


def _files(truth: MatchTruth, path: Path, say: Callable[[str], object]) -> None:
    with _clock() as spent:
        write_demo(truth, path)
    megabytes = path.stat().st_size / 1e6
    say(f"write its recording, {megabytes:.0f} MB: {spent():.1f} s, {megabytes / spent():.1f} MB/s")
    for time_ in ("first", "second"):
        with _clock() as spent:
            read_kept(path, path.parent / "kept", read)
        say(f"load it in the simulated client, {time_} time: {spent():.1f} s")


def _frames(recording: Recording, size: tuple[int, int], say: Callable[[str], object]) -> None:
    span = recording.last_tick - recording.first_tick
    slots = recording.slots
    picture(recording, recording.first_tick + span // 2, slots[0], size)  # letters and icons are made once
    with _clock() as spent:
        drawn = 0
        for number in range(FRAMES):
            tick = recording.first_tick + span * (number + 1) // (FRAMES + 1)
            slot = slots[number % len(slots)]
            if slot in recording.at(tick).players:
                picture(recording, tick, slot, size).save(io.BytesIO(), "JPEG", quality=92)
                drawn += 1
    say(f"draw {drawn} frames of {size[0]} × {size[1]}: {drawn / spent():.1f} a second")


@contextmanager
def _clock() -> Iterator[Callable[[], float]]:
    """``with _clock() as spent: …`` then ``spent()``: processor seconds used inside."""
    started, ended = time.process_time(), [0.0]
    yield lambda: ended[0] - started
    ended[0] = time.process_time()
