"""``de_stacks``: a warehouse of two floors, site A above site B.

Ts start in the south, CTs in the north. To A up the lobby's stairs or over the roof; to B through the hallway
below or from the west side. Stairs inside the warehouse join the sites.
"""

from apps.simulation.layouts.floor_plan import Crate, Floor, Plan, Stairs
from apps.simulation.layouts.layout import Surface

UP = 208.0  # the upper floor

STACKS = Plan(
    name="de_stacks",
    size=(4096, 4096),
    floors=(
        Floor("TSpawn", (1728, 128, 2368, 512)),
        Floor("TYard", (1408, 512, 2688, 1024)),
        Floor("Garage", (640, 640, 1408, 896), surface=Surface.CONCRETE),
        Floor("Outside", (640, 896, 960, 3648)),
        Floor("SideDoor", (960, 2432, 1536, 2624), surface=Surface.CONCRETE),
        Floor("Trophy", (1088, 896, 1280, 1536), surface=Surface.CONCRETE),
        Floor("Squeaky", (1280, 1344, 1856, 1536), surface=Surface.CONCRETE),
        Floor("Lobby", (1856, 1216, 2304, 1664), surface=Surface.CONCRETE),
        Floor("Hallway", (2080, 1664, 2304, 2304), surface=Surface.CONCRETE),
        Floor("BombsiteB", (1536, 2304, 2432, 3200), surface=Surface.CONCRETE),
        Floor("BombsiteB", (2432, 2304, 2560, 2496), surface=Surface.CONCRETE),
        Floor("Ramp", (1600, 3200, 1792, 3648), surface=Surface.CONCRETE),
        Floor("CTSpawn", (1600, 3648, 2432, 3968)),
        Floor("CTYard", (640, 3648, 1600, 3904)),
        Floor("CTHall", (2432, 3648, 2880, 3904), surface=Surface.CONCRETE),
        Floor("Roof", (3264, 640, 3584, 2560), UP, 1),
        Floor("Bridge", (2624, 2304, 3264, 2496), UP, 1),
        Floor("BombsiteA", (1472, 2240, 2432, 3264), UP, 1),
        Floor("BombsiteA", (2432, 2240, 2624, 2496), UP, 1),
        Floor("BombsiteA", (2432, 3072, 2624, 3264), UP, 1),
        Floor("BombsiteA", (2560, 2496, 2624, 3072), UP, 1),
        Floor("Balcony", (2624, 2816, 2880, 3072), UP, 1),
    ),
    stairs=(
        Stairs("LobbyStairs", (1856, 1664, 2016, 2240), 0, UP, "N"),
        Stairs("RoofStairs", (2688, 704, 3264, 896), 0, UP, "E"),
        Stairs("CTStairs", (2688, 3072, 2880, 3648), UP, 0, "N"),
        Stairs("InnerStairs", (2432, 2496, 2560, 3072), 0, UP, "N"),
    ),
    crates=(
        Crate((1664, 2624, 1792, 2752), UP, 96),
        Crate((2176, 2880, 2304, 3008), UP, 64),
        Crate((1600, 3008, 1728, 3136), UP, 128, Surface.METAL),
        Crate((2112, 2432, 2240, 2560), UP, 64),
        Crate((3264, 1536, 3392, 1664), UP, 64),
        Crate((1728, 2560, 1792, 2624), 0, 184, Surface.CONCRETE),
        Crate((2176, 2560, 2240, 2624), 0, 184, Surface.CONCRETE),
        Crate((1728, 2944, 1792, 3008), 0, 184, Surface.CONCRETE),
        Crate((1920, 2752, 2048, 2880), 0, 64),
        Crate((2176, 2944, 2304, 3072), 0, 96),
        Crate((704, 1536, 832, 1664), 0, 96),
        Crate((832, 2816, 960, 2944), 0, 64),
        Crate((1600, 704, 1728, 832), 0, 64),
        Crate((2368, 832, 2496, 960), 0, 96),
    ),
    spawn_t="TSpawn",
    spawn_ct="CTSpawn",
    walls=Surface.BRICK,
    levels=(UP - 48.0,),
    sky=(170, 180, 190),
)
