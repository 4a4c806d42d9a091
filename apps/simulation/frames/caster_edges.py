"""Sharp edges on a picture enlarged from few rays: where two sides meet, every pixel's own ray is asked.

A ray there can only meet the block its coarse ray met or one met beside it, so that few blocks are tried.
"""

from dataclasses import dataclass

import numpy as np

from apps.simulation.frames.caster import NOTHING, Cast, Scene
from apps.simulation.frames.lens import Lens

_BESIDE = ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1))


@dataclass(frozen=True)
class Edges:
    """The pixels asked again: where they are on the fine picture, and what their rays met (one row)."""

    rows: np.ndarray
    columns: np.ndarray
    found: Cast


def edges(scene: Scene, found: Cast, coarse: Lens) -> Edges:
    """Of the picture that is twice as wide and high as ``found``."""
    side = found.side
    rows, columns = np.nonzero(_differs(side))
    fine = coarse.sized(coarse.width * 2, coarse.height * 2)
    across, down = fine.leans()
    fine_rows = (2 * rows[:, None] + (0, 0, 1, 1)).ravel()
    fine_columns = (2 * columns[:, None] + (0, 1, 0, 1)).ravel()
    right, fall = across[fine_columns], down[fine_rows]
    rays = [fine.ahead[axis] + right * fine.right[axis] - fall * fine.up[axis] for axis in range(3)]
    rays = [np.where(np.abs(part) < 1e-7, np.float32(1e-7), part).astype(np.float32) for part in rays]
    depth = np.full(len(fine_rows), NOTHING, np.float32)
    met = np.full(len(fine_rows), -1, np.intp)
    tried: list[np.ndarray] = []
    for row, column in _BESIDE:
        beside = side[np.clip(rows + row, 0, side.shape[0] - 1), np.clip(columns + column, 0, side.shape[1] - 1)] // 3
        new = beside >= 0
        for before in tried:
            new &= before != beside
        tried.append(beside)
        which = np.nonzero(np.repeat(new, 4))[0]
        _try(scene, fine, np.repeat(beside, 4)[which], [part[which] for part in rays], which, depth, met)
    return Edges(fine_rows, fine_columns, Cast(*(part[None] for part in (depth, met, *rays))))


def _differs(side: np.ndarray) -> np.ndarray:
    """Where a ray met another side than one next to it."""
    differs = np.zeros(side.shape, bool)
    across, down = side[:, 1:] != side[:, :-1], side[1:] != side[:-1]
    differs[:, 1:] |= across
    differs[:, :-1] |= across
    differs[1:] |= down
    differs[:-1] |= down
    return differs


def _try(
    scene: Scene,
    lens: Lens,
    box: np.ndarray,
    rays: list[np.ndarray],
    which: np.ndarray,
    depth: np.ndarray,
    met: np.ndarray,
) -> None:
    """One block for each of the rays ``which``; those met nearer are noted in ``depth`` and ``met``."""
    enter = np.full(len(box), -NOTHING, np.float32)
    leave = np.full(len(box), NOTHING, np.float32)
    through = np.zeros(len(box), np.intp)
    for axis in range(3):
        eye = np.float32(lens.eye[axis])
        inverse = np.float32(1) / rays[axis]
        first = (scene.low[:, axis] - eye).take(box) * inverse
        last = (scene.high[:, axis] - eye).take(box) * inverse
        near = np.minimum(first, last)
        np.copyto(through, axis, where=near > enter)
        np.maximum(enter, near, out=enter)
        np.minimum(leave, np.maximum(first, last), out=leave)
    hit = (enter <= leave) & (enter > 0) & (enter < depth[which])
    depth[which[hit]] = enter[hit]
    met[which[hit]] = box[hit] * 3 + through[hit]
