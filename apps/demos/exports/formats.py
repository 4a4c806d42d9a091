"""The formats there are, by the word in the address and on the command line."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from apps.demos.exports import archives, as_json, viewer
from apps.demos.exports.subject import Subject


@dataclass(frozen=True)
class Format:
    write: Callable[[Subject, IO[bytes]], None]
    ending: str
    content_type: str


FORMATS = {
    "json": Format(as_json.write, ".json", "application/json"),
    "csv": Format(archives.write_csv, "-csv.zip", "application/zip"),
    "parquet": Format(archives.write_parquet, "-parquet.zip", "application/zip"),
    "viewer": Format(viewer.write, "-viewer.zip", "application/zip"),
}
