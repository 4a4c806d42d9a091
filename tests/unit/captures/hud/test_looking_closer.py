"""The second look puts right what the first one missed by some pixels."""

import random

import numpy as np
import pytest

from apps.captures.hud.finding import closer
from apps.captures.hud.groups import MARKS, Mark
from apps.captures.hud.looking_closer import marks_near, windows
from apps.captures.hud.placing import Placement
from apps.simulation.frames.randomisation import Randomisation
from apps.simulation.hudsamples import scenery
from apps.simulation.hudsamples.facts import made_up
from apps.simulation.hudsamples.write import picture

ORIGINS = {mark.anchor: (0.0, 0.0) for mark in MARKS}


def test_a_window_stands_around_its_mark_and_grows_with_the_hud() -> None:
    placement = Placement((2.0, 1.0), {"top": (10.0, 5.0)})
    found = {mark.name: box for _, mark, box in windows(placement)}
    assert found == {"clock": (1834.0, -7.0, 2026.0, 57.0), "scores": (1834.0, 28.0, 2026.0, 92.0)}


def test_an_anchor_that_the_second_look_missed_stays_where_it_was() -> None:
    rough = Placement((1.02, 1.02), ORIGINS)
    seen = [(0.9, mark.at, mark.at) for mark in MARKS if mark.anchor == "bottom"]
    better = closer(rough, {"bottom": seen})
    assert better.unit[0] == pytest.approx(1.0, abs=0.001)
    for _, at, point in seen:
        assert better.at(Mark("", "bottom", at)) == pytest.approx(point, abs=0.5)
    money = next(mark for mark in MARKS if mark.name == "money")
    assert better.at(money) == pytest.approx(rough.at(money))


def test_marks_of_drawn_huds_are_found_within_pixels_from_a_wrong_start() -> None:
    views = scenery.views(4, seed=5)
    away = []
    for number in range(24):
        dice = random.Random(f"closer:{number}")
        image, line = picture(made_up(dice), Randomisation.of(number), dice, views, hudless=0.0)
        truth = Placement(tuple(line["unit"]), {name: tuple(at) for name, at in line["origins"].items()})
        wrong = {name: (x + 8 * truth.unit[0], y - 6 * truth.unit[1]) for name, (x, y) in truth.origins.items()}
        start = Placement(
            (truth.unit[0] * 1.01, truth.unit[1] * 0.99), {"top": wrong["top"], "bottom": wrong["bottom"]}
        )
        for seen in marks_near(image, start).values():
            for _, at, point in seen:
                mark = next(mark for mark in MARKS if mark.at == at)
                away.append(max(abs(a - b) for a, b in zip(truth.at(mark), point, strict=True)) / truth.unit[1])
    assert len(away) >= 48  # clock and scores of each, at least
    assert np.median(away) <= 2
    assert np.mean([far <= 5 for far in away]) >= 0.85
