"""The one item table: every CS2 item by its engine name → the name on the HUD, its kind, its word in a behaviour.

Names from the game's item schema (``items_game.txt``: classes without ``weapon_``) and awpy's short names.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    hud_name: str
    kind: str  # primary | secondary | melee | grenade | bomb | gear
    word: str = ""  # grenades only: smoke | flash | he | molotov | decoy

    @property
    def has_ammunition(self) -> bool:
        """Whether the HUD shows clip and reserve for it."""
        return self.kind in ("primary", "secondary")


_PRIMARY = {
    "ak47": "AK-47",
    "aug": "AUG",
    "awp": "AWP",
    "bizon": "PP-Bizon",
    "famas": "FAMAS",
    "g3sg1": "G3SG1",
    "galilar": "Galil AR",
    "m249": "M249",
    "m4a1": "M4A4",
    "m4a1_silencer": "M4A1-S",
    "mac10": "MAC-10",
    "mag7": "MAG-7",
    "mp5sd": "MP5-SD",
    "mp7": "MP7",
    "mp9": "MP9",
    "negev": "Negev",
    "nova": "Nova",
    "p90": "P90",
    "sawedoff": "Sawed-Off",
    "scar20": "SCAR-20",
    "sg556": "SG 553",
    "ssg08": "SSG 08",
    "ump45": "UMP-45",
    "xm1014": "XM1014",
}
_SECONDARY = {
    "cz75a": "CZ75-Auto",
    "deagle": "Desert Eagle",
    "elite": "Dual Berettas",
    "fiveseven": "Five-SeveN",
    "glock": "Glock-18",
    "hkp2000": "P2000",
    "p250": "P250",
    "revolver": "R8 Revolver",
    "tec9": "Tec-9",
    "usp_silencer": "USP-S",
}
_GRENADES = {
    "decoy": ("Decoy Grenade", "decoy"),
    "flashbang": ("Flashbang", "flash"),
    "hegrenade": ("HE Grenade", "he"),
    "incgrenade": ("Incendiary Grenade", "molotov"),
    "molotov": ("Molotov", "molotov"),
    "smokegrenade": ("Smoke Grenade", "smoke"),
}
_KNIVES = (
    "knife",
    "knife_t",
    "knifegg",
    "knife_ghost",
    "bayonet",
    "knife_css",
    "knife_flip",
    "knife_gut",
    "knife_karambit",
    "knife_m9_bayonet",
    "knife_tactical",
    "knife_falchion",
    "knife_survival_bowie",
    "knife_butterfly",
    "knife_push",
    "knife_cord",
    "knife_canis",
    "knife_ursus",
    "knife_gypsy_jackknife",
    "knife_outdoor",
    "knife_stiletto",
    "knife_widowmaker",
    "knife_skeleton",
    "knife_kukri",
)
ITEMS: dict[str, Item] = {
    **{name: Item(hud, "primary") for name, hud in _PRIMARY.items()},
    **{name: Item(hud, "secondary") for name, hud in _SECONDARY.items()},
    **{name: Item(hud, "grenade", word) for name, (hud, word) in _GRENADES.items()},
    **dict.fromkeys(_KNIVES, Item("Knife", "melee")),
    "taser": Item("Zeus x27", "gear"),
    "healthshot": Item("Medi-Shot", "gear"),
    "c4": Item("C4 Explosive", "bomb"),
}
# What awpy, projectiles and events call the same things.
_ALIASES = {
    "incendiary": "incgrenade",
    "incendiarygrenade": "incgrenade",
    "molotovgrenade": "molotov",
    "molotov_projectile": "molotov",
    "inferno": "molotov",
    "smoke": "smokegrenade",
    "smokegrenade_projectile": "smokegrenade",
    "flash": "flashbang",
    "flashbang_projectile": "flashbang",
    "he": "hegrenade",
    "hegrenade_projectile": "hegrenade",
    "decoygrenade": "decoy",
    "decoy_projectile": "decoy",
    "usp_silencer_off": "usp_silencer",
    "m4a1_silencer_off": "m4a1_silencer",
    "planted_c4": "c4",
    "zeus": "taser",
}


def item(name: str | None) -> Item | None:
    """The item behind an engine name (``m4a1_silencer``, ``weapon_ak47``); None for none and for the unknown."""
    if not name:
        return None
    short = name.lower().removeprefix("weapon_")
    return ITEMS.get(_ALIASES.get(short, short))


def hud_name(name: str | None) -> str | None:
    """The name the HUD shows; None for none and for the unknown: a label holds no engine jargon."""
    found = item(name)
    return found.hud_name if found else None


def utility(inventory: Iterable[str]) -> list[str]:
    """The grenades of an inventory in HUD names, sorted; a second flashbang is a second entry (pitfall 2)."""
    found = (item(name) for name in inventory)
    return sorted(thing.hud_name for thing in found if thing is not None and thing.kind == "grenade")
