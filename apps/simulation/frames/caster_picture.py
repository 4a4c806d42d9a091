"""From a cast to a picture: pattern, light, shadow and haze of whatever each ray met."""

import math
from dataclasses import dataclass

import numpy as np

from apps.simulation.frames.caster import SURFACES, Cast, Scene
from apps.simulation.frames.caster_light import AMBIENT, BIAS, SUNLIT, Shadows, shadows_of
from apps.simulation.frames.caster_surfaces import COLOURS, LEVELS, LUMA, SIDE, atlas
from apps.simulation.frames.lens import Lens

_LIGHTS = 32  # steps of light
_HAZES = 16  # steps of haze
_HAZE_FAR = 5200.0  # units at which the haze is thickest
_HAZE_MOST = 0.55
_STEP = 16.0  # depth that shares one pattern size and one haze step
_STEPS = 512
_BAND = 24  # rows painted at a time, so that all that is looked up stays in the processor's cache
_SIDE_BITS = SIDE.bit_length() - 1


@dataclass(frozen=True)
class _Sides:
    """For every side of every block (3 × block + axis), as one lens sees it."""

    axis: np.ndarray  # on which it stands
    surface: np.ndarray  # where its palette begins
    pattern: np.ndarray  # (sides × LEVELS,): where its tile begins
    shade: np.ndarray  # brightness without the sun
    sun: np.ndarray  # what the sun adds
    low: np.ndarray  # the block's lowest point
    bias: np.ndarray  # how far below the shadow map it may be and still be lit


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
        """The picture (height, width), each pixel packed into a uint32 with red in its lowest byte."""
        picture = self._sky(found, lens)
        sides, levels = self._sides(lens), _levels(lens)
        for top in range(0, len(picture), _BAND):
            band = slice(top, top + _BAND)
            part = Cast(found.depth[band], found.side[band], found.x[band], found.y[band], found.z[band])
            self._paint_band(picture[band], part, lens, sides, levels)
        return picture

    def _paint_band(self, picture: np.ndarray, found: Cast, lens: Lens, sides: _Sides, levels: np.ndarray) -> None:
        depth, side = found.depth, found.side
        solid = side >= 0
        everywhere = bool(solid.all())
        if not everywhere:
            if not solid.any():
                return
            depth, side = np.where(solid, depth, np.float32(0)), np.maximum(side, 0)
        x, y, z = (
            depth * ray + np.float32(eye) for ray, eye in zip((found.x, found.y, found.z), lens.eye, strict=True)
        )
        axis = sides.axis.take(side)
        step = np.minimum((depth * np.float32(1 / _STEP)).astype(np.intp), _STEPS - 1)
        index = sides.surface.take(side)
        index += self._luma(side, axis, x, y, z, levels.take(step), sides)
        index *= _LIGHTS
        index += self._light(side, axis, x, y, z, sides)
        index *= _HAZES
        index += self.haze.take(step)
        if everywhere:
            np.take(self.palette, index, out=picture, mode="clip")
        else:
            np.copyto(picture, self.palette.take(index), where=solid)

    def _sides(self, lens: Lens) -> _Sides:
        scene = self.scene
        above = (np.array(lens.eye, np.float32) >= scene.high).astype(np.int64)
        shade = np.stack([AMBIENT[axis][above[:, axis]] for axis in range(3)], 1) * self.variety[:, None]
        sun = np.stack([SUNLIT[axis][above[:, axis]] for axis in range(3)], 1)
        surface = scene.surface.astype(np.intp)
        return _Sides(
            axis=np.tile(np.arange(3, dtype=np.int8), len(surface)),
            surface=np.repeat(surface * LUMA, 3),
            pattern=np.repeat(atlas()[1][surface], 3, axis=0).astype(np.intp).ravel(),
            shade=shade.ravel().astype(np.float32) * _LIGHTS,
            sun=sun.ravel().astype(np.float32) * _LIGHTS,
            low=np.repeat(scene.low[:, 2], 3),
            bias=np.tile(BIAS, len(surface)),
        )

    def _light(
        self, side: np.ndarray, axis: np.ndarray, x: np.ndarray, y: np.ndarray, z: np.ndarray, sides: _Sides
    ) -> np.ndarray:
        """The step of light: walls are darker near the ground, and all is where the sun does not come."""
        corner = np.minimum((z - sides.low.take(side)) * np.float32(0.2 / 64), np.float32(0.2))
        light = sides.shade.take(side)
        light *= np.where(axis == 2, np.float32(1), np.float32(0.8) + corner)
        light += sides.sun.take(side) * self.shadows.lit(x, y, z, sides.bias.take(side))
        return np.minimum(light.astype(np.intp), _LIGHTS - 1)

    def _luma(
        self,
        side: np.ndarray,
        axis: np.ndarray,
        x: np.ndarray,
        y: np.ndarray,
        z: np.ndarray,
        level: np.ndarray,
        sides: _Sides,
    ) -> np.ndarray:
        """The step of brightness of the pattern there, at the size that fits the distance."""
        across = np.where(axis == 0, y, x).astype(np.int32)
        down = np.where(axis == 2, y, -z).astype(np.int32)
        across &= SIDE - 1
        down &= SIDE - 1
        across >>= level
        down >>= level
        down <<= _SIDE_BITS - level
        down += across
        place = side * LEVELS
        place += level
        place = sides.pattern.take(place)
        place += down
        return np.asarray(atlas()[0].take(place))

    def _sky(self, found: Cast, lens: Lens) -> np.ndarray:
        """Packed RGBX: paler towards the horizon."""
        steep = found.z / math.hypot(*lens.ahead[:2], 1e-3)  # one value per row, as nobody tilts their head
        share = np.clip(steep / 0.9, 0, 1)[..., None] ** 0.6
        top, low = np.array(self.scene.sky) * (0.62, 0.74, 0.92), np.array(self.scene.sky) * 0.35 + 155
        colours = np.clip(low + (top - low) * share, 0, 255).astype(np.uint32)
        packed = colours[..., 0] | colours[..., 1] << 8 | colours[..., 2] << 16
        return np.array(np.broadcast_to(packed.astype(np.uint32), found.depth.shape))


def _levels(lens: Lens) -> np.ndarray:
    """By step of depth, which of the pattern's sizes is nearest to one texel per ray."""
    footprint = np.maximum(np.arange(_STEPS) * _STEP / lens.focal * 1.1, 1.0)
    return np.asarray(np.clip(np.floor(np.log2(footprint)), 0, LEVELS - 1).astype(np.int32))


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
