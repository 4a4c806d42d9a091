"""The walk over a recording's commands: never reads past the end, never keeps half a command."""

import struct
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from apps.demos.parsing.reading import salvage
from apps.demos.parsing.reading.header import MAGIC


def uvarint(value: int) -> bytes:
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def command(kind: int, tick: int, body: bytes) -> bytes:
    return uvarint(kind) + uvarint(tick & 0xFFFFFFFF) + uvarint(len(body)) + body


def recording(commands: list[tuple[int, int, bytes]], offsets: tuple[int, int] = (0, 0)) -> bytes:
    return MAGIC + struct.pack("<2i", *offsets) + b"".join(command(*each) for each in commands)


commands = st.lists(
    st.tuples(
        st.integers(1, salvage.LAST_KNOWN).flatmap(lambda kind: st.sampled_from([kind, kind | 64])),
        st.integers(-1, 2**31),
        st.binary(max_size=300).map(lambda body: b"\x7f" + body),  # unpacks to little, where it is compressed
    ),
    max_size=12,
)


@given(commands)
def test_every_whole_command_is_found(wanted: list[tuple[int, int, bytes]]) -> None:
    data = recording(wanted)
    found = list(salvage.walk(data))
    assert [(each.kind, each.tick) for each in found] == [(kind & ~64, tick) for kind, tick, _ in wanted]
    extent = salvage.measure(data)
    assert extent.whole == len(data)
    assert extent.is_complete


@given(commands, st.data())
def test_a_cut_keeps_exactly_the_whole_commands(wanted: list[tuple[int, int, bytes]], data: st.DataObject) -> None:
    whole = recording(wanted)
    length = data.draw(st.integers(0, len(whole)))
    ends = [16, *(each.end for each in salvage.walk(whole))]
    extent = salvage.measure(whole[:length])
    assert extent.whole == max([end for end in ends if end <= length], default=length)
    assert extent.whole <= length


@given(commands, st.integers(salvage.MOST_UNPACKED - 2, 2**33), st.binary(min_size=1, max_size=50))
def test_what_claims_to_unpack_to_too_much_ends_the_walk(wanted: list[tuple[int, int, bytes]], claim: int, rest: bytes):
    compressed = (salvage.PACKET | salvage.COMPRESSED_BIT, 9, uvarint(claim) + rest)
    whole = recording([*wanted, compressed, (7, 10, b"behind it")])
    extent = salvage.measure(whole)
    assert extent.absurd == (claim > salvage.MOST_UNPACKED)
    assert extent.whole == (len(recording(wanted)) if extent.absurd else len(whole))
    assert not salvage.measure(recording([*wanted, (7, 9, compressed[2])])).absurd


@given(commands, commands)
def test_nothing_behind_the_stop_command_is_read(before: list[Any], behind: list[Any]) -> None:
    start = recording(
        [*before, (salvage.STOP, 4, b""), (salvage.FILE_INFO, 4, b"info"), (salvage.SPAWN_GROUPS, 4, b"")]
    )
    later = recording([(salvage.PACKET, 5, b""), *behind])[16:]
    assert list(salvage.walk(start + later)) == list(salvage.walk(start))
    assert salvage.measure(start).behind == 0
    assert salvage.measure(start + later).behind == len(later)


@given(st.binary(max_size=2000))
def test_any_bytes_at_all(data: bytes) -> None:
    ends = [0]
    for each in salvage.walk(data):
        assert ends[-1] <= each.start < each.end <= len(data)
        ends.append(each.end)
    salvage.measure(data)


def test_the_stop_command_ends_a_recording(tmp_path: Path) -> None:
    path = tmp_path / "whole.dem"
    path.write_bytes(recording([(8, -1, b"x"), (7, 3, b"yy"), (0, 4, b""), (2, 4, b"zz")]))
    extent = salvage.measure_file(path)
    assert (extent.stopped, extent.last_tick, extent.packets) == (True, 3, 1)


def test_a_cut_file_gets_no_offsets(tmp_path: Path) -> None:
    source, target = tmp_path / "cut.dem", tmp_path / "kept.dem"
    whole = recording([(7, 1, b"first"), (7, 2, b"second"), (7, 3, b"third")], offsets=(5000, 6000))
    source.write_bytes(whole[:-2])
    extent = salvage.measure_file(source)
    assert not extent.is_complete
    assert extent.last_tick == 2
    salvage.cut(source, target, extent.whole)
    kept = target.read_bytes()
    assert kept[8:16] == bytes(8)
    assert salvage.measure(kept).is_complete
    assert kept[16:] == whole[16 : extent.whole]
    assert source.read_bytes() == whole[:-2]


@given(commands, st.integers(0, 40))
def test_a_file_info_where_the_header_says_is_a_proper_end(wanted: list[tuple[int, int, bytes]], lost: int) -> None:
    info = command(salvage.FILE_INFO, 5, b"played for an hour")
    body = b"".join(command(*each) for each in wanted)
    whole = MAGIC + struct.pack("<2i", 16 + len(body), 0) + body + info
    with tempfile.NamedTemporaryFile() as file:
        path = Path(file.name)
        path.write_bytes(whole[: len(whole) - lost])
        assert salvage.ends_properly(path) == (lost == 0)


@given(commands)
def test_whole_states_make_a_recording_of_their_own(wanted: list[tuple[int, int, bytes]]) -> None:
    opening = [(salvage.PACKET, number, b"") for number in range(salvage.OPENING_PACKETS)]
    whole = recording([(8, -1, b"sign on"), *opening, *wanted], offsets=(77, 78))
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "source.dem"), Path(folder, "target.dem")
        source.write_bytes(whole)
        salvage.keyframes(source, target, salvage.measure(whole))
        kept = target.read_bytes()
    states = [kind & ~64 for kind, _, _ in wanted if kind & ~64 == salvage.FULL_PACKET]
    found = [each.kind for each in salvage.walk(kept)]
    assert found == [8, *[salvage.PACKET] * salvage.OPENING_PACKETS, *states]
    assert kept[8:16] == bytes(8)


@given(st.binary(max_size=40))
def test_any_bytes_have_a_proper_end_or_not(data: bytes) -> None:
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(data)
        salvage.ends_properly(Path(file.name))


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "empty.dem"
    path.touch()
    assert salvage.measure_file(path).packets == 0
