"""Where everything on the HUD stands: measured on 392 real 1920×1080 frames of the game (two matches on de_dust2).

All numbers are pixels of such a frame. On another size each is a share of the frame's height (value ÷ 1080, as the
game's HUD grows with the height) counted from the edge or corner it keeps to, which is its group's ``Anchor``.
Measured by eye on crops enlarged 3 to 6 times with rulers drawn in, on at least four frames each; ±0.5 px where
edges are sharp. ``cap`` is the height of capitals and digits. Places and sizes of the digits were then refined by
moving our own drawing of the true value over 120 real frames, by 0.5 px, to where the two correlate best.
"""

from enum import Enum

WIDTH, HEIGHT = 1920, 1080
Box = tuple[float, float, float, float]  # left, top, right, bottom


class Anchor(Enum):
    """The edge or corner a group keeps to: shares of the way across and down."""

    TOP_LEFT = (0.0, 0.0)
    TOP = (0.5, 0.0)
    TOP_RIGHT = (1.0, 0.0)
    MIDDLE = (0.5, 0.5)
    BOTTOM_LEFT = (0.0, 1.0)
    BOTTOM = (0.5, 1.0)
    BOTTOM_RIGHT = (1.0, 1.0)


# ── top, in the middle: clock, scores, who is alive, avatars ─────────────────────────────────────────────────────────
CLOCK_BOX: Box = (919, 4, 1001, 37)  # the dark box; its digits are 11 … 29 high, "2:15" is 47 wide
CLOCK_CAP = 18.5
CLOCK_AT = (960, 20)
SCORE_BOX: Box = (919, 37, 1001, 100)  # fades out downwards; a bright line above and between the sides
SCORE_CAP = 18.2
SCORE_AT = {"CT": (939, 55), "T": (981, 55)}
ALIVE_CAP = 10.5
ALIVE_PERSON = {"CT": (933, 83), "T": (976, 83)}
ALIVE_AT = {"CT": (942, 83), "T": (983.5, 83)}
AVATAR = 53.5  # one square with its 2 px edge, from y = 4.5
AVATAR_TOP = 4.5
AVATAR_STEP = 57.8
AVATAR_LEFT = {"CT": 631.0, "T": 1004.2}  # of the first of five; the player's own is always the first of his side
MATE_BAR = (60.0, 64.0)  # top and bottom of the health bar under a mate's avatar
SKULLS_AT = 73.0  # one small skull for each kill of this round, 10 px apart
SKULL_STEP = 10.0
C4_ON_AVATAR = (43.0, 41.0)  # middle of the carrier's yellow C4, from the avatar's corner
COUNT_BOX = {"CT": (863.0, 4.0, 915.0, 58.0), "T": (1005.0, 4.0, 1057.0, 58.0)}  # with counts instead of avatars

# ── top left: radar and place ────────────────────────────────────────────────────────────────────────────────────────
RADAR_CENTRE = (150.0, 149.5)
RADAR_RADIUS = 124.4  # of the ring, 2 px wide; at its default size
RADAR_NOISE = 101.5  # a thin second ring: on seven of eight T frames looked at, on none of four CT frames
RADAR_SQUARE: Box = (5, 5, 295, 295)  # the whole map instead, for the dead
PLACE_AT = (150.0, 312.0)  # "Outside Long" is 112 wide, its capitals 13.7 high
PLACE_CAP = 13.7

# ── top right: kill feed ─────────────────────────────────────────────────────────────────────────────────────────────
FEED_RIGHT = 1909.5
FEED_TOP = 75.3
FEED_HEIGHT = 30.7
FEED_STEP = 34.2
FEED_PAD = (11.0, 14.5)  # left and right of the line's content
FEED_CAP = 9.8  # "BOT Hastings" is 85 wide, which is a little more than the font's own spacing
FEED_ICON = 0.58  # of the weapon's size in the list
FEED_GAP = 9.0

# ── bottom left: money ───────────────────────────────────────────────────────────────────────────────────────────────
MONEY_AT = (130.0, 1037.0)  # right edge: "$10000" begins farther left than "$2950"
MONEY_CAP = 25.5  # "$2950" is 92 wide
CART_BOX: Box = (143.5, 1023, 171.5, 1051)

# ── bottom, in the middle: armour, health, emblem, ammunition ────────────────────────────────────────────────────────
SHIELD_AT = (583.0, 1032.5)  # outline 566 … 600 × 1014 … 1051
HELMET_AT = (583.0, 1011.5)
ARMOR_AT = (582.5, 1030.5)
ARMOR_CAP = 12.2
HEALTH_AT = (622.8, 1028.0)
HEALTH_CAP = 28.0
HEALTH_BAR: Box = (620.9, 1048, 683.8, 1054)
LINE_Y = 1028.3
LINES = ((705.0, 928.0), (991.5, 1212.0))  # they fade out away from the emblem
EMBLEM_AT = (959.7, 1027.6)
EMBLEM_RADIUS = 31.0
CLIP_AT = (1262.3, 1029.7)  # right edge
CLIP_CAP = 32.0
DIVIDER: Box = (1281, 1016, 1283, 1042)
RESERVE_AT = (1292.0, 1027.0)
RESERVE_CAP = 15.8
BULLETS_AT = (1345.0, 1028.5)

# ── the watched player's bar, in place of the emblem ─────────────────────────────────────────────────────────────────
SPECTATED: Box = (731, 992, 1189, 1062)
SPECTATED_NAME = (744.0, 1016.0)
SPECTATED_AVATAR = (959.5, 1027.0)
SPECTATED_WEAPON = (1176.0, 1010.0)  # right edge
SPECTATED_HINTS = (959.5, 1071.5)

# ── bottom right: what the player carries ────────────────────────────────────────────────────────────────────────────
LIST_RIGHT = 1888.5
LIST_ROWS = (797.5, 874.3, 950.0)  # middles of primary, pistol, knife
LIST_KEY = (1904.5, -23.5)  # the key's number: x, and y from the row's middle
LIST_NAME = (1890.5, 31.0)  # right edge of the active one's name, and y from the row's middle
LIST_NAME_CAP = 10.3  # "High Explosive Grenade" is 145.5 wide
LIST_IDLE = 0.755  # an idle icon is that share of the active one's size
POCKETS = (1877.6, 1825.8, 1773.9, 1722.0)  # middles of the grenade places, from the right
POCKET_Y = 1027.8
POCKET_DOT = 4.3  # radius of an empty place
POCKET_NAME_Y = 1059.5
C4_AT = (1706.5, 1029.0)
C4_NAME_RIGHT = 1732.0
KIT_AT = (1714.0, 1027.0)

# ── the middle: banners, menu ────────────────────────────────────────────────────────────────────────────────────────
BANNER: Box = (633, 190, 1286, 269)
BANNER_AT = (963.0, 230.0)
BANNER_CAP = 21.0
BANNER_REASON_AT = (960.0, 257.0)
MENU: Box = (251, 227, 1203, 853)
MENU_HEADER_Y = 246.5
MENU_MONEY_X = 269.0
MENU_TITLE_Y = 286.0
MENU_COLUMNS = (
    # title, left and right of the column's tiles
    ("Equipment", 266.0, 408.0),
    ("Pistols", 439.0, 579.0),
    ("Mid-Tier", 609.0, 789.0),
    ("Rifles", 819.0, 1017.0),
    ("Grenades", 1047.0, 1187.0),
)
MENU_TILE_TOP, MENU_TILE_HEIGHT, MENU_TILE_STEP = 316.5, 89.5, 100.2
MENU_HINTS_Y = 1051.0
WARMUP_AT = (960.0, 128.0)  # under the top bar; not in the real frames
