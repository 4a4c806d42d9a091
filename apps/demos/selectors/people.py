"""Reads over many recordings: a player's, a team's or an event's."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from apps.demos.models import Demo, DemoTeam, Player, Team


@dataclass(frozen=True)
class Record:
    """Matches of a team, or of a player's teams, on one map."""

    map_name: str
    won: int
    lost: int
    drawn: int

    @property
    def played(self) -> int:
        return self.won + self.lost + self.drawn


def records(demos: Iterable[Demo], sides: Mapping[int, int]) -> list[Record]:
    """Won, lost and drawn by map, the most played first.

    Args:
        demos: with their ``teams`` fetched.
        sides: the roster in question, by the recording's number; a recording without one does not count.
    """
    tally: dict[str, Counter[str]] = {}
    for demo in demos:
        scores = {team.roster: team.score for team in demo.teams.all()}
        roster = sides.get(demo.pk)
        if roster is None or len(scores) != 2 or not any(scores.values()):
            continue
        own, other = scores[roster], scores[1 - roster]
        word = "won" if own > other else "lost" if own < other else "drawn"
        tally.setdefault(demo.map_name or "unknown map", Counter())[word] += 1
    found = [Record(name, n["won"], n["lost"], n["drawn"]) for name, n in tally.items()]
    return sorted(found, key=lambda record: (-record.played, record.map_name))


def player_rows(steamid: int) -> QuerySet[Player]:
    """A player's row in each recording they play in, newest upload first."""
    return Player.objects.filter(steamid=steamid).select_related("demo").order_by("-demo__uploaded_at", "-demo_id")


def team_sides(team: Team) -> dict[int, int]:
    """Which roster a team was, by recording."""
    return dict(DemoTeam.objects.filter(team=team).values_list("demo_id", "roster"))


def is_known(player: str) -> bool:
    """Whether somebody of that Steam ID, or with that in their name, plays in a recording here."""
    named = Player.objects.filter(name__icontains=player)
    number = int(player) if player.isascii() and player.isdigit() and len(player) < 19 else 0
    return named.exists() or (number > 0 and Player.objects.filter(steamid=number).exists())
