"""The score that a recording begins with, and what the scoreboard showed when each stretch began."""

from collections.abc import Sequence

from apps.demos.parsing.match.counting import Counted
from apps.demos.parsing.match.moments import Moment

Score = tuple[int, int]


def start_score(verdicts: Sequence[Counted], ct: Sequence[int], moments: Sequence[Moment]) -> tuple[int, Score]:
    """Rounds played before the first stretch that counts, and the score by roster then; 0:0 where nothing tells it.

    A keyframe in any stretch that counts tells it: its score less the rounds won since.
    """
    counted = [at for at, one in enumerate(verdicts) if not one.reason]
    before = (verdicts[counted[0]].played or 0) if counted else 0
    if before == 0:
        return 0, (0, 0)
    won = [0, 0]
    for at in counted:
        one, roster = verdicts[at].stretch, ct[at]
        for moment in moments:
            if not one.start <= moment.tick <= one.last or moment.score_ct is None or moment.score_t is None:
                continue
            score = [moment.score_ct, moment.score_t] if roster == 0 else [moment.score_t, moment.score_ct]
            if one.decided is not None and moment.tick >= one.decided:
                _add(score, one.winner, roster, -1)
            found = (score[0] - won[0], score[1] - won[1])
            if min(found) >= 0 and sum(found) == before:
                return before, found
        _add(won, one.winner, roster, 1)
    return before, (0, 0)


def scoreboard(verdicts: Sequence[Counted], ct: Sequence[int], start: Score) -> list[Score]:
    """The score (CT, T) at the start of every stretch, counted or not: that of the game."""
    after: dict[int, Score] = {0: (0, 0)}
    counted = [one.played for one in verdicts if not one.reason]
    if counted and counted[0] is not None:
        after.setdefault(counted[0], start)
    found: list[Score] = []
    shown: Score = (0, 0)
    for one, roster in zip(verdicts, ct, strict=True):
        shown = (0, 0) if one.played is None else after.get(one.played, shown)
        found.append((shown[roster], shown[1 - roster]))
        if one.played is not None and one.stretch.decided is not None:
            won = list(shown)
            _add(won, one.stretch.winner, roster, 1)
            after[one.played + 1] = (won[0], won[1])
    return found


def _add(score: list[int], winner: str, ct: int, by: int) -> None:
    roster = {"CT": ct, "T": 1 - ct}.get(winner)
    if roster is not None:
        score[roster] += by
