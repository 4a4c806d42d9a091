"""String tables: who is who (``userinfo``) and the classes' default values."""

import struct
from collections.abc import Sequence

from apps.simulation.demofile.bits import BitWriter, ubitvar, uvarint_token
from apps.simulation.demofile.messages import field, message
from apps.simulation.demofile.things import cut
from apps.simulation.truth.match import Participant

Entry = tuple[bytes, bytes]  # key, data
USERINFO = 1  # number of the table, in the order of creation


def create(name: str, entries: Sequence[Entry], varint_sizes: bool = False) -> bytes:
    """``CSVCMsg_CreateStringTable``."""
    data = written(entries, varint_sizes=varint_sizes)
    return message((1, name), (2, len(entries)), (3, 0), (4, 0), (5, 0), (6, int(varint_sizes)), (7, data), (9, 0),
                   (10, 1))  # fmt: skip


def update(table: int, index: int, entry: Entry) -> bytes:
    """``CSVCMsg_UpdateStringTable`` for one entry by its index."""
    return message((1, table), (2, 1), (3, written([entry], index)))


def written(entries: Sequence[Entry], first: int = 0, varint_sizes: bool = False) -> bytes:
    """From the index ``first`` on; per entry 1 bit for "the next one", key without history, data with its size."""
    stream = BitWriter()
    for number, (key, data) in enumerate(entries):
        if number or not first:
            stream.add((1, 1))
        else:
            stream.add((0, 1), uvarint_token(first - 1))
        stream.add((1, 1), (0, 1))
        stream.data(key + b"\0")
        stream.add((1, 1))
        if varint_sizes:
            stream.add((0, 1))
        size = len(data)
        stream.add(*ubitvar(size))
        stream.data(data)
    return stream.bytes()


def snapshot(tables: Sequence[tuple[str, Sequence[Entry]]]) -> bytes:
    """``CDemoStringTables`` with the whole content."""
    return b"".join(
        field(1, message((1, name), *((2, message((1, key), (2, data))) for key, data in entries), (4, 0)))
        for name, entries in tables
    )


def user_info(person: Participant | None, slot: int) -> Entry:
    """Who sits in a slot; nobody leaves it empty."""
    if person is None:
        return str(slot).encode(), b""
    ids = struct.pack("<Q", person.steamid)
    data = (
        field(1, cut(person.name, 127)) + b"\x11" + ids + message((3, slot)) + b"\x21" + ids
        + message((5, int(person.is_bot)), (6, 0))
    )  # fmt: skip
    return str(slot).encode(), data
