"""A layout from above, in the manner of the game's radar: light floors, darker where they lie lower, cover, sites."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from apps.simulation.layouts.catalogue import NAMES
from apps.simulation.layouts.catalogue import layout as layout_of
from apps.simulation.layouts.layout import Area, Box, Layout

SIDE = 1024  # the radar's calibration counts in pixels of an image this large
_FLOOR, _CRATE, _LINE = (96, 104, 112), (58, 64, 72), (176, 184, 190)
_SITES = {"BombsiteA": (150, 92, 74), "BombsiteB": (142, 110, 62)}


def pixel(layout: Layout, x: float, y: float, size: int = SIDE) -> tuple[float, float]:
    """Where a point of the world lies on an image of ``size``."""
    scale = layout.radar.scale * SIDE / size
    return (x - layout.radar.pos_x) / scale, (layout.radar.pos_y - y) / scale


def draw_radar(layout: Layout, size: int = SIDE, level: int | None = None, names: bool = False) -> Image.Image:
    """The map as an RGBA image with a clear background; one storey, or all of them over each other."""
    image = Image.new("RGBA", (size, size))
    draw = ImageDraw.Draw(image)
    for area in sorted(layout.areas, key=lambda area: area.z):
        if level is None or area.level == level:
            draw.rectangle(_rect(layout, area.low, area.high, size), fill=_colour(layout, area))
    for box in layout.boxes:
        if box.high[2] - box.low[2] >= 32 and _stands_on(layout, box, level):
            draw.rectangle(_rect(layout, box.low[:2], box.high[:2], size), fill=(*_CRATE, 255), outline=(*_LINE, 160))
    outlined = _outlined(image)
    if names:
        _write_names(layout, outlined, level)
    return outlined


def radar_images() -> Iterator[tuple[str, Callable[[], Image.Image]]]:
    """(name, what draws it) of every image of our maps, named as the game's: ``de_stacks``, ``de_stacks_lower``."""
    for name in NAMES:
        layout = layout_of(name)
        if not layout.radar.levels:
            yield name, partial(draw_radar, layout)
        else:
            yield name, partial(draw_radar, layout, level=1)
            yield f"{name}_lower", partial(draw_radar, layout, level=0)


def _stands_on(layout: Layout, box: Box, level: int | None) -> bool:
    """Whether a box stands on a floor of that storey, and so is cover rather than wall."""
    return any(
        area.z == box.low[2]
        and (level is None or area.level == level)
        and box.low[0] <= area.high[0]
        and area.low[0] <= box.high[0]
        and box.low[1] <= area.high[1]
        and area.low[1] <= box.high[1]
        for area in layout.areas
    )


def _rect(layout: Layout, low: tuple[float, ...], high: tuple[float, ...], size: int) -> tuple[float, ...]:
    left, bottom = pixel(layout, low[0], low[1], size)
    right, top = pixel(layout, high[0], high[1], size)
    return left, top, max(left, right - 1), max(top, bottom - 1)


def _colour(layout: Layout, area: Area) -> tuple[int, int, int, int]:
    lowest = min(one.z for one in layout.areas)
    highest = max(one.z for one in layout.areas)
    share = (area.z - lowest) / max(1.0, highest - lowest)
    base = np.array(_SITES.get(area.place, _FLOOR))
    red, green, blue = (int(value) for value in np.clip(base * (0.85 + 0.35 * share), 0, 255))
    return red, green, blue, 255


def _outlined(image: Image.Image) -> Image.Image:
    """A light line around everything that can be walked on."""
    alpha = np.asarray(image)[..., 3] > 0
    inner = alpha.copy()
    for axis in (0, 1):
        for shift in (1, -1):
            inner &= np.roll(alpha, shift, axis)
    pixels = np.asarray(image).copy()
    pixels[alpha & ~inner] = (*_LINE, 255)
    return Image.fromarray(pixels, "RGBA")


def _write_names(layout: Layout, image: Image.Image, level: int | None) -> None:
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(max(9, image.width // 60))
    for place in sorted({area.place for area in layout.areas if level is None or area.level == level}):
        spots = np.array([area.middle[:2] for area in layout.areas if area.place == place])
        draw.text(
            pixel(layout, float(spots[:, 0].mean()), float(spots[:, 1].mean()), image.width),
            place,
            "white",
            font,
            "mm",
            stroke_width=2,
            stroke_fill="black",
        )
