"""The start of a round for everybody: place, health, what is kept and what is new."""

from apps.simulation.match import grenades
from apps.simulation.match.orders import Order
from apps.simulation.match.people import Player
from apps.simulation.match.world import RoundState, World
from apps.simulation.truth.match import Team

PISTOLS = {Team.T: "glock", Team.CT: "usp_silencer"}
KNIVES = {Team.T: "knife_t", Team.CT: "knife"}


def new_round(world: World, knives_only: bool = False, warmup: bool = False) -> None:
    """Clear the map and put ten people on their spawns at the world's tick; survivors keep what they carry."""
    tick = world.tick
    grenades.end_all(world, tick)
    world.clear_ground(tick)
    world.round = RoundState(start=tick, knives_only=knives_only, warmup=warmup)
    world.log.cut()
    for team in (Team.T, Team.CT):
        layout = world.ground.layout
        spawns = layout.spawns_t if team == Team.T else layout.spawns_ct
        order = world.rng.permutation(len(spawns))
        for player, spawn in zip(world.side(team), order, strict=False):
            spawn_one(world, player, spawns[int(spawn)])
    for player in world.players:
        world.log.set(tick, player.index, "round_start_equipment_value", player.equipment)


def spawn_one(world: World, player: Player, spawn: tuple[float, float, float, float]) -> None:
    """Alive again with full health on a spawn point; knife and pistol are made where missing."""
    tick = world.tick
    world.put(player, "health", 100)
    player.x, player.y, player.z, player.yaw = spawn
    player.area = world.ground.area_at(player.x, player.y, player.z)
    player.z = world.ground.floor[player.area]
    player.pitch = player.duck = player.moving = 0.0
    player.order, player.path, player.path_goal = Order(), [], (0.0, 0.0, -1)
    player.target, player.burst, player.blind_until, player.blind_by = -1, 0, 0, -1
    player.busy, player.throw, player.spent, player.look = "", None, 0, None
    player.next_shot = player.react_at = player.ready_at = tick
    player.last_shot = tick - 10_000
    player.reloading = player.walking = player.covered = False
    player.hurt_by.clear()
    player.seen_since.clear()
    for name in ("cash_spent", "flash_duration", "defusing"):
        world.log.set(tick, player.index, name, 0)
    outfit(world, player)
    world.log.event(tick, "player_spawn", userid=player.slot)


def outfit(world: World, player: Player) -> None:
    """Knife and pistol where missing, magazines full."""
    tick = world.tick
    for thing in list(player.things):
        if thing.item == "c4":
            world.destroy(tick, thing, player)
        elif thing.clip != thing.weapon.clip or thing.reserve != thing.weapon.reserve:
            thing.clip, thing.reserve = thing.weapon.clip, thing.weapon.reserve
            world.ammunition(tick, thing)
    if not player.has(KNIVES[player.side]):
        world.make(tick, KNIVES[player.side], player)
    armed = any(thing.weapon.is_gun and not thing.weapon.primary for thing in player.things)
    if not armed and not world.round.knives_only:
        world.make(tick, PISTOLS[player.side], player)
    gun = player.gun or player.things[0]
    player.active = None
    world.equip(player, gun)
    player.ready_at = tick
    world.value(player, tick)


def strip(world: World, player: Player) -> None:
    """Nothing carried and no armour: half-time, restart, overtime."""
    tick = world.tick
    world.equip(player, None)
    for thing in list(player.things):
        world.destroy(tick, thing, player)
    world.kit(player, False)
    world.armour(player, 0, False)


def give_rifles(world: World) -> None:
    """The warm-up's free guns."""
    for player in world.players:
        if player.alive and player.primary is None:
            rifle = world.make(world.tick, "ak47" if player.side == Team.T else "m4a1", player)
            world.equip(player, rifle)
