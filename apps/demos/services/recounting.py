"""What follows from the rounds that count: their numbers, scores, the players' statistics, the library's counts.

Called at the end of an import and whenever a person excludes or restores a round.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from apps.demos.models import Demo, DemoTeam, NotCounted, Player, Round
from apps.demos.parsing.match.halves import halves
from apps.demos.parsing.match.rounds import standings
from apps.demos.selectors import recordings

ROUND_FIELDS = ("not_counted", "number", "score_ct", "score_t", "winner_roster")


@transaction.atomic
def recount(demo: Demo) -> None:
    """Bring everything derived from ``demo``'s rounds and decisions up to date; twice gives the same.

    Where the table of statistics per round is missing, nobody has statistics; everything else is as it should be.
    """
    Demo.objects.select_for_update().get(pk=demo.pk)  # one at a time
    rounds = list(demo.rounds.order_by("ordinal"))
    before = {row.pk: _derived(row) for row in rounds}
    teams = {team.roster: team for team in demo.teams.all()}
    score = _number(rounds, _decided(demo), (_start(teams, 0), _start(teams, 1)))
    Round.objects.bulk_update([row for row in rounds if _derived(row) != before[row.pk]], ROUND_FIELDS)
    for roster, team in teams.items():
        team.score = score[roster]
    DemoTeam.objects.bulk_update(teams.values(), ["score"])
    counted = [row for row in rounds if row.number is not None]
    half_of = halves(counted)
    _keep_statistics(demo, {row.ordinal: half_of[row.ordinal] for row in counted if not row.is_unfinished})
    Demo.objects.filter(pk=demo.pk).update(
        round_count=len(counted),
        partial_count=sum(row.is_partial for row in counted),
        uncounted_count=len(rounds) - len(counted),
        player_count=demo.players.count(),
    )


def _derived(row: Round) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in ROUND_FIELDS)


def _decided(demo: Demo) -> dict[int, bool]:
    """Start tick → whether people say that the round counts: the newest word holds."""
    newest_last = demo.round_decisions.order_by("at", "pk")
    return dict(newest_last.values_list("start_tick", "counts"))


def _start(teams: Mapping[int, DemoTeam], roster: int) -> int:
    return teams[roster].start_score if roster in teams else 0


def _number(rounds: list[Round], decided: Mapping[int, bool], start: tuple[int, int]) -> tuple[int, int]:
    """Set what the rounds that count have; returns the final score by roster."""
    for row in rounds:
        row.not_counted = effective(row.parsed_not_counted, decided.get(row.start_tick))
    found, score = standings(rounds, start)
    for row, standing in zip(rounds, found, strict=True):
        row.number = standing.number
        row.score_ct, row.score_t = standing.score_ct, standing.score_t
        row.winner_roster = standing.winner_roster
    return score


def effective(parsed: str, counts: bool | None) -> str:
    """Why a round does not count, by the parser's reason and a person's word (None: nobody said anything)."""
    if counts is None:
        return parsed
    return "" if counts else (parsed or NotCounted.EXCLUDED)


def _keep_statistics(demo: Demo, half_of: Mapping[int, int]) -> None:
    from apps.demos.parsing.stats import scoreboard

    table = recordings.table(demo, "player_rounds")
    found: dict[int, dict[str, Any]] = {} if table is None else scoreboard.scoreboard(table, half_of)
    players = list(demo.players.all())
    for player in players:
        player.statistics = found.get(player.slot, {})
    Player.objects.bulk_update(players, ["statistics"])
