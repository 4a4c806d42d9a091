"""What a reader of the HUD looks at: groups of the game's HUD, and the tile into which they are packed.

All boxes are pixels of a 1920×1080 frame at the game's default HUD size; on another screen each keeps to an edge or
corner of the picture, its anchor, and grows with the HUD's own size (see ``placing.Placement``).
"""

from dataclasses import dataclass
from typing import Literal

Anchor = Literal["top_left", "top", "middle", "bottom_left", "bottom", "bottom_right"]
Box = tuple[float, float, float, float]  # left, top, right, bottom

TILE = (448, 224)  # 14 × 7 cells of 32 pixels, one image token each
OVERVIEW = (256, 32, 96, 64)  # the whole picture, small: left, top, width, height in the tile
MARGIN = 8  # pixels of the tile that are kept around each group for training


@dataclass(frozen=True)
class Group:
    """A part of the HUD that is read as one, and where it stands in the tile at which size (most at the HUD's own).

    ``shaded``: its words stand straight on the view, near its top, where the sun is (see ``placing.shaded``).
    """

    name: str
    anchor: Anchor
    box: Box
    at: tuple[int, int]
    size: tuple[int, int]
    shaded: bool = False


GROUPS = (
    Group("clock", "top", (912, 4, 1008, 36), (0, 0), (96, 32)),
    Group("scores", "top", (912, 39, 1008, 71), (96, 0), (96, 32)),
    Group("alive", "top", (920, 75, 1000, 91), (192, 0), (160, 32)),
    Group("money", "bottom_left", (16, 1019, 144, 1055), (0, 32), (128, 32)),
    Group("vitals", "bottom", (560, 1000, 688, 1064), (128, 32), (128, 64)),
    Group("shield", "bottom", (547, 1021.5, 619, 1039.5), (0, 64), (128, 32)),  # its figures are small in the vitals
    Group("ammunition", "bottom", (1208, 1000, 1368, 1064), (0, 96), (160, 64)),
    Group("place", "top_left", (70, 296, 230, 328), (0, 160), (160, 32), shaded=True),
    Group("primary", "bottom_right", (1672, 812, 1896, 844), (160, 96), (192, 32)),  # names of what is in hand
    Group("pistol", "bottom_right", (1672, 889, 1896, 921), (160, 128), (192, 32)),
    Group("knife", "bottom_right", (1672, 965, 1896, 997), (160, 160), (192, 32)),
    Group("pocket", "bottom_right", (1640, 1043, 1896, 1075), (160, 192), (192, 32)),
    Group("icons", "bottom_right", (1680, 774, 1908, 1054), (352, 0), (96, 160)),
    Group("banner", "middle", (632, 188, 1288, 270), (0, 192), (160, 32)),
    Group("watched", "bottom", (704, 984, 1216, 1080), (352, 160), (96, 64)),
)


@dataclass(frozen=True)
class Mark:
    """A point of the HUD that the finder looks for; ``needs`` names what must be shown for it to be there."""

    name: str
    anchor: Anchor
    at: tuple[float, float]
    needs: str = ""


MARKS = (
    Mark("clock", "top", (960, 20)),
    Mark("scores", "top", (960, 55)),
    Mark("money", "bottom_left", (130, 1037), "money"),
    Mark("place", "top_left", (150, 312), "place"),
    Mark("shield", "bottom", (583, 1030), "health"),
    Mark("health", "bottom", (621, 1051), "health"),
    Mark("divider", "bottom", (1282, 1029), "clip"),
    Mark("primary", "bottom_right", (1888.5, 797.5), "primary"),
    Mark("knife", "bottom_right", (1888.5, 950.0), "list"),
    Mark("pocket", "bottom_right", (1877.6, 1027.8), "list"),
)
