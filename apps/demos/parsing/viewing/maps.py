"""Where a radar image lies in the world: the game's own overview numbers, and the way between units and pixels."""

from dataclasses import dataclass

SIZE = 1024  # pixels on a side that the numbers below are for; an image of another size covers the same ground
LOWER = "_lower"  # ends the name of the image of a map's lower level
PNG_HEAD = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"  # the signature, then the chunk that must come first


@dataclass(frozen=True)
class Calibration:
    """The overview of one map: its upper left corner in game units, and game units per pixel."""

    pos_x: float
    pos_y: float
    scale: float
    lower_z: float | None = None  # below this height (game units) one is on the lower level; None: there is none

    def to_pixel(self, x: float, y: float) -> tuple[float, float]:
        """Game units to pixels of an image of ``SIZE``: x to the right, y downwards (``x``/``y`` grow east/north)."""
        return (x - self.pos_x) / self.scale, (self.pos_y - y) / self.scale

    def to_world(self, pixel_x: float, pixel_y: float) -> tuple[float, float]:
        """The inverse of :meth:`to_pixel`."""
        return self.pos_x + pixel_x * self.scale, self.pos_y - pixel_y * self.scale

    def is_lower(self, z: float) -> bool:
        """Whether somebody whose feet are at height ``z`` is on the lower level."""
        return self.lower_z is not None and z < self.lower_z


def image_owner(name: str) -> str | None:
    """The map that an image called ``name`` (without ending) shows, or None where no known map has such an image."""
    if name in CALIBRATIONS:
        return name
    above = name.removesuffix(LOWER)
    known = CALIBRATIONS.get(above)
    return above if known is not None and known.lower_z is not None else None


def is_png(head: bytes) -> bool:
    """Whether a file that begins with ``head`` (16 bytes or more) is a PNG."""
    return head.startswith(PNG_HEAD)


# Facts of the game's own overview files, as awpy and CS Demo Manager publish them; de_quay and de_stacks are the
# simulation's maps.
CALIBRATIONS = {
    "ar_baggage": Calibration(-1316, 1288, 2.539062, -5),
    "ar_shoots": Calibration(-1368, 1952, 2.6875),
    "cs_agency": Calibration(-2597, 2079, 4.1817436),
    "cs_alpine": Calibration(-2107, 4687, 6.5296063),
    "cs_assault": Calibration(4041, 7838, 4.6),
    "cs_italy": Calibration(-2647, 2592, 4.6),
    "cs_militia": Calibration(-1474, 2296, 4.5),
    "cs_office": Calibration(-1838, 1858, 4.1),
    "cs_shelter": Calibration(-3448, 3805, 3.311857),
    "de_ancient": Calibration(-2953, 2164, 5.0),
    "de_anubis": Calibration(-2796, 3328, 5.22),
    "de_assembly": Calibration(1628, 4512, 2.84),
    "de_aztec": Calibration(-3200, 2841, 6.0),
    "de_basalt": Calibration(-2345, 2391, 4.37),
    "de_boulder": Calibration(-3273, 2930, 2.8491137),
    "de_brewery": Calibration(-4122, 4394, 2.1820312),
    "de_cache": Calibration(-2000, 3250, 5.5),
    "de_canals": Calibration(-2496, 1792, 4.0),
    "de_cbble": Calibration(-3840, 3072, 6.0),
    "de_debris": Calibration(-3015, 2919, 1.9445695),
    "de_dogtown": Calibration(-1741, 3295, 2.0323243),
    "de_dust": Calibration(-2850, 4073, 6.0),
    "de_dust2": Calibration(-2476, 3239, 4.4),
    "de_edin": Calibration(-383, 4420, 4.803717),
    "de_eldorado": Calibration(-3548, 2571, 2.0656068),
    "de_fachwerk": Calibration(-2311, 2874, 2.5537856),
    "de_golden": Calibration(-856, 2399, 4.506695),
    "de_grail": Calibration(-4395, 4203, 2.1756864),
    "de_inferno": Calibration(-2087, 3870, 4.9),
    "de_jura": Calibration(-2126, 2389, 2.504188),
    "de_memento": Calibration(-2111, 2534, 3.9720395),
    "de_mills": Calibration(-4810, -320, 5.148437),
    "de_mirage": Calibration(-3230, 1713, 5.0),
    "de_nuke": Calibration(-3453, 2887, 7.0, -495),
    "de_overpass": Calibration(-4831, 1781, 5.2),
    "de_palacio": Calibration(-2443, 1896, 3.8676212),
    "de_palais": Calibration(-1353, 2044, 2.8003397),
    "de_poseidon": Calibration(-1046, 1166, 3.0124886),
    "de_quay": Calibration(0, 4096, 4.0),
    "de_rooftop": Calibration(-1847, 2301, 1.914732),
    "de_sanctum": Calibration(-1846, 674, 3.658203),
    "de_stacks": Calibration(0, 4096, 4.0, 160),
    "de_stronghold": Calibration(-2786, 2598, 2.9476247),
    "de_thera": Calibration(-85, 2261, 4.846961),
    "de_train": Calibration(-2308, 2078, 4.082077, -50),
    "de_vertigo": Calibration(-3168, 1762, 4.0, 11700),
    "de_warden": Calibration(-3150, 2681, 5.642361),
    "de_whistle": Calibration(-1825, 1104, 2.8),
}
