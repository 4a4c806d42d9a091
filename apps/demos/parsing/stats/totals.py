"""A player's figures over many recordings: sums of what can be added, and ratios of the sums."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

COUNTS = {
    "rounds_played": "Rounds",
    "kills": "Kills",
    "deaths": "Deaths",
    "assists": "Assists",
    "opening_kills": "Opening kills",
    "clutches_won": "Clutches won",
}
RATIOS = (  # label, over, under, factor, digits
    ("K/D", "kills", "deaths", 1, 2),
    ("ADR", "damage", "rounds_played", 1, 1),
    ("KAST %", "kast_rounds", "rounds_played", 100, 0),
    ("Headshots %", "headshot_kills", "kills", 100, 0),
)


def added(statistics: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """The sum of every count of ``scoreboard.totals``; of its percentages KAST is turned back into rounds."""
    total: Counter[str] = Counter()
    for one in statistics:
        total.update({name: value for name, value in one.items() if type(value) is int})
        total["kast_rounds"] += round(float(one.get("kast", 0)) * int(one.get("rounds_played", 0)) / 100)
    return dict(total)


def figures(sums: Mapping[str, int]) -> list[tuple[str, str]]:
    """Label and text of each figure that the sums allow, in the order of a scoreboard."""
    if not sums.get("rounds_played"):  # no round that somebody finished
        return [(label, "–") for label in (*COUNTS.values(), *(label for label, *_ in RATIOS))]
    found = [(label, f"{sums[name]:,}") for name, label in COUNTS.items() if name in sums]
    for label, over, under, factor, digits in RATIOS:
        if sums.get(under) and over in sums:
            found.append((label, f"{factor * sums[over] / sums[under]:.{digits}f}"))
    return found
