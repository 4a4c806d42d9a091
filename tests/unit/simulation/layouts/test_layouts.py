"""Our maps: everybody gets everywhere, in the game's times, without walking through anything."""

from itertools import combinations

import numpy as np
import pytest

from apps.simulation.layouts.catalogue import NAMES, layout
from apps.simulation.layouts.drawing import draw_radar, pixel
from apps.simulation.layouts.floor_plan import Floor, Plan, build
from apps.simulation.layouts.layout import Area, Layout
from apps.simulation.match.ground import Ground

RUN = 250.0  # units a second with a knife
BODY = 72.0


@pytest.fixture(scope="module", params=NAMES)
def own(request: pytest.FixtureRequest) -> Layout:
    return layout(request.param)


@pytest.fixture(scope="module")
def ground(own: Layout) -> Ground:
    return Ground(own)


def _seconds(ground: Ground, spawns: tuple[tuple[float, ...], ...], site: tuple[int, ...]) -> float:
    start = ground.area_at(*spawns[0][:3])
    return float(min(ground.distance[start, area] for area in site)) / RUN


def test_everybody_can_go_everywhere(ground: Ground) -> None:
    assert np.isfinite(ground.distance).all()


def test_both_sides_reach_the_sites_in_the_times_of_the_game(own: Layout, ground: Ground) -> None:
    for site in (own.site_a, own.site_b):
        attack, defence = _seconds(ground, own.spawns_t, site), _seconds(ground, own.spawns_ct, site)
        assert 10 < attack < 22
        assert 1.5 < defence < 12
        assert defence < attack


def test_five_of_a_side_stand_in_their_spawn_clear_of_everything(own: Layout) -> None:
    for spawns in (own.spawns_t, own.spawns_ct):
        assert len(spawns) >= 5
        assert all(not _inside(own, x, y, z + 1, z + BODY) for x, y, z, _ in spawns)


def test_floors_hold_and_leave_room_to_stand(own: Layout) -> None:
    for area in own.areas:
        x, y, z = area.middle[0] + 0.5, area.middle[1] + 0.5, area.z  # off the seams between boxes
        assert not _inside(own, x, y, z + 1, z + BODY), area
        assert _inside(own, x, y, z - 2, z - 1), area


def test_areas_of_a_storey_do_not_overlap(own: Layout) -> None:
    for one, other in combinations(own.areas, 2):
        assert one.level != other.level or not _overlap(one, other), (one, other)


def test_areas_see_each_other_both_ways(ground: Ground) -> None:
    assert (ground.sees == ground.sees.T).all()


def test_the_maps_have_places_sites_and_a_second_floor() -> None:
    for name in NAMES:
        assert 14 <= len({area.place for area in layout(name).areas}) <= 25
        assert layout(name).site_a
        assert layout(name).site_b
    assert {area.level for area in layout("de_stacks").areas} == {0, 1}


def test_an_unknown_map_is_not_there() -> None:
    with pytest.raises(KeyError):
        layout("de_nowhere")


def test_overlapping_floors_are_refused() -> None:
    floors = (Floor("TSpawn", (0, 0, 500, 500)), Floor("CTSpawn", (400, 0, 900, 500)))
    with pytest.raises(ValueError, match="TSpawn and CTSpawn overlap"):
        build(Plan("de_wrong", (1000, 1000), floors, (), (), "TSpawn", "CTSpawn"))


def test_the_radar_shows_floors_where_its_calibration_says(own: Layout) -> None:
    for level in {area.level for area in own.areas}:
        image = np.asarray(draw_radar(own, 512, level))
        for area in own.areas:
            if area.level == level and min(area.high[0] - area.low[0], area.high[1] - area.low[1]) > 60:
                x, y = pixel(own, *area.middle[:2], 512)
                assert image[int(y), int(x), 3] == 255
        assert (image[..., 3] == 0).any()


def _inside(own: Layout, x: float, y: float, low: float, high: float) -> bool:
    return any(
        box.low[0] < x < box.high[0] and box.low[1] < y < box.high[1] and box.low[2] < high and low < box.high[2]
        for box in own.boxes
    )


def _overlap(one: Area, other: Area) -> bool:
    return all(one.low[axis] < other.high[axis] and other.low[axis] < one.high[axis] for axis in (0, 1))
