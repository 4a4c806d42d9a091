"""Rows of tables by tick."""

import polars as pl


def between(table: pl.DataFrame, first: int, last: int) -> pl.DataFrame:
    """The rows of a table sorted by ``tick`` from ``first`` to ``last``, inclusive."""
    ticks = table["tick"]
    low, high = ticks.search_sorted(first, side="left"), ticks.search_sorted(last, side="right")
    return table.slice(low, high - low)
