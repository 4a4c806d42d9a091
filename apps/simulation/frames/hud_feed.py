"""The kill feed: who killed whom with what, and how; the player's own lines stand out."""

from apps.simulation.frames import hud_boxes as at
from apps.simulation.frames.hud_screen import Screen
from apps.simulation.frames.icons import icon, silhouette_of, size_of
from apps.simulation.frames.pen import WHITE, Colour
from apps.simulation.happenings import Kill
from apps.simulation.items import item

_LINES = 6
_NAMES: dict[str, Colour] = {"CT": (112, 158, 240, 255), "T": (232, 194, 84, 255), "": WHITE}
_FRAME: Colour = (226, 22, 22, 255)
_SPACING = 0.06
# The marks after the weapon, in the game's order, with the size they are drawn at.
_MARKS = (
    ("noscope", "noscope", 0.95),
    ("through_smoke", "smoke", 0.95),
    ("penetrated", "wallbang", 0.9),
    ("headshot", "headshot", 0.95),
)
Piece = tuple[str, str, float, Colour]  # "text" | "icon" | "mark", what, its width, its colour


def draw_feed(screen: Screen) -> None:
    """The newest lines, oldest on top."""
    for row, kill in enumerate(screen.moment.kill_feed[-_LINES:]):
        _draw_line(screen, kill, at.FEED_TOP + row * at.FEED_STEP)


def _draw_line(screen: Screen, kill: Kill, top: float) -> None:
    pen, me = screen.top_right, screen.owner.slot
    pieces = _pieces(screen, kill)
    content = sum(piece[2] for piece in pieces) + at.FEED_GAP * (len(pieces) - 1)
    left = at.FEED_RIGHT - content - sum(at.FEED_PAD)
    bottom = top + at.FEED_HEIGHT
    died = kill.victim_slot == me
    own = me in (kill.attacker_slot, kill.assister_slot) and not died
    fill: Colour = (128, 18, 20, 180) if died else (8, 6, 6, 222) if own else (20, 16, 12, 150)
    pen.box(left, top, at.FEED_RIGHT, bottom, fill, radius=3, edge=_FRAME if own else None, width=2.4)
    x, y = left + at.FEED_PAD[0], (top + bottom) / 2
    for kind, what, width, colour in pieces:
        if kind == "text":
            pen.text(x, y, what, at.FEED_CAP, colour, anchor="l", spacing=_SPACING)
        elif kind == "icon":
            pen.stamp(icon(what, pen.unit * at.FEED_ICON, mirrored=True), x + width / 2, y, WHITE)
        else:
            share = next(share for _, mark, share in _MARKS if mark == what) if what != "blind" else 0.9
            pen.stamp(icon(what, pen.unit * share), x + width / 2, y, WHITE)
        x += width + at.FEED_GAP


def _pieces(screen: Screen, kill: Kill) -> list[Piece]:
    def text(words: str, colour: Colour) -> Piece:
        return "text", words, screen.top_right.width(words, at.FEED_CAP, spacing=_SPACING), colour

    found: list[Piece] = []
    if kill.attacker and kill.attacker_slot != kill.victim_slot:
        found.append(text(kill.attacker, _NAMES.get(kill.attacker_side, WHITE)))
    if kill.assister:
        found.append(text("+", WHITE))
        if kill.flash_assist:
            found.append(("mark", "blind", size_of("blind")[0] * 0.9, WHITE))
        found.append(text(kill.assister, _NAMES.get(kill.assister_side, WHITE)))
    shape = _weapon(kill)
    scale = 0.95 if shape == "world" else at.FEED_ICON
    found.append(("icon", shape, size_of(shape)[0] * scale, WHITE))
    for fact, mark, share in _MARKS:
        if getattr(kill, fact):
            found.append(("mark", mark, size_of(mark)[0] * share, WHITE))
    found.append(text(kill.victim, _NAMES.get(kill.victim_side, WHITE)))
    return found


def _weapon(kill: Kill) -> str:
    short = kill.weapon.removeprefix("weapon_")
    if short in ("", "world", "worldspawn", "suicide"):
        return "world"
    if short in ("planted_c4", "c4"):
        return "bomb"
    if short == "inferno":
        return "incgrenade" if kill.attacker_side == "CT" else "molotov"
    return silhouette_of(item(short), kill.attacker_side or "T")
