"""The bottom of the HUD: money, armour, health, the side's sign, ammunition."""

from apps.simulation.frames import hud_boxes as at
from apps.simulation.frames.avatars import emblem, sideways
from apps.simulation.frames.hud_screen import Screen
from apps.simulation.frames.icons import bullets_of, icon
from apps.simulation.frames.pen import RED, Colour, faded
from apps.simulation.items import Place, item

_LOW_HEALTH = 20
_CART: Colour = (150, 238, 132, 255)


def draw_money(screen: Screen) -> None:
    """The account; in freeze time with the cart that says one may buy."""
    pen, money = screen.bottom_left, screen.owner.money
    if money is None:
        return
    pen.text(*at.MONEY_AT, f"${money}", at.MONEY_CAP, screen.colour, anchor="r", digits=True)
    if screen.moment.rules.phase == "freeze" and screen.player.alive and not screen.spectated:
        left, top, right, bottom = at.CART_BOX
        pen.box(left, top, right, bottom, _CART, radius=3)
        pen.cover(icon("cart", pen.unit * 0.9), (left + right) / 2, (top + bottom) / 2, (24, 40, 22, 255))


def draw_vitals(screen: Screen) -> None:
    pen, player, colour = screen.bottom, screen.player, screen.colour
    if player.armor > 0:
        pen.stamp(icon("shield", pen.unit, outline=True), *at.SHIELD_AT, colour)
        pen.text(*at.ARMOR_AT, str(player.armor), at.ARMOR_CAP, colour, digits=True)
        if player.has_helmet:
            pen.stamp(icon("helmet", pen.unit), *at.HELMET_AT, colour)
    glow = RED if player.health <= _LOW_HEALTH else None
    pen.text(*at.HEALTH_AT, str(player.health), at.HEALTH_CAP, colour, anchor="l", digits=True, glow=glow)
    left, top, right, bottom = at.HEALTH_BAR
    filled = left + (right - left) * min(1.0, player.health / 100)
    if player.health < 100:
        rest = sideways(pen.px(right - filled), pen.px(bottom) - pen.px(top), 0.0, 1.0, 225)
        pen.image.paste((224, 20, 20), (pen.x(filled), pen.y(top)), rest)
    pen.box(left, top, filled, bottom, colour)


def draw_emblem(screen: Screen) -> None:
    pen, colour = screen.bottom, screen.colour
    for (x0, x1), (rise, fall) in zip(at.LINES, ((0.5, 0.0), (0.0, 0.5)), strict=True):
        thread = sideways(pen.px(x1 - x0), max(1, pen.px(1.6)), rise, fall, 190)
        pen.image.paste(colour[:3], (pen.x(x0), pen.y(at.LINE_Y - 0.8)), thread)
    pen.put(emblem(screen.player.side, pen.px(at.EMBLEM_RADIUS), colour), *at.EMBLEM_AT)


def draw_ammunition(screen: Screen) -> None:
    """The clip and the reserve; nothing for what shoots no bullets."""
    pen, player, colour = screen.bottom, screen.player, screen.colour
    held = item(player.active_weapon) if player.active_weapon else None
    if held is None or held.clip == 0 or held.place is Place.MELEE or player.clip is None:
        return
    glow = RED if player.clip <= held.clip * 0.2 else None
    pen.text(*at.CLIP_AT, str(player.clip), at.CLIP_CAP, colour, anchor="r", digits=True, glow=glow)
    pen.box(*at.DIVIDER, faded(colour, 0.5))
    if player.reserve is not None:
        pen.text(*at.RESERVE_AT, str(player.reserve), at.RESERVE_CAP, colour, anchor="l", digits=True)
    pen.stamp(icon(bullets_of(held), pen.unit), *at.BULLETS_AT, colour)
