"""A layout as the radar shows it: walkable ground, sites framed orange, buy zones green."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

from apps.simulation.layouts.layout import Area, Layout

PIXEL = 8.0  # world units for one pixel of the kept map
_EDGE = 48  # empty pixels around
_APART = 500.0  # units between sites whose letters do not stand on each other
_SITE = (240, 108, 52, 255)
_BUY = (76, 196, 62, 255)


@dataclass(frozen=True)
class RadarMap:
    """``levels`` are pictures of all storeys, each with one of them in front; north (+y) is up."""

    levels: tuple[Image.Image, ...]
    floors: tuple[float, ...]  # z from which on the next level counts
    west: float
    north: float
    sites: tuple[dict[str, tuple[float, float]], ...]  # the letters to show, for each level

    def pixel(self, x: float, y: float) -> tuple[float, float]:
        return (x - self.west) / PIXEL + _EDGE, (self.north - y) / PIXEL + _EDGE

    def level_of(self, z: float) -> int:
        return min(sum(z >= floor for floor in self.floors), len(self.levels) - 1)

    def share(self, x: float, y: float) -> tuple[float, float]:
        """Where a point lies on the whole map, in shares of its side."""
        side = max(self.levels[0].size)
        across, down = self.pixel(x, y)
        return across / side, down / side

    def whole(self, side: int) -> Image.Image:
        return _whole(self.levels[-1], side)


@lru_cache(maxsize=8)
def _drawn(name: str, layout_id: int) -> list[tuple[Layout, RadarMap]]:
    return []


def radar_map(layout: Layout) -> RadarMap:
    """Drawn once per layout and kept."""
    kept = _drawn(layout.name, id(layout))
    if not kept:
        kept.append((layout, _draw(layout)))
    return kept[0][1]


def _draw(layout: Layout) -> RadarMap:
    areas = layout.areas
    west, south = min(area.low[0] for area in areas), min(area.low[1] for area in areas)
    east, north = max(area.high[0] for area in areas), max(area.high[1] for area in areas)
    side = round(max(east - west, north - south) / PIXEL) + 2 * _EDGE
    blank = RadarMap((Image.new("RGBA", (side, side)),), layout.radar.levels, west, north, ())
    storeys = max(area.level for area in areas) + 1
    low, high = min(area.z for area in areas), max(area.z for area in areas)
    pictures = []
    for storey in range(storeys):
        picture = Image.new("RGBA", (side, side), (84, 104, 112, 0))
        draw = ImageDraw.Draw(picture)
        for area in sorted(areas, key=lambda area: (area.level == storey, area.z)):
            height = (area.z - low) / max(1.0, high - low)
            _fill(draw, blank, area, height, area.level == storey)
        for zone, colour in (
            (layout.site_a, _SITE), (layout.site_b, _SITE), (layout.buy_t, _BUY), (layout.buy_ct, _BUY),
        ):  # fmt: skip
            _frame(draw, blank, [areas[index] for index in zone if areas[index].level == storey], colour)
        pictures.append(picture)
    sites = tuple(_letters(layout, storey) for storey in range(storeys))
    return RadarMap(tuple(pictures), layout.radar.levels, west, north, sites)


def _fill(draw: ImageDraw.ImageDraw, chart: RadarMap, area: Area, height: float, front: bool) -> None:
    """Higher ground is greener, as on the real radars; other storeys are dim."""
    colour = (round(76 + 26 * height), round(102 + 20 * height), round(112 - 22 * height), 215 if front else 90)
    draw.rectangle((*chart.pixel(area.low[0], area.high[1]), *chart.pixel(area.high[0], area.low[1])), fill=colour)


def _frame(draw: ImageDraw.ImageDraw, chart: RadarMap, areas: list[Area], colour: tuple[int, int, int, int]) -> None:
    if not areas:
        return
    west, south = min(area.low[0] for area in areas), min(area.low[1] for area in areas)
    east, north = max(area.high[0] for area in areas), max(area.high[1] for area in areas)
    draw.rectangle((*chart.pixel(west, north), *chart.pixel(east, south)), outline=colour, width=4)


def _letters(layout: Layout, storey: int) -> dict[str, tuple[float, float]]:
    """Where A and B are written: a site of another storey only where it does not lie under or over this one's."""
    found = {}
    for letter, zone in (("A", layout.site_a), ("B", layout.site_b)):
        found[letter] = (_middle(layout.areas[index] for index in zone), layout.areas[zone[0]].level == storey)
    (a, a_here), (b, b_here) = found["A"], found["B"]
    if math.dist(a, b) < _APART and a_here != b_here:
        return {"A": a} if a_here else {"B": b}
    return {"A": a, "B": b}


def _middle(areas: Iterable[Area]) -> tuple[float, float]:
    middles = [area.middle for area in areas]
    count = max(1, len(middles))
    return sum(middle[0] for middle in middles) / count, sum(middle[1] for middle in middles) / count


def _whole(picture: Image.Image, side: int) -> Image.Image:
    return picture.resize((side, side), Image.Resampling.BOX)
