"""Whole short matches on the arena: what holds in each of them, with every option."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from apps.simulation.layouts.layout import Layout
from apps.simulation.match.options import MatchOptions, Pause, Restore
from apps.simulation.match.simulate import simulate_match
from apps.simulation.match.statistics import report, statistics
from apps.simulation.truth.match import MatchTruth
from tests.unit.simulation.match.arena import arena
from tests.unit.simulation.match.invariants import check_all, named

SHORT: dict[str, object] = {"max_rounds": 2, "overtime": False, "freeze_s": 6.0}
KINDS: dict[str, dict[str, object]] = {
    "plain": {"max_rounds": 4},
    "warmup and knife": {"warmup_s": 12.0, "knife_round": True},
    "restart": {"restart_after": 1},
    "restore": {"max_rounds": 4, "restore": Restore(after=2, to=1, live_s=6.0)},
    "pauses": {"pauses": (Pause(1, 20.0, "t"), Pause(2, 35.0, "technical"))},
    "overtime": {"force_overtime": True, "overtime": True, "overtime_rounds": 2, "max_overtimes": 1},
    "surrender": {"max_rounds": 6, "surrender_after": 1},
    "cut": {"cut_in_round": 2, "cut_after_s": 9.0},
}


@pytest.fixture(scope="module")
def layout() -> Layout:
    return arena()


@pytest.fixture(scope="module")
def truths(layout: Layout) -> dict[str, MatchTruth]:
    return {
        name: simulate_match(seed, MatchOptions(layout=layout, **{**SHORT, **options}))  # type: ignore[arg-type]
        for seed, (name, options) in enumerate(KINDS.items(), start=3)
    }


@pytest.mark.parametrize("kind", KINDS)
def test_what_holds_in_every_match(truths: dict[str, MatchTruth], layout: Layout, kind: str) -> None:
    check_all(truths[kind], layout)


@pytest.mark.parametrize("kind", KINDS)
def test_rules_and_rounds_agree(truths: dict[str, MatchTruth], kind: str) -> None:
    """At the end of every counted round the score of the winner rises by one; freeze time is where it says."""
    truth = truths[kind]
    rules = truth.tables["rules"]
    for row in truth.tables["rounds"].filter(pl.col("number") > 0).iter_rows(named=True):
        at = rules.filter(pl.col("tick") <= row["end_tick"]).row(-1, named=True)
        assert at["rounds_played"] == row["number"]
        assert at[f"score_{row['winner_roster']}"] == row[f"score_{row['winner_roster']}"] + 1
        assert at["win_reason"] == row["reason_code"]
        frozen = rules.filter(pl.col("tick") <= row["freeze_end_tick"] - 1).row(-1, named=True)
        live = rules.filter(pl.col("tick") <= row["freeze_end_tick"]).row(-1, named=True)
        assert frozen["freeze"]
        assert not live["freeze"]
        assert live["round_start_s"] * 64 == row["freeze_end_tick"]


def test_not_counted_rounds_say_why(truths: dict[str, MatchTruth]) -> None:
    reasons = {kind: set(truth.tables["rounds"]["not_counted"]) - {""} for kind, truth in truths.items()}
    assert reasons == {
        "plain": set(),
        "warmup and knife": {"warmup", "knife"},
        "restart": {"restarted"},
        "restore": {"restored"},
        "pauses": set(),
        "overtime": set(),
        "surrender": set(),
        "cut": {"cut"},
    }


def test_a_restart_sets_score_and_money_back(truths: dict[str, MatchTruth]) -> None:
    truth = truths["restart"]
    played = truth.tables["rules"]["rounds_played"].to_list()
    assert any(later < earlier for earlier, later in pairwise(played))
    first = truth.tables["economy"].filter(pl.col("number") == 1)
    assert set(first["money_start"]) == {800}


def test_a_backup_brings_back_the_money_and_the_score(truths: dict[str, MatchTruth]) -> None:
    truth = truths["restore"]
    rounds = truth.tables["rounds"]
    voided = rounds.filter(pl.col("not_counted") == "restored").row(0, named=True)
    again = rounds.filter(pl.col("number") == 2).row(0, named=True)
    assert (voided["score_0"], voided["score_1"]) == (again["score_0"], again["score_1"])
    before, after = (truth.tracks["money"][truth.tracks.row(row["start_tick"])] for row in (voided, again))
    assert np.array_equal(before, after)


def test_a_pause_stops_the_clock(truths: dict[str, MatchTruth]) -> None:
    truth = truths["pauses"]
    paused = truth.tables["rules"].filter(pl.col("paused"))
    assert set(paused["timeout"]) == {"t", "technical"}
    left = paused["round_start_s"] - paused["tick"] / 64
    assert left.n_unique() <= 2
    rounds = truth.tables["rounds"]
    lengths = (rounds["freeze_end_tick"] - rounds["start_tick"]).to_list()
    assert lengths == [64 * 26, 64 * 41]


def test_forced_overtime_has_overtime_money(truths: dict[str, MatchTruth]) -> None:
    truth = truths["overtime"]
    assert truth.tables["rules"]["overtime"].max() == 1
    first = truth.tables["economy"].filter(pl.col("number") == 3)
    assert set(first["money_start"]) == {10_000}


def test_a_surrender_ends_the_match(truths: dict[str, MatchTruth]) -> None:
    last = truths["surrender"].tables["rounds"].row(-1, named=True)
    assert last["reason_code"] in (17, 18)
    assert named(truths["surrender"], "cs_win_panel_match")


def test_a_cut_match_has_no_end(truths: dict[str, MatchTruth]) -> None:
    truth = truths["cut"]
    last = truth.tables["rounds"].row(-1, named=True)
    assert last["end_tick"] is None
    assert truth.tracks.ticks[-1] == last["freeze_end_tick"] + 9 * 64
    assert not named(truth, "cs_win_panel_match")


def test_knives_only_kill_with_knives(truths: dict[str, MatchTruth]) -> None:
    truth = truths["warmup and knife"]
    knife = truth.tables["rounds"].filter(pl.col("not_counted") == "knife").row(0, named=True)
    weapons = {
        event.fields["weapon"]
        for event in named(truth, "player_death")
        if knife["start_tick"] <= event.tick <= knife["end_tick"]
    }
    assert weapons <= {"knife", "knife_t"}


def test_the_same_seed_gives_the_same_match_and_another_one_another(
    truths: dict[str, MatchTruth], layout: Layout
) -> None:
    once = truths["cut"]
    options = MatchOptions(layout=layout, **{**SHORT, **KINDS["cut"]})  # type: ignore[arg-type]
    again = simulate_match(once.seed, options)
    assert again.events == once.events
    assert all(np.array_equal(again.tracks[name], once.tracks[name]) for name in once.tracks.fields)
    assert all(again.tables[name].equals(once.tables[name]) for name in once.tables)
    assert simulate_match(once.seed + 1, options).events != once.events


def test_figures_over_matches(truths: dict[str, MatchTruth]) -> None:
    rows = dict(statistics([truths["plain"], truths["pauses"]]))
    assert rows["matches"] == 2
    assert 0 <= rows["T wins"] <= 1
    assert 0 < rows["kills a round"] <= 10
    assert "kills a round" in report(list(rows.items()))
