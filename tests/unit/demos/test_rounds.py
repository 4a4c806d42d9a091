"""Numbers and scores by which rounds count."""

from hypothesis import given
from hypothesis import strategies as st

from apps.demos.parsing.match.rounds import RoundRow, numbered, standings


def row(ordinal: int, winner: str, *, ct: int | None = 0, reason: str = "") -> RoundRow:
    return RoundRow(
        ordinal, None, ordinal * 100, None, ordinal * 100 + 50, winner_side=winner, ct_roster=ct, not_counted=reason
    )


def test_the_score_is_the_teams_not_the_sides() -> None:
    rows = numbered([row(1, "CT"), row(2, "CT"), row(3, "CT", ct=1), row(4, "T", ct=1)])
    assert [(one.score_ct, one.score_t) for one in rows] == [(0, 0), (1, 0), (0, 2), (1, 2)]
    assert [one.winner_roster for one in rows] == [0, 0, 1, 0]
    assert standings(rows)[1] == (3, 1)


def test_a_late_recording_goes_on_from_the_score_it_begins_with() -> None:
    rows = numbered([row(1, "T"), row(2, "CT")], start=(3, 1))
    assert [(one.number, one.score_ct, one.score_t) for one in rows] == [(5, 3, 1), (6, 3, 2)]


def test_what_does_not_count_has_no_number_and_the_score_shown_at_its_time() -> None:
    rows = numbered(
        [row(1, "", reason="warmup"), row(2, "CT", reason="knife"), row(3, "CT"), row(4, "T", reason="restored"),
         row(5, "", reason="restored"), row(6, "T"), row(7, "CT", reason="excluded"), row(8, "T")]
    )  # fmt: skip
    assert [one.number for one in rows] == [None, None, 1, None, None, 2, None, 3]
    scores = [(one.score_ct, one.score_t) for one in rows]
    assert scores == [(0, 0), (0, 0), (0, 0), (1, 0), (1, 1), (1, 0), (1, 1), (1, 1)]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["CT", "T", ""]),
            st.sampled_from([0, 1, None]),
            st.sampled_from(["", "", "restored", "knife"]),
        )
    ),
    st.tuples(st.integers(0, 12), st.integers(0, 12)),
)
def test_numbers_rise_by_one_and_scores_are_sums_of_wins(
    played: list[tuple[str, int | None, str]], start: tuple[int, int]
) -> None:
    rows = numbered([row(at, won, ct=ct, reason=why) for at, (won, ct, why) in enumerate(played, 1)], start)
    counted = [one for one in rows if one.number is not None]
    assert [one.number for one in counted] == list(range(sum(start) + 1, sum(start) + 1 + len(counted)))
    _, final = standings(rows, start)
    for roster in (0, 1):
        assert final[roster] == start[roster] + sum(one.winner_roster == roster for one in counted)
    sums = [one.score_ct + one.score_t for one in counted]
    assert sums == sorted(sums)
    assert numbered(rows, start) == rows
