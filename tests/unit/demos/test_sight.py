"""What is seen from where: the grid of walked ground, and that of a mesh."""

import gzip
import json
import struct
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.demos.parsing.reading.states import SCHEMA
from apps.demos.parsing.viewing import pack_ground, sight
from apps.demos.parsing.viewing.pack import GROUND


def corridor(*, y: float = 0.0, x0: int = 0, x1: int = 1024, z: float = 0.0) -> pl.DataFrame:
    """Somebody walks along a corridor."""
    return pl.DataFrame({"x": [float(x) for x in range(x0, x1, 16)], "y": float(y), "z": float(z)})


class Wall:
    """A mesh of one wall along y = 512, which `asked` counts the questions to."""

    asked = 0

    def is_visible(self, a: sight.Point, b: sight.Point) -> bool:
        self.asked += 1
        return (a[1] < 512) == (b[1] < 512)


def states(*walks: pl.DataFrame) -> pl.DataFrame:
    rows = pl.concat(walks).with_columns(tick=pl.int_range(pl.len()), slot=pl.lit(0), health=pl.lit(100))
    return rows.select(
        pl.col(name).cast(kind) if name in rows.columns else pl.lit(None, kind).alias(name)
        for name, kind in SCHEMA.items()
    )


@given(st.lists(st.tuples(st.floats(-4000, 4000), st.floats(-4000, 4000)), min_size=1, max_size=40))
def test_whoever_walked_is_in_the_grid(places: list[tuple[float, float]]) -> None:
    table = pl.DataFrame(places, schema=["x", "y"], orient="row")
    area = sight.area_of(table)
    grid = sight.walked(table, area).ravel()
    middle = np.median(np.floor(table.to_numpy() / sight.CELL), axis=0)
    near = (np.abs(np.floor(table.to_numpy() / sight.CELL) - middle) <= sight.MAX_SIDE / 2 - sight.MARGIN).all(axis=1)
    assert grid[area.cells(table["x"].to_numpy()[near], table["y"].to_numpy()[near])].all()
    assert area.width <= sight.MAX_SIDE
    assert area.height <= sight.MAX_SIDE


def test_one_sees_along_the_corridor_and_not_across() -> None:
    walks = pl.concat([corridor(), corridor(y=640)])
    area = sight.area_of(walks)
    east, north = sight.passages(sight.walked(walks, area))
    row, column = -area.bottom, 10 - area.left
    assert east[row, column]
    assert not north[row, column]


def test_a_bullet_opens_what_nobody_walked() -> None:
    walks = pl.concat([corridor(), corridor(y=640)])
    area = sight.area_of(walks)
    line = pl.DataFrame({"ax": [336.0], "ay": [0.0], "vx": [336.0], "vy": [640.0]})
    _, north = sight.passages(sight.with_bullets(sight.walked(walks, area), area, line))
    assert north[-area.bottom : 20 - area.bottom, 10 - area.left].all()


def test_the_mesh_knows_the_walls() -> None:
    walks = pl.concat([corridor(y=y) for y in range(0, 1024, 64)])
    area = sight.area_of(walks)
    heights = sight.floor_heights(walks, area, reach=2)
    wall = Wall()
    _, north = sight.mesh_passages(wall, heights, area)
    column = 10 - area.left
    assert north[10 - area.bottom, column]
    assert not north[15 - area.bottom, column]  # from y 480–512 to 512–544
    assert wall.asked <= 2 * area.width * area.height


def test_levels_and_what_the_cones_end_at() -> None:
    walks = states(*[corridor(y=64 * line, x1=2048) for line in range(16)], corridor(y=2048, z=-700))
    ground = pack_ground.build(walks, {}, map_name="de_nuke")
    assert (ground["sight"], ground["lower_z"], len(ground["levels"])) == ("walked", -495, 2)
    area = sight.Area(ground["left"], ground["bottom"], ground["width"], ground["height"])
    upper, lower = (sight.grid_of(level["walked"], area) for level in ground["levels"])
    assert upper.any()
    assert lower.any()
    assert not (upper & lower).any()
    assert pack_ground.build(walks, {}, map_name="de_nuke", checker=Wall())["sight"] == "mesh"
    assert pack_ground.build(states(corridor()), {}, map_name="de_my_own")["sight"] == "open"


def test_other_recordings_add_their_ground() -> None:
    one = states(*[corridor(y=64 * line, x1=2048) for line in range(16)])
    other = states(*[corridor(y=64 * line, x0=-512, x1=1024) for line in range(8, 24)])
    grounds = [pack_ground.build(table, {}, map_name="de_my_own") for table in (one, other)]
    both = pack_ground.merged(grounds)
    assert (both["recordings"], both["bounds"]) == (2, [-576, -64, 2112, 1568])
    whole = sight.Area(both["left"], both["bottom"], both["width"], both["height"])
    found = sight.grid_of(both["levels"][0]["walked"], whole)
    for ground in grounds:
        area = sight.Area(ground["left"], ground["bottom"], ground["width"], ground["height"])
        rows, columns = np.nonzero(sight.grid_of(ground["levels"][0]["walked"], area))
        assert found[rows + area.bottom - whole.bottom, columns + area.left - whole.left].all()
    assert pack_ground.merged(grounds[:1]) == {**grounds[0], "recordings": 1}
    mesh = pack_ground.build(one, {}, map_name="de_my_own", checker=Wall())
    assert pack_ground.merged([mesh, grounds[1]]) == {**mesh, "recordings": 1}


def test_nobody_at_all() -> None:
    assert pack_ground.build(states(corridor(x1=0)), {}, map_name="de_dust2")["levels"]


def write_mesh(path: Path, corners: list[sight.Point], triangles: list[tuple[int, int, int]]) -> None:
    """A collision mesh as awpy publishes them: magic, version, counts, corners, indices (found out by trying)."""
    path.parent.mkdir(parents=True)
    body = [struct.pack("<3f", *corner) for corner in corners] + [struct.pack("<3I", *one) for one in triangles]
    path.write_bytes(b"AWMH" + struct.pack("<III", 1, len(corners), len(triangles)) + b"".join(body))


def test_an_installed_mesh_is_asked(tmp_path: Path) -> None:
    """awpy's own checker on a mesh of one wall: the newest release's counts."""
    far = 9000.0
    wall = [(-far, 512.0, -far), (far, 512.0, -far), (far, 512.0, far), (-far, 512.0, far)]
    write_mesh(tmp_path / "2000873" / "geometry" / "de_nuke.mesh", wall, [(0, 1, 2), (0, 2, 3)])
    write_mesh(tmp_path / "999" / "geometry" / "de_nuke.mesh", [(x, 0.0, z) for x, _, z in wall], [(0, 1, 2)])
    walks = states(*[corridor(y=64 * line) for line in range(16)])
    pack_ground.write(tmp_path, walks, {}, map_name="de_nuke", meshes=tmp_path)
    ground = json.loads(gzip.decompress((tmp_path / GROUND).read_bytes()))
    assert ground["sight"] == "mesh"
    area = sight.Area(ground["left"], ground["bottom"], ground["width"], ground["height"])
    north = sight.grid_of(ground["levels"][0]["north"], area)[:, 10 - area.left]
    assert [row + area.bottom for row in range(3 - area.bottom, 29 - area.bottom) if not north[row]] == [15]


@pytest.mark.parametrize("name", ["de_dust2", "../de_dust2", ""])
def test_no_mesh_installed(name: str, tmp_path: Path) -> None:
    assert pack_ground.installed_checker(tmp_path, name) is None
    assert pack_ground.installed_checker(None, name) is None
    (tmp_path / "2000873" / "geometry").mkdir(parents=True)
    (tmp_path / "2000873" / "geometry" / "de_dust2.mesh").write_bytes(b"no mesh")
    assert pack_ground.installed_checker(tmp_path, name) is None
