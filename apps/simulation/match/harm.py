"""Damage and death, with everything that follows from them: events, statistics, money, dropped weapons."""

import math

from apps.simulation.match.armoury import WEAPONS, Hitgroup, armoured, through_armour
from apps.simulation.match.people import Player
from apps.simulation.match.world import World
from apps.simulation.truth.match import Team

ASSIST_DAMAGE = 41


def hurt(
    world: World,
    tick: int,
    victim: Player,
    attacker: Player | None,
    weapon: str,
    damage: float,
    hitgroup: int = Hitgroup.GENERIC,
    armour_ratio: float = 1.0,
    **flags: bool | int,
) -> None:
    """Take ``damage`` (before armour) off the victim. ``weapon`` is the event's word ("ak47", "inferno")."""
    if victim.health <= 0:
        return
    # Shots, fires and blasts of one step are worked out one after the other; none may lie before another's result.
    tick = victim.hurt_at = max(tick, victim.hurt_at)
    if armoured(hitgroup, victim.armor, victim.helmet) and weapon != "inferno":
        lost, worn = through_armour(damage, armour_ratio, victim.armor)
    else:
        lost, worn = int(damage), 0
    if lost <= 0 and worn <= 0:
        return
    taken = min(lost, victim.health)
    world.put(victim, "health", victim.health - taken, tick)
    if worn:
        left = victim.armor - worn
        world.armour(victim, left, victim.helmet and left > 0, tick)
    if attacker is not None and attacker.side != victim.side:
        victim.hurt_by[attacker.index] = victim.hurt_by.get(attacker.index, 0) + taken
        world.round.damage[attacker.index] = world.round.damage.get(attacker.index, 0) + taken
    world.log.event(
        tick,
        "player_hurt",
        userid=victim.slot,
        attacker=-1 if attacker is None else attacker.slot,
        health=victim.health,
        armor=victim.armor,
        weapon=weapon,
        dmg_health=taken,
        dmg_armor=worn,
        hitgroup=int(hitgroup),
    )
    if victim.health == 0:
        _die(world, tick, victim, attacker, weapon, taken, worn, int(hitgroup), flags)


def _die(
    world: World,
    tick: int,
    victim: Player,
    attacker: Player | None,
    weapon: str,
    taken: int,
    worn: int,
    hitgroup: int,
    flags: dict[str, bool | int],
) -> None:
    killer = attacker if attacker is not None and attacker.side != victim.side else None
    assister, flashed = _assister(world, victim, killer, tick)
    away = 0.0
    if attacker is not None:
        away = math.dist((attacker.x, attacker.y, attacker.z), (victim.x, victim.y, victim.z))
    world.log.event(
        tick,
        "player_death",
        userid=victim.slot,
        attacker=-1 if attacker is None else attacker.slot,
        assister=-1 if assister is None else assister.slot,
        assistedflash=flashed,
        weapon=weapon,
        headshot=hitgroup == Hitgroup.HEAD,
        penetrated=int(flags.get("penetrated", 0)),
        noscope=bool(flags.get("noscope", False)),
        thrusmoke=bool(flags.get("thrusmoke", False)),
        attackerblind=attacker is not None and tick < attacker.blind_until,
        distance=round(away * 0.0254, 3),  # metres
        dmg_health=taken,
        dmg_armor=worn,
        hitgroup=hitgroup,
    )
    if not world.round.warmup:
        _count(world, tick, victim, killer, assister, weapon)
    _fall(world, tick, victim)


def _assister(world: World, victim: Player, killer: Player | None, tick: int) -> tuple[Player | None, bool]:
    """Who did at least 41 damage besides the killer, else whose flash the victim still had."""
    helpers = [(damage, -index) for index, damage in victim.hurt_by.items() if killer is None or index != killer.index]
    if killer is not None and helpers and max(helpers)[0] >= ASSIST_DAMAGE:
        return world.players[-max(helpers)[1]], False
    if killer is not None and tick < victim.blind_until and victim.blind_by >= 0:
        flasher = world.players[victim.blind_by]
        if flasher.side == killer.side and flasher is not killer:
            return flasher, True
    return None, False


def _count(
    world: World, tick: int, victim: Player, killer: Player | None, assister: Player | None, weapon: str
) -> None:
    world.put(victim, "deaths", victim.deaths + 1, tick)
    if killer is not None:
        world.put(killer, "kills", killer.kills + 1, tick)
        world.put(killer, "score", killer.score + 2, tick)
        if not world.round.knives_only:
            item = {"inferno": "molotov"}.get(weapon, weapon)
            world.money(killer, WEAPONS[item].reward if item in WEAPONS else 300, tick)
            if killer.side == Team.CT:
                for mate in world.side(Team.CT):
                    world.money(mate, world.options.ct_kill_bonus, tick)
    if assister is not None:
        world.put(assister, "assists", assister.assists + 1, tick)
        world.put(assister, "score", assister.score + 1, tick)


def _fall(world: World, tick: int, victim: Player) -> None:
    """The best gun and the bomb fall; the rest is gone with the body."""
    world.round.last_death = tick
    if victim.busy == "defuse":
        world.log.set(tick, victim.index, "defusing", False)
    victim.busy, victim.moving, victim.target = "", 0.0, -1
    victim.path = []
    gun = victim.gun
    bomb = world.round.bomb
    world.equip(victim, None, tick)
    for thing in list(victim.things):
        if thing is gun and not world.round.warmup:
            world.drop(tick, victim, thing)
        elif thing.item == "c4" and bomb is not None:
            world.drop(tick, victim, thing)
            bomb.carrier, bomb.x, bomb.y, bomb.z, bomb.area = -1, victim.x, victim.y, victim.z, victim.area
            world.log.event(tick, "bomb_dropped", userid=victim.slot, entindex=-1)
        else:
            world.destroy(tick, thing, victim)
    if victim.kit:
        world.round.kits.append((victim.x, victim.y, victim.z))
    world.kit(victim, False, tick)
    world.armour(victim, 0, False, tick)
