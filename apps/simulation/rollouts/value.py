"""How often a side wins when one of its players follows a behaviour, and which behaviour wins most."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from apps.simulation.rollouts.behaviour import PLANS, WINDOW_S, Behaviour, possible
from apps.simulation.rollouts.play import Played, play
from apps.simulation.rollouts.state import UTILITY, State

Z95 = 1.959964
DELAY_TOLERANCE = 0.2  # as in the reward


@dataclass(frozen=True)
class Outcome:
    """``wins`` of ``n`` roll-outs, with Wilson's 95 % interval; how often the player lived and kept to each feature."""

    wins: int
    n: int
    low: float
    high: float
    survived: float = 0.0
    kept: dict[str, float] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        return self.wins / self.n


def wilson(wins: int, n: int, z: float = Z95) -> tuple[float, float]:
    """Wilson's score interval of a share (E. B. Wilson 1927, JASA 22:209–212).

    Raises:
        ValueError: ``n`` is not positive.
    """
    if n < 1:
        raise ValueError("A rate needs at least one roll-out.")
    share = wins / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def rollout(state: State, player: int, behaviour: Behaviour | str | None, n: int = 500, seed: int = 0) -> Outcome:
    """``n`` continuations of the round in which ``player`` follows ``behaviour`` for the next 15 s.

    A behaviour, the name of one of ``PLANS``, or None for what the simulated players do anyway; so do all others, and
    the player after the window. The same seed gives the same numbers, and equal luck to every behaviour: differences
    between two calls with one seed and ``n`` are paired.

    Raises:
        KeyError: no plan has that name.
        ValueError: ``n`` is not positive, or the player is dead.
    """
    chosen = PLANS[behaviour] if isinstance(behaviour, str) else behaviour
    played = play(state, player, [chosen], n, seed)
    return _outcome(state, player, chosen, played, 0)


def win_matrix(state: State, player: int, behaviours: Sequence[Behaviour | None], n: int, seed: int) -> np.ndarray:
    """Whether the player's side won, behaviours × copies; columns are paired."""
    return np.asarray(play(state, player, behaviours, n, seed).winner == state.side[player])


def best_behaviour(
    state: State, player: int, n: int = 512, seed: int = 0, options: Sequence[Behaviour] | None = None
) -> list[tuple[Behaviour, Outcome]]:
    """All behaviours that are possible, the best first.

    Successive halving (Karnin, Koren, Somekh 2013): all with few roll-outs, then the better half with twice as many,
    until some have ``n``. A later heat has other luck than the one that selected for it, so the top is not flattered
    by its own selection, except within the last heat. Those that went out earlier follow behind with the numbers of
    their last heat.
    """
    able = list(options) if options is not None else possible(state, player)
    able = able or [Behaviour()]
    copies = max(16, n >> max(0, math.ceil(math.log2(len(able))) - 1))
    ranking: list[tuple[Behaviour, Outcome]] = []
    heat = 0
    while able:
        copies = n if len(able) <= 2 else min(n, copies)
        played = play(state, player, able, copies, seed + 7_919 * heat)
        outcomes = [_outcome(state, player, one, played, index) for index, one in enumerate(able)]
        order = sorted(range(len(able)), key=lambda index: (-outcomes[index].rate, index))
        stay = 0 if copies >= n else (len(able) + 1) // 2
        ranking = [(able[index], outcomes[index]) for index in order[stay:]] + ranking
        able = [able[index] for index in order[:stay]]
        copies, heat = copies * 2, heat + 1
    return ranking


def _outcome(state: State, player: int, behaviour: Behaviour | None, played: Played, index: int) -> Outcome:
    won = played.winner[index] == state.side[player]
    wins, n = int(won.sum()), len(won)
    kept = {} if behaviour is None else kept_features(behaviour, played, index)
    return Outcome(wins, n, *wilson(wins, n), float(played.survived[index].mean()), kept)


def kept_features(behaviour: Behaviour, played: Played, index: int) -> dict[str, float]:
    """The share of the roll-outs that showed each feature as ordered, by the reward's own measure of a match.

    "No fight" (a delay of 1) and "only shoots back" are kept where the player did not begin.
    """
    shown = {name: values[index] for name, values in played.features.items()}
    wanted = np.array([word in behaviour.utility_used for word in UTILITY])
    delay = np.abs(shown["engagement_delay"] - behaviour.engagement_delay) <= DELAY_TOLERANCE + 0.5 / WINDOW_S
    return {
        "movement_direction": float((shown["movement_direction"] == behaviour.movement_direction).mean()),
        "objective_direction": float((shown["objective_direction"] == behaviour.objective_direction).mean()),
        "utility_used": float((shown["utility_used"] == wanted).all(axis=1).mean()),
        "initiated_engagement": float((shown["initiated_engagement"] == behaviour.initiated_engagement).mean()),
        "engagement_delay": float(delay.mean()),
    }
