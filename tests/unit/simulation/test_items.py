"""The table of items and the words for places."""

import pytest

from apps.simulation.frames.icons import icon, shape_of
from apps.simulation.items import ITEMS, Place, item
from apps.simulation.places import place_name


def test_every_gun_of_the_game_is_there() -> None:
    primaries = [one for one in ITEMS.values() if one.place is Place.PRIMARY]
    pistols = [one for one in ITEMS.values() if one.place is Place.PISTOL]
    assert (len(primaries), len(pistols)) == (24, 10)
    assert all(gun.clip > 0 for gun in primaries + pistols)


@pytest.mark.parametrize(
    ("short", "name"),
    [
        ("m4a1", "M4A4"),
        ("m4a1_silencer", "M4A1-S"),
        ("weapon_usp_silencer_off", "USP-S"),
        ("knife_karambit", "Knife"),
        ("bayonet", "Knife"),
        ("c4", "C4 Explosive"),
        ("something_new", "SOMETHING NEW"),
    ],
)
def test_names(short: str, name: str) -> None:
    assert item(short).name == name


@pytest.mark.parametrize("short", sorted(ITEMS))
def test_every_item_has_a_picture(short: str) -> None:
    assert icon(shape_of(item(short)), 0.667).getextrema()[1] > 200


@pytest.mark.parametrize(
    ("raw", "shown"), [("CTSpawn", "CT Start"), ("UpperTunnel", "Upper Tunnel"), ("BombsiteA", "Bombsite A"), ("", "")]
)
def test_places(raw: str, shown: str) -> None:
    assert place_name(raw) == shown
