"""How much the simulated players give up against the best behaviour, and whether choosing matters at all."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from apps.simulation.rollouts.behaviour import Behaviour, behaviour_of, possible
from apps.simulation.rollouts.calibration import Moment
from apps.simulation.rollouts.shown import shown_behaviour
from apps.simulation.rollouts.value import Z95, win_matrix

MOST_OPTIONS = 24  # per moment, drawn evenly from all possible ones


@dataclass(frozen=True)
class Mean:
    """A mean over moments with its 95 % interval (normal approximation)."""

    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.value:+.3f} [{self.low:+.3f}, {self.high:+.3f}]"


@dataclass(frozen=True)
class Choice:
    """One player's moment. Rates are the player's side's; ``best`` was chosen on other roll-outs than it was valued on.

    ``shown`` is the order that stands for what the player did, ``usual`` the simulated player's policy as it is,
    ``chance`` the mean of all options; ``differ`` says that best and worst differ beyond luck (5 % level, also chosen
    on other roll-outs).
    """

    best: float
    shown: float
    usual: float
    chance: float
    worst: float
    differ: bool
    aim: float
    wits: float


@dataclass(frozen=True)
class RegretReport:
    """Regrets are win rates given up against the best option of a moment; ``*_over_chance`` against a random option."""

    choices: list[Choice]
    shown_regret: Mean
    usual_regret: Mean
    shown_over_chance: Mean
    usual_over_chance: Mean
    spread: Mean
    differ: float
    wits: tuple[float, float, float]  # correlation with the regret shown, and its interval
    aim: tuple[float, float, float]


def mean(values: Sequence[float]) -> Mean:
    """Raises ValueError without values."""
    if not len(values):
        raise ValueError("A mean needs at least one moment.")
    array = np.asarray(values, dtype=float)
    half = Z95 * float(array.std(ddof=1)) / math.sqrt(len(array)) if len(array) > 1 else float("inf")
    centre = float(array.mean())
    return Mean(centre, centre - half, centre + half, len(array))


def correlation(one: Sequence[float], two: Sequence[float]) -> tuple[float, float, float]:
    """Pearson's r with the 95 % interval of Fisher's z (R. A. Fisher 1915); (0, −1, 1) where nothing varies."""
    a, b = np.asarray(one, dtype=float), np.asarray(two, dtype=float)
    if len(a) < 5 or a.std() == 0 or b.std() == 0:
        return 0.0, -1.0, 1.0
    r = float(np.corrcoef(a, b)[0, 1])
    z, half = math.atanh(max(-0.999999, min(0.999999, r))), Z95 / math.sqrt(len(a) - 3)
    return r, math.tanh(z - half), math.tanh(z + half)


def choice(moment: Moment, player: int, n: int, seed: int) -> Choice:
    """Value some possible behaviours, the one shown and the usual policy by ``n`` roll-outs of equal luck."""
    state = moment.state
    shown = behaviour_of(shown_behaviour(moment.truth, moment.tick, state, player))
    able = possible(state, player)
    rng = np.random.default_rng([seed, 5])
    if len(able) > MOST_OPTIONS:
        able = [able[index] for index in sorted(rng.choice(len(able), MOST_OPTIONS, replace=False).tolist())]
    if shown not in able:
        able.append(shown)
    orders: list[Behaviour | None] = [*able, None]
    won = win_matrix(state, player, orders, n, seed)
    picks, values = won[:, : n // 2].mean(axis=1), won[:, n // 2 :].mean(axis=1)
    best, worst = int(picks[:-1].argmax()), int(picks[:-1].argmin())
    gap = won[best, n // 2 :].astype(float) - won[worst, n // 2 :]
    error = float(gap.std(ddof=1)) / math.sqrt(len(gap))
    return Choice(
        best=float(values[best]),
        shown=float(values[able.index(shown)]),
        usual=float(values[-1]),
        chance=float(values[:-1].mean()),
        worst=float(values[worst]),
        differ=bool(gap.mean() > Z95 * error) and gap.mean() > 0,
        aim=float(state.skill[player, 0]),
        wits=float(state.skill[player, 1]),
    )


def regret_report(moments: Sequence[Moment], n: int = 200, seed: int = 0) -> RegretReport:
    """One living player of each moment, drawn by chance.

    The best option is chosen on the first half of the roll-outs and valued on the second, so that luck is not taken for
    merit (the winner's curse); what is left over is, if anything, too low a regret.

    Raises:
        ValueError: no moments, or ``n`` below 4.
    """
    if n < 4 or not len(moments):
        raise ValueError("Regret needs at least one moment and four roll-outs each.")
    rng = np.random.default_rng([seed, 4])
    players = [int(rng.choice(np.flatnonzero(one.state.health > 0))) for one in moments]
    found = [choice(one, who, n, seed + at) for at, (one, who) in enumerate(zip(moments, players, strict=True))]
    regrets = [one.best - one.shown for one in found]
    return RegretReport(
        choices=found,
        shown_regret=mean(regrets),
        usual_regret=mean([one.best - one.usual for one in found]),
        shown_over_chance=mean([one.shown - one.chance for one in found]),
        usual_over_chance=mean([one.usual - one.chance for one in found]),
        spread=mean([one.best - one.worst for one in found]),
        differ=float(np.mean([one.differ for one in found])),
        wits=correlation([one.wits for one in found], regrets),
        aim=correlation([one.aim for one in found], regrets),
    )
