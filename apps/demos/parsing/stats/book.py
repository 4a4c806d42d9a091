"""What statistics are booked in: a line for every person and stretch, and who takes part in which stretch."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import polars as pl

COUNTS = (
    "kills", "headshot_kills", "deaths", "assists", "flash_assists", "opening_kills", "opening_deaths",
    "traded_deaths", "trade_kills", "damage", "utility_damage", "flashes_thrown", "enemies_flashed",
)  # fmt: skip
ROLES = {  # table → prefixes of the people in it
    "kills": ("attacker_", "victim_", "assister_"),
    "damages": ("attacker_", "victim_"),
    "blinds": ("attacker_", "victim_"),
    "shots": ("",),
}
FIRST_TICK = -(2**31)


class Stretch(Protocol):
    """What is needed of a round: ``rounds.RoundRow`` has it."""

    @property
    def ordinal(self) -> int: ...
    @property
    def start_tick(self) -> int: ...
    @property
    def freeze_end_tick(self) -> int | None: ...
    @property
    def end_tick(self) -> int: ...
    @property
    def winner_side(self) -> str: ...
    @property
    def ct_roster(self) -> int | None: ...


class Found(Protocol):
    """What is needed of an ``evidence.Evidence``."""

    @property
    def tick_rate(self) -> float: ...
    @property
    def states(self) -> pl.DataFrame: ...
    @property
    def tables(self) -> Mapping[str, pl.DataFrame | None]: ...


class Known(Protocol):
    """What is needed of an ``account.Account``."""

    @property
    def rounds(self) -> Sequence[Any]: ...  # of Stretch
    @property
    def rosters(self) -> Mapping[int, int]: ...


@dataclass
class Line:
    """One player's numbers in one stretch."""

    side: str
    present: bool
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    flash_seconds: float = 0.0
    clutch_size: int = 0
    clutch_won: bool = False

    @property
    def survived(self) -> bool:
        return self.present and not self.counts["deaths"]

    @property
    def kast(self) -> bool:
        done = self.counts
        return bool(done["kills"] or done["assists"] or done["traded_deaths"] or not done["deaths"])


class Book:
    """All lines, and the stretch and person everything is booked under."""

    def __init__(self, evidence: Found, account: Known) -> None:
        self.stretches: list[Stretch] = sorted(account.rounds, key=lambda row: row.start_tick)
        self._starts = [row.start_tick for row in self.stretches]
        self._home = _homes(evidence.states)
        self._rosters: dict[int, dict[int, str]] = {}
        self.lines: dict[tuple[int, int], Line] = {}
        sides = _sides(evidence.states, self.stretches, self._home)
        rosters = {self._home.get(slot, slot): roster for slot, roster in account.rosters.items()}
        people = sorted(set(self._home.values()) & (set(rosters) or set(self._home.values())))  # no coaches
        for row in self.stretches:
            for slot in people:
                side = sides.get((row.ordinal, slot))
                known = side or _side_of(rosters.get(slot), row.ct_roster)
                self.lines[row.ordinal, slot] = Line(known, present=side is not None)

    def played(self, table: pl.DataFrame | None, *columns: str) -> Iterator[tuple[Stretch, dict[str, Any]]]:
        """The rows of an event table that fall into play, in order of ticks, with slots put together by person."""
        if table is None or "tick" not in table.columns:
            return
        for row in (
            table.select("tick", *(name for name in columns if name in table.columns))
            .sort("tick", maintain_order=True)
            .iter_rows(named=True)
        ):
            place = bisect_right(self._starts, row["tick"]) - 1
            if place < 0 or row["tick"] < (self.stretches[place].freeze_end_tick or FIRST_TICK):
                continue
            for name in columns:
                row.setdefault(name, None)
                if name.endswith("slot"):
                    row[name] = self._home.get(row[name])
            yield self.stretches[place], row

    def add(self, stretch: Stretch, slot: int | None, what: str, amount: int = 1) -> None:
        line = self.line(stretch, slot)
        if line is not None:
            line.counts[what] += amount

    def see_rosters(self, tables: Mapping[str, pl.DataFrame | None]) -> None:
        """Who takes part in which stretch on which side, as the events tell, see :func:`_rosters`."""
        seen: dict[int, dict[int, str]] = {}  # person → ordinal → side
        for name, roles in ROLES.items():
            columns = [f"{role}{what}" for role in roles for what in ("slot", "side")]
            for stretch, row in self.played(tables.get(name), *columns):
                for role in roles:
                    if row[f"{role}slot"] is not None and row[f"{role}side"] in ("CT", "T"):
                        seen.setdefault(row[f"{role}slot"], {})[stretch.ordinal] = row[f"{role}side"]
        self._rosters = _rosters(seen, [row.ordinal for row in self.stretches])

    def roster(self, stretch: Stretch) -> dict[int, str]:
        """Person → side of everybody who takes part as far as awpy sees it, see :func:`_rosters`."""
        return dict(self._rosters.get(stretch.ordinal, {}))

    def line(self, stretch: Stretch, slot: int | None) -> Line | None:
        return None if slot is None else self.lines.get((stretch.ordinal, slot))


def _homes(states: pl.DataFrame) -> dict[int, int]:
    """Slot → the slot a person is kept under: the last of those one steamid had, else itself."""
    last = states.group_by("slot").agg(pl.col("steamid").max().fill_null(0), pl.col("tick").max()).sort("tick", "slot")
    own = {steamid: slot for slot, steamid, _ in last.iter_rows() if steamid}
    return {slot: own.get(steamid, slot) for slot, steamid, _ in last.iter_rows()}


def _sides(states: pl.DataFrame, stretches: list[Stretch], homes: dict[int, int]) -> dict[tuple[int, int], str]:
    """(ordinal, person) → side, of those who lived at some moment of its play."""
    found: dict[tuple[int, int], str] = {}
    alive = states.filter(pl.col("health") > 0, pl.col("side").is_in(["CT", "T"])).select("tick", "slot", "side")
    windows = pl.DataFrame(
        [(row.freeze_end_tick or row.start_tick, row.end_tick, row.ordinal) for row in stretches],
        schema={"from": pl.Int32, "to": pl.Int32, "ordinal": pl.Int16},
        orient="row",
    )
    inside = (
        alive.sort("tick")
        .join_asof(windows.sort("from"), left_on="tick", right_on="from", check_sortedness=False)
        .filter(pl.col("tick") <= pl.col("to"))
        .group_by("ordinal", "slot")
        .agg(pl.col("side").sort_by("tick").first())
    )
    for ordinal, slot, side in inside.iter_rows():
        found[ordinal, homes.get(slot, slot)] = side
    return found


def _rosters(seen: dict[int, dict[int, str]], ordinals: list[int]) -> dict[int, dict[int, str]]:
    """Ordinal → person → side: from the first to the last stretch somebody does anything in, with the side of the half.

    As in awpy, which knows its players by events only, a half ends where most of those seen in two stretches running
    have changed sides.
    """
    half, halves = 0, {}
    for before, now in zip([None, *ordinals], ordinals, strict=False):
        both = [sides for sides in seen.values() if before in sides and now in sides]
        half += sum(sides[before] != sides[now] for sides in both if before is not None) * 2 > len(both)
        halves[now] = half
    found: dict[int, dict[int, str]] = {ordinal: {} for ordinal in ordinals}
    for person, sides in seen.items():
        of_half = {halves[ordinal]: sides[ordinal] for ordinal in sorted(sides, reverse=True)}
        for ordinal in ordinals:
            if min(sides) <= ordinal <= max(sides) and halves[ordinal] in of_half:
                found[ordinal][person] = of_half[halves[ordinal]]
    return found


def _side_of(roster: int | None, ct_roster: int | None) -> str:
    if roster is None or ct_roster is None:
        return ""
    return "CT" if roster == ct_roster else "T"
