"""Every element of the HUD: what is said appears in its place, what is not said leaves no trace."""

from dataclasses import replace

import pytest
from PIL import Image, ImageChops, ImageStat

from apps.simulation.frames import hud_boxes as at
from apps.simulation.frames.hud import draw_hud
from apps.simulation.frames.hud_boxes import Anchor, Box
from apps.simulation.frames.hud_style import HudStyle, style_of
from apps.simulation.frames.pen import Pen
from apps.simulation.frames.render import is_buying, render_frame
from apps.simulation.happenings import Bomb, Kill
from apps.simulation.layouts.catalogue import layout
from apps.simulation.recording import Moment, PlayerState, Rules, from_moments
from tests.unit.simulation.recordings import player

GROUND = (90, 90, 90)
SIZES = [(640, 360), (1280, 720), (1280, 960), (1920, 1080), (2560, 1440)]
ME = player(0)
RULES = Rules("live", 71.0, 7, 11)
FEED: Box = (1300, 60, 1920, 300)


def moment(me: PlayerState = ME, rules: Rules = RULES, **more: object) -> Moment:
    players = {0: me, 1: player(1, x=500.0), 2: player(2, "T", x=900.0)}
    return Moment(640, players, rules, **more)  # type: ignore[arg-type]


def drawn(
    seen: Moment,
    size: tuple[int, int] = (1280, 720),
    style: HudStyle | None = None,
    owner: PlayerState | None = None,
    menu: bool = False,
) -> Image.Image:
    image = Image.new("RGB", size, GROUND)
    draw_hud(image, seen, seen.players[0], {}, style, layout("de_quay"), owner, menu)
    return image


def difference(a: Image.Image, b: Image.Image) -> Box | None:
    """The box of every change, in the HUD's own 1920×1080 pixels."""
    box = ImageChops.difference(a, b).getbbox()
    scale = 1080 / a.height
    return None if box is None else (box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale)


def within(box: Box | None, place: Box) -> bool:
    """Whether all of ``box`` lies in ``place``, give or take the rounding to whole pixels."""
    return box is not None and all(
        inner * sign >= (outer - 2 * sign) * sign for inner, outer, sign in zip(box, place, (1, 1, -1, -1), strict=True)
    )


def kill(**more: object) -> Kill:
    values: dict[str, object] = {
        "tick": 600, "attacker": "Player 2", "attacker_side": "T", "victim": "Player 3", "victim_side": "CT",
        "weapon": "ak47", "attacker_slot": 2, "victim_slot": 3,
    }  # fmt: skip
    return Kill(**{**values, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "fact",
    [
        "headshot", "penetrated", "through_smoke", "noscope",
    ],
)  # fmt: skip
def test_how_somebody_was_killed_makes_the_line_longer(fact: str) -> None:
    plain, marked = (drawn(moment(kill_feed=(one,))) for one in (kill(), kill(**{fact: True})))
    before = difference(drawn(moment()), plain)
    after = difference(drawn(moment()), marked)
    assert before is not None
    assert within(after, FEED)
    assert after is not None
    assert after[0] < before[0]


def test_assists_and_blinding_are_in_the_line_and_lines_stand_below_each_other() -> None:
    helped = kill(assister="Player 4", assister_side="T", assister_slot=4)
    blinded = replace(helped, flash_assist=True)
    widths = []
    for one in (kill(), helped, blinded):
        box = difference(drawn(moment()), drawn(moment(kill_feed=(one,))))
        assert box is not None
        widths.append(box[2] - box[0])
    assert widths[0] < widths[1] < widths[2]
    two = difference(drawn(moment()), drawn(moment(kill_feed=(kill(), blinded))))
    assert two is not None
    assert two[3] - two[1] == pytest.approx(at.FEED_STEP + at.FEED_HEIGHT, abs=3)


def test_own_lines_are_framed_red_and_own_deaths_filled_red() -> None:
    def redness(one: Kill) -> float:
        row = drawn(moment(kill_feed=(one,))).crop((1100, 50, 1275, 72))
        red, green, blue = ImageStat.Stat(row).mean
        return red - (green + blue) / 2

    other = redness(kill())
    assert redness(kill(tick=100, attacker_slot=0)) > other + 5
    assert redness(kill(victim_slot=0)) > other + 20


def test_the_digits_are_white_right_after_an_own_kill() -> None:
    usual = drawn(moment(kill_feed=(kill(tick=600, attacker_slot=0),)))
    fresh = drawn(moment(kill_feed=(kill(tick=635, attacker_slot=0),)))
    at_bar = (424, 701)
    assert min(fresh.getpixel(at_bar)) > 240  # type: ignore[arg-type, type-var]
    assert min(usual.getpixel(at_bar)) < 200  # type: ignore[arg-type, type-var]


@pytest.mark.parametrize("wall", [0, 60, 120, 200, 250])
def test_words_shine_so_that_they_are_lighter_than_any_wall_and_nearly_white_before_a_sunny_one(wall: int) -> None:
    """Real yellow digits: 92 of blue before black, about 190 before a wall of 147, 235 before one of 229."""
    image = Image.new("RGB", (1920, 1080), (wall, wall, wall))
    Pen.on(image).text(300, 300, "1111", 60, (231, 193, 92, 255), digits=True)
    red, green, blue = (channel.crop((200, 240, 400, 360)).getextrema()[1] for channel in image.split())
    assert (red, green) >= (231, 193)
    assert blue == pytest.approx(92 + wall * (1 - 92 / 255), abs=2)
    assert min(red, green, blue) >= wall


@pytest.mark.parametrize(
    ("rules", "bomb", "place"),
    [
        (Rules("over", None, 8, 11, winner="CT"), None, at.BANNER),
        (Rules("over", None, 8, 11, winner="T"), Bomb("exploded", 500), at.BANNER),
        (Rules("warmup", 30.0, 7, 11), None, (700, 0, 1220, 150)),
    ],
)
def test_the_end_of_a_round_and_the_warm_up_are_written_large(rules: Rules, bomb: Bomb | None, place: Box) -> None:
    quiet = replace(rules, phase="over" if rules.phase == "over" else "live", winner=None)
    assert within(difference(drawn(moment(rules=quiet, bomb=bomb)), drawn(moment(rules=rules, bomb=bomb))), place)


def test_the_winner_decides_the_colour_of_the_panel() -> None:
    def middle(winner: str) -> tuple[int, ...]:
        return drawn(moment(rules=Rules("over", None, 8, 11, winner=winner))).getpixel((600, 135))  # type: ignore[return-value]

    won, lost = middle("CT"), middle("T")
    assert won[1] > won[0]
    assert lost[0] > lost[1]


def test_the_clock_is_empty_when_the_round_is_over_and_a_bomb_beats_in_its_place() -> None:
    over = drawn(moment(rules=Rules("over", 3.0, 7, 11)))
    assert difference(over, drawn(moment(rules=Rules("over", None, 7, 11)))) is None
    planted = Rules("planted", None, 7, 11)
    first, later = (drawn(moment(rules=planted, bomb=Bomb("planted", tick))) for tick in (640, 608))
    assert within(difference(first, later), at.CLOCK_BOX)


def test_mates_health_and_the_carriers_c4_are_under_and_on_their_avatars() -> None:
    plain = moment()
    hurt = replace(plain, players={**plain.players, 1: player(1, x=500.0, health=40)})
    avatars: Box = (620, 0, 1300, 84)
    assert within(difference(drawn(plain), drawn(hurt)), avatars)
    enemy = replace(plain, players={**plain.players, 2: player(2, "T", x=900.0, health=40)})
    assert difference(drawn(plain), drawn(enemy)) is None


def test_enemies_are_not_on_the_radar() -> None:
    plain = moment()
    moved = replace(plain, players={**plain.players, 2: player(2, "T", x=300.0, inventory=("c4",))})
    assert difference(drawn(plain), drawn(moved)) is None


def test_the_radar_shows_where_the_mates_are() -> None:
    plain = moment()
    moved = replace(plain, players={**plain.players, 1: player(1, x=200.0)})
    assert within(difference(drawn(plain), drawn(moved)), (20, 20, 280, 280))


def test_the_map_is_on_the_radar_where_it_is_known() -> None:
    with_map = drawn(moment())
    without = Image.new("RGB", (1280, 720), GROUND)
    draw_hud(without, moment(), ME, {})
    assert within(difference(with_map, without), (15, 15, 285, 285))


def test_the_watched_players_bar_takes_the_place_of_the_sign() -> None:
    dead = player(1, x=500.0, health=0, money=50)
    seen = replace(moment(), players={**moment().players, 1: dead})
    own, watching = drawn(seen), drawn(seen, owner=dead)
    assert difference(own.crop((480, 655, 800, 720)), watching.crop((480, 655, 800, 720))) is not None
    # The account is the dead player's own.
    assert difference(own.crop((0, 660, 110, 720)), watching.crop((0, 660, 110, 720))) is not None
    assert difference(own.crop((410, 660, 470, 720)), watching.crop((410, 660, 470, 720))) is None


def test_the_buy_menu_is_open_while_somebody_pays_and_only_on_their_own_screen() -> None:
    rules = Rules("freeze", 9.0, 7, 11)
    story = [
        replace(moment(player(0, money=money), rules), tick=tick)
        for tick, money in ((100, 5000), (300, 5000), (400, 2300), (700, 2300))
    ]
    recording = from_moments(story)
    open_at = {one.tick: is_buying(recording, one, one.players[0]) for one in story}
    assert open_at == {100: False, 300: True, 400: True, 700: False}
    covered = render_frame(recording, 300, 0, (640, 360), own_screen=True)
    assert difference(covered, render_frame(recording, 300, 0, (640, 360))) is not None


def test_what_is_carried_is_framed_in_the_menu_and_what_is_too_dear_is_grey() -> None:
    rules = Rules("freeze", 9.0, 7, 11)
    poor = drawn(moment(player(0, money=200, inventory=()), rules), menu=True)
    rich = drawn(moment(player(0, money=9000, inventory=()), rules), menu=True)
    tile = (560, 310, 670, 350)  # a rifle
    assert max(poor.crop(tile).getextrema()[2]) < max(rich.crop(tile).getextrema()[2])  # type: ignore[arg-type, misc]
    armed = drawn(moment(player(0, money=9000, inventory=("awp",)), rules), menu=True)
    assert difference(rich, armed) is not None


@pytest.mark.parametrize("size", SIZES)
def test_every_fact_stays_inside_the_frame_at_any_size(size: tuple[int, int]) -> None:
    scale = 1080 / size[1]
    wide = size[0] * scale
    changes: list[tuple[dict[str, object], Box]] = [
        ({"health": 7}, (wide / 2 - 400, 990, wide / 2 - 240, 1075)),
        ({"armor": 3}, (wide / 2 - 400, 990, wide / 2 - 340, 1075)),
        ({"clip": 13}, (wide / 2 + 240, 990, wide / 2 + 350, 1075)),
        ({"money": 16000}, (14, 1000, 200, 1075)),
        ({"inventory": ("knife", "usp_silencer", "awp", "hegrenade", "smokegrenade", "flashbang", "incgrenade")},
         (wide - 320, 750, wide - 2, 1075)),
        ({"place": "PalaceInterior"}, (2, 290, 300, 336)),
    ]  # fmt: skip
    usual = drawn(moment(player(0, active_weapon="glock", inventory=("glock",), has_defuser=True)), size)
    avatars = (round(size[0] / 2 - 340 / scale), 0, round(size[0] / 2 + 340 / scale), round(90 / scale))
    usual.paste(GROUND, avatars)
    for fact, place in changes:
        values = {"active_weapon": "glock", "inventory": ("glock",), "has_defuser": True, **fact}
        other = drawn(moment(player(0, **values)), size)  # type: ignore[arg-type]
        other.paste(GROUND, avatars)
        assert within(difference(usual, other), place), (fact, difference(usual, other))


@pytest.mark.parametrize("size", SIZES)
def test_the_measured_boxes_scale_with_the_height_and_keep_to_their_edges(size: tuple[int, int]) -> None:
    pen = Pen.on(Image.new("RGB", size))
    unit = size[1] / 1080
    right = pen.to(Anchor.BOTTOM_RIGHT)
    assert size[0] - right.x(at.LIST_RIGHT) == pytest.approx((1920 - at.LIST_RIGHT) * unit, abs=1)
    assert pen.to(Anchor.TOP).x(960) == pytest.approx(size[0] / 2, abs=1)
    assert pen.to(Anchor.TOP_LEFT).y(at.PLACE_AT[1]) == pytest.approx(at.PLACE_AT[1] * unit, abs=1)


def test_the_consoles_settings_move_and_colour_the_hud() -> None:
    usual = drawn(moment())
    for settings in (
        {"hud_scaling": "0.85"}, {"safezonex": "0.9"}, {"cl_hud_color": "9"}, {"cl_hud_radar_scale": "0.8"},
        {"cl_radar_scale": "0.4"}, {"cl_radar_rotate": "0"}, {"cl_teamcounter_playercount_instead_of_avatars": "1"},
    ):  # fmt: skip
        assert difference(usual, drawn(moment(player(0, yaw=40.0)), style=style_of(settings))) is not None
    assert style_of({"hud_scaling": "7", "safezonex": "nan", "cl_hud_color": "pink"}) == HudStyle()
    green = drawn(moment(), style=style_of({"cl_hud_color": "9"})).getpixel((424, 701))
    assert green[1] > green[0]  # type: ignore[index]
    assert green[1] > green[2]  # type: ignore[index]
