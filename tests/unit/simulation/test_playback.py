"""Demo time, skips and the camera, with a clock that the test holds in its hand."""

import pytest

from apps.simulation.faults import Faults
from apps.simulation.playback import Playback, Stage, Timing
from apps.simulation.recording import Recording
from tests.unit.simulation.recordings import walking

TIMING = Timing(load_seconds=1.0, skip_seconds=0.5, pov_ticks=8, settle_ticks=32)


class Clock:
    """A playback and the seconds it has lived."""

    def __init__(self, recording: Recording | None = None, *faults: str, play: bool = True) -> None:
        self.now = 0.0
        self.game = Playback(TIMING, Faults(faults))
        self.game.begin_loading("match.dem", self.now)
        self.game.loaded(recording or walking())
        if play:
            self.wait(1.0)
            self.wait(0.3)
            assert self.game.stage is Stage.PLAYING

    def wait(self, seconds: float) -> list[str]:
        self.now += seconds
        return self.game.advance(self.now)

    def skip(self, tick: int, pause: bool = False) -> list[str]:
        return self.game.seek(tick, pause, self.now) + self.wait(0.5)

    def watch(self, slot: int) -> None:
        """Ask for ``slot`` long after any skip and wait until it takes effect."""
        self.game.autodirector = False
        self.wait(0.6)
        self.game.spec_player(slot)
        self.wait(0.2)


def test_the_playing_line_comes_after_the_socket_is_back() -> None:
    clock = Clock(play=False)
    assert clock.wait(0.9) == []
    assert clock.game.stage is Stage.LOADING
    assert clock.wait(0.1) == []
    assert clock.game.stage is Stage.STARTING
    assert clock.wait(0.3) == ["Playing demo from match.dem."]


def test_a_recording_that_takes_longer_to_read_loads_longer() -> None:
    game = Playback(TIMING, Faults())
    game.begin_loading("match.dem", 0.0)
    game.advance(60.0)
    assert game.stage is Stage.LOADING
    game.loaded(walking())
    game.advance(60.1)
    assert game.stage is Stage.STARTING


def test_time_runs_at_sixty_four_ticks_a_second_and_scales() -> None:
    clock = Clock()
    start = clock.game.tick
    clock.wait(1.0)
    assert clock.game.tick == start + 64
    clock.game.timescale = 2.0
    clock.wait(1.0)
    assert clock.game.tick == start + 192


def test_a_pause_stops_time_and_a_resume_starts_it() -> None:
    clock = Clock()
    clock.game.pause()
    tick = clock.game.tick
    clock.wait(5.0)
    assert clock.game.tick == tick
    clock.game.resume()
    clock.wait(0.5)
    assert clock.game.tick == tick + 32


def test_playback_holds_at_the_last_tick_and_can_go_back() -> None:
    clock = Clock(walking(ticks=100))
    assert clock.wait(10.0) == ["Demo playback reached its last tick 100."]
    assert clock.wait(1.0) == []
    assert clock.game.tick == 100
    clock.skip(10)
    assert clock.game.tick == 10


def test_a_skip_takes_its_time_and_says_when_it_ended() -> None:
    clock = Clock()
    assert clock.game.seek(400, False, clock.now)[0].startswith("Demo skipping from tick")
    assert clock.wait(0.4) == []
    assert clock.wait(0.1) == ["Demo skip finished at tick 400."]
    assert (clock.game.tick, clock.game.stage) == (400, Stage.PLAYING)


@pytest.mark.parametrize(("asked", "landed"), [(-50, 1), (10**9, 640)])
def test_a_skip_stays_inside_the_recording(asked: int, landed: int) -> None:
    clock = Clock()
    clock.skip(asked)
    assert clock.game.tick == landed


def test_a_paused_demo_stays_paused_over_a_skip() -> None:
    clock = Clock()
    clock.game.pause()
    clock.skip(300)
    assert clock.game.stage is Stage.PAUSED
    clock.game.resume()
    clock.skip(310, pause=True)
    assert clock.game.stage is Stage.PAUSED


def test_another_player_is_seen_only_some_ticks_later() -> None:
    clock = Clock()
    clock.watch(0)
    clock.game.spec_player(2)
    clock.wait(0.1)
    assert clock.game.slot == 0
    clock.wait(0.1)
    assert clock.game.slot == 2


def test_another_player_is_refused_while_paused_near_a_skip_and_when_dead() -> None:
    clock = Clock(walking(dead=(3,)))
    clock.watch(1)
    clock.game.pause()
    clock.game.spec_player(2)
    clock.game.resume()
    clock.wait(0.5)
    assert clock.game.slot == 1
    clock.skip(100)
    clock.wait(0.4)
    clock.game.spec_player(2)
    clock.wait(0.5)
    assert clock.game.slot == 1
    clock.watch(3)
    assert clock.game.slot == 1


def test_the_camera_is_at_the_eyes_and_behind_in_another_mode() -> None:
    clock = Clock()
    clock.watch(2)
    moment = clock.game.moment()
    assert moment is not None
    them, eye = moment.players[2], clock.game.camera()
    assert eye is not None
    assert (eye.x, eye.y, eye.z) == pytest.approx((them.x, them.y, them.z + 64.06))
    assert (eye.pitch, eye.yaw) == (them.pitch, them.yaw)
    clock.game.spec_mode = 4
    behind = clock.game.camera()
    assert behind is not None
    assert (behind.x - eye.x) ** 2 + (behind.y - eye.y) ** 2 > 64**2


def test_the_autodirector_wanders_until_it_is_switched_off() -> None:
    clock = Clock(walking(ticks=6400))
    clock.wait(0.1)
    first = clock.game.slot
    clock.wait(5.0)
    assert clock.game.slot != first
    clock.game.autodirector = False
    kept = clock.game.slot
    clock.wait(20.0)
    assert clock.game.slot == kept


def test_fault_endless_skip_ends_only_by_another_skip() -> None:
    clock = Clock(None, "endless-skip:1")
    clock.skip(300)
    clock.wait(3600.0)
    assert clock.game.stage is Stage.SKIPPING
    clock.skip(300)
    assert clock.game.tick == 300


def test_fault_wrong_tick_lands_elsewhere_and_does_not_say_so() -> None:
    clock = Clock(None, "wrong-tick")
    assert "Demo skip finished at tick 300." in clock.skip(300)
    assert clock.game.tick == 332


def test_fault_swallow_pov_leaves_the_view() -> None:
    clock = Clock(None, "swallow-pov")
    before = clock.game.slot
    clock.watch(2)
    assert clock.game.slot in (before, 0)


def test_fault_wrong_player_goes_to_somebody_else() -> None:
    clock = Clock(None, "wrong-player:1")
    clock.watch(2)
    assert clock.game.slot == 3
    clock.watch(2)
    assert clock.game.slot == 2


def test_outside_a_demo_nothing_breaks() -> None:
    game = Playback(TIMING, Faults())
    assert game.advance(1.0) == []
    assert game.camera() is None
    assert game.seek(10, False, 1.0) == ["Error - not currently playing back a demo."]
    assert game.pause() == game.resume() == game.spec_player(1) == []
