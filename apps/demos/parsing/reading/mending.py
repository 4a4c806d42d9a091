"""Finds how far a damaged recording can be read, where every command is whole but one holds nonsense."""

import mmap
from collections.abc import Sequence
from pathlib import Path

from awpy import Demo

from apps.demos.parsing.reading import opening, salvage
from apps.demos.parsing.reading.datasets import Frames, Source, note
from apps.demos.parsing.reading.opening import Head

PROBE_EVERY = 64  # ticks between the states that are read to see whether entities can be followed


def is_damaged(found: dict[str, Frames | None]) -> bool:
    """Whether so much is missing that a part of the recording may tell more than the whole."""
    return found["states"] is None


def cut_before_damage(head: Head, source: Source, recording: Path) -> bool:
    """Cut the recording before the command that cannot be read; False where not even its beginning can."""
    with source.path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        packets = [
            each for each in salvage.walk(data) if each.kind in (salvage.PACKET, salvage.FULL_PACKET) and each.tick >= 0
        ]
    probe = source.scratch / "probe.dem"
    try:
        kept = _most(source.path, probe, packets)
    finally:
        probe.unlink(missing_ok=True)
    if kept is None:
        return False
    head.warnings.clear()
    head.cut = False
    opening.keep_until(head, recording, source.scratch, kept.end, kept.tick, "damaged")
    return True


def _most(recording: Path, probe: Path, packets: Sequence[salvage.Command]) -> salvage.Command | None:
    """The last packet up to which the recording can be read: what can be read of more can be read of less."""
    if len(packets) < 2 or not _can_read(recording, probe, packets[min(len(packets) - 1, 8)].end):
        return None
    low, high = min(len(packets) - 1, 8), len(packets)  # readable; not
    while high - low > 1:
        middle = (low + high) // 2
        if _can_read(recording, probe, packets[middle].end):
            low = middle
        else:
            high = middle
    return packets[low] if low < len(packets) - 1 else None


def _can_read(recording: Path, probe: Path, end: int) -> bool:
    salvage.cut(recording, probe, end)
    try:
        demo = Demo(str(probe))
        return bool(demo.events.names is not None and demo.snapshots(every=PROBE_EVERY).height)
    except BaseException as error:
        note(error)
        return False
