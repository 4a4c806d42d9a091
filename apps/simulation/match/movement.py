"""Walking along the ways of the ground, at the speeds the weapon in hand allows."""

import math

from apps.simulation.match.armoury import WALK
from apps.simulation.match.fights import aim_at, keep_inside, turn_to
from apps.simulation.match.ground import EYE
from apps.simulation.match.knowledge import bearing
from apps.simulation.match.orders import Order
from apps.simulation.match.people import Player
from apps.simulation.match.world import STEP_S, World
from apps.simulation.truth.match import Team

CLIMB = 180.0  # units a second up and down steps


def give_order(world: World, player: Player, order: Order) -> None:
    """A new order; the way there is worked out only when the goal is another one."""
    player.order = order
    goal = (order.x, order.y, order.area)
    if order.area >= 0 and goal != player.path_goal:
        player.path_goal = goal
        x0, y0, x1, y1 = world.ground.rects[player.area]
        if not (x0 <= player.x <= x1 and y0 <= player.y <= y1):  # stopped just beyond an edge
            player.area = world.ground.area_at(player.x, player.y, player.z)
        player.path = [
            (point.x, point.y, point.area) for point in world.ground.way(player.x, player.y, player.area, goal)
        ]


def _behind_cover(world: World, player: Player) -> bool:
    """Who has reached the spot to hold stands behind something; after a plant everybody has to show."""
    bomb = world.round.bomb
    return not player.path and player.order.watch is not None and not (bomb is not None and bomb.planted)


def top_speed(player: Player) -> float:
    if player.active is None:
        return 250.0
    speed = player.active.weapon.speed
    return speed * 0.6 if player.scoped else speed


def move(world: World, player: Player, engaged: bool) -> None:
    """One step of movement; whoever is engaged stops and strafes a little instead."""
    before = (player.x, player.y)
    fixed = player.busy != ""
    if engaged and not fixed:
        _strafe(world, player)
    elif not fixed:
        _advance(world, player)
    player.covered = _behind_cover(world, player) and not fixed
    player.moving = math.hypot(player.x - before[0], player.y - before[1]) / STEP_S
    floor = world.ground.floor[player.area]
    climb = CLIMB * STEP_S
    player.z += min(climb, max(-climb, floor - player.z))
    crouch = fixed or (engaged and player.strafe == 0.0 and player.burst > 5)
    player.duck = min(1.0, max(0.0, player.duck + (0.3 if crouch else -0.3)))


def _strafe(world: World, player: Player) -> None:
    """A short sidestep between bursts; standing while shooting."""
    player.walking = False
    if world.tick >= player.next_shot - 6 or player.strafe == 0.0:
        if world.tick % 32 == 0:
            player.strafe = float(world.rng.choice((-1.0, 0.0, 0.0, 1.0)))
        return
    side = math.radians(player.yaw + 90.0)
    step = 0.4 * top_speed(player) * STEP_S * player.strafe
    x, y = player.x + math.cos(side) * step, player.y + math.sin(side) * step
    if keep_inside(world, player, x, y) == (x, y):
        player.x, player.y = x, y


def _advance(world: World, player: Player) -> None:
    player.walking = player.order.pace == "walk" and bool(player.path)
    left = top_speed(player) * STEP_S * (WALK if player.walking else 1.0)
    while player.path and left > 0.0:
        x, y, area = player.path[0]
        away = math.hypot(x - player.x, y - player.y)
        if _burning(world, player, x, y, area):
            return
        if away <= left:
            player.x, player.y, player.area = x, y, area
            left -= away
            player.path.pop(0)
        else:
            share = left / away
            player.x, player.y = player.x + (x - player.x) * share, player.y + (y - player.y) * share
            left = 0.0


def _burning(world: World, player: Player, x: float, y: float, area: int) -> bool:
    """A fire in the way stops whoever is not yet in it."""
    for fire in world.round.fires:
        if abs(fire.z - player.z) > 100:
            continue
        now = math.hypot(player.x - fire.x, player.y - fire.y)
        away = math.hypot(x - player.x, y - player.y)
        share = min(1.0, 40.0 / away) if away > 0 else 1.0
        ahead = math.hypot(player.x + (x - player.x) * share - fire.x, player.y + (y - player.y) * share - fire.y)
        if fire.radius + 10 > ahead and ahead < now and now > fire.radius * 0.8:
            return True
    return False


def look(world: World, player: Player) -> None:
    """Where somebody looks who has nobody to shoot: at known enemies nearby, the angle held, or ahead."""
    glimpse = _worry(world, player)
    if glimpse is not None:
        aim_at(player, *glimpse, 0.4)
        return
    if player.path:
        index = min(2, len(player.path) - 1)
        x, y, area = player.path[index]
        if math.hypot(x - player.x, y - player.y) > 24.0:
            z = player.z + EYE + (world.ground.floor[area] - player.z) * 0.7
            aim_at(player, x, y, z, 0.22)
        return
    if player.order.watch is not None:
        aim_at(player, *player.order.watch, 0.22)
        return
    _look_about(world, player)


def _worry(world: World, player: Player) -> tuple[float, float, float] | None:
    best, found = 1_300.0, None
    for index, glimpse in world.round.knowledge[player.side].items():
        if world.tick - glimpse.tick > (160 if glimpse.seen else 64) or world.players[index].health <= 0:
            continue
        away = math.hypot(glimpse.x - player.x, glimpse.y - player.y)
        if 40.0 < away < best and world.ground.sees[player.area, glimpse.area]:
            best, found = away, (glimpse.x, glimpse.y, glimpse.z + 58.0)
    return found


def _look_about(world: World, player: Player) -> None:
    if player.look is None or world.tick % 96 == player.index * 4:
        goal = (
            world.ground.middle[player.path_goal[2]] if player.path_goal[2] >= 0 else world.ground.middle[player.area]
        )
        enemy = world.ground.layout.spawns_ct[0] if player.side == Team.T else world.ground.layout.spawns_t[0]
        towards = bearing(player, enemy[0], enemy[1]) if goal is not None else player.yaw
        player.look = towards + float(world.rng.normal(0.0, 35.0))
    turn_to(player, player.look, 0.0, 0.12)
