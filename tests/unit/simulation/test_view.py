"""What can be seen from where: walls and smoke hide people, scopes enlarge, a flash blinds."""

from dataclasses import replace

import numpy as np
import pytest

from apps.simulation.frames.view import camera_of, draw_view, zoom_of
from apps.simulation.frames.view_layouts import known_layout
from apps.simulation.happenings import Bomb, Fire, GunShot, Missile, Smoke
from apps.simulation.layouts.catalogue import NAMES
from apps.simulation.layouts.layout import Box, Layout
from apps.simulation.recording import Moment, PlayerState, Rules
from tests.unit.simulation.recordings import player
from tests.unit.simulation.test_caster import GROUND, layout

SIZE = (640, 360)
OPEN = layout(GROUND, name="de_open")
WALLED = layout(GROUND, Box((300.0, -900.0, 0.0), (330.0, 900.0, 200.0)), name="de_walled")
ME = player(0, "CT", x=0.0, y=0.0, z=0.0, yaw=0.0, pitch=0.0)
THEM = player(1, "T", x=600.0, y=0.0, z=0.0, yaw=180.0)


def view(world: Layout | None, me: PlayerState = ME, *others: PlayerState, **more: object) -> np.ndarray:
    moment = Moment(10, {one.slot: one for one in (me, *others)}, Rules(), **more)  # type: ignore[arg-type]
    return np.asarray(draw_view(moment, me, camera_of(me), "de_hand", SIZE, world, hands=False)).astype(int)


def differs(a: np.ndarray, b: np.ndarray) -> int:
    """How many pixels are not the same."""
    return int((np.abs(a - b).max(-1) > 12).sum())


def test_people_are_seen_in_the_open_and_hidden_by_a_wall() -> None:
    assert differs(view(OPEN), view(OPEN, ME, THEM)) > 200
    assert differs(view(WALLED), view(WALLED, ME, THEM)) == 0
    assert differs(view(None), view(None, ME, THEM)) > 200


def test_without_walls_enemies_show_while_they_are_spotted() -> None:
    unseen = replace(THEM, spotted=False)
    assert differs(view(None), view(None, ME, unseen)) == 0
    assert differs(view(None), view(None, ME, replace(unseen, side="CT"))) > 200
    assert differs(view(OPEN), view(OPEN, ME, unseen)) > 200


def test_the_dead_lie_on_the_ground() -> None:
    standing, lying = (
        np.argwhere(np.abs(view(OPEN) - view(OPEN, ME, replace(THEM, x=300.0, health=health))).max(-1) > 12)
        for health in (100, 0)
    )
    assert len(lying) > 100
    assert np.ptp(lying[:, 0]) < 0.5 * np.ptp(standing[:, 0])
    assert lying[:, 0].min() > standing[:, 0].mean()


def test_the_crouched_are_smaller() -> None:
    standing = np.argwhere(np.abs(view(OPEN) - view(OPEN, ME, THEM)).max(-1) > 12)
    crouched = np.argwhere(np.abs(view(OPEN) - view(OPEN, ME, replace(THEM, duck=1.0))).max(-1) > 12)
    assert crouched[:, 0].min() > standing[:, 0].min() + 5


def test_smoke_hides_whoever_is_behind_it_but_not_before_it() -> None:
    smoke = Smoke(350.0, 0.0, 0.0, age=5.0, left=10.0)
    hidden = differs(view(OPEN, ME, smokes=(smoke,)), view(OPEN, ME, THEM, smokes=(smoke,)))
    near = replace(THEM, x=120.0)
    assert hidden == 0
    assert differs(view(OPEN, ME, smokes=(smoke,)), view(OPEN, ME, near, smokes=(smoke,))) > 2000


def test_a_wall_hides_smoke_fire_and_the_bomb() -> None:
    things = {
        "smokes": (Smoke(600.0, 0.0, -60.0, 5.0, 10.0, radius=100.0),),
        "fires": (Fire(600.0, 0.0, 0.0, 2.0, 4.0),),
        "bomb": Bomb("planted", 0, 600.0, 0.0, 0.0, "A"),
        "missiles": (Missile("flashbang", 600.0, 0.0, 60.0),),
    }
    for name, thing in things.items():
        assert differs(view(OPEN), view(OPEN, ME, **{name: thing})) > 4, name
        assert differs(view(WALLED), view(WALLED, ME, **{name: thing})) == 0, name


def test_a_shot_flashes_at_the_barrel() -> None:
    assert differs(view(OPEN, ME, THEM), view(OPEN, ME, THEM, gun_shots=(GunShot(1, 0, "ak47"),))) > 10


def test_a_flash_whitens_everything() -> None:
    assert view(OPEN, replace(ME, flash_left=3.0)).min() == 255
    assert view(OPEN, replace(ME, flash_left=0.5)).mean() > view(OPEN).mean() + 20


@pytest.mark.parametrize(("weapon", "enlarged"), [("awp", 2.7), ("aug", 2.4), ("ak47", 1.0), (None, 1.0)])
def test_a_scope_enlarges(weapon: str | None, enlarged: float) -> None:
    assert zoom_of(replace(ME, scoped=True, active_weapon=weapon)) == pytest.approx(enlarged, abs=0.1)
    assert zoom_of(replace(ME, active_weapon=weapon)) == 1.0


@pytest.mark.parametrize(
    "weapon", ["ak47", "awp", "glock", "deagle", "knife_karambit", "smokegrenade", "c4", "taser", "??"]
)
def test_every_weapon_is_held_at_the_lower_right(weapon: str) -> None:
    moment = Moment(1, {0: replace(ME, active_weapon=weapon)}, Rules())
    me = moment.players[0]
    held, bare = (
        np.asarray(draw_view(moment, me, camera_of(me), "de_hand", SIZE, OPEN, hands=hands)).astype(int)
        for hands in (True, False)
    )
    places = np.argwhere(np.abs(held - bare).max(-1) > 12)
    assert len(places) > 1000
    assert places.mean(0)[0] > SIZE[1] * 0.6
    assert places.mean(0)[1] > SIZE[0] * 0.5


def test_our_own_maps_are_known_and_others_are_not() -> None:
    assert {known_layout(name).name for name in NAMES} == set(NAMES)  # type: ignore[union-attr]
    assert known_layout("de_dust2") is None
    assert known_layout("") is None


def test_a_view_is_the_same_every_time() -> None:
    smoke = (Smoke(350.0, 60.0, 0.0, 5.0, 10.0),)
    assert np.array_equal(view(OPEN, ME, THEM, smokes=smoke), view(OPEN, ME, THEM, smokes=smoke))
