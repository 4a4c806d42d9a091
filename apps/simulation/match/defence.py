"""What counter-terrorists do: hold, rotate, retake, defuse, save."""

import math

from apps.simulation.match import bomb as bombs
from apps.simulation.match.errands import go, hide, hunt
from apps.simulation.match.knowledge import fresh
from apps.simulation.match.people import Player, Role
from apps.simulation.match.plans import site_of, spot_for
from apps.simulation.match.terrain import Terrain
from apps.simulation.match.utility import defensive_throw, throw_at_site
from apps.simulation.match.world import Bomb, World
from apps.simulation.truth.match import Team


def think_ct(world: World, terrain: Terrain, player: Player) -> None:
    bomb = world.round.bomb
    if bomb is None:
        hunt(world, terrain, player)
    elif bomb.planted:
        _retake(world, terrain, player, bomb)
    elif _gives_up_ct(world, player):
        hide(world, terrain, player)
    else:
        _defend(world, terrain, player, bomb)


def _gives_up_ct(world: World, player: Player) -> bool:
    mates, enemies = len(world.alive(Team.CT)), len(world.alive(Team.T))
    worth = player.primary is not None and player.primary.weapon.price >= 2_500
    planted = world.round.bomb is not None and world.round.bomb.planted
    return worth and planted and player.wits > 0.25 and enemies - mates >= 2 + int(player.wits < 0.6)


def _defend(world: World, terrain: Terrain, player: Player, bomb: Bomb) -> None:
    pressed = _pressed_site(world, terrain, bomb)
    home = site_of(player.home)
    if pressed and pressed != home and _rotates(world, player, pressed):
        site = terrain.sites[pressed]
        spot = site.holds[player.index % len(site.holds)]
    else:
        spot = spot_for(terrain, player, Team.CT)
        site = terrain.sites.get(home or "A", terrain.sites["A"])
        if player.home.endswith("2") and world.tick - world.round.freeze_end > 64 * 25:
            player.home = home
    entry = next((one for one in site.entries if world.ground.sees[spot, one]), site.entries[0])
    if spot == terrain.middle_ct:
        entry = terrain.middle
    go(world, player, spot, watch=entry)
    defensive_throw(world, player, site)


def _pressed_site(world: World, terrain: Terrain, bomb: Bomb) -> str:
    """The site near which several Ts or the bomb were noticed lately; "" when unclear."""
    near = {"A": 0.0, "B": 0.0}
    for index, glimpse in world.round.knowledge[Team.CT].items():
        if world.tick - glimpse.tick > 64 * 8:
            continue
        site = terrain.nearest_site(glimpse.area)
        if float(world.ground.distance[glimpse.area, terrain.sites[site].centre]) < 2_100.0:
            near[site] += 1.0 + (1.5 if glimpse.seen and index == bomb.carrier else 0.0)
    best = "A" if near["A"] >= near["B"] else "B"
    return best if near[best] >= 1.6 and near[best] > near["B" if best == "A" else "A"] + 0.5 else ""


def _rotates(world: World, player: Player, pressed: str) -> bool:
    """Everybody but one anchor goes; the slow-witted hesitate."""
    if player.role is Role.ANCHOR and len(world.alive(Team.CT)) > 2:
        return False
    return player.order.task == "rotate" or world.chance(0.3 + 0.6 * player.wits)


def _retake(world: World, terrain: Terrain, player: Player, bomb: Bomb) -> None:
    site = terrain.sites[bomb.site]
    left = (bomb.explodes_at - world.tick) / 64.0
    needed = 5.0 if player.kit else 10.0
    way = float(world.ground.distance[player.area, bomb.area]) / 215.0
    seen_defuse = any(one.busy == "defuse" and one is not player for one in world.alive(Team.CT))
    hopeless = left < needed + way * 0.7 and not seen_defuse and bool(world.alive(Team.T))
    if (hopeless and way > 1.0) or _gives_up_ct(world, player):
        hide(world, terrain, player)
        return
    at_bomb = math.hypot(player.x - bomb.x, player.y - bomb.y) < bombs.REACH and abs(player.z - bomb.z) < 50.0
    if at_bomb and not seen_defuse and player.target < 0 and left > needed:
        danger = [one for one in fresh(world, Team.CT, 2.0) if one.seen]
        if not danger or left < needed + 4.0 or not world.alive(Team.T):
            bombs.begin_defuse(world, player)
            return
    mates = world.alive(Team.CT)
    near = sum(1 for mate in mates if float(world.ground.distance[mate.area, bomb.area]) < 1_200.0)
    ready = near >= len(mates) - (len(mates) > 2) or left < needed + way + 9.0
    if ready or seen_defuse:
        _storm(world, terrain, player, bomb, seen_defuse)
    else:
        go(world, player, site.retake, watch=bomb.area)


def _storm(world: World, terrain: Terrain, player: Player, bomb: Bomb, covered: bool) -> None:
    site = terrain.sites[bomb.site]
    if float(world.ground.distance[player.area, site.centre]) < 1_500.0 and world.chance(0.12):
        throw_at_site(world, player, site, 0.7, flash_first=True)
    if covered:
        go(world, player, site.areas[player.index % len(site.areas)], watch=site.after[0])
    else:
        go(world, player, bomb.area, exact=(bomb.x, bomb.y, bomb.z))
