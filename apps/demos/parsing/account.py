"""From what the parser found to rounds, the state of the game around the players, and teams."""

from dataclasses import dataclass, field

import polars as pl

from apps.demos.parsing import rounds as found
from apps.demos.parsing import rules as game
from apps.demos.parsing.evidence import Evidence
from apps.demos.parsing.rounds import RoundRow


@dataclass(frozen=True)
class TeamRow:
    """One of the two teams; ``start_score`` is what it had when the first round that counts began."""

    roster: int
    clan_name: str = ""
    score: int = 0
    start_score: int = 0


@dataclass(frozen=True)
class Account:
    """``rules`` has the columns of ``parsing.rules.SCHEMA``, one row per change; ``rosters`` maps slots to 0 or 1."""

    rounds: list[RoundRow]
    rules: pl.DataFrame
    teams: list[TeamRow]
    rosters: dict[int, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def account(evidence: Evidence) -> Account:
    """Make sense of what was found; whatever is missing, the answer is whole."""
    first, last, rate = evidence.first_tick, evidence.last_tick, evidence.tick_rate
    rows = found.with_scores(found.whole(evidence.rounds), evidence.states.select("tick", "slot", "side"))
    known = None if evidence.keyframes is None else game.from_entities(evidence.keyframes, tick_rate=rate)
    if rows:
        length = game.round_time_s(evidence.map_name, evidence.convars)
        known = game.from_rounds(
            rows, evidence.tables.get("bomb"), first_tick=first, last_tick=last, tick_rate=rate, length_s=length
        )
    warnings = [] if known is not None else [game.LOST]
    rows = found.with_pieces(rows, known, first_tick=first, last_tick=last)
    rules = game.unknown(first, last) if known is None else game.with_carriers(known, evidence.states)
    return Account(rows, rules, [TeamRow(0), TeamRow(1)], {}, warnings)
