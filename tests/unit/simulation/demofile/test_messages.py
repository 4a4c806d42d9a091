"""Messages, commands and string tables, read back by hand."""

import struct

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from apps.simulation.demofile.messages import command, message, packet, uvarint
from apps.simulation.demofile.stringtables import Entry, user_info, written
from apps.simulation.demofile.things import cut
from apps.simulation.truth.match import Participant
from tests.unit.simulation.demofile.bitreader import BitReader

values = st.one_of(st.integers(-(2**63), 2**63 - 1), st.floats(width=32, allow_nan=False), st.binary(max_size=300))


def fields(data: bytes) -> list[tuple[int, object]]:
    stream, found = BitReader(data), []
    while stream.at < stream.size:
        key = stream.uvarint()
        if key & 7 == 0:
            value: object = struct.unpack("<q", struct.pack("<Q", stream.uvarint()))[0]
        elif key & 7 == 5:
            value = struct.unpack("<f", stream.take(32).to_bytes(4, "little"))[0]
        else:
            value = bytes(stream.take(8) for _ in range(stream.uvarint()))
        found.append((key >> 3, value))
    return found


@given(st.integers(0, 2**64 - 1))
def test_uvarint(value: int):
    assert BitReader(uvarint(value)).uvarint() == value


@given(st.lists(st.tuples(st.integers(1, 500), values), max_size=8))
def test_a_message_is_read_back(parts: list[tuple[int, int | float | bytes]]):
    assert fields(message(*parts)) == parts


@given(st.lists(st.tuples(st.integers(0, 4_000), st.binary(max_size=200)), max_size=6))
def test_a_packet_is_read_back(parts: list[tuple[int, bytes]]):
    stream = BitReader(packet(parts))
    found = [(stream.ubitvar(), bytes(stream.take(8) for _ in range(stream.uvarint()))) for _ in parts]
    assert found == parts
    assert stream.size - stream.at < 8


@given(st.integers(0, 63), st.integers(-1, 2**31 - 1), st.binary(max_size=2_000), st.booleans())
def test_a_command_is_read_back(kind: int, tick: int, body: bytes, compress: bool):
    stream = BitReader(command(kind, tick, body, compress))
    assert stream.uvarint() == kind | (64 if compress else 0)
    assert stream.uvarint() == tick & 0xFFFFFFFF
    data = bytes(stream.take(8) for _ in range(stream.uvarint()))
    if compress:
        data = bytes(pa.decompress(data, decompressed_size=len(body), codec="snappy", asbytes=True))
    assert data == body
    assert stream.at == stream.size


keys = st.binary(max_size=60).filter(lambda key: b"\0" not in key)


@given(st.lists(st.tuples(keys, st.binary(max_size=300)), max_size=8), st.integers(0, 200), st.booleans())
def test_a_string_table_is_read_back(entries: list[Entry], first: int, varint_sizes: bool):
    stream, last, found = BitReader(written(entries, first, varint_sizes)), -1, []
    for _ in entries:
        # the first entry has the same index for those who count the distance from 0 and from the entry before
        last = last + 1 if stream.take(1) else last + 2 + stream.uvarint()
        assert (stream.take(1), stream.take(1)) == (1, 0)  # a key, not from the history
        key = stream.string()
        assert stream.take(1) == 1  # data
        if varint_sizes:
            assert stream.take(1) == 0  # not compressed
        found.append((last, (key, bytes(stream.take(8) for _ in range(stream.ubitvar())))))
    assert found == list(enumerate(entries, first))


@given(st.text(st.characters(), max_size=80), st.integers(0, 2**64 - 1), st.integers(0, 63), st.booleans())
def test_who_sits_in_a_slot(name: str, steamid: int, slot: int, bot: bool):
    key, data = user_info(Participant(slot, name, steamid, 0, is_bot=bot), slot)
    assert key == str(slot).encode()
    assert data.startswith(message((1, cut(name, 127))))
    assert struct.pack("<Q", steamid) in data


@given(st.text(st.characters()), st.integers(0, 200))
def test_cut_text_is_whole_characters_of_utf_8(text: str, size: int):
    data = cut(text, size)
    assert len(data) <= size
    assert data.decode() == text.replace("\0", "").encode("utf-8", "replace").decode()[: len(data.decode())]
