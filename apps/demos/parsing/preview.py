"""The first round of a long recording, readable before the rest of it."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from apps.demos.parsing.match import account
from apps.demos.parsing.match.evidence import RULES, Evidence
from apps.demos.parsing.reading import datasets, events, people, salvage, units
from apps.demos.parsing.reading.opening import Head

WANTED = ("states", "kills", "damages", "shots", "bomb", "blinds", "grenades", "smokes", "fires", "rounds", "events")


def make(source: datasets.Source, head: Head, folder: Path) -> dict[str, Any] | None:
    """Write the pack of the first round to ``folder``; its rows for the database, or None where none is in sight."""
    end = _end_of_first_round(source)
    if end is None:
        return None
    part = folder / "part.dem"
    folder.mkdir(exist_ok=True)
    salvage.cut(source.path, part, end)
    try:
        return _of_part(datasets.Source(part, folder), head, folder)
    finally:
        part.unlink()


def _end_of_first_round(source: datasets.Source) -> int | None:
    """The offset of the first whole state (there is one a minute) behind the end of a round that counts."""
    table = source.keyframes
    played = RULES + "m_totalRoundsPlayed"
    if played not in table.columns:
        return None
    known = table.filter(pl.col(played).is_not_null()).sort("tick")
    first = known.filter(pl.col(played).cast(pl.Int64) > pl.col(played).cast(pl.Int64).first())["tick"]
    if first.is_empty():
        return None
    return next((each.end for each in source.extent.full_packets if each.tick >= int(first[0])), None)


def _of_part(source: datasets.Source, head: Head, folder: Path) -> dict[str, Any] | None:
    found = datasets.read_all(source, WANTED)
    one = {unit: (found.get(unit) or {}).get(unit) for unit in units.UNITS}
    players = one["states"]
    if players is None or players.is_empty():
        return None
    present = people.presence(players)
    tables: dict[str, pl.DataFrame | None] = {
        name: None if (table := one[name]) is None else events.with_slots(table, present) for name in events.TABLES
    }
    told = account.account(
        Evidence(
            map_name=head.map_name,
            tick_rate=head.tick_rate,
            first_tick=int(players["tick"][0]),
            last_tick=int(players["tick"][-1]),
            rounds=one["rounds"],
            events=found.get("events") or {},
            states=players,
            tables=tables,
        )
    )
    row = next((row for row in told.rounds if not row.not_counted and not row.is_partial), None)
    if row is None:
        return None
    from apps.demos.parsing.viewing import pack

    pack.write(folder, row, players, told.rules, tables, tick_rate=head.tick_rate)
    return {
        "map_name": head.map_name,
        "server_name": head.server_name,
        "recorded_by": head.recorded_by,
        "build_number": head.build_number,
        "tick_rate": head.tick_rate,
        "round": asdict(row),
        "players": people.rows(players, told.rosters).to_dicts(),
    }
