"""The one table of grenade names: HUD, awpy, console and coach's slang meet here and nowhere else.

Vocabularies that never met ("Flashbang" against "flash") once made every utility match fail. Perception compares HUD
names (molotov and incendiary are two items there), behaviour compares what a throw does (both are fire).
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Grenade:
    """One throwable: its HUD name, the token of ``advice.behavior.utility_used``, and every other spelling."""

    hud: str
    token: str
    aliases: tuple[str, ...]


GRENADES = (
    Grenade("Smoke Grenade", "smoke", ("smoke", "smokes", "smokegrenade", "weapon_smokegrenade")),
    Grenade(
        "Flashbang",
        "flash",
        ("flash", "flashes", "flashbangs", "flash grenade", "popflash", "pop flash", "weapon_flashbang"),
    ),
    Grenade(
        "HE Grenade",
        "he",
        ("he", "high explosive grenade", "high explosive", "hegrenade", "frag grenade", "weapon_hegrenade"),
    ),
    Grenade("Molotov", "molotov", ("molly", "mollies", "molotovs", "molotov cocktail", "weapon_molotov")),
    Grenade(
        "Incendiary Grenade",
        "molotov",
        ("incendiary", "incendiaries", "inc", "incgrenade", "firebomb", "weapon_incgrenade"),
    ),
    Grenade("Decoy Grenade", "decoy", ("decoy", "decoys", "decoygrenade", "weapon_decoy")),
)
TOKENS = ("smoke", "flash", "he", "molotov", "decoy")
_BY_NAME = {
    name: grenade for grenade in GRENADES for name in (grenade.hud.casefold(), grenade.token, *grenade.aliases)
} | {"molotov": GRENADES[3]}


def grenade(name: str) -> Grenade | None:
    """The grenade some spelling names, or None."""
    return _BY_NAME.get(re.sub(r"[\s-]+", " ", name.strip().casefold()))


def hud_name(name: str) -> str:
    """The HUD's name of a grenade; any other text comes back trimmed and case-folded, so that it can match nothing."""
    found = grenade(name)
    return found.hud if found else name.strip().casefold()


def token(name: str) -> str:
    """What a throw does (one of ``TOKENS``); any other text comes back trimmed and case-folded."""
    found = grenade(name)
    return found.token if found else name.strip().casefold()
