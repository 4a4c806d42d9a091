"""The bomb: picked up, dropped, planted, defused, exploded."""

import math

from apps.simulation.match.armoury import DEFUSER
from apps.simulation.match.economy import DEFUSE_REWARD, PLANT_REWARD
from apps.simulation.match.harm import hurt
from apps.simulation.match.people import Player, Thing
from apps.simulation.match.world import Bomb, World
from apps.simulation.truth.match import Team

PLANT_TICKS = 205  # 3.2 s
DEFUSE_TICKS, KIT_TICKS = 640, 320
BLAST_DAMAGE, BLAST_RADIUS = 500.0, 1_750.0
REACH = 60.0
SITE_NUMBER = {"A": 0, "B": 1}


def hand_out(world: World, carrier: Player) -> None:
    """Give the round's bomb to a T at the start."""
    thing = world.make(world.tick, "c4", carrier)
    world.round.bomb = Bomb(thing, carrier.index)
    world.log.event(world.tick, "bomb_pickup", userid=carrier.slot)


def pick_up(world: World) -> None:
    """A T who stands on the lying bomb takes it."""
    bomb = world.round.bomb
    if bomb is None or bomb.carrier >= 0 or bomb.planted or bomb.gone:
        return
    for player in world.alive(Team.T):
        if math.hypot(player.x - bomb.x, player.y - bomb.y) < 40.0 and abs(player.z - bomb.z) < 60.0:
            world.kept.lying = [row for row in world.kept.lying if row[0] is not bomb.thing]
            world.give(world.tick, bomb.thing, player)
            bomb.carrier = player.index
            world.log.event(world.tick, "bomb_pickup", userid=player.slot)
            return


def begin_plant(world: World, player: Player, site: str) -> None:
    player.busy, player.busy_until = "plant", world.tick + PLANT_TICKS
    player.path = []
    bomb = _held(player)
    if bomb is not None:
        world.equip(player, bomb)
    world.log.event(world.tick, "bomb_beginplant", userid=player.slot, site=SITE_NUMBER[site])


def _held(player: Player) -> Thing | None:
    return next((thing for thing in player.things if thing.item == "c4"), None)


def begin_defuse(world: World, player: Player) -> None:
    player.busy = "defuse"
    player.busy_until = world.tick + (KIT_TICKS if player.kit else DEFUSE_TICKS)
    player.path = []
    world.log.set(world.tick, player.index, "defusing", True)
    world.log.event(world.tick, "bomb_begindefuse", userid=player.slot, haskit=player.kit, kit_price=DEFUSER)


def abort(world: World, player: Player) -> None:
    """Stop planting or defusing."""
    if player.busy == "plant" and world.round.bomb is not None:
        site = SITE_NUMBER.get(world.round.bomb.site, 0)
        world.log.event(world.tick, "bomb_abortplant", userid=player.slot, site=site)
    elif player.busy == "defuse":
        world.log.set(world.tick, player.index, "defusing", False)
        world.log.event(world.tick, "bomb_abortdefuse", userid=player.slot)
    player.busy = ""


def work(world: World, tick: int) -> None:
    """Plants and defuses that are done at ``tick``, and the explosion."""
    for player in world.players:
        if player.busy and player.health > 0 and tick >= player.busy_until:
            if player.busy == "plant":
                _plant(world, tick, player)
            else:
                _defuse(world, tick, player)
    bomb = world.round.bomb
    if bomb is not None and bomb.planted and not bomb.gone and tick >= bomb.explodes_at:
        _explode(world, tick, bomb)


def _plant(world: World, tick: int, player: Player) -> None:
    bomb = world.round.bomb
    player.busy = ""
    if bomb is None or bomb.carrier != player.index or world.round.end:
        return
    bomb.planted, bomb.planter, bomb.planted_at = True, player.index, tick
    bomb.x, bomb.y, bomb.z, bomb.area, bomb.carrier = player.x, player.y, player.z, player.area, -1
    bomb.explodes_at = tick + int(world.options.bomb_s * 64)
    world.destroy(tick, bomb.thing, player)
    world.money(player, PLANT_REWARD, tick)
    world.put(player, "score", player.score + 2, tick)
    world.log.event(tick, "bomb_planted", userid=player.slot, site=SITE_NUMBER[bomb.site])
    world.planted(tick)


def _defuse(world: World, tick: int, player: Player) -> None:
    bomb = world.round.bomb
    player.busy = ""
    world.log.set(tick, player.index, "defusing", False)
    if bomb is None or not bomb.planted or bomb.gone:
        return
    bomb.gone = True
    world.log.event(tick, "bomb_defused", userid=player.slot, site=SITE_NUMBER[bomb.site])
    _plant_row(world, tick, bomb, "defused", player.slot)
    if not world.round.end:
        world.money(player, DEFUSE_REWARD, tick)
        world.put(player, "score", player.score + 2, tick)
        decide(world, tick, Team.CT, "bomb_defused")


def _explode(world: World, tick: int, bomb: Bomb) -> None:
    bomb.gone = True
    world.log.event(tick, "bomb_exploded", userid=world.players[bomb.planter].slot, site=SITE_NUMBER[bomb.site])
    _plant_row(world, tick, bomb, "exploded", -1)
    if not world.round.end:
        decide(world, tick, Team.T, "bomb_exploded")
    for player in world.players:
        if player.health > 0:
            away = math.dist((player.x, player.y, player.z), (bomb.x, bomb.y, bomb.z))
            if away < BLAST_RADIUS:
                damage = BLAST_DAMAGE * math.exp(-(away**2) / (2.0 * (BLAST_RADIUS / 3.0) ** 2))
                hurt(world, tick, player, None, "planted_c4", damage)


def leave(world: World, tick: int) -> None:
    """The round is over with the bomb still ticking: it goes with the round."""
    bomb = world.round.bomb
    if bomb is not None and bomb.planted and not bomb.gone:
        bomb.gone = True
        _plant_row(world, tick, bomb, "round_over", -1)


def _plant_row(world: World, tick: int, bomb: Bomb, outcome: str, defuser: int) -> None:
    planter = world.players[bomb.planter].slot
    world.log.row("plants", bomb.planted_at, tick, bomb.site, planter, defuser, outcome, bomb.x, bomb.y, bomb.z)


def decide(world: World, tick: int, winner: Team, reason: str) -> None:
    """The round is decided; the first decision stands."""
    if world.round.end == 0:
        world.round.end, world.round.winner, world.round.reason = tick, winner, reason
