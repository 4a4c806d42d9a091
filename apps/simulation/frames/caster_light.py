"""Sun and shade of a layout: how bright each side of a block is, and where the sun does not reach."""

from dataclasses import dataclass

import numpy as np

from apps.simulation.frames.caster import Scene

SUN = (0.42, -0.26, 0.87)  # towards the sun
CELL = 4.0  # units of the shadow map
# How far (in z) a point may be below the shadow map without being in shadow, by the axis its side stands on: on a wall
# one cell of the map spans many units of height.
BIAS = np.array([CELL / (SUN[0] / SUN[2]) + 4, CELL / (-SUN[1] / SUN[2]) + 4, 5.0], np.float32)
_MOST_CELLS = 1600  # along one side; a larger map gets larger cells
# Brightness (0–1) without and with the sun, for (axis, negative | positive side).
AMBIENT = np.array([[0.47, 0.52], [0.54, 0.49], [0.34, 0.58]], np.float32)
SUNLIT = np.array([[0.0, 0.36], [0.30, 0.0], [0.0, 0.42]], np.float32)


@dataclass(frozen=True)
class Shadows:
    """``height[row, column]``: how high the sun's ray through that spot of the level z = 0 first meets a block."""

    low_x: float
    low_y: float
    cell: float
    height: np.ndarray

    def lit(self, x: np.ndarray, y: np.ndarray, z: np.ndarray, bias: np.ndarray) -> np.ndarray:
        """Whether the sun reaches these points; ``bias`` is that of the axis (``BIAS``) their sides stand on."""
        columns = self._cells(x, z, SUN[0] / SUN[2], self.low_x, self.height.shape[1])
        rows = self._cells(y, z, SUN[1] / SUN[2], self.low_y, self.height.shape[0])
        rows *= self.height.shape[1]
        rows += columns
        return np.asarray(z + bias > self.height.ravel().take(rows))

    def _cells(self, place: np.ndarray, z: np.ndarray, lean: float, low: float, count: int) -> np.ndarray:
        spot = place - z * np.float32(lean)
        spot -= np.float32(low)
        spot *= np.float32(1 / self.cell)
        return np.clip(spot.astype(np.int32), 0, count - 1)


def shadows_of(scene: Scene) -> Shadows:
    """Every block pressed along the sun's rays onto the level z = 0."""
    lean = np.array([SUN[0] / SUN[2], SUN[1] / SUN[2]])
    ends = [corner[:, :2] - level[:, None] * lean for corner in (scene.low, scene.high) for level in _levels(scene)]
    low, high = np.min([end.min(0) for end in ends], 0) - 16, np.max([end.max(0) for end in ends], 0) + 16
    cell = max(CELL, float((high - low).max()) / _MOST_CELLS)
    size = np.ceil((high - low) / cell).astype(int) + 1
    height = np.full((size[1], size[0]), -1e6, np.float32)
    for number in range(len(scene.low)):
        _press(height, scene.low[number], scene.high[number], low, cell, lean)
    return Shadows(float(low[0]), float(low[1]), cell, height)


def _levels(scene: Scene) -> tuple[np.ndarray, np.ndarray]:
    return scene.low[:, 2], scene.high[:, 2]


def _press(
    height: np.ndarray, low: np.ndarray, high: np.ndarray, origin: np.ndarray, cell: float, lean: np.ndarray
) -> None:
    """The highest z at which the ray (s + z·lean, z) is inside the block, for every spot s."""
    first = np.minimum(low[:2] - low[2] * lean, low[:2] - high[2] * lean)
    last = np.maximum(high[:2] - low[2] * lean, high[:2] - high[2] * lean)
    left, bottom = np.maximum(np.floor((first - origin) / cell).astype(int), 0)
    right, top = np.ceil((last - origin) / cell).astype(int) + 1
    spots_x = origin[0] + (np.arange(left, min(right, height.shape[1])) + 0.5) * cell
    spots_y = origin[1] + (np.arange(bottom, min(top, height.shape[0])) + 0.5) * cell
    enter_x, leave_x = _within(spots_x, low[0], high[0], lean[0])
    enter_y, leave_y = _within(spots_y, low[1], high[1], lean[1])
    leave = np.minimum(np.minimum(leave_x[None, :], leave_y[:, None]), high[2])
    enter = np.maximum(np.maximum(enter_x[None, :], enter_y[:, None]), low[2])
    window = height[bottom : bottom + len(spots_y), left : left + len(spots_x)]
    np.maximum(window, np.where(leave >= enter, leave, -1e6).astype(np.float32), out=window)


def _within(spots: np.ndarray, low: float, high: float, lean: float) -> tuple[np.ndarray, np.ndarray]:
    """Between which z the ray's coordinate s + z·lean is between ``low`` and ``high``."""
    ends = (low - spots) / lean, (high - spots) / lean
    return np.minimum(*ends), np.maximum(*ends)
