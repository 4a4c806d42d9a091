"""What the client knows of real recordings, and what it leaves blank."""

from pathlib import Path

import pytest

from apps.simulation.frames.render import render_frame
from apps.simulation.reading import UnreadableRecording, read


def test_a_real_recording_with_readable_rules(shared_data: Path) -> None:
    recording = read(shared_data / "demos" / "real" / "14160.dem")
    assert (recording.map_name, recording.first_tick, recording.last_tick) == ("de_dust2", 1, 156)
    assert recording.slots == list(range(10))
    moment = recording.at(100)
    assert (moment.alive("CT"), moment.alive("T")) == (5, 5)
    assert (moment.rules.phase, moment.rules.score_ct, moment.rules.score_t) == ("freeze", 0, 0)
    assert moment.rules.clock_s == pytest.approx(9.3125)
    carrier, them = moment.players[0], moment.players[1]
    assert (carrier.name, carrier.side, carrier.active_weapon) == ("Partridge", "T", "c4")
    assert carrier.inventory == ("knife", "glock", "c4")
    assert (them.side, them.active_weapon, them.clip, them.money, them.place) == ("CT", "hkp2000", 13, 800, "CTSpawn")


def test_rules_that_cannot_be_read_are_left_blank(shared_data: Path) -> None:
    recording = read(shared_data / "demos" / "real" / "14011.dem")
    moment = recording.at(300)
    assert moment.rules.phase is moment.rules.clock_s is moment.rules.score_ct is None
    assert all(player.clip is None for player in moment.players.values())
    assert render_frame(recording, 300, 0).size == (1280, 720)


def test_files_that_cannot_be_played_say_so(shared_data: Path, tmp_path: Path) -> None:
    for name in ("empty.dem", "text.dem"):
        path = tmp_path / name
        path.write_bytes(b"" if name == "empty.dem" else b"no recording at all" * 40)
        with pytest.raises(UnreadableRecording, match=r"\w"):
            read(path)
    outcomes = [outcome(path) for path in sorted((shared_data / "demos" / "bad").iterdir()) if path.is_file()]
    assert outcomes
    assert all(outcomes)


def outcome(path: Path) -> object:
    """The players' slots of a file that can be played after all, else the sentence that says why it cannot."""
    try:
        return read(path).slots
    except UnreadableRecording as error:
        return str(error)
