"""What all packs of a recording share: the ground that was walked on, and what can be seen from where."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from apps.demos.parsing.items import ITEMS
from apps.demos.parsing.viewing import sight
from apps.demos.parsing.viewing.maps import CALIBRATIONS
from apps.demos.parsing.viewing.pack import GROUND, VERSION, put

GUNS = [f"{prefix}{name}" for name, thing in ITEMS.items() if thing.has_ammunition for prefix in ("", "weapon_")]
FEWEST_CELLS = 400  # walked ones; with fewer, the recording does not know the map and nothing is cut off
BOMB_S = 40.0  # from plant to explosion, by the server's settings


def build(
    states: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame | None],
    *,
    map_name: str,
    checker: sight.Checker | None = None,
    bomb_s: float = BOMB_S,
) -> dict[str, Any]:
    """The ground of a recording.

    Args:
        states: player states of the whole recording.
        tables: ``events.TABLES``; damages and kills are looked at.
        map_name: of the calibration table, which knows where the lower level begins.
        checker: awpy's ``VisibilityChecker`` of the map, where its mesh is installed.
        bomb_s: ``mp_c4timer``.

    Returns:
        ``bounds`` [x0, y0, x1, y1] (game units); ``cell`` (units), ``left``, ``bottom`` (cells), ``width``, ``height``;
        ``lower_z`` or null; ``sight`` "walked", "mesh" or "open" (too little was walked to know any wall); ``levels``:
        the upper one, then the lower one, each with ``walked``, ``east``, ``north`` (see ``sight.bits``); ``bomb_s``.
    """
    positions = (
        states.select("x", "y", "z", "health")
        .drop_nulls(["x", "y", "z"])
        .filter(pl.col("health").fill_null(1) > 0)
        .select(pl.col(axis).cast(pl.Float64) for axis in "xyz")
    )
    area = sight.area_of(positions)
    place = CALIBRATIONS.get(map_name)
    lower_z = place.lower_z if place else None
    hits = sight.bullets(tables, pl.col("weapon").is_in(GUNS))
    levels = (
        [_level(positions, hits, area, checker)]
        if lower_z is None
        else [
            _level(
                positions.filter(pl.col("z") >= lower_z),
                hits.filter(pl.col("az") >= lower_z, pl.col("vz") >= lower_z),
                area,
                checker,
            ),
            _level(
                positions.filter(pl.col("z") < lower_z),
                hits.filter(pl.col("az") < lower_z, pl.col("vz") < lower_z),
                area,
                checker,
            ),
        ]
    )
    margin = 2 * sight.CELL
    left, bottom = (area.left + sight.MARGIN) * sight.CELL, (area.bottom + sight.MARGIN) * sight.CELL
    right = (area.left + area.width - sight.MARGIN) * sight.CELL
    top = (area.bottom + area.height - sight.MARGIN) * sight.CELL
    return {
        "version": VERSION,
        "bounds": [left - margin, bottom - margin, right + margin, top + margin],
        "cell": sight.CELL,
        "left": area.left,
        "bottom": area.bottom,
        "width": area.width,
        "height": area.height,
        "lower_z": lower_z,
        "sight": _source(positions, area, checker),
        "levels": levels,
        "bomb_s": bomb_s,
    }


def _source(positions: pl.DataFrame, area: sight.Area, checker: sight.Checker | None) -> str:
    if checker is not None:
        return "mesh"
    return "walked" if sight.walked(positions, area).sum() >= FEWEST_CELLS else "open"


def _level(
    positions: pl.DataFrame, hits: pl.DataFrame, area: sight.Area, checker: sight.Checker | None
) -> dict[str, str]:
    grid = sight.walked(positions, area)
    if checker is None:
        east, north = sight.passages(sight.with_bullets(grid, area, hits))
    else:
        east, north = sight.mesh_passages(checker, sight.floor_heights(positions, area), area)
    return {"walked": sight.bits(grid), "east": sight.bits(east), "north": sight.bits(north)}


def merged(grounds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The first ground, with what was walked and seen in the others of the same map; ``recordings`` says how many.

    Walls of a mesh are known: such a ground stays as it is, and among others it does not count.
    """
    own = dict(grounds[0])
    alike = [one for one in grounds if one["sight"] != "mesh" and len(one["levels"]) == len(own["levels"])]
    if own["sight"] == "mesh" or len(alike) < 2:
        return {**own, "recordings": 1}
    left, bottom = min(one["left"] for one in alike), min(one["bottom"] for one in alike)
    right = max(one["left"] + one["width"] for one in alike)
    top = max(one["bottom"] + one["height"] for one in alike)
    whole = sight.Area(left, bottom, right - left, top - bottom)
    levels = [
        _merged_level([(one, one["levels"][level]) for one in alike], whole) for level in range(len(own["levels"]))
    ]
    walked = sum(int(level["walked"].sum()) for level in levels)
    corners = list(zip(*(one["bounds"] for one in alike), strict=True))
    return {
        **own,
        "bounds": [*map(min, corners[:2]), *map(max, corners[2:])],
        "left": left,
        "bottom": bottom,
        "width": whole.width,
        "height": whole.height,
        "sight": "walked" if walked >= FEWEST_CELLS else "open",
        "levels": [{name: sight.bits(grid) for name, grid in level.items()} for level in levels],
        "recordings": len(alike),
    }


def _merged_level(
    parts: Sequence[tuple[Mapping[str, Any], Mapping[str, str]]], whole: sight.Area
) -> dict[str, sight.Grid]:
    found = {name: np.zeros((whole.height, whole.width), bool) for name in ("walked", "east", "north")}
    for ground, level in parts:
        area = sight.Area(ground["left"], ground["bottom"], ground["width"], ground["height"])
        rows = slice(area.bottom - whole.bottom, area.bottom - whole.bottom + area.height)
        columns = slice(area.left - whole.left, area.left - whole.left + area.width)
        for name, grid in found.items():
            grid[rows, columns] |= sight.grid_of(level[name], area)
    east, north = sight.passages(found["walked"])
    return {"walked": found["walked"], "east": found["east"] | east, "north": found["north"] | north}


def write(
    folder: Path,
    states: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame | None],
    *,
    map_name: str,
    bomb_s: float = BOMB_S,
    meshes: Path | None = None,
) -> None:
    """Build the ground and put it where it belongs below ``folder``.

    ``meshes`` is the folder of awpy's downloads (``AWPY_DATA_DIR``); the mesh of the map is used where there is one.
    """
    content = build(states, tables, map_name=map_name, checker=installed_checker(meshes, map_name), bomb_s=bomb_s)
    put(folder / GROUND, content)


def installed_checker(meshes: Path | None, map_name: str) -> sight.Checker | None:
    """awpy's checker for the newest mesh of the map below ``meshes`` (``<release>/geometry/<map>.mesh``), or None.

    Only for the parse process: awpy is loaded here. A mesh that cannot be read counts as absent.
    """
    if meshes is None or map_name not in CALIBRATIONS:
        return None
    found = [path for path in meshes.glob(f"*/geometry/{map_name}.mesh") if path.parts[-3].isdigit()]
    if not found:
        return None
    from awpy import VisibilityChecker

    newest = max(found, key=lambda path: int(path.parts[-3]))
    try:
        checker: sight.Checker = VisibilityChecker(newest)
    except (OSError, ValueError):
        return None
    return checker
