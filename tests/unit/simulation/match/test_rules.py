"""Score, halves, overtime."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.simulation.match.options import MatchOptions, Restore
from apps.simulation.match.rules import Break, Score
from apps.simulation.truth.match import Team


def played(winners: list[int], options: MatchOptions) -> tuple[Score, list[Break]]:
    score, breaks = Score(), []
    for winner in winners:
        score.add(winner)
        breaks.append(score.then(options))
        if breaks[-1] is Break.END:
            break
    return score, breaks


def test_thirteen_rounds_win_and_sides_change_after_twelve() -> None:
    score, breaks = played([0] * 13, MatchOptions())
    assert score.won == [13, 0]
    assert breaks == [Break.NONE] * 11 + [Break.HALF, Break.END]


@pytest.mark.parametrize(("rounds", "side"), [(0, "CT"), (11, "CT"), (12, "T"), (23, "T"), (24, "T"), (26, "T")])
def test_side_of_the_first_roster(rounds: int, side: str) -> None:
    score, _ = played([0, 1] * (rounds // 2) + [0] * (rounds % 2), MatchOptions())
    assert score.played == rounds
    assert score.side(0, MatchOptions()).name == side


def test_sides_change_in_the_middle_of_an_overtime_only() -> None:
    options = MatchOptions()
    score = Score(played=24, won=[12, 12])
    sides = []
    for winner in [0, 1] * 6:
        sides.append(score.side(0, options))
        score.add(winner)
    assert sides == [Team.T] * 3 + [Team.CT] * 6 + [Team.T] * 3


def test_overtime_is_won_by_four_of_six() -> None:
    _, breaks = played([0, 1] * 12 + [0, 0, 0, 0], MatchOptions())
    assert breaks[23:] == [Break.OVERTIME, Break.NONE, Break.NONE, Break.OVERTIME_HALF, Break.END]


def test_a_drawn_overtime_is_followed_by_another() -> None:
    _, breaks = played([0, 1] * 15 + [1] * 4, MatchOptions())
    assert breaks[29] is Break.OVERTIME
    assert breaks[-1] is Break.END


def test_without_overtime_a_draw_ends_the_match() -> None:
    _, breaks = played([0, 1] * 12, MatchOptions(overtime=False))
    assert breaks[-1] is Break.END


@given(st.lists(st.integers(0, 1), min_size=80, max_size=80), st.sampled_from([2, 4, 12, 24]))
def test_every_match_ends_with_a_winner_or_a_draw(winners: list[int], rounds: int) -> None:
    options = MatchOptions(max_rounds=rounds, max_overtimes=3)
    score, breaks = played(winners, options)
    assert breaks[-1] is Break.END
    assert sum(score.won) == score.played <= rounds + 18
    if score.played <= rounds + 17:
        assert abs(score.won[0] - score.won[1]) >= 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_rounds": 3},
        {"freeze_s": 0.5},
        {"start_money": 20_000},
        {"restore": Restore(2, 2)},
        {"confound": 1.5},
        {"aim_noise": -1.0},
    ],
)
def test_impossible_options_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        MatchOptions(**wrong)  # type: ignore[arg-type]
