"""Figures about groups of rewards: does a signal tell the answers to one prompt apart?"""

import math
from collections.abc import Mapping, Sequence
from statistics import fmean, pstdev

ZERO = 1e-6
Rewards = Sequence[float | None]


def known(values: Rewards) -> list[float]:
    """The values without None and NaN."""
    return [value for value in values if value is not None and math.isfinite(value)]


def grouped(values: Rewards, size: int) -> list[list[float]]:
    """Consecutive groups of ``size`` answers to the same prompt, unknown values left out."""
    return [known(values[start : start + size]) for start in range(0, len(values), size)]


def spread(values: Rewards, size: int) -> dict[str, float | None]:
    """``mean``, ``std`` over the batch, ``group_std`` (mean std within groups), ``zero_spread`` (share of groups)."""
    flat = known(values)
    within = [pstdev(group) for group in grouped(values, size) if len(group) > 1]
    return {
        "mean": fmean(flat) if flat else None,
        "std": pstdev(flat) if flat else None,
        "group_std": fmean(within) if within else None,
        "zero_spread": fmean(std < ZERO for std in within) if within else None,
    }


def gradient_shares(signals: Mapping[str, Rewards], weights: Mapping[str, float], size: int) -> dict[str, float]:
    """Each signal's share (0..1) of the advantage: mean |weight · (reward − its group's mean)|, over their sum."""
    pull = {name: weights[name] * _mean_deviation(values, size) for name, values in signals.items()}
    whole = sum(pull.values())
    return {name: value / whole if whole > ZERO else 0.0 for name, value in pull.items()}


def _mean_deviation(values: Rewards, size: int) -> float:
    away = [abs(value - fmean(group)) for group in grouped(values, size) if group for value in group]
    return fmean(away) if away else 0.0


def total(signals: Mapping[str, Rewards], weights: Mapping[str, float]) -> list[float | None]:
    """The weighted sum per answer; None where no signal could tell."""
    columns = [[None if v is None else weights[name] * v for v in values] for name, values in signals.items()]
    rows = [known(row) for row in zip(*columns, strict=True)]
    return [sum(row) if row else None for row in rows]
