"""Zip archives of tables: CSV for spreadsheets, Parquet for programs."""

import io
import zipfile
from collections.abc import Callable, Iterable
from typing import IO, Any

import polars as pl

from apps.demos.exports.subject import EVENTS, TICKS, Subject

DANGEROUS = "=+-@\t\r"  # a spreadsheet takes a cell that begins so for a formula
NUMBER_KEYS = ("sides", "halves")  # nested parts of the statistics, in tables of their own rows
Write = Callable[[pl.DataFrame, IO[bytes]], None]


def write_csv(subject: Subject, target: IO[bytes]) -> None:
    """A zip of CSV files (UTF-8, header row): the facts and all events.

    Text that a spreadsheet would take for a formula gets an apostrophe before it; lists are joined by semicolons.
    """
    _zip(target, "csv", _csv, [*_facts(subject), *_stored(subject, ("player_rounds", *EVENTS))], zipfile.ZIP_DEFLATED)


def write_parquet(subject: Subject, target: IO[bytes]) -> None:
    """A zip of Parquet files with all tables there are, player states and the state of the game among them."""
    _zip(target, "parquet", _parquet, [*_facts(subject), *_stored(subject, ("player_rounds", *EVENTS, *TICKS))])


def _zip(
    target: IO[bytes],
    ending: str,
    write: Write,
    tables: Iterable[tuple[str, pl.DataFrame]],
    compression: int = zipfile.ZIP_STORED,
) -> None:
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, table in tables:
            buffer = io.BytesIO()
            write(table, buffer)
            archive.writestr(f"{name}.{ending}", buffer.getbuffer())


def _facts(subject: Subject) -> Iterable[tuple[str, pl.DataFrame]]:
    demo = subject.demo
    yield "demo", frame([{**demo, "warnings": " ".join(demo["warnings"]), "tags": ", ".join(demo["tags"])}])
    yield "teams", frame(subject.teams)
    yield "players", frame([_flat(player) for player in subject.players])
    yield "rounds", frame(subject.rounds)
    yield "decisions", frame(subject.decisions)


def _flat(player: dict[str, Any]) -> dict[str, Any]:
    """The statistics as columns; those of a side as ``ct_kills``, ``t_kills`` …"""
    statistics = player["statistics"]
    row = {name: value for name, value in player.items() if name != "statistics"}
    row |= {name: value for name, value in statistics.items() if name not in NUMBER_KEYS}
    for side, values in statistics.get("sides", {}).items():
        row |= {f"{side.lower()}_{name}": value for name, value in values.items()}
    return row


def _stored(subject: Subject, names: Iterable[str]) -> Iterable[tuple[str, pl.DataFrame]]:
    for name in names:
        table = subject.table(name)
        if table is not None:
            yield name, table


def frame(rows: list[Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, infer_schema_length=None)


def _csv(table: pl.DataFrame, target: IO[bytes]) -> None:
    if table.width:
        harmless(table).write_csv(target)


def _parquet(table: pl.DataFrame, target: IO[bytes]) -> None:
    table.write_parquet(target, compression="zstd")


def harmless(table: pl.DataFrame) -> pl.DataFrame:
    """The table as a spreadsheet may open it: no cell is a formula, no cell a list."""
    return table.with_columns(
        [_joined(name) for name, kind in table.schema.items() if isinstance(kind, pl.List)]
    ).with_columns(
        pl.when(pl.col(pl.String).str.slice(0, 1).is_in(list(DANGEROUS)))
        .then(pl.lit("'") + pl.col(pl.String))
        .otherwise(pl.col(pl.String))
        .name.keep()
    )


def _joined(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.List(pl.String)).list.join(";")
