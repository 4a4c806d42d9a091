"""Reads as much of a cut-off recording as is whole.

A recording is 16 bytes of header and then commands: uvarint id (with 64 for "compressed"), uvarint tick, uvarint size,
body. A compressed body is snappy, which begins with the size it unpacks to (uvarint,
https://github.com/google/snappy/blob/main/format_description.txt). A file that ends inside a command is cut at the last
whole one, and the two offsets in the header, which point behind the cut, are zeroed: readers then take it for a
recording whose end was never written.
"""

import mmap
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from apps.demos.parsing.reading.header import HEADER_BYTES

COMPRESSED_BIT = 64
STOP, FILE_INFO, PACKET, FULL_PACKET, SPAWN_GROUPS = 0, 2, 7, 13, 15
LAST_KNOWN = 18
NO_TICK = 0xFFFFFFFF  # −1: before the first tick
OPENING_PACKETS = 8  # in which readers have seen every entity once
MOST_UNPACKED = 64 * 1024**2  # bytes of one command; real ones need 160 KB, and readers reserve whatever is claimed

_SHIFTS = (7, 14, 21, 28)
_CHUNK = 8 * 1024 * 1024

Buffer = bytes | mmap.mmap


class Command(NamedTuple):
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
    stopped: bool  # the stop command is there, and nothing behind it is read
    offsets_inside: bool  # both offsets in the header point into the file (or are 0)
    signon_end: int = HEADER_BYTES  # offset of the first packet of the match
    opening_end: int = HEADER_BYTES  # offset after the first ``OPENING_PACKETS``
    full_packets: tuple[Command, ...] = ()  # each holds the whole state of the game, once a minute
    behind: int = 0  # bytes behind the stop command beyond what belongs there
    absurd: bool = False  # the command after the last whole one claims to unpack to more than ``MOST_UNPACKED``

    @property
    def is_complete(self) -> bool:
        return self.offsets_inside and (self.stopped or self.whole == self.size)


def walk(data: Buffer) -> Iterator[Command]:
    """The whole commands of a recording in order, up to the stop or to the first that is cut, unknown or absurd."""
    return (Command(*numbers) for numbers in _walk(data))


def _walk(data: Buffer, at: int = HEADER_BYTES) -> Iterator[tuple[int, int, int, int]]:  # noqa: C901 - for speed
    """:func:`walk` as bare tuples. A match has 100,000 commands and more, so the three varints are read in place."""
    limit = len(data)
    try:
        while at < limit:
            start = at
            kind = data[at]
            at += 1
            if kind > 0x7F:
                kind, at = _long_uvarint(data, start)
            tick = data[at]
            at += 1
            if tick > 0x7F:
                tick &= 0x7F
                for shift in _SHIFTS:
                    byte = data[at]
                    at += 1
                    tick |= (byte & 0x7F) << shift
                    if byte < 0x80:
                        break
                else:
                    return
            size = data[at]
            at += 1
            if size > 0x7F:
                size &= 0x7F
                for shift in _SHIFTS:
                    byte = data[at]
                    at += 1
                    size |= (byte & 0x7F) << shift
                    if byte < 0x80:
                        break
                else:
                    return
            body = at
            at += size
            if kind & COMPRESSED_BIT:
                kind &= ~COMPRESSED_BIT
                # Only a size of four bytes and more (2 MB) is worth a closer look.
                large = at <= limit and size > 3 and data[body] & data[body + 1] & data[body + 2] > 0x7F
                if large and _long_uvarint(data, body)[0] > MOST_UNPACKED:
                    return
            if kind > LAST_KNOWN or at > limit or tick > NO_TICK or size > NO_TICK:
                return
            yield kind, -1 if tick == NO_TICK else tick, start, at
            if kind == STOP:
                return
    except IndexError:  # the file ends inside a varint
        return


def _long_uvarint(data: Buffer, at: int) -> tuple[int, int]:
    """The varint at ``at`` and the offset after it; one that is too long becomes a number nobody knows."""
    value = 0
    for shift in (0, *_SHIFTS):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    return NO_TICK, at


def measure(data: Buffer) -> Extent:
    """How far ``data`` is whole."""
    whole, last_tick, packets, stopped, signon_end = min(HEADER_BYTES, len(data)), -1, 0, False, 0
    opening_end = 0
    full: list[Command] = []
    for kind, tick, start, end in _walk(data):
        whole = end
        if kind in (PACKET, FULL_PACKET):
            packets += 1
            if tick > last_tick:
                last_tick = tick
            if not signon_end:
                signon_end = start
            if packets == OPENING_PACKETS:
                opening_end = end
            if kind == FULL_PACKET:
                full.append(Command(kind, tick, start, end))
        elif kind == STOP:
            stopped = True
    offsets = struct.unpack_from("<2i", data, 8) if len(data) >= HEADER_BYTES else (0, 0)
    inside = all(0 <= offset < len(data) for offset in offsets)
    return Extent(
        size=len(data),
        whole=whole,
        last_tick=last_tick,
        packets=packets,
        stopped=stopped,
        offsets_inside=inside,
        signon_end=signon_end or whole,
        opening_end=opening_end or whole,
        full_packets=tuple(full),
        behind=_behind(data, whole) if stopped else 0,
        absurd=not stopped and _is_absurd(data, whole),
    )


def _behind(data: Buffer, at: int) -> int:
    """The bytes from ``at``, the end of the stop command, on; but for the commands that are written after it."""
    for kind, _, _, end in _walk(data, at):
        if kind not in (FILE_INFO, SPAWN_GROUPS):
            break
        at = end
    return len(data) - at


def _is_absurd(data: Buffer, at: int) -> bool:
    """Whether a compressed command at ``at`` claims more than ``MOST_UNPACKED``."""
    try:
        kind, at = _long_uvarint(data, at)
        for _ in ("tick", "size"):
            _, at = _long_uvarint(data, at)
        return (
            bool(kind & COMPRESSED_BIT)
            and kind & ~COMPRESSED_BIT <= LAST_KNOWN
            and (_long_uvarint(data, at)[0] > MOST_UNPACKED)
        )
    except IndexError:
        return False


def measure_file(path: Path) -> Extent:
    """:func:`measure` of a file, without reading it into memory."""
    if path.stat().st_size == 0:
        return measure(b"")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return measure(data)


def cut(source: Path, target: Path, end: int) -> None:
    """Write the first ``end`` bytes of ``source``, whole commands, to ``target`` in a form that readers accept."""
    _copy(source, target, [(0, end)])


def keyframes(source: Path, target: Path, extent: Extent) -> None:
    """Write the recording that holds only the opening and the whole states of ``source``: cheap to read in full."""
    later = [(each.start, each.end) for each in extent.full_packets if each.start >= extent.opening_end]
    _copy(source, target, [(0, extent.opening_end), *later])


def _copy(source: Path, target: Path, spans: list[tuple[int, int]]) -> None:
    """Write the bytes of ``spans`` to ``target`` and zero the two offsets of its header."""
    with source.open("rb") as whole, target.open("wb") as kept:
        for start, end in spans:
            whole.seek(start)
            left = end - start
            while left > 0 and (chunk := whole.read(min(left, _CHUNK))):
                kept.write(chunk)
                left -= len(chunk)
        kept.seek(8)
        kept.write(struct.pack("<2i", 0, 0))


def ends_properly(path: Path) -> bool:
    """Whether the file info, the last thing written, is where the header says: then nothing needs to be walked."""
    with path.open("rb") as file:
        start = file.read(HEADER_BYTES)
        offset = struct.unpack_from("<i", start, 8)[0] if len(start) == HEADER_BYTES else 0
        if offset < HEADER_BYTES:
            return False
        file.seek(offset)
        tail = file.read(20)
    try:
        kind, at = _long_uvarint(tail, 0)
        _, at = _long_uvarint(tail, at)
        size, at = _long_uvarint(tail, at)
    except IndexError:
        return False
    return kind & ~COMPRESSED_BIT == FILE_INFO and size > 0 and offset + at + size <= path.stat().st_size


def names_file_info(path: Path) -> bool:
    """Whether the header says where the file info is; 0 means that it does not."""
    with path.open("rb") as file:
        start = file.read(HEADER_BYTES)
    return len(start) == HEADER_BYTES and struct.unpack_from("<i", start, 8)[0] != 0
