"""What can be seen from where, as a grid: open cells and the walls between them.

Two sources. *Walked*: ground somebody of this recording walked on, and everything a bullet crossed between shooter and
victim, is open; the rest is wall. It sees less than a player does where nobody ever went. *Mesh*: awpy's
``VisibilityChecker`` over the map's collision mesh (``awpy get`` installs it) is asked for every two neighbouring cells
whether one sees the other at eye height; the grid then holds the map's real walls, at the height of a standing player.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import polars as pl

CELL = 32  # game units on a side, a player's width
MARGIN = 4  # cells around everything
EYES = 64.06  # units above the feet, standing
ASIDE = 0.7  # units beside the middle of a cell: maps are built on a grid, and a ray within a wall's face meets nothing
REACH = 10  # cells beyond walked ground whose floor is taken to be as high as the nearest walked one
MAX_SIDE = 400  # cells; positions further out are not the map's
CLOSING = 1  # cells: gaps up to twice this between walked cells are ground too

Point = tuple[float, float, float]
Grid = np.ndarray[Any, np.dtype[np.bool_]]
Heights = np.ndarray[Any, np.dtype[np.float64]]


class Checker(Protocol):
    """awpy's ``VisibilityChecker``."""

    def is_visible(self, a: Point, b: Point) -> bool: ...


@dataclass(frozen=True)
class Area:
    """A grid of ``width`` × ``height`` cells of ``CELL`` units whose first one begins at (left, bottom) cells."""

    left: int
    bottom: int
    width: int
    height: int

    def cells(self, x: Heights, y: Heights) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Indices into the flattened grid of points in game units; those outside are put on its edge."""
        column = np.clip(np.floor(x / CELL).astype(np.int64) - self.left, 0, self.width - 1)
        row = np.clip(np.floor(y / CELL).astype(np.int64) - self.bottom, 0, self.height - 1)
        return row * self.width + column  # type: ignore[no-any-return]


def area_of(positions: pl.DataFrame) -> Area:
    """The grid that holds all ``positions`` (x, y) but far outliers."""
    if positions.is_empty():
        return Area(-16, -16, 32, 32)
    low, high = [], []
    for axis in ("x", "y"):
        cells = np.floor(positions[axis].to_numpy() / CELL)
        middle = float(np.median(cells))
        inside = cells[np.abs(cells - middle) <= MAX_SIDE / 2 - MARGIN]
        low.append(int(inside.min()) - MARGIN)
        high.append(int(inside.max()) + MARGIN)
    return Area(low[0], low[1], high[0] - low[0] + 1, high[1] - low[1] + 1)


def walked(positions: pl.DataFrame, area: Area) -> Grid:
    """The cells [height, width] somebody stood on, and the small gaps between them."""
    grid = np.zeros(area.height * area.width, bool)
    grid[area.cells(positions["x"].to_numpy(), positions["y"].to_numpy())] = True
    return closed(grid.reshape(area.height, area.width), CLOSING)


def floor_heights(positions: pl.DataFrame, area: Area, reach: int = REACH) -> Heights:
    """The mean height of the feet on each cell [height, width], spread ``reach`` cells beyond walked ground, or NaN."""
    size = area.height * area.width
    at = area.cells(positions["x"].to_numpy(), positions["y"].to_numpy())
    count = np.bincount(at, minlength=size)
    total = np.bincount(at, weights=positions["z"].to_numpy(), minlength=size)
    with np.errstate(invalid="ignore"):
        heights = (total / count).reshape(area.height, area.width)
    for _ in range(reach):
        heights = np.where(np.isnan(heights), _mean_of_neighbours(heights), heights)
    return heights


def with_bullets(grid: Grid, area: Area, lines: pl.DataFrame) -> Grid:
    """Open every cell on the ``lines`` (ax, ay → vx, vy): something flew along them."""
    if lines.is_empty():
        return grid
    a, b = lines.select("ax", "ay").to_numpy(), lines.select("vx", "vy").to_numpy()
    steps = int(np.ceil(np.hypot(*(b - a).T).max() / (CELL / 2))) + 1
    share = np.linspace(0, 1, steps)[None, :, None]
    points = (a[:, None, :] * (1 - share) + b[:, None, :] * share).reshape(-1, 2)
    opened = grid.ravel().copy()
    opened[area.cells(points[:, 0], points[:, 1])] = True
    return opened.reshape(grid.shape)


def bullets(tables: Mapping[str, pl.DataFrame | None], is_gun: pl.Expr) -> pl.DataFrame:
    """From shooter to victim, of every hit that went through nothing: columns ax, ay, az, vx, vy, vz."""
    wanted = {f"{end[0]}{axis}": f"{end}_{axis}" for end in ("attacker", "victim") for axis in "xyz"}
    found = []
    for name in ("damages", "kills"):
        table = tables.get(name)
        if table is None or not {*wanted.values(), "weapon"} <= set(table.columns):
            continue
        rows = table.filter(is_gun)
        if "penetrated" in rows.columns:
            rows = rows.filter(pl.col("penetrated").fill_null(0) == 0)
        found.append(rows.select(pl.col(column).cast(pl.Float64).alias(short) for short, column in wanted.items()))
    schema = dict.fromkeys(wanted, pl.Float64)
    return pl.concat(found).drop_nulls() if found else pl.DataFrame(schema=schema)


def passages(grid: Grid) -> tuple[Grid, Grid]:
    """Whether one sees from each cell into its eastern and into its northern neighbour: where both are open."""
    east, north = np.zeros_like(grid), np.zeros_like(grid)
    east[:, :-1] = grid[:, :-1] & grid[:, 1:]
    north[:-1, :] = grid[:-1, :] & grid[1:, :]
    return east, north


def mesh_passages(checker: Checker, heights: Heights, area: Area) -> tuple[Grid, Grid]:
    """The same by the map's collision mesh, from eye height to eye height of the cells' middles."""
    east, north = np.zeros(heights.shape, bool), np.zeros(heights.shape, bool)
    xs = (area.left + np.arange(area.width) + 0.5) * CELL + ASIDE
    ys = (area.bottom + np.arange(area.height) + 0.5) * CELL + ASIDE / 2
    for row, column in np.argwhere(~np.isnan(heights)).tolist():
        here = (float(xs[column]), float(ys[row]), float(heights[row, column]) + EYES)
        for grid, right, up in ((east, 1, 0), (north, 0, 1)):
            if (
                row + up < area.height
                and column + right < area.width
                and not np.isnan(heights[row + up, column + right])
            ):
                there = (
                    float(xs[column + right]),
                    float(ys[row + up]),
                    float(heights[row + up, column + right]) + EYES,
                )
                grid[row, column] = checker.is_visible(here, there)
    return east, north


def bits(grid: Grid) -> str:
    """A grid as text: rows from the south, eight cells a byte from the highest bit, base64."""
    return base64.b64encode(np.packbits(grid.ravel()).tobytes()).decode()


def grid_of(text: str, area: Area) -> Grid:
    """The inverse of :func:`bits`: a grid [height, width]."""
    cells = np.unpackbits(np.frombuffer(base64.b64decode(text), np.uint8))[: area.width * area.height]
    return cells.reshape(area.height, area.width).astype(bool)


def closed(grid: Grid, radius: int) -> Grid:
    """The grid with gaps of up to twice ``radius`` cells filled (a morphological closing)."""
    return ~_grown(~_grown(grid, radius), radius)


def _grown(grid: Grid, radius: int) -> Grid:
    for _ in range(radius):
        padded = np.pad(grid, 1)
        grid = padded[1:-1, 1:-1] | padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:]
    return grid


def _mean_of_neighbours(heights: Heights) -> Heights:
    padded = np.pad(heights, 1, constant_values=np.nan)
    around = np.stack((padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]))
    known = ~np.isnan(around)
    with np.errstate(invalid="ignore"):
        return np.where(known, around, 0).sum(0) / known.sum(0)  # type: ignore[no-any-return]
