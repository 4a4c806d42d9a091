"""The simulated client as a process, over a real socket: the game's manners, and every fault."""

import math
import re
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from PIL import Image

from apps.simulation.faults import Fault
from apps.simulation.reading import read
from apps.simulation.recording import Moment
from tests.integration.simulation.game import Game

Start = Callable[..., Game]


@pytest.fixture
def demo(short_demo: Path) -> Path:
    return short_demo


@lru_cache(maxsize=1)
def end_of(demo: Path) -> Moment:
    """What stands at the recording's end, where it is watched."""
    recording = read(demo)
    return recording.at(recording.last_tick)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[Game] = []

    def begin(*faults: str, speed: str = "4", more: tuple[str, ...] = (), command: tuple[str, ...] = ()) -> Game:
        arguments = [*more, *(part for fault in faults for part in ("--fault", fault))]
        started.append(Game(tmp_path / "game", "--speed", speed, *arguments, command=command))
        return started[-1]

    yield begin
    for game in started:
        game.stop()


def test_the_whole_way_to_a_true_frame(start: Start, demo: Path) -> None:
    game = start()
    game.ask("echo ready-1", r"^ready-1 \r\n")
    game.ask("sv_cheats 1; no_such_thing", r"Unknown command: no_such_thing\r\n")
    game.play(demo)
    game.send("hidehud 0; cl_teamcounter_playercount_instead_of_avatars 1")
    truth = end_of(demo)
    for slot in (4, 1):
        game.watch(slot)
        tick, state = game.ask("demo_info", rf"at tick (\d+) of {truth.tick}, (\w+)").groups()
        assert (int(tick), state) == (truth.tick, "paused")
        x, y, z, pitch, yaw = game.eye()
        them = truth.players[slot]
        assert (x, y, z) == pytest.approx(them.eye, abs=0.01)
        assert (pitch, yaw) == pytest.approx((them.pitch, them.yaw), abs=0.01)
        with Image.open(game.picture(f"shot-{slot}")) as image:
            image.load()
            assert (image.format, image.size) == ("JPEG", (1280, 720))
        game.send("demo_resume")
    game.send("quit")
    assert game.process.wait(10) == 0


def test_nothing_is_to_be_had_before_a_demo(start: Start, demo: Path) -> None:
    game = start(command=("manage.py", "simulated_cs2"))
    game.ask("demo_gototick 5", r"Error - not currently playing back a demo\.\r\n")
    game.ask("demo_info", r"Error - not currently playing back a demo\.\r\n")
    game.ask("jpeg early", r"There is nothing to take a picture of\.\r\n")
    game.ask("endmovie", r"No movie started\.\r\n")
    game.ask('playdemo "nowhere"', r"Couldn't open demo file nowhere\.dem\.\r\n")
    game.ask("spec_player 3; status", r"state    : menu\r\n#end\r\n")
    assert game.eye() == (0, 0, 0, 0, 0)


def test_the_socket_is_gone_while_the_level_loads_and_back_before_the_demo_plays(start: Start, demo: Path) -> None:
    game = start(more=("--load-seconds", "1"))
    game.send(f'playdemo "{demo}"')
    assert game.gone()
    game.connect()
    assert game.gone(0.5)
    game.come_back(r"state    : starting")
    game.ask("echo a nonce", r"a nonce \r\n")
    game.wait_for(rf"Playing demo from {re.escape(str(demo))}\.\r\n")
    game.ask("status", r"demo     : .*\r\nmap      : de_quay\r\n")


def test_a_switch_is_refused_near_a_skip_and_while_paused_and_else_comes_late(start: Start, demo: Path) -> None:
    game = start(speed="2", more=("--pov-ticks", "64"))
    game.play(demo)
    slots = end_of(demo).players
    game.ask("spec_autodirector 0; demo_gototick 60", r"Demo skipping from tick \d+ to tick 60\.\.\.\r\n")
    game.wait_for(r"Demo skip finished at tick 60\.\r\n")
    game.send("spec_player 4")  # too near to the skip
    game.wait_for(r"reached its last tick")
    before = game.eye()[:3]
    assert before != pytest.approx(slots[4].eye, abs=1)
    game.send("demo_pause; spec_player 4; demo_resume; spec_player 9")  # the first while paused
    assert game.eye()[:3] == before
    game.wait_for(re.escape(f"setpos {slots[9].x:.6f}"), again="getpos")
    game.send("spec_mode 2")  # not the first person in this build
    assert math.dist(game.eye()[:3], slots[9].eye) == pytest.approx(112, abs=0.1)


def test_a_file_that_is_no_recording_is_survived_and_another_worker_goes_on(
    start: Start, demo: Path, tmp_path: Path
) -> None:
    game = start()
    broken = tmp_path / "broken.dem"
    broken.write_bytes(demo.read_bytes()[:2000])
    game.send(f'playdemo "{broken}"')
    assert game.gone()
    game.come_back(r"state    : menu")
    game.wait_for(r"Couldn't play demo file .*broken\.dem: .+\r\n")
    game.play(demo)
    game.ask("demo_pause; demo_gototick 70", r"Demo skip finished at tick 70\.")
    game.connect()
    game.ask("status", r"demo     : .*short\.dem\r\n.*\r\ntick     : 70 of \d+ \(paused\)\r\n")
    game.ask("demo_gototick 10 1 1", r"Demo skip finished at tick 80\.")
    game.picture("resumed")


def test_a_picture_is_incomplete_for_a_moment_and_a_movie_leaves_numbered_frames(start: Start, demo: Path) -> None:
    game = start()
    game.play(demo)
    game.watch(0)
    path = game.folder / "screenshots" / "slow.jpg"
    game.send("jpeg slow")
    seen: list[int] = []
    while not (path.exists() and path.read_bytes().endswith(b"\xff\xd9")):
        if path.exists():
            seen.append(path.stat().st_size)
        time.sleep(0.002)
    assert any(size < path.stat().st_size for size in seen)
    game.send("startmovie clip jpg")
    game.until(lambda: len(list(path.parent.glob("clip*.jpg"))) >= 3)
    game.ask("endmovie", r"Stopped recording movie, \d+ frames written\.")
    assert (path.parent / "clip0000.jpg").exists()


# ── faults, several in one process where one does not hide the other; the last test proves that none is missing ───────
def answers(start: Start, demo: Path) -> None:
    game = start("half-answer:1", "drop:3", "swallow:4")
    game.send("echo 0123456789")
    game.wait_for("012345")
    assert not game.gone(0.3)
    assert "\n" not in game.heard
    game.ask("echo whole", r"whole \r\n")
    game.send("echo dropped")
    assert game.gone()
    game.connect()
    game.send("echo swallowed")
    game.ask("echo five", r"five \r\n")
    assert "swallowed" not in game.heard


def silence(start: Start, demo: Path) -> None:
    game = start("silent")
    game.send("echo anybody")
    assert not game.gone(0.5)
    assert game.heard == ""


def skips(start: Start, demo: Path) -> None:
    game = start("drop-on-seek:1", "wrong-tick:1")
    game.play(demo)
    game.send("demo_pause; demo_gototick 70")
    assert game.gone()
    game.connect()
    game.wait_for(r"at tick 102 of", again="demo_info")  # the skip went on, to the wrong tick
    game.ask("demo_gototick 70", r"Demo skip finished at tick 70\.")
    game.ask("demo_info", "at tick 70 of")


def a_skip_without_end(start: Start, demo: Path) -> None:
    game = start("endless-skip:1")
    game.play(demo)
    game.send("demo_gototick 50")
    game.wait_for("Demo skipping")
    assert not game.gone(0.5)
    game.ask("demo_info", "skipping")
    game.ask("demo_gototick 60", r"Demo skip finished at tick 60\.")


def viewers(start: Start, demo: Path) -> None:
    game = start("swallow-pov:1", "wrong-player:1", "duplicate-image:1")
    game.play(demo)
    eyes = {slot: player.eye for slot, player in end_of(demo).players.items()}
    game.watch(4)
    assert game.eye()[:3] != pytest.approx(eyes[4], abs=1)  # swallowed
    game.switch(4)
    assert game.eye()[:3] == pytest.approx(eyes[5], abs=1)  # the wrong one
    first = game.picture("first").read_bytes()
    game.switch(4)
    assert game.eye()[:3] == pytest.approx(eyes[4], abs=1)
    assert game.picture("second").read_bytes() == first
    assert game.picture("third").read_bytes() != first


def pictures(start: Start, demo: Path) -> None:
    game = start("no-image:1", "disk-full:1", "half-image:1")
    game.play(demo)
    game.watch(0)
    game.send("jpeg lost")
    game.ask("jpeg full", r"Couldn't write screenshots/full\.jpg: No space left on device\.\r\n")
    game.send("jpeg half")
    game.picture("whole")
    folder = game.folder / "screenshots"
    assert {path.name for path in folder.iterdir()} == {"half.jpg", "whole.jpg"}
    with Image.open(folder / "half.jpg") as image, pytest.raises(OSError, match="truncated"):
        image.load()


def a_crash(start: Start, demo: Path) -> None:
    game = start("crash:2")
    game.ask("echo one", "one ")
    game.send("echo two")
    assert game.gone()
    assert game.process.wait(10) == 1
    start().ask("echo again", "again ")


def an_early_skip(start: Start, demo: Path) -> None:
    game = start("crash-on-early-seek")
    game.play(demo)
    game.send("demo_gototick 50")
    assert game.gone()
    assert game.process.wait(10) == 1
    patient = start("crash-on-early-seek", speed="200")
    patient.play(demo)
    patient.wait_for(r"reached its last tick")
    patient.until(lambda: patient.waited(0.3))
    patient.ask("demo_gototick 50", r"Demo skip finished at tick 50\.")


FAULT_TESTS: dict[Callable[[Start, Path], None], tuple[Fault, ...]] = {
    answers: (Fault.HALF_ANSWER, Fault.DROP, Fault.SWALLOW),
    silence: (Fault.SILENT,),
    skips: (Fault.DROP_ON_SEEK, Fault.WRONG_TICK),
    a_skip_without_end: (Fault.ENDLESS_SKIP,),
    viewers: (Fault.SWALLOW_POV, Fault.WRONG_PLAYER, Fault.DUPLICATE_IMAGE),
    pictures: (Fault.NO_IMAGE, Fault.DISK_FULL, Fault.HALF_IMAGE),
    a_crash: (Fault.CRASH,),
    an_early_skip: (Fault.EARLY_SEEK,),
}


@pytest.mark.parametrize("show", FAULT_TESTS, ids=lambda show: show.__name__)
def test_faults(show: Callable[[Start, Path], None], start: Start, demo: Path) -> None:
    show(start, demo)


def test_every_fault_is_shown() -> None:
    assert {fault for faults in FAULT_TESTS.values() for fault in faults} == set(Fault)
