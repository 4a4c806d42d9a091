"""Rounds as rows: what the parser says of each, and the numbers and scores that follow from which of them count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

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
