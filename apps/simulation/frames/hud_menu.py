"""The buy menu of freeze time: covers everything but the top bar and the list of what is carried."""

from apps.simulation.frames import hud_boxes as at
from apps.simulation.frames.avatars import sideways
from apps.simulation.frames.hud_screen import Screen
from apps.simulation.frames.icons import icon, silhouette_of, size_of
from apps.simulation.frames.pen import WHITE, Colour, faded
from apps.simulation.items import item
from apps.simulation.match.armoury import WEAPONS

_NAMES = {"vest": "Kevlar Vest", "vesthelm": "Kevlar & Helmet", "kit": "Defuse Kit"}
_PRICES = {"vest": 650, "vesthelm": 1000, "kit": 400}
# The five of each column that a side has in its standard loadout.
_OFFER: dict[str, tuple[tuple[str, ...], ...]] = {
    "CT": (
        ("vest", "vesthelm", "taser", "kit"),
        ("usp_silencer", "elite", "p250", "fiveseven", "deagle"),
        ("nova", "mp9", "mp7", "ump45", "p90"),
        ("famas", "m4a1_silencer", "ssg08", "aug", "awp"),
        ("flashbang", "smokegrenade", "hegrenade", "incgrenade", "decoy"),
    ),
    "T": (
        ("vest", "vesthelm", "taser"),
        ("glock", "elite", "p250", "tec9", "deagle"),
        ("nova", "mac10", "mp7", "ump45", "p90"),
        ("galilar", "ak47", "ssg08", "sg556", "awp"),
        ("flashbang", "smokegrenade", "hegrenade", "molotov", "decoy"),
    ),
}
_HINTS = "     ".join(
    (
        "HOLD [LEFT CONTROL] BUY FOR TEAMMATE",
        "[F4] RE-BUY PREVIOUS",
        "[F3] AUTO BUY",
        "[DEL] REFUND ALL",
        "[ESCAPE] BACK",
    )
)
_GREY: Colour = (118, 122, 124, 255)


def draw_menu(screen: Screen) -> None:
    """What can be afforded is lit, what is carried is framed."""
    image = screen.pen.image
    image.paste((30, 31, 33), (0, 0), sideways(image.width, image.height, 0.0, 0.0, 200))
    pen, colour = screen.middle, screen.colour
    left, top, right, bottom = at.MENU
    pen.box(left, top, right, bottom, (12, 13, 14, 150))
    pen.box(left, top, right, 268, (0, 0, 0, 70))
    money = screen.player.money
    if money is not None:
        pen.text(at.MENU_MONEY_X, at.MENU_HEADER_Y, f"${money}", 15, colour, anchor="l", digits=True)
        screen.bottom_left.text(*at.MONEY_AT, f"${money}", at.MONEY_CAP, colour, anchor="r", digits=True)
    # The time left to buy is the freeze time's and 20 seconds more, which the clock does not tell for every server.
    pen.text((left + right) / 2, at.MENU_HEADER_Y, "Buy Menu", 12, (200, 203, 206, 255))
    for number, ((title, x0, x1), offer) in enumerate(zip(at.MENU_COLUMNS, _OFFER[screen.player.side], strict=True)):
        pen.text(x0 + 4, at.MENU_TITLE_Y, str(number + 1), 11, WHITE, anchor="l", digits=True)
        pen.text((x0 + x1) / 2, at.MENU_TITLE_Y, title, 14, WHITE)
        for row, what in enumerate(offer):
            _draw_tile(screen, what, (x0, x1), row)
    screen.bottom.text(960, at.MENU_HINTS_Y, _HINTS, 11.5, faded(colour, 0.75))


def _draw_tile(screen: Screen, what: str, sides: tuple[float, float], row: int) -> None:
    pen, player = screen.middle, screen.player
    x0, x1 = sides
    top = at.MENU_TILE_TOP + row * at.MENU_TILE_STEP
    bottom = top + at.MENU_TILE_HEIGHT
    price = _PRICES[what] if what in _PRICES else WEAPONS[what].price
    owned = _owned(screen, what)
    lit = not owned and player.money is not None and player.money >= price
    colour = screen.colour if lit else _GREY
    pen.box(x0, top, x1, bottom, (255, 255, 255, 40 if lit else 18), radius=3, edge=WHITE if owned else None, width=1.5)
    pen.text(x0 + 11, top + 16, str(row + 1), 9, colour, anchor="l", digits=True)
    for line, words in enumerate(_lines(screen, _NAMES.get(what) or item(what).name, x1 - x0 - 34)):
        pen.text(x1 - 11, top + 14 + 15 * line, words, 8.3, colour, anchor="r")
    pen.text(x1 - 11, bottom - 14, f"${price}", 9, colour, anchor="r", digits=True)
    shape = {"vest": "vest", "vesthelm": "vest", "kit": "kit"}.get(what) or silhouette_of(item(what), player.side)
    share = min(0.92, (x1 - x0 - 24) / size_of(shape)[0])
    pen.stamp(icon(shape, pen.unit * share), (x0 + x1) / 2, (top + bottom) / 2, colour)
    if what == "vesthelm":
        pen.stamp(icon("head", pen.unit * 0.8), (x0 + x1) / 2 - 28, (top + bottom) / 2 + 4, colour)


def _lines(screen: Screen, name: str, room: float) -> list[str]:
    """The name in one line, or in two when it would run into the key's number."""
    words = name.split(" ")
    if screen.middle.width(name, 8.3) <= room or len(words) < 2:
        return [name]
    return [" ".join(words[:-1]), words[-1]]


def _owned(screen: Screen, what: str) -> bool:
    player = screen.player
    if what == "vest":
        return player.armor >= 100
    if what == "vesthelm":
        return player.armor >= 100 and player.has_helmet
    if what == "kit":
        return player.has_defuser
    return what in player.inventory
