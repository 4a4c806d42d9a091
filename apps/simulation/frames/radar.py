"""The round radar: the player in the middle looking up, the own side around, as far as positions tell."""

import math

from PIL import Image, ImageDraw

from apps.simulation.frames.pen import SIDE_COLOURS, Colour, Pen, faded
from apps.simulation.recording import Moment, PlayerState

CENTRE, RADIUS = (150, 149), 124
REACH = 1400.0  # units from the middle to the rim
_FINE = 3
_DOT: dict[str, Colour] = {"CT": (60, 170, 245, 255), "T": (240, 196, 40, 255)}
_BOMB: Colour = (255, 120, 24, 255)


def draw_radar(pen: Pen, moment: Moment, player: PlayerState) -> None:
    """Drawn three times larger and shrunk, so that its circles are round."""
    side = pen.px(2 * RADIUS + 40) * _FINE
    unit = pen.scale * _FINE
    disc = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(disc)
    middle = side / 2
    for radius, fill, line in ((RADIUS, (28, 32, 34, 200), 0.85), (RADIUS * 0.5, None, 0.12)):
        around = (middle - radius * unit, middle - radius * unit, middle + radius * unit, middle + radius * unit)
        draw.ellipse(around, fill=fill, outline=faded(SIDE_COLOURS[player.side], line), width=round(2 * unit))
    for mate in moment.players.values():
        if mate.side == player.side and mate.slot != player.slot and mate.alive:
            right, up = offset(player, mate)
            colour = _BOMB if "c4" in mate.inventory else _DOT[player.side]
            _dot(draw, middle + right * unit, middle - up * unit, 7 * unit, colour, mate.yaw - player.yaw)
    if player.alive:
        own = _BOMB if "c4" in player.inventory else (255, 255, 255, 255)
        _dot(draw, middle, middle, 7 * unit, own, 0.0)
    small = disc.resize((side // _FINE, side // _FINE), Image.Resampling.LANCZOS)
    pen.image.paste(small, (pen.px(CENTRE[0]) - small.width // 2, pen.px(CENTRE[1]) - small.height // 2), small)


def offset(player: PlayerState, other: PlayerState) -> tuple[float, float]:
    """Where ``other`` stands on ``player``'s radar: HUD pixels right of and above its middle, held at the rim."""
    angle = math.radians(player.yaw)
    dx, dy = other.x - player.x, other.y - player.y
    right, up = dx * math.sin(angle) - dy * math.cos(angle), dx * math.cos(angle) + dy * math.sin(angle)
    scale = RADIUS / REACH
    shrink = min(1.0, (RADIUS - 6) / max(1e-6, math.hypot(right, up) * scale))
    return right * scale * shrink, up * scale * shrink


def _dot(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, colour: Colour, turned: float) -> None:
    """A dot with a white tip that points where the player looks; ``turned`` is in degrees to the left of up."""
    angle = math.radians(turned + 90)
    tip = (x + 1.9 * radius * math.cos(angle), y - 1.9 * radius * math.sin(angle))
    sides = [
        (x + radius * 0.9 * math.cos(angle + turn), y - radius * 0.9 * math.sin(angle + turn)) for turn in (0.9, -0.9)
    ]
    draw.polygon([tip, *sides], fill=(255, 255, 255, 255))
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour, outline=(10, 14, 18, 255), width=2)
