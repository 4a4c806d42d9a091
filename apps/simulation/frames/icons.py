"""The HUD's small pictures, drawn large from outlines and shrunk so that their edges are smooth."""

from functools import lru_cache

from PIL import Image, ImageDraw, ImageOps

from apps.simulation.frames.icon_shapes import GUNS, STARS, THINGS
from apps.simulation.items import Item, Place

_FINE = 4  # drawn this many times larger than shown
_SNIPERS = {"awp", "ssg08", "scar20", "g3sg1"}
_SMGS = {"mac10", "mp9", "mp7", "mp5sd", "ump45", "p90", "bizon"}
_SHOTGUNS = {"nova", "xm1014", "mag7", "sawedoff"}
_OUTLINES = {
    **GUNS,
    **THINGS,
    "rifle": GUNS["ak47"],
    "sniper": GUNS["awp"],
    "smg": GUNS["mp9"],
    "shotgun": GUNS["nova"],
    "pistol": GUNS["p250"],
    "star_T": STARS["T"],
    "star_CT": STARS["CT"],
}
_SINGLE_BULLET = {"awp", "ssg08"}


def shape_of(item: Item) -> str:
    """Which kind of thing the item is: what the hands hold."""
    if item.place is Place.PRIMARY:
        kinds = ((_SNIPERS, "sniper"), (_SMGS, "smg"), (_SHOTGUNS, "shotgun"))
        return next((shape for names, shape in kinds if item.short in names), "rifle")
    if item.place is Place.GRENADE:
        return item.short
    if item.place is Place.MELEE:
        return "taser" if item.short == "taser" else "knife"
    return "bomb" if item.place is Place.BOMB else "pistol"


def silhouette_of(item: Item, side: str = "T") -> str:
    """The item's own outline; one that has none gets that of its kind. The sides' knives differ."""
    if item.place is Place.MELEE and item.short != "taser":
        return "knife_ct" if side == "CT" else "knife"
    return item.short if item.short in _OUTLINES else shape_of(item)


def bullets_of(item: Item) -> str:
    """Which bullets stand beside the ammunition: one for pistols and single shots, a stack for the rest."""
    return "bullet" if item.place is Place.PISTOL or item.short in _SINGLE_BULLET else "bullets"


def size_of(shape: str) -> tuple[float, float]:
    """Width and height of the outline, in HUD pixels."""
    points = [point for _, path in _paths(shape) for point in path]
    return max(x for x, _ in points), max(y for _, y in points)


@lru_cache(maxsize=1024)
def icon(shape: str, scale: float, outline: bool = False, mirrored: bool = False) -> Image.Image:
    """The silhouette as a mask (mode L) for a HUD scaled by ``scale``; ``outline`` draws only its edge."""
    width, height = size_of(shape)
    fine = scale * _FINE
    canvas = Image.new("L", (max(1, round((width + 2) * fine)), max(1, round((height + 2) * fine))))
    draw = ImageDraw.Draw(canvas)
    for cut, points in _paths(shape):
        path = [((x + 1) * fine, (y + 1) * fine) for x, y in points]
        if outline:
            draw.line(path, fill=255, width=max(1, round(1.9 * fine)), joint="curve")
        else:
            draw.polygon(path, fill=0 if cut else 255)
    size = (max(1, round((width + 2) * scale)), max(1, round((height + 2) * scale)))
    mask = canvas.resize(size, Image.Resampling.BOX)
    return ImageOps.mirror(mask) if mirrored else mask


@lru_cache(maxsize=128)
def _paths(shape: str) -> list[tuple[bool, list[tuple[float, float]]]]:
    found = []
    for path in _OUTLINES[shape].split(";"):
        pairs = [pair.split(",") for pair in path.strip().removeprefix("-").split()]
        found.append((path.strip().startswith("-"), [(float(x), float(y)) for x, y in pairs]))
    return found
