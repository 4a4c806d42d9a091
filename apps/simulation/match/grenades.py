"""Grenades: preparing, flying, and what they do."""

import math

import numpy as np

from apps.simulation.match.ground import EYE, Point
from apps.simulation.match.harm import hurt
from apps.simulation.match.knowledge import angle_between, bearing, eye_height
from apps.simulation.match.people import Player
from apps.simulation.match.world import STEP_TICKS, Cloud, Flight, World

PREPARE_TICKS = 48
SMOKE_RADIUS, SMOKE_TICKS = 144.0, 22 * 64
FIRE_RADIUS, FIRE_TICKS, FIRE_EVERY, FIRE_DAMAGE = 130.0, 7 * 64, 13, 8.0
MATES_TAKE = 0.85  # ff_damage_reduction_grenade
HE_DAMAGE, HE_RADIUS, HE_RATIO = 98.0, 350.0, 1.2
FLASH_FULL_S, FLASH_RANGE = 4.9, 3_000.0
_ARCS = (0.1, 0.28, 0.55)  # how high the way rises, as a share of the distance
_SPEED = 700.0


def prepare(world: World, player: Player, kind: str, spot: Point) -> bool:
    """Take the grenade in hand to throw it at a spot on the ground; False where nothing of that kind is left."""
    thing = next((one for one in player.things if one.item == kind), None)
    if thing is None or player.busy or not 150.0 < math.hypot(spot[0] - player.x, spot[1] - player.y) < 1_900.0:
        return False
    if _arc(world, player, spot, kind) is None:
        return False
    world.equip(player, thing)
    player.busy, player.busy_until, player.throw = "throw", world.tick + PREPARE_TICKS, (thing.id, *spot)
    return True


def cancel(world: World, player: Player) -> None:
    """An enemy shows: back to the gun."""
    player.busy, player.throw = "", None
    gun = player.gun
    if gun is not None:
        world.equip(player, gun)


def _arc(world: World, player: Player, spot: Point, kind: str) -> np.ndarray | None:
    """Nine points of the way, the lowest arc that meets no wall; None where every arc does."""
    start = np.array([player.x, player.y, player.z + eye_height(player)])
    end = np.array([spot[0], spot[1], spot[2] + (90.0 if kind == "flashbang" else 6.0)])
    away = float(np.linalg.norm(end - start))
    share = np.linspace(0.0, 1.0, 9)[:, None]
    for rise in _ARCS:
        points: np.ndarray = start + (end - start) * share
        points[:, 2] += 4.0 * rise * away * (share * (1.0 - share))[:, 0]
        if bool(world.ground.clear(points[:-1], points[1:]).all()):
            return points
    return None


def release(world: World, player: Player) -> None:
    """The prepared grenade leaves the hand."""
    assert player.throw is not None
    id_, x, y, z = player.throw
    thing = next((one for one in player.things if one.id == id_), None)
    player.busy, player.throw = "", None
    if thing is None:
        return
    points = _arc(world, player, (x, y, z), thing.item)
    if points is None:
        return
    tick, kind = world.tick, thing.item
    world.destroy(tick, thing, player)
    world.log.event(tick, "weapon_fire", userid=player.slot, weapon=f"weapon_{kind}", silenced=False)
    player.last_shot = tick - 8
    away = float(np.linalg.norm(points[-1] - points[0]))
    flown = int(64 * min(2.4, max(0.45, away / _SPEED)))
    due = tick + _fuse(kind, flown)
    projectile = world.new_id()
    for index, point in enumerate(points):
        world.log.row("flight", tick + flown * index // (len(points) - 1), projectile, *map(float, point))
    if due > tick + flown:
        world.log.row("flight", due, projectile, *map(float, points[-1]))
    world.log.row("projectiles", projectile, tick, due, kind, player.slot)
    end = points[-1]
    world.round.flights.append(Flight(projectile, kind, player.index, float(end[0]), float(end[1]), float(end[2]), due))


def _fuse(kind: str, flown: int) -> int:
    if kind in ("flashbang", "hegrenade"):
        return max(flown, 104)  # 1.6 s
    return flown if kind in ("molotov", "incgrenade") else flown + 48


def fly(world: World) -> None:
    """Whatever goes off or goes out within this step."""
    until = world.tick + STEP_TICKS
    for flight in [one for one in world.round.flights if one.due < until]:
        world.round.flights.remove(flight)
        _detonate(world, flight)
    for smoke in [one for one in world.round.smokes if one.to_tick < until]:
        world.round.smokes.remove(smoke)
        _end_smoke(world, smoke, smoke.to_tick)
    for fire in list(world.round.fires):
        _burn(world, fire)
        if fire.to_tick < until:
            world.round.fires.remove(fire)
            _end_fire(world, fire, fire.to_tick)


def _where(world: World, cloud: Cloud | Flight) -> dict[str, int | float]:
    thrower = world.players[cloud.thrower].slot
    return {"userid": thrower, "entityid": cloud.id, "x": cloud.x, "y": cloud.y, "z": cloud.z}


def _detonate(world: World, flight: Flight) -> None:
    if flight.kind == "smokegrenade":
        world.log.event(flight.due, "smokegrenade_detonate", **_where(world, flight))
        world.round.smokes.append(_cloud(flight, SMOKE_TICKS, SMOKE_RADIUS))
        for fire in [one for one in world.round.fires if _apart(one, flight) < SMOKE_RADIUS]:
            world.round.fires.remove(fire)
            _end_fire(world, fire, flight.due)
    elif flight.kind in ("molotov", "incgrenade"):
        world.log.event(flight.due, "molotov_detonate", **_where(world, flight))
        if all(_apart(smoke, flight) > SMOKE_RADIUS for smoke in world.round.smokes):
            fire = _cloud(flight, FIRE_TICKS, FIRE_RADIUS)
            world.round.fires.append(fire)
            world.log.event(flight.due, "inferno_startburn", **_where(world, fire))
    elif flight.kind == "hegrenade":
        world.log.event(flight.due, "hegrenade_detonate", **_where(world, flight))
        _blast(world, flight)
    elif flight.kind == "flashbang":
        world.log.event(flight.due, "flashbang_detonate", **_where(world, flight))
        _flash(world, flight)
    else:
        world.log.event(flight.due, "decoy_started", **_where(world, flight))
        world.log.event(flight.due + 64, "decoy_detonate", **_where(world, flight))


def _cloud(flight: Flight, ticks: int, radius: float) -> Cloud:
    return Cloud(flight.id, flight.thrower, flight.x, flight.y, flight.z, flight.due, flight.due + ticks, radius)


def _apart(cloud: Cloud, flight: Flight) -> float:
    return math.dist((cloud.x, cloud.y, cloud.z), (flight.x, flight.y, flight.z))


def _end_smoke(world: World, smoke: Cloud, tick: int) -> None:
    world.log.event(tick, "smokegrenade_expired", **_where(world, smoke))
    thrower = world.players[smoke.thrower].slot
    world.log.row("smokes", smoke.id, smoke.from_tick, tick, thrower, smoke.x, smoke.y, smoke.z)


def _end_fire(world: World, fire: Cloud, tick: int) -> None:
    world.log.event(tick, "inferno_expire", **_where(world, fire))
    thrower = world.players[fire.thrower].slot
    world.log.row("fires", fire.id, fire.from_tick, tick, thrower, fire.x, fire.y, fire.z, fire.radius)


def end_all(world: World, tick: int) -> None:
    """A new round begins: what still flies, smokes or burns is taken away."""
    for smoke in world.round.smokes:
        _end_smoke(world, smoke, tick)
    for fire in world.round.fires:
        _end_fire(world, fire, tick)
    world.round.smokes.clear()
    world.round.fires.clear()
    world.round.flights.clear()


def _free(world: World, flight: Flight, player: Player) -> bool:
    start = np.array([[flight.x, flight.y, flight.z + 10.0]])
    end = np.array([[player.x, player.y, player.z + EYE - 10.0]])
    return bool(world.ground.clear(start, end)[0])


def _harmed(world: World, thrower: int) -> list[tuple[Player, float]]:
    """Everybody alive with the share of a grenade's damage they take: mates of the thrower a little less."""
    own = world.players[thrower]
    spared = [one.side == own.side and one is not own for one in world.players]
    pairs = zip(world.players, spared, strict=True)
    return [(one, MATES_TAKE if mate else 1.0) for one, mate in pairs if one.health > 0]


def _blast(world: World, flight: Flight) -> None:
    for player, share in _harmed(world, flight.thrower):
        away = math.dist((flight.x, flight.y, flight.z), (player.x, player.y, player.z + 36.0))
        if away < HE_RADIUS and _free(world, flight, player):
            damage = share * HE_DAMAGE * math.exp(-(away**2) / (2.0 * (HE_RADIUS / 2.5) ** 2))
            hurt(world, flight.due, player, world.players[flight.thrower], "hegrenade", damage, 0, HE_RATIO)


def _burn(world: World, fire: Cloud) -> None:
    for tick in range(world.tick, min(world.tick + STEP_TICKS, fire.to_tick)):
        if tick > fire.from_tick and (tick - fire.from_tick) % FIRE_EVERY == 0:
            for player, share in _harmed(world, fire.thrower):
                inside = math.hypot(player.x - fire.x, player.y - fire.y) < fire.radius
                if inside and abs(player.z - fire.z) < 90.0:
                    hurt(world, tick, player, world.players[fire.thrower], "inferno", share * FIRE_DAMAGE)


def flash_seconds(away: float, off: float) -> float:
    """How long a flash at ``away`` units, ``off`` degrees beside the view, stays (``m_flFlashDuration``).

    Four steps by angle as in the Source engine, falling off linearly to nothing at 3,000 units.
    """
    share = max(0.0, 1.0 - away / FLASH_RANGE)
    if off < 53.0:
        turn = 1.0
    elif off < 72.0:
        turn = 0.65
    elif off < 101.0:
        turn = 0.35
    else:
        turn = 0.18
    return FLASH_FULL_S * share * turn


def _flash(world: World, flight: Flight) -> None:
    for player in world.players:
        if player.health <= 0:
            continue
        away = math.dist((flight.x, flight.y, flight.z), (player.x, player.y, player.z + EYE))
        if away >= FLASH_RANGE or not _free(world, flight, player):
            continue
        off = abs(angle_between(player.yaw, bearing(player, flight.x, flight.y)))
        if player.side == world.players[flight.thrower].side and off < 101.0:
            off = 101.0 if world.chance(0.85) else off  # mates know of it and look away
        seconds = flash_seconds(away, off)
        if seconds < 0.3:
            continue
        player.blind_until = max(player.blind_until, flight.due + int(seconds * 64 * 0.55))
        player.blind_by = flight.thrower
        world.log.set(flight.due, player.index, "flash_duration", seconds)
        world.log.event(
            flight.due,
            "player_blind",
            userid=player.slot,
            attacker=world.players[flight.thrower].slot,
            entityid=flight.id,
            blind_duration=round(seconds, 4),
        )
