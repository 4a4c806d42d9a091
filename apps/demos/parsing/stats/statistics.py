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

from typing import Any

import polars as pl

from apps.demos.parsing.stats.book import COUNTS, Book, Found, Known, Stretch

UTILITY = ("hegrenade", "inferno", "molotov", "incgrenade", "incendiary")
FULL_HEALTH = 100
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


def player_rounds(evidence: Found, account: Known) -> pl.DataFrame:
    """One row per person and stretch of ``account.rounds``, counted or not, with the columns of ``SCHEMA``.

    ``evidence.tables`` hold awpy's columns with slots (``reading.events.with_slots``); a table that is missing leaves
    zeros.
    """
    book = Book(evidence, account)
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


def _blinded(book: Book, blinds: pl.DataFrame | None, rate: float) -> dict[int, list[tuple[int, float, int]]]:
    """Victim → (from, to, thrower) of the flashes enemies blinded them with."""
    found: dict[int, list[tuple[int, float, int]]] = {}
    for _, row in book.played(blinds, "attacker_slot", "victim_slot", "attacker_side", "victim_side", "duration"):
        thrower, victim = row["attacker_slot"], row["victim_slot"]
        if thrower is not None and victim is not None and _oppose(row["attacker_side"], row["victim_side"]):
            found.setdefault(victim, []).append(
                (row["tick"], row["tick"] + float(row["duration"] or 0) * rate, thrower)
            )
    return found


def _book_kills(book: Book, kills: pl.DataFrame | None, blinded: dict[int, list[tuple[int, float, int]]]) -> None:
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
    book: Book, stretch: Stretch, alive: dict[int, str], victim: int | None, clutched: set[tuple[int, str]]
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


def _book_damage(book: Book, damages: pl.DataFrame | None) -> None:
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


def _book_flashes(book: Book, shots: pl.DataFrame | None, blinds: pl.DataFrame | None) -> None:
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
