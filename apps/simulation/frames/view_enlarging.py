"""Pictures of four bytes per pixel packed into one number, enlarged smoothly and fast.

Doubling with bilinear weights is ¾ of the nearer pixel and ¼ of the farther one: two averages, and the average of two
packed pixels needs no unpacking (a + b = 2·(a & b) + (a ^ b), with the bits cut off that would cross into a neighbour).
"""

import numpy as np
from PIL import Image

_EVEN = np.uint32(0xFEFEFEFE)
_ONE = np.uint32(1)


def packed_of(colours: np.ndarray, cover: np.ndarray) -> np.ndarray:
    """(height, width) of uint32 from colours (height, width, 3) and a fourth byte (height, width), all 0–255."""
    four = np.empty((*cover.shape, 4), np.uint8)
    four[..., :3], four[..., 3] = colours, cover
    return np.asarray(four.view(np.uint32)[..., 0])


def enlarged(packed: np.ndarray, width: int, height: int) -> np.ndarray:
    """The packed picture at another size; fast when both sides become 1, 2, 4 … times as long."""
    while packed.shape != (height, width):
        if height % (2 * packed.shape[0]) or width % (2 * packed.shape[1]):
            return _resized(packed, width, height)
        packed = _doubled(packed)
    return packed


def _resized(packed: np.ndarray, width: int, height: int) -> np.ndarray:
    # CMYK is the one mode of Pillow whose four bytes are all treated alike.
    image = Image.frombytes("CMYK", packed.shape[::-1], np.ascontiguousarray(packed).tobytes())
    larger = image.resize((width, height), Image.Resampling.BILINEAR)
    return np.frombuffer(larger.tobytes(), np.uint32).reshape(height, width).copy()


def _doubled(packed: np.ndarray) -> np.ndarray:
    height, width = packed.shape
    wide = np.empty((height, 2 * width), np.uint32)
    wide[:, 0], wide[:, -1] = packed[:, 0], packed[:, -1]
    middle = _average_up(packed[:, :-1], packed[:, 1:])
    wide[:, 1:-1:2], wide[:, 2::2] = _average(packed[:, :-1], middle), _average(packed[:, 1:], middle)
    tall = np.empty((2 * height, 2 * width), np.uint32)
    tall[0], tall[-1] = wide[0], wide[-1]
    middle = _average_up(wide[:-1], wide[1:])
    tall[1:-1:2], tall[2::2] = _average(wide[:-1], middle), _average(wide[1:], middle)
    return tall


def _average(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Of each byte, rounded down."""
    half = a ^ b
    half &= _EVEN
    half >>= _ONE
    half += a & b
    return np.asarray(half)


def _average_up(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Of each byte, rounded up: both roundings in turn keep the picture's brightness."""
    half = a ^ b
    half &= _EVEN
    half >>= _ONE
    return np.asarray((a | b) - half)
