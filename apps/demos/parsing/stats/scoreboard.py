"""The scoreboard: sums of the statistics per round over the rounds that count."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from apps.demos.parsing.stats.book import COUNTS


def scoreboard(rows: pl.DataFrame, halves: Mapping[int, int]) -> dict[int, dict[str, Any]]:
    """Slot → the statistics of the stretches that count; ``halves`` maps their ordinals to the half they are in.

    Of each slot: the numbers of :func:`totals`, and the same by side under ``"sides"`` ("CT", "T") and by half
    under ``"halves"`` ("1", "2" …), where there was one.
    """
    found: dict[int, dict[str, Any]] = {}
    counted = rows.filter(pl.col("ordinal").is_in(list(halves)))
    for (slot,), mine in counted.group_by("slot", maintain_order=True):
        lines = mine.to_dicts()
        sides = {side: [line for line in lines if line["side"] == side] for side in ("CT", "T")}
        by_half = {half: [line for line in lines if halves[line["ordinal"]] == half] for half in set(halves.values())}
        found[int(slot)] = {  # type: ignore[call-overload]
            **totals(lines),
            "sides": {side: totals(some) for side, some in sides.items() if some},
            "halves": {str(half): totals(some) for half, some in sorted(by_half.items()) if some},
        }
    return found


def totals(lines: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Sums over rows of :func:`player_rounds` of one player, under awpy's names and some more.

    ``rounds_played`` is the number of rounds (awpy's denominator: everybody is taken to have played all of them),
    ``rounds_present`` how many the player lived in; ``adr``, ``kast`` and ``headshot_pct`` are of the former.
    """
    lines = list(lines)
    sums = {name: sum(int(line[name]) for line in lines) for name in COUNTS}
    kills = [int(line["kills"]) for line in lines]
    won = [min(int(line["clutch_size"]), 5) for line in lines if line["clutch_won"]]
    rounds = len(lines)
    return {
        "rounds_played": rounds,
        "rounds_present": sum(bool(line["present"]) for line in lines),
        **sums,
        "plus_minus": sums["kills"] - sums["deaths"],
        "kd": round(sums["kills"] / max(sums["deaths"], 1), 2),
        "headshot_pct": _percent(sums["headshot_kills"], sums["kills"]),
        "adr": round(sums["damage"] / max(rounds, 1), 4),
        "kast": _percent(sum(bool(line["kast"]) for line in lines), rounds),
        "rounds_survived": sum(bool(line["survived"]) for line in lines),
        **{f"multikill_{size}k": sum(min(count, 5) == size for count in kills) for size in (2, 3, 4, 5)},
        "clutches_played": sum(line["clutch_size"] > 0 for line in lines),
        "clutches_won": len(won),
        **{f"clutch_1v{size}": won.count(size) for size in (1, 2, 3, 4, 5)},
        "flash_duration_dealt": round(sum(float(line["flash_seconds"]) for line in lines), 4),
    }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 4) if whole else 0.0
