"""Recordings that lack events, awpy's rounds or keyframes still give their rounds."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from apps.demos.parsing import storing
from apps.demos.parsing.match.account import account
from apps.demos.parsing.match.evidence import EVENTS, Evidence
from apps.demos.parsing.reading import datasets
from tests.integration.demos import truths
from tests.integration.demos.truths import Read
from tests.integration.simulation.forging.twenty import forged

Found = Callable[[int], Evidence]


@pytest.fixture(scope="module")
def found(forged_demo: Callable[[int], Path], tmp_path_factory: pytest.TempPathFactory) -> Found:
    """``found(seed)`` → all that the parser finds in a forged match."""

    @cache
    def evidence(seed: int) -> Evidence:
        source = datasets.Source(forged_demo(seed), tmp_path_factory.mktemp("found"))
        read = datasets.read_all(
            source, ("states", "keyframes", "convars", "events", "rounds", "players", "bomb", "kills")
        )
        one = {unit: None if frames is None else frames.get(unit) for unit, frames in read.items()}
        states, convars = one["states"], one["convars"]
        assert states is not None
        assert convars is not None
        return Evidence(
            first_tick=int(states["tick"][0]),
            last_tick=int(states["tick"][-1]),
            convars=dict(convars.iter_rows()),
            rounds=one["rounds"],
            players=one["players"],
            events={name: frame for name, frame in (read["events"] or {}).items() if name in EVENTS},
            states=states,
            tables={"bomb": one["bomb"], "kills": one["kills"]},
            keyframes=one["keyframes"],
        )

    return evidence


def without(evidence: Evidence, *names: str) -> Mapping[str, pl.DataFrame]:
    return {name: table for name, table in evidence.events.items() if name not in names}


LESS: dict[str, Callable[[Evidence], Evidence]] = {
    "no rounds of awpy's": lambda one: replace(one, rounds=None),
    "no keyframes": lambda one: replace(one, keyframes=None),
    "no round_start, no round_end": lambda one: replace(one, events=without(one, "round_start", "round_end")),
    "neither these nor awpy's": lambda one: replace(one, events=without(one, "round_start", "round_end"), rounds=None),
}


@pytest.mark.parametrize("less", LESS)
@pytest.mark.parametrize("seed", [4, 6, 15])
def test_a_witness_may_be_missing(found: Found, tmp_path: Path, seed: int, less: str) -> None:
    evidence = LESS[less](found(seed))
    told = account(evidence)
    storing.write_table(tmp_path, "rules", told.rules)
    summary = {
        "rounds": [asdict(row) for row in told.rounds], "first_tick": evidence.first_tick,
        "last_tick": evidence.last_tick, "tick_rate": 64.0,
    }  # fmt: skip
    read = Read(summary, tmp_path)
    assert truths.round_faults(forged(seed), read) == []
    assert truths.rule_faults(forged(seed), read, inferred=True) == []


def test_with_nothing_but_the_players_the_rounds_between_two_starts_are_found(found: Found) -> None:
    bare = replace(found(6), rounds=None, keyframes=None, events={})
    whole = [row for row in account(found(6)).rounds if not row.is_partial]
    rows = account(bare).rounds
    assert [(row.winner_side, row.end_reason) for row in rows] == [(row.winner_side, row.end_reason) for row in whole]
    assert rows[0].is_partial  # nobody tells where the first one began
