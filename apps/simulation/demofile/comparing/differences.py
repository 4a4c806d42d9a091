"""Where two tables or two histories say different things."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

ABSENT = "absent"


@dataclass(frozen=True)
class Difference:
    """``field`` is "what.column"; a difference that lasts is named at its first tick only."""

    field: str
    tick: int | None
    player: str
    expected: object
    found: object

    def __str__(self) -> str:
        where = "" if self.tick is None else f" at tick {self.tick}"
        who = f" of {self.player!r}" if self.player else ""
        return f"{self.field}{who}{where}: expected {self.expected!r}, found {self.found!r}"


def of_values(what: str, expected: Mapping[str, object], found: Mapping[str, object]) -> list[Difference]:
    """Of two mappings, key by key."""
    return [
        Difference(f"{what}.{key}", None, "", expected.get(key, ABSENT), found.get(key, ABSENT))
        for key in [*expected, *(key for key in found if key not in expected)]
        if expected.get(key, ABSENT) != found.get(key, ABSENT)
    ]


def of_rows(
    what: str,
    expected: pl.DataFrame,
    found: pl.DataFrame,
    keys: Sequence[str],
    within: Mapping[str, float] | None = None,
) -> list[Difference]:
    """Of two tables with the same columns, whose rows belong together by ``keys`` (equal ones in their order).

    ``within`` says how far numbers may be apart. The columns ``tick`` and ``player``, where there are such, tell where
    a difference is.
    """
    both = _paired(expected, found, keys)
    out = []
    for side, there, missing in (("_here", ABSENT, "_there"), ("_there", "there", "_here")):
        for row in both.filter(pl.col(side).is_not_null() & pl.col(missing).is_null()).iter_rows(named=True):
            other = ABSENT if side == "_there" else "there"
            out.append(Difference(what, row.get("tick"), str(row.get("player") or ""), other, there))
    matched = both.filter(pl.col("_here").is_not_null() & pl.col("_there").is_not_null())
    for name in [name for name in expected.columns if name not in keys]:
        odd = matched.filter(~_same(name, (within or {}).get(name, 0.0)))
        out += [
            Difference(f"{what}.{name}", row.get("tick"), str(row.get("player") or ""), row[name], row[f"{name}_found"])
            for row in odd.iter_rows(named=True)
        ]
    return out


def _paired(expected: pl.DataFrame, found: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    nth = pl.int_range(pl.len()).over(keys).alias("_nth")
    found = found.select(pl.col(name).cast(kind) for name, kind in expected.schema.items())
    return (
        expected.with_columns(nth, _here=True)
        .join(
            found.with_columns(nth, _there=True), on=[*keys, "_nth"], how="full", coalesce=True, suffix="_found",
            nulls_equal=True,
        )
        .sort([*keys, "_nth"])
    )  # fmt: skip


def _same(name: str, within: float) -> pl.Expr:
    one, other = pl.col(name), pl.col(f"{name}_found")
    equal = one.eq_missing(other)
    if within:
        equal = equal | ((one.cast(pl.Float64) - other.cast(pl.Float64)).abs() <= within).fill_null(value=False)
    return equal


def of_histories(
    what: str,
    expected: pl.DataFrame,
    found: pl.DataFrame,
    within: Mapping[str, float] | None = None,
) -> list[Difference]:
    """Of two tables of changes (``thing``, ``tick`` and the whole state from that tick on), at every tick."""
    keys = ["thing", "tick"]
    found = found.select(pl.col(name).cast(kind) for name, kind in expected.schema.items())
    moments = pl.concat([expected.select(keys), found.select(keys)]).unique().sort("tick", "thing")
    columns = [name for name in expected.columns if name not in keys]
    both = moments
    for table, suffix in ((expected, ""), (found, "_found")):
        known = table.unique(keys, keep="last", maintain_order=True).sort("tick")
        known = known.rename({name: name + suffix for name in columns})
        both = both.join_asof(known, on="tick", by="thing", check_sortedness=False)
    both = both.sort("thing", "tick")
    out = []
    for name in columns:
        odd = ~_same(name, (within or {}).get(name, 0.0))
        begins = odd & ~odd.shift(1).over("thing").fill_null(value=False)
        out += [
            Difference(f"{what}.{name}", row["tick"], str(row["thing"]), row[name], row[f"{name}_found"])
            for row in both.filter(begins).iter_rows(named=True)
        ]
    return out


def of_tracks(
    field: str, ticks: np.ndarray, names: Sequence[str], expected: np.ndarray, found: np.ndarray, odd: np.ndarray
) -> list[Difference]:
    """Of two arrays (ticks × players): one for every stretch of ``odd``."""
    begins = odd.copy()
    begins[1:] &= ~odd[:-1]
    return [
        Difference(field, int(ticks[row]), names[column], _plain(expected[row, column]), _plain(found[row, column]))
        for row, column in zip(*np.nonzero(begins), strict=True)
    ]


def few(differences: list[Difference], most: int) -> list[Difference]:
    """At most ``most`` of every field, and then one that says how many more there are."""
    counts: dict[str, int] = {}
    out = []
    for one in differences:
        counts[one.field] = counts.get(one.field, 0) + 1
        if counts[one.field] <= most:
            out.append(one)
    rest = {field: count - most for field, count in counts.items() if count > most}
    return [*out, *(Difference(field, None, "", "", f"{count} more differences") for field, count in rest.items())]


def _plain(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else value
