"""Rounds out of awpy's table, and the pieces at the ends."""

import polars as pl

from apps.demos.parsing import rounds, rules
from apps.demos.parsing.rounds import RoundRow


def awpy_rounds(*rows: tuple[int, int, int, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "round_num": number,
                "start_tick": start,
                "freeze_end_tick": freeze,
                "end_tick": end,
                "winner_side": winner,
                "reason_name": "elimination",
            }
            for number, (start, freeze, end, winner) in enumerate(rows, 1)
        ]
    )


def sides(*spans: tuple[int, int, dict[int, str]]) -> pl.DataFrame:
    rows = [
        (tick, slot, side)
        for first, last, who in spans
        for tick in range(first, last + 1)
        for slot, side in who.items()
    ]
    return pl.DataFrame(rows, schema=["tick", "slot", "side"], orient="row")


def phases(*spans: tuple[str, int]) -> pl.DataFrame:
    words = [word for word, length in spans for _ in range(length)]
    return rules.unknown(1, len(words)).with_columns(phase=pl.Series(words), score_ct=pl.lit(3), score_t=pl.lit(4))


def test_without_a_whole_round_there_is_one_partial_round() -> None:
    rows = rounds.with_pieces([], None, first_tick=5, last_tick=160)
    assert rows == [RoundRow(1, 1, 5, None, 160, is_partial=True)]


def test_the_partial_round_knows_its_freeze_end_and_score() -> None:
    known = phases(("freeze", 10), ("live", 20))
    [row] = rounds.with_pieces([], known, first_tick=1, last_tick=30)
    assert (row.freeze_end_tick, row.score_ct, row.score_t) == (11, 3, 4)


def test_scores_are_counted_by_team_across_half_time() -> None:
    whole = rounds.whole(
        awpy_rounds((1, 2, 9, "counter-terrorist"), (11, 12, 19, "counter-terrorist"), (21, 22, 29, "terrorist"))
    )
    swapped = sides((1, 20, {0: "CT", 1: "T"}), (21, 30, {0: "T", 1: "CT"}))
    scored = rounds.with_scores(whole, swapped)
    assert [(row.score_ct, row.score_t) for row in scored] == [(0, 0), (1, 0), (0, 2)]
    assert [row.winner_side for row in scored] == ["CT", "CT", "T"]


def test_pieces_before_and_after_whole_rounds() -> None:
    whole = rounds.whole(awpy_rounds((11, 13, 20, "terrorist")))
    known = phases(("live", 6), ("over", 4), ("freeze", 2), ("live", 8), ("over", 3), ("freeze", 2), ("live", 5))
    rows = rounds.with_pieces(whole, known, first_tick=1, last_tick=30)
    assert [(row.number, row.start_tick, row.end_tick, row.is_partial) for row in rows] == [
        (1, 1, 10, True),
        (2, 11, 20, False),
        (3, 24, 30, True),
    ]
    assert rows[2].freeze_end_tick == 26


def test_warm_up_and_aftermath_are_no_rounds() -> None:
    whole = rounds.whole(awpy_rounds((11, 13, 20, "terrorist")))
    known = phases(("warmup", 10), ("freeze", 2), ("live", 8), ("over", 10))
    assert len(rounds.with_pieces(whole, known, first_tick=1, last_tick=30)) == 1


def test_rounds_never_overlap() -> None:
    whole = rounds.whole(awpy_rounds((1, 2, 15, "terrorist"), (11, 12, 20, "terrorist")))
    assert [(row.start_tick, row.end_tick) for row in whole] == [(1, 10), (11, 20)]
