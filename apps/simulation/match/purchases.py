"""What people buy: the team decides eco, force, half or full, then everybody shops; the rich drop guns for mates."""

from apps.simulation.match.armoury import (
    DEFUSER,
    FLASH_LIMIT,
    GRENADE_LIMIT,
    GRENADES,
    HELMET_UPGRADE,
    KEVLAR,
    WEAPONS,
)
from apps.simulation.match.people import Player, Role
from apps.simulation.match.world import World
from apps.simulation.truth.match import Team

RIFLES = {Team.T: ("ak47", "galilar"), Team.CT: ("m4a1_silencer", "famas")}
SMGS = {Team.T: "mac10", Team.CT: "mp9"}
FIRES = {Team.T: "molotov", Team.CT: "incgrenade"}
KITS = {Team.T: 3_900, Team.CT: 4_400}  # rifle, armour and some grenades


def team_buy(world: World, side: Team, pistol: bool, last: bool) -> str:
    """ "pistol", "eco", "force", "half" or "full" for a side.

    ``last``: the half or the match ends with this round, so that nothing is worth keeping.
    """
    if pistol:
        return "pistol"
    mates = world.side(side)
    wealth = [player.money + player.equipment for player in mates]
    mean = sum(wealth) / len(wealth)
    if mean >= KITS[side] or sum(1 for each in wealth if each >= KITS[side] - 300) >= 4:
        return "full"
    if last:
        return "force"
    ladder = world.score.ladders[mates[0].roster]
    nerve = sum(player.wits for player in mates) / len(mates)
    if mean >= 3_000:
        return "half" if world.chance(0.35 + 0.3 * nerve) else "force"
    if mean >= 1_900 and world.chance(0.45 - 0.06 * ladder.step):
        return "force"
    return "eco"


def shop(world: World, side: Team, buy: str, ticks: list[int]) -> None:
    """Everybody of a side buys at a tick of their own; then guns are dropped for those who could not."""
    mates = world.side(side)
    for player, tick in zip(mates, ticks, strict=True):
        _shop_one(world, player, buy, tick)
    if buy in ("full", "force"):
        _drops(world, mates, max(ticks) + 40)


def _shop_one(world: World, player: Player, buy: str, tick: int) -> None:
    if buy == "pistol":
        _pistol_round(world, player, tick)
    elif buy == "eco":
        if player.money >= 2_900 and player.primary is None and world.chance(0.4):
            _buy(world, player, "p250", tick)
    else:
        _armed(world, player, buy, tick)
    gun = player.gun
    if gun is not None:
        world.equip(player, gun, tick + 24)


def _pistol_round(world: World, player: Player, tick: int) -> None:
    if player.role is Role.SUPPORT and player.side == Team.CT:
        _kit(world, player, tick)
        _buy(world, player, "flashbang", tick + 12)
        return
    if player.role in (Role.SUPPORT, Role.LURKER) and world.chance(0.6):
        for offset, item in enumerate(("smokegrenade", "flashbang", "flashbang")):
            _buy(world, player, item, tick + 12 * offset)
        return
    if world.chance(0.85):
        _armour(world, player, tick, helmet=False)
    else:
        _buy(world, player, "p250", tick)
        _buy(world, player, "smokegrenade", tick + 10)


def _armed(world: World, player: Player, buy: str, tick: int) -> None:
    """Gun, armour, then kit and grenades; a half buy keeps enough for a rifle in the next round."""
    keep = 2_000 if buy == "half" else 0
    _gun(world, player, buy, tick, keep)
    _armour(world, player, tick + 20, helmet=buy == "full" or player.money > 1_400, keep=keep)
    if player.side == Team.CT and player.money - keep >= DEFUSER + 200 and (buy == "full" or world.chance(0.3)):
        _kit(world, player, tick + 30)
    wanted = ["smokegrenade", "flashbang", FIRES[player.side], "hegrenade", "flashbang"]
    if buy != "full":
        wanted = ["flashbang", "smokegrenade"]
    if player.role is Role.ENTRY:
        wanted = ["flashbang", "flashbang", "smokegrenade", FIRES[player.side], "hegrenade"]
    if world.chance(0.03):
        wanted.append("decoy")
    for offset, item in enumerate(wanted):
        if player.money - keep >= WEAPONS[item].price + (0 if buy != "half" else 200):
            _buy(world, player, item, tick + 40 + 10 * offset)


def _gun(world: World, player: Player, buy: str, tick: int, keep: int) -> None:
    held = player.primary
    worth = 0 if held is None else held.weapon.price
    best, cheap = RIFLES[player.side]
    if player.side == Team.CT and player.index % 2:
        best = "m4a1"
    budget = player.money - keep - (KEVLAR if player.armor < 50 else 0)
    if player.role is Role.AWPER and worth < 4_000 and budget >= 4_750:
        choice = "awp"
    elif worth >= 2_700:
        return
    elif budget >= WEAPONS[best].price and worth < WEAPONS[best].price - 300:
        choice = best
    elif worth >= 1_000:
        return
    elif player.role is Role.AWPER and budget >= 1_700 and world.chance(0.35):
        choice = "ssg08"
    elif buy != "half" and budget >= WEAPONS[cheap].price:
        choice = cheap
    elif budget >= WEAPONS[SMGS[player.side]].price:
        choice = SMGS[player.side] if world.chance(0.75) else ("ump45" if world.chance(0.5) else "mp7")
        choice = choice if budget >= WEAPONS[choice].price else SMGS[player.side]
    elif budget >= 700:
        choice = "deagle" if world.chance(0.6) else ("tec9" if player.side == Team.T else "fiveseven")
    else:
        return
    _buy(world, player, choice, tick)


def _buy(world: World, player: Player, item: str, tick: int, to: Player | None = None) -> bool:
    """Pay for an item; a gun of the same place falls to the ground. False when it cannot be had."""
    weapon = WEAPONS[item]
    owner = to or player
    if player.money < weapon.price or not _room(owner, item):
        return False
    for held in list(owner.things):
        if (weapon.primary and held.weapon.primary) or (
            weapon.is_gun and not weapon.primary and held.weapon.is_gun and not held.weapon.primary
        ):
            world.drop(tick, owner, held)
    _spend(world, player, weapon.price, tick)
    world.make(tick, item, owner)
    world.log.event(
        tick, "item_purchase", userid=player.slot, team=int(player.side), loadout=0, weapon=f"weapon_{item}"
    )
    world.log.event(tick, "item_pickup", userid=owner.slot, item=item, silent=False)
    return True


def _room(player: Player, item: str) -> bool:
    if item not in GRENADES:
        return True
    held = sum(1 for thing in player.things if thing.item in GRENADES)
    limit = FLASH_LIMIT if item == "flashbang" else 1
    return held < GRENADE_LIMIT and player.has(item) < limit


def _spend(world: World, player: Player, price: int, tick: int) -> None:
    world.money(player, -price, tick)
    player.spent += price
    world.log.set(tick, player.index, "cash_spent", player.spent)


def _armour(world: World, player: Player, tick: int, helmet: bool, keep: int = 0) -> None:
    """Kevlar when there is little left of it, the helmet when asked for and affordable."""
    price = KEVLAR if player.armor < 70 else 0
    add = helmet and not player.helmet and player.money - keep >= price + HELMET_UPGRADE
    if player.money - keep < price or price + add == 0:
        return
    _spend(world, player, price + (HELMET_UPGRADE if add else 0), tick)
    world.armour(player, 100 if price else player.armor, player.helmet or add, tick)
    item = "item_assaultsuit" if add else "item_kevlar"
    world.log.event(tick, "item_purchase", userid=player.slot, team=int(player.side), loadout=0, weapon=item)


def _kit(world: World, player: Player, tick: int) -> None:
    if player.kit or player.money < DEFUSER:
        return
    _spend(world, player, DEFUSER, tick)
    world.kit(player, True, tick)
    world.log.event(tick, "item_purchase", userid=player.slot, team=int(player.side), loadout=0, weapon="item_defuser")


def _drops(world: World, mates: list[Player], tick: int) -> None:
    """Those with a rifle and money left buy one more for a mate without; the richest first."""
    for poor in [mate for mate in mates if mate.primary is None]:
        best = RIFLES[poor.side][0]
        rich = max(mates, key=lambda mate: (mate.money, -mate.index))
        if rich is poor or rich.money < WEAPONS[best].price:
            return
        if _buy(world, rich, best, tick, to=poor):
            gun = poor.gun
            if gun is not None:
                world.equip(poor, gun, tick + 30)
            tick += 30
