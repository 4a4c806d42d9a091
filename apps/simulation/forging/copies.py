"""New truths out of old ones: what every transform of this package builds on. No truth is ever changed in place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from apps.simulation.truth.match import Event, MatchTruth, Participant
from apps.simulation.truth.tables import TABLES
from apps.simulation.truth.tracks import NOTHING, TRACKS, Tracks

# Table → columns that hold a slot, with the column that says when it did.
SLOTS: dict[str, dict[str, str]] = {
    "weapons": {"original_owner": "from_tick"},
    "holders": {"owner": "tick"},
    "projectiles": {"thrower": "from_tick"},
    "smokes": {"thrower": "from_tick"},
    "fires": {"thrower": "from_tick"},
    "plants": {"planter": "from_tick", "defuser": "to_tick"},
}
LIVES = ("weapons", "projectiles", "smokes", "fires")  # tables with id, from_tick, to_tick
STATES = ("holders", "ammunition")  # one row per change of the weapon ``id``
PEOPLE = ("userid", "attacker", "assister", "victim", "player", "botid")  # keys of events that hold a slot


def with_tables(truth: MatchTruth, tables: Mapping[str, pl.DataFrame]) -> MatchTruth:
    """The truth with some tables exchanged; they are sorted and brought to their schema."""
    return replace(truth, tables={**truth.tables, **{name: tidy(name, table) for name, table in tables.items()}})


def tidy(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """The table's own columns and types, sorted by its first tick."""
    table = table.select(TABLES[name].names()).cast(TABLES[name])  # type: ignore[arg-type]
    first = next((key for key in ("tick", "from_tick", "start_tick", "number") if key in TABLES[name]), None)
    return table.sort(first, maintain_order=True) if first else table


def with_events(truth: MatchTruth, events: Iterable[Event]) -> MatchTruth:
    """The truth with these events, sorted by tick; those of one tick stay in their order."""
    return replace(truth, events=sorted(events, key=lambda event: event.tick))


def select_rows(truth: MatchTruth, keep: np.ndarray) -> Tracks:
    """The tracks with only the kept rows (a mask or indices)."""
    return Tracks(truth.tracks.ticks[keep], {name: array[keep] for name, array in truth.tracks.fields.items()})


def with_people(
    truth: MatchTruth, people: Sequence[Participant], columns: Sequence[Mapping[str, np.ndarray]]
) -> MatchTruth:
    """Add participants; each column maps names of ``TRACKS`` to (ticks,) arrays, the rest is nobody's state."""
    count = len(truth.tracks.ticks)
    fields = {}
    for name, kind in TRACKS.items():
        nothing = np.full(count, NOTHING.get(name, 0), kind)
        added = [np.asarray(column.get(name, nothing)).astype(kind)[:, None] for column in columns]
        fields[name] = np.concatenate([truth.tracks[name], *added], axis=1)
    return replace(truth, participants=[*truth.participants, *people], tracks=Tracks(truth.tracks.ticks.copy(), fields))


def free_slots(truth: MatchTruth, count: int) -> list[int]:
    """The lowest slots nobody has.

    Raises:
        ValueError: a server seats 64.
    """
    taken = {person.slot for person in truth.participants}
    free = [slot for slot in range(64) if slot not in taken]
    if len(free) < count:
        raise ValueError(f"There are seats for {len(free)} more, not for {count}.")
    return free[:count]


def players(truth: MatchTruth) -> list[Participant]:
    """Those who play: on a roster, and no coaches."""
    return [person for person in truth.participants if person.roster >= 0 and not person.is_coach]
