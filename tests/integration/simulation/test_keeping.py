"""What was read once is not read again, until the file changes."""

from pathlib import Path

import polars as pl
import pytest

from apps.simulation.keeping import MOST_KEPT, read_kept
from apps.simulation.recording import Recording
from tests.unit.simulation.recordings import walking


class Reader:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self, path: Path) -> Recording:
        self.times += 1
        made = walking(30)
        return Recording(made.map_name, made.tick_rate, made.players, made.rules)


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    path = tmp_path / "a.dem"
    path.write_bytes(b"one")
    return path


def test_the_second_time_it_is_not_read(demo: Path, tmp_path: Path) -> None:
    reader = Reader()
    first, second = (read_kept(demo, tmp_path / "read", reader) for _ in range(2))
    assert reader.times == 1
    assert second.at(12) == first.at(12)
    assert second.slots == first.slots


def test_a_changed_file_is_read_anew_and_a_renamed_one_is_not(demo: Path, tmp_path: Path) -> None:
    reader = Reader()
    read_kept(demo, tmp_path / "read", reader)
    read_kept(demo.rename(tmp_path / "b.dem"), tmp_path / "read", reader)
    assert reader.times == 1
    demo.write_bytes(b"two")
    read_kept(demo, tmp_path / "read", reader)
    assert reader.times == 2


def test_only_the_last_few_are_kept(demo: Path, tmp_path: Path) -> None:
    for number in range(MOST_KEPT + 3):
        demo.write_bytes(b"%d" % number)
        read_kept(demo, tmp_path / "read", Reader())
    assert len(list((tmp_path / "read").iterdir())) == MOST_KEPT


@pytest.mark.parametrize("harm", ["cut", "gone", "foreign"])
def test_damaged_leftovers_are_read_anew(demo: Path, tmp_path: Path, harm: str) -> None:
    reader = Reader()
    read_kept(demo, tmp_path / "read", reader)
    (kept,) = (tmp_path / "read").iterdir()
    if harm == "cut":
        (kept / "players.parquet").write_bytes((kept / "players.parquet").read_bytes()[:100])
    elif harm == "gone":
        (kept / "rules.parquet").unlink()
    else:
        pl.DataFrame({"a": [1]}).write_parquet(kept / "players.parquet")
    assert read_kept(demo, tmp_path / "read", reader).at(5).tick == 5
    assert reader.times == 2


def test_a_folder_that_cannot_be_written_costs_only_time(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "read").write_text("in the way")
    assert read_kept(demo, tmp_path / "read", Reader()).at(5).tick == 5
