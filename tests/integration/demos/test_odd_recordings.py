"""Recordings that read well up to a place: a stop command in their midst, or a command that claims gigabytes."""

import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from apps.demos.jobs.importing_here import import_file
from apps.demos.parsing.reading import salvage
from apps.simulation.demofile.messages import STOP, command, uvarint

pytestmark = pytest.mark.django_db(transaction=True)
SIGNON = 8


def packets(data: bytes) -> list[salvage.Command]:
    return [one for one in salvage.walk(data) if one.kind == salvage.PACKET and one.tick >= 0]


def put_before(data: bytes, one: salvage.Command, bad: bytes) -> bytes:
    """``bad`` before a command, and the file info's offset (the first number in the header) where that is now."""
    offset = int.from_bytes(data[8:12], "little") + len(bad)
    return data[:8] + offset.to_bytes(4, "little") + data[12 : one.start] + bad + data[one.start :]


def claim(tick: int) -> bytes:
    """A compressed packet of a few bytes that unpacks to 4 GB, so it says."""
    body = uvarint(4_000_000_000) + bytes(200)
    return uvarint(salvage.PACKET | salvage.COMPRESSED_BIT) + uvarint(tick & 0xFFFFFFFF) + uvarint(len(body)) + body


def test_a_stop_in_the_midst_is_told(forged_demo: Callable[[int], Path], tmp_path: Path) -> None:
    data, path = forged_demo(1).read_bytes(), tmp_path / "stopped.dem"
    found = packets(data)
    last, stop = found[len(found) // 2 - 1 : len(found) // 2 + 1]
    path.write_bytes(put_before(data, stop, command(STOP, stop.tick, b"")))
    [came] = import_file(path)
    assert came.outcome == "imported_with_warnings"
    assert came.demo is not None
    unread = len(data) - last.end
    assert [one for one in came.warnings if "stop" in one] == [
        f"The recording ends at tick {last.tick} ({last.tick / 64:.1f} s), where it says “stop”: "
        f"{unread / 1e6:.2f} MB behind its end were not read."
    ]
    assert came.demo.rounds.count() > 0
    assert came.demo.last_tick <= last.tick + 1

    path.write_bytes(put_before(data, found[0], command(STOP, 0, b"")))
    [came] = import_file(path)
    assert came.outcome == "rejected"
    assert "before the match data" in came.message


def test_an_ordinary_end_is_not_remarked_on(forged_demo: Callable[[int], Path]) -> None:
    [came] = import_file(forged_demo(1))
    assert not [one for one in came.warnings if "stop" in one]


@pytest.mark.parametrize("during", ["the match", "the signon"])
def test_a_packet_that_claims_gigabytes_costs_nothing(
    forged_demo: Callable[[int], Path], tmp_path: Path, during: str
) -> None:
    data, path = forged_demo(1).read_bytes(), tmp_path / "claiming.dem"
    found = packets(data)
    bad = next(one for one in salvage.walk(data) if one.kind == SIGNON)
    if during == "the match":
        bad = found[len(found) // 2]
    path.write_bytes(put_before(data, bad, claim(bad.tick)))
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    [came] = import_file(path)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < max(before, 2 * 1024**2)  # KiB
    if during == "the signon":
        assert came.outcome == "rejected"
        assert "The file is damaged before the match data." in came.message
        return
    last = found[len(found) // 2 - 1].tick
    assert came.outcome == "salvaged"
    assert f"The file is damaged: everything after tick {last} ({last / 64:.1f} s) is missing." in came.warnings
    assert came.demo is not None
    assert came.demo.missing_after_tick == last
    assert came.demo.rounds.count() > 0
