"""What the sides have at the end of freeze time, and the name awpy gives to it."""

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from apps.demos.parsing.ticks import between

# awpy's rule, found by trying its ``round_economy``: a side's equipment at the end of freeze time, in dollars, added up
# over its players; whatever it is worth, the first round of either half of regulation is "pistol". (awpy itself also
# says so of the first round of its table, which after a restored backup is any.)
FORCE, FULL = 5_000, 20_000
RECENT_S = 2.0  # older states are those of somebody who left


@dataclass(frozen=True)
class Wealth:
    """Of one side, in dollars."""

    equipment: int
    money: int


def wealth(states: pl.DataFrame, tick: int | None, people: Collection[int], tick_rate: float) -> dict[str, Wealth]:
    """Side → what its living players have at ``tick``; a side of which nothing is known is missing."""
    if tick is None or states.is_empty():
        return {}
    window = between(states, tick - int(RECENT_S * tick_rate), tick).filter(pl.col("slot").is_in(list(people)))
    now = window.group_by("slot").last().filter(pl.col("health") > 0, pl.col("side").is_not_null())
    added = now.group_by("side").agg(
        pl.col("equipment_value").fill_null(0).sum(), pl.col("money").fill_null(0).sum()
    )  # fmt: skip
    return {side: Wealth(int(equipment), int(money)) for side, equipment, money in added.iter_rows()}


def buy_type(equipment: int, number: int, max_rounds: int) -> str:
    """ "pistol", "eco", "force" or "full" of a side in the match's round ``number``."""
    if number in (1, max_rounds // 2 + 1):
        return "pistol"
    return "eco" if equipment < FORCE else "force" if equipment < FULL else "full"


def overtime(number: int, regulation: int, extra: int) -> int:
    """Which overtime the match's round ``number`` belongs to; 0 for regulation."""
    return 0 if number <= regulation else 1 + (number - regulation - 1) // extra
