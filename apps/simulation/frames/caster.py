"""Which block of a layout every ray of the camera meets first, and how far away.

Rays lean ``across`` and ``down`` for one unit ahead, so a distance here is the depth along the line of sight. Blocks
are drawn from near to far, each only inside its rectangle on the picture, and not at all where everything is nearer.
"""

import math
from dataclasses import dataclass

import numpy as np

from apps.simulation.frames.lens import Lens
from apps.simulation.layouts.layout import Layout, Surface

NEAR = 2.0
NOTHING = np.float32(1e6)  # the depth of the sky
SURFACES = list(Surface)
_CORNERS = np.array([[i & 1, i >> 1 & 1, i >> 2] for i in range(8)], bool)
_EDGES = np.array([(a, a | bit) for a in range(8) for bit in (1, 2, 4) if not a & bit])


@dataclass(frozen=True)
class Scene:
    """A layout as arrays: ``low`` and ``high`` (boxes, 3), ``surface`` (boxes,) into ``SURFACES``."""

    name: str
    low: np.ndarray
    high: np.ndarray
    surface: np.ndarray
    sky: tuple[int, int, int]

    @classmethod
    def of(cls, layout: Layout) -> "Scene":
        return cls(
            layout.name,
            np.array([box.low for box in layout.boxes], np.float32).reshape(-1, 3),
            np.array([box.high for box in layout.boxes], np.float32).reshape(-1, 3),
            np.array([SURFACES.index(box.surface) for box in layout.boxes], np.int16),
            layout.sky,
        )


@dataclass(frozen=True)
class Cast:
    """Per ray: ``depth`` (``NOTHING`` is sky) and ``side``: 3 × the number of the block met + the axis that side stands
    on (−1 is none)."""

    depth: np.ndarray
    side: np.ndarray
    x: np.ndarray  # how far a ray goes along x, y and z per unit of depth; z is the same for a whole row
    y: np.ndarray
    z: np.ndarray


def cast(scene: Scene, lens: Lens) -> Cast:
    """Arrays of shape (height, width) for the lens's picture."""
    across, down = lens.leans()
    x, y = (lens.ahead[axis] + across[None, :] * lens.right[axis] - down[:, None] * lens.up[axis] for axis in (0, 1))
    z = (lens.ahead[2] - down * lens.up[2])[:, None]
    rays = [np.where(np.abs(part) < 1e-7, np.float32(1e-7), part).astype(np.float32) for part in (x, y, z)]
    inverse = [np.float32(1) / part for part in rays]
    depth = np.full((lens.height, lens.width), NOTHING, np.float32)
    found = np.full((lens.height, lens.width), -1, np.intp)
    eye = np.array(lens.eye, np.float32)
    for number, nearest, (left, right, top, bottom) in _in_sight(scene, lens):
        window = (slice(top, bottom), slice(left, right))
        before = depth[window]
        if before.max() <= nearest:
            continue
        enter, leave, axis = _slabs(scene.low[number] - eye, scene.high[number] - eye, inverse, window)
        if enter is None:
            continue
        hit = (enter <= leave) & (enter < before) & (enter > 0)
        np.copyto(before, enter, where=hit)
        np.copyto(found[window], number * 3 + axis, where=hit)
    return Cast(depth, found, *rays)


def _slabs(
    low: np.ndarray, high: np.ndarray, inverse: list[np.ndarray], window: tuple[slice, slice]
) -> tuple[np.ndarray | None, np.ndarray, np.ndarray | int]:
    """Where the rays of ``window`` enter and leave a block given from the eye, and through the side on which axis.

    No entering when the eye is inside.
    """
    enter: np.ndarray | None = None
    leave: np.ndarray | None = None
    through: np.ndarray | int = 0
    for axis in range(3):
        part = inverse[axis][window[0], :] if axis == 2 else inverse[axis][window]
        if low[axis] > 0 or high[axis] < 0:
            near, far = (low[axis], high[axis]) if low[axis] > 0 else (high[axis], low[axis])
            first, last = part * near, part * far
            if enter is None:
                enter, through = first, axis
            else:
                through = np.where(first > enter, np.intp(axis), through)
                enter = np.maximum(enter, first)
        else:
            last = np.maximum(part * low[axis], part * high[axis])
        leave = last if leave is None else np.minimum(leave, last)
    assert leave is not None
    if enter is not None and enter.shape != leave.shape:
        enter = np.broadcast_to(enter, leave.shape)
    return enter, leave, through


def _in_sight(scene: Scene, lens: Lens) -> list[tuple[int, float, tuple[int, int, int, int]]]:
    """The blocks that may be on the picture, near ones first: number, least depth, rectangle (columns, rows)."""
    corners = np.where(_CORNERS[None], scene.high[:, None, :], scene.low[:, None, :])
    away = corners - np.array(lens.eye, np.float32)
    axes = np.array([lens.right, lens.up, lens.ahead], np.float32)
    seen = away @ axes.T  # (boxes, 8, right/up/depth)
    ends = seen[:, _EDGES]  # (boxes, 12, 2, 3)
    start, end = ends[:, :, 0], ends[:, :, 1]
    front, back = start[..., 2], end[..., 2]
    span = np.where(np.abs(back - front) < 1e-6, 1e-6, back - front)
    share = ((NEAR - front) / span)[..., None]
    crossing = start + share * (end - start)
    start = np.where((front < NEAR)[..., None], crossing, start)
    end = np.where((back < NEAR)[..., None], crossing, end)
    visible = (np.maximum(front, back) >= NEAR)[..., None]
    points = np.concatenate([start, end], axis=1)
    shown = np.concatenate([visible, visible], axis=1)[..., 0]
    ahead = np.maximum(points[..., 2], NEAR)
    columns = lens.width / 2 + points[..., 0] / ahead * lens.focal
    rows = lens.height / 2 - points[..., 1] / ahead * lens.focal
    least, most = np.where(shown, columns, math.inf).min(1), np.where(shown, columns, -math.inf).max(1)
    upper, lower = np.where(shown, rows, math.inf).min(1), np.where(shown, rows, -math.inf).max(1)
    kept = (least < lens.width) & (most > 0) & (upper < lens.height) & (lower > 0)
    nearest = np.maximum(seen[..., 2].min(1), 0.0)
    beside = np.maximum(np.maximum(scene.low - lens.eye, lens.eye - scene.high), 0.0)
    order = np.argsort(np.hypot(np.hypot(beside[:, 0], beside[:, 1]), beside[:, 2]), kind="stable")
    return [
        (
            int(number),
            float(nearest[number]),
            (
                max(0, math.floor(least[number])),
                min(lens.width, math.ceil(most[number]) + 1),
                max(0, math.floor(upper[number])),
                min(lens.height, math.ceil(lower[number]) + 1),
            ),
        )
        for number in order
        if kept[number]
    ]
