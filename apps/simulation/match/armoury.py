"""Numbers of CS2's weapons and equipment: the one table that fights, economy, movement and roll-outs share.

Damage, armour ratio, range modifier, cycle time, magazine, reserve and speed are those of the game's own item script
(``items_game``/``weapons.vdata``), prices and rewards those of the buy menu in 2025.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    PISTOL = "pistol"
    SMG = "smg"
    RIFLE = "rifle"
    SNIPER = "sniper"
    SHOTGUN = "shotgun"
    MACHINE_GUN = "machine_gun"
    KNIFE = "knife"
    GRENADE = "grenade"
    BOMB = "bomb"
    TASER = "taser"


@dataclass(frozen=True)
class Weapon:
    """``damage`` is per bullet at the muzzle, ``armour_ratio`` halves into the share that passes armour.

    ``cycle_s`` seconds between shots, ``speed`` units a second with it in hand, ``spread`` degrees of the weapon's own
    scatter standing still, ``reward`` dollars for a kill, ``side`` "" when both may buy it.
    """

    item: str
    kind: Kind
    price: int
    reward: int = 300
    damage: float = 0.0
    armour_ratio: float = 1.0
    range_modifier: float = 0.98
    cycle_s: float = 0.1
    clip: int = 0
    reserve: int = 0
    reload_s: float = 2.5
    speed: float = 250.0
    pellets: int = 1
    automatic: bool = True
    side: str = ""
    spread: float = 0.3

    @cached_property
    def is_gun(self) -> bool:
        return self.clip > 0 and self.kind is not Kind.TASER

    @cached_property
    def primary(self) -> bool:
        return self.kind in (Kind.SMG, Kind.RIFLE, Kind.SNIPER, Kind.SHOTGUN, Kind.MACHINE_GUN)

    @cached_property
    def rank(self) -> int:
        """For choosing what to hold: primaries before pistols, then by price."""
        return self.price + (100_000 if self.primary else 0)


# item kind price reward damage armour_ratio range_modifier cycle clip reserve reload speed pellets auto side spread
_GUNS = """
glock pistol 200 300 30 0.94 0.85 0.15 20 120 2.27 240 1 0 T 0.55
usp_silencer pistol 200 300 35 1.01 0.91 0.17 12 24 2.17 240 1 0 CT 0.35
hkp2000 pistol 200 300 35 1.01 0.91 0.17 13 52 2.27 240 1 0 CT 0.4
p250 pistol 300 300 38 1.28 0.90 0.15 13 26 2.27 240 1 0 - 0.5
elite pistol 300 300 38 1.15 0.79 0.12 30 120 3.77 240 1 0 - 0.6
fiveseven pistol 500 300 32 1.823 0.81 0.15 20 100 2.27 240 1 0 CT 0.5
tec9 pistol 500 300 33 1.812 0.79 0.12 18 90 2.5 240 1 0 T 0.6
cz75a pistol 500 100 31 1.55 0.85 0.10 12 12 2.83 240 1 1 - 0.7
deagle pistol 700 300 53 1.864 0.81 0.225 7 35 2.2 230 1 0 - 0.4
mac10 smg 1050 600 29 1.15 0.80 0.075 30 100 2.57 240 1 1 T 0.9
mp9 smg 1250 600 26 1.20 0.87 0.07 30 120 2.13 240 1 1 CT 0.8
mp7 smg 1500 600 29 1.25 0.85 0.08 30 120 3.13 220 1 1 - 0.7
mp5sd smg 1500 600 27 1.25 0.85 0.08 30 120 2.97 235 1 1 - 0.7
ump45 smg 1200 600 35 1.30 0.75 0.09 25 100 3.5 230 1 1 - 0.75
p90 smg 2350 300 26 1.38 0.86 0.07 50 100 3.37 230 1 1 - 0.75
bizon smg 1400 600 27 1.15 0.80 0.08 64 120 2.43 240 1 1 - 0.9
galilar rifle 1800 300 30 1.55 0.98 0.09 35 90 3.03 215 1 1 T 0.4
famas rifle 1950 300 30 1.40 0.96 0.09 25 90 3.33 220 1 1 CT 0.38
ak47 rifle 2700 300 36 1.55 0.98 0.10 30 90 2.43 215 1 1 T 0.33
m4a1 rifle 2900 300 33 1.40 0.97 0.09 30 90 3.07 225 1 1 CT 0.33
m4a1_silencer rifle 2900 300 38 1.40 0.94 0.10 20 80 3.07 225 1 1 CT 0.28
sg556 rifle 3000 300 30 2.00 0.98 0.11 30 90 2.77 210 1 1 T 0.3
aug rifle 3300 300 28 1.80 0.98 0.09 30 90 3.77 220 1 1 CT 0.3
ssg08 sniper 1700 300 88 1.70 0.98 1.25 10 90 3.7 230 1 0 - 0.08
awp sniper 4750 100 115 1.95 0.99 1.455 5 30 3.67 200 1 0 - 0.05
nova shotgun 1050 900 26 1.00 0.70 0.88 8 32 3.5 220 9 0 - 2.2
xm1014 shotgun 2000 900 20 1.60 0.70 0.35 7 32 3.0 215 6 1 - 2.4
mag7 shotgun 1300 900 30 1.50 0.45 0.85 5 32 2.47 225 8 0 CT 2.2
negev machine_gun 1700 300 35 1.50 0.97 0.075 150 300 5.7 150 1 1 - 1.2
"""
_NAMES = ("item", "kind", "price", "reward", "damage", "armour_ratio", "range_modifier", "cycle_s", "clip", "reserve")


def _gun(row: str) -> Weapon:
    item, kind, price, reward, damage, ratio, modifier, cycle, clip, reserve, reload_s, speed, *rest = row.split()
    pellets, automatic, side, spread = rest
    return Weapon(
        item,
        Kind(kind),
        int(price),
        int(reward),
        float(damage),
        float(ratio),
        float(modifier),
        float(cycle),
        int(clip),
        int(reserve),
        float(reload_s),
        float(speed),
        int(pellets),
        automatic == "1",
        "" if side == "-" else side,
        float(spread),
    )


WEAPONS: dict[str, Weapon] = {gun.item: gun for gun in map(_gun, _GUNS.strip().splitlines())} | {
    weapon.item: weapon
    for weapon in (
        Weapon("knife", Kind.KNIFE, 0, 1500, 40, 1.7, 1.0, 0.5, side="CT"),
        Weapon("knife_t", Kind.KNIFE, 0, 1500, 40, 1.7, 1.0, 0.5, side="T"),
        Weapon("taser", Kind.TASER, 200, 100, 500, 2.0, 0.05, 0.15, 1, 0, 30.0, 220, automatic=False),
        Weapon("c4", Kind.BOMB, 0),
        Weapon("hegrenade", Kind.GRENADE, 300, 300, 98, 1.2, speed=245),
        Weapon("flashbang", Kind.GRENADE, 200, 300, 0, speed=245),
        Weapon("smokegrenade", Kind.GRENADE, 300, 300, 0, speed=245),
        Weapon("molotov", Kind.GRENADE, 400, 300, 40, 1.0, speed=245, side="T"),
        Weapon("incgrenade", Kind.GRENADE, 500, 300, 40, 1.0, speed=245, side="CT"),
        Weapon("decoy", Kind.GRENADE, 50, 300, 5, 1.0, speed=245),
    )
}
KEVLAR, HELMET_UPGRADE, KEVLAR_AND_HELMET, DEFUSER = 650, 350, 1000, 400
GRENADES = ("smokegrenade", "flashbang", "molotov", "incgrenade", "hegrenade", "decoy")
GRENADE_LIMIT = 4
FLASH_LIMIT = 2
WALK, CROUCH = 0.52, 0.34  # shares of the running speed


class Hitgroup:
    """``m_LastHitGroup``'s numbers."""

    GENERIC, HEAD, CHEST, STOMACH, LEFT_ARM, RIGHT_ARM, LEFT_LEG, RIGHT_LEG = range(8)


MULTIPLIERS = {
    Hitgroup.GENERIC: 1.0,
    Hitgroup.HEAD: 4.0,
    Hitgroup.CHEST: 1.0,
    Hitgroup.STOMACH: 1.25,
    Hitgroup.LEFT_ARM: 1.0,
    Hitgroup.RIGHT_ARM: 1.0,
    Hitgroup.LEFT_LEG: 0.75,
    Hitgroup.RIGHT_LEG: 0.75,
}


def bullet_damage(weapon: Weapon, distance: float, hitgroup: int) -> float:
    """Damage of one bullet before armour: base × modifier^(distance / 500) × the hit group's multiplier."""
    return float(weapon.damage * weapon.range_modifier ** (distance / 500.0) * MULTIPLIERS[hitgroup])


def armoured(hitgroup: int, armor: int, helmet: bool) -> bool:
    """Whether armour is in the way: the head needs a helmet, legs are never covered."""
    if armor <= 0 or hitgroup in (Hitgroup.LEFT_LEG, Hitgroup.RIGHT_LEG):
        return False
    return helmet if hitgroup == Hitgroup.HEAD else True


def through_armour(damage: float, armour_ratio: float, armor: int) -> tuple[int, int]:
    """(health lost, armour lost) of ``damage`` against ``armor`` points (the Source engine's formula).

    Half of ``armour_ratio`` passes; the armour takes half of what it stopped, and where it is used up the rest passes.
    """
    passed = damage * min(1.0, armour_ratio * 0.5)
    taken = (damage - passed) * 0.5
    if taken > armor:
        taken = float(armor)
        passed = damage - taken * 2.0
    return int(passed), int(taken)
