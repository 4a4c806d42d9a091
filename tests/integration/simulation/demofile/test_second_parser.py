"""A whole match in awpy and in demoparser2: equal kills, rounds, economy, ticks and positions."""

from pathlib import Path
from typing import Any

import awpy
import numpy as np
import polars as pl
import pytest
from demoparser2 import DemoParser

STATE = {
    "health": "health", "armor": "armor_value", "has_helmet": "has_helmet", "has_defuser": "has_defuser",
    "money": "balance", "equipment_value": "current_equip_value", "flash_duration": "flash_duration",
    "x": "X", "y": "Y", "z": "Z", "yaw": "yaw", "pitch": "pitch",
}  # fmt: skip


@pytest.fixture(scope="module")
def first(full_match_demo: Path) -> Any:
    return awpy.Demo(full_match_demo)


@pytest.fixture(scope="module")
def second(full_match_demo: Path) -> Any:
    return DemoParser(str(full_match_demo))


def test_kills_are_equal(first: Any, second: Any):
    mine = first.kills.select(
        "tick", "attacker_name", "victim_name", "assister_name", "weapon", "headshot", "penetrated", "noscope",
        "thrusmoke",
    )  # fmt: skip
    theirs = pl.from_pandas(second.parse_event("player_death"))
    theirs = theirs.rename({"user_name": "victim_name"}).select(mine.columns).cast(dict(mine.schema))
    assert theirs.sort("tick", "victim_name").equals(mine.sort("tick", "victim_name"))
    assert mine.height > 100


def test_rounds_are_equal(first: Any, second: Any):
    ends = second.parse_event("round_end")
    rounds = first.rounds
    assert ends["tick"].tolist() == rounds["end_tick"].to_list()
    assert [int(one) for one in ends["winner"]] == rounds["winner"].to_list()
    assert [int(one) for one in ends["reason"]] == rounds["reason"].to_list()
    assert second.parse_event("round_freeze_end")["tick"].tolist() == rounds["freeze_end_tick"].to_list()


def test_economy_is_equal_at_the_end_of_freeze_time(first: Any, second: Any):
    ticks = first.rounds["freeze_end_tick"].to_list()
    mine = first.snapshots(ticks=ticks).sort("tick", "steamid")
    theirs = pl.from_pandas(second.parse_ticks(["balance", "current_equip_value", "team_num"], ticks=ticks))
    theirs = theirs.with_columns(pl.col("steamid").cast(pl.UInt64)).sort("tick", "steamid")
    assert theirs["tick"].to_list() == mine["tick"].to_list()
    assert theirs["balance"].to_list() == mine["money"].to_list()
    assert theirs["current_equip_value"].to_list() == mine["equipment_value"].to_list()
    sides = {2: "terrorist", 3: "counter-terrorist"}
    assert [sides[team] for team in theirs["team_num"]] == mine["side"].to_list()


def test_every_tick_and_position_is_equal(first: Any, second: Any):
    mine = first.snapshots(every=1)
    theirs = second.parse_ticks(list(STATE.values()))
    assert len(theirs) == mine.height
    mine = mine.sort("tick", "steamid")
    theirs = pl.from_pandas(theirs).with_columns(pl.col("steamid").cast(pl.UInt64)).sort("tick", "steamid")
    assert theirs["tick"].cast(pl.Int32).equals(mine["tick"])
    assert theirs["steamid"].equals(mine["steamid"])
    for name, other in STATE.items():
        one, two = (table[key].cast(pl.Float64).to_numpy() for table, key in ((mine, name), (theirs, other)))
        assert np.allclose(one, two, rtol=0, atol=1 / 512), name


def test_its_other_tables_open(second: Any):
    assert second.parse_header()["map_name"] == "de_quay"
    assert {"player_death", "round_end", "weapon_fire"} <= set(second.list_game_events())
