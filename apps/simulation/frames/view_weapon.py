"""The viewer's own weapon and hands at the lower right, and what is seen through a scope.

Weapons are side views pulled out to a thickness and seen in perspective, in units along the barrel and above the grip.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from apps.simulation.frames.view_arms import Part, Tube, model_of

_FINE = 2  # drawn this many times larger than shown
_SPREAD = (
    0.95  # how far right a ray through the picture's right edge leans; the game draws weapons with a lens of their own
)
_GRIP = (5.6, -6.6, 14.5)  # right, up, ahead of the eye
_ALONG = (-0.045, 0.07, 1.0)
_LIGHT = np.array([-0.35, 0.8, -0.5]) / math.sqrt(0.35**2 + 0.8**2 + 0.5**2)
Colour = tuple[int, int, int]


@dataclass(frozen=True)
class _Face:
    corners: np.ndarray  # (n, 3) right, up, ahead
    colour: Colour

    @property
    def depth(self) -> float:
        return float(self.corners[:, 2].mean())


@lru_cache(maxsize=48)
def weapon_picture(short: str, side: str, size: tuple[int, int]) -> tuple[Image.Image, tuple[int, int]]:
    """The weapon in hands as an RGBA image, and where its upper left corner belongs."""
    parts, tubes = model_of(short, side)
    width, height = size[0] * _FINE, size[1] * _FINE
    canvas = Image.new("RGBA", (width, height))
    draw = ImageDraw.Draw(canvas)
    shapes: list[tuple[float, _Face | Tube]] = [(face.depth, face) for part in parts for face in _faces(part)]
    shapes += [(float(_in_eye(np.array([tube.start, tube.end]))[:, 2].mean()) + tube.back, tube) for tube in tubes]
    for _, shape in sorted(shapes, key=lambda pair: -pair[0]):
        if isinstance(shape, Tube):
            _draw_tube(draw, shape, width, height)
        else:
            outline = tuple(round(value * 0.7) for value in shape.colour)
            points = [tuple(point) for point in _on_picture(shape.corners, width, height)]
            draw.polygon(points, fill=(*shape.colour, 255), outline=(*outline, 255))
    left, top, right, bottom = canvas.getbbox() or (0, 0, 1, 1)
    left, top, right, bottom = left // _FINE, top // _FINE, -(-right // _FINE), -(-bottom // _FINE)
    drawn = canvas.crop((left * _FINE, top * _FINE, right * _FINE, bottom * _FINE))
    return drawn.reduce(_FINE), (left, top)


def _in_eye(points: np.ndarray) -> np.ndarray:
    """From (along, above, left) of the grip to (right, up, ahead) of the eye, never behind it."""
    along = np.array(_ALONG) / np.linalg.norm(_ALONG)
    left = np.cross(np.array([0.0, 1.0, 0.0]), along)
    left = -left / np.linalg.norm(left)
    above = np.cross(along, left) * -1
    above = above if above[1] > 0 else -above
    placed = np.array(_GRIP) + points[:, :1] * along + points[:, 1:2] * above + points[:, 2:] * left
    placed[:, 2] = np.maximum(placed[:, 2], 2.5)
    return np.asarray(placed)


def _on_picture(points: np.ndarray, width: int, height: int) -> np.ndarray:
    focal = width / 2 / _SPREAD
    return np.stack(
        [width / 2 + points[:, 0] / points[:, 2] * focal, height / 2 - points[:, 1] / points[:, 2] * focal], 1
    )


def _faces(part: Part) -> list[_Face]:
    outline = np.array(part.outline, float)
    count = len(outline)
    turn = np.sum(outline[:, 0] * np.roll(outline[:, 1], -1) - np.roll(outline[:, 0], -1) * outline[:, 1])
    if turn < 0:
        outline = outline[::-1]
    sides = [_in_eye(np.column_stack([outline, np.full(count, part.left + sign * part.half)])) for sign in (1.0, -1.0)]
    faces = [sides[0], sides[1][::-1]]
    for a in range(count):
        b = (a + 1) % count
        faces.append(np.array([sides[0][a], sides[1][a], sides[1][b], sides[0][b]]))
    shown: list[_Face] = []
    middle = np.concatenate(sides).mean(0)
    for corners in faces:
        normal = np.cross(corners[1] - corners[0], corners[2] - corners[1])
        length = float(np.linalg.norm(normal))
        if length < 1e-9:
            continue
        normal = normal / length
        centre = corners.mean(0)
        if len(corners) == 4 and float(normal @ (centre - middle)) < 0 and part.convex:
            normal = -normal
        if float(normal @ centre) > 0 and part.convex:
            continue
        light = 0.5 + 0.6 * max(0.0, float(normal @ _LIGHT))
        shown.append(_Face(corners, _scaled(part.colour, light)))
    return shown


def _draw_tube(draw: ImageDraw.ImageDraw, tube: Tube, width: int, height: int) -> None:
    """Drawn again and again, smaller and brighter towards the light."""
    ends = _in_eye(np.array([tube.start, tube.end], float))
    places = _on_picture(ends, width, height)
    focal = width / 2 / _SPREAD
    radii = np.array([tube.thick, tube.thin]) * focal / ends[:, 2]
    for step in np.linspace(1.0, 0.15, 12):
        colour = (*_scaled(tube.colour, 0.42 + 0.72 * (1 - step)), 255)
        shift = np.array([-0.30, -0.42]) * (1 - step)
        middles = places + shift * radii[:, None]
        reach = radii * step
        along = middles[1] - middles[0]
        across = np.array([-along[1], along[0]]) / max(1e-6, float(np.hypot(*along)))
        quad = [middles[0] + across * reach[0], middles[1] + across * reach[1]]
        quad += [middles[1] - across * reach[1], middles[0] - across * reach[0]]
        draw.polygon([tuple(point) for point in quad], fill=colour)
        for middle, radius in zip(middles, reach, strict=True):
            draw.ellipse((*(middle - radius), *(middle + radius)), fill=colour)


def _scaled(colour: Sequence[float], by: float) -> Colour:
    red, green, blue = (max(0, min(255, round(part * by))) for part in colour)
    return red, green, blue


@lru_cache(maxsize=4)
def scope_mask(size: tuple[int, int]) -> Image.Image:
    """How dark a sniper's scope leaves each pixel (L): all but a round window, with cross hairs in it."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    off = np.hypot(x - size[0] / 2, y - size[1] / 2) / size[1]
    dark = 255 * np.clip((off - 0.435) / 0.012, 0, 1)
    dark = np.maximum(dark, 90 * np.clip((off - 0.36) / 0.075, 0, 1) ** 2)
    hair = max(1, size[1] // 720)
    dark[np.abs(y - size[1] / 2) < hair] = 255
    dark[np.abs(x - size[0] / 2) < hair] = 255
    return Image.fromarray(dark.astype(np.uint8), "L")
