"""Damage against known values of the game."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.simulation.items import ITEMS
from apps.simulation.match.armoury import WEAPONS, Hitgroup, armoured, bullet_damage, through_armour
from apps.simulation.match.grenades import flash_seconds


@pytest.mark.parametrize(
    ("item", "distance", "hitgroup", "helmet", "lost"),
    [
        ("ak47", 0, Hitgroup.HEAD, True, 111),  # one tap through a helmet
        ("m4a1", 0, Hitgroup.HEAD, True, 92),  # not with the M4A4
        ("ak47", 0, Hitgroup.CHEST, True, 27),
        ("awp", 0, Hitgroup.CHEST, True, 112),
        ("awp", 0, Hitgroup.LEFT_LEG, True, 86),
        ("glock", 0, Hitgroup.HEAD, True, 56),
        ("deagle", 0, Hitgroup.HEAD, True, 197),
        ("usp_silencer", 0, Hitgroup.HEAD, False, 140),
    ],
)
def test_known_damage(item: str, distance: float, hitgroup: int, helmet: bool, lost: int) -> None:
    weapon = WEAPONS[item]
    raw = bullet_damage(weapon, distance, hitgroup)
    if armoured(hitgroup, 100, helmet):
        assert through_armour(raw, weapon.armour_ratio, 100)[0] == pytest.approx(lost, abs=1)
    else:
        assert int(raw) == pytest.approx(lost, abs=1)


@given(st.floats(0, 500), st.floats(0.5, 2.0), st.integers(0, 100))
def test_armour_only_helps_and_never_goes_below_nothing(damage: float, ratio: float, armor: int) -> None:
    lost, worn = through_armour(damage, ratio, armor)
    assert 0 <= lost <= damage
    assert 0 <= worn <= armor


@given(st.sampled_from(sorted(WEAPONS)), st.floats(0, 4_000), st.floats(0, 4_000))
def test_damage_falls_with_distance(item: str, near: float, far: float) -> None:
    near, far = min(near, far), max(near, far)
    weapon = WEAPONS[item]
    assert bullet_damage(weapon, near, Hitgroup.CHEST) >= bullet_damage(weapon, far, Hitgroup.CHEST)


def test_every_weapon_is_one_of_the_game_with_its_magazine() -> None:
    for item, weapon in WEAPONS.items():
        assert ITEMS[item].clip == weapon.clip


@given(st.floats(0, 4_000), st.floats(0, 180), st.floats(0, 180))
def test_a_flash_blinds_less_the_further_away_one_looks(away: float, one: float, two: float) -> None:
    assert flash_seconds(away, min(one, two)) >= flash_seconds(away, max(one, two)) >= 0
