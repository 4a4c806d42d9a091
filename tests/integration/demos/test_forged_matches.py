"""Forged matches of every awkward kind import equal to their truth."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from apps.simulation.demofile.writer import write_demo
from apps.simulation.forging.forge import forge
from apps.simulation.truth.match import MatchTruth
from tests.integration.demos import truths
from tests.integration.demos.truths import Read
from tests.integration.simulation.forging.twenty import MATCHES, SHORT

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


LONGER = {
    "a backup of the third of six rounds": (101, ["warmup", "knife", "restore"], 6),
    "from round 3 into overtime": (104, ["late", "overtime", "reconnect"], 4),
}


@pytest.mark.parametrize("what", LONGER)
def test_a_longer_match_imports_equal_to_its_truth(imported: Callable[[Path], Read], tmp_path: Path, what: str) -> None:
    seed, kinds, rounds = LONGER[what]
    truth = forge(seed, kinds, map_name="de_stacks", options=replace(SHORT, max_rounds=rounds))
    write_demo(truth, tmp_path / "m.dem")
    read = imported(tmp_path / "m.dem")
    assert truths.round_faults(truth, read) == []
    assert truths.rule_faults(truth, read) == []
    assert truths.kill_faults(truth, read) == []
    assert {team["start_score"] + team["score"] > 0 for team in read.summary["teams"]} == {True}
