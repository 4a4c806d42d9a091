"""A match with awkward kinds of recording in it."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from apps.simulation.forging.kinds import KINDS
from apps.simulation.match.options import MatchOptions
from apps.simulation.match.simulate import simulate_match
from apps.simulation.truth.match import MatchTruth


def forge(
    seed: int,
    kinds: Iterable[str] = (),
    map_name: str | None = None,
    max_rounds: int | None = None,
    options: MatchOptions | None = None,
) -> MatchTruth:
    """Play a match with what the kinds ask for, then do to it what they do; the same for the same arguments.

    Kinds take effect in the order of ``KINDS``, however they are given. ``map_name`` and ``max_rounds`` go before
    ``options``.

    Raises:
        ValueError: an unknown kind, kinds that cannot be had together, or a match in which one cannot be.
        KeyError: no layout has that name.
    """
    wanted = chosen(kinds)
    options = options or MatchOptions()
    if map_name is not None:
        options = replace(options, map_name=map_name, layout=None)
    if max_rounds is not None:
        options = replace(options, max_rounds=max_rounds)
    return alter(simulate_match(seed, asked(options, wanted)), wanted, seed)


def chosen(kinds: Iterable[str]) -> list[str]:
    """The kinds without repeats, in the order in which they take effect.

    Raises:
        ValueError: as ``forge``.
    """
    given = {kind.strip() for kind in kinds}
    unknown = sorted(given - KINDS.keys())
    if unknown:
        raise ValueError(f"Nobody knows the kind {', '.join(map(repr, unknown))}; there are {', '.join(KINDS)}.")
    for kind in KINDS:
        both = [other for other in KINDS[kind].clashes if other in given]
        if kind in given and both:
            raise ValueError(
                f"A match cannot be both {kind} ({KINDS[kind].line}) and {both[0]} ({KINDS[both[0]].line})."
            )
    return sorted(given, key=lambda kind: (KINDS[kind].order, list(KINDS).index(kind)))


def asked(options: MatchOptions, kinds: Iterable[str]) -> MatchOptions:
    """The options with what the kinds ask of the match."""
    for kind in kinds:
        ask = KINDS[kind].asks
        options = ask(options) if ask else options
    return options


def alter(truth: MatchTruth, kinds: Iterable[str], seed: int) -> MatchTruth:
    """The truth after the kinds' transforms; each has its own random numbers, so one more changes no other."""
    for kind in kinds:
        forges = KINDS[kind].forges
        if forges:
            truth = forges(truth, np.random.default_rng([seed, list(KINDS).index(kind)]))
    return truth
