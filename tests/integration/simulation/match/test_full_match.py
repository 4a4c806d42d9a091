"""Whole matches on the maps of our own."""

import time

import pytest

from apps.simulation.layouts.catalogue import layout
from apps.simulation.match.options import MatchOptions
from apps.simulation.match.simulate import simulate_match
from apps.simulation.match.statistics import statistics
from apps.simulation.truth.match import MatchTruth
from tests.unit.simulation.match.invariants import check_all


def test_a_full_match_keeps_the_rules(full_match_truth: MatchTruth) -> None:
    check_all(full_match_truth, layout("de_quay"))
    rounds = full_match_truth.tables["rounds"]
    assert rounds.height >= 13
    assert rounds["number"].max() == rounds.height


def test_a_full_match_looks_like_one(full_match_truth: MatchTruth) -> None:
    """Wide limits: one match is no average (the figures over many stand in the documentation)."""
    rows = dict(statistics([full_match_truth]))
    assert 5.0 <= rows["kills a round"] <= 9.0
    assert 30 <= rows["round length s"] <= 110
    assert 0.2 <= rows["headshot share"] <= 0.7
    assert 0.2 <= rows["plants a round"] <= 1.0
    assert rows["grenades a round"] >= 4


def test_two_floors_and_the_time_it_takes() -> None:
    """The limit of 20 s on one core is for a whole match of at most 30 rounds; here six of them."""
    start = time.process_time()
    truth = simulate_match(3, MatchOptions(map_name="de_stacks", max_rounds=6, overtime=False))
    assert time.process_time() - start < 20.0 * 6 / 30 + 4.0
    check_all(truth, layout("de_stacks"))
    places = {truth.places[place] for place in truth.tracks["place"].ravel()[:: 64 * 10]}
    assert "BombsiteA" in places
    assert truth.tracks["z"].max() > 190


def test_a_map_nobody_laid_out() -> None:
    with pytest.raises(KeyError):
        simulate_match(1, MatchOptions(map_name="de_nowhere"))
