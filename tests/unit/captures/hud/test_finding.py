"""From what the network tells to where the HUD stands."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.captures.hud.finding import CELL, SIZE, closer, placement_of
from apps.captures.hud.fitting import Seen
from apps.captures.hud.groups import GROUPS, MARKS, Anchor
from apps.captures.hud.placing import Placement

GRID = (SIZE[1] // CELL, SIZE[0] // CELL)
Told = tuple[np.ndarray, np.ndarray, np.ndarray]


def told(unit: tuple[float, float], origin: tuple[float, float], size: tuple[int, int], seen: set[str]) -> Told:
    """What a network that never errs would tell of a HUD that stands whole in a picture."""
    heat = np.full((len(MARKS), *GRID), 0.01, np.float32)
    shift = np.zeros((len(MARKS), 2, *GRID), np.float32)
    for number, mark in enumerate(MARKS):
        x = (origin[0] + mark.at[0] * unit[0]) * SIZE[0] / size[0] / CELL
        y = (origin[1] + mark.at[1] * unit[1]) * SIZE[1] / size[1] / CELL
        row, column = int(y), int(x)
        if mark.name in seen and 0 <= row < GRID[0] and 0 <= column < GRID[1]:
            heat[number, row, column] = 0.9
            shift[number, :, row, column] = x - column - 0.5, y - row - 0.5
    scale = np.log([unit[0] * 1920 / size[0], unit[1] * 1080 / size[1]]).astype(np.float32)
    return heat, shift, scale


ALL = {mark.name for mark in MARKS}


@settings(max_examples=50, deadline=None)
@given(
    share=st.floats(0.6, 1.2),
    across=st.floats(0.75, 1.35),
    left=st.floats(0, 60),
    top=st.floats(0, 40),
)
def test_a_hud_is_placed_where_it_stands(share: float, across: float, left: float, top: float) -> None:
    unit = share * across, share
    size = round(1920 * unit[0] + 80), round(1080 * unit[1] + 50)
    placement = placement_of(*told(unit, (left, top), size, ALL), size)
    assert placement is not None
    assert placement.unit == pytest.approx(unit, rel=1e-4)
    for anchor in ("top", "bottom", "bottom_left", "bottom_right", "top_left", "middle"):
        assert placement.origins[anchor] == pytest.approx((left, top), abs=0.1), anchor


def test_a_wrong_idea_of_the_size_is_put_right_by_the_marks_themselves() -> None:
    heat, shift, scale = told((1.0, 1.0), (0, 0), (1920, 1080), ALL)
    placement = placement_of(heat, shift, scale + 0.04, (1920, 1080))
    assert placement is not None
    assert placement.unit[0] == pytest.approx(1.0, abs=0.003)
    for group in GROUPS:
        if group.name == "banner":
            continue  # far from every mark
        assert placement.box(group) == pytest.approx(group.box, abs=3), group.name


def test_a_part_that_is_not_seen_is_not_placed() -> None:
    placement = placement_of(*told((1, 1), (0, 0), (1920, 1080), ALL - {"money"}), (1920, 1080))
    assert placement is not None
    assert "bottom_left" not in placement.origins
    assert "bottom_right" in placement.origins


def test_no_marks_are_no_hud() -> None:
    assert placement_of(*told((1, 1), (0, 0), (1920, 1080), set()), (1920, 1080)) is None


def test_a_mark_that_contradicts_the_others_is_not_believed() -> None:
    heat, shift, scale = told((1.0, 1.0), (0, 0), (1920, 1080), ALL - {"primary"})
    number = next(number for number, mark in enumerate(MARKS) if mark.name == "primary")
    heat[number, 20, 20] = 0.95
    placement = placement_of(heat, shift, scale, (1920, 1080))
    assert placement is not None
    assert placement.origins["bottom_right"] == pytest.approx((0, 0), abs=0.5)


def looked_closer(name_off: tuple[float, float], seen: set[str] = ALL) -> Placement:
    """A HUD at (30, 20), twice its size, of which a closer look told everything right but where the place's name is."""
    origins: dict[Anchor, tuple[float, float]] = {mark.anchor: (30.0, 20.0) for mark in MARKS if mark.name in seen}
    rough = Placement((2.0, 2.0), origins)
    found: dict[Anchor, list[Seen]] = {}
    for mark in (mark for mark in MARKS if mark.name in seen):
        x, y = rough.at(mark)
        off = name_off if mark.name == "place" else (0.0, 0.0)
        found.setdefault(mark.anchor, []).append((0.9, mark.at, (x + 2 * off[0], y + 2 * off[1])))
    return closer(rough, found)


@settings(max_examples=30, deadline=None)
@given(across=st.floats(-19, 19), down=st.floats(-7, 7))
def test_a_name_seen_too_far_left_or_right_is_looked_for_below_its_radar(across: float, down: float) -> None:
    x, y = looked_closer((across, down)).origins["top_left"]
    assert x == pytest.approx(30, abs=0.5)
    assert y == pytest.approx(20 + 2 * down, abs=0.5)


def test_a_larger_radar_pushes_the_name_half_as_far_right_as_down() -> None:
    x, _ = looked_closer((10, 30)).origins["top_left"]
    assert x == pytest.approx(30 + 2 * 15, abs=0.5)


@pytest.mark.parametrize(("off", "seen"), [((40, 0), ALL), ((12, 0), ALL - {"money"})])
def test_a_name_far_from_its_radar_or_with_nothing_to_hold_on_to_stays_where_it_was_seen(
    off: tuple[float, float], seen: set[str]
) -> None:
    x, _ = looked_closer(off, seen).origins["top_left"]
    assert x == pytest.approx(30 + 2 * off[0], abs=0.5)


BOTTOM = {mark.name for mark in MARKS if mark.anchor == "bottom"}


def test_what_stands_at_the_bottom_is_looked_for_there_though_a_menu_hides_it() -> None:
    origins = looked_closer((0, 0), ALL - BOTTOM).origins
    assert origins["bottom"] == pytest.approx((30, 20), abs=0.5)
    assert origins["middle"] == pytest.approx((30, 20), abs=0.5)


def test_without_the_money_nobody_knows_how_low_the_bottom_is() -> None:
    assert "bottom" not in looked_closer((0, 0), ALL - BOTTOM - {"money"}).origins
