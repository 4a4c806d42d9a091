"""The rounds in the magazine of the weapon in hand."""

from collections.abc import Mapping

import polars as pl

EVENTS = ("weapon_reload",)


def fill(
    states: pl.DataFrame,
    tables: Mapping[str, pl.DataFrame | None],
    raw: Mapping[str, pl.DataFrame],
    keyframes: pl.DataFrame | None,
) -> pl.DataFrame:
    """``states`` with ``clip``."""
    return states
