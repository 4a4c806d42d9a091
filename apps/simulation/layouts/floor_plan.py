"""A map as a list of floors: whatever no floor covers is wall. Builds the boxes and areas of a ``Layout`` from it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from apps.simulation.layouts.layout import Area, Box, Layout, Radar, Surface

BOTTOM, WALL_TOP, SLAB = -64.0, 416.0, 24.0
STEP = 16.0  # height of one stair; CS2 lets players walk up 18
LARGEST = 320.0  # side of an area, so that what one sees from its middle is what one sees from it
Rect = tuple[float, float, float, float]  # x0, y0, x1, y1


@dataclass(frozen=True)
class Floor:
    place: str
    rect: Rect
    z: float = 0.0
    level: int = 0
    surface: Surface = Surface.GROUND


@dataclass(frozen=True)
class Stairs:
    """Steps from ``z0`` to ``z1`` towards ``to`` ("N" is +y, "E" is +x)."""

    place: str
    rect: Rect
    z0: float
    z1: float
    to: str
    level: int = 0

    def floors(self) -> list[Floor]:
        """One floor per step."""
        count = math.ceil(abs(self.z1 - self.z0) / STEP)
        x0, y0, x1, y1 = self.rect
        steps = []
        for number in range(count):
            share, after = number / count, (number + 1) / count
            z = self.z0 + (self.z1 - self.z0) * after
            rect = {
                "E": (x0 + (x1 - x0) * share, y0, x0 + (x1 - x0) * after, y1),
                "W": (x1 - (x1 - x0) * after, y0, x1 - (x1 - x0) * share, y1),
                "N": (x0, y0 + (y1 - y0) * share, x1, y0 + (y1 - y0) * after),
                "S": (x0, y1 - (y1 - y0) * after, x1, y1 - (y1 - y0) * share),
            }[self.to]
            steps.append(Floor(self.place, rect, z, self.level, Surface.CONCRETE))
        return steps


@dataclass(frozen=True)
class Crate:
    """Cover on a floor; nobody walks where it stands."""

    rect: Rect
    z: float
    height: float
    surface: Surface = Surface.WOOD


@dataclass(frozen=True)
class Plan:
    name: str
    size: tuple[float, float]
    floors: tuple[Floor, ...]
    stairs: tuple[Stairs, ...]
    crates: tuple[Crate, ...]
    spawn_t: str  # places
    spawn_ct: str
    walls: Surface = Surface.PLASTER
    levels: tuple[float, ...] = ()
    sky: tuple[int, int, int] = field(default=(150, 180, 205))


def build(plan: Plan) -> Layout:
    """The layout of a plan.

    Raises:
        ValueError: floors of one level overlap, or a side lacks room for five.
    """
    floors = [*plan.floors, *(step for stairs in plan.stairs for step in stairs.floors())]
    _check_overlaps(floors)
    areas = tuple(area for floor in floors for area in _areas(floor, plan.crates))
    crates = tuple(
        Box((c.rect[0], c.rect[1], c.z), (c.rect[2], c.rect[3], c.z + c.height), c.surface) for c in plan.crates
    )
    largest = max(plan.size)
    return Layout(
        name=plan.name,
        boxes=(*_structure(plan, floors), *crates),
        areas=areas,
        links=(),
        spawns_t=_spawns(areas, plan.spawn_t, 90.0),
        spawns_ct=_spawns(areas, plan.spawn_ct, -90.0),
        site_a=_of(areas, "BombsiteA"),
        site_b=_of(areas, "BombsiteB"),
        buy_t=_of(areas, plan.spawn_t),
        buy_ct=_of(areas, plan.spawn_ct),
        radar=Radar(0.0, plan.size[1], largest / 1024, plan.levels),
        sky=plan.sky,
    )


def _of(areas: Sequence[Area], place: str) -> tuple[int, ...]:
    return tuple(number for number, area in enumerate(areas) if area.place == place)


def _spawns(areas: Sequence[Area], place: str, yaw: float) -> tuple[tuple[float, float, float, float], ...]:
    """Five spots side by side in the middle of a place."""
    rects = [areas[number] for number in _of(areas, place)]
    if not rects:
        raise ValueError(f"nobody can spawn in {place}")
    x0, x1 = min(area.low[0] for area in rects), max(area.high[0] for area in rects)
    y = (min(area.low[1] for area in rects) + max(area.high[1] for area in rects)) / 2
    if x1 - x0 < 5 * 64:
        raise ValueError(f"{place} has no room for five")
    gap = min(128.0, (x1 - x0) / 6)
    return tuple(((x0 + x1) / 2 + gap * number, y, rects[0].z, yaw) for number in range(-2, 3))


def _check_overlaps(floors: Sequence[Floor]) -> None:
    for number, one in enumerate(floors):
        for other in floors[number + 1 :]:
            if one.level == other.level and _overlap(one.rect, other.rect):
                raise ValueError(f"{one.place} and {other.place} overlap")


def _overlap(a: Rect, b: Rect) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _areas(floor: Floor, crates: Iterable[Crate]) -> list[Area]:
    """A floor without its crates, in level rectangles of at most ``LARGEST``."""
    here = [c.rect for c in crates if c.z == floor.z and _overlap(c.rect, floor.rect)]
    xs = _cuts(floor.rect[0], floor.rect[2], [edge for rect in here for edge in (rect[0], rect[2])])
    ys = _cuts(floor.rect[1], floor.rect[3], [edge for rect in here for edge in (rect[1], rect[3])])
    free = {
        (i, j)
        for i, (x0, x1) in enumerate(pairwise(xs))
        for j, (y0, y1) in enumerate(pairwise(ys))
        if not any(_overlap((x0, y0, x1, y1), rect) for rect in here)
    }
    rects = _merged(free, xs, ys, LARGEST)
    return [Area((x0, y0), (x1, y1), floor.z, floor.place, floor.level) for x0, y0, x1, y1 in rects]


def _cuts(low: float, high: float, edges: Iterable[float]) -> list[float]:
    """The borders of cells between ``low`` and ``high``: at the edges, and where a cell would be too large."""
    marks = sorted({low, high, *(edge for edge in edges if low < edge < high)})
    cuts = [low]
    for start, end in pairwise(marks):
        parts = math.ceil((end - start) / LARGEST)
        cuts += [start + (end - start) * (part + 1) / parts for part in range(parts)]
    return cuts


def _merged(cells: set[tuple[int, int]], xs: Sequence[float], ys: Sequence[float], largest: float) -> list[Rect]:
    """Cells joined into few rectangles no larger than ``largest`` on a side, in a fixed order."""
    left, rects = set(cells), []
    for i, j in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        if (i, j) not in left:
            continue
        right, top = i, j
        while (right + 1, j) in left and xs[right + 2] - xs[i] <= largest:
            right += 1
        while all((k, top + 1) in left for k in range(i, right + 1)) and ys[top + 2] - ys[j] <= largest:
            top += 1
        left -= {(k, m) for k in range(i, right + 1) for m in range(j, top + 1)}
        rects.append((xs[i], ys[j], xs[right + 1], ys[top + 1]))
    return rects


def _structure(plan: Plan, floors: Sequence[Floor]) -> list[Box]:
    """Walls where there is no floor, ground under the lowest one, a slab under those above."""
    xs = sorted({0.0, plan.size[0], *(edge for floor in floors for edge in (floor.rect[0], floor.rect[2]))})
    ys = sorted({0.0, plan.size[1], *(edge for floor in floors for edge in (floor.rect[1], floor.rect[3]))})
    kinds: dict[Box, set[tuple[int, int]]] = {}
    for i, (x0, x1) in enumerate(pairwise(xs)):
        for j, (y0, y1) in enumerate(pairwise(ys)):
            here = sorted((f for f in floors if _overlap(f.rect, (x0, y0, x1, y1))), key=lambda f: f.z)
            for kind in _column(plan, here):
                kinds.setdefault(kind, set()).add((i, j))
    boxes = []
    for kind, cells in kinds.items():
        for x0, y0, x1, y1 in _merged(cells, xs, ys, max(plan.size)):
            boxes.append(replace(kind, low=(x0, y0, kind.low[2]), high=(x1, y1, kind.high[2])))
    return boxes


def _column(plan: Plan, floors: Sequence[Floor]) -> list[Box]:
    """What stands in one column of space, as boxes without a place: only their heights and surface count."""
    if not floors:
        return [Box((0, 0, BOTTOM), (0, 0, WALL_TOP), plan.walls)]
    ground = [Box((0, 0, BOTTOM), (0, 0, floors[0].z), floors[0].surface)]
    return ground + [Box((0, 0, floor.z - SLAB), (0, 0, floor.z), Surface.CONCRETE) for floor in floors[1:]]
