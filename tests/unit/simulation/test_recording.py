"""Looking a tick up."""

import pytest

from apps.simulation.recording import Moment, Rules, from_moments
from tests.unit.simulation.recordings import player


def test_a_missing_tick_is_the_one_before_it() -> None:
    moments = [Moment(tick, {0: player(0, x=float(tick))}, Rules("live", 9.0)) for tick in (10, 12, 20)]
    recording = from_moments(moments)
    assert (recording.first_tick, recording.last_tick, recording.slots) == (10, 20, [0])
    assert [recording.at(tick).tick for tick in (1, 10, 11, 19, 99)] == [10, 10, 10, 12, 20]
    assert recording.at(19).players[0].x == 12.0
    assert recording.at(19) == moments[1]


def test_the_eye_sinks_with_the_crouch() -> None:
    assert player(0, z=0.0).eye[2] == pytest.approx(64.06)
    assert player(0, z=0.0, duck=1.0).eye[2] == pytest.approx(46.04)


def test_the_living_are_counted_by_side() -> None:
    moment = Moment(1, {0: player(0), 1: player(1, health=0), 2: player(2, "T")}, Rules())
    assert (moment.alive("CT"), moment.alive("T")) == (1, 1)


def test_a_recording_without_players_is_refused() -> None:
    with pytest.raises(ValueError, match="no player"):
        from_moments([Moment(1, {}, Rules())])
