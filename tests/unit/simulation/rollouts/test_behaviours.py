"""Behaviours are really followed, as the reward's own features measure it, and compared fairly."""

from dataclasses import replace

import numpy as np

from apps.simulation.layouts.catalogue import layout
from apps.simulation.match.simulate import terrain_of
from apps.simulation.rollouts.behaviour import PLANS, Behaviour, behaviour_of, possible
from apps.simulation.rollouts.play import play
from apps.simulation.rollouts.state import State
from apps.simulation.rollouts.value import best_behaviour, kept_features, rollout
from tests.unit.simulation.rollouts.moments import QUAY, five_each, middle, only, planted


def contested() -> State:
    """Ts in mid-map, CTs on their holds: every direction can be walked."""
    terrain = terrain_of(layout(QUAY))
    position = [middle(terrain.middle_t)] * 5
    for site in terrain.sites.values():
        position += [middle(area) for area in site.holds[:2]]
    return five_each(position=np.array([*position, middle(terrain.middle_ct)]))


def test_directions_are_kept_unless_a_fight_stops_the_player() -> None:
    state = contested()
    orders = [
        one
        for one in possible(state, 0)
        if not one.utility_used and not one.initiated_engagement and one.engagement_delay == 1.0
    ]
    assert len(orders) == 9
    played = play(state, 0, orders, 60, 0)
    for index, order in enumerate(orders):
        kept = kept_features(order, played, index)
        assert kept["movement_direction"] > 0.5
        assert kept["objective_direction"] > 0.4


def test_the_grenades_ordered_are_thrown_and_no_others() -> None:
    state = contested()
    orders = [
        Behaviour(-1, 0, frozenset({word}), initiated_engagement=False, engagement_delay=1.0)
        for word in ("smoke", "flash", "molotov", "he")
    ]
    orders.append(PLANS["hold"])
    played = play(state, 0, orders, 40, 0)
    kept = [kept_features(order, played, index)["utility_used"] for index, order in enumerate(orders)]
    assert min(kept) > 0.8
    assert kept[-1] == 1.0


def test_who_only_shoots_back_begins_no_fight() -> None:
    state = contested()
    quiet = rollout(state, 0, Behaviour(1, 0, initiated_engagement=False), 80, 0)
    eager = rollout(state, 0, Behaviour(1, 0), 80, 0)
    assert quiet.kept["initiated_engagement"] == 1.0
    assert eager.kept["initiated_engagement"] > 0.2


def test_saving_keeps_the_weapon() -> None:
    """Late with the bomb ticking and four against one: saving survives far more often than going in."""
    state = planted(4, 1, 30.0)
    saved, tried = rollout(state, 5, "save", 200, 0), rollout(state, 5, "attack", 200, 0)
    assert saved.survived > 0.4
    assert saved.survived > tried.survived + 0.3
    assert saved.kept["initiated_engagement"] == 1.0
    assert saved.rate < 0.05


def test_only_what_can_be_done_is_offered() -> None:
    bare = five_each(grenades=np.zeros((10, 5), dtype=np.int64))
    assert {one.utility_used for one in possible(bare, 0)} == {frozenset()}
    words = {word for one in possible(five_each(), 0) for word in one.utility_used}
    assert words == {"smoke", "flash", "molotov", "he", "decoy"}
    assert not any(one.initiated_engagement and one.engagement_delay == 1.0 for one in possible(five_each(), 0))


def test_the_best_way_to_win_a_lost_bomb_is_to_go_and_defuse_it() -> None:
    """One CT with a kit beside the bomb, no enemy: every good order leads to the objective."""
    site = terrain_of(layout(QUAY)).sites["A"]
    state = replace(planted(0, 1, 22.0, ct_area=site.retake), grenades=np.zeros((10, 5), dtype=np.int64))
    ranking = best_behaviour(state, 5, 64, 0)
    assert len(ranking) == len(possible(state, 5))
    best, worst = ranking[0], ranking[-1]
    assert best[0].objective_direction == 1
    assert best[1].rate == 1.0
    assert worst[1].rate < 0.5


def test_the_ranking_ends_with_all_the_roll_outs_for_the_best() -> None:
    ranking = best_behaviour(only(contested(), 1, 1), 0, 64, 0, possible(contested(), 0)[:12])
    assert ranking[0][1].n == ranking[1][1].n == 64
    assert ranking[-1][1].n < 64


def test_features_shown_become_the_order_for_them() -> None:
    shown = {
        "movement_direction": 1,
        "objective_direction": -1,
        "utility_used": ["flash"],
        "initiated_engagement": True,
        "engagement_delay": 0.41,
    }
    assert behaviour_of(shown) == Behaviour(1, -1, frozenset({"flash"}), True, 0.6)
    assert behaviour_of({**shown, "initiated_engagement": False, "engagement_delay": 1.0}).engagement_delay == 1.0
    assert "towards enemies" in behaviour_of(shown).words
