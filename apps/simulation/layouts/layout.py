"""A map of our own: boxes that block sight and bullets, areas people walk on, places with names.

Everything is made of boxes along the axes (stairs are boxes too), so that sight, shots, drawing and the radar all read
one description. World units are CS2's (1 unit = 1 inch; a player is 32 × 32 × 72).
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Surface(StrEnum):
    """What a box is made of: picks its colour and pattern, and whether bullets go through."""

    GROUND = "ground"
    PLASTER = "plaster"
    BRICK = "brick"
    CONCRETE = "concrete"
    WOOD = "wood"
    METAL = "metal"


@dataclass(frozen=True)
class Box:
    """A solid block from ``low`` to ``high`` (x, y, z)."""

    low: tuple[float, float, float]
    high: tuple[float, float, float]
    surface: Surface = Surface.CONCRETE

    @property
    def penetrable(self) -> bool:
        return self.surface is Surface.WOOD


@dataclass(frozen=True)
class Area:
    """A level rectangle to stand on. Neighbouring areas that touch and differ by at most a step are connected."""

    low: tuple[float, float]
    high: tuple[float, float]
    z: float
    place: str  # as CS2 names places: "BombsiteA", "CTSpawn", "Middle", "LongA" …
    level: int = 0  # storey, 0 is the ground floor

    @property
    def middle(self) -> tuple[float, float, float]:
        return (self.low[0] + self.high[0]) / 2, (self.low[1] + self.high[1]) / 2, self.z


@dataclass(frozen=True)
class Radar:
    """pixel_x = (x − pos_x) / scale, pixel_y = (pos_y − y) / scale on a 1024 × 1024 image (awpy's calibration)."""

    pos_x: float
    pos_y: float
    scale: float
    levels: tuple[float, ...] = ()  # z from which on a storey belongs to the next level


@dataclass(frozen=True)
class Layout:
    name: str  # as in the recording's header: "de_…"
    boxes: tuple[Box, ...]
    areas: tuple[Area, ...]
    links: tuple[tuple[int, int], ...]  # areas joined both ways beyond plain touching (stairs, drops are both ways too)
    spawns_t: tuple[tuple[float, float, float, float], ...]  # x, y, z, yaw; at least five
    spawns_ct: tuple[tuple[float, float, float, float], ...]
    site_a: tuple[int, ...]  # areas in which the bomb may be planted
    site_b: tuple[int, ...]
    buy_t: tuple[int, ...]  # areas in which one may buy
    buy_ct: tuple[int, ...]
    radar: Radar
    sky: tuple[int, int, int] = field(default=(150, 180, 205))
