"""Where the HUD stands in a picture, and its groups cut out and packed into one tile."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image

from apps.captures.hud.groups import GROUPS, OVERVIEW, TILE, Anchor, Box, Group, Mark

Point = tuple[float, float]
SUNNY = 150  # brightness (0–255) of a wall before which words are hardly seen
SHADE = 90  # of the wall that is put there instead
LEAST_ROOM = 12  # between a wall and white: below it, noise would be taken for words


@dataclass(frozen=True)
class Placement:
    """``unit``: pixels of the picture for one of the HUD's, across and down. ``origins``: where the point (0, 0) of a
    1920×1080 HUD would lie for what keeps to an anchor; an anchor that was not found is missing.
    """

    unit: Point
    origins: Mapping[Anchor, Point]

    def box(self, group: Group) -> Box | None:
        """Where ``group`` stands, in pixels of the picture; None where it was not found."""
        if group.anchor not in self.origins:
            return None
        x, y = self.origins[group.anchor]
        left, top, right, bottom = group.box
        return x + left * self.unit[0], y + top * self.unit[1], x + right * self.unit[0], y + bottom * self.unit[1]

    def moved(self, right: float, down: float) -> "Placement":
        """The same that many of the HUD's pixels beside it."""
        x, y = right * self.unit[0], down * self.unit[1]
        return Placement(self.unit, {anchor: (left + x, top + y) for anchor, (left, top) in self.origins.items()})

    def at(self, mark: Mark) -> Point:
        """Where ``mark``, whose anchor was found, should stand, in pixels of the picture."""
        x, y = self.origins[mark.anchor]
        return x + mark.at[0] * self.unit[0], y + mark.at[1] * self.unit[1]


def cut(image: Image.Image, box: Box, size: tuple[int, int]) -> Image.Image:
    """``box`` of an RGB ``image`` at ``size``; what lies outside the picture is black."""
    left, top, right, bottom = box
    inner = (max(0.0, left), max(0.0, top), min(float(image.width), right), min(float(image.height), bottom))
    if inner[2] - inner[0] < 1 or inner[3] - inner[1] < 1:
        return Image.new("RGB", size)
    if inner == box:
        return image.resize(size, Image.Resampling.BICUBIC, box=box)
    across, down = size[0] / (right - left), size[1] / (bottom - top)
    x0, y0 = round((inner[0] - left) * across), round((inner[1] - top) * down)
    x1, y1 = round((inner[2] - left) * across), round((inner[3] - top) * down)
    whole = Image.new("RGB", size)
    if x1 > x0 and y1 > y0:
        whole.paste(image.resize((x1 - x0, y1 - y0), Image.Resampling.BICUBIC, box=inner), (x0, y0))
    return whole


def grown(group: Group, box: Box, margin: int) -> tuple[Box, tuple[int, int]]:
    """``box`` with ``margin`` pixels of the tile more on each side, and its size in the tile."""
    width, height = group.size
    across, down = margin * (box[2] - box[0]) / width, margin * (box[3] - box[1]) / height
    larger = box[0] - across, box[1] - down, box[2] + across, box[3] + down
    return larger, (width + 2 * margin, height + 2 * margin)


def pack(image: Image.Image, placement: Placement | None) -> Image.Image:
    """The tile a model reads: the groups that were found, and the whole picture small. 448×224, RGB."""
    tile = Image.new("RGB", TILE)
    left, top, width, height = OVERVIEW
    tile.paste(image.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=2.0), (left, top))
    if placement is not None:
        for group in GROUPS:
            box = placement.box(group)
            if box is not None:
                part = cut(image, box, group.size)
                tile.paste(Image.fromarray(shaded(np.asarray(part))) if group.shaded else part, group.at)
    return tile


def shaded(part: np.ndarray) -> np.ndarray:
    """Words before a sunny wall (height × width × 3, uint8), in grey before a darker one; any others as they are.

    The game's words shine: light w is seen as b + w (1 − b) before a wall b (0 … 1), for which the part's median is
    taken. Of the three colours' w the one is taken that explains them best (least squares: colours near 255 tell
    nothing).
    """
    wall = np.median(part, axis=(0, 1)).astype(np.float32)
    if wall.mean() < SUNNY:
        return part
    room = np.maximum(255 - wall, 1)
    light = ((part - wall) @ room / max(float(room @ room), 3 * LEAST_ROOM**2)).clip(-1, 1)
    darker = SHADE * (part @ np.ones(3, np.float32)) / wall.sum()
    grey = np.where(light > 0, SHADE + light * (255 - SHADE), darker).clip(0, 255)
    return np.repeat(np.rint(grey).astype(np.uint8)[..., None], 3, axis=2)
