"""Our statistics are awpy's numbers wherever the same rounds count."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from awpy import Demo

from apps.demos.parsing.match.halves import halves
from apps.demos.parsing.match.rounds import RoundRow
from apps.demos.parsing.reading import events, people, states
from apps.demos.parsing.stats.scoreboard import scoreboard
from apps.demos.parsing.stats.statistics import player_rounds
from apps.demos.parsing.vocabulary import side
from apps.simulation.truth.match import MatchTruth
from tests.integration.demos.truths import Read

NAMED = ("steamid", "name")
# of the twenty; where a recording begins late or is cut, awpy counts other rounds than we do
SAME_ROUNDS = (2, 3, 7, 11, 13, 16, 19)
WITH_BOTS = 15  # awpy puts all of them into one line, and sees no harm between them


def differences(demo: Any, ours: dict[int, dict[str, Any]]) -> list[str]:
    """Every number of ``demo.stats`` that is another in ``ours`` (by steamid); bots have no steamid."""
    found = []
    for row in demo.stats.iter_rows(named=True):
        if row["steamid"] == 0:
            continue
        mine = ours[row["steamid"]]
        found += [
            f"{row['name']}: {name} {mine[name]} is {value} in awpy"
            for name, value in row.items()
            if name not in NAMED and mine[name] != pytest.approx(value, rel=1e-4, abs=1e-3)
        ]
    return found


@pytest.mark.parametrize("seed", SAME_ROUNDS)
def test_an_imported_match_has_awpys_numbers(
    seed: int, forged_demo: Callable[[int], Path], forged_import: Callable[[int], tuple[MatchTruth, Read]]
) -> None:
    demo = Demo(str(forged_demo(seed)))
    _, read = forged_import(seed)
    counted = [SimpleNamespace(**row) for row in read.summary["rounds"] if not row["not_counted"]]
    assert len(counted) == demo.rounds.height
    steamids = {player["slot"]: player["steamid"] for player in read.summary["players"]}
    board = scoreboard(read.table("player_rounds"), halves(counted))
    assert differences(demo, {steamids[slot]: line for slot, line in board.items()}) == []


def test_bots_have_numbers_of_their_own(forged_import: Callable[[int], tuple[MatchTruth, Read]]) -> None:
    _, read = forged_import(WITH_BOTS)
    table, kills = read.table("player_rounds"), read.table("kills")
    assert not kills["victim_slot"].has_nulls()
    bots = [player["slot"] for player in read.summary["players"] if player["is_bot"]]
    assert len(bots) > 1
    counted = {row["ordinal"]: 1 for row in read.summary["rounds"] if not row["not_counted"]}
    board = scoreboard(table, counted)
    windows = [row for row in read.summary["rounds"] if not row["not_counted"]]
    for bot in bots:
        died = kills.filter(pl.col("victim_slot") == bot)["tick"].to_list()
        played = [tick for tick in died if any(row["freeze_end_tick"] <= tick <= row["end_tick"] for row in windows)]
        assert board[bot]["deaths"] == len(played)


def test_a_real_match_has_awpys_numbers(shared_data: Path, tmp_path: Path) -> None:
    from apps.simulation.demofile.writer import write_demo
    from apps.simulation.records.analyzer import replay_record

    path = tmp_path / "match.dem"
    write_demo(replay_record(shared_data / "matches" / "analyzer_train_2024.json"), path)
    demo = Demo(str(path))
    seen = states.read(demo)
    presence = people.presence(seen)
    tables = {
        name: events.with_slots(events.read(demo, name), presence) for name in ("kills", "damages", "shots", "blinds")
    }
    rounds = [
        RoundRow(
            number,
            number,
            row["start_tick"],
            row["freeze_end_tick"],
            row["end_tick"],
            winner_side=side(row["winner_side"]),
        )
        for number, row in enumerate(demo.rounds.sort("start_tick").iter_rows(named=True), 1)
    ]
    evidence = SimpleNamespace(tick_rate=demo.tick_rate, states=seen, tables=tables)
    board = scoreboard(
        player_rounds(evidence, SimpleNamespace(rounds=rounds, rosters={})), {row.ordinal: 1 for row in rounds}
    )
    steamids = dict(people.rows(seen, {}).select("slot", "steamid").iter_rows())
    assert demo.stats.height == 10
    assert differences(demo, {steamids[slot]: line for slot, line in board.items()}) == []
