"""Enlarging a packed picture: what a plain bilinear enlargement of its bytes gives, nearly to the step."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from apps.simulation.frames.view_enlarging import enlarged, packed_of


def picture(seed: int, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (height, width, 3), np.uint8), rng.integers(0, 256, (height, width), np.uint8)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 9), st.integers(1, 9), st.sampled_from([1, 2, 4]))
def test_doubling_is_bilinear_for_every_byte(seed: int, width: int, height: int, factor: int) -> None:
    colours, cover = picture(seed, width, height)
    size = (width * factor, height * factor)
    larger = enlarged(packed_of(colours, cover), *size).view(np.uint8).reshape(size[1], size[0], 4).astype(int)
    if factor == 2:
        for byte, plane in enumerate((*np.moveaxis(colours, 2, 0), cover)):
            plain = Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR)
            assert np.abs(larger[..., byte] - np.asarray(plain).astype(int)).max() <= 2
    assert np.abs(larger.mean((0, 1)) - [*colours.mean((0, 1)), cover.mean()]).max() < 2 * factor


@pytest.mark.parametrize("size", [(30, 20), (15, 10), (10, 31)])
def test_any_other_size_is_reached_too(size: tuple[int, int]) -> None:
    colours, cover = picture(3, 10, 10)
    assert enlarged(packed_of(colours, cover), *size).shape == size[::-1]
    assert np.array_equal(enlarged(packed_of(colours, cover), 10, 10), packed_of(colours, cover))
