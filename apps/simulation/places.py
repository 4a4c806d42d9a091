"""The words the HUD writes under the radar for the map's own place names."""

import re

# The few whose wording is not the name with blanks in it.
_WORDED = {
    "CTSpawn": "CT Start",
    "TSpawn": "T Start",
    "BombsiteA": "Bombsite A",
    "BombsiteB": "Bombsite B",
    "ExtendedA": "Extended A",
    "TopofMid": "Top of Mid",
    "SideAlley": "Side Alley",
    "UnderA": "Under A",
    "BDoors": "B Doors",
    "LongA": "Long A",
    "LongDoors": "Long Doors",
    "ShortStairs": "Short Stairs",
    "OutsideTunnel": "Outside Tunnel",
    "PalaceInterior": "Palace Interior",
    "SnipersNest": "Sniper's Nest",
}


def place_name(name: str) -> str:
    """``"TSpawn"`` → ``"T Start"``, ``"UpperTunnel"`` → ``"Upper Tunnel"``."""
    return _WORDED.get(name) or re.sub(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
