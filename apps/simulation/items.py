"""CS2's items: awpy's short names, the names the HUD writes, and where each sits in the weapon list."""

from dataclasses import dataclass
from enum import IntEnum


class Place(IntEnum):
    """The key that selects the item in the game, which is also its row in the HUD's list."""

    PRIMARY = 1
    PISTOL = 2
    MELEE = 3
    GRENADE = 4
    BOMB = 5
    OTHER = 6


@dataclass(frozen=True)
class Item:
    """``clip`` is the magazine size; 0 for what shows no ammunition (knives, grenades, the bomb)."""

    short: str
    name: str
    place: Place
    clip: int = 0


def _items(place: Place, rows: str) -> list[Item]:
    """Rows of ``short|HUD name|clip``; the clip may be left out."""
    parts = [row.strip().split("|") for row in rows.strip().splitlines()]
    return [Item(short, name, place, int(rest[0]) if rest else 0) for short, name, *rest in parts]


_ALL = [
    *_items(
        Place.PRIMARY,
        """
        ak47|AK-47|30
        m4a1|M4A4|30
        m4a1_silencer|M4A1-S|20
        aug|AUG|30
        sg556|SG 553|30
        famas|FAMAS|25
        galilar|Galil AR|35
        awp|AWP|5
        ssg08|SSG 08|10
        scar20|SCAR-20|20
        g3sg1|G3SG1|20
        mac10|MAC-10|30
        mp9|MP9|30
        mp7|MP7|30
        mp5sd|MP5-SD|30
        ump45|UMP-45|25
        p90|P90|50
        bizon|PP-Bizon|64
        nova|Nova|8
        xm1014|XM1014|7
        mag7|MAG-7|5
        sawedoff|Sawed-Off|7
        m249|M249|100
        negev|Negev|150
        """,
    ),
    *_items(
        Place.PISTOL,
        """
        glock|Glock-18|20
        hkp2000|P2000|13
        usp_silencer|USP-S|12
        p250|P250|13
        elite|Dual Berettas|30
        fiveseven|Five-SeveN|20
        tec9|Tec-9|18
        cz75a|CZ75-Auto|12
        deagle|Desert Eagle|7
        revolver|R8 Revolver|8
        """,
    ),
    *_items(Place.MELEE, "knife|Knife\nknife_t|Knife\ntaser|Zeus x27|1"),
    *_items(
        Place.GRENADE,
        """
        hegrenade|High Explosive Grenade
        flashbang|Flashbang
        smokegrenade|Smoke Grenade
        molotov|Molotov
        incgrenade|Incendiary Grenade
        decoy|Decoy Grenade
        """,
    ),
    *_items(Place.BOMB, "c4|C4 Explosive"),
    *_items(Place.OTHER, "healthshot|Medi-Shot\nshield|Riot Shield\nbreachcharge|Breach Charge\ntablet|Tablet"),
]
ITEMS: dict[str, Item] = {item.short: item for item in _ALL}
# Several guns arrive under more than one spelling, depending on the build that recorded them.
_ALIASES = {
    "m4a4": "m4a1",
    "m4a1_s": "m4a1_silencer",
    "m4a1_silencer_off": "m4a1_silencer",
    "usp_silencer_off": "usp_silencer",
    "usps": "usp_silencer",
    "p2000": "hkp2000",
    "galil": "galilar",
    "sg553": "sg556",
    "zeus": "taser",
    "cz75": "cz75a",
    "dualberettas": "elite",
    "incendiary": "incgrenade",
}


def all_items() -> list[Item]:
    """Every item of the table, by place and then as the table has them."""
    return list(_ALL)


def item(short: str) -> Item:
    """The item awpy calls ``short`` (with or without ``weapon_``); an unknown one keeps its own name."""
    plain = short.removeprefix("weapon_")
    plain = _ALIASES.get(plain, plain)
    if plain in ITEMS:
        return ITEMS[plain]
    if plain.startswith(("knife", "bayonet")):
        return Item(plain, "Knife", Place.MELEE)
    return Item(plain, plain.replace("_", " ").upper(), Place.OTHER)
