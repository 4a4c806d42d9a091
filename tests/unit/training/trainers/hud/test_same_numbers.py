"""What is trained with torch is what runs: the finder's numpy twin, and the layout of a tile's patches."""

import numpy as np
import torch

from apps.captures.hud import finding, looking_closer
from apps.captures.hud.groups import TILE
from apps.training.trainers.hud import reader_model
from apps.training.trainers.hud.batches import patches
from apps.training.trainers.hud.closer import Closer
from apps.training.trainers.hud.finder import Finder


def test_the_finder_says_the_same_without_torch() -> None:
    torch.manual_seed(3)
    network = Finder().eval()
    picture = np.random.default_rng(0).uniform(-1, 1, (3, finding.SIZE[1], finding.SIZE[0])).astype(np.float32)
    with torch.no_grad():
        heat, shift, scale = (part[0].numpy() for part in network(torch.from_numpy(picture)[None]))
    weights = {name: value.numpy() for name, value in network.state_dict().items()}
    told = finding.forward(weights, picture)
    np.testing.assert_allclose(told[0], 1 / (1 + np.exp(-heat)), atol=1e-4)
    np.testing.assert_allclose(told[1], shift, atol=1e-3)
    np.testing.assert_allclose(told[2], scale, atol=1e-3)


def test_the_second_look_says_the_same_without_torch() -> None:
    torch.manual_seed(3)
    network = Closer().eval()
    wide, high = looking_closer.LOOK
    window = np.random.default_rng(0).uniform(-1, 1, (3, high, wide)).astype(np.float32)
    with torch.no_grad():
        heat, shift = (part[0].numpy() for part in network(torch.from_numpy(window)[None]))
    weights = {name: value.numpy() for name, value in network.state_dict().items()}
    told = looking_closer.forward(weights, window)
    np.testing.assert_allclose(told[0], 1 / (1 + np.exp(-heat)), atol=1e-4)
    np.testing.assert_allclose(told[1], shift, atol=1e-3)


def test_tiles_reach_the_model_as_the_stock_processor_lays_them_out() -> None:
    tile = np.random.default_rng(1).integers(0, 256, (TILE[1], TILE[0], 3), dtype=np.uint8)
    stock = reader_model.processor().image_processor(images=[tile], return_tensors="pt")
    assert stock["image_grid_thw"].tolist() == [[1, TILE[1] // 16, TILE[0] // 16]]
    twice = stock["pixel_values"].unflatten(1, (3, 2, 256))  # colour, time, pixel
    for time in (0, 1):
        torch.testing.assert_close(patches(tile[None]), twice[:, :, time].flatten(1), atol=1e-5, rtol=0)
