"""Score, halves and overtime of a CS2 match, by roster."""

from dataclasses import dataclass, field
from enum import Enum

from apps.simulation.match.economy import LossLadder
from apps.simulation.match.options import MatchOptions
from apps.simulation.truth.match import Team

# awpy's older words → CS2's m_eRoundWinReason; "t_killed": the CTs won by elimination
REASONS = {
    "bomb_exploded": 1,
    "bomb_defused": 7,
    "t_killed": 8,
    "ct_killed": 9,
    "draw": 10,
    "time_ran_out": 12,
    "t_surrender": 17,
    "ct_surrender": 18,
}


class Break(Enum):
    """What lies between the round just played and the next."""

    NONE = "none"
    HALF = "half"  # sides change; money and equipment start again
    OVERTIME = "overtime"  # an overtime (or its second half) begins with overtime money
    OVERTIME_HALF = "overtime_half"  # the same, and sides change
    END = "end"


def other(side: Team) -> Team:
    return Team.CT if side == Team.T else Team.T


@dataclass
class Score:
    """The running score; ``first_side`` is what roster 0 plays in the first round."""

    first_side: Team = Team.CT
    played: int = 0
    won: list[int] = field(default_factory=lambda: [0, 0])
    ladders: list[LossLadder] = field(default_factory=lambda: [LossLadder(), LossLadder()])

    def side(self, roster: int, options: MatchOptions) -> Team:
        """The side a roster plays in the next round.

        Sides change at half-time and in the middle of every overtime, not at an overtime's start.
        """
        swaps = int(self.played >= options.max_rounds // 2)
        if self.played >= options.max_rounds:
            half = options.overtime_rounds // 2
            swaps += ((self.played - options.max_rounds) // half + 1) // 2
        own = self.first_side if roster == 0 else other(self.first_side)
        return own if swaps % 2 == 0 else other(own)

    def overtime(self, options: MatchOptions, over: bool = False) -> int:
        """0 in regulation, else which overtime the next round (``over``: the last one) belongs to."""
        played = self.played - int(over)
        if played < options.max_rounds:
            return 0
        return (played - options.max_rounds) // options.overtime_rounds + 1

    def second_half(self, options: MatchOptions, over: bool = False) -> bool:
        """Of regulation or of an overtime, for the next round (``over``: for the last one)."""
        played = self.played - int(over)
        if played < options.max_rounds:
            return played >= options.max_rounds // 2
        return (played - options.max_rounds) % options.overtime_rounds >= options.overtime_rounds // 2

    def add(self, winner: int) -> None:
        """Count a round for a roster; the ladder of the loss bonus moves too."""
        self.played += 1
        self.won[winner] += 1
        self.ladders = [ladder.after(roster == winner) for roster, ladder in enumerate(self.ladders)]

    def then(self, options: MatchOptions) -> Break:
        """What comes after the rounds played so far."""
        half = options.max_rounds // 2
        if self.played <= options.max_rounds:
            if max(self.won) > half:
                return Break.END
            if self.played == half:
                return Break.HALF
            if self.played == options.max_rounds:
                return Break.OVERTIME if options.overtime else Break.END
            return Break.NONE
        return self._then_in_overtime(options)

    def _then_in_overtime(self, options: MatchOptions) -> Break:
        half = options.overtime_rounds // 2
        number, into = divmod(self.played - options.max_rounds - 1, options.overtime_rounds)
        if max(self.won) > options.max_rounds // 2 + half * (number + 1):
            return Break.END
        if into + 1 == half:
            return Break.OVERTIME_HALF
        if into + 1 == options.overtime_rounds:
            return Break.OVERTIME if number + 1 < options.max_overtimes else Break.END
        return Break.NONE
