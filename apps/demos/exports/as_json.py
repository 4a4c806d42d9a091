"""One JSON document with everything but what is recorded of every moment (that is in the Parquet export)."""

import json
from collections.abc import Iterator
from typing import IO, Any

import polars as pl
import polars.selectors as cs

from apps.demos.exports.subject import EVENTS, Subject

FORMAT = "chimera-match"
VERSION = 1


def write(subject: Subject, target: IO[bytes]) -> None:
    """Write the document to ``target``; a table that was not stored is null, a number that is none (NaN) too."""
    for piece in pieces(subject):
        target.write(piece.encode())


def pieces(subject: Subject) -> Iterator[str]:
    """The document's text, one table at a time."""
    head = {
        "format": FORMAT,
        "version": VERSION,
        "demo": subject.demo,
        "teams": subject.teams,
        "players": subject.players,
        "rounds": subject.rounds,
        "decisions": subject.decisions,
    }
    yield dumped(head)[:-1] + ',"events":{'
    for place, name in enumerate(EVENTS):
        table = subject.table(name)
        yield ("," if place else "") + json.dumps(name) + ":"
        yield "null" if table is None else finite(table).write_json()
    yield '},"player_rounds":'
    table = subject.table("player_rounds")
    yield ("null" if table is None else finite(table).write_json()) + "}\n"


def finite(table: pl.DataFrame) -> pl.DataFrame:
    """Without NaN and infinities, which JSON has no words for."""
    return table.with_columns(pl.when(cs.float().is_finite()).then(cs.float()))


def dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
