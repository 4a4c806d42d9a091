"""How tiles are changed for training: what stands in them stays readable."""

import random

import numpy as np
import pytest

from apps.captures.hud.groups import GROUPS
from apps.captures.hud.placing import SUNNY
from apps.training.trainers.hud.looks import Looks, set_before, wired


@pytest.mark.parametrize("ground", [0, 40, 130, 220])
def test_cables_run_behind_words_and_not_over_them(ground: int) -> None:
    part = np.full((32, 160, 3), ground, np.uint8)
    part[8:24, 20:140:8] = 255
    word = part == 255
    changed = [wired(part, random.Random(number)) for number in range(40)]
    assert all((one[word] == 255).all() for one in changed), "white words hide what is behind them"
    moved = [np.abs(one[~word].astype(int) - ground).mean() for one in changed]
    assert sum(moved) / len(moved) > 5
    assert min(moved) < 5, "some are a single thin line"


def test_words_stay_before_another_view_and_what_was_behind_them_goes() -> None:
    dice, rows = random.Random(1), np.random.default_rng(1)
    part = np.full((32, 160, 3), 90, np.uint8)
    part[8:24, 20:140:8] = 255
    word = part == 255
    scene = rows.integers(0, 256, (64, 192, 3)).astype(np.uint8)
    changed = [set_before(part, scene, dice) for _ in range(20)]
    assert all((one[word] == 255).all() for one in changed)
    assert min(np.abs(one[~word].astype(int) - 90).mean() for one in changed) > 10


def test_a_group_alone_looks_as_groups_of_tiles_do() -> None:
    """Sometimes another view, always other light, and shaded last as the packed tile of a frame is."""
    rows = np.random.default_rng(2)
    scenes = rows.integers(0, 256, (4, 64, 192, 3)).astype(np.uint8)
    looks = Looks(random.Random(2), scenes)
    for group in GROUPS:
        part = rows.integers(0, 256, (group.size[1], group.size[0], 3)).astype(np.uint8)
        given = part.copy()
        seen = [looks.part(part, group) for _ in range(10)]
        assert (part == given).all()
        assert all(one.shape == part.shape and one.dtype == np.uint8 for one in seen)
        assert len({one.tobytes() for one in seen}) == 10
        if group.shaded:
            bright = np.full_like(part, 250)
            walls = [np.median(looks.part(bright, group), axis=(0, 1)).mean() for _ in range(20)]
            assert max(walls) < SUNNY, "no light is laid upon what was shaded"
