"""From a cast to a picture: pattern, light, shadow and haze of whatever each ray met."""

import math
from dataclasses import dataclass

import numpy as np

from apps.simulation.frames.caster import SURFACES, Cast, Scene
from apps.simulation.frames.caster_light import AMBIENT, SUNLIT, Shadows, shadows_of
from apps.simulation.frames.caster_surfaces import COLOURS, LEVELS, LUMA, SIDE, atlas
from apps.simulation.frames.lens import Lens

_LIGHTS = 32  # steps of light
_HAZES = 16  # steps of haze
_HAZE_FAR = 5200.0  # units at which the haze is thickest
_HAZE_MOST = 0.55
_STEP = 16.0  # depth that shares one pattern size and one haze step
_STEPS = 512


@dataclass(frozen=True)
class Painter:
    """What one scene needs to be painted, made once. ``palette``: packed RGBX for (surface, luma, light, haze)."""

    scene: Scene
    shadows: Shadows
    palette: np.ndarray
    variety: np.ndarray  # (boxes,): no two neighbours are equally bright
    haze: np.ndarray  # step of haze by step of depth

    @classmethod
    def of(cls, scene: Scene) -> "Painter":
        variety = 0.94 + 0.12 * ((np.arange(len(scene.low)) * 37) % 11) / 10
        depth = np.arange(_STEPS) * _STEP
        haze = np.rint((_HAZES - 1) * np.clip(depth / _HAZE_FAR, 0, 1) ** 0.8).astype(np.int32)
        return cls(scene, shadows_of(scene), _palette(scene.sky), variety.astype(np.float32), haze)

    def paint(self, found: Cast, lens: Lens) -> np.ndarray:
        """An image (height, width, 4) of uint8; the fourth channel means nothing."""
        shape = found.depth.shape
        solid = found.box >= 0
        picture = self._sky(found, lens)
        depth = np.where(solid, found.depth, np.float32(0))
        box = np.where(solid, found.box, 0)
        x, y = lens.eye[0] + depth * found.x, lens.eye[1] + depth * found.y
        z = lens.eye[2] + depth * found.z
        axis, light = self._light(box, x, y, z, lens)
        step = np.minimum((depth * np.float32(1 / _STEP)).astype(np.int32), _STEPS - 1)
        luma = self._luma(box, axis, x, y, z, step, lens)
        surface = self.scene.surface.astype(np.int32).take(box)
        index = ((surface * LUMA + luma) * _LIGHTS + light) * _HAZES + self.haze.take(step)
        np.copyto(picture, self.palette.take(index), where=solid)
        return np.asarray(picture.view(np.uint8).reshape(*shape, 4))

    def _light(
        self, box: np.ndarray, x: np.ndarray, y: np.ndarray, z: np.ndarray, lens: Lens
    ) -> tuple[np.ndarray, np.ndarray]:
        """Which axis the side met stands on, and its step of light."""
        eye = np.array(lens.eye, np.float32)
        above = eye >= self.scene.high
        faces = np.where(above, self.scene.high, self.scene.low)  # the side of each block turned to the eye
        faces = np.where((eye > self.scene.low) & (eye < self.scene.high), np.float32(1e7), faces)
        from_x, from_y, from_z = (
            np.abs(place - np.ascontiguousarray(faces[:, part]).take(box)) for part, place in enumerate((x, y, z))
        )
        axis = np.where(from_x < from_y, np.int32(0), np.int32(1))
        axis[from_z < np.minimum(from_x, from_y)] = 2
        sides = above.astype(np.int64)
        shaded = np.stack([AMBIENT[part][sides[:, part]] for part in range(3)], 1) * self.variety[:, None]
        sunny = np.stack([SUNLIT[part][sides[:, part]] for part in range(3)], 1)
        side = box * 3 + axis
        light = shaded.ravel().astype(np.float32).take(side)
        corner = np.minimum((z - np.ascontiguousarray(self.scene.low[:, 2]).take(box)) * np.float32(1 / 64), 1)
        light *= np.where(axis == 2, np.float32(1), np.float32(0.8) + np.float32(0.2) * corner)
        light += sunny.ravel().astype(np.float32).take(side) * self.shadows.lit(x, y, z, axis)
        return axis, np.minimum((light * _LIGHTS).astype(np.int32), _LIGHTS - 1)

    def _luma(
        self,
        box: np.ndarray,
        axis: np.ndarray,
        x: np.ndarray,
        y: np.ndarray,
        z: np.ndarray,
        step: np.ndarray,
        lens: Lens,
    ) -> np.ndarray:
        tiles, starts = atlas()
        footprint = np.maximum(np.arange(_STEPS) * _STEP / lens.focal * 1.1, 1.0)
        level = np.clip(np.floor(np.log2(footprint)), 0, LEVELS - 1).astype(np.int32).take(step)
        across = np.where(axis == 0, y, x).astype(np.int32) >> level
        down = np.where(axis == 2, y, -z).astype(np.int32) >> level
        side = np.right_shift(np.int32(SIDE), level)
        start = starts[self.scene.surface].ravel().take(box * LEVELS + level)
        return np.asarray(tiles.take(start + (down & (side - 1)) * side + (across & (side - 1))).astype(np.int32))

    def _sky(self, found: Cast, lens: Lens) -> np.ndarray:
        """Packed RGBX: paler towards the horizon, one colour per row as long as nobody tilts their head."""
        steep = found.z[:, 0] / math.hypot(*lens.ahead[:2], 1e-3)
        share = np.clip(steep / 0.9, 0, 1)[:, None] ** 0.6
        top, low = np.array(self.scene.sky) * (0.62, 0.74, 0.92), np.array(self.scene.sky) * 0.35 + 155
        colours = np.clip(low + (top - low) * share, 0, 255).astype(np.uint32)
        packed = colours[:, 0] | colours[:, 1] << 8 | colours[:, 2] << 16
        return np.array(np.broadcast_to(packed[:, None].astype(np.uint32), found.depth.shape))


def _palette(sky: tuple[int, int, int]) -> np.ndarray:
    luma = np.linspace(0, 1, LUMA)[None, :, None, None, None]
    light = ((np.arange(_LIGHTS) + 0.5) / _LIGHTS)[None, None, :, None, None] * 1.12
    haze = (np.arange(_HAZES) / (_HAZES - 1) * _HAZE_MOST)[None, None, None, :, None]
    dark = np.array([COLOURS[surface][0] for surface in SURFACES], float)[:, None, None, None, :]
    bright = np.array([COLOURS[surface][1] for surface in SURFACES], float)[:, None, None, None, :]
    # Shade is a little blue, sun a little yellow.
    tint = 1 + (light - 0.62) * np.array([0.16, 0.04, -0.16])
    colours = (dark + (bright - dark) * luma) * light * tint
    far = np.array(sky, float) * 0.35 + 150
    mixed = np.clip(colours * (1 - haze) + far * haze, 0, 255).astype(np.uint32)
    return np.asarray((mixed[..., 0] | mixed[..., 1] << 8 | mixed[..., 2] << 16).astype(np.uint32).ravel())
