"""Rounds: the whole ones awpy finds, and the piece of one at either end of a recording."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import polars as pl

from apps.demos.parsing.vocabulary import side

PLAYED = ["live", "planted"]
UNSCORED = ("warmup", "knife")  # the game's score begins after these


@dataclass(frozen=True)
class RoundRow:
    """One stretch of play that looks like a round: the fields of ``models.Round`` that the parser makes.

    Ticks are inclusive, scores are those before it, by side; ``ct_roster`` says which team plays that side.
    """

    ordinal: int
    number: int | None
    start_tick: int
    freeze_end_tick: int | None
    end_tick: int
    is_partial: bool = False
    winner_side: str = ""
    end_reason: str = ""
    score_ct: int = 0
    score_t: int = 0
    parsed_not_counted: str = ""
    not_counted: str = ""
    official_end_tick: int | None = None
    overtime: int = 0
    paused_s: float = 0.0
    winner_roster: int | None = None
    ct_roster: int | None = None
    plant_tick: int | None = None
    bomb_site: str = ""
    buy_ct: str = ""
    buy_t: str = ""
    equipment_ct: int | None = None
    equipment_t: int | None = None
    money_ct: int | None = None
    money_t: int | None = None


class Played(Protocol):
    """What the score needs to know of a round: a ``RoundRow``, a ``models.Round`` …"""

    @property
    def not_counted(self) -> str: ...
    @property
    def ct_roster(self) -> int | None: ...
    @property
    def winner_side(self) -> str: ...


@dataclass(frozen=True)
class Standing:
    """A round's number (None where it does not count) and the score before it, by side."""

    number: int | None
    score_ct: int
    score_t: int
    winner_roster: int | None


def standings(rows: Iterable[Played], start: tuple[int, int] = (0, 0)) -> tuple[list[Standing], tuple[int, int]]:
    """Number and score of every round in order, and the final score by roster.

    ``start`` is the score by roster when the first counted round began (a recording may begin in the middle of a
    match): the first one's number is the sum of it and one. A round that does not count has the score that was shown
    when it was played.
    """
    won, number, ct = list(start), sum(start), 0
    shown = list(won)
    found = []
    for row in rows:
        ct = ct if row.ct_roster is None else row.ct_roster
        winner = {"CT": ct, "T": 1 - ct}.get(row.winner_side)
        counts = not row.not_counted
        number += counts
        score = won if counts else shown
        found.append(Standing(number if counts else None, score[ct], score[1 - ct], winner))
        if counts:
            won[0 if winner == 0 else 1] += winner is not None
            shown = list(won)
        elif winner is not None and row.not_counted not in UNSCORED:
            shown[winner] += 1
    return found, (won[0], won[1])


def numbered(rows: Sequence[RoundRow], start: tuple[int, int] = (0, 0)) -> list[RoundRow]:
    """The rows with ``number``, ``score_ct``, ``score_t`` and ``winner_roster`` as :func:`standings` has them."""
    found, _ = standings(rows, start)
    return [replace(row, **vars(one)) for row, one in zip(rows, found, strict=True)]


def whole(table: pl.DataFrame | None) -> list[RoundRow]:
    """awpy's rounds in our words, in order; scores are still 0."""
    if table is None:
        return []
    rows: list[RoundRow] = []
    for row in table.sort("start_tick").iter_rows(named=True):
        if row["start_tick"] is None or row["end_tick"] is None:
            continue
        rows.append(
            RoundRow(
                ordinal=len(rows) + 1,
                number=len(rows) + 1,
                start_tick=int(row["start_tick"]),
                freeze_end_tick=_int(row["freeze_end_tick"]),
                end_tick=int(row["end_tick"]),  # not the official end: what follows is no play
                winner_side=side(row["winner_side"]),
                end_reason=str(row["reason_name"] or "")[:60],
            )
        )
    return _without_overlap(rows)


def _without_overlap(rows: list[RoundRow]) -> list[RoundRow]:
    """A round ends at the latest on the tick before the next one starts."""
    ends = [row.start_tick - 1 for row in rows[1:]] + [2**31]
    return [replace(row, end_tick=min(row.end_tick, end)) for row, end in zip(rows, ends, strict=False)]


def with_scores(rows: list[RoundRow], sides: pl.DataFrame) -> list[RoundRow]:
    """Scores before each round, by side.

    Teams change sides, so wins are counted by team: two rounds are of the same team and side when most players kept
    theirs. ``sides`` has columns tick, slot, side.
    """
    scored, won = [], {"CT": 0, "T": 0}
    before: dict[int, str] = {}
    for row in rows:
        now = _sides_at(sides, row.freeze_end_tick or row.start_tick)
        shared = [slot for slot in now if slot in before]
        if shared and sum(now[slot] != before[slot] for slot in shared) * 2 > len(shared):
            won = {"CT": won["T"], "T": won["CT"]}
        scored.append(replace(row, score_ct=won["CT"], score_t=won["T"]))
        if row.winner_side:
            won[row.winner_side] += 1
        before = now or before
    return scored


def _sides_at(sides: pl.DataFrame, tick: int) -> dict[int, str]:
    rows = sides.filter(pl.col("tick") == tick)
    if rows.is_empty():
        rows = sides.filter(pl.col("tick") >= tick).filter(pl.col("tick") == pl.col("tick").min())
    return dict(zip(rows["slot"].to_list(), rows["side"].to_list(), strict=True))


def with_pieces(rows: list[RoundRow], rules: pl.DataFrame | None, *, first_tick: int, last_tick: int) -> list[RoundRow]:
    """Add what was recorded of rounds that began before the recording or were cut by its end.

    Without one whole round the whole recording is one partial round.
    """
    if not rows:
        return [_piece(rules, first_tick, last_tick)]
    if rules is None:
        return rows
    pieces = list(rows)
    if _is_played(rules, first_tick, rows[0].start_tick - 1):
        pieces.insert(0, _piece(rules, first_tick, rows[0].start_tick - 1))
    tail = _next_start(rules, rows[-1].end_tick + 1)
    if tail is not None and _is_played(rules, tail, last_tick):
        pieces.append(_piece(rules, tail, last_tick))
    return [replace(row, ordinal=number, number=number) for number, row in enumerate(pieces, 1)]


def _piece(rules: pl.DataFrame | None, first: int, last: int) -> RoundRow:
    """The partial round between two ticks."""
    score = (0, 0) if rules is None else _score_at(rules, first)
    freeze_end = _freeze_end(rules, first, last)
    return RoundRow(1, 1, first, freeze_end, last, is_partial=True, score_ct=score[0], score_t=score[1])


def _next_start(rules: pl.DataFrame, tick: int) -> int | None:
    """The first tick from ``tick`` on that is not the aftermath of a round."""
    rows = rules.filter(pl.col("tick") >= tick, pl.col("phase").is_in(["freeze", *PLAYED]))
    return None if rows.is_empty() else int(rows["tick"].min())  # type: ignore[arg-type]


def _is_played(rules: pl.DataFrame, first: int, last: int) -> bool:
    window = rules.filter(pl.col("tick").is_between(first, last), pl.col("phase").is_in(PLAYED))
    return not window.is_empty()


def _score_at(rules: pl.DataFrame, tick: int) -> tuple[int, int]:
    row = rules.filter(pl.col("tick") >= tick).head(1)
    return (0, 0) if row.is_empty() else (row["score_ct"][0] or 0, row["score_t"][0] or 0)


def _freeze_end(rules: pl.DataFrame | None, first: int, last: int) -> int | None:
    """The tick on which freeze time ended within the window; None when that was not recorded."""
    if rules is None:
        return None
    window = rules.filter(pl.col("tick").is_between(first, last)).sort("tick")
    ends = window.filter(pl.col("phase").is_in(PLAYED) & (pl.col("phase").shift() == "freeze"))
    return None if ends.is_empty() else int(ends["tick"][0])


def _int(value: Any) -> int | None:
    return None if value is None else int(value)
