"""Through whose eyes: per tick one player a side, alive, shared out evenly within each round (pitfall 4)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apps.captures.planning.moments import SAMPLE, Moment

RULES = {"one-each": ("T", "CT"), "only-t": ("T",), "only-ct": ("CT",), "everyone": ("T", "CT")}


@dataclass(frozen=True)
class Alive:
    """A player who is alive at some tick."""

    slot: int
    side: str  # "CT" | "T"
    has_bomb: bool = False


@dataclass(frozen=True)
class PlannedTarget:
    tick: int
    round_number: int
    slot: int
    side: str
    why: str


def assign(
    wanted: Sequence[Moment], alive: Mapping[int, Sequence[Alive]], *, rule: str = "one-each", budget: int = 10**9
) -> list[PlannedTarget]:
    """Targets in tick order, at most ``budget``.

    Per tick and side: of the players who had the fewest frames in this round, the bomb carrier first, then whoever
    had the fewest in all. Over budget, events are kept and the samples thinned out evenly.

    Args:
        alive: tick → the players alive then.
        rule: a key of ``RULES``.
    """
    in_round: Counter[tuple[int, int]] = Counter()
    in_all: Counter[int] = Counter()
    planned = []
    for moment in _afford(wanted, alive, rule, budget):
        there = alive.get(moment.tick, ())
        for side in RULES[rule]:
            candidates = sorted(
                (player for player in there if player.side == side),
                key=lambda player: (
                    in_round[moment.round_number, player.slot],
                    not player.has_bomb,
                    in_all[player.slot],
                    player.slot,
                ),
            )
            for player in candidates if rule == "everyone" else candidates[:1]:
                in_round[moment.round_number, player.slot] += 1
                in_all[player.slot] += 1
                planned.append(PlannedTarget(moment.tick, moment.round_number, player.slot, side, moment.why))
    return planned[:budget]


def _afford(wanted: Sequence[Moment], alive: Mapping[int, Sequence[Alive]], rule: str, budget: int) -> list[Moment]:
    """The moments the budget pays for, in tick order."""
    samples = [moment for moment in wanted if moment.why == SAMPLE]
    order = [moment for moment in wanted if moment.why != SAMPLE] + [samples[i] for i in _spread(len(samples))]
    chosen: list[Moment] = []
    spent = 0
    for moment in order:
        price = _price(alive.get(moment.tick, ()), rule)
        if price == 0:
            continue
        if spent + price > budget and chosen:
            break
        chosen.append(moment)
        spent += price
    return sorted(chosen, key=lambda moment: moment.tick)


def _price(there: Sequence[Alive], rule: str) -> int:
    players = [player for player in there if player.side in RULES[rule]]
    return len(players) if rule == "everyone" else len({player.side for player in players})


def _spread(count: int) -> list[int]:
    """0..count−1 in an order whose every beginning is spread evenly (bit-reversed: 0, 4, 2, 6, 1, …)."""
    bits = max(1, (count - 1).bit_length())
    return [i for i in (int(f"{n:0{bits}b}"[::-1], 2) for n in range(1 << bits)) if i < count]
