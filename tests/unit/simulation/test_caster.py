"""Rays meet what stands in their way, and nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.simulation.frames.caster import NOTHING, Scene, cast
from apps.simulation.frames.caster_edges import edges
from apps.simulation.frames.caster_light import BIAS, SUN, shadows_of
from apps.simulation.frames.lens import Lens
from apps.simulation.layouts.layout import Box, Layout, Radar, Surface
from apps.simulation.playback import Camera

GROUND = Box((-1000.0, -1000.0, -32.0), (1000.0, 1000.0, 0.0), Surface.GROUND)


def layout(*boxes: Box, name: str = "de_hand") -> Layout:
    return Layout(name, boxes, (), (), (), (), (), (), (), (), Radar(0, 0, 4))


def met(lens: Lens, scene: Scene, column: int, row: int) -> tuple[float, int]:
    """The nearest block a single ray meets, tried block by block and side by side."""
    across, down = lens.leans()
    ray = [lens.ahead[part] + across[column] * lens.right[part] - down[row] * lens.up[part] for part in range(3)]
    best, which = float(NOTHING), -1
    for number, (low, high) in enumerate(zip(scene.low, scene.high, strict=True)):
        enter, leave = -np.inf, np.inf
        for part in range(3):
            step = ray[part] if abs(ray[part]) > 1e-7 else 1e-7
            ends = sorted(((low[part] - lens.eye[part]) / step, (high[part] - lens.eye[part]) / step))
            enter, leave = max(enter, ends[0]), min(leave, ends[1])
        if 0 < enter <= leave and enter < best:
            best, which = enter, number
    return best, which


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(-180, 180), st.floats(-60, 60))
def test_every_ray_meets_the_nearest_block(seed: int, yaw: float, pitch: float) -> None:
    rng = np.random.default_rng(seed)
    corners = rng.uniform(-600, 600, (12, 3))
    blocks = [Box(tuple(corner), tuple(corner + rng.uniform(10, 300, 3))) for corner in corners]
    scene = Scene.of(layout(GROUND, *blocks))
    x, y = rng.uniform(-700, 700, 2)
    lens = Lens(Camera(x, y, 64.0, pitch, yaw), 32, 18)
    found = cast(scene, lens)
    for column, row in rng.integers(0, (32, 18), (25, 2)):
        depth, number = met(lens, scene, column, row)
        assert found.depth[row, column] == pytest.approx(depth, rel=1e-3)
        if number < 0:
            assert found.side[row, column] == -1


def test_edges_are_as_sharp_as_if_every_pixel_had_its_ray() -> None:
    blocks = [Box((300.0, y, 0.0), (360.0, y + 70.0, 40.0 + 0.2 * y)) for y in (-300.0, -120.0, 0.0, 110.0, 260.0)]
    scene = Scene.of(layout(GROUND, *blocks))
    lens = Lens(Camera(0.0, 20.0, 64.0, 3.0, 7.0), 160, 90)
    coarse, fine = cast(scene, lens), cast(scene, lens.sized(320, 180))
    sharp = edges(scene, coarse, lens)
    asked = np.zeros(fine.side.shape, bool)
    asked[sharp.rows, sharp.columns] = True
    assert 0.01 < asked.mean() < 0.3
    there = fine.side[sharp.rows, sharp.columns]
    assert (sharp.found.side[0] == there).mean() > 0.99
    assert np.all(np.repeat(np.repeat(coarse.side, 2, 0), 2, 1)[~asked] == fine.side[~asked])


def test_an_empty_place_is_all_sky() -> None:
    found = cast(Scene.of(layout(GROUND)), Lens(Camera(0, 0, 5000.0, -80.0, 0.0), 32, 18))
    assert np.all(found.side == -1)
    assert np.all(found.depth == NOTHING)


def test_a_block_throws_its_shadow_away_from_the_sun() -> None:
    tower = Box((-50.0, -50.0, 0.0), (50.0, 50.0, 200.0))
    shadows = shadows_of(Scene.of(layout(GROUND, tower)))

    def lit(x: float, y: float) -> bool:
        spot = np.array([[x], [y], [0.0]], np.float32)
        return bool(shadows.lit(spot[0], spot[1], spot[2], BIAS[2:])[0])

    away = -SUN[0] / SUN[2] * 100, -SUN[1] / SUN[2] * 100
    assert not lit(away[0] - 50, away[1])
    assert lit(-away[0] + 60, -away[1])
    assert lit(500.0, 500.0)
