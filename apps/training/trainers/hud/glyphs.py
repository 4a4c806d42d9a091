"""Which character stands where on a HUD: what the vision side is asked for beside the answer.

Places are those of the game's HUD on a 1920×1080 frame (``captures.hud.groups``); digits stand in cells of one width,
words are as wide as Saira Semi Condensed's, whose metrics match the game's to 1.5 %.
"""

from collections.abc import Iterator
from typing import Any

from apps.captures.hud.groups import GROUPS, Group

SLOTS = 4  # characters that one cell of 32×32 can hold
DIGIT_STEP, COLON_STEP = 0.752, 0.38  # of the digits' height
_WIDTHS = {
    "a": 0.72, "b": 0.75, "c": 0.59, "d": 0.75, "e": 0.71, "f": 0.51, "g": 0.75, "h": 0.76, "i": 0.36, "j": 0.36,
    "k": 0.71, "l": 0.36, "m": 1.12, "n": 0.76, "o": 0.73, "p": 0.75, "q": 0.75, "r": 0.51, "s": 0.63, "t": 0.5,
    "u": 0.76, "v": 0.69, "w": 1.07, "x": 0.71, "y": 0.76, "z": 0.66, "A": 0.86, "B": 0.85, "C": 0.71, "D": 0.86,
    "E": 0.75, "F": 0.7, "G": 0.84, "H": 0.91, "I": 0.39, "J": 0.49, "K": 0.85, "L": 0.67, "M": 1.16, "N": 0.91,
    "O": 0.89, "P": 0.82, "Q": 0.89, "R": 0.85, "S": 0.78, "T": 0.73, "U": 0.88, "V": 0.83, "W": 1.26, "X": 0.86,
    "Y": 0.78, "Z": 0.76, "0": 0.83, "1": 0.5, "2": 0.77, "3": 0.76, "4": 0.81, "5": 0.78, "6": 0.83, "7": 0.72,
    "8": 0.85, "9": 0.83, " ": 0.31, "|": 0.38, "-": 0.49, "&": 0.93, "'": 0.33, "!": 0.39, ".": 0.36, "$": 0.8,
    ":": 0.36,
}  # fmt: skip
# Helmet and shield stand for themselves; "?" is any other character.
ALPHABET = ["", *sorted(_WIDTHS), "?", "helmet", "shield"]
INDEX = {letter: number for number, letter in enumerate(ALPHABET)}
_GROUP = {group.name: group for group in GROUPS}
_ROWS = {"primary": 828.5, "pistol": 905.3, "knife": 981.0, "pocket": 1059.5}
_PISTOLS = (
    "Glock-18", "P2000", "USP-S", "P250", "Dual Berettas", "Five-SeveN", "Tec-9", "CZ75-Auto", "Desert Eagle",
    "R8 Revolver",
)  # fmt: skip
_THROWN = (
    "High Explosive Grenade", "HE Grenade", "Flashbang", "Smoke Grenade", "Decoy Grenade", "Molotov",
    "Incendiary Grenade", "C4 Explosive", "C4",
)  # fmt: skip

Glyph = tuple[str, str, float, float]  # group, character, x and y of its middle in HUD pixels


def glyphs(values: dict[str, Any]) -> Iterator[Glyph]:
    """The characters of one frame's values; what is null is not there."""
    yield from _digits("clock", values["clock"], 960, 20, 18.5, "m")
    yield from _digits("scores", values["score_left"], 939, 55, 18.2, "m")
    yield from _digits("scores", values["score_right"], 981, 55, 18.2, "m")
    yield from _digits("alive", values["alive_left"], 942, 83, 10.5, "m")
    yield from _digits("alive", values["alive_right"], 983.5, 83, 10.5, "m")
    if values["money"] is not None:
        yield from _digits("money", f"${values['money']}", 130, 1037, 25.5, "r")
    if values["armor"]:
        for group in ("vitals", "shield"):
            yield from _digits(group, values["armor"], 582.5, 1030.5, 12.2, "m")
        yield "vitals", "shield", 583.0, 1045.0
        if values["helmet"]:
            yield "vitals", "helmet", 583.0, 1011.5
    yield from _digits("vitals", values["health"], 622.8, 1028, 28, "l")
    yield from _digits("ammunition", values["clip"], 1262.3, 1029.7, 32, "r")
    yield from _digits("ammunition", values["reserve"], 1292, 1027, 15.8, "l")
    if values["place"]:
        width = sum(map(_width, values["place"])) * 13.7
        yield from _words("place", values["place"], 150 - width / 2, 312, 13.7)
    if values["weapon"]:
        yield from _weapon(str(values["weapon"]))


def _weapon(words: str) -> Iterator[Glyph]:
    base = words.split(" | ")[0]
    row = (
        "knife" if base == "Knife" or base.startswith("Zeus") else "pistol" if base in _PISTOLS else
        "pocket" if base in _THROWN else "primary"
    )  # fmt: skip
    right = 1732.0 if base.startswith("C4") else 1890.5
    yield from _words(row, words, right - sum(map(_width, words)) * 10.3, _ROWS[row], 10.3)


def _digits(group: str, value: Any, x: float, y: float, cap: float, anchor: str) -> Iterator[Glyph]:
    if value is None:
        return
    letters = str(value)
    steps = [cap * (COLON_STEP if letter == ":" else DIGIT_STEP) for letter in letters]
    at = x - {"l": 0.0, "m": 0.5, "r": 1.0}[anchor] * sum(steps)
    for letter, step in zip(letters, steps, strict=True):
        yield group, letter, at + step / 2, y
        at += step


def _words(group: str, words: str, left: float, y: float, cap: float) -> Iterator[Glyph]:
    for letter in words:
        step = _width(letter) * cap
        if letter != " ":
            yield group, letter, left + step / 2, y
        left += step


def _width(letter: str) -> float:
    return _WIDTHS.get(letter, 0.75)


def in_tile(group: Group, x: float, y: float, shift: tuple[float, float]) -> tuple[float, float]:
    """HUD pixels → pixels of the tile, for a group that was cut ``shift`` pixels of the tile too far right and down."""
    left, top, right, bottom = group.box
    across, down = group.size[0] / (right - left), group.size[1] / (bottom - top)
    return group.at[0] + (x - left) * across - shift[0], group.at[1] + (y - top) * down - shift[1]


def cells(
    values: dict[str, Any], shifts: dict[str, tuple[float, float]], groups: set[str]
) -> dict[tuple[int, int], list[int]]:
    """(row, column) of each 32×32 cell → the characters in it from left to right, as numbers of ``ALPHABET``."""
    found: dict[tuple[int, int], list[tuple[float, int]]] = {}
    for name, letter, x, y in glyphs(values):
        if name not in groups:
            continue
        group = _GROUP[name]
        across, down = in_tile(group, x, y, shifts.get(name, (0.0, 0.0)))
        left, top = group.at
        if left <= across < left + group.size[0] and top <= down < top + group.size[1]:
            place = int(down // 32), int(across // 32)
            found.setdefault(place, []).append((across, INDEX.get(letter, INDEX["?"])))
    return {place: [number for _, number in sorted(letters)][:SLOTS] for place, letters in found.items()}
