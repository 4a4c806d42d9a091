"""The tile that a reader of the HUD looks at shows each group where it should, whatever the screen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from apps.captures.hud.groups import GROUPS, OVERVIEW, TILE
from apps.captures.hud.placing import SHADE, SUNNY, Placement, cut, grown, pack, shaded

ANCHORS = {group.anchor for group in GROUPS}
COLOURS = [(40 + 15 * number, 255 - 16 * number, (90 * number) % 256) for number in range(len(GROUPS))]


def screen(placement: Placement, size: tuple[int, int]) -> Image.Image:
    """A picture with each group painted in a colour of its own; small ones last, since groups overlap."""
    image = Image.new("RGB", size)
    draw = ImageDraw.Draw(image)
    for group, colour in zip(GROUPS, COLOURS, strict=True):
        box = placement.box(group)
        assert box is not None
        draw.rectangle(box, fill=colour)
    return image


@pytest.mark.parametrize("unit", [(1.0, 1.0), (2 / 3, 2 / 3), (4 / 3, 4 / 3), (0.875, 0.97), (1.1, 1.1)])
def test_every_group_lands_in_its_place(unit: tuple[float, float]) -> None:
    origin = (17.0, 9.0)
    placement = Placement(unit, dict.fromkeys(ANCHORS, origin))
    size = round(1920 * unit[0] + 40), round(1080 * unit[1] + 30)
    for group, colour in zip(GROUPS, COLOURS, strict=True):
        image = Image.new("RGB", size)
        box = placement.box(group)
        assert box is not None
        ImageDraw.Draw(image).rectangle(box, fill=colour)
        tile = pack(image, placement)
        middle = group.at[0] + group.size[0] // 2, group.at[1] + group.size[1] // 2
        assert tile.getpixel(middle) == pytest.approx(colour, abs=3), group.name


def test_a_placement_moves_by_pixels_of_the_hud_and_finds_no_more_than_before() -> None:
    group = GROUPS[0]
    place = Placement((2.0, 0.5), {group.anchor: (10.0, 20.0)})
    moved = place.moved(1.5, -4.0)
    before, after = place.box(group), moved.box(group)
    assert before is not None
    assert after == pytest.approx((before[0] + 3, before[1] - 2, before[2] + 3, before[3] - 2))
    assert all(moved.box(other) is None for other in GROUPS if other.anchor != group.anchor)


def test_groups_do_not_cover_each_other_in_the_tile() -> None:
    taken = Image.new("L", TILE)
    boxes = [(*group.at, *group.size) for group in GROUPS] + [OVERVIEW]
    for left, top, width, height in boxes:
        assert left + width <= TILE[0]
        assert top + height <= TILE[1]
        assert left % 32 == top % 32 == width % 32 == height % 32 == 0, "an image token sees 32 pixels"
        assert taken.crop((left, top, left + width, top + height)).getbbox() is None
        taken.paste(255, (left, top, left + width, top + height))


def test_what_was_not_found_stays_black_and_the_whole_picture_is_shown_small() -> None:
    white = Image.new("RGB", (1280, 720), "white")
    tile = pack(white, Placement((2 / 3, 2 / 3), {"top": (0.0, 0.0)}))
    for group in GROUPS:
        middle = group.at[0] + group.size[0] // 2, group.at[1] + group.size[1] // 2
        expected = 255 if group.anchor == "top" else 0
        assert tile.getpixel(middle) == (expected,) * 3, group.name
    left, top, width, height = OVERVIEW
    assert pack(white, None).getpixel((left + width // 2, top + height // 2)) == (255, 255, 255)


@settings(max_examples=60, deadline=None)
@given(
    left=st.floats(-3000, 3000),
    top=st.floats(-3000, 3000),
    width=st.floats(0.5, 2500),
    height=st.floats(0.5, 2500),
)
def test_a_box_anywhere_gives_a_part_of_the_asked_size(left: float, top: float, width: float, height: float) -> None:
    image = Image.new("RGB", (320, 180), "white")
    part = cut(image, (left, top, left + width, top + height), (64, 32))
    assert part.size == (64, 32)
    if left + width < 0 or top + height < 0 or left > 320 or top > 180:
        assert part.getbbox() is None


def test_a_margin_shows_the_same_scale() -> None:
    group = GROUPS[0]
    larger, size = grown(group, (912.0, 4.0, 1008.0, 36.0), 8)
    assert larger == (904.0, -4.0, 1016.0, 44.0)
    assert size == (group.size[0] + 16, group.size[1] + 16)


def shining(word: tuple[int, int, int], wall: tuple[int, int, int]) -> np.ndarray:
    """A bar of a word's light before a wall, as the game puts the two together."""
    part = np.empty((32, 160, 3), np.uint8)
    part[:] = wall
    part[8:24, 40:60] = [round(255 - (255 - a) * (255 - b) / 255) for a, b in zip(word, wall, strict=True)]
    return part


@settings(max_examples=60, deadline=None)
@given(
    word=st.sampled_from([(157, 202, 247), (231, 193, 92), (248, 250, 252)]),
    wall=st.tuples(*[st.integers(0, 250)] * 3),
)
def test_words_before_a_sunny_wall_are_put_before_a_darker_one(
    word: tuple[int, int, int], wall: tuple[int, int, int]
) -> None:
    part = shining(word, wall)
    seen = shaded(part)
    if sum(wall) / 3 < SUNNY:
        assert seen is part
    elif max(wall) < 235:  # nearer to white nothing of the word's light is left
        assert abs(int(seen[0, 0, 0]) - SHADE) <= 1
        assert seen[16, 50].min() >= SHADE + 50
