"""Radar calibration: numbers and the way between game units and pixels."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.demos.parsing.viewing import maps

names = st.sampled_from(sorted(maps.CALIBRATIONS))
units = st.floats(-8192, 8192)


@given(names, units, units)
def test_there_and_back(name: str, x: float, y: float) -> None:
    place = maps.CALIBRATIONS[name]
    assert place.to_world(*place.to_pixel(x, y)) == pytest.approx((x, y), abs=1e-6)


@given(names, units, units, st.floats(1, 500))
def test_east_is_right_and_north_is_up(name: str, x: float, y: float, step: float) -> None:
    place = maps.CALIBRATIONS[name]
    here, east, north = place.to_pixel(x, y), place.to_pixel(x + step, y), place.to_pixel(x, y + step)
    assert east[0] - here[0] == pytest.approx(step / place.scale)
    assert here[1] - north[1] == pytest.approx(step / place.scale)
    assert (east[1], north[0]) == (here[1], here[0])


@given(names)
def test_the_corners_of_the_image(name: str) -> None:
    place = maps.CALIBRATIONS[name]
    assert place.to_pixel(place.pos_x, place.pos_y) == (0, 0)
    corner = place.to_world(maps.SIZE, maps.SIZE)
    assert corner == (place.pos_x + maps.SIZE * place.scale, place.pos_y - maps.SIZE * place.scale)


ACTIVE = ("ancient", "anubis", "cache", "dust2", "inferno", "mirage", "nuke", "overpass", "train", "vertigo")


def test_every_map_that_is_played_is_known() -> None:
    assert {f"de_{name}" for name in ACTIVE} <= set(maps.CALIBRATIONS)
    lower = {name: place.lower_z for name, place in maps.CALIBRATIONS.items() if place.lower_z is not None}
    assert {name: lower[name] for name in ("de_nuke", "de_train", "de_vertigo")} == {
        "de_nuke": -495,
        "de_train": -50,
        "de_vertigo": 11700,
    }


def test_the_numbers_are_those_of_the_games_overviews(shared_data: Path) -> None:
    published = json.loads((shared_data / "maps/map_calibration_cs2.json").read_text())
    for name in sorted(set(published) & set(maps.CALIBRATIONS)):
        place, wanted = maps.CALIBRATIONS[name], published[name]
        assert (place.pos_x, place.pos_y) == (wanted["pos_x"], wanted["pos_y"]), name
        assert place.scale == pytest.approx(wanted["scale"], abs=1e-4), name
        assert wanted["radar_size"] == maps.SIZE
    assert {f"de_{name}" for name in ACTIVE} <= set(published)
    images = {path.stem for path in (shared_data / "maps/radars").glob("*.png")}
    assert all(maps.image_owner(name) for name in images)


def test_levels() -> None:
    assert maps.CALIBRATIONS["de_nuke"].is_lower(-500)
    assert not maps.CALIBRATIONS["de_nuke"].is_lower(-495)
    assert maps.CALIBRATIONS["de_vertigo"].is_lower(11_600)
    assert not maps.CALIBRATIONS["de_dust2"].is_lower(-10_000)


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("de_nuke", "de_nuke"),
        ("de_nuke_lower", "de_nuke"),
        ("de_dust2", "de_dust2"),
        ("de_dust2_lower", None),
        ("de_nuke_lower_lower", None),
        ("_lower", None),
        ("../de_nuke", None),
        ("", None),
    ],
)
def test_whose_image(name: str, owner: str | None) -> None:
    assert maps.image_owner(name) == owner


@given(st.text())
def test_no_other_name_has_an_image(name: str) -> None:
    assert maps.image_owner(name) in (None, name, name.removesuffix(maps.LOWER))


@given(st.binary(max_size=64))
def test_bytes_are_no_png(data: bytes) -> None:
    assert not maps.is_png(data) or data[:8] == b"\x89PNG\r\n\x1a\n"


def test_the_numbers_are_awpys(shared_data: Path) -> None:
    published = json.loads((shared_data / "maps/map_data.json").read_text())
    for name, place in maps.CALIBRATIONS.items():
        if name in published:
            wanted = published[name]
            assert (place.pos_x, place.pos_y, place.scale) == (wanted["pos_x"], wanted["pos_y"], wanted["scale"])
            has_lower = wanted["lower_level_max_units"] > -100_000
            assert place.lower_z == (wanted["lower_level_max_units"] if has_lower else None)
