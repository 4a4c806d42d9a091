"""A player's figures over many recordings, from sums of what can be added."""

from collections.abc import Mapping


def figures(sums: Mapping[str, int]) -> list[tuple[str, str]]:
    """Label and text of each figure that the sums allow, in the order of a scoreboard; ratios are of the sums."""
    found = [(label, f"{sums[name]:,}") for name, label in COUNTS.items() if name in sums]
    for label, over, under, factor, digits in RATIOS:
        if sums.get(under) and over in sums:
            found.append((label, f"{factor * sums[over] / sums[under]:.{digits}f}"))
    return found


COUNTS = {"rounds": "Rounds", "kills": "Kills", "deaths": "Deaths", "assists": "Assists"}
RATIOS = (
    ("K/D", "kills", "deaths", 1, 2),
    ("ADR", "damage", "rounds", 1, 1),
    ("KAST %", "kast_rounds", "rounds", 100, 0),
    ("Headshots %", "headshots", "kills", 100, 0),
)
