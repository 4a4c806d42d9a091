"""Play a whole match."""

from functools import lru_cache

import numpy as np

from apps.simulation.layouts.layout import Layout
from apps.simulation.match.chronicle import Chronicle
from apps.simulation.match.ground import Ground
from apps.simulation.match.options import MatchOptions
from apps.simulation.match.people import gather
from apps.simulation.match.referee import referee
from apps.simulation.match.rules import Score
from apps.simulation.match.terrain import Terrain
from apps.simulation.match.world import Persistent
from apps.simulation.truth.match import Header, MatchTruth


def simulate_match(seed: int, options: MatchOptions | None = None) -> MatchTruth:
    """One match, the same on every machine for the same seed and options.

    Raises:
        KeyError: the catalogue has no layout of that name.
        ValueError: the seed is negative.
    """
    options = options or MatchOptions()
    if seed < 0:
        raise ValueError("the seed must not be negative")
    terrain = terrain_of(options.layout or _catalogue(options.map_name))
    players, participants, names = gather(options, np.random.default_rng([seed, 0]))
    chronicle = Chronicle(len(players))
    umpire = referee(seed, options, terrain, chronicle, Persistent(players, Score()))
    end = umpire.match()
    world = umpire.world
    umpire.ledger.write(world)
    for player in world.players:
        for thing in player.things:
            world.destroy(end + 1, thing)
    for thing, _, _ in world.kept.lying:
        world.destroy(end + 1, thing)
    layout = terrain.ground.layout
    header = Header(options.map_name if options.layout is None else layout.name, names)
    return chronicle.truth(header, seed, participants, layout, convars(options), end)


def _catalogue(name: str) -> Layout:
    from apps.simulation.layouts.catalogue import layout

    found: Layout = layout(name)
    return found


@lru_cache(maxsize=8)
def terrain_of(layout: Layout) -> Terrain:
    """The worked-out layout, kept for the next match on it."""
    return Terrain(Ground(layout))


def convars(options: MatchOptions) -> dict[str, str]:
    """What the server of such a match would announce."""
    minutes = f"{options.round_s / 60:.2f}"
    return {
        "mp_maxrounds": str(options.max_rounds),
        "mp_roundtime": minutes,
        "mp_roundtime_defuse": minutes,
        "mp_freezetime": str(int(options.freeze_s)),
        "mp_c4timer": str(int(options.bomb_s)),
        "mp_startmoney": str(options.start_money),
        "mp_maxmoney": "16000",
        "mp_buytime": "20",
        "mp_halftime": "true",
        "mp_halftime_duration": str(int(options.halftime_s)),
        "mp_round_restart_delay": str(int(options.round_end_s)),
        "mp_overtime_enable": "true" if options.overtime else "false",
        "mp_overtime_maxrounds": str(options.overtime_rounds),
        "mp_overtime_startmoney": str(options.overtime_money),
        "mp_friendlyfire": "true",
        "mp_starting_losses": "1",
    }
