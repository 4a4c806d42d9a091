"""Roll-outs follow the rules: what they say of states made by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.simulation.layouts.catalogue import layout
from apps.simulation.match.simulate import terrain_of
from apps.simulation.rollouts.behaviour import PLANS, Behaviour
from apps.simulation.rollouts.play import play
from apps.simulation.rollouts.value import rollout, wilson
from tests.unit.simulation.rollouts.moments import QUAY, five_each, middle, only, planted


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_contains_the_rate_and_stays_within_0_and_1(counted: tuple[int, int]) -> None:
    wins, n = counted
    low, high = wilson(wins, n)
    assert 0.0 <= low <= wins / n <= high <= 1.0


def test_wilsons_interval_is_the_published_one() -> None:
    low, high = wilson(0, 10)
    assert low == 0.0
    assert high == pytest.approx(0.2775, abs=1e-4)
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)


@settings(max_examples=6, deadline=None)
@given(st.integers(1, 5), st.integers(1, 5), st.floats(5, 110), st.sampled_from([None, *PLANS]), st.integers(0, 9))
def test_any_state_gives_a_rate_with_its_interval(
    ts: int, cts: int, seconds: float, plan: str | None, seed: int
) -> None:
    state = replace(only(five_each(), ts, cts), seconds=seconds)
    outcome = rollout(state, 0, plan, 20, seed)
    assert 0.0 <= outcome.low <= outcome.rate <= outcome.high <= 1.0
    assert outcome.n == 20


def test_the_same_seed_gives_the_same_roll_outs_and_another_one_others() -> None:
    one, two = (play(five_each(), 0, [None], 60, 3) for _ in range(2))
    assert np.array_equal(one.winner, two.winner)
    assert np.array_equal(one.survived, two.survived)
    assert not np.array_equal(one.winner, play(five_each(), 0, [None], 60, 4).winner)


def test_a_behaviour_has_the_same_luck_alone_and_beside_others() -> None:
    """Common random numbers: copy k of every behaviour meets the same luck, so comparisons are paired."""
    orders = [PLANS["hold"], PLANS["attack"], None]
    together = play(five_each(), 0, orders, 50, 1).winner
    for index, order in enumerate(orders):
        assert np.array_equal(play(five_each(), 0, [order], 50, 1).winner[0], together[index])


def test_more_people_win_more() -> None:
    many = rollout(only(five_each(), 5, 1), 0, None, 200, 0)
    few = rollout(only(five_each(), 1, 5), 0, None, 200, 0)
    assert many.low > 0.8
    assert few.high < 0.15


def test_both_sides_are_asked_from_their_own_view() -> None:
    state = only(five_each(), 5, 1)
    assert rollout(state, 0, None, 100, 0).wins + rollout(state, 5, None, 100, 0).wins == 100


@pytest.mark.parametrize("player", [0, 5])
def test_more_health_never_hurts_beyond_luck(player: int) -> None:
    state = only(five_each(), 3, 3)
    health = state.health.copy()
    health[player] = 15.0
    weak = rollout(replace(state, health=health), player, None, 400, 0)
    strong = rollout(state, player, None, 400, 0)
    assert strong.high >= weak.low
    assert strong.rate >= weak.rate - 0.03


def test_better_weapons_and_better_aim_win_more() -> None:
    ordinary = rollout(five_each(), 0, None, 150, 0)
    pistols = five_each(weapon=("glock",) * 5 + ("m4a1",) * 5, armour=np.repeat([0.0, 100.0], 5))
    assert rollout(pistols, 0, None, 150, 0).high < ordinary.low
    skill = np.repeat([[0.9, 0.5], [0.1, 0.5]], 5, axis=0)
    assert rollout(five_each(skill=skill), 0, None, 150, 0).low > ordinary.rate


def test_the_bomb_explodes_when_everybody_is_far() -> None:
    assert rollout(planted(1, 5, 3.0), 0, None, 200, 0).rate > 0.99


def test_an_undisturbed_defuser_defuses_and_needs_the_time() -> None:
    centre = terrain_of(layout(QUAY)).sites["A"].centre
    alone = planted(0, 1, 12.0, ct_area=centre)
    assert rollout(alone, 5, None, 100, 0).rate == 1.0
    assert rollout(replace(alone, seconds=4.0), 5, None, 100, 0).rate == 0.0
    bare = replace(alone, kit=np.zeros(10, dtype=bool))
    assert rollout(replace(bare, seconds=8.0), 5, None, 100, 0).rate == 0.0
    assert rollout(replace(alone, seconds=8.0), 5, None, 100, 0).rate == 1.0


def test_time_runs_out_for_the_terrorists() -> None:
    assert rollout(five_each(seconds=2.0), 0, None, 100, 0).rate < 0.02


def test_a_round_that_is_decided_stays_decided() -> None:
    assert rollout(only(five_each(), 0, 3), 5, None, 20, 0).rate == 1.0
    assert rollout(only(five_each(), 2, 0), 0, None, 20, 0).rate == 1.0


def test_a_lone_terrorist_with_time_plants() -> None:
    site = terrain_of(layout(QUAY)).sites["A"]
    position = five_each().position.copy()
    position[0] = middle(site.centre)
    state = replace(only(five_each(position=position, plan_t="rush_a"), 1, 1), seconds=20.0)
    assert rollout(state, 0, None, 200, 0).rate > 0.3


def test_dead_players_and_empty_requests_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="dead"):
        rollout(only(five_each(), 1, 5), 3, None, 10, 0)
    with pytest.raises(ValueError, match="no player"):
        rollout(five_each(), 12, None, 10, 0)
    with pytest.raises(ValueError, match="at least one"):
        rollout(five_each(), 0, None, 0, 0)
    with pytest.raises(ValueError, match="grenade"):
        Behaviour(utility_used=frozenset({"potato"}))
