"""What a player may do over the next seconds, in the five features of the decision reward, and where that leads."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from apps.simulation.rollouts.state import UTILITY, State
from apps.simulation.truth.match import Team

WINDOW_S = 15.0  # of the features
MOVED = 150.0  # units nearer or farther that count as a direction
RUN = 215.0  # units a second with a rifle
DELAYS = (0.2, 0.6, 1.0)  # the reward's tolerance is 0.2, so these three levels stand for all


@dataclass(frozen=True)
class Behaviour:
    """The features of ``advice.behavior``, taken as an order.

    Towards (1) or away from (−1) where the living enemies are now, the same for the bomb on the ground or else the
    nearest site; the grenades to throw (each of them once, no other); whether to seek the first shot or only to shoot
    back; the share of the window before any shot of one's own, 1 for none at all. ``lasting`` goes on until the round's
    end.
    """

    movement_direction: int = 0
    objective_direction: int = 0
    utility_used: frozenset[str] = frozenset()
    initiated_engagement: bool = True
    engagement_delay: float = 0.2
    lasting: bool = False

    def __post_init__(self) -> None:
        """Raises ValueError for a value that the features do not have."""
        if {self.movement_direction, self.objective_direction} - {-1, 0, 1}:
            raise ValueError("A direction is -1, 0 or 1.")
        if unknown := self.utility_used - set(UTILITY):
            raise ValueError(f"There is no grenade {', '.join(sorted(unknown))}; known are {', '.join(UTILITY)}.")
        if not 0.0 <= self.engagement_delay <= 1.0:
            raise ValueError("The delay is a share of the window, between 0 and 1.")

    @property
    def waits_s(self) -> float:
        """Seconds before one's own shots: the earliest that the reward's tolerance takes for this delay."""
        return max(0.0, self.engagement_delay - DELAYS[0]) * WINDOW_S

    @property
    def moves_at_once(self) -> bool:
        """Who wants no fight, or goes away from it, does not wait before walking."""
        return self.movement_direction == -1 or not self.initiated_engagement

    @property
    def words(self) -> str:
        """For people: "towards enemies, away from the objective, flash, first shot from 3 s on"."""
        ways = {1: "towards", 0: "beside", -1: "away from"}
        thrown = "+".join(sorted(self.utility_used)) or "nothing thrown"
        if self.engagement_delay >= 0.95 and not self.initiated_engagement:
            fight = "no fight"
        else:
            fight = f"first shot from {self.waits_s:.0f} s on" if self.initiated_engagement else "only shoots back"
        moves = f"{ways[self.movement_direction]} enemies, {ways[self.objective_direction]} objective"
        return f"{moves}, {thrown}, {fight}{', to the end' if self.lasting else ''}"


PLANS: dict[str, Behaviour] = {
    "attack": Behaviour(1, 1),
    "attack_behind_flash": Behaviour(1, 1, frozenset({"flash"})),
    "attack_behind_smoke": Behaviour(1, 1, frozenset({"smoke"})),
    "wait_then_attack": Behaviour(1, 1, engagement_delay=0.6),
    "hold": Behaviour(0, 0),
    "hold_quietly": Behaviour(0, 0, initiated_engagement=False),
    "fall_back": Behaviour(-1, 0, initiated_engagement=False, engagement_delay=0.6),
    "save": Behaviour(-1, -1, initiated_engagement=False, engagement_delay=1.0, lasting=True),
}


def behaviour_of(features: Mapping[str, Any]) -> Behaviour:
    """The order that stands for features someone showed: the delay on its level, a fight that nobody began as none."""
    delay = float(features["engagement_delay"])
    began = bool(features["initiated_engagement"])
    level = min(DELAYS[:2] if began else DELAYS, key=lambda one: abs(one - delay))
    return Behaviour(
        int(features["movement_direction"]),
        int(features["objective_direction"]),
        frozenset(features["utility_used"]),
        began,
        level,
    )


def objective_of(state: State, player: int) -> np.ndarray:
    """Where the round is decided, a point: the bomb on the ground, else the site nearest to the player."""
    if state.planted or state.carrier < 0:
        return np.array(state.bomb)
    terrain = state.terrain
    here = state.position[player]
    centres = [terrain.ground.middle[site.centre] for site in terrain.sites.values()]
    return np.asarray(min(centres, key=lambda centre: float(np.linalg.norm(here - centre))))


def enemies_middle(state: State, player: int) -> np.ndarray | None:
    """Where the living enemies are on average; None without any."""
    foes = state.living(Team.CT if state.side[player] == Team.T else Team.T)
    return state.position[foes].mean(axis=0) if len(foes) else None


def goals(state: State, player: int, behaviour: Behaviour, most: int = 4) -> np.ndarray:
    """Areas within reach whose directions are the behaviour's, the best first; empty when there is none.

    Who wants the first shot prefers places with a view of where enemies stand, everybody else places few others see. On
    the way to the objective the nearest to it is best.
    """
    ground, area = state.terrain.ground, state.area
    here, start = int(area[player]), state.position[player]
    foes = state.living(Team.CT if state.side[player] == Team.T else Team.T)
    reach = (WINDOW_S - 1.5 - (0.0 if behaviour.moves_at_once else behaviour.waits_s)) * RUN
    good = ground.distance[here] <= max(reach, 1.0)
    # a margin, because one stops anywhere in the area
    enemy = enemies_middle(state, player)
    if enemy is None:
        good &= behaviour.movement_direction == 0
    else:
        good &= _direction(ground.middle, start, enemy) == behaviour.movement_direction
    objective = objective_of(state, player)
    good &= _direction(ground.middle, start, objective) == behaviour.objective_direction
    found = np.flatnonzero(good)
    cost = ground.distance[here, found] / 4_000.0
    seen = ground.sees[found][:, area[foes]].sum(axis=1) if len(foes) else 0.0
    if behaviour.initiated_engagement:
        cost = cost - 0.25 * np.minimum(seen, 2) + ground.sees[found].mean(axis=1)
    else:
        cost = cost + 0.5 * np.minimum(seen, 2) + 2.0 * ground.sees[found].mean(axis=1)
    if behaviour.objective_direction == 1:
        cost = cost + np.linalg.norm(ground.middle[found] - objective, axis=1) / 1_000.0
        if _has_work(state, player) and state.terrain.ground.area_at(*objective) in found:
            return np.array([state.terrain.ground.area_at(*objective)])
    return np.asarray(found[np.argsort(cost, kind="stable")][:most])


def _has_work(state: State, player: int) -> bool:
    """Whether the player would plant or defuse at the objective, or pick the bomb up."""
    is_t = state.side[player] == Team.T
    return bool(not is_t if state.planted else is_t and state.carrier in (player, -1))


def goals_or_nearest(state: State, player: int, behaviour: Behaviour) -> np.ndarray:
    """``goals``; where there are none those of the likest directions; never empty."""
    wanted = (behaviour.movement_direction, behaviour.objective_direction)
    ways = sorted(product((-1, 0, 1), repeat=2), key=lambda way: abs(way[0] - wanted[0]) + abs(way[1] - wanted[1]))
    for movement, objective in ways:
        found = goals(state, player, replace(behaviour, movement_direction=movement, objective_direction=objective))
        if len(found):
            return found
    return state.area[player : player + 1]


def _direction(middle: np.ndarray, start: np.ndarray, to: np.ndarray) -> np.ndarray:
    nearer = np.linalg.norm(start - to) - np.linalg.norm(middle - to, axis=1)
    return np.where(nearer > MOVED, 1, np.where(nearer < -MOVED, -1, 0))


def possible(state: State, player: int) -> list[Behaviour]:
    """Every combination of the features that the map, the time and the player's grenades allow.

    The directions need a place to go to; at most one grenade; the first shot cannot be "none".
    """
    thrown = [frozenset[str]()]
    thrown += [frozenset({word}) for index, word in enumerate(UTILITY) if state.grenades[player, index] > 0]
    fights = [(True, 0.2), (True, 0.6), (False, 0.2), (False, 1.0)]
    found = []
    for movement, objective, (began, delay) in product((-1, 0, 1), (-1, 0, 1), fights):
        order = Behaviour(movement, objective, initiated_engagement=began, engagement_delay=delay)
        if len(goals(state, player, order)):
            found += [replace(order, utility_used=utility) for utility in thrown]
    return found
