"""Shots at an enemy who cannot be seen: through smoke or through wood, at where they were a moment ago."""

import math
from dataclasses import dataclass

import numpy as np

from apps.simulation.match.armoury import Kind
from apps.simulation.match.ground import CHEST
from apps.simulation.match.knowledge import bearing, eye_height, through_smoke
from apps.simulation.match.people import Player
from apps.simulation.match.world import Glimpse, World

MEMORY_TICKS = 48  # how old a sight or sound may be to be fired at
REACH = 1_500.0
BEGIN = 0.10  # chance per step to begin
SCATTER = 1.6  # degrees on top of the hand's own: one guesses
WOOD_DAMAGE = 0.6  # share of a bullet's damage behind a wooden box
_KINDS = (Kind.RIFLE, Kind.SMG, Kind.PISTOL, Kind.MACHINE_GUN)


@dataclass(frozen=True)
class Cover:
    """What a shot goes through, and where the shooter believes the enemy's feet are."""

    x: float
    y: float
    z: float
    smoke: bool
    wood: int  # boxes


def guess(world: World, player: Player) -> tuple[Player, Cover] | None:
    """Whom ``player``, who sees nobody, fires at all the same; None for nobody, which is the rule."""
    thing, tick = player.active, world.tick
    if thing is None or thing.weapon.kind not in _KINDS or thing.clip < 3 or player.busy or world.round.knives_only:
        return None
    if tick >= player.unseen_until:
        player.unseen = -1
        known = _freshest(world, player)
        if known is None or not world.chance(BEGIN):
            return None
        player.unseen, player.unseen_until = known, tick + int(world.rng.integers(16, 45))
        player.react_at = max(player.react_at, tick + 6)
    glimpse = world.round.knowledge[player.side].get(player.unseen)
    enemy = world.players[player.unseen]
    if glimpse is None or enemy.health <= 0:
        player.unseen_until = tick
        return None
    cover = _between(world, player, glimpse)
    if cover is None:
        player.unseen_until = tick
        return None
    return enemy, cover


def beside(player: Player, enemy: Player, cover: Cover) -> float:
    """By how many units the enemy stands beside the line to where they are believed to be, to the left positive."""
    off = math.radians(bearing(player, enemy.x, enemy.y) - bearing(player, cover.x, cover.y))
    return math.hypot(enemy.x - player.x, enemy.y - player.y) * math.sin(off)


def _freshest(world: World, player: Player) -> int | None:
    found = [
        (-glimpse.tick, index)
        for index, glimpse in world.round.knowledge[player.side].items()
        if world.tick - glimpse.tick <= MEMORY_TICKS
        and world.players[index].health > 0
        and math.hypot(glimpse.x - player.x, glimpse.y - player.y) < REACH
    ]
    return min(found)[1] if found else None


def _between(world: World, player: Player, glimpse: Glimpse) -> Cover | None:
    """What stands between eyes and chest there, if bullets go through all of it; None where one could simply see."""
    start = np.array([[player.x, player.y, player.z + eye_height(player)]])
    end = np.array([[glimpse.x, glimpse.y, glimpse.z + CHEST]])
    wood = world.ground.wooden_boxes(start[0], end[0])
    smoke = bool(through_smoke(world, start, end)[0])
    if wood is None or not (smoke or wood):
        return None
    return Cover(glimpse.x, glimpse.y, glimpse.z, smoke, wood)
