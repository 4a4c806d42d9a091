"""Small orders anybody may get: go somewhere, hide, pick up a better gun."""

import math

from apps.simulation.match.ground import EYE, Point
from apps.simulation.match.knowledge import fresh
from apps.simulation.match.movement import give_order
from apps.simulation.match.orders import Order
from apps.simulation.match.people import Player, Thing
from apps.simulation.match.terrain import Terrain
from apps.simulation.match.world import World
from apps.simulation.truth.match import Team


def go(
    world: World,
    player: Player,
    area: int,
    pace: str = "run",
    watch: int = -1,
    task: str = "",
    exact: Point | None = None,
) -> None:
    """Order to an area: the same spot in it as long as the area stays the same."""
    order = player.order
    watching: Point | None = None
    if watch >= 0:
        x, y, z = world.ground.middle[watch]
        watching = (float(x), float(y), float(z) + EYE)
    if exact is not None:
        spot = (exact[0], exact[1])
    elif order.area == area:
        spot = (order.x, order.y)
    else:
        x0, y0, x1, y1 = world.ground.rects[area]
        u, v = world.rng.random(2)
        spot = world.ground.inside(area, x0 + (x1 - x0) * float(u), y0 + (y1 - y0) * float(v))
    give_order(world, player, Order(spot[0], spot[1], area, pace, task, watching))


def time_left(world: World) -> float:
    return world.options.round_s - (world.tick - world.round.freeze_end) / 64.0


def hide(world: World, terrain: Terrain, player: Player) -> None:
    if player.order.task == "hide":
        return
    danger = [one.area for one in fresh(world, player.side, 15.0)]
    bomb = world.round.bomb
    if bomb is not None and bomb.planted:
        danger.append(bomb.area)

    def worth(area: int) -> float:
        distance = world.ground.distance
        near = min((float(distance[area, one]) for one in danger), default=2_000.0)
        return min(near, 2_500.0) - 0.5 * float(distance[player.area, area])

    go(world, player, max(terrain.hideouts, key=worth), task="hide")


def scavenge(world: World, player: Player) -> bool:
    """Take a better gun lying underfoot, or walk to one close by; true while on the way."""
    if player.target >= 0 or player.busy or not world.kept.lying or world.round.knives_only:
        return False
    own = player.gun
    worth = own.weapon.rank if own is not None and own.clip + own.reserve > 0 else 0
    best, reach = None, 420.0
    for row in world.kept.lying:
        thing, (x, y, z), _ = row
        if thing.weapon.is_gun and thing.weapon.rank >= worth + 600 and thing.clip + thing.reserve > 0:
            away = math.hypot(x - player.x, y - player.y) + 4.0 * abs(z - player.z)
            if away < reach:
                best, reach = row, away
    if best is None:
        return False
    thing, (x, y, z), area = best
    if reach < 40.0:
        _swap(world, player, best)
        return False
    if fresh(world, player.side, 2.0):
        return False
    go(world, player, area, exact=(x, y, z), task="fetch")
    return True


def _swap(world: World, player: Player, row: tuple[Thing, Point, int]) -> None:
    thing = row[0]
    world.kept.lying = [one for one in world.kept.lying if one[0] is not thing]
    for held in list(player.things):
        if held.weapon.is_gun and held.weapon.primary == thing.weapon.primary:
            world.drop(world.tick, player, held)
    world.give(world.tick, thing, player)


def pick_up_kits(world: World) -> None:
    """A CT without a kit takes the one lying underfoot."""
    for spot in list(world.round.kits):
        for player in world.alive(Team.CT):
            if not player.kit and math.dist(spot, (player.x, player.y, player.z)) < 40.0:
                world.round.kits.remove(spot)
                world.kit(player, True)
                world.log.event(world.tick, "item_pickup", userid=player.slot, item="defuser", silent=False)
                break


def hunt(world: World, terrain: Terrain, player: Player) -> None:
    """Knives and warm-up: towards the nearest enemy one knows of, else towards the middle."""
    known = fresh(world, player.side, 20.0)
    if known:
        near = min(known, key=lambda one: (one.x - player.x) ** 2 + (one.y - player.y) ** 2)
        go(world, player, near.area, exact=(near.x, near.y, near.z))
    elif not player.path:
        go(
            world,
            player,
            terrain.middle if player.order.area != terrain.middle else int(world.rng.integers(world.ground.count)),
        )
