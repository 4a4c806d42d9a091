"""What bullets go through on the way between two points."""

import numpy as np
import pytest

from apps.simulation.layouts.layout import Area, Box, Layout, Radar, Surface
from apps.simulation.match.ground import Ground

BOXES = (
    Box((-1000, -1000, -16), (1000, 1000, 0), Surface.GROUND),
    Box((100, -50, 0), (150, 50, 80), Surface.WOOD),
    Box((200, -50, 0), (250, 50, 80), Surface.WOOD),
    Box((-150, -50, 0), (-100, 50, 80), Surface.BRICK),
)


@pytest.fixture
def ground() -> Ground:
    area = Area((-900.0, -900.0), (900.0, 900.0), 0.0, "Middle")
    spawns = tuple((float(x), 0.0, 0.0, 0.0) for x in range(5))
    return Ground(Layout("de_test", BOXES, (area,), (), spawns, spawns, (0,), (0,), (0,), (0,), Radar(0, 0, 1)))


@pytest.mark.parametrize(
    ("end", "boxes"),
    [
        ((50, 0, 45), 0),
        ((175, 0, 45), 1),
        ((400, 0, 45), 2),
        ((125, 0, 45), 1),  # inside
        ((400, 0, 300), 0),  # above them all
        ((-400, 0, 45), None),
        ((0, 0, -40), None),
        ((0, 500, 45), 0),  # along an axis
    ],
)
def test_wood_lets_bullets_through_and_stone_does_not(
    ground: Ground, end: tuple[float, float, float], boxes: int | None
) -> None:
    assert ground.wooden_boxes(np.array([0.0, 0.0, 45.0]), np.array(end, dtype=float)) == boxes
