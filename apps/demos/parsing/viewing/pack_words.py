"""The list of words of a pack, and columns of small integers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from apps.demos.parsing.items import hud_name

Ints = np.ndarray[Any, np.dtype[np.int64]]


class Words:
    """Every weapon, place and event of a pack once; ``index`` gives a column's numbers."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._known: dict[str, int] = {}

    def index(self, column: pl.Series, *, are_items: bool = False) -> Ints:
        """Numbers of the words in ``column``, −1 for null and "". Items are named as on the HUD."""
        text = column.cast(pl.String)
        seen = sorted(word for word in text.unique().to_list() if word)
        known = {word: self._number((hud_name(word) or word) if are_items else word) for word in seen}
        return numbered(text, known)

    def _number(self, word: str) -> int:
        if word not in self._known:
            self._known[word] = len(self.all)
            self.all.append(word)
        return self._known[word]


def numbered(text: pl.Series, known: Mapping[str, int]) -> Ints:
    """The number of every word, −1 for others and for null."""
    numbers: Ints = text.replace_strict(known, default=-1, return_dtype=pl.Int64).to_numpy()
    return numbers


def whole(column: pl.Series, *, missing: int = 0) -> Ints:
    """A column of numbers rounded to integers; ``missing`` for null and what is no number."""
    if not column.dtype.is_numeric():
        column = column.cast(pl.Float64, strict=False)
    numbers = column.to_numpy()
    if numbers.dtype.kind == "f":
        numbers = np.rint(np.where(np.isfinite(numbers), numbers, missing))
    return numbers.astype(np.int64)


def deltas(values: Ints) -> list[int]:
    """The first value, then differences."""
    listed: list[int] = np.diff(values, prepend=0).tolist()
    return listed


def steps(values: Ints) -> list[int]:
    """Index, value, index, value … wherever the value changes, the first included."""
    if values.size == 0:
        return []
    at = np.append(0, np.flatnonzero(values[1:] != values[:-1]) + 1)
    listed: list[int] = np.column_stack((at, values[at])).ravel().tolist()
    return listed
