"""Halves: runs of rounds in which nobody changes sides, overtime apart."""

from collections.abc import Iterable
from typing import Protocol


class Played(Protocol):
    """What is needed of a round: a ``RoundRow``, a ``models.Round`` …"""

    @property
    def ordinal(self) -> int: ...
    @property
    def ct_roster(self) -> int | None: ...
    @property
    def overtime(self) -> int: ...


def halves(counted: Iterable[Played]) -> dict[int, int]:
    """Ordinal → 1, 2 … of the rounds that count, given in order.

    A half ends where the teams change sides and where an overtime begins: its first half is played from the sides of
    the one before. Where it is unknown who plays which side, nothing ends.
    """
    found: dict[int, int] = {}
    half, before = 1, None
    for row in counted:
        if before is not None and (before.overtime != row.overtime or _swapped(before.ct_roster, row.ct_roster)):
            half += 1
        found[row.ordinal] = half
        before = row
    return found


def _swapped(before: int | None, now: int | None) -> bool:
    return before is not None and now is not None and before != now
