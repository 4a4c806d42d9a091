"""Decision moments, what they led to, and how much a round's end says."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.training.rewards.credit import CAP, Decisive, linked_ticks, normalised, weight
from apps.training.rewards.economy import informativeness
from apps.training.rewards.moments import Moment, Point, moments, turn


def track(*rows: tuple[int, float, float, bool]) -> list[Point]:
    return [Point(*row) for row in rows]


def kinds(points: list[Point]) -> list[tuple[int, str]]:
    return [(moment.tick, moment.kind) for moment in moments(points)]


def test_each_change_is_a_moment() -> None:
    points = track((0, 0, 0, False), (1, 100, 0, False), (2, 200, 0, False), (3, 200, 0, True), (4, 0, 0, False))
    assert kinds(points) == [(1, "moves"), (2, "runs"), (3, "takes_grenade"), (4, "stops"), (4, "takes_gun")]


def test_a_snap_counts_once_and_a_slow_turn_does_not() -> None:
    snap = track(*((t, 0.0, 0.0 if t < 10 else 90.0, False) for t in range(60)))
    slow = track(*((t, 0.0, t * 0.5, False) for t in range(300)))
    assert kinds(snap) == [(10, "snaps")]
    assert kinds(slow) == []


def test_windows_are_ticks_and_not_rows() -> None:
    """Every second row dropped gives the same moments; a long gap gives none."""
    whole = track(*((t, 0.0 if t < 40 else 200.0, 0.0 if t < 80 else 60.0, False) for t in range(0, 128)))
    assert kinds(whole[::2]) == kinds(whole) == [(40, "moves"), (80, "snaps")]
    assert kinds(track((0, 0, 0, False), (1000, 200, 180, True))) == []


@given(st.floats(-720, 720), st.floats(-720, 720))
def test_the_turn_is_the_smaller_angle(a: float, b: float) -> None:
    assert 0 <= turn(a, b) <= 180
    assert turn(a, b + 360) == pytest.approx(turn(a, b), abs=1e-6)
    assert turn(179, -179) == 2


def test_an_outcome_goes_back_to_the_nearest_earlier_moment_of_who_caused_it() -> None:
    known = {1: [Moment(100, "moves"), Moment(300, "stops")], 2: [Moment(250, "snaps")], 3: [Moment(290, "runs")]}
    assert linked_ticks([Decisive(280, (1, 2))], known) == [250]
    assert linked_ticks([Decisive(300, (1,)), Decisive(50, (1,)), Decisive(500, (9,))], known) == [300]


def test_weights_fall_off_on_both_sides() -> None:
    assert weight(1000, [1000]) == 1
    assert weight(1000 - 384, [1000]) == weight(1000 + 384, [1000]) == pytest.approx(math.exp(-1))
    assert weight(0, [1000, 100]) == weight(0, [100])
    assert weight(0, []) == 0


@given(st.lists(st.floats(0, 1), max_size=30))
def test_weights_are_scaled_to_mean_1_and_capped(weights: list[float]) -> None:
    found = normalised(weights)
    assert len(found) == len(weights)
    assert all(0 <= value <= CAP for value in found)
    if weights and max(found) < CAP:
        assert sum(found) / len(found) == pytest.approx(1)


@pytest.mark.parametrize(("team", "enemy", "value"), [(25000, 25000, 0.88), (4000, 26000, 0.2), (26000, 4000, 0.2)])
def test_finding_3_economy_is_the_same_from_both_sides(team: float, enemy: float, value: float) -> None:
    assert informativeness(team, enemy) == pytest.approx(value, abs=0.005)


def test_no_equipment_is_not_known() -> None:
    assert informativeness(0, 100) is None
