"""The bar of the watched player, which the dead see in place of the sign."""

from apps.simulation.frames import hud_boxes as at
from apps.simulation.frames.avatars import avatar, round_of
from apps.simulation.frames.hud_screen import Screen
from apps.simulation.frames.pen import SIDE_COLOURS, WHITE, Colour
from apps.simulation.items import item

_HINTS = "[X] Turn X-Ray Off    [MOUSE1] Next Player    [SPACE] Camera    [CTRL] Overview"


def draw_spectated(screen: Screen) -> None:
    pen, player = screen.bottom, screen.player
    colour = SIDE_COLOURS[player.side]
    left, top, right, bottom = at.SPECTATED
    fill: Colour = (14, 24, 36, 190) if player.side == "CT" else (40, 32, 12, 190)
    pen.box(left, top, right, bottom, fill)
    pen.box(left, top, left + 2, bottom, colour)
    pen.box(right - 2, top, right, bottom, colour)
    name = player.name if len(player.name) <= 22 else player.name[:21] + "…"
    pen.text(*at.SPECTATED_NAME, name, 11.5, colour, anchor="l")
    pen.text(at.SPECTATED_NAME[0], at.SPECTATED_NAME[1] + 28, f"{player.kills} / {player.deaths}", 8, WHITE, anchor="l")
    if player.active_weapon:
        pen.text(*at.SPECTATED_WEAPON, item(player.active_weapon).name, 10.5, WHITE, anchor="r")
    face = avatar(player.side, pen.px(62), True, (0, 0, 0, 255))
    pen.put(round_of(face, colour), *at.SPECTATED_AVATAR)
    pen.text(*at.SPECTATED_HINTS, _HINTS, 7.5, (225, 228, 230, 230))
