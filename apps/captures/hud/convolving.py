"""Convolutional layers in numpy, for networks so small that a framework would only make them slower to start."""

from collections.abc import Mapping

import numpy as np

Array = np.ndarray


def convolved(w: Mapping[str, Array], x: Array, layers: Mapping[str, tuple[int, int]]) -> Array:
    """``x`` (channels × height × width) through 3×3 convolutions, each followed by a ReLU.

    ``layers``: name → stride and dilation; ``w`` holds ``<name>.weight`` and ``<name>.bias`` as torch lays them out.
    """
    for name, (stride, dilation) in layers.items():
        x = np.maximum(_conv(x, w[f"{name}.weight"], w[f"{name}.bias"], stride, dilation), 0)
    return x


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
