"""Forged matches of every awkward kind import equal to their truth."""

from collections.abc import Callable

import pytest

from apps.simulation.truth.match import MatchTruth
from tests.integration.demos import truths
from tests.integration.demos.truths import Read
from tests.integration.simulation.forging.twenty import MATCHES

FORGED = Callable[[int], tuple[MatchTruth, Read]]
SEEDS = [pytest.param(seed, id=f"{seed}-{'-'.join(kinds) or 'plain'}") for seed, kinds in MATCHES]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_forged_match_imports_equal_to_its_truth(forged_import: FORGED, seed: int) -> None:
    truth, read = forged_import(seed)
    assert truths.round_faults(truth, read) == []
    assert truths.rule_faults(truth, read) == []
    assert truths.kill_faults(truth, read) == []
    assert truths.position_faults(truth, read) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_names_and_scores_belong_to_teams(forged_import: FORGED, seed: int) -> None:
    truth, read = forged_import(seed)
    teams = read.summary["teams"]
    known = truth.tables["rules"].row(-1, named=True)
    final = {(truth.header.rosters[0], known["score_0"]), (truth.header.rosters[1], known["score_1"])}
    assert {(team["clan_name"], team["score"]) for team in teams} == final
    players = {row["slot"]: row["roster"] for row in read.summary["players"]}
    assert not any(person.slot in players for person in truth.participants if person.is_coach or person.roster < 0)
