"""Groups alone, drawn out of a pool of frames."""

import json
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from apps.captures.hud.groups import GROUPS, MARGIN, OVERVIEW, Group
from apps.training.trainers.hud.excerpts import TOLD
from apps.training.trainers.hud.pool import Pool
from tests.unit.training.trainers.hud.values import VALUES

PLACES = [*["Long A"] * 30, "Ske", None]


@pytest.fixture
def pool(tmp_path: Path) -> Pool:
    """Frames of which thirty tell one place, one another and one none; a group's pixels tell its frame's row."""
    rows = np.arange(len(PLACES), dtype=np.uint8)[:, None, None, None]
    for name, (width, height) in {group.name: group.size for group in GROUPS}.items():
        shape = len(PLACES), height + 2 * MARGIN, width + 2 * MARGIN, 3
        np.save(tmp_path / f"{name}.npy", np.broadcast_to(rows, shape))
    np.save(tmp_path / "overview.npy", np.broadcast_to(rows, (len(PLACES), OVERVIEW[3], OVERVIEW[2], 3)))
    there = [group.name for group in GROUPS]
    lines = [VALUES | {"place": place, "groups": there, "held_out": False} for place in PLACES]
    (tmp_path / "values.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return Pool(tmp_path)


@pytest.mark.parametrize("group", [group for group in GROUPS if group.name in TOLD], ids=lambda group: group.name)
def test_a_group_comes_with_its_own_frames_values_and_letters(pool: Pool, group: Group) -> None:
    dice = random.Random(0)
    if group.name == "pistol":  # all of these frames have a rifle in hand
        assert pool.lettered(group) == []
        return
    for _ in range(20):
        part, values, letters = pool.excerpt(dice, group)
        assert part.shape == (group.size[1], group.size[0], 3)
        row = int(part[0, 0, 0])
        assert (part == row).all()
        assert values["place"] == PLACES[row]
        assert letters


def test_a_rare_name_is_drawn_far_more_often_than_frames_show_it(pool: Pool) -> None:
    dice, place = random.Random(0), next(group for group in GROUPS if group.name == "place")
    told = Counter(pool.excerpt(dice, place)[1]["place"] for _ in range(400))
    assert told.keys() == {"Long A", "Ske"}, "where no name is shown there is nothing to read"
    assert 60 < told["Ske"] < 160, "half of them by name, of which there are two"
