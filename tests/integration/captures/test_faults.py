"""Every way in which the game is known to fail, over the real socket of a real client process."""

import io
import threading
from collections.abc import Callable

import pytest
from PIL import Image, ImageStat

from apps.captures.game.problems import GameStopped, TargetFailed
from apps.captures.game.shooting import Photographer, Target
from apps.captures.game.stage import Limits
from tests.integration.captures.conftest import LIMITS, Game

TARGETS = [Target(400, 0), Target(400, 5), Target(700, 1)]


def mean_colour(jpeg: bytes) -> list[float]:
    with Image.open(io.BytesIO(jpeg)) as image:
        return ImageStat.Stat(image).mean


Start = Callable[..., Game]
Camera = Callable[..., Photographer]


def test_frames_are_taken_and_are_what_was_asked_for(start_game: Start, camera: Camera) -> None:
    photographer = camera(start_game())
    for target in TARGETS:
        shot = photographer.take(target)
        assert target.tick - 4 <= shot.tick <= target.tick + 48
        assert shot.match.is_close
        assert (shot.picture.width, shot.picture.height) == (1280, 720)
    assert list((photographer.folder).iterdir()) == [], "pictures are read and taken away"


@pytest.mark.parametrize(
    "fault",
    [
        "drop:6",
        "drop:25",
        "drop:60",
        "drop-on-seek:2",
        "silent:2",
        "half-answer:1",
        "half-answer:3",
        "endless-skip:1",
        "swallow-pov:3",
        "wrong-player:1",
        "wrong-tick:1",
        "no-image:1",
        "half-image:1",
        "duplicate-image:1",
        "disk-full:1",
    ],
)
def test_a_fault_that_passes_costs_no_frame(start_game: Start, camera: Camera, fault: str) -> None:
    photographer = camera(start_game(fault))
    shots = [photographer.take(target) for target in TARGETS]
    assert len({shot.picture.sha256 for shot in shots}) == len(TARGETS)
    assert all(shot.match.is_close for shot in shots)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("endless-skip", "did not end"),
        ("swallow-pov", "another player|better|units"),
        ("wrong-player", "another player|better"),
        ("no-image", "did not write an image"),
        ("half-image", "only a part"),
    ],
)
def test_a_fault_that_stays_fails_the_target_with_its_reason(
    start_game: Start, camera: Camera, fault: str, words: str
) -> None:
    photographer = camera(start_game(fault))
    with pytest.raises(TargetFailed, match=words):
        photographer.take(Target(400, 5))


def test_a_game_that_is_always_one_picture_behind_gives_the_right_ones(start_game: Start, camera: Camera) -> None:
    behind, straight = camera(start_game("duplicate-image")), camera(start_game())
    shots = [behind.take(target) for target in TARGETS]
    assert len({shot.picture.sha256 for shot in shots}) == len(TARGETS)
    for shot, target in zip(shots, TARGETS, strict=True):
        # Another game shows the same player at nearly the same tick: the sides' colours tell whose frame it is.
        other = straight.take(target)
        assert mean_colour(shot.picture.data) == pytest.approx(mean_colour(other.picture.data), abs=2.0)


def test_a_full_disk_stops_the_run(start_game: Start, camera: Camera) -> None:
    with pytest.raises(GameStopped, match="No space left"):
        camera(start_game("disk-full")).take(Target(400, 0))


def test_a_game_that_never_answers_stops_the_run(start_game: Start, camera: Camera) -> None:
    impatient = Limits(reconnect_s=0.5, load_s=0.5, skip_s=1, image_s=1, answer_s=0.3)
    with pytest.raises(GameStopped, match="cannot be reached"):
        camera(start_game("silent"), impatient).take(Target(400, 0))


def test_a_recording_the_game_refuses_stops_the_run(start_game: Start, camera: Camera) -> None:
    game = start_game()
    (game.folder / "match.dem").unlink()
    with pytest.raises(GameStopped, match="refuses the recording"):
        camera(game).take(Target(400, 0))


@pytest.mark.parametrize("fault", ["crash:4", "crash:30", "crash:60"])
def test_a_game_that_crashes_and_comes_back_is_taken_up_again(start_game: Start, camera: Camera, fault: str) -> None:
    game = start_game(fault)
    photographer = camera(game, LIMITS)

    def restart() -> None:
        game.process.wait()
        start_game(port=game.port)

    keeper = threading.Thread(target=restart, daemon=True)
    keeper.start()
    assert [photographer.take(target).match.is_close for target in TARGETS] == [True] * 3
    keeper.join(10)
    assert not keeper.is_alive(), "the game did crash"


def test_another_first_person_mode_is_found(start_game: Start, camera: Camera) -> None:
    from tests.integration.captures.conftest import FAST

    photographer = camera(start_game(options=(*FAST, "--first-person-mode", "2")))
    assert photographer.take(Target(400, 5)).match.is_close
    assert photographer.take(Target(700, 1)).attempts == 1, "once found, the mode is kept"


def test_stopping_takes_effect_in_the_middle_of_a_frame(start_game: Start, camera: Camera) -> None:
    class Stop(Exception):
        pass

    asked = 0

    def check() -> None:
        nonlocal asked
        asked += 1
        if asked > 3:
            raise Stop

    photographer = camera(start_game("endless-skip"), Limits(skip_s=60), check)
    with pytest.raises(Stop):
        photographer.take(Target(400, 0))  # which would wait for a minute
