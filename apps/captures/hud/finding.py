"""Finds the HUD in a picture of any size and shape: a small convolutional network, run with numpy, and a second look.

The first look's weights (``finder.safetensors``) are trained by ``apps.training.trainers.hud.finder``. It takes the
picture as 512×288 pixels and tells for every cell of 4×4 of them how likely each mark of ``groups.MARKS`` lies there
and where in the cell, and the HUD's size over the picture's. That is right within some pixels of the HUD;
``looking_closer`` does the rest.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from apps.captures.hud import looking_closer
from apps.captures.hud.convolving import Array, convolved
from apps.captures.hud.fitting import Error, Seen, fit
from apps.captures.hud.groups import MARKS, Anchor
from apps.captures.hud.placing import Placement

SIZE = (512, 288)
CELL = 4
WEIGHTS = Path(__file__).with_name("finder.safetensors")
SURE = 0.3  # of a mark
LEAST = 3  # marks of any HUD: clock, scores and one more
STRETCH = (0.62, 1.6)  # of a HUD, across over down: 4:3 and 5:4 drawn out to any screen, or squeezed
ROUGHLY, CLOSELY = Error(4.0, 0.03), Error(1.0, 0.01)  # of the first look and the second
USUAL = 8  # pixels of the HUD: names that are less lower than usual are of a radar of the usual size
BELOW = 20  # pixels of the HUD: as far beside its radar as a name may have been seen
# name → stride, dilation; all are 3×3
LAYERS = {"c1": (2, 1), "c2": (2, 1), "c3": (1, 1), "c4": (1, 2), "c5": (1, 4), "c6": (1, 8)}


def find(image: Image.Image) -> Placement | None:
    """Where the HUD stands in an RGB ``image``; None where there is none."""
    small = np.asarray(image.resize(SIZE, Image.Resampling.BILINEAR, reducing_gap=2.0), np.float32)
    heat, shift, scale = forward(weights(), small.transpose(2, 0, 1) / 127.5 - 1)
    rough = placement_of(heat, shift, scale, image.size)
    return None if rough is None else closer(rough, looking_closer.marks_near(image, rough))


def placement_of(heat: Array, shift: Array, scale: Array, size: tuple[int, int]) -> Placement | None:
    """From the network's answer to pixels of a picture of ``size``.

    ``heat``: marks × 72 × 128 probabilities; ``shift``: marks × 2 × 72 × 128 places in the cell, in cells from its
    middle; ``scale``: logarithm of the HUD's size over that of a 1920×1080 picture drawn to ``size``, across and down.
    """
    wide, high = size[0] / SIZE[0] * CELL, size[1] / SIZE[1] * CELL
    unit = (float(np.exp(scale[0])) * size[0] / 1920, float(np.exp(scale[1])) * size[1] / 1080)
    found: dict[Anchor, list[Seen]] = defaultdict(list)
    for number, mark in enumerate(MARKS):
        row, column = divmod(int(heat[number].argmax()), heat.shape[2])
        sure = float(heat[number, row, column])
        if sure < SURE:
            continue
        x = (column + 0.5 + float(shift[number, 0, row, column])) * wide
        y = (row + 0.5 + float(shift[number, 1, row, column])) * high
        found[mark.anchor].append((sure, mark.at, (x, y)))
    rough = fit(unit, found, ROUGHLY, LEAST)
    if rough is None or not STRETCH[0] <= rough.unit[0] / rough.unit[1] <= STRETCH[1]:
        return None  # half of a screenshot is as wide as a whole one: its size is guessed wrong, and so are the places
    return _with_middle(rough)


def closer(rough: Placement, found: Mapping[Anchor, Sequence[Seen]]) -> Placement:
    """``rough`` put right by the marks of a closer look; an anchor of which that saw none stays as it was."""
    better = fit(rough.unit, found, CLOSELY)
    assert better is not None
    origins = dict(better.origins)
    for mark in MARKS:  # what stays keeps its first mark where it was
        if mark.anchor in rough.origins and mark.anchor not in origins:
            x, y = rough.at(mark)
            origins[mark.anchor] = (x - mark.at[0] * better.unit[0], y - mark.at[1] * better.unit[1])
    return _with_middle(_with_bottom(_with_name_below_radar(Placement(better.unit, origins))))


def _with_name_below_radar(placement: Placement) -> Placement:
    """The place's name put right across: its middle is hard to see, but it stands below the radar, which keeps as far
    from the left as the money does. A larger radar pushes the name half as far to the right as down.
    """
    there = placement.origins
    if not {"top_left", "top", "bottom_left"} <= there.keys():
        return placement
    x, y = there["top_left"]
    lower = (y - there["top"][1]) / placement.unit[1]
    pushed = 0.0 if abs(lower) < USUAL else lower / 2
    right = there["bottom_left"][0] + pushed * placement.unit[0]
    if abs(right - x) > BELOW * placement.unit[0]:
        return placement  # a name too long for its place, or another HUD than the game's
    return Placement(placement.unit, {**there, "top_left": (right, y)})


def _with_bottom(placement: Placement) -> Placement:
    """With the bottom of the HUD where nothing stands there that could be found, as behind a buy menu: it is below the
    middle of the top, and keeps as far from the lower edge as the money does.
    """
    there = placement.origins
    if "bottom" in there or not {"top", "bottom_left"} <= there.keys():
        return placement
    return Placement(placement.unit, {**there, "bottom": (there["top"][0], there["bottom_left"][1])})


def _with_middle(placement: Placement) -> Placement:
    origins = dict(placement.origins)
    if "top" in origins and "bottom" in origins:
        origins["middle"] = (origins["top"][0], (origins["top"][1] + origins["bottom"][1]) / 2)
    return Placement(placement.unit, origins)


@cache
def weights() -> dict[str, Array]:
    from safetensors.numpy import load_file

    return dict(load_file(WEIGHTS))


def forward(w: dict[str, Array], x: Array) -> tuple[Array, Array, Array]:
    """The network: 3 × 288 × 512 in −1 … 1 → heat, shift and scale (see :func:`placement_of`)."""
    x = convolved(w, x, LAYERS)
    head = np.tensordot(w["head.weight"][:, :, 0, 0], x, 1) + w["head.bias"][:, None, None]
    marks = len(MARKS)
    heat = 1 / (1 + np.exp(-head[:marks]))
    shift = head[marks:].reshape(marks, 2, *head.shape[1:])
    pooled = np.concatenate([x.mean((1, 2)), x.max((1, 2)), _at_peaks(x, heat)])
    hidden = np.maximum(w["size1.weight"] @ pooled + w["size1.bias"], 0)
    return heat, shift, w["size2.weight"] @ hidden + w["size2.bias"]


def _at_peaks(x: Array, heat: Array) -> Array:
    """Where the network believes each mark, and how much: x, y (−1 … 1) and probability of each."""
    found = []
    for one in heat:
        row, column = divmod(int(one.argmax()), one.shape[1])
        sure = float(one[row, column])
        found += [sure * (2 * column / one.shape[1] - 1), sure * (2 * row / one.shape[0] - 1), sure]
    return np.asarray(found, np.float32)
