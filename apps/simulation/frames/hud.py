"""A player's HUD, after the real one: what stands where was measured on real 1920×1080 frames.

Nothing is written that the recording does not tell; an unknown value leaves its place empty.
"""

import math
from collections import Counter
from collections.abc import Mapping

from apps.simulation.frames.icons import icon, shape_of
from apps.simulation.frames.pen import RED, SIDE_COLOURS, WHITE, Colour, Pen, faded
from apps.simulation.items import Item, Place, item
from apps.simulation.places import place_name
from apps.simulation.recording import Moment, PlayerState

_DARK: Colour = (12, 16, 20, 190)
_TEAM_BOX: dict[str, Colour] = {"CT": (38, 58, 84, 235), "T": (92, 80, 34, 235)}
_HIDE_ALL = 4  # the bit of `hidehud` that hides everything
_OFF = ("0", "false")
_LIST_ROWS = (795, 872, 949)  # y of primary, pistol and knife
_GRENADE_ROW = 1029


def hud_is_on(convars: Mapping[str, str]) -> bool:
    """Whether the convars leave the HUD on the screen."""
    if convars.get("cl_drawhud", "true").lower() in _OFF:
        return False
    if convars.get("cl_draw_only_deathnotices", "false").lower() not in _OFF:
        return False
    bits = convars.get("hidehud", "0")
    return not (bits.isdigit() and int(bits) & _HIDE_ALL)


def draw_hud(pen: Pen, moment: Moment, player: PlayerState, convars: Mapping[str, str]) -> None:
    """Everything but the radar."""
    colour = SIDE_COLOURS[player.side]
    counts_only = convars.get("cl_teamcounter_playercount_instead_of_avatars", "").lower() in ("1", "true")
    _draw_top(pen, moment, counts_only)
    _draw_place(pen, player, colour)
    _draw_money(pen, player, colour)
    if player.alive:
        _draw_vitals(pen, player, colour)
        _draw_emblem(pen, player.side, colour)
        _draw_ammunition(pen, player, colour)
        _draw_weapons(pen, player, colour)
        _draw_crosshair(pen)


# ── the top: clock, score, who is alive ──────────────────────────────────────────────────────────────────────────────
def clock_text(seconds: float) -> str:
    """``114.2`` → ``"1:55"``: the game counts a begun second as a whole one."""
    whole = max(0, math.ceil(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def _draw_top(pen: Pen, moment: Moment, counts_only: bool) -> None:
    rules = moment.rules
    pen.box(919, 3, 1001, 38, _DARK)
    pen.box(919, 38, 959, 106, (20, 28, 38, 150))
    pen.box(961, 38, 1001, 106, (20, 28, 38, 150))
    if rules.phase == "planted":
        pen.stamp(icon("bomb", pen.scale * 0.72), 960, 20, RED)
    elif rules.clock_s is not None:
        urgent = rules.phase == "freeze" or (rules.phase == "live" and rules.clock_s <= 10)
        pen.text(960, 21, clock_text(rules.clock_s), 27, RED if urgent else WHITE)
    for side, x, score in (("CT", 939, rules.score_ct), ("T", 981, rules.score_t)):
        colour = SIDE_COLOURS[side]
        if score is not None:
            pen.text(x, 56, str(score), 27, colour)
        pen.stamp(icon("person", pen.scale * 0.8), x - 7, 83, colour)
        pen.text(x + 7, 83, str(moment.alive(side)), 17, colour)
    for side, left in (("CT", 863), ("T", 1005)):
        if counts_only:
            pen.box(left, 4, left + 52, 58, faded(SIDE_COLOURS[side], 0.9))
            pen.box(left + 2, 6, left + 50, 56, _TEAM_BOX[side])
            pen.text(left + 26, 31, str(moment.alive(side)), 34, WHITE)
        else:
            _draw_team(pen, moment, side)


def _draw_team(pen: Pen, moment: Moment, side: str) -> None:
    members = [player for _, player in sorted(moment.players.items()) if player.side == side][:5]
    colour = SIDE_COLOURS[side]
    for place, member in enumerate(members):
        left = 863 - place * 58 if side == "CT" else 1005 + place * 58
        if not member.alive:
            pen.box(left, 4, left + 52, 58, (20, 28, 38, 70))
            continue
        pen.box(left, 4, left + 52, 58, faded(colour, 0.9))
        pen.box(left + 2, 6, left + 50, 56, _TEAM_BOX[side])
        pen.stamp(icon("person", pen.scale * 2.1), left + 26, 39, faded(colour, 0.45))
        pen.text(left + 26, 21, member.name[:1].upper(), 17, WHITE)


# ── the left: place and money ────────────────────────────────────────────────────────────────────────────────────────
def _draw_place(pen: Pen, player: PlayerState, colour: Colour) -> None:
    if player.place:
        pen.text(150, 312, place_name(player.place), 21, colour, bold=0.02)


def _draw_money(pen: Pen, player: PlayerState, colour: Colour) -> None:
    if player.money is not None:
        pen.text(37, 1038, f"${player.money}", 33, colour, anchor="l")


# ── the bottom: armour, health, ammunition ───────────────────────────────────────────────────────────────────────────
def _draw_vitals(pen: Pen, player: PlayerState, colour: Colour) -> None:
    if player.armor > 0:
        pen.stamp(icon("shield", pen.scale, outline=True), 583, 1031, colour)
        pen.text(583, 1030, str(player.armor), 17, colour, bold=0.02)
        if player.has_helmet:
            pen.stamp(icon("helmet", pen.scale), 583, 1009, colour)
    words = str(player.health)
    shown = RED if player.health <= 20 else colour
    pen.text(621, 1030, words, 40, shown, anchor="l", bold=0.05)
    bar = max(62.0, pen.width(words, 40, 0.05))
    pen.box(621, 1050, 621 + bar, 1056, (140, 24, 24, 220) if player.health < 100 else shown)
    pen.box(621, 1050, 621 + bar * min(1.0, player.health / 100), 1056, shown)


def _draw_emblem(pen: Pen, side: str, colour: Colour) -> None:
    for x0, x1 in ((712, 926), (992, 1207)):
        pen.line(x0, 1027, x1, 1027, faded(colour, 0.6), 1.5)
    centre, radius = (pen.px(959), pen.px(1027)), pen.px(31)
    around = (centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius)
    pen.draw.ellipse(around, fill=(16, 22, 30, 120), outline=colour, width=max(2, pen.px(3)))
    points = 5 if side == "T" else 6
    star = [
        (
            centre[0] + pen.px(20 if corner % 2 == 0 else 9) * math.sin(math.pi * corner / points),
            centre[1] - pen.px(20 if corner % 2 == 0 else 9) * math.cos(math.pi * corner / points),
        )
        for corner in range(2 * points)
    ]
    pen.draw.polygon(star, fill=colour)


def _draw_ammunition(pen: Pen, player: PlayerState, colour: Colour) -> None:
    held = item(player.active_weapon) if player.active_weapon else None
    if held is None or held.clip == 0 or held.place is Place.MELEE or player.clip is None:
        return
    low = player.clip <= held.clip * 0.2
    pen.text(1263, 1030, str(player.clip), 40, RED if low else colour, anchor="r", bold=0.05)
    pen.box(1281, 1017, 1283, 1042, faded(colour, 0.5))
    if player.reserve is not None:
        pen.text(1291, 1029, str(player.reserve), 24, colour, anchor="l")
    pen.stamp(icon("bullet", pen.scale), 1347, 1029, colour)


# ── the right: what the player carries ───────────────────────────────────────────────────────────────────────────────
def _draw_weapons(pen: Pen, player: PlayerState, colour: Colour) -> None:
    carried = [item(short) for short in player.inventory]
    active = item(player.active_weapon).short if player.active_weapon else ""
    for place, y in zip((Place.PRIMARY, Place.PISTOL, Place.MELEE), _LIST_ROWS, strict=True):
        here = [thing for thing in carried if thing.place is place]
        # A knife and a Zeus share a key; the one in hand is shown.
        for thing in sorted(here, key=lambda thing: (thing.short != active, thing.short != "taser"))[:1]:
            _draw_entry(pen, thing, y, thing.short == active, colour)
    grenades = Counter(thing.short for thing in carried if thing.place is Place.GRENADE)
    for column, x in enumerate((1878, 1825, 1773, 1721)):
        if column >= len(grenades):
            pen.box(x - 4, _GRENADE_ROW - 4, x + 4, _GRENADE_ROW + 4, (0, 0, 0, 120), radius=4)
    for x, (short, count) in zip((1878, 1825, 1773, 1721), sorted(grenades.items()), strict=False):
        _draw_pocket(pen, x, item(short), "4", short == active, colour, count)
    x = 1706 if len(grenades) < 4 else 1664
    if any(thing.place is Place.BOMB for thing in carried):
        _draw_pocket(pen, x, item("c4"), "5", active == "c4", colour, 1)
    elif player.has_defuser:
        pen.stamp(icon("kit", pen.scale), x, _GRENADE_ROW, colour)


def _draw_entry(pen: Pen, thing: Item, y: float, active: bool, colour: Colour) -> None:
    mask = icon(shape_of(thing), pen.scale if active else pen.scale * 0.82)
    shown = WHITE if active else faded(colour, 0.8)
    pen.stamp(mask, 1890 - mask.width / pen.scale / 2, y, shown if not active else SIDE_BRIGHT.get(colour, WHITE))
    pen.text(1904, y - 21, str(int(thing.place)), 16, WHITE if active else faded(WHITE, 0.75))
    if thing.place is not Place.MELEE or active:
        pen.text(1890, y + 33, thing.name, 19, WHITE if active else faded(colour, 0.75), anchor="r", bold=0.02)


def _draw_pocket(pen: Pen, x: float, thing: Item, key: str, active: bool, colour: Colour, count: int) -> None:
    pen.stamp(icon(shape_of(thing), pen.scale), x, _GRENADE_ROW, WHITE if active else colour)
    pen.text(x + 27, _GRENADE_ROW - 24, key, 15, WHITE if active else faded(WHITE, 0.75))
    if count > 1:
        pen.text(x + 17, _GRENADE_ROW + 15, f"x{count}", 17, WHITE)
    if active:
        anchor, at = ("r", 1890.0) if thing.place is Place.GRENADE else ("r", 1732.0)
        pen.text(at, 1061, thing.name, 19, WHITE, anchor=anchor, bold=0.02)


SIDE_BRIGHT: dict[Colour, Colour] = {
    SIDE_COLOURS["CT"]: (214, 236, 255, 255),
    SIDE_COLOURS["T"]: (255, 244, 158, 255),
}


def _draw_crosshair(pen: Pen) -> None:
    for x0, y0, x1, y1 in ((944, 539, 954, 541), (966, 539, 976, 541), (959, 524, 961, 534), (959, 546, 961, 556)):
        pen.box(x0 - 1, y0 - 1, x1 + 1, y1 + 1, (0, 0, 0, 110))
        pen.box(x0, y0, x1, y1, (60, 230, 90, 255))
