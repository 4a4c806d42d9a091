"""A player's HUD, after the real one: what stands where is in ``hud_boxes``, measured on real frames.

Nothing is written that the recording does not tell; an unknown value leaves its place empty.
"""

from collections.abc import Mapping

from PIL import Image

from apps.simulation.frames.hud_banner import draw_banner
from apps.simulation.frames.hud_bottom import draw_ammunition, draw_emblem, draw_money, draw_vitals
from apps.simulation.frames.hud_carried import draw_carried
from apps.simulation.frames.hud_feed import draw_feed
from apps.simulation.frames.hud_menu import draw_menu
from apps.simulation.frames.hud_screen import Screen, clock_text
from apps.simulation.frames.hud_spectated import draw_spectated
from apps.simulation.frames.hud_style import HudStyle, hud_is_on, style_of
from apps.simulation.frames.hud_top import draw_top
from apps.simulation.frames.radar import draw_radar
from apps.simulation.layouts.layout import Layout
from apps.simulation.recording import Moment, PlayerState

__all__ = ["clock_text", "draw_hud", "hud_is_on"]


def draw_hud(
    image: Image.Image,
    moment: Moment,
    player: PlayerState,
    convars: Mapping[str, str],
    style: HudStyle | None = None,
    layout: Layout | None = None,
    owner: PlayerState | None = None,
    menu: bool = False,
) -> None:
    """Draw on ``image`` what the game shows ``player``.

    ``owner`` is the dead team-mate on whose screen ``player`` is being watched; ``menu``: the buy menu is open.
    The ``layout`` of the map gives the radar its picture; without one the radar shows only who is where.
    """
    screen = Screen.of(image, moment, player, style or style_of(convars), owner or player)
    if menu and player.alive:
        draw_menu(screen)
    draw_top(screen)
    draw_feed(screen)
    if menu and player.alive:
        draw_carried(screen, keys=False)
        return
    draw_radar(screen, layout)
    draw_banner(screen)
    draw_money(screen)
    if player.alive:
        draw_vitals(screen)
        draw_ammunition(screen)
        if screen.spectated:
            draw_spectated(screen)
        else:
            draw_emblem(screen)
        draw_carried(screen)
        _draw_crosshair(screen)


def _draw_crosshair(screen: Screen) -> None:
    """Four short green lines; none while looking through a sniper's scope, which has its own."""
    if screen.player.scoped:
        return
    for x0, y0, x1, y1 in ((943, 539, 955, 541), (965, 539, 977, 541), (959, 523, 961, 535), (959, 545, 961, 557)):
        screen.middle.box(x0 - 0.7, y0 - 0.7, x1 + 0.7, y1 + 0.7, (0, 0, 0, 110))
        screen.middle.box(x0, y0, x1, y1, (50, 200, 70, 255))
