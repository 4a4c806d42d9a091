"""Reads for a recording's page: teams with their players, halves with their rounds, decisions. Four queries in all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from apps.demos.models import Demo, DemoTeam, Player, Round, RoundDecision
from apps.demos.parsing.match.halves import halves

SIDES = ("all", "CT", "T")
NOBODY = "Without a team"


@dataclass(frozen=True)
class Line:
    """A player in the scoreboard: statistics of all rounds and of each side, see ``stats.scoreboard.totals``."""

    player: Player
    figures: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class TeamView:
    roster: int | None  # None: whoever belongs to no team
    name: str
    score: int
    halves: list[str]  # rounds won in each half, as "7" …
    lines: list[Line]
    start_score: int = 0


@dataclass(frozen=True)
class RoundView:
    """A round by team instead of by side: ``buys[0]`` is that of team 0."""

    row: Round
    sides: tuple[str, str]
    buys: tuple[str, str]
    equipment: tuple[int | None, int | None]
    money: tuple[int | None, int | None]
    score: tuple[int, int]  # before it
    winner: int | None

    @property
    def length_ticks(self) -> int:
        return self.row.end_tick - (self.row.freeze_end_tick or self.row.start_tick)


@dataclass(frozen=True)
class Half:
    name: str
    score: tuple[int, int]  # won in it
    rounds: list[RoundView]


@dataclass(frozen=True)
class Decision:
    """``was`` is the number the round had as it was read."""

    decision: RoundDecision
    row: Round | None  # None where a new import found no such round any more
    was: int | None = None


@dataclass(frozen=True)
class Uncounted:
    """A stretch that does not count, when it began (seconds into the recording), and who said so, if a person did."""

    row: Round
    begun_s: float
    length_s: float
    decision: RoundDecision | None
    was: int | None = None  # its number as it was read, where a person excluded it


@dataclass(frozen=True)
class Match:
    teams: list[TeamView]
    halves: list[Half]
    uncounted: list["Uncounted"]
    decisions: list[Decision] = field(default_factory=list)

    @property
    def rounds(self) -> list[RoundView]:
        return [one for half in self.halves for one in half.rounds]

    @property
    def has_players(self) -> bool:
        return any(team.lines for team in self.teams)

    @property
    def has_result(self) -> bool:
        """Somebody won a round, in the recording or before it."""
        return any(one.winner is not None for one in self.rounds) or any(team.start_score for team in self.teams)

    @property
    def is_bare(self) -> bool:
        """Nobody is known to have played or won anything."""
        return not self.has_players and not self.has_result

    @property
    def left_out(self) -> list[RoundView]:
        """Rounds that count and are in nobody's statistics: recorded in part, and nobody won them."""
        return [one for one in self.rounds if one.row.is_unfinished]


def match(demo: Demo) -> Match:
    """Everything about the rounds, teams and players of a recording that its page shows."""
    rounds = list(demo.rounds.all())
    players = list(demo.players.all())
    named = {team.roster: team for team in demo.teams.select_related("team")}
    counted = [row for row in rounds if row.number is not None]
    parts = _halves(counted)
    starts = {row.start_tick: row for row in rounds}
    decisions = list(demo.round_decisions.select_related("user"))  # newest first
    newest = {one.start_tick: one for one in reversed(decisions)}
    rate = demo.tick_rate or 64.0
    was = as_read(rounds)
    return Match(
        [_team(roster, named.get(roster), players, parts) for roster in (0, 1)] + _others(players),
        parts,
        [
            Uncounted(
                row,
                (row.start_tick - demo.first_tick) / rate,
                (row.end_tick - row.start_tick) / rate,
                newest.get(row.start_tick),
                was.get(row.ordinal),
            )
            for row in rounds
            if row.number is None
        ],
        [_decision(one, starts.get(one.start_tick), was) for one in decisions],
    )


def as_read(rounds: Iterable[Round]) -> dict[int, int]:
    """Ordinal → the number a round has when nobody excludes or restores any."""
    read = [row.ordinal for row in rounds if not row.parsed_not_counted]
    return {ordinal: number for number, ordinal in enumerate(read, 1)}


def _decision(one: RoundDecision, row: Round | None, was: Mapping[int, int]) -> Decision:
    return Decision(one, row, was.get(row.ordinal) if row else None)


def _halves(counted: list[Round]) -> list[Half]:
    half_of = halves(counted)
    found: list[Half] = []
    begun: dict[int, int] = {}  # overtime → halves of it so far
    for _, group in groupby(counted, key=lambda row: half_of[row.ordinal]):
        rows = [by_team(row) for row in group]
        overtime = rows[0].row.overtime
        begun[overtime] = begun.get(overtime, 0) + 1
        score = tuple(sum(one.winner == roster for one in rows) for roster in (0, 1))
        found.append(Half(_half_name(overtime, begun[overtime]), (score[0], score[1]), rows))
    return found


def _half_name(overtime: int, half: int) -> str:
    word = {1: "First half", 2: "Second half"}.get(half, f"Part {half}")
    return f"Overtime {overtime}, {word.lower()}" if overtime else word


def by_team(row: Round) -> RoundView:
    """The round with what belongs to each side put to the teams; team 0 is CT where nobody knows better."""
    ct = row.ct_roster or 0

    def pair(of_ct: Any, of_t: Any) -> tuple[Any, Any]:
        return (of_ct, of_t) if ct == 0 else (of_t, of_ct)

    winner = {"CT": ct, "T": 1 - ct}.get(row.winner_side)
    return RoundView(
        row,
        pair("CT", "T"),
        pair(row.buy_ct, row.buy_t),
        pair(row.equipment_ct, row.equipment_t),
        pair(row.money_ct, row.money_t),
        pair(row.score_ct, row.score_t),
        winner,
    )


def _team(roster: int, team: DemoTeam | None, players: Iterable[Player], parts: list[Half]) -> TeamView:
    won = [str(half.score[roster]) for half in parts]
    score = team.score if team is not None else sum(half.score[roster] for half in parts)
    start = 0 if team is None else team.start_score
    return TeamView(roster, team_name(team, roster), score, won, _lines(players, roster), start)


def team_name(team: DemoTeam | None, roster: int) -> str:
    """What a team is called: by a person or the recording's name, else by the recording itself, else by its number."""
    if team is not None and team.team is not None:
        return team.team.name
    return (team.clan_name if team is not None else "") or f"Team {roster + 1}"


def _others(players: Iterable[Player]) -> list[TeamView]:
    lines = _lines(players, None)
    return [TeamView(None, NOBODY, 0, [], lines)] if lines else []


def _lines(players: Iterable[Player], roster: int | None) -> list[Line]:
    """Those of a team, best first. Somebody who came back under another slot has one line, under the last slot."""
    mine = [player for player in players if player.roster == roster]
    shown = [player for player in mine if player.statistics] or mine
    found = []
    for player in shown:
        sides = player.statistics.get("sides", {})
        found.append(Line(player, {"all": player.statistics, "CT": sides.get("CT", {}), "T": sides.get("T", {})}))
    return sorted(found, key=lambda line: (-line.figures["all"].get("kills", 0), -line.figures["all"].get("adr", 0)))
