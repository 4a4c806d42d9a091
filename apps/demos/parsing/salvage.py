"""Reads as much of a cut-off recording as is whole.

A recording is 16 bytes of header and then commands: uvarint id (with 64 for "compressed"), uvarint tick, uvarint size,
body. A file that ends inside a command is cut at the last whole one, and the two offsets in the header, which point
behind the cut, are zeroed: readers then take it for a recording whose end was never written.
"""

import mmap
import shutil
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from apps.demos.parsing.header import HEADER_BYTES

COMPRESSED_BIT = 64
STOP, PACKET, FULL_PACKET = 0, 7, 13
LAST_KNOWN = 18
NO_TICK = 0xFFFFFFFF  # −1: before the first tick

Buffer = bytes | mmap.mmap


@dataclass(frozen=True)
class Command:
    kind: int
    tick: int  # −1 before the match data
    start: int  # offset of the command in the file
    end: int  # offset of the byte after it


@dataclass(frozen=True)
class Extent:
    """How far a file is whole."""

    size: int  # bytes
    whole: int  # offset after the last whole command
    last_tick: int  # of the last whole packet; −1 when there is none
    packets: int
    stopped: bool  # the stop command is there: the recording was ended properly
    offsets_inside: bool  # both offsets in the header point into the file (or are 0)

    @property
    def is_complete(self) -> bool:
        return self.offsets_inside and (self.stopped or self.whole == self.size)


def read_uvarint(data: Buffer, at: int, limit: int) -> tuple[int, int] | None:
    """The unsigned 32-bit varint at ``at`` and the offset after it; None when it is cut or too long."""
    value = 0
    for shift in range(0, 35, 7):
        if at >= limit:
            return None
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return (value, at) if value <= 0xFFFFFFFF else None
    return None


def walk(data: Buffer) -> Iterator[Command]:
    """The whole commands of a recording in order, up to the stop command or the first that is cut or unknown."""
    at, limit = HEADER_BYTES, len(data)
    while at < limit:
        start, numbers = at, []
        for _ in range(3):
            read = read_uvarint(data, at, limit)
            if read is None:
                return
            numbers.append(read[0])
            at = read[1]
        kind, tick, size = numbers[0] & ~COMPRESSED_BIT, numbers[1], numbers[2]
        if kind > LAST_KNOWN or at + size > limit:
            return
        at += size
        yield Command(kind, -1 if tick == NO_TICK else tick, start, at)


def measure(data: Buffer) -> Extent:
    """How far ``data`` is whole."""
    whole, last_tick, packets, stopped = min(HEADER_BYTES, len(data)), -1, 0, False
    for command in walk(data):
        whole = command.end
        stopped = stopped or command.kind == STOP
        if command.kind in (PACKET, FULL_PACKET):
            packets += 1
            last_tick = max(last_tick, command.tick)
    offsets = struct.unpack_from("<2i", data, 8) if len(data) >= HEADER_BYTES else (0, 0)
    inside = all(0 <= offset < len(data) for offset in offsets)
    return Extent(len(data), whole, last_tick, packets, stopped, inside)


def measure_file(path: Path) -> Extent:
    """:func:`measure` of a file, without reading it into memory."""
    if path.stat().st_size == 0:
        return measure(b"")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return measure(data)


def cut(source: Path, target: Path, extent: Extent) -> None:
    """Write the whole part of ``source`` to ``target`` in a form that readers accept."""
    with source.open("rb") as whole, target.open("wb") as kept:
        shutil.copyfileobj(whole, kept)
        kept.truncate(extent.whole)
        kept.seek(8)
        kept.write(struct.pack("<2i", 0, 0))
