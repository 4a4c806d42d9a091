"""The picture while things are drawn into it: colours at full size, depths at the size of the cast."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PIL import Image

from apps.simulation.frames.view_enlarging import enlarged, packed_of

Colour = tuple[int, int, int]
Vector = tuple[float, float, float]
_HAZE: Colour = (202, 208, 212)
_HAZE_FAR = 9000.0


@dataclass
class Canvas:
    """``packed`` (height, width) uint32, red in the lowest byte; ``depth`` smaller by a whole factor on both sides."""

    packed: np.ndarray
    depth: np.ndarray
    _before: np.ndarray | None = None

    @property
    def width(self) -> int:
        return int(self.packed.shape[1])

    @property
    def height(self) -> int:
        return int(self.packed.shape[0])

    @cached_property
    def pixels(self) -> np.ndarray:
        """The same memory as (height, width, 3) bytes."""
        return self.packed.view(np.uint8).reshape(*self.packed.shape, 4)[..., :3]

    def picture(self) -> Image.Image:
        """What was drawn so far, as an RGB image of its own."""
        return _image("RGB", self.packed)

    @property
    def coarse(self) -> float:
        """Pixels per depth, along each side."""
        return self.width / int(self.depth.shape[1])

    @property
    def sparse(self) -> np.ndarray:
        """Every second depth along each side, for what is soft anyway."""
        return self.depth[::2, ::2]

    def depths(self, top: int, bottom: int, left: int, right: int) -> np.ndarray:
        """The depth of every pixel in a window."""
        rows = np.minimum((np.arange(top, bottom) / self.coarse).astype(int), self.depth.shape[0] - 1)
        columns = np.minimum((np.arange(left, right) / self.coarse).astype(int), self.depth.shape[1] - 1)
        depth = self.depth if self._before is None else self._before
        return np.asarray(depth.take(rows, axis=0).take(columns, axis=1))

    def begin_body(self) -> None:
        """From here on sticks hide each other only in the order drawn: they are parts of one thing."""
        self._before = self.depth.copy()

    def hides(self, column: float, row: float, depth: float) -> bool:
        """Whether something stands before a point at that depth, or it is off the picture."""
        if not (0 <= column < self.width and 0 <= row < self.height):
            return True
        x, y = int(column / self.coarse), int(row / self.coarse)
        return bool(self.depth[min(y, self.depth.shape[0] - 1), min(x, self.depth.shape[1] - 1)] < depth)

    def walled(self, left: float, right: float, top: float, bottom: float, depth: float) -> bool:
        """Whether something stands before that depth all over a window, or it is off the picture."""
        columns = slice(max(0, int(left / self.coarse)), max(0, math.ceil(right / self.coarse)))
        rows = slice(max(0, int(top / self.coarse)), max(0, math.ceil(bottom / self.coarse)))
        behind = self.depth[rows, columns]
        return behind.size == 0 or bool(behind.max() < depth)

    def stick(
        self,
        start: Vector,
        end: Vector,
        radii: tuple[float, float],
        focal: float,
        colour: Colour,
        sun: Vector,
        lit: bool,
    ) -> bool:
        """A rounded stick between two projected points (column, row, depth); False when nothing of it is seen.

        ``sun`` is the direction of the light as seen by the camera (right, up, ahead).
        """
        broad = [max(0.6, radius * focal / point[2]) for radius, point in zip(radii, (start, end), strict=True)]
        left = max(0, math.floor(min(start[0] - broad[0], end[0] - broad[1])))
        right = min(self.width, math.ceil(max(start[0] + broad[0], end[0] + broad[1])) + 1)
        top = max(0, math.floor(min(start[1] - broad[0], end[1] - broad[1])))
        bottom = min(self.height, math.ceil(max(start[1] + broad[0], end[1] + broad[1])) + 1)
        if left >= right or top >= bottom:
            return False
        behind = self.depths(top, bottom, left, right)
        if behind.max() <= min(start[2], end[2]) - max(radii):
            return False
        x = np.arange(left, right, dtype=np.float32)[None, :] + np.float32(0.5 - start[0])
        y = np.arange(top, bottom, dtype=np.float32)[:, None] + np.float32(0.5 - start[1])
        along = end[0] - start[0], end[1] - start[1]
        length = max(1e-6, along[0] ** 2 + along[1] ** 2)
        share = np.clip(x * np.float32(along[0] / length) + y * np.float32(along[1] / length), 0, 1)
        across_x, across_y = x - share * np.float32(along[0]), y - share * np.float32(along[1])
        radius = np.float32(broad[0]) + share * np.float32(broad[1] - broad[0])
        off = np.sqrt(across_x**2 + across_y**2)
        cover = np.clip(radius - off + np.float32(0.5), 0, 1)
        nearest = np.float32(start[2]) + share * np.float32(end[2] - start[2]) - np.float32(max(radii))
        cover *= nearest < behind
        if not cover.any():
            return False
        turned = np.minimum(off / radius, 1)
        facing = np.sqrt(1 - turned * turned)
        light = (across_x * np.float32(sun[0]) - across_y * np.float32(sun[1])) / radius - facing * np.float32(sun[2])
        light = (0.62 + 0.55 * np.maximum(light, 0) if lit else 0.5 + 0.12 * light) * (0.72 + 0.28 * facing)
        haze = min(0.5, start[2] / _HAZE_FAR)
        shade = light[..., None] * (np.array(colour, np.float32) * (1 - haze)) + np.array(_HAZE, np.float32) * haze
        window = self.pixels[top:bottom, left:right]
        mixed = window + (shade - window) * cover[..., None]
        window[:] = np.clip(mixed, 0, 255).astype(np.uint8)
        self._stand(cover, nearest, top, left)
        return True

    def _stand(self, cover: np.ndarray, nearest: np.ndarray, top: int, left: int) -> None:
        """Let what was drawn hide what is drawn later behind it."""
        every = max(1, round(self.coarse))
        first_row, first_column = -top % every, -left % every
        solid, depth = (
            cover[first_row::every, first_column::every] > 0.5,
            nearest[first_row::every, first_column::every],
        )
        y, x = (top + first_row) // every, (left + first_column) // every
        window = self.depth[y : y + solid.shape[0], x : x + solid.shape[1]]
        solid, depth = solid[: window.shape[0], : window.shape[1]], depth[: window.shape[0], : window.shape[1]]
        np.copyto(window, depth, where=solid & (depth < window))

    def veil(self, left: int, top: int, colours: np.ndarray, cover: np.ndarray) -> None:
        """Blend a window given at the size of ``sparse`` (colours uint8 RGB, cover 0–1) over the picture."""
        every = self.coarse * 2
        box = (
            round(left * every),
            round(top * every),
            round((left + cover.shape[1]) * every),
            round((top + cover.shape[0]) * every),
        )
        packed = packed_of(colours, np.rint(cover * 255).astype(np.uint8))
        veil = _image("RGBA", enlarged(packed, box[2] - box[0], box[3] - box[1]))
        window = self.packed[box[1] : box[3], box[0] : box[2]]
        under = _image("RGB", window)
        under.paste(veil, (0, 0), veil)
        window[:] = np.frombuffer(under.tobytes("raw", "RGBX"), np.uint32).reshape(window.shape)


def _image(mode: str, packed: np.ndarray) -> Image.Image:
    size = (packed.shape[1], packed.shape[0])
    return Image.frombytes(mode, size, packed.tobytes(), "raw", "RGBX" if mode == "RGB" else "RGBA")
