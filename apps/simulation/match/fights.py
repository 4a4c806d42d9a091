"""Aiming and shooting: who is aimed at, how the view turns, where bullets go."""

import math
from dataclasses import dataclass

from apps.simulation.match import unseen
from apps.simulation.match.armoury import Hitgroup, Kind, Weapon, bullet_damage
from apps.simulation.match.ground import RADIUS
from apps.simulation.match.harm import hurt
from apps.simulation.match.knowledge import BODY, HEAD, angle_between, bearing, eye_height
from apps.simulation.match.people import Player
from apps.simulation.match.unseen import Cover
from apps.simulation.match.world import STEP_S, STEP_TICKS, World

TURN_LIMIT = 560.0  # degrees a second
FORGET_TICKS = 20
COVER = 1.6  # how much harder somebody behind cover is to hit


def choose_target(world: World, player: Player, enemies: list[int]) -> None:
    """Keep the target while it is in view, else take the one nearest to the crosshair."""
    tick = world.tick
    for gone in [enemy for enemy in player.seen_since if enemy not in enemies]:
        del player.seen_since[gone]
    for enemy in enemies:
        player.seen_since.setdefault(enemy, tick)
    if not enemies:
        if player.target >= 0 and (tick - player.last_shot > FORGET_TICKS):
            player.target = -1
        return
    if player.target in enemies and world.players[player.target].health > 0:
        return
    people = world.players

    def off(enemy: int) -> float:
        one = people[enemy]
        turn = abs(angle_between(player.yaw, bearing(player, one.x, one.y)))
        return turn + math.hypot(one.x - player.x, one.y - player.y) / 60.0

    player.target = min(enemies, key=off)
    player.burst = 0
    kind = player.active.weapon.kind if player.active else Kind.KNIFE
    player.at_head = kind not in (Kind.SNIPER, Kind.SHOTGUN) and world.chance(0.2 + 0.4 * player.aim)
    player.react_at = tick + _reaction(world, player, people[player.target])


def _reaction(world: World, player: Player, enemy: Player) -> int:
    """Ticks until the first shot: shorter for the skilled, and where the crosshair waited already."""
    turn = abs(angle_between(player.yaw, bearing(player, enemy.x, enemy.y)))
    seconds = 0.30 - 0.16 * player.aim + float(world.rng.exponential(0.05))
    seconds *= 0.45 if turn < 15.0 and player.moving < 60.0 else 1.0
    seconds += 0.10 if player.moving > 140.0 else 0.0
    return max(4, int(seconds * 64))


def aim_point(player: Player, enemy: Player, lines: int) -> tuple[float, float, float]:
    """The head where only it shows or this fight is fought for it, else the chest."""
    height = 60.0 if player.at_head or not lines & BODY else 45.0
    return enemy.x, enemy.y, enemy.z + height * (1.0 - 0.28 * enemy.duck)


def turn_to(player: Player, yaw: float, pitch: float, share: float) -> float:
    """Turn the view part of the way, at most 560° a second; returns what is left of the turn in degrees."""
    off_yaw, off_pitch = angle_between(player.yaw, yaw), pitch - player.pitch
    limit = TURN_LIMIT * STEP_S
    player.yaw = (player.yaw + min(limit, max(-limit, off_yaw * share)) + 180.0) % 360.0 - 180.0
    player.pitch = min(89.0, max(-89.0, player.pitch + min(limit, max(-limit, off_pitch * share))))
    return math.hypot(angle_between(player.yaw, yaw), pitch - player.pitch)


def aim_at(player: Player, x: float, y: float, z: float, share: float) -> float:
    away = max(1.0, math.hypot(x - player.x, y - player.y))
    pitch = -math.degrees(math.atan2(z - player.z - eye_height(player), away))
    return turn_to(player, bearing(player, x, y), pitch, share)


@dataclass(frozen=True)
class Aim:
    """Who aims at whom: which parts show (HEAD | BODY), how many degrees off the view still is, what hides them."""

    player: Player
    target: Player
    lines: int
    off: float
    cover: Cover | None = None


def shoot(world: World, aims: list[Aim]) -> None:
    """Fire for the ticks of this step."""
    for tick in range(world.tick, world.tick + STEP_TICKS):
        for aim in aims:
            if aim.player.health > 0 and aim.target.health > 0 and _may_fire(aim.player, aim.target, tick, aim.off):
                _fire(world, tick, aim)


def _may_fire(player: Player, target: Player, tick: int, off: float) -> bool:
    thing = player.active
    if thing is None or tick < player.react_at or tick < player.next_shot or tick < player.ready_at:
        return False
    weapon = thing.weapon
    away = math.hypot(target.x - player.x, target.y - player.y)
    if weapon.kind is Kind.KNIFE:
        return away < 72.0
    return weapon.is_gun and thing.clip > 0 and off < 1.5 + 1500.0 / (away + 150.0)


def _fire(world: World, tick: int, aim: Aim) -> None:
    player, target, thing = aim.player, aim.target, aim.player.active
    assert thing is not None
    weapon = thing.weapon
    world.log.event(
        tick,
        "weapon_fire",
        userid=player.slot,
        weapon=f"weapon_{weapon.item}",
        silenced=weapon.item in ("m4a1_silencer", "usp_silencer", "mp5sd"),
    )
    if weapon.clip:
        thing.clip -= 1
        world.ammunition(tick, thing)
    away = math.dist((player.x, player.y, player.z), (target.x, target.y, target.z))
    player.next_shot = tick + _pause(world, player, weapon, away)
    player.last_shot = tick
    player.burst += 1
    if weapon.kind is Kind.KNIFE:
        hurt(world, tick, target, player, weapon.item, 40.0, Hitgroup.CHEST, weapon.armour_ratio)
    else:
        _bullets(world, tick, aim, weapon, away)
    if weapon.item in ("awp", "ssg08"):
        world.scope(player, False, tick)


def _pause(world: World, player: Player, weapon: Weapon, away: float) -> int:
    """Ticks to the next shot: full rate close by, bursts with pauses further off."""
    cycle = math.ceil(weapon.cycle_s * 64)
    if not weapon.automatic:
        return cycle + int(world.rng.integers(2, 9)) + int(away / 400.0)
    length = 3 + int(4_000.0 / (away + 200.0))
    if player.burst >= length and away > 500.0:
        player.burst = 0
        return cycle + int(10 + 8 * world.rng.random())
    return cycle


def _bullets(world: World, tick: int, aim: Aim, weapon: Weapon, away: float) -> None:
    player, target, lines, cover = aim.player, aim.target, aim.lines, aim.cover
    sigma = scatter(world, tick, player, target, weapon, away)
    point = aim_point(player, target, lines)
    reach = max(1.0, away) * math.pi / 180.0
    wide, share = 0.0, 1.0
    if cover is not None:
        sigma = math.hypot(sigma, unseen.SCATTER)
        wide, share = unseen.beside(player, target, cover), unseen.WOOD_DAMAGE**cover.wood
    hits: dict[int, float] = {}
    first = world.rng.standard_normal(2) * sigma
    for _ in range(weapon.pellets):
        own = world.rng.standard_normal(2) * (weapon.spread if weapon.pellets > 1 else 0.0)
        group = hit_group(
            world, (first[0] + own[0]) * reach - wide, point[2] - target.z + (first[1] + own[1]) * reach, target, lines
        )
        if group is not None:
            hits[group] = hits.get(group, 0.0) + bullet_damage(weapon, away, group)
    if not hits:
        return
    group = max(hits, key=lambda one: (hits[one], one))
    hurt(
        world,
        tick,
        target,
        player,
        weapon.item,
        sum(hits.values()) * share,
        group,
        weapon.armour_ratio,
        noscope=weapon.kind is Kind.SNIPER and not player.scoped,
        thrusmoke=cover is not None and cover.smoke,
        penetrated=0 if cover is None else cover.wood,
    )


def scatter(world: World, tick: int, player: Player, target: Player, weapon: Weapon, away: float) -> float:
    """Degrees (one standard deviation) by which a shot misses the point aimed at.

    Skill, the weapon's own spread, own movement, the target's movement, the spray so far and the time since the
    reaction; ``MatchOptions.aim_noise`` scales all but the weapon's own.
    """
    hand = 0.35 + 1.25 * (1.0 - player.aim) ** 1.3
    settled = max(0.0, 0.35 - (tick - player.react_at) / 64.0)
    hand *= 1.0 + 1.1 * settled
    hand += 0.055 * min(8, max(0, player.burst - 2)) * (1.3 - player.aim)
    hand += min(0.9, target.moving / 250.0 * 380.0 / (away + 250.0))
    hand *= COVER if target.covered else 1.0
    run = max(0.0, player.moving / weapon.speed - 0.34)
    own = weapon.spread * (0.8 if player.duck > 0.5 else 1.0) + run * (
        5.5 if weapon.primary and weapon.kind is not Kind.SMG else 2.6
    )
    if weapon.kind is Kind.SNIPER:
        own += 0.0 if player.scoped else 4.0
        hand *= 0.62
    if tick < player.blind_until:
        hand += 7.0
    return math.hypot(hand * world.options.aim_noise, own)


def hit_group(world: World, across: float, height: float, target: Player, lines: int) -> int | None:
    """What a bullet hits that passes ``across`` units beside the middle, ``height`` above the feet; None is a miss."""
    tall = 1.0 - 0.25 * target.duck
    up, side = height / tall, abs(across)
    if up > 57.5:
        return Hitgroup.HEAD if up < 68.0 and side < 4.6 and lines & HEAD else None
    if up < (36.0 if target.covered else 0.0) or not lines & BODY:
        return None
    if up > 39.0:
        if side < 8.5:
            return Hitgroup.CHEST
        return (Hitgroup.LEFT_ARM if across < 0 else Hitgroup.RIGHT_ARM) if side < 13.0 else None
    if up > 28.0:
        return Hitgroup.STOMACH if side < 8.5 else None
    if side < 9.0:
        return Hitgroup.LEFT_LEG if across < 0 else Hitgroup.RIGHT_LEG
    return None


def handle_weapon(world: World, player: Player) -> None:
    """Reload, draw the best gun, scope in: the hands' work of one step."""
    tick = world.tick
    gun = player.gun
    wanted = gun if gun is not None else next((t for t in player.things if t.item.startswith("knife")), None)
    if wanted is not None and wanted.weapon.is_gun and wanted.clip == 0 and wanted.reserve == 0:
        spare = [t for t in player.things if t.weapon.is_gun and t.clip + t.reserve > 0]
        wanted = spare[0] if spare else next((t for t in player.things if t.item.startswith("knife")), None)
    if player.busy != "" or wanted is None:
        return
    if player.active is not wanted and tick >= player.ready_at:
        world.equip(player, wanted)
    _reload(world, player)
    weapon = wanted.weapon
    if weapon.kind is Kind.SNIPER and player.active is wanted:
        still = player.moving < 120.0 and tick >= player.next_shot - 20
        world.scope(player, still and (player.target >= 0 or player.order.pace == "hold"), tick)


def _reload(world: World, player: Player) -> None:
    thing, tick = player.active, world.tick
    if thing is None or not thing.weapon.is_gun:
        return
    weapon = thing.weapon
    if player.reloading:
        if tick >= player.ready_at:
            moved = min(weapon.clip - thing.clip, thing.reserve)
            thing.clip, thing.reserve = thing.clip + moved, thing.reserve - moved
            world.ammunition(tick, thing)
            player.reloading = False
        return
    calm = player.target < 0 and tick - player.last_shot > 90 and thing.clip < weapon.clip * 0.6
    if (thing.clip == 0 or calm) and thing.reserve > 0 and tick >= player.ready_at:
        player.reloading = True
        player.ready_at = tick + int(weapon.reload_s * 64)
        world.scope(player, False, tick)
        world.log.event(tick, "weapon_reload", userid=player.slot)


def keep_inside(world: World, player: Player, x: float, y: float) -> tuple[float, float]:
    """A fighting step never leaves the area one stands in."""
    return world.ground.inside(player.area, x, y, min(RADIUS, 8.0))
