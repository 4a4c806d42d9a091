"""What a recording should say: the truth as of the ticks that are in it, in the words of whoever reads it."""

from bisect import bisect_right
from functools import cached_property

import numpy as np
import polars as pl

from apps.simulation.demofile.things import cut
from apps.simulation.truth.match import MatchTruth, Team

SIDES = {Team.UNASSIGNED: "unassigned", Team.SPECTATOR: "spectator", Team.T: "terrorist", Team.CT: "counter-terrorist"}
NAME_BYTES, PLACE_BYTES = 127, 17  # what the game's own fields hold


class Recorded:
    """``truth`` with what many comparisons need."""

    def __init__(self, truth: MatchTruth) -> None:
        self.truth = truth
        self.ticks = truth.tracks.ticks.astype(np.int64)
        self.slots = [one.slot for one in truth.participants]
        self.columns = {slot: column for column, slot in enumerate(self.slots)}
        self.labels = [f"{one.name} (slot {one.slot})" for one in truth.participants]
        self.names = {one.slot: clean(one.name, NAME_BYTES) for one in truth.participants}
        self.whole_names = {one.slot: one.name for one in truth.participants}
        self.steamids = {one.slot: one.steamid for one in truth.participants}

    def label(self, slot: object) -> str:
        column = self.columns.get(int(slot)) if isinstance(slot, int) else None
        return "" if column is None else self.labels[column]

    def row(self, tick: int | None) -> int:
        """The first row not before ``tick``; how many rows there are where none is."""
        return len(self.ticks) if tick is None else int(np.searchsorted(self.ticks, tick))

    def tick(self, tick: int | None) -> int | None:
        """The tick at which what happens at ``tick`` is in the recording; None behind its end."""
        row = self.row(tick)
        return None if row >= len(self.ticks) else int(self.ticks[row])

    def shown(self, name: str) -> pl.DataFrame:
        """A table with ``tick`` or ``from_tick`` and ``to_tick`` as of the recording.

        What never shows is left out; a ``to_tick`` behind the end is null.
        """
        table = self.truth.tables[name]
        first = "tick" if "tick" in table.columns else "from_tick"
        table = table.with_columns(self._moved(table[first]).alias(first)).filter(pl.col(first).is_not_null())
        if first == "from_tick":
            table = table.with_columns(self._moved(table["to_tick"]).alias("to_tick"))
            table = table.filter(pl.col("to_tick").is_null() | (pl.col("to_tick") > pl.col("from_tick")))
        return table

    def _moved(self, ticks: pl.Series) -> pl.Series:
        rows = np.searchsorted(self.ticks, ticks.fill_null(2**31 - 1).to_numpy())
        padded = np.append(self.ticks, -1)
        moved = pl.Series(padded[rows], dtype=pl.Int64)
        return pl.select(pl.when(moved >= 0).then(moved)).to_series()

    def here(self, slot: int, tick: int) -> bool:
        """Is that slot connected at that tick of the recording?"""
        column = self.columns.get(slot)
        return column is not None and bool(self.truth.tracks["connected"][self.row(tick), column])

    def at(self, field: str, slot: int, tick: int) -> float:
        return float(self.truth.tracks[field][self.row(tick), self.columns[slot]])

    def side(self, slot: int, tick: int) -> str:
        return SIDES[Team(int(self.at("team", slot, tick)))]

    @cached_property
    def carried(self) -> tuple[np.ndarray, list[tuple[int, ...]]]:
        """Per row and participant a place in the list of what one can carry: ids of weapons, as they were taken."""
        changes = [
            (self.row(row["to_tick"]), -1, int(row["id"]), -1)
            for row in self.shown("weapons").iter_rows(named=True)
            if row["to_tick"] is not None
        ]
        known = {int(number) for number in self.shown("weapons")["id"]}
        changes += [
            (self.row(row["tick"]), order, int(row["id"]), int(row["owner"]))
            for order, row in enumerate(self.shown("holders").iter_rows(named=True))
            if int(row["id"]) in known
        ]
        loads: dict[tuple[int, ...], int] = {(): 0}
        where = np.zeros((len(self.ticks), len(self.slots)), np.int32)
        held: dict[int, tuple[int, ...]] = dict.fromkeys(self.slots, ())
        owner_of: dict[int, int] = {}
        for row, _, number, owner in sorted(changes):
            before = owner_of.get(number, -1)
            owner_of[number] = owner
            if before == owner:
                continue
            for slot, now in ((before, ()), (owner, (number,))):
                if slot in held:
                    held[slot] = (*(one for one in held[slot] if one != number), *now)
                    where[row:, self.columns[slot]] = loads.setdefault(held[slot], len(loads))
        return where, list(loads)

    @cached_property
    def item_of(self) -> dict[int, str]:
        table = self.truth.tables["weapons"]
        return dict(zip(table["id"].to_list(), table["item"].to_list(), strict=True))

    @cached_property
    def first_owner(self) -> dict[int, tuple[int, int]]:
        """Of every weapon: whose it was first, and from which tick on there is one."""
        table = self.truth.tables["weapons"].select("id", "original_owner", "from_tick")
        return {number: (owner, tick) for number, owner, tick in table.rows()}

    @cached_property
    def last_tick(self) -> dict[int, int]:
        table = self.truth.tables["weapons"]
        return dict(zip(table["id"].to_list(), table["to_tick"].to_list(), strict=True))

    def clip(self, weapon: int, tick: int) -> int | None:
        """What the magazine of that weapon holds at that tick; 0 for what has none."""
        if weapon not in self.item_of:
            return None
        ticks, clips = self._clips.get(weapon, ([], []))
        row = bisect_right(ticks, tick) - 1
        return 0 if row < 0 else clips[row]

    @cached_property
    def _clips(self) -> dict[int, tuple[list[int], list[int]]]:
        table = self.shown("ammunition").sort("tick", maintain_order=True)
        return {
            int(key[0]): (rows["tick"].to_list(), rows["clip"].to_list())  # type: ignore[call-overload]
            for key, rows in table.group_by("id", maintain_order=True)
        }


def clean(text: str, size: int) -> str:
    """As a field of ``size`` bytes holds it."""
    return cut(text, size).decode()


def plain(text: str) -> str:
    """As UTF-8 holds it: half a surrogate pair becomes a question mark."""
    return text.encode("utf-8", "replace").decode()
