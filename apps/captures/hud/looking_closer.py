"""The finder's second look: at a window around where each mark should stand, to say within a pixel where it does.

A smaller network than that of the first look (``finding``), with weights of its own (``closer.safetensors``, trained by
``apps.training.trainers.hud.closer``). A window is ``NEAR`` pixels of the HUD wide and high and looked at as ``LOOK``
pixels; for every cell of 4×4 of them the network tells how likely each mark of ``groups.MARKS`` lies there, and where
in the cell. Only what it says of the window's own mark counts.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from apps.captures.hud.convolving import Array, convolved
from apps.captures.hud.fitting import Seen
from apps.captures.hud.groups import MARKS, Anchor, Box, Mark
from apps.captures.hud.placing import Placement, cut

NEAR = (96, 64)
LOOK = (72, 48)
CELL = 4
WEIGHTS = Path(__file__).with_name("closer.safetensors")
SURE = 0.3
# name → stride, dilation; all are 3×3
LAYERS = {"c1": (2, 1), "c2": (2, 1), "c3": (1, 1), "c4": (1, 2), "c5": (1, 4)}


def marks_near(image: Image.Image, placement: Placement) -> dict[Anchor, list[Seen]]:
    """The marks of ``placement`` that are really there, and where exactly in an RGB ``image``."""
    found: dict[Anchor, list[Seen]] = defaultdict(list)
    for number, mark, box in windows(placement):
        window = np.asarray(cut(image, box, LOOK), np.float32)
        heat, shift = forward(weights(), window.transpose(2, 0, 1) / 127.5 - 1)
        row, column = divmod(int(heat[number].argmax()), heat.shape[2])
        sure = float(heat[number, row, column])
        if sure >= SURE:
            x = (column + 0.5 + float(shift[number, 0, row, column])) * CELL / LOOK[0]
            y = (row + 0.5 + float(shift[number, 1, row, column])) * CELL / LOOK[1]
            at = box[0] + x * (box[2] - box[0]), box[1] + y * (box[3] - box[1])
            found[mark.anchor].append((sure, mark.at, at))
    return found


def windows(placement: Placement) -> Iterator[tuple[int, Mark, Box]]:
    """Number, mark and window (pixels of the picture) of each mark whose anchor was found."""
    wide, high = NEAR[0] / 2 * placement.unit[0], NEAR[1] / 2 * placement.unit[1]
    for number, mark in enumerate(MARKS):
        if mark.anchor in placement.origins:
            x, y = placement.at(mark)
            yield number, mark, (x - wide, y - high, x + wide, y + high)


def forward(w: dict[str, Array], x: Array) -> tuple[Array, Array]:
    """The network: 3 × 48 × 72 in −1 … 1 → marks × 12 × 18 probabilities, and marks × 2 × 12 × 18 places in the cell,
    in cells from its middle.
    """
    head = np.tensordot(w["head.weight"][:, :, 0, 0], convolved(w, x, LAYERS), 1) + w["head.bias"][:, None, None]
    marks = len(MARKS)
    return 1 / (1 + np.exp(-head[:marks])), head[marks:].reshape(marks, 2, *head.shape[1:])


@cache
def weights() -> dict[str, Array]:
    from safetensors.numpy import load_file

    return dict(load_file(WEIGHTS))
