"""The round radar: the player in the middle looking up, the own side around, the map below as far as we have it."""

import math
from functools import lru_cache

from PIL import Image, ImageDraw

from apps.simulation.frames import hud_boxes as at
from apps.simulation.frames.hud_screen import Screen
from apps.simulation.frames.pen import RED, WHITE, Colour, Pen, faded
from apps.simulation.frames.radar_map import PIXEL, RadarMap, radar_map
from apps.simulation.layouts.layout import Layout
from apps.simulation.places import place_name
from apps.simulation.recording import PlayerState

CENTRE, RADIUS = at.RADAR_CENTRE, at.RADAR_RADIUS
REACH = 1400.0  # units from the middle to the rim
_FINE = 4
_DOT: dict[str, Colour] = {"CT": (30, 176, 240, 255), "T": (246, 196, 32, 255)}
_BOMB: Colour = (255, 136, 24, 255)
_GOLD: Colour = (214, 168, 52, 255)


def draw_radar(screen: Screen, layout: Layout | None) -> None:
    """Round and turning for the living; the whole map, square, on a dead player's screen."""
    pen, player = screen.top_left, screen.player
    chart = radar_map(layout) if layout is not None else None
    size = screen.style.radar_size
    if screen.spectated and chart is not None:
        _draw_square(screen, chart)
    else:
        _draw_round(screen, chart, RADIUS * size, REACH * screen.style.radar_reach)
    if player.place:
        words = place_name(player.place)
        pen.text(*name_middle(pen, words, size), words, at.PLACE_CAP, screen.colour)


def name_middle(pen: Pen, words: str, size: float) -> tuple[float, float]:
    """Where a place's name stands below a radar of ``size``, in HUD pixels.

    A bigger radar pushes it down, and a long name moves right rather than out of the frame.
    """
    x, y = at.PLACE_AT
    return max(x + (size - 1) * RADIUS, pen.width(words, at.PLACE_CAP) / 2 + 4), y + 2 * (size - 1) * RADIUS


def offset(
    player: PlayerState, other: PlayerState, radius: float = RADIUS, reach: float = REACH, turned: bool = True
) -> tuple[float, float]:
    """Where ``other`` stands on ``player``'s radar: HUD pixels right of and above its middle, held at the rim."""
    return _offset(player, other.x, other.y, radius, reach, turned)


def _offset(
    player: PlayerState, x: float, y: float, radius: float, reach: float, turned: bool = True, room: float = 6.0
) -> tuple[float, float]:
    angle = math.radians(player.yaw if turned else 90.0)
    dx, dy = x - player.x, y - player.y
    right, up = dx * math.sin(angle) - dy * math.cos(angle), dx * math.cos(angle) + dy * math.sin(angle)
    scale = radius / reach
    shrink = min(1.0, (radius - room) / max(1e-6, math.hypot(right, up) * scale))
    return right * scale * shrink, up * scale * shrink


def _draw_round(screen: Screen, chart: RadarMap | None, radius: float, reach: float) -> None:
    pen, player, turned = screen.top_left, screen.player, screen.style.radar_turns
    x, y = CENTRE[0] + radius - RADIUS, CENTRE[1] + radius - RADIUS
    across = max(2, pen.px(2 * radius))
    pen.image.paste((34, 34, 34), _corner(pen, x, y, across), _disc(across, 150))
    if chart is not None:
        picture = _turned(chart, player, across, reach, turned)
        pen.image.paste(picture, _corner(pen, x, y, across), picture)
    ring = RED if screen.moment.rules.phase == "planted" else screen.colour
    pen.put(_rings(pen.px(2 * radius), round(pen.unit, 3), ring, screen.colour if player.side == "T" else None), x, y)
    letters = chart.sites[chart.level_of(player.z)] if chart is not None else {}
    for letter, (sx, sy) in letters.items():
        right, up = _offset(player, sx, sy, radius, reach, turned, room=0.0)
        at_rim = math.hypot(right, up) > radius - 0.5
        pen.text(x + right, y - up, letter, 14 if at_rim else 10, _GOLD if at_rim else faded(_GOLD, 0.9))
    base = player.yaw if turned else 90.0
    for mate in screen.moment.players.values():
        if mate.side == player.side and mate.slot != player.slot and mate.alive:
            right, up = _offset(player, mate.x, mate.y, radius, reach, turned)
            _put_dot(pen, x + right, y - up, _DOT[player.side], "c4" in mate.inventory, mate.yaw - base)
    _put_bomb(screen, x, y, radius, reach)
    if player.alive:
        _put_dot(pen, x, y, _DOT[player.side], "c4" in player.inventory, player.yaw - base)


def _put_bomb(screen: Screen, x: float, y: float, radius: float, reach: float) -> None:
    """A bomb on the ground: its carrier's side knows where it lies; a planted one is known to everybody."""
    bomb = screen.moment.bomb
    if bomb is None or bomb.x is None or bomb.y is None or bomb.state not in ("dropped", "planted"):
        return
    if bomb.state == "dropped" and screen.player.side != "T":
        return
    right, up = _offset(screen.player, bomb.x, bomb.y, radius, reach, screen.style.radar_turns)
    _put_case(screen.top_left, x + right, y - up, RED if bomb.state == "planted" else _BOMB)


def _draw_square(screen: Screen, chart: RadarMap) -> None:
    pen, player = screen.top_left, screen.player
    left, top, right, bottom = at.RADAR_SQUARE
    grown = screen.style.radar_size
    right, bottom = left + (right - left) * grown, top + (bottom - top) * grown
    pen.box(left, top, right, bottom, (58, 44, 30, 130), edge=faded(screen.colour, 0.8), width=1.3)
    side = max(2, pen.px(right - left - 4))
    picture = chart.whole(side)
    pen.image.paste(picture, (pen.x(left + 2), pen.y(top + 2)), picture)
    for mate in screen.moment.players.values():
        if mate.side == player.side and mate.alive:
            across, down = chart.share(mate.x, mate.y)
            x, y = left + 2 + across * (right - left - 4), top + 2 + down * (bottom - top - 4)
            _put_dot(pen, x, y, _DOT[player.side], "c4" in mate.inventory, mate.yaw - 90.0)


def _corner(pen: Pen, x: float, y: float, across: int) -> tuple[int, int]:
    return pen.x(x) - across // 2, pen.y(y) - across // 2


def _turned(chart: RadarMap, player: PlayerState, across: int, reach: float, turned: bool) -> Image.Image:
    """The part of the map around the player, turned so that he looks up, cut round."""
    scale = 2 * reach / across / PIXEL  # map pixels for one of the frame's
    angle = math.radians(player.yaw - 90.0) if turned else 0.0
    cos, sin = math.cos(angle) * scale, math.sin(angle) * scale
    cx, cy = chart.pixel(player.x, player.y)
    half = across / 2
    terms = (cos, sin, cx - cos * half - sin * half, -sin, cos, cy + sin * half - cos * half)
    part = chart.levels[chart.level_of(player.z)].transform(
        (across, across), Image.Transform.AFFINE, terms, Image.Resampling.BILINEAR
    )
    empty = Image.new("RGBA", part.size)
    return Image.composite(part, empty, _disc(across, 255))


@lru_cache(maxsize=32)
def _disc(across: int, value: int) -> Image.Image:
    mask = Image.new("L", (across * _FINE, across * _FINE))
    ImageDraw.Draw(mask).ellipse((0, 0, across * _FINE - 1, across * _FINE - 1), fill=value)
    return mask.resize((across, across), Image.Resampling.BOX)


@lru_cache(maxsize=32)
def _rings(across: int, unit: float, outer: Colour, inner: Colour | None) -> Image.Image:
    side = (across + 4) * _FINE
    canvas = Image.new("RGBA", (side, side), (*outer[:3], 0))
    draw = ImageDraw.Draw(canvas)
    middle = side / 2
    for colour, share, alpha, width in ((outer, 1.0, 230, 1.9), (inner, at.RADAR_NOISE / RADIUS, 120, 1.1)):
        if colour is None:
            continue
        radius = across * _FINE / 2 * share
        around = (middle - radius, middle - radius, middle + radius, middle + radius)
        draw.ellipse(around, outline=(*colour[:3], alpha), width=max(1, round(width * unit * _FINE)))
    return canvas.resize((across + 4, across + 4), Image.Resampling.BOX)


def _put_dot(pen: Pen, x: float, y: float, colour: Colour, bomb: bool, turned: float) -> None:
    pen.put(_dot(round(pen.unit, 3), colour, round(turned / 10) * 10 % 360), x, y)
    if bomb:
        _put_case(pen, x, y, _BOMB)


@lru_cache(maxsize=256)
def _dot(unit: float, colour: Colour, turned: int) -> Image.Image:
    """A dot with a white tip that points where the player looks; ``turned`` is in degrees to the left of up."""
    side = max(1, round(26 * unit))
    canvas = Image.new("RGBA", (side * _FINE, side * _FINE), (*colour[:3], 0))
    draw, middle, radius = ImageDraw.Draw(canvas), side * _FINE / 2, 5.6 * unit * _FINE
    angle = math.radians(turned + 90)

    def on(distance: float, turn: float) -> tuple[float, float]:
        return (
            middle + distance * radius * math.cos(angle + turn),
            middle - distance * radius * math.sin(angle + turn),
        )

    draw.ellipse((middle - radius, middle - radius, middle + radius, middle + radius), fill=colour)
    draw.polygon([on(2.0, 0), on(1.0, 0.85), on(0.55, 0), on(1.0, -0.85)], fill=WHITE)
    return canvas.resize((side, side), Image.Resampling.BOX)


def _put_case(pen: Pen, x: float, y: float, colour: Colour) -> None:
    """The C4 as the radar shows it: a small box with a dark inside."""
    pen.box(x - 6.5, y - 4.5, x + 6.5, y + 4.5, colour, radius=1)
    pen.box(x - 4.5, y - 2.5, x + 4.5, y + 2.5, (70, 30, 6, 255))
    pen.box(x - 2.5, y - 1.5, x + 1.0, y + 1.5, colour)
