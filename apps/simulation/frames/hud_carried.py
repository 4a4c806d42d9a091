"""The list at the right: guns and knife one above the other, grenades, C4 or kit in a row below."""

from collections import Counter

from apps.simulation.frames import hud_boxes as at
from apps.simulation.frames.hud_screen import Screen
from apps.simulation.frames.icons import icon, silhouette_of, size_of
from apps.simulation.frames.pen import WHITE, Colour, faded
from apps.simulation.items import Item, Place, item

_ORDER = ("hegrenade", "flashbang", "smokegrenade", "decoy", "molotov", "incgrenade")


def draw_carried(screen: Screen, keys: bool = True) -> None:
    """``keys``: whether the number of each key stands beside it, as outside the buy menu."""
    carried = [item(short) for short in screen.player.inventory]
    active = item(screen.player.active_weapon).short if screen.player.active_weapon else ""
    for place, y in zip((Place.PRIMARY, Place.PISTOL, Place.MELEE), at.LIST_ROWS, strict=True):
        here = [thing for thing in carried if thing.place is place]
        # A knife and a Zeus share a key; the one in hand is shown.
        for thing in sorted(here, key=lambda thing: (thing.short != active, thing.short != "taser"))[:1]:
            _draw_row(screen, thing, y, keys and thing.short == active, keys)
    grenades = Counter(thing.short for thing in carried if thing.place is Place.GRENADE)
    kinds = sorted(grenades, key=lambda short: (_ORDER.index(short) if short in _ORDER else 9, short))[:4]
    for column, x in enumerate(at.POCKETS[: max(3, len(kinds))]):
        if column < len(kinds):
            short = kinds[column]
            _draw_pocket(screen, x, item(short), "4" if column == 0 and keys else "", short == active, grenades[short])
        else:
            screen.bottom_right.box(
                x - at.POCKET_DOT, at.POCKET_Y - at.POCKET_DOT, x + at.POCKET_DOT, at.POCKET_Y + at.POCKET_DOT,
                (0, 0, 0, 105), radius=at.POCKET_DOT,
            )  # fmt: skip
    _draw_c4_or_kit(screen, carried, active, keys, shift=52.0 if len(kinds) > 3 else 0.0)


def _draw_row(screen: Screen, thing: Item, y: float, active: bool, keys: bool) -> None:
    pen, colour = screen.bottom_right, screen.colour
    shape = silhouette_of(thing, screen.player.side)
    share = 1.0 if active else at.LIST_IDLE
    shown = _bright(colour) if active else faded(colour, 0.85)
    pen.stamp(icon(shape, pen.unit * share), at.LIST_RIGHT - size_of(shape)[0] * share / 2, y, shown)
    if keys:
        pen.text(at.LIST_KEY[0], y + at.LIST_KEY[1], str(int(thing.place)), 10, WHITE, digits=True)
    if active:
        right, down = at.LIST_NAME
        name = f"{thing.name} | {screen.player.skin}" if screen.player.skin else thing.name
        pen.text(right, y + down, name, at.LIST_NAME_CAP, WHITE, anchor="r")


def _draw_pocket(screen: Screen, x: float, thing: Item, key: str, active: bool, count: int) -> None:
    pen, colour = screen.bottom_right, screen.colour
    shape = silhouette_of(thing)
    share = 1.0 if active else 0.74
    pen.stamp(icon(shape, pen.unit * share), x, at.POCKET_Y, _bright(colour) if active else faded(colour, 0.85))
    if key:
        pen.text(x + 26.9, at.POCKET_Y - 23, key, 10, WHITE, digits=True)
    if count > 1:
        pen.text(x + 15, at.POCKET_Y + 13, f"x{count}", 9, WHITE)
    if active:
        pen.text(at.LIST_NAME[0], at.POCKET_NAME_Y, thing.name, at.LIST_NAME_CAP, WHITE, anchor="r")


def _draw_c4_or_kit(screen: Screen, carried: list[Item], active: str, keys: bool, shift: float) -> None:
    pen, colour = screen.bottom_right, screen.colour
    if any(thing.place is Place.BOMB for thing in carried):
        x, y = at.C4_AT[0] - shift, at.C4_AT[1]
        held = active == "c4" and keys
        pen.stamp(icon("bomb", pen.unit * (1.0 if held else 0.8)), x, y, _bright(colour))
        if keys:
            pen.text(x + 29, y - 23.5, "5", 10, WHITE, digits=True)
        if held:
            pen.text(at.C4_NAME_RIGHT - shift, at.POCKET_NAME_Y, item("c4").name, at.LIST_NAME_CAP, WHITE, anchor="r")
    elif screen.player.has_defuser and screen.player.side == "CT":
        pen.stamp(icon("kit", pen.unit), at.KIT_AT[0] - shift, at.KIT_AT[1], colour)


def _bright(colour: Colour) -> Colour:
    """What is in hand is lit."""
    red, green, blue, alpha = colour
    return (min(255, red + 26), min(255, green + 24), min(255, blue + 20), alpha)
