"""``de_quay``: one storey at a harbour, with a raised catwalk. A in the north-west, B in the north-east.

Ts start in the south, CTs in the north. To A by Long or over the catwalk; to B through the tunnels or by mid.
"""

from apps.simulation.layouts.floor_plan import Crate, Floor, Plan, Stairs
from apps.simulation.layouts.layout import Surface

HIGH = 64.0  # catwalk and site A

QUAY = Plan(
    name="de_quay",
    size=(4096, 4096),
    floors=(
        Floor("TSpawn", (1664, 128, 2432, 640)),
        Floor("OutsideLong", (256, 256, 1664, 512)),
        Floor("LongDoors", (320, 512, 512, 960)),
        Floor("LongA", (256, 960, 768, 2688)),
        Floor("BombsiteA", (256, 2944, 1152, 3776), HIGH, surface=Surface.CONCRETE),
        Floor("TopofMid", (1920, 640, 2176, 1152)),
        Floor("Middle", (1792, 1152, 2304, 2432)),
        Floor("MidDoors", (1984, 2432, 2112, 2880)),
        Floor("CTMid", (1792, 2880, 2304, 3200)),
        Floor("CTSpawn", (1536, 3200, 2560, 3776)),
        Floor("Catwalk", (896, 1792, 1536, 2112), HIGH, surface=Surface.CONCRETE),
        Floor("ShortA", (896, 2112, 1152, 2944), HIGH, surface=Surface.CONCRETE),
        Floor("OutsideTunnel", (2432, 256, 3392, 512)),
        Floor("UpperTunnel", (3136, 512, 3392, 1536)),
        Floor("LowerTunnel", (2304, 1344, 3136, 1536)),
        Floor("TunnelBend", (3392, 1344, 3840, 1536)),
        Floor("BTunnel", (3648, 1536, 3840, 2304)),
        Floor("Connector", (2304, 2240, 2880, 2432)),
        Floor("BombsiteB", (2880, 2304, 3840, 3136), surface=Surface.CONCRETE),
        Floor("BackAlley", (3264, 3136, 3456, 3328)),
        Floor("CTTunnel", (2560, 3328, 3456, 3584)),
    ),
    stairs=(
        Stairs("ARamp", (384, 2688, 704, 2944), 0, HIGH, "N"),
        Stairs("Stairs", (1536, 1856, 1792, 2048), HIGH, 0, "E"),
        Stairs("CTRamp", (1152, 3264, 1536, 3520), HIGH, 0, "E"),
    ),
    crates=(
        Crate((512, 3200, 640, 3328), HIGH, 64),
        Crate((832, 3456, 960, 3584), HIGH, 96),
        Crate((320, 3520, 448, 3648), HIGH, 128, Surface.METAL),
        Crate((256, 1792, 384, 1984), 0, 96),
        Crate((640, 2304, 768, 2432), 0, 64),
        Crate((1792, 1536, 1920, 1664), 0, 64),
        Crate((2176, 2048, 2304, 2176), 0, 64),
        Crate((3136, 2560, 3264, 2688), 0, 96),
        Crate((3456, 2816, 3584, 2944), 0, 64),
        Crate((3008, 2880, 3136, 3008), 0, 128, Surface.METAL),
        Crate((3648, 2496, 3776, 2560), 0, 64),
        Crate((3136, 960, 3200, 1088), 0, 64),
        Crate((1920, 3584, 2176, 3648), 0, 64),
        Crate((960, 320, 1088, 384), 0, 96),
    ),
    spawn_t="TSpawn",
    spawn_ct="CTSpawn",
    sky=(158, 188, 212),
)
