"""A frame, its tile and its reading in one picture."""

import pytest
from PIL import Image

from apps.captures.hud.groups import TILE
from apps.captures.hud.placing import Placement, pack
from apps.captures.hud.readings import FIELDS
from apps.training.trainers.hud.labels import ANCHORS
from apps.training.trainers.hud.picture import GAP, WIDTH, compose


@pytest.mark.parametrize("size", [(1920, 1080), (640, 480), (2560, 1080)])
@pytest.mark.parametrize("found", [True, False])
def test_frame_tile_and_reading_stand_beside_each_other(size: tuple[int, int], found: bool) -> None:
    image = Image.radial_gradient("L").convert("RGB").resize(size)
    placement = Placement((1.0, 1.0), dict.fromkeys(ANCHORS, (0.0, 0.0))) if found else None
    whole = compose(image, placement, {**dict.fromkeys(FIELDS), "health": 87, "helmet": True, "place": "Top of Mid"})
    left = WIDTH + 2 * GAP
    tile = whole.crop((left, GAP, left + TILE[0], GAP + TILE[1]))
    assert tile.tobytes() == pack(image, placement).tobytes(), "as the model sees it, to the pixel"
    words = whole.crop((left, GAP + TILE[1], whole.width, whole.height))
    assert len(words.getcolors(100_000) or []) > 2, "something is written there"
