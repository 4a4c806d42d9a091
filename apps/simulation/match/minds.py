"""What each player does next, from the plan, the side's knowledge and the clock. Called a few times a second."""

from apps.simulation.match.attack import think_t
from apps.simulation.match.defence import think_ct
from apps.simulation.match.errands import hunt, scavenge
from apps.simulation.match.people import Player
from apps.simulation.match.terrain import Terrain
from apps.simulation.match.world import World
from apps.simulation.truth.match import Team


def think(world: World, terrain: Terrain, player: Player) -> None:
    """Give the player an order for the next moments."""
    if player.busy or world.round.end:
        return
    if world.round.warmup or world.round.knives_only:
        hunt(world, terrain, player)
    elif scavenge(world, player):
        return
    elif player.side == Team.T:
        think_t(world, terrain, player)
    else:
        think_ct(world, terrain, player)
