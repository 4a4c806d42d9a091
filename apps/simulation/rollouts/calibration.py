"""Whether roll-outs foretell what really happened: predicted win rates against the rest of the same rounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from apps.simulation.rollouts.state import State, state_at
from apps.simulation.rollouts.value import wilson, win_matrix
from apps.simulation.truth.match import TICK_RATE, MatchTruth, Team

EDGES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)


@dataclass(frozen=True)
class Moment:
    """A state of a match with the match it is from and what came of it."""

    truth: MatchTruth
    tick: int
    state: State
    t_won: bool


@dataclass(frozen=True)
class Bin:
    """Moments whose prediction fell between two edges; ``low`` and ``high`` bound the share that really won."""

    count: int
    predicted: float
    happened: float
    low: float
    high: float


@dataclass(frozen=True)
class Calibration:
    """``brier`` and that of always saying ``base`` (the share of T wins); over single moments."""

    bins: list[Bin]
    brier: float
    brier_base: float
    base: float
    count: int

    @property
    def skill(self) -> float:
        """Brier skill score: 1 is perfect, 0 is no better than the base rate."""
        return 1.0 - self.brier / self.brier_base


def moments(truths: Sequence[tuple[MatchTruth, np.ndarray | None]], count: int, seed: int) -> list[Moment]:
    """``count`` moments of live rounds, spread evenly over the matches; ``truths`` come with their people's skills.

    Both sides have somebody alive; ticks are uniform over what is played.
    """
    rng = np.random.default_rng([seed, 3])
    found: list[Moment] = []
    for number, (truth, skill) in enumerate(truths):
        rounds = truth.tables["rounds"].filter((pl.col("number") > 0) & pl.col("end_tick").is_not_null())
        spans = rounds.select("freeze_end_tick", "end_tick", "winner_side").rows()
        live = np.array([end - start for start, end, _ in spans], dtype=float)
        wanted = count * (number + 1) // len(truths) - count * number // len(truths)
        while wanted > 0:
            start, end, winner = spans[int(rng.choice(len(spans), p=live / live.sum()))]
            tick = int(rng.integers(start + TICK_RATE, max(start + TICK_RATE + 1, end - TICK_RATE // 2)))
            state = state_at(truth, min(tick, end - 1), skill)
            if len(state.living(Team.T)) and len(state.living(Team.CT)):
                found.append(Moment(truth, tick, state, winner == "T"))
                wanted -= 1
    return found


def predicted_t(state: State, n: int, seed: int) -> float:
    """How often Ts win when everybody plays on as the simulated players do."""
    player = int(np.flatnonzero(state.health > 0)[0])
    share = float(win_matrix(state, player, [None], n, seed).mean())
    return share if state.side[player] == Team.T else 1.0 - share


def calibrate(found: Sequence[Moment], n: int, seed: int) -> Calibration:
    """Reliability in bins (``EDGES``) and the Brier score (G. W. Brier 1950).

    Raises:
        ValueError: there are no moments.
    """
    if not found:
        raise ValueError("Calibration needs at least one moment of a match.")
    predicted = np.array([predicted_t(one.state, n, seed + number) for number, one in enumerate(found)])
    happened = np.array([one.t_won for one in found], dtype=float)
    base = float(happened.mean())
    return Calibration(
        reliability(predicted, happened),
        float(((predicted - happened) ** 2).mean()),
        base * (1.0 - base),
        base,
        len(found),
    )


def reliability(predicted: np.ndarray, happened: np.ndarray) -> list[Bin]:
    """The bins that hold anything."""
    bins = []
    for low, high in pairwise(EDGES):
        inside = (predicted >= low) & ((predicted < high) | (high == EDGES[-1]))
        if inside.any():
            wins, count = int(happened[inside].sum()), int(inside.sum())
            bounds = wilson(wins, count)
            bins.append(Bin(count, float(predicted[inside].mean()), wins / count, *bounds))
    return bins
