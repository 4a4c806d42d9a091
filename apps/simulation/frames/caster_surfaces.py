"""The patterns of the surfaces: brightness tiles of one texel per unit, at every size the distance asks for."""

from functools import lru_cache

import numpy as np

from apps.simulation.frames.caster import SURFACES
from apps.simulation.layouts.layout import Surface

SIDE = 256
LEVELS = 8  # 256 … 2 texels a side
LUMA = 64  # steps of brightness
# From the darkest to the brightest of the pattern.
COLOURS: dict[Surface, tuple[tuple[int, int, int], tuple[int, int, int]]] = {
    Surface.GROUND: ((92, 84, 72), (206, 190, 164)),
    Surface.PLASTER: ((150, 112, 70), (244, 218, 172)),
    Surface.BRICK: ((104, 62, 46), (224, 158, 118)),
    Surface.CONCRETE: ((92, 94, 94), (206, 206, 200)),
    Surface.WOOD: ((66, 44, 26), (184, 140, 92)),
    Surface.METAL: ((48, 66, 74), (142, 164, 170)),
}


def _noise(rng: np.random.Generator, cells: int) -> np.ndarray:
    """Smooth noise between −1 and 1 that repeats at the tile's edge."""
    grid = rng.uniform(-1, 1, (cells, cells))
    place = np.arange(SIDE) * cells / SIDE
    low = place.astype(int)
    share = place - low
    share = share * share * (3 - 2 * share)
    high = (low + 1) % cells
    rows = grid[low] * (1 - share)[:, None] + grid[high] * share[:, None]
    return np.asarray(rows[:, low] * (1 - share)[None, :] + rows[:, high] * share[None, :])


def _grain(rng: np.random.Generator) -> np.ndarray:
    layers = [(4, 0.45), (16, 0.3), (64, 0.25)]
    return np.asarray(sum(weight * _noise(rng, cells) for cells, weight in layers))


def _tile(surface: Surface) -> np.ndarray:
    """Brightness 0 … 1, (SIDE, SIDE), rows downwards."""
    rng = np.random.default_rng(SURFACES.index(surface) + 11)
    grain, speck = _grain(rng), rng.uniform(-1, 1, (SIDE, SIDE))
    row, column = np.mgrid[0:SIDE, 0:SIDE]
    tile = 0.62 + 0.22 * grain + 0.05 * speck
    if surface is Surface.GROUND:
        shift = (column + row // 64 % 2 * 32) % SIDE
        stone = (row // 64 + shift // 64 * 3) * 7 % 5 / 5
        joint = ((row % 64 < 2) | (shift % 64 < 2)).astype(float)
        tile += 0.16 * (stone - 0.5) - 0.26 * joint
    elif surface is Surface.PLASTER:
        flaked = _noise(rng, 8) + 0.5 * _noise(rng, 32)
        tile += 0.1 - 0.2 * (flaked > 0.62) - 0.05 * (np.abs(flaked - 0.6) < 0.05)
        tile -= 0.18 * np.clip((row - 200) / 56, 0, 1) ** 2
    elif surface is Surface.BRICK:
        course = row // 16
        shift = (column + course % 2 * 16) % SIDE
        each = ((course * 13 + shift // 32 * 7) * 2654435761 >> 7) % 16 / 16
        joint = (row % 16 < 2) | (shift % 32 < 2)
        tile += 0.3 * (each - 0.5)
        tile = np.where(joint, 0.95 + 0.1 * speck, tile - 0.1)
    elif surface is Surface.CONCRETE:
        joint = (row % 128 < 2) | (column % 128 < 2)
        hole = ((row % 64 - 32) ** 2 + (column % 64 - 32) ** 2) < 6
        tile = tile - 0.22 * joint - 0.25 * hole
    elif surface is Surface.WOOD:
        plank = column // 32
        veins = np.sin((column % 32) * 0.45 + 4 * _noise(rng, 16) + plank * 2.1)
        frame = (row % 128 < 14) | (column % 128 < 8)
        tile = 0.5 + 0.08 * veins + 0.12 * grain + 0.14 * (plank * 5 % 3 - 1) - 0.3 * (column % 32 < 2)
        tile = np.where(frame, tile * 0.6 + 0.28, tile)
    elif surface is Surface.METAL:
        ribs = np.sin(column * 2 * np.pi / 16)
        rust = np.clip(_noise(rng, 8) + 0.4 * _noise(rng, 32) - 0.5, 0, 1)
        tile = 0.6 + 0.2 * ribs + 0.1 * grain - 0.4 * rust - 0.25 * (row % 128 < 3)
    return np.clip(tile, 0, 1)


@lru_cache(maxsize=1)
def atlas() -> tuple[np.ndarray, np.ndarray]:
    """All tiles at all sizes in one flat array of brightness steps (uint8), and where (surface, level) begins in it."""
    parts: list[np.ndarray] = []
    starts = np.zeros((len(SURFACES), LEVELS), np.int32)
    length = 0
    for number, surface in enumerate(SURFACES):
        tile = _tile(surface)
        for level in range(LEVELS):
            starts[number, level] = length
            parts.append(np.rint(tile * (LUMA - 1)).astype(np.uint8).ravel())
            length += tile.size
            tile = tile.reshape(tile.shape[0] // 2, 2, tile.shape[1] // 2, 2).mean((1, 3))
    return np.concatenate(parts), starts
