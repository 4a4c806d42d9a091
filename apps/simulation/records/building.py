"""Facts → a whole truth. Every fact comes back at its tick; what is invented between them says each module's head.

The recording begins one second before the first round (or the first fact) and ends one second after the last. Places,
convars beyond the round count, bomb and buy zones are not known and stay empty.
"""

from itertools import pairwise

import numpy as np
import polars as pl

from apps.simulation.records import conditions, missiles, timeline, ways
from apps.simulation.records.belongings import Armoury
from apps.simulation.records.facts import Facts, Round
from apps.simulation.records.problems import MAX_TICK, bad
from apps.simulation.records.score import Score
from apps.simulation.truth.match import TICK_RATE, Header, MatchTruth, Participant
from apps.simulation.truth.tables import TABLES
from apps.simulation.truth.tracks import Tracks, blank


def build(facts: Facts) -> MatchTruth:
    """The truth of the facts.

    Raises:
        BadRecord: rounds that are none, overlap or are not numbered, or nobody to play them.
    """
    _check(facts)
    ticks = np.arange(*_extent(facts))
    spans = _spans(facts, int(ticks[-1]) + 1)
    died = _deaths(facts, spans)
    score = Score()
    conditions.take_sides(score, facts, spans, int(ticks[0]))
    conditions.suffer(score, facts, spans, died)
    conditions.earn(score, facts, spans)
    conditions.count(score, facts)
    Armoury(score, facts).follow(spans, died, int(ticks[-1]))
    missiles.fly(score, facts, spans)
    timeline.tell(score, facts, spans, int(ticks[0]))
    tracks = blank(ticks, len(facts.people))
    score.spread(tracks)
    ways.walk(tracks, facts, spans, died)
    tables = {name: _table(name, rows) for name, rows in score.rows.items()}
    tables["holders"] = _on_the_ground(tables["holders"], tracks)
    return MatchTruth(
        header=Header(facts.map_name, facts.rosters, facts.server_name or "Chimera replayed record"),
        seed=0,
        participants=[
            Participant(who, one.name, one.steamid, one.roster, is_bot=one.steamid == 0)
            for who, one in enumerate(facts.people)
        ],
        places=[""],
        convars={"mp_maxrounds": str(facts.max_rounds)},
        tracks=tracks,
        events=score.sorted_events(),
        tables=tables,
    )


def _check(facts: Facts) -> None:
    if not facts.rounds:
        bad("The record has no round.")
    if not facts.people:
        bad("The record has no players.")
    for index, round_ in enumerate(facts.rounds, 1):
        if round_.number != index:
            bad(f"Round {index} of the record bears the number {round_.number}.")
        if not round_.start < round_.freeze_end < round_.end <= round_.official:
            bad(f"The ticks of round {index} do not follow each other: start, end of freeze time, end, official end.")
    for one, other in pairwise(facts.rounds):
        if other.start < one.official:
            bad(f"Round {other.number} begins before round {one.number} has ended.")
        if other.start <= one.end:
            bad(f"Round {other.number} begins on the tick that decides round {one.number}.")


def _extent(facts: Facts) -> tuple[int, int]:
    told = [one.tick for table in (facts.sightings, facts.kills, facts.damages, facts.shots, facts.buys, facts.blinds,
                                   facts.bombs, facts.chats) for one in table]  # type: ignore[attr-defined]  # fmt: skip
    told += [one.off for one in facts.grenades if one.off is not None]
    first = min([facts.rounds[0].start, *told])
    last = max([facts.rounds[-1].official, *told])
    if last > MAX_TICK:
        bad(f"The record reaches to tick {last}, further than any match.")
    return max(0, first - TICK_RATE), last + TICK_RATE + 1


def _spans(facts: Facts, end: int) -> list[tuple[Round, int]]:
    """Every round with the tick up to which its state lasts: the next one's start."""
    untils = [round_.start for round_ in facts.rounds[1:]] + [end]
    return list(zip(facts.rounds, untils, strict=True))


def _deaths(facts: Facts, spans: list[tuple[Round, int]]) -> dict[tuple[int, int], int]:
    """(round number, person) → tick of the first death in it."""
    starts = np.array([round_.start for round_, _ in spans])
    died: dict[tuple[int, int], int] = {}
    for kill in sorted(facts.kills, key=lambda one: one.tick):
        index = int(np.searchsorted(starts, kill.tick, side="right")) - 1
        if index >= 0:
            died.setdefault((spans[index][0].number, kill.victim), kill.tick)
    return died


def _table(name: str, rows: list[tuple[object, ...]]) -> pl.DataFrame:
    table = pl.DataFrame(rows, schema=TABLES[name], orient="row", strict=False)
    first = next((key for key in ("tick", "from_tick", "start_tick", "number") if key in TABLES[name]), None)
    return table.sort(first, maintain_order=True) if first else table


def _on_the_ground(holders: pl.DataFrame, tracks: Tracks) -> pl.DataFrame:
    """Dropped things lie where their owner, noted in ``x`` by ``belongings``, stood."""
    lying = (holders["owner"] == -1).to_numpy()
    rows = np.searchsorted(tracks.ticks, holders["tick"].to_numpy()).clip(0, len(tracks.ticks) - 1)
    who = holders["x"].fill_null(0).to_numpy().astype(np.int64)
    spots = {axis: np.where(lying, tracks[axis][rows, who], np.nan) for axis in "xyz"}
    return holders.with_columns(pl.Series(axis, values, pl.Float32).fill_nan(None) for axis, values in spots.items())
