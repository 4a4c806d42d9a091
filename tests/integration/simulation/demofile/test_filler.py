"""Filler makes a recording as large as a server's, and changes nothing that is read."""

from pathlib import Path

import pytest

from apps.simulation.demofile.comparison import compare
from apps.simulation.demofile.writer import WriteOptions, write_demo
from tests.integration.simulation.demofile.made import TICKS, small_match


@pytest.mark.parametrize("filler", [1, 700, 4_100])
def test_filler_adds_its_bytes_to_every_packet_and_is_read_past(tmp_path: Path, filler: int):
    plain, large = tmp_path / "plain.dem", tmp_path / "large.dem"
    bare = write_demo(small_match(), plain).bytes
    report = write_demo(small_match(), large, WriteOptions(filler_bytes=filler))
    assert report.bytes == large.stat().st_size
    assert filler * TICKS <= report.bytes - bare <= (filler + 8) * TICKS
    assert [str(one) for one in compare(small_match(), large)] == []


@pytest.mark.parametrize("wrong", [{"filler_bytes": -1}, {"rows_at_once": 0}])
def test_options_that_make_no_sense_are_refused(wrong: dict[str, int]):
    with pytest.raises(ValueError, match="at least"):
        WriteOptions(**wrong)
