"""What is kept of the players' states: sparse, and yet exact; the magazine, which nothing tells tick by tick."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from awpy import Demo

from apps.demos.parsing.reading import states
from apps.demos.parsing.reading.ammunition import MAGAZINES
from apps.simulation.truth.match import MatchTruth
from tests.integration.demos.truths import Read

FLOWING = {"tick", "slot", "x", "y", "z", "yaw", "pitch", "velocity", "clip", "reserve"}


@pytest.mark.parametrize("seed", [7, 18])
def test_the_last_row_up_to_a_tick_holds_for_all_that_jumps(forged_demo: Callable[[int], Path], seed: int) -> None:
    demo = Demo(str(forged_demo(seed)))
    kept, every = states.read(demo), states.read(demo, every_tick=True)
    assert kept.schema == every.schema == states.SCHEMA
    assert kept.height < every.height / 2.5
    assert kept["tick"].is_sorted()
    assert (kept["tick"][0], kept["tick"][-1]) == (every["tick"][0], every["tick"][-1])
    both = every.join_asof(kept, on="tick", by="slot", suffix="_kept", check_sortedness=False)
    for name in set(states.SCHEMA) - FLOWING:
        wrong = both.filter(pl.col(name).ne_missing(pl.col(f"{name}_kept"))).height
        assert wrong <= every.height / 10_000, name


def test_states_of_events_are_kept(forged_demo: Callable[[int], Path]) -> None:
    demo = Demo(str(forged_demo(7)))
    assert {1, 2, 3, 101} <= set(states.read(demo, [1, 2, 3, 101, 10**8])["tick"].to_list())


def test_the_magazine_is_nearly_always_known_and_right(forged_import: Callable[[int], tuple[MatchTruth, Read]]) -> None:
    known, right, rows = 0, 0, 0
    for seed in (7, 20):
        truth, read = forged_import(seed)
        told = read.table("player_states").filter(pl.col("active_weapon").is_in(list(MAGAZINES)))
        told = told.join(_clips(truth), on=["tick", "slot"], how="inner")
        rows += told.height
        known += int(told["clip"].is_not_null().sum())
        right += told.filter(pl.col("clip") == pl.col("want")).height
    assert rows > 10_000
    assert known > 0.97 * rows
    assert right > 0.99 * known


def _clips(truth: MatchTruth) -> pl.DataFrame:
    """tick, slot, want: the magazine of the weapon in hand."""
    changes = truth.tables["ammunition"].select(
        pl.col("tick").cast(pl.Int32), pl.col("id").cast(pl.Int32), pl.col("clip").cast(pl.Int32).alias("want")
    )
    changes = changes.sort("tick", maintain_order=True).unique(["tick", "id"], keep="last", maintain_order=True)
    tracks = truth.tracks
    columns = [
        pl.DataFrame({"tick": tracks.ticks, "id": tracks["active"][:, number]}).select(
            pl.col("tick").cast(pl.Int32), pl.lit(person.slot, pl.Int16).alias("slot"), pl.col("id").cast(pl.Int32)
        )
        for number, person in enumerate(truth.participants)
    ]
    hands = pl.concat(columns).sort("tick")
    return hands.join_asof(changes, on="tick", by="id", check_sortedness=False).select("tick", "slot", "want")
