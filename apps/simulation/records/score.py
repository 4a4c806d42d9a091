"""The changes of everybody's state, collected by tick and then spread over arrays."""

from typing import Any

import numpy as np

from apps.simulation.truth.match import Event
from apps.simulation.truth.tables import TABLES
from apps.simulation.truth.tracks import TRACKS, Tracks


class Score:
    """Notes of what happens when; nothing has to be noted in order."""

    def __init__(self) -> None:
        self.changes: dict[tuple[str, int], list[tuple[int, float]]] = {}
        self.rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}
        self.events: list[tuple[int, int, Event]] = []
        self._id = 0

    def new_id(self) -> int:
        self._id += 1
        return self._id

    def set(self, tick: int, who: int, name: str, value: float) -> None:
        """From ``tick`` on; of several on one tick the last one noted stands."""
        self.changes.setdefault((name, who), []).append((tick, value))

    def row(self, table: str, *values: Any) -> None:
        self.rows[table].append(values)

    def event(self, rank: int, tick: int, event: str, /, **fields: int | float | str | bool) -> None:
        """``rank`` orders the events of one tick."""
        self.events.append((tick, rank, Event(tick, event, fields)))

    def sorted_events(self) -> list[Event]:
        return [event for _, _, event in sorted(self.events, key=lambda item: item[:2])]

    def spread(self, tracks: Tracks) -> None:
        """Write the changes into the tracks; before its first change a value is what ``blank`` made it."""
        for (name, who), values in self.changes.items():
            table = np.array(values, dtype=np.float64).reshape(-1, 2)
            table = table[np.argsort(table[:, 0], kind="stable")]
            starts = np.searchsorted(tracks.ticks, table[:, 0])
            lengths = np.diff(np.append(starts, len(tracks.ticks)))
            column = np.repeat(table[:, 1], lengths)
            tracks.fields[name][len(tracks.ticks) - len(column) :, who] = column.astype(TRACKS[name])
