"""A frame of which a reading is unsure is looked at again from slightly beside."""

from typing import Any

import numpy as np
from PIL import Image

from apps.captures.hud.placing import Placement
from apps.training.trainers.hud.read import NUDGES, UNSURE, Read, readings
from tests.unit.training.trainers.hud.values import VALUES

PLACE = Placement((1.0, 1.0), {})


class Eyes:
    """Reads what it is told to, tile by tile, and keeps how many tiles each look had."""

    def __init__(self, *looks: Read) -> None:
        self.looks, self.asked = list(looks), []

    def read(self, tiles: list[Image.Image]) -> list[Read]:
        self.asked.append(len(tiles))
        told, self.looks = self.looks[: len(tiles)], self.looks[len(tiles) :]
        return told


def frames(count: int) -> list[Image.Image]:
    dice = np.random.default_rng(0)
    return [Image.fromarray(dice.integers(0, 256, (90, 160, 3)).astype(np.uint8)) for _ in range(count)]


def seen(**told: Any) -> dict[str, Any]:
    return VALUES | told


def test_who_is_sure_is_not_asked_again() -> None:
    eyes: Any = Eyes((seen(), 1.0), (seen(clip=1), UNSURE))
    assert readings(eyes, frames(2), [PLACE, PLACE]) == [seen(), seen(clip=1)]
    assert eyes.asked == [2]


def test_most_of_three_looks_decide_where_the_first_left_a_doubt() -> None:
    again = [(seen(clip=7, place="Pit"), 0.99), (seen(clip=7), 0.4), (None, 0.1), (seen(health=1), 1.0)]
    eyes: Any = Eyes((seen(), 0.5), (seen(), 1.0), (None, 0.2), *again)
    assert readings(eyes, frames(3), [PLACE] * 3) == [seen(clip=7), seen(), seen(health=1)]
    assert eyes.asked == [3, 2 * len(NUDGES)]


def test_where_no_hud_was_found_there_is_nothing_beside_it() -> None:
    eyes: Any = Eyes((seen(phase="other"), 0.1))
    assert readings(eyes, frames(1), [None]) == [seen(phase="other")]
    assert eyes.asked == [1]
