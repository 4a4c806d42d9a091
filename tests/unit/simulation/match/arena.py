"""A small layout made by hand: two sites, a middle, symmetrical."""

from itertools import pairwise

from apps.simulation.layouts.layout import Area, Box, Layout, Radar, Surface

_HALF = [
    ((-2000, -1700), (-600, -1400), "OutsideLong"),
    ((-2000, -1400), (-1500, -400), "LongA"),
    ((-2000, -400), (-1500, 600), "LongA"),
    ((-2000, 600), (-1500, 1400), "BombsiteA"),
    ((-1500, 600), (-1000, 1400), "BombsiteA"),
    ((-1500, -200), (-250, 100), "Connector"),
    ((-1000, 600), (-250, 700), "ShortA"),
    ((-1000, 900), (-600, 1300), "RampA"),
]
_MIDDLE = [
    ((-600, -2000), (600, -1400), "TSpawn"),
    ((-250, -1400), (250, -200), "Middle"),
    ((-250, -200), (-100, -50), "Middle"),  # two doors, so that the spawns do not see each other
    ((-250, -50), (250, 100), "Middle"),
    ((-250, 100), (250, 450), "TopofMid"),
    ((100, 450), (250, 600), "TopofMid"),
    ((-250, 600), (250, 800), "TopofMid"),
    ((-600, 800), (-50, 1500), "CTSpawn"),  # a wall in the middle, so that the sites do not see each other
    ((50, 800), (600, 1500), "CTSpawn"),
    ((-50, 1420), (50, 1500), "CTSpawn"),
    ((-50, 800), (50, 880), "CTSpawn"),
]


def _areas() -> list[Area]:
    areas = [Area((float(a), float(b)), (float(c), float(d)), 0.0, place) for (a, b), (c, d), place in _MIDDLE + _HALF]
    for (a, b), (c, d), place in _HALF:
        other = place[:-1] + "B" if place.endswith("A") else place + "B"
        lift = 100.0 if place == "ShortA" else 0.0
        areas.append(Area((float(-c), b + lift), (float(-a), d + lift), 0.0, other))
    return areas


def _walls(areas: list[Area]) -> list[Box]:
    """Everything between the areas is wall, in horizontal strips."""
    xs = sorted({edge for area in areas for edge in (area.low[0], area.high[0])} | {-2100.0, 2100.0})
    ys = sorted({edge for area in areas for edge in (area.low[1], area.high[1])} | {-2100.0, 1600.0})
    walls = []
    for y0, y1 in pairwise(ys):
        start = None
        for x0, x1 in [*pairwise(xs), (xs[-1], xs[-1] + 1)]:
            x, y = (x0 + x1) / 2, (y0 + y1) / 2
            free = x > xs[-1] or any(
                area.low[0] <= x <= area.high[0] and area.low[1] <= y <= area.high[1] for area in areas
            )
            if not free and start is None:
                start = x0
            if free and start is not None:
                walls.append(Box((start, y0, 0.0), (x0, y1, 250.0), Surface.PLASTER))
                start = None
    return walls


def arena() -> Layout:
    areas = _areas()
    boxes = [Box((-2100.0, -2100.0, -16.0), (2100.0, 1600.0, 0.0), Surface.GROUND), *_walls(areas)]

    def named(place: str) -> tuple[int, ...]:
        return tuple(index for index, area in enumerate(areas) if area.place == place)

    return Layout(
        name="de_arena",
        boxes=tuple(boxes),
        areas=tuple(areas),
        links=(),
        spawns_t=tuple((x, -1800.0, 0.0, 90.0) for x in (-200.0, -100.0, 0.0, 100.0, 200.0)),
        spawns_ct=tuple((x, 1300.0, 0.0, -90.0) for x in (-300.0, -200.0, 100.0, 200.0, 300.0)),
        site_a=named("BombsiteA"),
        site_b=named("BombsiteB"),
        buy_t=named("TSpawn"),
        buy_ct=named("CTSpawn"),
        radar=Radar(-2300.0, 2000.0, 4.5),
    )
