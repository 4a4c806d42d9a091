"""How a HUD looks by the player's own settings: the game's console variables, and the font we write it in."""

from collections.abc import Mapping
from dataclasses import dataclass

Colour = tuple[int, int, int, int]
_OFF = ("0", "false")
_HIDE_ALL = 4  # the bit of `hidehud` that hides everything

# The game's `cl_hud_color`; 0 is the colour of the side.
HUD_COLOURS: dict[int, tuple[int, int, int]] = {
    1: (222, 226, 230),
    2: (255, 255, 255),
    3: (150, 200, 250),
    4: (96, 140, 245),
    5: (190, 110, 250),
    6: (240, 70, 60),
    7: (245, 150, 60),
    8: (245, 235, 90),
    9: (110, 225, 90),
    10: (90, 230, 200),
    11: (250, 130, 190),
    12: (225, 205, 150),
}


@dataclass(frozen=True)
class HudStyle:
    """Everything that changes how the same facts are drawn; the default is what the real frames show."""

    colour: int = 0  # `cl_hud_color`
    scale: float = 1.0  # `hud_scaling` over its default of 0.95
    margin_x: float = 0.0  # share of the width left free at each side, from `safezonex`
    margin_y: float = 0.0
    radar_size: float = 1.0  # `cl_hud_radar_scale`
    radar_reach: float = 1.0  # how much farther than by default the radar sees, from `cl_radar_scale`
    radar_turns: bool = True  # `cl_radar_rotate`
    counts_only: bool = False  # `cl_teamcounter_playercount_instead_of_avatars`
    family: str = "stock"


def hud_is_on(convars: Mapping[str, str]) -> bool:
    """Whether the convars leave the HUD on the screen."""
    if convars.get("cl_drawhud", "true").lower() in _OFF:
        return False
    if convars.get("cl_draw_only_deathnotices", "false").lower() not in _OFF:
        return False
    bits = convars.get("hidehud", "0")
    return not (bits.isdigit() and int(bits) & _HIDE_ALL)


def style_of(convars: Mapping[str, str], family: str = "stock") -> HudStyle:
    """Read the settings; values the game would not take are held at its limits, words it does not know ignored."""

    def number(name: str, default: float, low: float, high: float) -> float:
        try:
            value = float(convars.get(name, default))
        except ValueError:
            return default
        return min(high, max(low, value)) if value == value else default

    colour = int(number("cl_hud_color", 0, 0, 12))
    return HudStyle(
        colour=colour,
        scale=number("hud_scaling", 0.95, 0.5, 0.95) / 0.95,
        margin_x=(1 - number("safezonex", 1, 0.2, 1)) / 2,
        margin_y=(1 - number("safezoney", 1, 0.85, 1)) / 2,
        radar_size=number("cl_hud_radar_scale", 1, 0.8, 1.3),
        radar_reach=0.7 / number("cl_radar_scale", 0.7, 0.25, 1),
        radar_turns=convars.get("cl_radar_rotate", "true").lower() not in _OFF,
        counts_only=convars.get("cl_teamcounter_playercount_instead_of_avatars", "false").lower() not in _OFF,
        family=family,
    )
