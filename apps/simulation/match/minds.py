"""What each player does next, from the plan, the side's knowledge and the clock. Called a few times a second."""

import math

from apps.simulation.match import bomb as bombs
from apps.simulation.match.grenades import prepare
from apps.simulation.match.ground import EYE, Point
from apps.simulation.match.knowledge import fresh
from apps.simulation.match.movement import give_order
from apps.simulation.match.orders import Order
from apps.simulation.match.people import Player, Role, Thing
from apps.simulation.match.plans import site_of, spot_for
from apps.simulation.match.terrain import Site, Terrain
from apps.simulation.match.world import Bomb, World
from apps.simulation.truth.match import Team


def think(world: World, terrain: Terrain, player: Player) -> None:
    """Give the player an order for the next moments."""
    if player.busy or world.round.end:
        return
    if world.round.warmup or world.round.knives_only:
        _hunt(world, terrain, player)
    elif scavenge(world, player):
        return
    elif player.side == Team.T:
        _think_t(world, terrain, player)
    else:
        _think_ct(world, terrain, player)


def time_left(world: World) -> float:
    return world.options.round_s - (world.tick - world.round.freeze_end) / 64.0


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


def _hunt(world: World, terrain: Terrain, player: Player) -> None:
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


# --- terrorists


def _think_t(world: World, terrain: Terrain, player: Player) -> None:
    bomb = world.round.bomb
    if bomb is None:
        _hunt(world, terrain, player)
    elif bomb.planted:
        _after_plant(world, terrain, player, bomb)
    elif bomb.carrier < 0 and _fetches(world, player, bomb):
        go(world, player, bomb.area, exact=(bomb.x, bomb.y, bomb.z), task="fetch")
    elif _gives_up(world, player):
        _hide(world, terrain, player)
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


def _hide(world: World, terrain: Terrain, player: Player) -> None:
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
    go(world, player, spot, "walk" if near else "run", watch=site.entries[0] if site else terrain.spawn_ct)
    if world.round.plan[Team.T].startswith("fake") and site is not None and player.role in (Role.SUPPORT, Role.LURKER):
        if (world.tick - world.round.freeze_end) > 64 * 20 and world.chance(0.05):
            throw_at_site(world, player, site, 0.9)
    elif world.chance(0.004):
        _throw_at_known(world, player)


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
        _hide(world, terrain, player)
        return
    defuser = next((one for one in world.alive(Team.CT) if one.busy == "defuse"), None)
    if defuser is not None and world.tick > defuser.busy_until - (250 if defuser.kit else 560):
        go(world, player, bomb.area, exact=(bomb.x, bomb.y, bomb.z))
        return
    spots = site.after
    go(world, player, spots[player.index % len(spots)], watch=bomb.area)
    if world.chance(0.01):
        _throw_at_known(world, player)


# --- counter-terrorists


def _think_ct(world: World, terrain: Terrain, player: Player) -> None:
    bomb = world.round.bomb
    if bomb is None:
        _hunt(world, terrain, player)
    elif bomb.planted:
        _retake(world, terrain, player, bomb)
    elif _gives_up_ct(world, player):
        _hide(world, terrain, player)
    else:
        _defend(world, terrain, player, bomb)


def _gives_up_ct(world: World, player: Player) -> bool:
    mates, enemies = len(world.alive(Team.CT)), len(world.alive(Team.T))
    worth = player.primary is not None and player.primary.weapon.price >= 2_500
    planted = world.round.bomb is not None and world.round.bomb.planted
    return worth and planted and player.wits > 0.25 and enemies - mates >= 2


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
    go(world, player, spot, watch=entry)
    _defensive_throw(world, player, site)


def _pressed_site(world: World, terrain: Terrain, bomb: Bomb) -> str:
    """The site near which several Ts or the bomb were noticed lately; "" when unclear."""
    near = {"A": 0.0, "B": 0.0}
    for index, glimpse in world.round.knowledge[Team.CT].items():
        if world.tick - glimpse.tick > 64 * 8:
            continue
        site = terrain.nearest_site(glimpse.area)
        if float(world.ground.distance[glimpse.area, terrain.sites[site].centre]) < 1_700.0:
            near[site] += 1.0 + (1.5 if glimpse.seen and index == bomb.carrier else 0.0)
    best = "A" if near["A"] >= near["B"] else "B"
    return best if near[best] >= 2.0 and near[best] > near["B" if best == "A" else "A"] + 0.5 else ""


def _rotates(world: World, player: Player, pressed: str) -> bool:
    """Everybody but one anchor goes; the slow-witted hesitate."""
    if player.role is Role.ANCHOR and len(world.alive(Team.CT)) > 2:
        return False
    return player.order.task == "rotate" or world.chance(0.15 + 0.5 * player.wits)


def _retake(world: World, terrain: Terrain, player: Player, bomb: Bomb) -> None:
    site = terrain.sites[bomb.site]
    left = (bomb.explodes_at - world.tick) / 64.0
    needed = 5.0 if player.kit else 10.0
    way = float(world.ground.distance[player.area, bomb.area]) / 215.0
    seen_defuse = any(one.busy == "defuse" and one is not player for one in world.alive(Team.CT))
    hopeless = left < needed + way * 0.7 and not seen_defuse and bool(world.alive(Team.T))
    if (hopeless and way > 1.0) or _gives_up_ct(world, player):
        _hide(world, terrain, player)
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


def _defensive_throw(world: World, player: Player, site: Site) -> None:
    early = world.tick - world.round.freeze_end
    if 64 * 6 < early < 64 * 16 and world.chance(0.02) and player.home != "middle":
        kind = "smokegrenade" if world.chance(0.6) else "incgrenade"
        x, y, z = world.ground.middle[site.entries[player.index % len(site.entries)]]
        prepare(world, player, kind, (float(x), float(y), float(z)))
    elif world.chance(0.05 + 0.05 * player.wits):
        _throw_at_known(world, player)


# --- grenades


def throw_at_site(world: World, player: Player, site: Site, eager: float, flash_first: bool = False) -> bool:
    """One grenade for an attack: smoke and fire on defenders' spots, flashes over the site, HE where somebody is."""
    if player.target >= 0 or not world.chance(eager):
        return False
    order = ["smokegrenade", "flashbang", "molotov", "incgrenade", "hegrenade", "decoy"]
    if flash_first:
        order.remove("flashbang")
        order.insert(0, "flashbang")
    kind = next((one for one in order if player.has(one)), None)
    if kind is None:
        return False
    spots = (site.retake, *site.holds) if kind == "smokegrenade" else (*site.holds[:4], site.centre)
    area = spots[int(world.rng.integers(len(spots)))]
    return prepare(world, player, kind, _near_middle(world, area))


def _throw_at_known(world: World, player: Player) -> bool:
    """At an enemy noticed lately who is not in sight."""
    if player.target >= 0:
        return False
    known = [
        one for one in fresh(world, player.side, 3.0) if 350 < math.hypot(one.x - player.x, one.y - player.y) < 1_600
    ]
    kinds = [one for one in ("hegrenade", "molotov", "incgrenade", "flashbang", "smokegrenade") if player.has(one)]
    if not known or not kinds:
        return False
    near = min(known, key=lambda one: math.hypot(one.x - player.x, one.y - player.y))
    kind = kinds[int(world.rng.integers(len(kinds)))]
    return prepare(world, player, kind, (near.x, near.y, near.z))


def _near_middle(world: World, area: int) -> Point:
    x, y, z = world.ground.middle[area]
    dx, dy = world.rng.normal(0.0, 40.0, 2)
    x, y = world.ground.inside(area, float(x + dx), float(y + dy))
    return x, y, float(z)


# --- guns on the ground


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
