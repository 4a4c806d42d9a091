"""The one player who follows a behaviour: steering, holding fire, throwing; and what the copies then really showed."""

from collections.abc import Sequence

import numpy as np

from apps.simulation.rollouts.behaviour import (
    MOVED,
    WINDOW_S,
    Behaviour,
    enemies_middle,
    goals_or_nearest,
    objective_of,
)
from apps.simulation.rollouts.copies import Cast, Copies
from apps.simulation.rollouts.places import SPOTS
from apps.simulation.rollouts.state import UTILITY
from apps.simulation.rollouts.throwing import throw
from apps.simulation.truth.match import Team

Hits = tuple[np.ndarray, np.ndarray, np.ndarray]  # rows, shooters, targets
THROW_LATEST_S = 2.0  # without a known enemy to throw at


class Focus:
    """``copies`` copies for each of ``behaviours``, one after the other; None is no order, the default policy."""

    def __init__(
        self, cast: Cast, player: int, behaviours: Sequence[Behaviour | None], copies: int, rng: np.random.Generator
    ) -> None:
        self.cast, self.player = cast, player
        self.index = cast.index_of(player)
        luck = rng.random(copies)
        total = len(behaviours) * copies
        self.goal = np.zeros(total, np.int32)
        self.until = np.zeros(total, np.float32)  # of the order; 0: none
        self.moves_from = np.zeros(total, np.float32)
        self.fires_from = np.full(total, np.inf, np.float32)
        self.hides = np.zeros(total, np.bool_)
        self.pending = np.zeros((total, len(UTILITY)), np.bool_)
        self.first_node = np.full(total, cast.node[self.index], np.int32)
        self.last_node = self.first_node.copy()
        self.first_fight = np.full(total, np.inf, np.float32)
        self.dealt_first = np.zeros(total, np.bool_)
        self.thrown = np.zeros((total, len(UTILITY)), np.bool_)
        self.survived = np.zeros(total, np.bool_)
        for number, behaviour in enumerate(behaviours):
            if behaviour is not None:
                self._brief(slice(number * copies, (number + 1) * copies), behaviour, luck)

    def _brief(self, part: slice, behaviour: Behaviour, luck: np.ndarray) -> None:
        areas = goals_or_nearest(self.cast.state, self.player, behaviour)
        self.goal[part] = areas[(luck * len(areas)).astype(int)]
        self.until[part] = np.inf if behaviour.lasting else WINDOW_S
        self.moves_from[part] = 0.0 if behaviour.moves_at_once else behaviour.waits_s
        if behaviour.initiated_engagement:
            self.fires_from[part] = behaviour.waits_s
        self.hides[part] = behaviour.lasting and behaviour.engagement_delay >= 0.95
        self.pending[part] = [word in behaviour.utility_used for word in UTILITY]

    def stand(self, copies: Copies) -> None:
        """Remember where the player stands at the start of every copy."""
        self.first_node = copies.node[:, self.index].copy()
        self.last_node = self.first_node.copy()

    def steer(self, copies: Copies, now: float) -> None:
        """Put the order over what the default policy wants."""
        row = np.flatnonzero(self.until[copies.row] > now)
        one = copies.row[row]
        here = copies.area[row, self.index]
        danger = np.where(copies.planted[row], copies.bomb[row], self._enemy_area(copies)[row])
        goal = np.where(self.hides[one], self.cast.places.hideout[here, danger], self.goal[one])
        copies.goal[row, self.index] = np.where(now >= self.moves_from[one], goal, here)
        copies.quiet[row, self.index] = False

    def _enemy_area(self, copies: Copies) -> np.ndarray:
        foes = self.cast.ct if self.cast.is_t[self.index] else self.cast.t
        if foes.stop == foes.start:
            return copies.bomb
        latest = copies.known_at[:, foes].argmax(axis=1)
        return np.asarray(copies.known_area[np.arange(len(latest)), foes.start + latest])

    def free(self, copies: Copies, now: float) -> np.ndarray:
        """Copies in which no order is in force any more."""
        return np.asarray(self.until[copies.row] <= now)

    def may_fire(self, copies: Copies, now: float) -> np.ndarray:
        """Whoever lets the enemy begin shoots back only once hit."""
        ready = now >= self.fires_from[copies.row]
        return np.asarray(self.free(copies, now) | ready | copies.hurt[:, self.index])

    def throw(self, copies: Copies, now: float, luck: np.ndarray) -> None:
        """The next grenade of the order, at an enemy known nearby, else ahead of where the order leads."""
        waiting = self.pending[copies.row] & (copies.grenades[:, self.index] > 0)
        able = waiting.any(axis=1) & (copies.health[:, self.index] > 0) & (copies.target[:, self.index] < 0)
        able &= (copies.busy_until[:, self.index] <= now) & (now >= self.moves_from[copies.row])
        places = self.cast.places
        area = self._enemy_area(copies)
        gap = places.middle[area, :2] - places.middle[copies.area[:, self.index], :2]
        away = np.sqrt((gap**2).sum(axis=1))
        foes = self.cast.ct if self.cast.is_t[self.index] else self.cast.t
        known = (away > 350.0) & (away < 1_600.0) & (now - copies.known_at[:, foes].max(axis=1, initial=-99.0) < 3.0)
        row = np.flatnonzero(able & (known | (now - self.moves_from[copies.row] >= THROW_LATEST_S)))
        if not len(row):
            return
        kind = waiting[row].argmax(axis=1)
        site = places.near_site[self.goal[copies.row[row]]]
        table = places.holds if self.cast.state.side[self.player] == Team.T else places.entries
        ahead = table[site, (luck[row] * table.shape[1]).astype(int)]
        who = np.full(len(row), self.index)
        throw(self.cast, copies, now, row, who, kind, np.where(known[row], area[row], ahead), luck[row])
        self.pending[copies.row[row], kind] = False

    def note(self, copies: Copies, now: float, hits: Hits, held: np.ndarray) -> None:
        """Remember position, fights and throws of the window. ``held`` are the grenades before the step."""
        alive = copies.health[:, self.index] > 0
        self.survived[copies.row] = alive
        if now > WINDOW_S:
            return
        self.last_node[copies.row[alive]] = copies.node[alive, self.index]
        self.thrown[copies.row] |= copies.grenades[:, self.index] < held
        row, who, other = hits
        mine = (who == self.index) | (other == self.index)
        rows, first = np.unique(row[mine], return_index=True)
        new = np.isinf(self.first_fight[copies.row[rows]])
        self.first_fight[copies.row[rows[new]]] = now
        self.dealt_first[copies.row[rows[new]]] = (who[mine] == self.index)[first][new]

    def features(self) -> dict[str, np.ndarray]:
        """Per copy the five features as the reward computes them (``utility_used``: copies × ``UTILITY``)."""
        state = self.cast.state
        start = state.position[self.player]
        there = self.cast.places.node[self.last_node].astype(float)
        there[self.last_node == self.first_node] = start
        enemies = enemies_middle(state, self.player)
        movement = np.zeros(len(there), int) if enemies is None else _directions(start, there, enemies)
        return {
            "movement_direction": movement,
            "objective_direction": _directions(start, there, objective_of(state, self.player)),
            "utility_used": self.thrown,
            "initiated_engagement": self.dealt_first,
            "engagement_delay": np.minimum(self.first_fight / WINDOW_S, 1.0),
        }


def _directions(start: np.ndarray, there: np.ndarray, goal: np.ndarray) -> np.ndarray:
    nearer = np.linalg.norm(start - goal) - np.linalg.norm(there - goal, axis=1)
    return np.asarray(np.where(nearer > MOVED, 1, np.where(nearer < -MOVED, -1, 0)))


def node_of(area: np.ndarray, spot: np.ndarray) -> np.ndarray:
    """The node of a spot in an area."""
    return np.asarray(area * SPOTS + spot)
