"""Keep the read form of recordings beside the game's folder, so that the second load of a match takes a second.

A recording is known by its content, so a renamed copy is found and a changed file is read anew. Only the few used last
are kept. Anything unexpected in the folder is read as "not kept".
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import polars as pl

from apps.simulation.happenings import Happenings
from apps.simulation.recording import Recording

FORM = 3  # raise it when what is kept changes its meaning
MOST_KEPT = 4
_TABLES = ("players", "rules")


def read_kept(path: Path, folder: Path, read: Callable[[Path], Recording]) -> Recording:
    """The recording from ``folder`` when it was read before, else through ``read`` (whose errors pass) and kept.

    A folder that cannot be written costs only time.
    """
    place = folder / f"{_digest(path)}-{FORM}"
    try:
        known = _load(place)
        os.utime(place)
    except (OSError, ValueError, KeyError, pl.exceptions.PolarsError):
        known = None
    if known is not None:
        return known
    recording = read(path)
    try:
        _save(recording, place)
        _forget(folder)
    except OSError:
        pass
    return recording


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _load(place: Path) -> Recording:
    facts = json.loads((place / "recording.json").read_text("utf-8"))
    tables = {name: pl.read_parquet(place / f"{name}.parquet") for name in (*_TABLES, *facts["happenings"])}
    happenings = Happenings({name: tables[name] for name in facts["happenings"]})
    return Recording(facts["map_name"], facts["tick_rate"], tables["players"], tables["rules"], happenings)


def _save(recording: Recording, place: Path) -> None:
    """Everything or nothing: written beside its place and moved there."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as name:
        half = Path(name) / place.name
        half.mkdir()
        tables = {"players": recording.players, "rules": recording.rules, **recording.happenings.tables}
        for title, table in tables.items():
            table.write_parquet(half / f"{title}.parquet", compression="zstd", compression_level=1)
        facts = {
            "map_name": recording.map_name,
            "tick_rate": recording.tick_rate,
            "happenings": list(recording.happenings.tables),
        }
        (half / "recording.json").write_text(json.dumps(facts), "utf-8")
        if place.exists():
            shutil.rmtree(place)
        half.replace(place)


def _forget(folder: Path) -> None:
    """Keep only the recordings used last."""
    kept = [place for place in folder.iterdir() if (place / "recording.json").is_file()]
    for place in sorted(kept, key=lambda one: one.stat().st_mtime, reverse=True)[MOST_KEPT:]:
        shutil.rmtree(place, ignore_errors=True)
