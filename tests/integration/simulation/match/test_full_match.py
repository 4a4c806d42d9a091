"""Whole matches on the maps of our own."""

import numpy as np
import polars as pl
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


def test_some_die_of_shots_through_smoke_and_wood(full_match_truth: MatchTruth) -> None:
    """And where the event says so, there was smoke between the two at that tick."""
    smokes = full_match_truth.tables["smokes"]
    deaths = [event for event in full_match_truth.events if event.name == "player_death"]
    through = [event for event in deaths if event.fields["thrusmoke"]]
    assert 0 < len(through) < len(deaths) / 4
    for event in through:
        eyes = _spot(full_match_truth, event.tick, int(event.fields["attacker"]), 64)
        chest = _spot(full_match_truth, event.tick, int(event.fields["userid"]), 45)
        there = smokes.filter(pl.col("from_tick") <= event.tick, pl.col("to_tick") >= event.tick)
        away = [_away(np.array([x, y, z + 50]), eyes, chest) for x, y, z in there.select("x", "y", "z").iter_rows()]
        assert min(away) < 144 + 60, "they stand a little beside where they were believed to be"


def _spot(truth: MatchTruth, tick: int, slot: int, height: float) -> np.ndarray:
    row, column = truth.tracks.row(tick), truth.column(slot)
    return np.array([float(truth.tracks[axis][row, column]) for axis in "xyz"]) + np.array([0, 0, height])


def _away(spot: np.ndarray, start: np.ndarray, end: np.ndarray) -> float:
    way = end - start
    share = np.clip((spot - start) @ way / (way @ way), 0, 1)
    return float(np.linalg.norm(start + share * way - spot))


def test_grenades_hurt_mates_too_and_shots_never_do(full_match_truth: MatchTruth) -> None:
    team = full_match_truth.tracks["team"]
    hurt = [event for event in full_match_truth.events if event.name == "player_hurt"]
    weapons = set()
    for event in hurt:
        who, by = int(event.fields["userid"]), int(event.fields["attacker"])
        row = full_match_truth.tracks.row(event.tick)
        if by not in (-1, who) and team[row, by] == team[row, who]:
            weapons.add(event.fields["weapon"])
    assert weapons
    assert weapons <= {"hegrenade", "inferno", "planted_c4"}


def test_two_floors() -> None:
    truth = simulate_match(3, MatchOptions(map_name="de_stacks", max_rounds=6, overtime=False))
    check_all(truth, layout("de_stacks"))
    places = {truth.places[place] for place in truth.tracks["place"].ravel()[:: 64 * 10]}
    assert "BombsiteA" in places
    assert truth.tracks["z"].max() > 190


def test_a_map_nobody_laid_out() -> None:
    with pytest.raises(KeyError):
        simulate_match(1, MatchOptions(map_name="de_nowhere"))
