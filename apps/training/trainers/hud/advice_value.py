"""What advice is worth: the share of rounds won when it is followed, against the other choices of the moment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from apps.training.rewards.behavior import Behavior, behavior_of
from apps.training.trainers.hud.advice_samples import Option, options_of

HOLD = Behavior(0, 0, frozenset(), True, 0.2)


@dataclass(frozen=True)
class Worth:
    """Shares of rounds won by the player's side; all on the second half of the roll-outs.

    ``best`` is the option that won most in the first half, so that luck is not taken for merit (it is a lower bound of
    what the best is worth); ``usual`` what the simulated player does without orders, ``shown`` the order that stands
    for what this one did, ``hold`` staying and taking the first shot, ``chance`` the mean of all options.
    """

    advised: float
    best: float
    usual: float
    shown: float
    hold: float
    chance: float

    @property
    def regret(self) -> float:
        """What the advice gives up against the best."""
        return self.best - self.advised


def advice_value(line: Mapping[str, Any], behavior: Mapping[str, Any] | Behavior) -> Worth:
    """The worth of following ``behavior`` (``advice.behavior`` of an answer) at the moment of ``line``.

    An order that was not among the options is valued as the nearest of them, as the roll-outs do with an order that the
    map does not allow. What an answer does not say counts as far from everything.

    Raises:
        ValueError: there is nothing to decide at that moment, or the answer advises nothing at all.
    """
    options = options_of(dict(line))
    if not options:
        raise ValueError("Nothing was valued at this moment: no advice can be measured there.")
    told = behavior if isinstance(behavior, Behavior) else behavior_of(behavior)
    if told.is_empty:
        raise ValueError("The answer advises no behaviour.")
    copies = line["copies"]
    first = np.array([one.wins[0] for one in options]) / copies
    second = np.array([one.wins[1] for one in options]) / copies
    return Worth(
        advised=float(second[nearest(options, told)]),
        best=float(second[int(first.argmax())]),
        usual=line["usual"][1] / copies,
        shown=float(second[line["shown_option"]]),
        hold=float(second[nearest(options, HOLD)]),
        chance=float(second.mean()),
    )


def nearest(options: Sequence[Option], told: Behavior) -> int:
    """The option most like ``told``: by directions first, then by how the fight begins, then by grenades."""
    return min(range(len(options)), key=lambda index: (_distance(behavior_of(options[index].behavior), told), index))


def _distance(option: Behavior, told: Behavior) -> tuple[float, float, float]:
    ways = _gap(option.movement_direction, told.movement_direction, 2.0)
    ways += _gap(option.objective_direction, told.objective_direction, 2.0)
    fight = _gap(option.initiated_engagement, told.initiated_engagement, 1.0)
    fight += _gap(option.engagement_delay, told.engagement_delay, 1.0)
    thrown = len((option.utility_used or frozenset()) ^ (told.utility_used or frozenset()))
    return ways, fight, thrown


def _gap(one: float | None, two: float | None, most: float) -> float:
    return most if one is None or two is None else abs(float(one) - float(two))


@dataclass(frozen=True)
class Interval:
    """A mean with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:+.3f} [{self.low:+.3f}, {self.high:+.3f}]"


def by_match(
    worths: Sequence[tuple[int, Worth]], of: Callable[[Worth], float], draws: int = 2_000, seed: int = 0
) -> Interval:
    """The mean of a figure over moments; the bootstrap draws whole matches, since moments of one are not independent.

    Raises:
        ValueError: there are no moments.
    """
    if not worths:
        raise ValueError("A mean needs at least one moment.")
    groups: dict[int, list[float]] = {}
    for match, worth in worths:
        groups.setdefault(match, []).append(of(worth))
    sums = np.array([sum(values) for values in groups.values()])
    sizes = np.array([len(values) for values in groups.values()])
    drawn = np.random.default_rng([seed, 11]).integers(0, len(sums), (draws, len(sums)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return Interval(float(sums.sum() / sizes.sum()), float(low), float(high))
