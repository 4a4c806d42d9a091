"""The finder that comes with the project, on HUDs that were drawn for this test, in all sizes and shapes."""

import random

import pytest
from PIL import Image

from apps.captures.hud.finding import find
from apps.captures.hud.groups import GROUPS
from apps.captures.hud.placing import Placement
from apps.simulation.frames.randomisation import Randomisation
from apps.simulation.hudsamples import scenery
from apps.simulation.hudsamples.facts import made_up
from apps.simulation.hudsamples.write import picture

SAMPLES = 24
ALWAYS = ("clock", "scores", "money")  # are there in every phase
NEAR = 8.0  # pixels of the HUD


@pytest.fixture(scope="module")
def views() -> list[Image.Image]:
    return scenery.views(4, seed=5)


@pytest.fixture(scope="module")
def distances(views: list[Image.Image]) -> list[float]:
    """How far each group that is always there was found from its place, over all samples; 99 for not at all."""
    found = []
    for number in range(SAMPLES):
        dice = random.Random(f"unseen:{number}")
        image, line = picture(made_up(dice), Randomisation.of(number), dice, views, hudless=0.0)
        truth = Placement(tuple(line["unit"]), {name: tuple(at) for name, at in line["origins"].items()})
        told = find(image)
        for group in (group for group in GROUPS if group.name in ALWAYS):
            away, box = truth.box(group), told.box(group) if told else None
            assert away is not None
            found.append(
                99.0 if box is None else max(abs(a - b) for a, b in zip(away, box, strict=True)) / truth.unit[1]
            )
    return found


def test_nearly_all_are_found_where_they_are(distances: list[float]) -> None:
    near = sum(away <= NEAR for away in distances)
    assert near >= 0.85 * len(distances), sorted(distances)[-12:]


def test_a_picture_without_a_hud_is_not_read_as_one(views: list[Image.Image]) -> None:
    found = [find(scenery.behind(views, (1280, 720), random.Random(number))) for number in range(6)]
    assert sum(placement is not None for placement in found) <= 1


@pytest.mark.parametrize("part", [(0, 0, 1, 0.5), (0, 0.5, 1, 1), (0, 0, 0.5, 1), (0.5, 0, 1, 1), (0, 0.7, 1, 1)])
def test_half_a_screenshot_is_not_read_as_a_whole_one(
    views: list[Image.Image], part: tuple[float, float, float, float]
) -> None:
    dice = random.Random("half")
    image, _ = picture(made_up(dice), Randomisation.of(1), dice, views, hudless=0.0)
    sizes = (image.width, image.height) * 2
    assert find(image) is not None
    assert find(image.crop(tuple(round(share * size) for share, size in zip(part, sizes, strict=True)))) is None  # type: ignore[arg-type]
