"""A match's truth beside its recording: the tracks as Parquet, the rest as JSON."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import polars as pl

from apps.simulation.truth.match import Event, Header, MatchTruth, Participant
from apps.simulation.truth.tables import TABLES
from apps.simulation.truth.tracks import TRACKS, Tracks


def paths_of(recording: Path) -> tuple[Path, Path]:
    """``m.dem`` → ``m.truth.parquet`` and ``m.truth.json``."""
    return recording.with_suffix(".truth.parquet"), recording.with_suffix(".truth.json")


def save_truth(truth: MatchTruth, recording: Path) -> None:
    """Write the truth beside ``recording``; each file appears only when it is whole.

    The Parquet file has one row per tick and participant: ``tick``, ``slot`` and the fields of the tracks.
    """
    tracks, rest = paths_of(recording)
    partial = tracks.with_name(tracks.name + ".partial")
    try:
        _long(truth).write_parquet(partial, compression="zstd")
        partial.replace(tracks)
        partial.write_text(json.dumps(_rest(truth), ensure_ascii=True))
        partial.replace(rest)
    finally:
        partial.unlink(missing_ok=True)


def load_truth(recording: Path) -> MatchTruth:
    """What :func:`save_truth` wrote.

    Raises:
        OSError: a file is missing.
        ValueError: a file is none of ours.
    """
    tracks, rest = paths_of(recording)
    known = json.loads(rest.read_text())
    try:
        return MatchTruth(
            header=Header(**{**known["header"], "rosters": tuple(known["header"]["rosters"])}),
            seed=known["seed"],
            participants=[Participant(**person) for person in known["participants"]],
            places=known["places"],
            convars=known["convars"],
            tracks=_tracks(pl.read_parquet(tracks), len(known["participants"]), known["ticks"]),
            events=[Event(tick, name, fields) for tick, name, fields in known["events"]],
            tables={name: pl.DataFrame(known["tables"][name], schema=TABLES[name]) for name in TABLES},
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"{rest.name} holds no truth of a match: {error}") from error


def _long(truth: MatchTruth) -> pl.DataFrame:
    ticks, people = truth.tracks.ticks, len(truth.participants)
    slots = np.array([one.slot for one in truth.participants], np.int16)
    columns = {"tick": np.repeat(ticks, people), "slot": np.tile(slots, len(ticks))}
    return pl.DataFrame({**columns, **{name: truth.tracks[name].ravel() for name in TRACKS}})


def _tracks(frame: pl.DataFrame, people: int, ticks: dict[str, object]) -> Tracks:
    kind = np.dtype(str(ticks["dtype"]))
    rows = int(str(ticks["count"]))
    shape = (rows, people)
    fields = {name: frame[name].to_numpy().astype(array).reshape(shape) for name, array in TRACKS.items()}
    known = frame["tick"].to_numpy().reshape(shape)[:, 0] if people else np.array(ticks["bare"])
    return Tracks(known.astype(kind), fields)


def _rest(truth: MatchTruth) -> dict[str, object]:
    ticks = truth.tracks.ticks
    bare = [] if truth.participants else ticks.tolist()
    return {
        "header": asdict(truth.header),
        "seed": truth.seed,
        "participants": [asdict(person) for person in truth.participants],
        "places": truth.places,
        "convars": truth.convars,
        "ticks": {"count": len(ticks), "dtype": str(ticks.dtype), "bare": bare},
        "events": [[event.tick, event.name, dict(event.fields)] for event in truth.events],
        "tables": {name: table.to_dict(as_series=False) for name, table in truth.tables.items()},
    }
