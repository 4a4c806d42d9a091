"""The outcome term, the signal matrices, and the three findings about the seeds' formulas."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.training.rewards.outcome import VARIANTS, d004, omega, outcome, product
from apps.training.rewards.parts import PARTS
from apps.training.rewards.presets import DEFAULT, PRESETS, slope
from tests.unit.training.rewards.answers import fractions


def test_the_signal_matrix_of_d013_is_that_of_omega_alone() -> None:
    matrix = [[omega(won, 1, a) for won in (True, False)] for a in (1, 0)]
    assert matrix == [[1.0, pytest.approx(0.2)], [0.5, 0.5]]


def test_the_signal_matrix_of_d004() -> None:
    assert [[d004(won, 1, a) for won in (True, False)] for a in (1, 0)] == [
        [1.0, pytest.approx(0.2)],
        [0.4, 0.6],
    ]


@given(st.booleans(), fractions)
def test_finding_1_the_product_makes_deviating_worthless(won: bool, phi: float) -> None:
    assert product(won, phi, 0) == 0
    assert product(won, phi, 1) >= 0
    assert product(False, 1, 1) == pytest.approx(0.2)


@given(fractions)
def test_finding_1_in_the_preset_imitation_pays_on_every_round(phi: float) -> None:
    literal = PRESETS["d013-literal"]
    assert slope(literal, True, phi) == pytest.approx(0.3 + 0.5 * phi)
    assert slope(literal, False, phi) == pytest.approx(0.3 + 0.1 * phi)


@given(fractions)
def test_finding_2_seed_weights_reward_the_losing_move_for_every_contribution(phi: float) -> None:
    assert slope(PRESETS["d013-matrix"], False, phi) == pytest.approx(0.3 - 0.15 * phi)
    assert slope(PRESETS["d013-matrix"], False, phi) > 0
    assert slope(PRESETS["d013-matrix"], True, phi) == pytest.approx(0.3 + 0.25 * phi)


@given(fractions)
def test_finding_2_discovery_deviates_from_losing_moves_that_mattered(phi: float) -> None:
    lost, won = (slope(PRESETS["discovery"], w, phi) for w in (False, True))
    assert lost == pytest.approx(0.10 - 0.21 * phi)
    assert (lost < 0) == (0.10 - 0.21 * phi < 0)
    assert won > 0
    assert slope(PRESETS["discovery"], False, 0.5) < 0 < slope(PRESETS["discovery"], False, 0.4)


@given(fractions)
def test_the_first_designs_slopes(phi: float) -> None:
    assert slope(PRESETS["d005-seven-signals"], False, phi) == pytest.approx(0.15 - 0.4 * 0.30)
    assert slope(PRESETS["d006-revised"], False, phi) == pytest.approx((0.05 - 0.4 * 0.40) / 0.85)
    assert slope(PRESETS["d006-revised"], False, phi) < 0


@given(st.sampled_from(sorted(PRESETS)), st.booleans(), fractions, fractions, fractions)
def test_the_slope_is_the_totals_slope_in_a(name: str, won: bool, phi: float, a: float, b: float) -> None:
    preset = PRESETS[name]
    if preset.outcome == "product":
        a, b = 0.0, 1.0  # not linear: the mean slope
    agreement = preset.weights["alignment" if preset.coarse else "decision"]

    def total(x: float) -> float:
        return agreement * x + preset.weights["outcome"] * VARIANTS[preset.outcome](won, phi, x)

    assert total(b) - total(a) == pytest.approx(slope(preset, won, phi) * (b - a), abs=1e-9)


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_weights_name_parts_and_sum_to_one(name: str) -> None:
    preset = PRESETS[name]
    assert preset.name == name
    assert set(preset.weights) <= set(PARTS)
    assert sum(preset.weights.values()) == pytest.approx(1)
    assert preset.summary


def test_the_default_is_the_seeds_weights_with_their_matrix() -> None:
    assert DEFAULT == "d013-matrix"
    assert dict(PRESETS[DEFAULT].weights) == {"perception": 0.20, "decision": 0.30, "outcome": 0.50}


@given(st.sampled_from(sorted(VARIANTS)), st.booleans(), fractions, fractions)
def test_outcomes_lie_in_0_to_1(variant: str, won: bool, phi: float, a: float) -> None:
    value = outcome(variant, won, phi, a)  # type: ignore[arg-type]
    assert value is not None
    assert 0 <= value <= 1


@given(st.booleans(), fractions, fractions, fractions)
def test_more_contribution_never_lowers_the_outcome_term(won: bool, low: float, high: float, a: float) -> None:
    low, high = sorted((low, high))
    assert omega(won, low, a) <= omega(won, high, a)
    assert product(won, low, a) <= product(won, high, a)


@pytest.mark.parametrize("variant", ["omega", "product"])
def test_missing_is_missing(variant: str) -> None:
    for won, phi, a in ((None, 1.0, 1.0), (True, None, 1.0), (True, math.nan, 1.0), (True, 1.0, None)):
        assert outcome(variant, won, phi, a) is None  # type: ignore[arg-type]


def test_d004_needs_no_contribution() -> None:
    assert outcome("d004", True, None, 1.0) == 1
