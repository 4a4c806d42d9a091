"""What a player of a simulated match really did: the five features as ``rewards.md`` computes them for real players."""

from math import dist
from typing import Any

import numpy as np

from apps.simulation.rollouts.behaviour import MOVED, WINDOW_S, enemies_middle, objective_of
from apps.simulation.rollouts.state import WORD_OF, State
from apps.simulation.truth.match import TICK_RATE, MatchTruth


def direction(here: np.ndarray, there: np.ndarray, goal: np.ndarray) -> int:
    """1 nearer by more than ``MOVED`` units, −1 farther, else 0."""
    nearer = dist(here, goal) - dist(there, goal)
    return 1 if nearer > MOVED else -1 if nearer < -MOVED else 0


def shown_behaviour(truth: MatchTruth, tick: int, state: State, player: int) -> dict[str, Any]:
    """The features of the next 15 s, or up to death or decision if sooner; ``state`` is that of ``tick``."""
    health = truth.tracks["health"][:, player]
    first = truth.tracks.row(tick)
    last = truth.tracks.row(_end(truth, tick))
    dead = np.flatnonzero(health[first : last + 1] <= 0)
    alive = last if not len(dead) else first + int(dead[0]) - 1
    end = int(truth.tracks.ticks[min(last, alive + 1)])
    there = np.array([truth.tracks[axis][alive, player] for axis in "xyz"], dtype=float)
    here = state.position[player]
    enemies = enemies_middle(state, player)
    fight = _first_fight(truth, tick, end, player)
    return {
        "movement_direction": 0 if enemies is None else direction(here, there, enemies),
        "objective_direction": direction(here, there, objective_of(state, player)),
        "utility_used": sorted(_thrown(truth, tick, end, player)),
        "initiated_engagement": fight is not None and fight[1],
        "engagement_delay": 1.0 if fight is None else round((fight[0] - tick) / (WINDOW_S * TICK_RATE), 3),
    }


def _end(truth: MatchTruth, tick: int) -> int:
    full = tick + round(WINDOW_S * TICK_RATE)
    ends = [end for end in truth.tables["rounds"]["end_tick"].to_list() if end is not None and end > tick]
    return int(min([full, int(truth.tracks.ticks[-1]), *ends[:1]]))


def _thrown(truth: MatchTruth, tick: int, end: int, player: int) -> set[str]:
    slot = truth.participants[player].slot
    table = truth.tables["projectiles"]
    rows = zip(table["from_tick"], table["kind"], table["thrower"], strict=True)
    return {WORD_OF[kind] for at, kind, thrower in rows if tick < at <= end and thrower == slot}


def _first_fight(truth: MatchTruth, tick: int, end: int, player: int) -> tuple[int, bool] | None:
    """Tick of the first damage between the player and an enemy, and whether the player dealt it."""
    slot = truth.participants[player].slot
    teams = truth.tracks["team"][truth.tracks.row(tick)]
    sides = {person.slot: int(teams[index]) for index, person in enumerate(truth.participants)}
    for event in truth.events:
        if event.name != "player_hurt" or not tick < event.tick <= end:
            continue
        attacker, victim = int(event.fields["attacker"]), int(event.fields["userid"])
        if slot in (attacker, victim):
            other = victim if attacker == slot else attacker
            if sides.get(other, sides[slot]) != sides[slot]:
                return event.tick, attacker == slot
    return None
