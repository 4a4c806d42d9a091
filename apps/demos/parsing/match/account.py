"""From what the parser found to rounds, the state of the game around the players, and teams.

Several witnesses, because real recordings lack any of them; who decides what:

=====================  ================================================================================================
the starts of rounds   ``round_prestart``, ``round_start``, awpy's rounds; before the first of these mass spawns
end of freeze time     ``round_freeze_end``, else awpy's rounds, else the clock of the game's rules at a keyframe
decision, reason       awpy's rounds (they follow the rules' own state), else ``round_end``, else bomb and deaths
which rounds count     the game's count: awpy's numbers, keyframes, the events of a new match (``counting``, ``signs``)
sides, who is whose    the player states (``teams``)
score                  wins by team from the start score, which keyframes tell of a recording that begins late
plant and its site     awpy's bomb table, else ``bomb_planted``; where the planter stood (``bombs``)
equipment and money    the player states at the end of freeze time (``economy``)
clock, pauses          the end of freeze time and the server's settings (``clock``, ``rules``)
team names             the team entities at keyframes, else awpy's roster
=====================  ================================================================================================
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from apps.demos.parsing.match import bombs, clock, counting, economy, rules, settings, signs, stretches, teams
from apps.demos.parsing.match.counting import Counted
from apps.demos.parsing.match.evidence import Evidence
from apps.demos.parsing.match.moments import Moment, moments
from apps.demos.parsing.match.rounds import RoundRow, numbered, standings
from apps.demos.parsing.match.startscore import scoreboard, start_score

UNKNOWN_SCORE = (
    "The recording begins after {} rounds and does not tell their score: rounds and score count from its beginning."
)


@dataclass(frozen=True)
class TeamRow:
    """One of the two teams; ``start_score`` is what it had when the first round that counts began."""

    roster: int
    clan_name: str = ""
    score: int = 0
    start_score: int = 0


@dataclass(frozen=True)
class Account:
    """``rules`` has the columns of ``match.rules.SCHEMA``; ``rosters`` maps the slots of all who played to 0 or 1."""

    rounds: list[RoundRow]
    rules: pl.DataFrame
    teams: list[TeamRow]
    rosters: dict[int, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def account(evidence: Evidence) -> Account:
    """Make sense of what was found; whatever is missing, the answer is whole."""
    told = moments(evidence.keyframes, evidence.tick_rate)
    parts = stretches.cut(evidence, told)
    sides_of = teams.sides(evidence.states, parts)
    ct, people = teams.rosters(sides_of)
    verdicts = counting.count(parts, told, signs.read(evidence, parts, told, sides_of))
    known = clock.times(evidence.map_name, evidence.convars, parts, evidence.tick_rate)
    rows = [
        _row(evidence, verdict, known, ordinal, ct[ordinal - 1], people) for ordinal, verdict in enumerate(verdicts, 1)
    ]
    rows = _with_plants(evidence, rows, parts)
    before, start = start_score(verdicts, ct, told)
    rows = numbered(rows, start)
    _, score = standings(rows, start)
    names = teams.clan_names(told, parts, ct, evidence.players, evidence.states, people)
    return Account(
        rows,
        _rules(evidence, verdicts, rows, scoreboard(verdicts, ct, start), told, known),
        [TeamRow(roster, names[roster], score[roster], start[roster]) for roster in (0, 1)],
        people,
        [*_warnings(evidence, told, rows), *([UNKNOWN_SCORE.format(before)] if before and not any(start) else [])],
    )


def _row(
    evidence: Evidence, verdict: Counted, known: clock.Times, ordinal: int, ct: int, people: dict[int, int]
) -> RoundRow:
    """One round without what depends on the others: number and score."""
    one, rate = verdict.stretch, evidence.tick_rate
    regulation, extra = settings.rounds_of(evidence.convars)
    number = 1 if verdict.played is None else verdict.played + 1
    row = RoundRow(
        ordinal=ordinal,
        number=None,
        start_tick=one.start,
        freeze_end_tick=one.freeze_end,
        end_tick=one.last if one.decided is None else one.decided,
        official_end_tick=one.official,
        is_partial=not verdict.reason and (not one.begun or (one.decided is None and one.last >= evidence.last_tick)),
        winner_side=one.winner,
        end_reason=one.reason,
        parsed_not_counted=verdict.reason,
        not_counted=verdict.reason,
        ct_roster=ct,
        overtime=economy.overtime(number, regulation, extra),
        paused_s=0.0 if verdict.reason == counting.WARMUP else clock.paused_s(one, known, rate),
    )
    if verdict.reason in (counting.WARMUP, counting.KNIFE):
        return row
    has = economy.wealth(evidence.states, one.freeze_end, people, rate)
    if not has:
        return row
    ours, theirs = has.get("CT"), has.get("T")
    return replace(
        row,
        buy_ct=economy.buy_type(ours.equipment, number, regulation) if ours else "",
        buy_t=economy.buy_type(theirs.equipment, number, regulation) if theirs else "",
        equipment_ct=ours.equipment if ours else None,
        equipment_t=theirs.equipment if theirs else None,
        money_ct=ours.money if ours else None,
        money_t=theirs.money if theirs else None,
    )


def _with_plants(evidence: Evidence, rows: list[RoundRow], parts: Sequence[stretches.Stretch]) -> list[RoundRow]:
    """A bomb may also be planted after the decision, until the next round begins."""
    plants = sorted(bombs.sites(evidence).items())
    found = []
    for row, one in zip(rows, parts, strict=True):
        inside = [(tick, site) for tick, site in plants if row.start_tick <= tick <= one.last]
        found.append(replace(row, plant_tick=inside[0][0], bomb_site=inside[0][1]) if inside else row)
    return found


def _rules(
    evidence: Evidence,
    verdicts: Sequence[Counted],
    rows: Sequence[RoundRow],
    scores: Sequence[tuple[int, int]],
    told: Sequence[Moment],
    known: clock.Times,
) -> pl.DataFrame:
    first, last, rate = evidence.first_tick, evidence.last_tick, evidence.tick_rate
    marks: list[tuple[clock.Mark, int, int]] = []
    free = first
    for verdict, row, (ct, t) in zip(verdicts, rows, scores, strict=True):
        if free < row.start_tick:
            marks.append((clock.between(free, row.start_tick, told), ct, t))
        warmup = verdict.reason == counting.WARMUP
        for mark in clock.marks(verdict.stretch, row.plant_tick, known, told, rate, warmup=warmup):
            won = row.winner_side if mark.phase == "over" else ""
            marks.append((mark, ct + (won == "CT"), t + (won == "T")))
        free = verdict.stretch.last + 1
    if free <= last:
        marks.append((clock.between(free, last + 1, told), marks[-1][1], marks[-1][2]))
    bomb = rules.bomb_marks(bombs.happenings(evidence), evidence.states, [row.start_tick for row in rows])
    return rules.table(marks, bomb, first_tick=first, last_tick=last, tick_rate=rate, bomb_timer_s=known.bomb)


def _warnings(evidence: Evidence, told: Sequence[Moment], rows: Sequence[RoundRow]) -> list[str]:
    nothing = evidence.rounds is None and not told and not evidence.events.keys() & set(stretches.TELLING)
    return [rules.LOST] if nothing and len(rows) == 1 else []
