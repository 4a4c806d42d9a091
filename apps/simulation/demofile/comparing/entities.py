"""What a recording says of the entities that are no players, as histories.

The recording's entities are paired with the truth's ids by the order in which they were numbered.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from apps.simulation.demofile.comparing.differences import Difference, of_histories
from apps.simulation.demofile.comparing.people import POSITION_WITHIN

_BODY = "CBodyComponent.m_skeletonInstance.m_vecOrigin."
CELLS = [f"{_BODY}m_cell{axis}" for axis in "XYZ"] + [f"{_BODY}m_vec{axis}" for axis in "XYZ"]
SPOT = {"x": pl.Float32, "y": pl.Float32, "z": pl.Float32}
_WITHIN = dict.fromkeys("xyz", POSITION_WITHIN) | {"seconds": 1e-3}
_INDEX, _PAWNS = 0x3FFF, 80


def read(demo: Any, *fields: Sequence[str]) -> pl.DataFrame:
    """A row per tick and entity, with those fields."""
    table: pl.DataFrame = demo.ticks(list(dict.fromkeys(name for some in fields for name in some)), players_only=False)
    return table


def changes(raw: pl.DataFrame, classes: Sequence[str], fields: Sequence[str]) -> pl.DataFrame:
    """A row wherever one of ``fields`` of an entity of those classes changes, and one where the entity is gone.

    Columns: ``nth`` (in the order of numbering, from 0), ``tick``, ``handle``, ``class_name``, ``there``, ``fields``.
    """
    ticks = raw["tick"].unique().sort().to_numpy()
    raw = raw.select("tick", "entity_id", "entity_serial", "class_name", *fields)
    one = ["entity_serial", "entity_id"]
    things = raw.filter(pl.col("class_name").is_in(list(classes))).sort(*one, "tick").with_columns(there=True)
    new = pl.any_horizontal(
        ~pl.col(name).eq_missing(pl.col(name).shift(1)) for name in [*one, "class_name", *fields]
    ) | (pl.int_range(pl.len()) == 0)
    ends = things.filter(pl.any_horizontal(~pl.col(name).eq_missing(pl.col(name).shift(-1)) for name in one))
    rows = np.searchsorted(ticks, ends["tick"].to_numpy()) + 1
    after = pl.Series("tick", np.append(ticks, [-1, -1])[rows], things.schema["tick"])
    ends = ends.with_columns(after, there=False).filter(pl.col("tick") >= 0)
    return (
        pl.concat([things.filter(new), ends])
        .sort(*one, "tick", maintain_order=True)
        .with_columns(
            nth=pl.struct(one).rle_id().cast(pl.Int64),
            handle=pl.col("entity_id").cast(pl.Int64) + pl.col("entity_serial").cast(pl.Int64) * 16_384,
        )
    )


def slot_of(field: str) -> pl.Expr:
    """Whose pawn a handle names; −1 for nobody's."""
    index = (pl.col(field).cast(pl.Int64) & _INDEX) - _PAWNS
    return pl.when(index.is_between(0, 63)).then(index).otherwise(-1).cast(pl.Int16)


def origin() -> dict[str, pl.Expr]:
    return {
        axis: pl.col(cell).cast(pl.Float64) * 512.0 - 16384.0 + pl.col(rest).cast(pl.Float64)
        for axis, cell, rest in zip("xyz", CELLS[:3], CELLS[3:], strict=True)
    }


def flag(field: str) -> pl.Expr:
    return pl.col(field).cast(pl.Boolean)


def differences(what: str, names: Sequence[str], expected: pl.DataFrame, found: pl.DataFrame) -> list[Difference]:
    """Of histories with ``there``; ``found`` has ``nth`` where ``expected`` has a name as its ``thing``."""
    called = dict(enumerate(names))
    count = found["nth"].n_unique()
    found = found.with_columns(
        thing=pl.col("nth").replace_strict(called, default=f"more than {len(names)}", return_dtype=pl.String)
    )
    out = [] if count == len(names) else [Difference(what, None, "", len(names), count)]
    return out + of_histories(what, _where_there(expected), _where_there(found.select(expected.columns)), _WITHIN)


def _where_there(table: pl.DataFrame) -> pl.DataFrame:
    """Of what is not there nothing else is said."""
    rest = [name for name in table.columns if name not in ("thing", "tick", "there")]
    return table.with_columns(pl.when(pl.col("there")).then(pl.col(name)).alias(name) for name in rest)
