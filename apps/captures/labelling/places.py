"""The map's place names as the HUD writes them: ``TopofMid`` → "Top of Mid"."""

import re

# From the game's English strings: the ones that are more than their own name with spaces.
_NAMED = {"CTSpawn": "CT Start", "TSpawn": "T Start", "BackofA": "Back of A", "BackofB": "Back of B"}
_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


def place_name(engine_name: str | None) -> str | None:
    """The name on the HUD; None where the map names no place."""
    if not engine_name:
        return None
    if engine_name in _NAMED:
        return _NAMED[engine_name]
    spaced = " ".join(_WORDS.findall(engine_name))
    return re.sub(r"([a-z])of\b", r"\1 of", spaced) or None
