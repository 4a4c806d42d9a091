"""cs-demo-analyzer's words for items, in awpy's and the game events'."""

from apps.simulation.match.armoury import DEFUSER, KEVLAR, KEVLAR_AND_HELMET, WEAPONS

ITEMS = {
    "AK-47": "ak47", "AUG": "aug", "AWP": "awp", "C4": "c4", "CZ75 Auto": "cz75a", "CZ75-Auto": "cz75a",
    "Decoy Grenade": "decoy", "Desert Eagle": "deagle", "Dual Berettas": "elite", "FAMAS": "famas",
    "Five-SeveN": "fiveseven", "Flashbang": "flashbang", "G3SG1": "g3sg1", "Galil AR": "galilar",
    "Glock-18": "glock", "HE Grenade": "hegrenade", "Incendiary Grenade": "incgrenade", "Knife": "knife",
    "M249": "m249", "M4A1": "m4a1_silencer", "M4A4": "m4a1", "MAC-10": "mac10", "MAG-7": "mag7", "MP5-SD": "mp5sd",
    "MP7": "mp7", "MP9": "mp9", "Molotov": "molotov", "Negev": "negev", "Nova": "nova", "P2000": "hkp2000",
    "P250": "p250", "P90": "p90", "PP-Bizon": "bizon", "R8 Revolver": "revolver", "SCAR-20": "scar20",
    "SG 553": "sg556", "SSG 08": "ssg08", "Sawed-Off": "sawedoff", "Smoke Grenade": "smokegrenade", "Tec-9": "tec9",
    "UMP-45": "ump45", "USP-S": "usp_silencer", "XM1014": "xm1014", "Zeus x27": "taser",
    "Kevlar Vest": "kevlar", "Kevlar + Helmet": "assaultsuit", "Defuse Kit": "defuser",
}  # fmt: skip
GRENADES = ("smokegrenade", "flashbang", "hegrenade", "molotov", "incgrenade", "decoy")
_HARM = {"molotov": "inferno", "incgrenade": "inferno", "c4": "planted_c4"}
# Guns the armoury does not sell: price, magazine, reserve
_RARE = {
    "revolver": (600, 8, 8), "scar20": (5000, 20, 90), "g3sg1": (5000, 20, 90), "m249": (5200, 100, 200),
    "sawedoff": (1100, 7, 32),
}  # fmt: skip
_GEAR = {"kevlar": KEVLAR, "assaultsuit": KEVLAR_AND_HELMET, "defuser": DEFUSER}
WORN = tuple(_GEAR)  # bought, but no weapon in the hands


def item(name: str) -> str:
    """The short name; a word nobody knows becomes one of small letters and digits."""
    return ITEMS.get(name) or "".join(c for c in name.lower() if c.isascii() and c.isalnum())[:32] or "unknown"


def harm(name: str) -> str:
    """The weapon of kills and damages in the events: a molotov hurts as ``inferno``, the bomb as ``planted_c4``."""
    short = item(name)
    return _HARM.get(short, short)


def price(short: str) -> int:
    if short in _GEAR:
        return _GEAR[short]
    if short in _RARE:
        return _RARE[short][0]
    return WEAPONS[short].price if short in WEAPONS else 0


def magazine(short: str) -> tuple[int, int]:
    """(magazine, reserve); zeros for what has no ammunition."""
    if short in _RARE:
        return _RARE[short][1:]
    return (WEAPONS[short].clip, WEAPONS[short].reserve) if short in WEAPONS else (0, 0)


def place(short: str) -> str:
    """Where it is carried: primary | pistol | knife | grenade | bomb | other. One primary and one pistol fit."""
    if short in GRENADES:
        return "grenade"
    if short in _RARE:
        return "pistol" if short == "revolver" else "primary"
    if short not in WEAPONS:
        return "other"
    weapon = WEAPONS[short]
    if weapon.primary:
        return "primary"
    return {"pistol": "pistol", "knife": "knife", "bomb": "bomb"}.get(weapon.kind.value, "other")
