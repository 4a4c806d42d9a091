"""Forged matches through the import: hits, shots, flashes and everybody's own money and things equal the truth.

Rounds, clock, kills and positions are compared for all twenty in ``test_forged_matches.py``; here is the rest.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from apps.simulation.truth.match import MatchTruth
from tests.integration.demos.truths import Read

FORGED = Callable[[int], tuple[MatchTruth, Read]]
# warm-up and odd names, coaches, bots, overtime, a substitute, coming back on another slot, six a side
SEEDS = [1, 2, 5, 6, 11, 13, 14]


def happened(truth: MatchTruth, name: str) -> list[dict[str, Any]]:
    last = int(truth.tracks.ticks[-1])
    return [{"tick": one.tick, **one.fields} for one in truth.events if one.name == name and one.tick <= last]


def somebody(slot: int) -> int | None:
    return slot if slot >= 0 else None


@pytest.mark.parametrize("seed", SEEDS)
def test_damage(forged_import: FORGED, seed: int) -> None:
    truth, read = forged_import(seed)
    keys = ("tick", "attacker_slot", "victim_slot", "health_post", "armor_post", "weapon")
    assert Counter(read.table("damages").select(keys).rows()) == Counter(
        (one["tick"], somebody(one["attacker"]), one["userid"], one["health"], one["armor"], one["weapon"])
        for one in happened(truth, "player_hurt")
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_shots(forged_import: FORGED, seed: int) -> None:
    truth, read = forged_import(seed)
    assert Counter(read.table("shots").select("tick", "slot").rows()) == Counter(
        (one["tick"], one["userid"]) for one in happened(truth, "weapon_fire")
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_bomb(forged_import: FORGED, seed: int) -> None:
    truth, read = forged_import(seed)
    words = {"finish_plant": "bomb_planted", "start_plant": "bomb_beginplant", "defuse": "bomb_defused"}
    for word, name in words.items():
        table = read.table("bomb").filter(pl.col("event") == word)
        assert table.select("tick", "slot").rows() == [(one["tick"], one["userid"]) for one in happened(truth, name)]


@pytest.mark.parametrize("seed", SEEDS)
def test_everybodys_own_economy_at_the_end_of_freeze_time(forged_import: FORGED, seed: int) -> None:
    truth, read = forged_import(seed)
    ends = {row["number"]: row["freeze_end_tick"] for row in read.summary["rounds"] if row["number"]}
    wanted = (
        truth.tables["economy"]
        .select("number", "slot", "money_freeze_end", "equipment_value")
        .with_columns(tick=pl.col("number").replace_strict(ends, default=None, return_dtype=pl.Int32))
        .sort("tick")
    )
    assert wanted.height > 0
    assert wanted["tick"].null_count() == 0
    states = read.table("player_states").select("tick", "slot", "money", "equipment_value").sort("tick")
    both = wanted.join_asof(states, on="tick", by="slot", suffix="_found", check_sortedness=False)
    assert both.filter(pl.col("money").ne_missing(pl.col("money_freeze_end"))).rows() == []
    assert both.filter(pl.col("equipment_value_found").ne_missing(pl.col("equipment_value"))).rows() == []


@pytest.mark.parametrize("seed", SEEDS)
def test_sixteen_samples_a_second(forged_import: FORGED, seed: int) -> None:
    _, read = forged_import(seed)
    ticks = read.table("player_states")["tick"].unique().sort()
    assert ticks.diff().max() <= 4  # type: ignore[operator]
