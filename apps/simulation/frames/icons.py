"""The HUD's small pictures, drawn large from polygons and shrunk so that their edges are smooth."""

from functools import lru_cache

from PIL import Image, ImageDraw

from apps.simulation.items import Item, Place

_FINE = 4  # drawn this many times larger than shown
# Outlines as SVG writes them, in HUD pixels, x to the right and y down; guns point left, as in the game's list.
_ROUND = "9,9 9,2 18,0 30,6 29,9 19,7 19,10 25,16 26,26 20,34 8,34 2,26 3,16"
_CAN = "5,8 8,0 24,2 25,5 16,5 20,8 20,38 5,38"
_OUTLINES: dict[str, str] = {
    "hegrenade": _ROUND,
    "decoy": _ROUND,
    "smokegrenade": _CAN,
    "flashbang": _CAN,
    "incgrenade": _CAN,
    "rifle": (
        "0,10 34,10 36,6 44,6 46,9 78,9 82,6 108,7 112,11 134,11 134,26 120,26 106,18 98,18 100,28 92,28 88,18 80,18 "
        "76,34 64,34 68,18 44,17 0,14"
    ),
    "sniper": (
        "0,13 60,13 62,9 70,9 70,3 62,3 62,0 112,0 112,3 104,3 104,8 122,10 156,12 156,30 142,28 124,19 116,19 114,30 "
        "106,30 104,18 84,18 82,26 70,26 70,18 40,16 0,15"
    ),
    "smg": "0,9 22,9 24,5 74,5 78,8 110,8 110,20 80,16 78,30 68,30 68,17 52,17 48,38 38,38 40,17 22,16 0,13",
    "shotgun": "0,8 92,6 100,9 140,14 140,26 108,19 100,28 92,27 94,17 74,15 72,20 28,20 26,13 0,12",
    "pistol": "0,4 4,2 46,2 50,5 50,12 46,14 50,36 36,36 32,20 24,21 20,15 2,14",
    "knife": "0,8 14,3 58,3 58,1 62,1 62,4 86,4 88,13 62,13 62,15 58,12",
    "taser": "0,8 12,2 46,4 52,10 46,14 50,34 38,34 32,18 8,18 0,14",
    "molotov": "9,10 9,0 16,0 16,10 21,16 21,38 4,38 4,16",
    "bomb": "2,4 8,4 8,0 13,0 13,4 28,4 28,40 2,40",
    "kit": "0,6 4,3 22,16 36,11 39,14 26,20 16,38 12,38 17,21",
    "bullet": "0,0 4,1 8,4 24,20 19,25 3,9 1,5",
    "shield": "0,5 17,0 34,5 34,26 28,35 17,42 6,35 0,26",
    "helmet": "0,13 0,8 4,2 10,0 16,2 20,8 20,13",
    "person": "0,17 0,13 3,10 11,10 14,13 14,17",
}
# What tells the cans and the round grenades apart, as on the real ones: bands across, at these heights.
_BANDS = {"smokegrenade": (16,), "flashbang": (12, 18, 24, 30), "incgrenade": (14, 31), "decoy": (17, 24)}
_SNIPERS = {"awp", "ssg08", "scar20", "g3sg1"}
_SMGS = {"mac10", "mp9", "mp7", "mp5sd", "ump45", "p90", "bizon"}
_SHOTGUNS = {"nova", "xm1014", "mag7", "sawedoff"}


def shape_of(item: Item) -> str:
    """Which silhouette stands for the item; its written name says which one exactly."""
    if item.place is Place.PRIMARY:
        kinds = ((_SNIPERS, "sniper"), (_SMGS, "smg"), (_SHOTGUNS, "shotgun"))
        return next((shape for names, shape in kinds if item.short in names), "rifle")
    if item.place is Place.GRENADE:
        return item.short
    if item.place is Place.MELEE:
        return "taser" if item.short == "taser" else "knife"
    return "bomb" if item.place is Place.BOMB else "pistol"


@lru_cache(maxsize=128)
def icon(shape: str, scale: float, outline: bool = False) -> Image.Image:
    """The silhouette as a mask (mode L) for a frame whose HUD is scaled by ``scale``."""
    points = [tuple(map(float, pair.split(","))) for pair in _OUTLINES[shape].split()]
    width, height = max(x for x, _ in points) + 4, max(y for _, y in points) + 4
    fine = scale * _FINE
    canvas = Image.new("L", (round(width * fine), round(height * fine)))
    draw = ImageDraw.Draw(canvas)
    path = [((x + 2) * fine, (y + 2) * fine) for x, y in points]
    if outline:
        draw.line([*path, path[0], path[1]], fill=255, width=round(2.4 * fine), joint="curve")
    else:
        draw.polygon(path, fill=255)
        _cut_details(draw, shape, fine)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return canvas.resize(size, Image.Resampling.LANCZOS)


def _cut_details(draw: ImageDraw.ImageDraw, shape: str, fine: float) -> None:
    def cut(x0: float, y0: float, x1: float, y1: float) -> None:
        draw.rectangle([(x0 + 2) * fine, (y0 + 2) * fine, (x1 + 2) * fine, (y1 + 2) * fine], fill=0)

    if shape == "bomb":
        cut(6, 9, 24, 16)
        for row in range(3):
            for column in range(3):
                cut(7 + column * 6, 21 + row * 6, 10 + column * 6, 24 + row * 6)
    elif shape == "person":
        draw.ellipse([5 * fine, 2 * fine, 13 * fine, 10 * fine], fill=255)
    elif shape in _BANDS:
        for y in _BANDS[shape]:
            cut(0, y, 40, y + 2)
    elif shape == "pistol":
        cut(0, 9, 44, 10)
    elif shape == "bullet":
        draw.line([(5 * fine, 12 * fine), (12 * fine, 5 * fine)], fill=0, width=round(1.5 * fine))
