"""Frames say what the recording says: change one fact, and only its places in the picture change."""

from dataclasses import replace

import pytest
from PIL import Image, ImageChops, ImageDraw

from apps.simulation.frames.hud_screen import clock_text
from apps.simulation.frames.radar import RADIUS, offset
from apps.simulation.frames.render import render_frame
from apps.simulation.frames.view import camera_of, project
from apps.simulation.recording import Moment, PlayerState, Rules, from_moments
from tests.unit.simulation.recordings import player

SIZE = (1280, 720)
RULES = Rules("live", 71.0, 7, 11)
MATE = player(1, x=500.0)
ENEMY = player(2, "T", x=900.0)
Box = tuple[int, int, int, int]
AVATARS: Box = (620, 0, 1300, 84)  # where health and the C4 of one's own side stand once more


def frame(me: PlayerState, rules: Rules = RULES, **settings: str) -> Image.Image:
    moment = Moment(1, {0: me, 1: MATE, 2: ENEMY}, rules)
    return render_frame(from_moments([moment]), 1, 0, SIZE, {"r_drawviewmodel": "false", **settings})


def changed(a: Image.Image, b: Image.Image, outside: tuple[Box, ...] = ()) -> Box | None:
    """The box that holds every difference but those in ``outside``, at 1920×1080."""
    seen = ImageChops.difference(a, b)
    for left, top, right, bottom in outside:
        ImageDraw.Draw(seen).rectangle([value * 2 // 3 for value in (left, top, right, bottom)], fill=0)
    box = seen.getbbox()
    return None if box is None else (box[0] * 3 // 2, box[1] * 3 // 2, box[2] * 3 // 2, box[3] * 3 // 2)


def inside(box: Box | None, place: Box) -> bool:
    return box is not None and box[0] >= place[0] and box[1] >= place[1] and box[2] <= place[2] and box[3] <= place[3]


@pytest.mark.parametrize(
    ("fact", "place"),
    [
        ({"health": 66}, (560, 1000, 720, 1064)),
        ({"armor": 12}, (560, 1000, 620, 1064)),
        ({"has_helmet": False}, (560, 990, 620, 1064)),
        ({"money": 350}, (18, 1006, 146, 1070)),
        ({"clip": 3}, (1200, 1000, 1336, 1064)),
        ({"reserve": 12}, (1208, 1000, 1336, 1064)),
        ({"place": "MidDoors"}, (60, 290, 240, 336)),
        ({"active_weapon": "glock"}, (1200, 760, 1920, 1064)),
        ({"inventory": ("knife", "glock", "ak47", "flashbang")}, (1800, 990, 1920, 1064)),
        ({"has_defuser": True}, (1640, 990, 1760, 1064)),
    ],
)
def test_a_fact_about_the_player_shows_where_the_hud_keeps_it(fact: dict[str, object], place: Box) -> None:
    assert inside(changed(frame(player(0)), frame(player(0, **fact)), (AVATARS,)), place)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "rules",
    [
        replace(RULES, clock_s=30.0),
        replace(RULES, score_ct=8),
        replace(RULES, score_t=None),
    ],
)
def test_the_rules_show_at_the_top(rules: Rules) -> None:
    assert inside(changed(frame(player(0)), frame(player(0), rules)), (905, 0, 1012, 110))


def test_a_planted_bomb_takes_the_clocks_place_and_reddens_the_radar() -> None:
    planted = replace(RULES, phase="planted", clock_s=None)
    box = changed(frame(player(0)), frame(player(0), planted), ((20, 20, 280, 280),))
    assert inside(box, (905, 0, 1012, 40))


def test_the_dead_are_counted_out() -> None:
    alive = frame(player(0))
    moment = Moment(1, {0: player(0), 1: player(1, x=500.0, health=0), 2: ENEMY}, RULES)
    box = changed(alive, render_frame(from_moments([moment]), 1, 0, SIZE))
    assert box is not None


def test_the_side_colours_the_digits() -> None:
    def brightest(image: Image.Image) -> tuple[int, ...]:
        digits = image.crop((20, 675, 100, 710))
        return max(digits.getcolors(10000) or [], key=lambda found: sum(found[1]))[1]  # type: ignore[arg-type, return-value]

    red, _, blue = brightest(frame(player(0, "CT")))
    assert blue > red
    red, _, blue = brightest(frame(player(0, "T")))
    assert red > blue


def test_unknown_values_leave_their_place_empty() -> None:
    blank = Rules()
    bare = player(0, money=None, clip=None, reserve=None, place="", active_weapon=None, inventory=())
    assert frame(bare, blank).size == SIZE


@pytest.mark.parametrize("settings", [{"hidehud": "4"}, {"cl_drawhud": "0"}, {"cl_draw_only_deathnotices": "true"}])
def test_a_hidden_hud_shows_nothing_of_the_player(settings: dict[str, str]) -> None:
    poor = frame(player(0, health=1, money=0), RULES, **settings)
    assert changed(frame(player(0), RULES, **settings), poor) is None


def test_the_view_turns_with_the_player() -> None:
    assert changed(frame(player(0)), frame(player(0, yaw=30.0))) is not None
    ahead = player(0, x=0.0, yaw=0.0, pitch=0.0)
    camera = camera_of(ahead)
    centre = project(camera, (1000.0, ahead.y, ahead.eye[2]), SIZE)
    assert centre == pytest.approx((640, 360))
    left = project(camera, (1000.0, ahead.y + 200.0, ahead.eye[2]), SIZE)
    assert left is not None
    assert left[0] < 640
    assert project(camera, (-1000.0, ahead.y, ahead.eye[2]), SIZE) is None


def test_the_radar_looks_where_the_player_looks() -> None:
    me = player(0, x=0.0, yaw=90.0)
    right, up = offset(me, replace(me, y=me.y + 300.0))
    assert right == pytest.approx(0, abs=1e-6)
    assert up > 0
    right, up = offset(me, replace(me, x=9000.0))
    assert RADIUS - 7 < right <= RADIUS


@pytest.mark.parametrize(("seconds", "shown"), [(115, "1:55"), (114.2, "1:55"), (9.3, "0:10"), (0, "0:00")])
def test_the_clock(seconds: float, shown: str) -> None:
    assert clock_text(seconds) == shown
