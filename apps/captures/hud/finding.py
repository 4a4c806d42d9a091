"""Finds the HUD in a picture of any size and shape: a small convolutional network, run with numpy.

Its weights (``finder.safetensors``) are trained by ``apps.training.trainers.hud.finder``. The picture is looked at as
512×288 pixels; the network tells for every cell of 4×4 of them how likely each mark of ``groups.MARKS`` lies there and
where in the cell, and the HUD's size over the picture's.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from apps.captures.hud.groups import MARKS, Anchor
from apps.captures.hud.placing import Placement, Point

SIZE = (512, 288)
CELL = 4
WEIGHTS = Path(__file__).with_name("finder.safetensors")
SURE = 0.3  # of a mark
LEAST = 3  # marks of any HUD: clock, scores and one more
MARK_ERROR, SIZE_ERROR = 4.0, 0.03  # pixels of the HUD, share
# name → stride, dilation; all are 3×3
LAYERS = {"c1": (2, 1), "c2": (2, 1), "c3": (1, 1), "c4": (1, 2), "c5": (1, 4), "c6": (1, 8)}
Array = np.ndarray
Seen = tuple[float, Point, Point]  # how sure, where in the HUD, where in the picture


def find(image: Image.Image) -> Placement | None:
    """Where the HUD stands in an RGB ``image``; None where there is none."""
    small = np.asarray(image.resize(SIZE, Image.Resampling.BILINEAR, reducing_gap=2.0), np.float32)
    heat, shift, scale = forward(weights(), small.transpose(2, 0, 1) / 127.5 - 1)
    return placement_of(heat, shift, scale, image.size)


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
    agreeing = {anchor: agreed(seen, unit) for anchor, seen in found.items()}
    if sum(map(len, agreeing.values())) < LEAST:
        return None
    unit = fitted(unit[0], agreeing, 0), fitted(unit[1], agreeing, 1)
    origins = {anchor: (_origin(seen, unit[0], 0), _origin(seen, unit[1], 1)) for anchor, seen in agreeing.items()}
    if "top" in origins and "bottom" in origins:
        origins["middle"] = (origins["top"][0], (origins["top"][1] + origins["bottom"][1]) / 2)
    return Placement(unit, origins)


def agreed(seen: Sequence[Seen], unit: Point) -> list[Seen]:
    """The surest company of marks of one anchor that stand to each other as they should: one alone may be a mistake."""

    def beside(one: Seen, other: Seen) -> bool:
        return all(
            abs(other[2][axis] - one[2][axis] - away * unit[axis])
            <= (5 * MARK_ERROR + 2 * SIZE_ERROR * abs(away)) * unit[axis]
            for axis in (0, 1)
            for away in (other[1][axis] - one[1][axis],)
        )

    companies = ([other for other in seen if beside(one, other)] for one in seen)
    return max(companies, key=lambda company: sum(sure for sure, _, _ in company))


def fitted(guess: float, found: Mapping[Anchor, Sequence[Seen]], axis: int) -> float:
    """The HUD's unit along ``axis``: the network's ``guess``, moved by the distances between marks of one anchor.

    Least squares over marks that are ``MARK_ERROR`` pixels of the HUD off, with a guess that is ``SIZE_ERROR`` off.
    """
    above, below = 0.0, (MARK_ERROR / SIZE_ERROR) ** 2
    for seen in found.values():
        middle = _mean(seen, axis)
        for sure, at, point in seen:
            away = at[axis] - middle[0]
            above += sure * away * (point[axis] - middle[1] - away * guess)
            below += sure * away**2
    return guess + above / below


def _origin(seen: Sequence[Seen], unit: float, axis: int) -> float:
    at, point = _mean(seen, axis)
    return point - at * unit


def _mean(seen: Sequence[Seen], axis: int) -> tuple[float, float]:
    """The middle of some marks along ``axis``: in the HUD, in the picture."""
    total = sum(sure for sure, _, _ in seen)
    return sum(sure * at[axis] for sure, at, _ in seen) / total, sum(sure * to[axis] for sure, _, to in seen) / total


@cache
def weights() -> dict[str, Array]:
    from safetensors.numpy import load_file

    return dict(load_file(WEIGHTS))


def forward(w: dict[str, Array], x: Array) -> tuple[Array, Array, Array]:
    """The network: 3 × 288 × 512 in −1 … 1 → heat, shift and scale (see :func:`placement_of`)."""
    for name, (stride, dilation) in LAYERS.items():
        x = np.maximum(_conv(x, w[f"{name}.weight"], w[f"{name}.bias"], stride, dilation), 0)
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


def _conv(x: Array, weight: Array, bias: Array, stride: int, dilation: int) -> Array:
    """A 3×3 convolution with the padding that keeps the size (halves it for ``stride`` 2)."""
    out, _, _, _ = weight.shape
    height, width = x.shape[1] // stride, x.shape[2] // stride
    padded = np.pad(x, ((0, 0), (dilation, dilation), (dilation, dilation)))
    total: Array = np.zeros((out, height * width), np.float32) + bias[:, None]
    for row in range(3):
        for column in range(3):
            top, left = row * dilation, column * dilation
            part = padded[:, top : top + x.shape[1] : stride, left : left + x.shape[2] : stride]
            total += weight[:, :, row, column] @ np.ascontiguousarray(part).reshape(x.shape[0], -1)
    return total.reshape(out, height, width)
