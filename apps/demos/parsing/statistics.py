"""The usual statistics by awpy's definitions, one row per player and round.

Definitions are those of ``awpy.Demo.stats`` (https://awpy.readthedocs.io, checked against its numbers in the tests):

- What happens belongs to the round begun last; in freeze time nothing counts.
- Kills are of enemies. An assist is against an opponent; flash assists are among them.
- Opening kill and death: those of the round's first death.
- Traded death: a teammate of the victim kills the killer within 5.25 s; each kill trades the earliest such death.
- Flash assists: those of the event, and of everybody else whose flash still blinds an enemy when that one is killed.
- Damage: health taken from enemies, each hit capped at what the victim had left; utility damage is that of HE and fire.
- KAST: a round with a kill, an assist, without a death, or with a traded death. Who was not there did not die.
- Clutch: becoming the last alive of one's side against others; its size is fixed then, and it is won with the round.

Players are kept apart by slot, not by steamid as in awpy: bots all have steamid 0 (``docs/decisions/0015``).
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import polars as pl

UTILITY = ("hegrenade", "inferno", "molotov", "incgrenade", "incendiary")
FULL_HEALTH = 100
COUNTS = (
    "kills", "headshot_kills", "deaths", "assists", "flash_assists", "opening_kills", "opening_deaths",
    "traded_deaths", "trade_kills", "damage", "utility_damage", "flashes_thrown", "enemies_flashed",
)  # fmt: skip
SCHEMA: dict[str, Any] = {
    "ordinal": pl.Int16,  # of the stretch
    "slot": pl.Int16,  # somebody who had several has one row, under the last one
    "side": pl.String,  # "CT", "T"; empty where unknown
    "present": pl.Boolean,  # alive at some moment after the freeze time
    **dict.fromkeys(COUNTS, pl.Int32),
    "flash_seconds": pl.Float64,
    "survived": pl.Boolean,
    "kast": pl.Boolean,
    "clutch_size": pl.Int16,  # opponents alive when it began; 0: none
    "clutch_won": pl.Boolean,
}
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
class _Line:
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


class _Book:
    """All lines, and the stretch and person everything is booked under."""

    def __init__(self, evidence: Found, account: Known) -> None:
        self.stretches: list[Stretch] = sorted(account.rounds, key=lambda row: row.start_tick)
        self._starts = [row.start_tick for row in self.stretches]
        self._home = _homes(evidence.states)
        self._rosters: dict[int, dict[int, str]] = {}
        self.lines: dict[tuple[int, int], _Line] = {}
        sides = _sides(evidence.states, self.stretches, self._home)
        rosters = {self._home.get(slot, slot): roster for slot, roster in account.rosters.items()}
        people = sorted(set(self._home.values()) & (set(rosters) or set(self._home.values())))  # no coaches
        for row in self.stretches:
            for slot in people:
                side = sides.get((row.ordinal, slot))
                known = side or _side_of(rosters.get(slot), row.ct_roster)
                self.lines[row.ordinal, slot] = _Line(known, present=side is not None)

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

    def line(self, stretch: Stretch, slot: int | None) -> _Line | None:
        return None if slot is None else self.lines.get((stretch.ordinal, slot))


def player_rounds(evidence: Found, account: Known) -> pl.DataFrame:
    """One row per person and stretch of ``account.rounds``, counted or not, with the columns of ``SCHEMA``.

    ``evidence.tables`` hold awpy's columns with slots (``parsing.events.with_slots``); a table that is missing leaves
    zeros.
    """
    book = _Book(evidence, account)
    book.see_rosters(evidence.tables)
    _book_kills(book, evidence.tables.get("kills"), _blinded(book, evidence.tables.get("blinds"), evidence.tick_rate))
    _book_damage(book, evidence.tables.get("damages"))
    _book_flashes(book, evidence.tables.get("shots"), evidence.tables.get("blinds"))
    rows = [
        {
            "ordinal": ordinal, "slot": slot, "side": line.side, "present": line.present, **line.counts,
            "flash_seconds": line.flash_seconds, "survived": line.survived, "kast": line.kast,
            "clutch_size": line.clutch_size, "clutch_won": line.clutch_won,
        }
        for (ordinal, slot), line in book.lines.items()
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


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


def _blinded(book: _Book, blinds: pl.DataFrame | None, rate: float) -> dict[int, list[tuple[int, float, int]]]:
    """Victim → (from, to, thrower) of the flashes enemies blinded them with."""
    found: dict[int, list[tuple[int, float, int]]] = {}
    for _, row in book.played(blinds, "attacker_slot", "victim_slot", "attacker_side", "victim_side", "duration"):
        thrower, victim = row["attacker_slot"], row["victim_slot"]
        if thrower is not None and victim is not None and _oppose(row["attacker_side"], row["victim_side"]):
            found.setdefault(victim, []).append(
                (row["tick"], row["tick"] + float(row["duration"] or 0) * rate, thrower)
            )
    return found


def _book_kills(book: _Book, kills: pl.DataFrame | None, blinded: dict[int, list[tuple[int, float, int]]]) -> None:
    begun: set[int] = set()
    alive: dict[int, dict[int, str]] = {row.ordinal: book.roster(row) for row in book.stretches}
    clutched: set[tuple[int, str]] = set()
    for stretch, row in book.played(
        kills, "attacker_slot", "victim_slot", "assister_slot", "attacker_side", "victim_side", "assister_side",
        "headshot", "assist_flash", "is_trade", "victim_traded",
    ):  # fmt: skip
        killer, victim = row["attacker_slot"], row["victim_slot"]
        if killer is not None and killer != victim and _may_oppose(row["attacker_side"], row["victim_side"]):
            book.add(stretch, killer, "kills")
            book.add(stretch, killer, "headshot_kills", int(bool(row["headshot"])))
            book.add(stretch, killer, "trade_kills", int(bool(row["is_trade"])))
        book.add(stretch, victim, "deaths")
        book.add(stretch, victim, "traded_deaths", int(bool(row["victim_traded"])))
        helped: dict[int, bool] = {}  # who → by a flash
        if row["assister_slot"] is not None and _may_oppose(row["assister_side"], row["victim_side"]):
            helped[row["assister_slot"]] = bool(row["assist_flash"])
        if killer is not None and _oppose(row["attacker_side"], row["victim_side"]):
            for begun_at, over_at, thrower in blinded.get(victim, ()):
                if begun_at <= row["tick"] <= over_at and thrower != killer:
                    helped[thrower] = True
        for slot, by_flash in helped.items():
            book.add(stretch, slot, "assists")
            book.add(stretch, slot, "flash_assists", int(by_flash))
        if stretch.ordinal not in begun:
            begun.add(stretch.ordinal)
            book.add(stretch, None if killer == victim else killer, "opening_kills")
            book.add(stretch, victim, "opening_deaths")
        _book_clutch(book, stretch, alive[stretch.ordinal], victim, clutched)


def _book_clutch(
    book: _Book, stretch: Stretch, alive: dict[int, str], victim: int | None, clutched: set[tuple[int, str]]
) -> None:
    side = None if victim is None else alive.pop(victim, None)
    if side is None or (stretch.ordinal, side) in clutched:
        return
    own = [slot for slot, other in alive.items() if other == side]
    opponents = len(alive) - len(own)
    line = book.line(stretch, own[0]) if len(own) == 1 and opponents else None
    if line is not None:
        clutched.add((stretch.ordinal, side))
        line.clutch_size, line.clutch_won = opponents, side == stretch.winner_side


def _book_damage(book: _Book, damages: pl.DataFrame | None) -> None:
    health: dict[tuple[int, int], int] = {}
    for stretch, row in book.played(
        damages, "attacker_slot", "victim_slot", "attacker_side", "victim_side", "weapon", "health_pre", "health_post"
    ):
        attacker, victim, after = row["attacker_slot"], row["victim_slot"], row["health_post"] or 0
        before = row["health_pre"] or 0
        if victim is not None:
            before = min(before, health.get((stretch.ordinal, victim), FULL_HEALTH))
            health[stretch.ordinal, victim] = after
        removed = max(before - after, 0)
        if attacker == victim or not _oppose(row["attacker_side"], row["victim_side"]):
            continue
        book.add(stretch, attacker, "damage", removed)
        if any(word in (row["weapon"] or "") for word in UTILITY):
            book.add(stretch, attacker, "utility_damage", removed)


def _book_flashes(book: _Book, shots: pl.DataFrame | None, blinds: pl.DataFrame | None) -> None:
    if shots is not None and "weapon" in shots.columns:
        for stretch, row in book.played(shots.filter(pl.col("weapon").str.contains("flashbang")), "slot"):
            book.add(stretch, row["slot"], "flashes_thrown")
    for stretch, row in book.played(blinds, "attacker_slot", "attacker_side", "victim_side", "duration"):
        line = book.line(stretch, row["attacker_slot"])
        if line is not None and _oppose(row["attacker_side"], row["victim_side"]):
            line.counts["enemies_flashed"] += 1
            line.flash_seconds += float(row["duration"] or 0.0)


def _oppose(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _may_oppose(one: str | None, other: str | None) -> bool:
    """Enemies as far as is known: somebody without a side is one."""
    return one is None or other is None or one != other
