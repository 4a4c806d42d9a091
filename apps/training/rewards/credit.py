"""Temporal credit (D016): a frame counts by how near it lies to a decision that led to what settled the round."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .moments import TICKS_PER_SECOND, Moment

TAU_SECONDS = 6.0
CAP = 2.0


@dataclass(frozen=True)
class Decisive:
    """First kill, entry kill, plant or last kill: its tick and the slots of the players who caused it."""

    tick: int
    slots: tuple[int, ...]


def linked_ticks(decisive: Iterable[Decisive], moments: Mapping[int, Sequence[Moment]]) -> list[int]:
    """For each decisive outcome the nearest decision moment of a player who caused it, not after it.

    ``moments`` is slot → decision moments. An outcome without any earlier moment links to nothing.
    """
    found = []
    for outcome in decisive:
        earlier = [m.tick for slot in outcome.slots for m in moments.get(slot, ()) if m.tick <= outcome.tick]
        if earlier:
            found.append(max(earlier))
    return found


def weight(tick: int, linked: Iterable[int], tau: float = TAU_SECONDS) -> float:
    """exp(−|t−d|/τ) to the nearest linked moment d, before or after, in 0..1; 0 when nothing is linked."""
    return max((math.exp(-abs(tick - d) / (tau * TICKS_PER_SECOND)) for d in linked), default=0.0)


def normalised(weights: Sequence[float]) -> list[float]:
    """The weights of one round's samples scaled to mean 1, then capped at 2.

    The seeds' sum of 1 shrank every outcome reward by the number of samples. All zero (nothing linked): all 1.
    """
    mean = sum(weights) / len(weights) if weights else 0.0
    if not mean:
        return [1.0] * len(weights)
    return [min(CAP, value / mean) for value in weights]
