"""The map's place names as the HUD writes them: ``TopofMid`` → "Top of Mid"."""

import re

# From the game's English strings: the ones that are more than their own name with spaces.
_NAMED = {"CTSpawn": "CT Start", "TSpawn": "T Start", "SnipersNest": "Sniper's Nest"}
_OF = re.compile(r"(Top|Back|Side|Front|Bottom|End)of(?=[A-Z])")
_BREAK = re.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[A-Z])(?=[A-Z][a-z])")


def place_name(engine_name: str | None) -> str | None:
    """The name on the HUD; None where the map names no place."""
    if not engine_name:
        return None
    return _NAMED.get(engine_name) or _BREAK.sub(" ", _OF.sub(r"\1 of ", engine_name)).replace("  ", " ")
