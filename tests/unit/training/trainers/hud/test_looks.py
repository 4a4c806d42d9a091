"""How tiles are changed for training: what stands in them stays readable."""

import random

import numpy as np
import pytest

from apps.training.trainers.hud.looks import set_before, wired


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
