"""What terrorists do: wait, gather, go in, plant, hold the bomb."""

import math

from apps.simulation.match import bomb as bombs
from apps.simulation.match.errands import go, hide, hunt, time_left
from apps.simulation.match.knowledge import fresh
from apps.simulation.match.people import Player, Role
from apps.simulation.match.plans import site_of, spot_for
from apps.simulation.match.terrain import Site, Terrain
from apps.simulation.match.utility import throw_at_known, throw_at_site
from apps.simulation.match.world import Bomb, World
from apps.simulation.truth.match import Team


def think_t(world: World, terrain: Terrain, player: Player) -> None:
    bomb = world.round.bomb
    if bomb is None:
        hunt(world, terrain, player)
    elif bomb.planted:
        _after_plant(world, terrain, player, bomb)
    elif bomb.carrier < 0 and _fetches(world, player, bomb):
        go(world, player, bomb.area, exact=(bomb.x, bomb.y, bomb.z), task="fetch")
    elif _gives_up(world, player):
        hide(world, terrain, player)
    else:
        _attack(world, terrain, player, bomb)


def _fetches(world: World, player: Player, bomb: Bomb) -> bool:
    near = min(world.alive(Team.T), key=lambda one: (float(world.ground.distance[one.area, bomb.area]), one.index))
    return near is player


def _gives_up(world: World, player: Player) -> bool:
    """Outnumbered by three or more, or late and far from planting, with a gun worth keeping."""
    mates, enemies = len(world.alive(Team.T)), len(world.alive(Team.CT))
    worth = player.primary is not None and player.primary.weapon.price >= 2_500
    late = time_left(world) < 18.0 and world.round.plan_state["gathered"] < 2.0
    return worth and player.wits > 0.3 and (enemies - mates >= 3 or (late and enemies > mates))


def _attack(world: World, terrain: Terrain, player: Player, bomb: Bomb) -> None:
    state = world.round.plan_state
    if state["gathered"] == 0.0 and (world.tick >= state["go_at"] or time_left(world) < 42.0 or _first_blood(world)):
        state["gathered"] = 1.0
        state["meet_until"] = world.tick + 64.0 * (0.0 if world.round.plan[Team.T].startswith("rush") else 9.0)
        if state["site"] < 0:
            state["site"] = _weaker_site(world, terrain, player)
    site = terrain.sites["B" if state["site"] == 1.0 else "A"]
    if state["gathered"] == 0.0:
        _wait(world, terrain, player)
    elif state["gathered"] == 1.0:
        _meet(world, player, site)
    else:
        _execute(world, terrain, player, site, bomb)


def _first_blood(world: World) -> bool:
    """An early advantage is used at once."""
    return len(world.alive(Team.CT)) <= len(world.alive(Team.T)) - 2


def _weaker_site(world: World, terrain: Terrain, player: Player) -> float:
    """Where fewer defenders were noticed; the less witty choose by chance."""
    if not world.chance(0.3 + 0.6 * player.wits):
        return float(world.rng.integers(2))
    near = {"A": 0.0, "B": 0.0}
    for glimpse in fresh(world, Team.T, 30.0):
        near[terrain.nearest_site(glimpse.area)] += 1.0
    return float(near["B"] + float(world.rng.random()) * 0.9 < near["A"] + float(world.rng.random()) * 0.9)


def _wait(world: World, terrain: Terrain, player: Player) -> None:
    spot = spot_for(terrain, player, Team.T)
    site = terrain.sites.get(site_of(player.home))
    near = float(world.ground.distance[player.area, spot]) < 900.0
    go(world, player, spot, "walk" if near else "run", watch=site.entries[0] if site else terrain.middle)
    if world.round.plan[Team.T].startswith("fake") and site is not None and player.role in (Role.SUPPORT, Role.LURKER):
        if (world.tick - world.round.freeze_end) > 64 * 20 and world.chance(0.05):
            throw_at_site(world, player, site, 0.9)
    elif world.chance(0.004):
        throw_at_known(world, player)


def _meet(world: World, player: Player, site: Site) -> None:
    """Gather before the site; go when most are there or the time is up."""
    staging = site.staging[-1] if player.home.endswith("2") else site.staging[0]
    go(world, player, staging, watch=site.entries[0])
    mates = world.alive(Team.T)
    there = sum(1 for mate in mates if float(world.ground.distance[mate.area, site.centre]) < 1_500.0)
    state = world.round.plan_state
    if world.tick >= state["meet_until"] or there >= max(1, round(0.75 * len(mates))):
        state["gathered"] = 2.0
        state["went"] = float(world.tick)


def _execute(world: World, terrain: Terrain, player: Player, site: Site, bomb: Bomb) -> None:
    away = float(world.ground.distance[player.area, site.centre])
    if 350.0 < away < 1_700.0 and world.chance(0.10 + 0.18 * player.wits) and throw_at_site(world, player, site, 0.8):
        return
    if bomb.carrier == player.index:
        _carry(world, player, site, bomb)
        return
    state = world.round.plan_state
    if player.role is Role.LURKER and world.tick - state["went"] < 64 * 6:
        _wait(world, terrain, player)
        return
    first = world.tick - state["went"] < 64 * 7
    spots = site.areas if first or player.role is Role.ENTRY else site.after
    area = spots[player.index % len(spots)]
    go(world, player, area, watch=site.retake)


def _carry(world: World, player: Player, site: Site, bomb: Bomb) -> None:
    """The carrier follows the others in and plants when nobody is in sight."""
    state = world.round.plan_state
    if player.area in site.areas:
        threat = player.target >= 0 or any(
            one.seen and math.hypot(one.x - player.x, one.y - player.y) < 900 for one in fresh(world, Team.T, 1.0)
        )
        settled = not player.path or world.tick - state["went"] > 64 * 14
        if settled and (not threat or time_left(world) < 9.0):
            bomb.site = site.name
            bombs.begin_plant(world, player, site.name)
            return
    wait = world.tick - state["went"] < 64 * 2.5 and len(world.alive(Team.T)) > 1 and time_left(world) > 25.0
    if not wait:
        go(world, player, site.areas[player.index % len(site.areas)] if len(site.areas) < 3 else site.centre)


def _after_plant(world: World, terrain: Terrain, player: Player, bomb: Bomb) -> None:
    site = terrain.sites[bomb.site]
    left = (bomb.explodes_at - world.tick) / 64.0
    if left < 7.5 and float(world.ground.distance[player.area, bomb.area]) < 2_200.0:
        hide(world, terrain, player)
        return
    defuser = next((one for one in world.alive(Team.CT) if one.busy == "defuse"), None)
    if defuser is not None and world.tick > defuser.busy_until - (250 if defuser.kit else 560):
        go(world, player, bomb.area, exact=(bomb.x, bomb.y, bomb.z))
        return
    spots = site.after
    go(world, player, spots[player.index % len(spots)], watch=bomb.area)
    if world.chance(0.01):
        throw_at_known(world, player)
