"""Small coloured pictures of the top bar: portraits of the two sides, the ticking bomb, the shade behind the scores."""

from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from apps.simulation.frames.icons import icon
from apps.simulation.frames.pen import Colour

_FINE = 4
Point = tuple[float, float]


@lru_cache(maxsize=64)
def avatar(side: str, size: int, alive: bool, edge: Colour) -> Image.Image:
    """A square of ``size`` pixels with its edge: a gas mask for CT, a balaclava for T; the dead are nearly gone."""
    fine = max(8, size * _FINE)
    canvas = Image.new("RGBA", (fine, fine))
    draw = ImageDraw.Draw(canvas)
    unit = fine / 54
    (_counter_terrorist if side == "CT" else _terrorist)(draw, unit)
    draw.rectangle((0, 0, fine - 1, fine - 1), outline=edge, width=max(1, round(2.2 * unit)))
    small = canvas.resize((size, size), Image.Resampling.BOX)
    if not alive:
        ghost = np.asarray(small.convert("LA").convert("RGBA")).copy()
        ghost[..., 3] = 38
        return Image.fromarray(ghost, "RGBA")
    return small


def _scaled(points: str, unit: float) -> list[Point]:
    return [(float(x) * unit, float(y) * unit) for x, y in (pair.split(",") for pair in points.split())]


def _counter_terrorist(draw: ImageDraw.ImageDraw, unit: float) -> None:
    draw.rectangle((0, 0, 54 * unit, 54 * unit), fill=(16, 34, 48, 255))
    draw.ellipse((-10 * unit, -6 * unit, 44 * unit, 50 * unit), fill=(22, 46, 62, 255))
    draw.polygon(_scaled("6,54 10,42 22,36 40,36 48,42 52,54", unit), fill=(70, 78, 84, 255))
    draw.polygon(_scaled("6,54 10,42 18,40 22,54", unit), fill=(104, 112, 118, 255))
    draw.polygon(_scaled("20,54 24,46 34,46 38,54", unit), fill=(150, 130, 78, 255))
    draw.ellipse((21 * unit, 8 * unit, 45 * unit, 40 * unit), fill=(44, 50, 54, 255))
    draw.ellipse((27 * unit, 8 * unit, 41 * unit, 18 * unit), fill=(120, 128, 132, 255))
    draw.polygon(_scaled("22,22 34,18 45,22 44,34 36,44 26,42 21,34", unit), fill=(66, 72, 76, 255))
    draw.ellipse((23 * unit, 21 * unit, 32 * unit, 30 * unit), fill=(28, 32, 34, 255), outline=(128, 138, 142, 255))
    draw.ellipse((35 * unit, 21 * unit, 44 * unit, 30 * unit), fill=(28, 32, 34, 255), outline=(128, 138, 142, 255))
    draw.ellipse((28 * unit, 31 * unit, 40 * unit, 44 * unit), fill=(36, 40, 42, 255), outline=(90, 98, 102, 255))


def _terrorist(draw: ImageDraw.ImageDraw, unit: float) -> None:
    draw.rectangle((0, 0, 54 * unit, 54 * unit), fill=(106, 92, 40, 255))
    draw.polygon(_scaled("2,54 10,20 18,38 30,4 36,30 52,22 54,54", unit), fill=(92, 80, 34, 255))
    draw.polygon(_scaled("8,54 14,44 26,40 42,40 50,45 54,54", unit), fill=(222, 220, 208, 255))
    draw.polygon(_scaled("24,40 42,40 40,48 32,50 26,47", unit), fill=(168, 128, 104, 255))
    draw.ellipse((22 * unit, 10 * unit, 44 * unit, 44 * unit), fill=(38, 40, 32, 255))
    draw.ellipse((25 * unit, 12 * unit, 38 * unit, 24 * unit), fill=(54, 56, 46, 255))
    draw.rounded_rectangle((25 * unit, 23 * unit, 42 * unit, 28 * unit), 2 * unit, fill=(176, 138, 112, 255))
    draw.rectangle((28 * unit, 24.5 * unit, 31 * unit, 26.5 * unit), fill=(30, 24, 20, 255))
    draw.rectangle((36 * unit, 24.5 * unit, 39 * unit, 26.5 * unit), fill=(30, 24, 20, 255))
    draw.ellipse((29 * unit, 34 * unit, 38 * unit, 38 * unit), fill=(150, 96, 88, 255))


@lru_cache(maxsize=64)
def bomb_sign(unit: float, beat: float) -> Image.Image:
    """The red bomb on its side with rays, in the clock's box; ``beat`` (0–1) is how bright it is."""
    fine = unit * _FINE
    canvas = Image.new("RGBA", (max(1, round(42 * fine)), max(1, round(34 * fine))))
    draw = ImageDraw.Draw(canvas)
    red = (215, 26, 26, round(140 + 115 * beat))
    centre = (24 * fine, 17 * fine)
    for step in range(12):
        angle = 2 * np.pi * step / 12
        inner, outer = 9.5 * fine, (16.5 if step % 2 else 14) * fine
        ends = [(centre[0] + radius * np.cos(angle), centre[1] + radius * np.sin(angle)) for radius in (inner, outer)]
        draw.line(ends, fill=red, width=max(1, round(1.6 * fine)))
    draw.rounded_rectangle((4 * fine, 10 * fine, 31 * fine, 24 * fine), 2 * fine, fill=red)
    draw.rectangle((8 * fine, 13 * fine, 14 * fine, 21 * fine), fill=(60, 8, 8, 255))
    for step in range(3):
        draw.rectangle(((17 + 4 * step) * fine, 13 * fine, (19 + 4 * step) * fine, 21 * fine), fill=(60, 8, 8, 255))
    size = (max(1, round(42 * unit)), max(1, round(34 * unit)))
    return canvas.resize(size, Image.Resampling.BOX)


@lru_cache(maxsize=32)
def fading(width: int, height: int) -> Image.Image:
    """A mask that is dark at the top and gone at the bottom."""
    column = np.linspace(165, 0, max(1, height)).astype(np.uint8)
    return Image.fromarray(np.repeat(column[:, None], max(1, width), axis=1), "L")


@lru_cache(maxsize=32)
def sideways(width: int, height: int, left: float, right: float, peak: int = 255) -> Image.Image:
    """A mask that grows over the first share ``left`` of the width and fades over the last share ``right``."""
    across = (np.arange(max(1, width)) + 0.5) / max(1, width)
    rise = np.clip(across / left, 0, 1) if left > 0 else np.ones_like(across)
    fall = np.clip((1 - across) / right, 0, 1) if right > 0 else np.ones_like(across)
    row = (peak * np.minimum(rise, fall)).astype(np.uint8)
    return Image.fromarray(np.repeat(row[None, :], max(1, height), axis=0), "L")


@lru_cache(maxsize=16)
def emblem(side: str, radius: int, colour: Colour) -> Image.Image:
    """The side's sign in its ring."""
    size = 2 * radius * _FINE
    canvas = Image.new("RGBA", (size, size))
    draw = ImageDraw.Draw(canvas)
    draw.ellipse((0, 0, size - 1, size - 1), fill=(90, 84, 80, 110), outline=colour, width=max(1, round(size * 0.035)))
    sign = icon(f"star_{side}", size / 62)
    canvas.paste(colour, ((size - sign.width) // 2, (size - sign.height) // 2), sign)
    return canvas.resize((2 * radius, 2 * radius), Image.Resampling.BOX)


def round_of(picture: Image.Image, edge: Colour) -> Image.Image:
    """The middle of a square picture, cut round, with a ring."""
    size = picture.width
    mask = Image.new("L", (size * _FINE, size * _FINE))
    ImageDraw.Draw(mask).ellipse((0, 0, size * _FINE - 1, size * _FINE - 1), fill=255)
    ring = Image.new("L", mask.size)
    width = max(1, round(size * _FINE * 0.045))
    ImageDraw.Draw(ring).ellipse((0, 0, size * _FINE - 1, size * _FINE - 1), outline=255, width=width)
    cut = picture.copy()
    cut.putalpha(mask.resize(picture.size, Image.Resampling.BOX))
    cut.paste(edge, (0, 0), ring.resize(picture.size, Image.Resampling.BOX))
    return cut
