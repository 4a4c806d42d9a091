"""What the console prints, what the camera proves, what a picture must be."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from apps.captures.game import answers
from apps.captures.game.answers import View
from apps.captures.game.images import wait_for_picture
from apps.captures.game.problems import Unverified
from apps.captures.game.verification import CROUCHED_EYE_HEIGHT, EYE_HEIGHT, Stand, angle_between, verify

ANSWER = "setpos -1.500000 2.000000 3.250000;setang 4.000000 -175.000000 0.000000"


def test_getpos_is_read_whole() -> None:
    assert answers.view(["noise", ANSWER]) == View(-1.5, 2.0, 3.25, 4.0, -175.0)


@given(cut=st.integers(0, len("setpos -1.500000 2.000000 3.250000;setang 4.000000 -175.000000 ")))
def test_a_cut_answer_is_no_answer(cut: int) -> None:
    assert answers.view([ANSWER[:cut]]) is None


@given(st.text())
def test_whatever_the_console_prints_is_read_without_breaking(line: str) -> None:
    answers.view([line])
    answers.where([line])
    answers.refusal([line])
    answers.write_error([line])


def test_the_tick_is_what_demo_info_says_and_not_what_a_skip_announced() -> None:
    lines = ["Demo x.dem: at tick 640 of 9000, paused", "Demo skip finished at tick 700."]
    assert answers.where(lines) == answers.Where(640, "paused")
    assert answers.where(["Error - not currently playing back a demo."]).no_demo


def stand(x: float = 0.0, yaw: float = 0.0, crouched: bool | None = None) -> Stand:
    return Stand(x, 0.0, 0.0, 0.0, yaw, crouched)


def test_getpos_is_the_eye_and_the_recording_is_the_feet() -> None:
    assert verify(View(0, 0, EYE_HEIGHT, 0, 0), 1, {1: stand()}).units == pytest.approx(0)
    assert verify(View(0, 0, CROUCHED_EYE_HEIGHT, 0, 0), 1, {1: stand()}).units == pytest.approx(0)
    assert verify(View(0, 0, EYE_HEIGHT, 0, 0), 1, {1: stand(crouched=True)}).units == pytest.approx(18.02)


def test_64_units_and_5_degrees_are_the_limit() -> None:
    assert verify(View(63.9, 0, EYE_HEIGHT, 0, 4.9), 1, {1: stand()})
    with pytest.raises(Unverified, match="units"):
        verify(View(64.2, 0, EYE_HEIGHT, 0, 0), 1, {1: stand()})
    with pytest.raises(Unverified, match=r"5\.1°"):
        verify(View(0, 0, EYE_HEIGHT, 0, 5.1), 1, {1: stand()})


def test_another_players_eyes_are_named() -> None:
    with pytest.raises(Unverified, match="another player"):
        verify(View(500, 0, EYE_HEIGHT, 0, 0), 1, {1: stand(), 2: stand(500)})


def test_two_players_in_one_place_are_told_apart_by_who_fits_better() -> None:
    living = {1: stand(0), 2: stand(40)}
    assert verify(View(1, 0, EYE_HEIGHT, 0, 0), 1, living)
    with pytest.raises(Unverified, match="better"):
        verify(View(39, 0, EYE_HEIGHT, 0, 0), 1, living)


def test_the_dead_and_the_silent_are_not_verified() -> None:
    with pytest.raises(Unverified, match="not alive"):
        verify(View(0, 0, EYE_HEIGHT, 0, 0), 3, {1: stand()})
    with pytest.raises(Unverified, match="did not say"):
        verify(None, 1, {1: stand()})


@given(st.floats(-720, 720), st.floats(-720, 720))
def test_angles_are_compared_around_the_circle(one: float, other: float) -> None:
    assert 0 <= angle_between(one, other) <= 180
    assert angle_between(one, other) == pytest.approx(angle_between(other, one), abs=1e-6)
    assert angle_between(one, one + 360) == pytest.approx(0, abs=1e-6)


def picture(path: Path, size: tuple[int, int] = (320, 180), previous: str | None = None) -> object:
    if not path.exists():
        Image.new("RGB", size, (40, 90, 30)).save(path, "JPEG")
    return wait_for_picture(path, within_s=0.4, previous=previous, check=lambda: None, trouble=lambda: None)


def test_a_whole_jpeg_is_taken(tmp_path: Path) -> None:
    found = picture(tmp_path / "a.jpg")
    assert (found.width, found.height) == (320, 180)  # type: ignore[attr-defined]


def test_the_previous_frame_again_is_refused(tmp_path: Path) -> None:
    first = picture(tmp_path / "a.jpg")
    with pytest.raises(Unverified, match="previous frame"):
        picture(tmp_path / "a.jpg", previous=first.sha256)  # type: ignore[attr-defined]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_half_written_image_is_not_taken(tmp_path: Path, share: float) -> None:
    buffer = io.BytesIO()
    Image.effect_noise((320, 180), 60).convert("RGB").save(buffer, "JPEG")
    path = tmp_path / "a.jpg"
    path.write_bytes(buffer.getvalue()[: int(len(buffer.getvalue()) * share)])
    with pytest.raises(Unverified, match="part of its image"):
        picture(path)


@pytest.mark.parametrize(
    ("size", "words"), [((1, 1), "only 1×1"), ((12000, 9000), "absurd"), ((2000, 10), "only 2000×10")]
)
def test_absurd_dimensions_are_refused(tmp_path: Path, size: tuple[int, int], words: str) -> None:
    with pytest.raises(Unverified, match=words):
        picture(tmp_path / "a.jpg", size)


def test_something_else_named_jpg_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.new("RGB", (320, 180)).save(path, "PNG")
    with pytest.raises(Unverified):
        picture(path)


def test_no_image_and_no_room_are_said(tmp_path: Path) -> None:
    with pytest.raises(Unverified, match="did not write"):
        wait_for_picture(tmp_path / "a.jpg", within_s=0.1, previous=None, check=lambda: None, trouble=lambda: None)
    with pytest.raises(Unverified, match="No space left") as caught:
        wait_for_picture(
            tmp_path / "a.jpg",
            within_s=0.1,
            previous=None,
            check=lambda: None,
            trouble=lambda: "Couldn't write a.jpg: No space left on device.",
        )
    assert caught.value.fatal
