"""When which grenade is thrown where."""

import math

from apps.simulation.match.grenades import prepare
from apps.simulation.match.ground import Point
from apps.simulation.match.knowledge import fresh
from apps.simulation.match.people import Player
from apps.simulation.match.terrain import Site
from apps.simulation.match.world import World


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


def throw_at_known(world: World, player: Player) -> bool:
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


def defensive_throw(world: World, player: Player, site: Site) -> None:
    early = world.tick - world.round.freeze_end
    if 64 * 6 < early < 64 * 16 and world.chance(0.02) and player.home != "middle":
        kind = "smokegrenade" if world.chance(0.6) else "incgrenade"
        x, y, z = world.ground.middle[site.entries[player.index % len(site.entries)]]
        prepare(world, player, kind, (float(x), float(y), float(z)))
    elif world.chance(0.05 + 0.05 * player.wits):
        throw_at_known(world, player)


def _near_middle(world: World, area: int) -> Point:
    x, y, z = world.ground.middle[area]
    dx, dy = world.rng.normal(0.0, 40.0, 2)
    x, y = world.ground.inside(area, float(x + dx), float(y + dy))
    return x, y, float(z)
