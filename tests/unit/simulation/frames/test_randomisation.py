"""Other looks for the same facts: by seed, and written down."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from apps.simulation.frames import fonts
from apps.simulation.frames.pen import _glyph, _sized, text_mask
from apps.simulation.frames.randomisation import Randomisation
from apps.simulation.picturing import picture
from tests.unit.simulation.recordings import walking

SIZE = (640, 360)


def shown(look: Randomisation | None) -> Image.Image:
    return picture(walking(20), 5, 1, SIZE, randomisation=look)


def test_a_seed_gives_one_look_and_another_seed_another() -> None:
    once, again, other = (shown(Randomisation.of(seed)) for seed in (3, 3, 4))
    assert once.tobytes() == again.tobytes()
    assert once.size == other.size == SIZE
    assert ImageChops.difference(once, other).getbbox() is not None
    assert ImageChops.difference(once, shown(None)).getbbox() is not None


def test_without_one_frames_are_the_same_again() -> None:
    assert shown(None).tobytes() == shown(None).tobytes()


def test_a_look_can_be_written_down_and_drawn_again() -> None:
    look = Randomisation.of(9)
    assert Randomisation(**json.loads(json.dumps(look.described()))) == look
    assert look.encoded(shown(look)) == look.encoded(shown(look))


def test_looks_differ_in_everything_that_may_differ() -> None:
    looks = [Randomisation.of(seed) for seed in range(200)]
    names = set(Randomisation.of(0).described()) - (set() if fonts.installed("stock") else {"family"})
    for name in sorted(names):
        assert len({getattr(look, name) for look in looks}) > 1, name
    assert all(0.85 <= look.hud_scaling / 0.95 <= 1.0 for look in looks)


def test_every_shot_of_a_run_has_its_own_look() -> None:
    looks = {Randomisation.of_shot(1, tick, slot).seed for tick in range(5) for slot in range(5)}
    assert len(looks) == 25
    assert Randomisation.of_shot(1, 2, 3) == Randomisation.of_shot(1, 2, 3) != Randomisation.of_shot(2, 2, 3)


@pytest.mark.parametrize("seed", [0, -1, 2**80])
def test_any_number_is_a_seed(seed: int) -> None:
    assert Randomisation.of(seed) == Randomisation.of(seed)


def test_without_the_packages_pillows_font_is_used_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def forget() -> None:
        for cached in (fonts.face, fonts._missing, _sized, _glyph, text_mask):
            cached.cache_clear()

    monkeypatch.setattr(fonts, "PACKAGES", tmp_path)
    forget()
    try:
        assert not fonts.installed("stock")
        assert fonts.installed("pillow")
        assert shown(None).size == SIZE
        assert "chakra-petch is not installed" in caplog.text
        assert Randomisation.of(1).family == "pillow"
    finally:
        monkeypatch.undo()
        forget()


@pytest.mark.parametrize("family", sorted(fonts.FAMILIES))
def test_digits_are_as_wide_as_the_games_in_every_font(family: str) -> None:
    mask = text_mask("2950", 25.0, True, family)
    assert mask.width == pytest.approx(74, abs=2)  # measured on real frames, without the dollar
    box = mask.point(lambda value: 255 * (value > 127)).getbbox()
    assert box is not None
    assert box[3] - box[1] == pytest.approx(25, abs=2)


def test_a_map_without_geometry_gets_other_backdrops() -> None:
    looks = {
        shown(replace(Randomisation.of(1), backdrop=number, noise=0.0)).getpixel((500, 150)) for number in range(4)
    }
    assert len(looks) == 4
