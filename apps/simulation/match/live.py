"""One round from freeze time to its official end: the loop of steps at 16 Hz with shots at 64 Hz."""

from apps.simulation.match import bomb as bombs
from apps.simulation.match import grenades, unseen
from apps.simulation.match.errands import pick_up_kits
from apps.simulation.match.fights import Aim, aim_at, aim_point, choose_target, handle_weapon, shoot
from apps.simulation.match.ground import CHEST
from apps.simulation.match.knowledge import BODY, HEAD, lines_of_sight, notice
from apps.simulation.match.minds import think
from apps.simulation.match.movement import look, move
from apps.simulation.match.people import Player
from apps.simulation.match.terrain import Terrain
from apps.simulation.match.world import STEP_TICKS, World
from apps.simulation.truth.match import Team

LOOK_EVERY = 2  # steps between two looks for lines of sight
THINK_TICKS = 16


def play(world: World, terrain: Terrain, until: int) -> None:
    """Run steps from the world's tick until ``until``, or until the round is decided."""
    lines: dict[tuple[int, int], int] = {}
    views: dict[int, list[int]] = {}
    step = 0
    decided = world.round.end
    while world.tick < until:
        world.pose(world.tick)
        if step % LOOK_EVERY == 0:
            lines = lines_of_sight(world)
            views = notice(world, lines)
        step += 1
        _people(world, terrain, lines, views)
        grenades.fly(world)
        for tick in range(world.tick, world.tick + STEP_TICKS):
            bombs.work(world, tick)
        _decide(world)
        world.tick += STEP_TICKS
        if world.round.end != decided:
            return


def _people(world: World, terrain: Terrain, lines: dict[tuple[int, int], int], views: dict[int, list[int]]) -> None:
    aims: list[Aim] = []
    for player in world.players:
        if player.health <= 0:
            continue
        enemies = [enemy for enemy in views.get(player.index, ()) if world.players[enemy].health > 0]
        choose_target(world, player, enemies)
        _duties(world, player, bool(enemies))
        if (world.tick // STEP_TICKS + player.index) % (THINK_TICKS // STEP_TICKS) == 0:
            think(world, terrain, player)
        handle_weapon(world, player)
        engaged = player.target in enemies and player.busy != "defuse"
        knife = player.active is not None and not player.active.weapon.is_gun
        hidden = None if engaged else unseen.guess(world, player)
        move(world, player, (engaged and not knife) or hidden is not None)
        if engaged:
            target = world.players[player.target]
            seen = lines.get((player.index, target.index), HEAD | BODY)
            share = 0.45 + 0.3 * player.aim
            off = aim_at(player, *aim_point(player, target, seen), share)
            aims.append(Aim(player, target, seen, off))
        elif hidden is not None:
            target, cover = hidden
            off = aim_at(player, cover.x, cover.y, cover.z + CHEST, 0.45)
            aims.append(Aim(player, target, HEAD | BODY, off, cover))
        else:
            _look(world, player)
    bombs.pick_up(world)
    pick_up_kits(world)
    if aims:
        shoot(world, aims)


def _look(world: World, player: Player) -> None:
    if player.busy == "throw" and player.throw is not None:
        _, x, y, z = player.throw
        aim_at(player, x, y, z + 120.0, 0.3)
    elif player.busy:
        bomb = world.round.bomb
        if bomb is not None and bomb.planted:
            aim_at(player, bomb.x + 12.0, bomb.y, bomb.z, 0.2)
    else:
        look(world, player)


def _duties(world: World, player: Player, enemies: bool) -> None:
    """What one is busy with ends when an enemy shows, unless it is nearly done."""
    if player.busy == "throw":
        if enemies:
            grenades.cancel(world, player)
        elif world.tick >= player.busy_until:
            grenades.release(world, player)
    elif player.busy and enemies and player.busy_until - world.tick > 70:
        sticks = player.busy == "defuse" and player.wits < 0.25
        if not sticks:
            bombs.abort(world, player)


def _decide(world: World) -> None:
    """Eliminations and the clock, checked once per step."""
    state = world.round
    if state.end or state.warmup:
        return
    tick = world.tick + STEP_TICKS - 1
    bomb = state.bomb
    planted = bomb is not None and bomb.planted
    ts, cts = world.alive(Team.T), world.alive(Team.CT)
    if not cts:
        bombs.decide(world, state.last_death, Team.T, "ct_killed")
    elif not ts and not planted:
        bombs.decide(world, state.last_death, Team.CT, "t_killed")
    elif not planted and tick >= state.freeze_end + int(world.options.round_s * 64):
        bombs.decide(world, tick, Team.CT, "time_ran_out")
