"""What is held in the hands: outlines of weapons in units along the barrel and above the grip, and the hands."""

from dataclasses import dataclass, replace

from apps.simulation.frames.icons import shape_of
from apps.simulation.items import Place, item

Colour = tuple[int, int, int]
_BLACK: Colour = (52, 54, 58)
_STEEL: Colour = (84, 88, 94)
_WOOD: Colour = (136, 84, 46)
_TAN: Colour = (152, 130, 94)
_GREEN: Colour = (76, 88, 60)
_SILVER: Colour = (168, 172, 178)
_GLOVE: dict[str, Colour] = {"CT": (58, 62, 70), "T": (92, 78, 58)}
_SLEEVE: dict[str, Colour] = {"CT": (54, 66, 88), "T": (150, 118, 80)}


@dataclass(frozen=True)
class Part:
    """A side view (along, above), pulled out ``half`` to both sides of ``left``."""

    outline: tuple[tuple[float, float], ...]
    half: float
    colour: Colour
    left: float = 0.0
    convex: bool = True


@dataclass(frozen=True)
class Tube:
    """Rounded, between two points (along, above, left). ``back`` sorts it behind (+) or before (−) its true depth."""

    start: tuple[float, float, float]
    end: tuple[float, float, float]
    thick: float
    thin: float
    colour: Colour
    back: float = 0.0


def _bar(x0: float, x1: float, y0: float, y1: float, half: float, colour: Colour) -> Part:
    return Part(((x0, y0), (x1, y0), (x1, y1), (x0, y1)), half, colour)


def _long_gun(metal: Colour, stock: Colour, length: float, magazine: str) -> list[Part]:
    parts = [
        Part(((-11, 0.7), (-11, -3.4), (-9.5, -3.6), (-1.6, -1.0), (-1.6, 1.2)), 0.75, stock),
        _bar(-2, 9, -1.0, 1.6, 0.85, metal),
        _bar(-1.5, 8.5, 1.6, 1.95, 0.55, _STEEL),
        Part(((-0.8, -1.0), (1.3, -1.0), (0.2, -4.8), (-1.9, -4.8)), 0.7, stock),
        _bar(9, length * 0.62, -0.9, 1.4, 0.95, stock),
        _bar(length * 0.62, length, 0.2, 0.8, 0.32, metal),
        _bar(length - 2.2, length + 0.6, 0.0, 1.0, 0.45, metal),
        Part(
            ((length * 0.8, 0.8), (length * 0.8 + 1.2, 0.8), (length * 0.8 + 0.8, 2.5), (length * 0.8 + 0.4, 2.5)),
            0.2,
            metal,
        ),
        Part(((7.2, 1.9), (9.0, 1.9), (8.6, 2.7), (7.6, 2.7)), 0.5, metal),
    ]
    if magazine == "curved":
        parts.append(Part(((3.8, -1), (6.4, -1), (8.4, -6.2), (5.9, -6.8)), 0.6, metal))
    elif magazine == "straight":
        parts.append(Part(((3.8, -1), (6.2, -1), (6.6, -5.6), (4.2, -5.8)), 0.6, metal))
    elif magazine == "tube":
        parts.append(_bar(9, length - 1, -0.8, 0.0, 0.45, _STEEL))
    return parts


def _pistol(metal: Colour, grip: Colour, length: float) -> list[Part]:
    return [
        _bar(-2.4, length, 0.4, 2.3, 0.85, metal),
        _bar(-2.0, length - 0.6, -0.5, 0.4, 0.75, grip),
        Part(((-1.9, -0.5), (1.5, -0.5), (0.3, -5.2), (-2.9, -5.2)), 0.8, grip),
        _bar(-2.2, -1.5, 2.3, 2.8, 0.5, _BLACK),
        _bar(length - 0.8, length - 0.3, 2.3, 2.75, 0.18, _BLACK),
    ]


_RIFLES: dict[str, tuple[Colour, Colour, str]] = {
    "ak47": (_BLACK, _WOOD, "curved"),
    "galilar": (_BLACK, _GREEN, "curved"),
    "famas": (_BLACK, _STEEL, "straight"),
    "aug": (_GREEN, _GREEN, "straight"),
    "sg556": (_STEEL, _BLACK, "curved"),
    "m249": (_BLACK, _GREEN, "straight"),
    "negev": (_BLACK, _TAN, "straight"),
}
_GRENADES: dict[str, Colour] = {
    "smokegrenade": (92, 110, 88),
    "flashbang": (120, 126, 132),
    "hegrenade": (66, 84, 54),
    "decoy": (104, 108, 74),
    "molotov": (146, 104, 42),
    "incgrenade": (122, 60, 48),
}


def model_of(short: str, side: str) -> tuple[list[Part], list[Tube]]:
    """The weapon's parts, and the hands and arms of a player of that side; small things are held farther away."""
    parts, tubes = _model_of(short, side)
    away, rise = (0.0, 0.0) if item(short).place is Place.PRIMARY else (3.0, 1.5)
    return (
        [replace(part, outline=tuple((x + away, y + rise) for x, y in part.outline)) for part in parts],
        [replace(tube, start=_lifted(tube.start, away, rise), end=_lifted(tube.end, away, rise)) for tube in tubes],
    )


def _lifted(point: tuple[float, float, float], away: float, rise: float) -> tuple[float, float, float]:
    return point[0] + away, point[1] + rise, point[2]


def _model_of(short: str, side: str) -> tuple[list[Part], list[Tube]]:
    held = item(short)
    kind = shape_of(held) if held.place in (Place.PRIMARY, Place.PISTOL) else ""
    tubes: list[Tube] = []
    if held.place is Place.PRIMARY:
        parts, reach = _primary(held.short, kind, tubes)
        return parts, [*tubes, *_right_hand(side), *_left_hand(side, reach)]
    if held.place is Place.PISTOL:
        silver = held.short in ("deagle", "revolver", "elite")
        parts = _pistol(_SILVER if silver else _BLACK, _STEEL if not silver else _BLACK, 8.4 if silver else 7.4)
        if held.short == "usp_silencer":
            tubes.append(Tube((7.4, 1.3, 0), (13.5, 1.3, 0), 0.75, 0.75, _BLACK))
        return parts, [*tubes, *_right_hand(side), *_left_hand(side, 0.4, low=-3.2)]
    if held.place is Place.GRENADE:
        colour = _GRENADES.get(held.short, _STEEL)
        tubes.append(Tube((3, -0.4, 1), (3, 2.8, 1), 1.7, 1.6, colour, back=-1))
        tubes.append(Tube((3, 3.6, 1), (3, 4.4, 1), 0.7, 0.6, _STEEL, back=-1))
        return [], [*tubes, *_right_hand(side)]
    if held.place is Place.BOMB:
        parts = [_bar(3, 5, -3.4, 1.8, 3.3, (120, 96, 62)), _bar(2.7, 3.0, -0.9, 1.2, 2.0, (50, 54, 56))]
        parts.append(_bar(2.6, 2.7, 0.3, 0.9, 1.5, (150, 60, 40)))
        return parts, [*_right_hand(side, -3.6), *_left_hand(side, 3.0, low=-2.4, left=3.8)]
    if held.short == "taser":
        return _pistol((186, 172, 56), _BLACK, 5.6), [*_right_hand(side), *_left_hand(side, 0.4, low=-3.2)]
    blade = Part(((0.5, 0.2), (9.5, 0.6), (10.8, 1.6), (9.2, 2.0), (0.5, 1.6)), 0.18, _SILVER, left=1.0)
    handle = Part(((-4, -0.2), (0.6, 0.1), (0.6, 1.7), (-4, 1.5)), 0.5, _BLACK, left=1.0)
    return [blade, handle], [*_right_hand(side), *_left_hand(side, 1.0, low=-4.5, left=11.0)]


def _primary(short: str, kind: str, tubes: list[Tube]) -> tuple[list[Part], float]:
    """Parts of a long gun and where along it the left hand rests."""
    if kind == "sniper":
        stock = {"awp": _GREEN, "ssg08": _BLACK}.get(short, _STEEL)
        tubes += [
            Tube((-1, 3.3, 0), (9, 3.3, 0), 0.75, 0.75, _BLACK),
            Tube((-2.6, 3.3, 0), (-0.4, 3.3, 0), 1.25, 1.1, _BLACK, back=-0.5),
            Tube((8.6, 3.3, 0), (11.5, 3.3, 0), 1.0, 1.4, _BLACK),
        ]
        return _long_gun(_BLACK, stock, 34.0, "straight"), 12.0
    if kind == "smg":
        return _long_gun(_BLACK, _STEEL, 15.0, "straight"), 8.5
    if kind == "shotgun":
        return _long_gun(_STEEL, _BLACK if short != "nova" else _WOOD, 22.0, "tube"), 11.0
    metal, stock, magazine = _RIFLES.get(short, (_BLACK, _BLACK, "straight"))
    if short in ("aug", "sg556"):
        tubes.append(Tube((0, 3.1, 0), (6, 3.1, 0), 0.9, 0.9, _BLACK))
    if short == "m4a1_silencer":
        tubes.append(Tube((25.5, 0.5, 0), (32, 0.5, 0), 0.7, 0.7, _BLACK))
    return _long_gun(metal, stock, 26.0, magazine), 13.0


def _right_hand(side: str, left: float = 0.0) -> list[Tube]:
    glove, sleeve = _GLOVE[side], _SLEEVE[side]
    return [
        Tube((-0.6, -2.4, left - 0.6), (-1.2, -4.4, left - 0.4), 1.75, 1.7, glove),
        Tube((0.8, -1.5, left + 0.9), (0.4, -2.0, left - 0.9), 0.75, 0.7, glove, back=-1),
        Tube((0.4, -2.9, left + 0.9), (0.0, -3.3, left - 0.9), 0.75, 0.7, glove, back=-1),
        Tube((-1.6, -4.4, left - 0.6), (-7.5, -8.5, left - 3.0), 1.8, 2.4, glove, back=0.5),
        Tube((-4.0, -6.4, left - 1.6), (-9.5, -10.5, left - 4.0), 2.4, 3.0, sleeve),
    ]


def _left_hand(side: str, along: float, low: float = -1.6, left: float = 0.7) -> list[Tube]:
    glove, sleeve = _GLOVE[side], _SLEEVE[side]
    return [
        Tube((along - 1.0, low, left), (along + 1.6, low + 0.3, left), 1.6, 1.4, glove, back=-1.5),
        Tube((along - 1.2, low - 0.6, left + 0.4), (along - 6.5, low - 6.0, left + 3.2), 1.5, 2.1, glove, back=0.5),
        Tube((along - 4.0, low - 3.6, left + 1.9), (along - 9.0, low - 9.5, left + 5.0), 2.1, 2.8, sleeve),
    ]
