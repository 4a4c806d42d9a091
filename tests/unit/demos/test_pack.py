"""The viewer's pack: what comes out of its columns is what the states and tables said."""

import gzip
import json
import time
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.demos.parsing.match import rules
from apps.demos.parsing.reading import states
from apps.demos.parsing.viewing import pack
from apps.demos.parsing.viewing.pack_frames import FLAGS, PRESENT, frame_ticks
from apps.demos.parsing.viewing.pack_words import deltas, steps, whole

RATE = 64.0


def stretch(first: int, last: int, **more: Any) -> Any:
    ticks = {"start_tick": first, "freeze_end_tick": first, "end_tick": last, "official_end_tick": None}
    return SimpleNamespace(**{"ordinal": 1, **ticks, **more})


def walk(ticks: range, slots: tuple[int, ...] = (0, 1), **values: Any) -> pl.DataFrame:
    common = {"side": "CT", "yaw": 90.0, "health": 100, "armor": 50, "money": 800, "active_weapon": "ak47", **values}
    who = [{"slot": slot, "steamid": slot, "name": f"P{slot}", "y": 2.0 * slot} for slot in slots]
    rows = [{**common, **one, "tick": tick, "x": float(tick)} for tick in ticks for one in who]
    return pl.DataFrame(rows, schema=states.SCHEMA)


def build(table: pl.DataFrame, tables: dict[str, pl.DataFrame | None] | None = None, **more: Any) -> dict[str, Any]:
    low, high = (int(table["tick"].min() or 0), int(table["tick"].max() or 0))  # type: ignore[arg-type]
    known = rules.unknown(low, high).with_columns(phase=pl.lit("live"), clock_s=pl.lit(61.26, pl.Float32))
    result = pack.build(stretch(low, high, **more), table, known, tables or {}, tick_rate=RATE)
    json.dumps(result, allow_nan=False)
    return result


def held(listed: list[int], length: int) -> list[int]:
    """The values that steps stand for."""
    values: list[int] = []
    for at, value in zip(listed[::2], listed[1::2], strict=True):
        values += values[-1:] * (at - len(values)) + [value]
    return values + values[-1:] * (length - len(values))


def summed(listed: list[int]) -> list[int]:
    return np.cumsum(listed).tolist()  # type: ignore[no-any-return]


@given(st.lists(st.integers(-(2**31), 2**31), max_size=50))
def test_columns_there_and_back(values: list[int]) -> None:
    column = np.array(values, np.int64)
    assert summed(deltas(column)) == values
    assert held(steps(column), len(values)) == values


@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6), st.just(float("nan"))), max_size=20))
def test_what_is_no_number_is_missing(values: list[float | None]) -> None:
    wanted = [-1 if value is None or value != value else round(value) for value in values]
    assert whole(pl.Series(values, dtype=pl.Float64), missing=-1).tolist() == wanted


@st.composite
def rounds(draw: st.DrawFn) -> pl.DataFrame:
    """States in which anybody comes and goes, moves and turns at will, recorded every fourth tick and now and then."""
    ticks = sorted(draw(st.sets(st.integers(0, 200).map(lambda n: 1000 + 4 * n), min_size=1, max_size=30)))
    rows = [
        {
            "tick": tick, "slot": slot, "steamid": slot, "name": f"P{slot}", "side": draw(st.sampled_from(["CT", "T"])),
            "x": draw(st.floats(-4096, 4096)), "y": 0.0, "z": -500.0, "yaw": draw(st.floats(-180, 180)),
            "health": draw(st.integers(0, 100)), "has_bomb": draw(st.booleans()),
            "inventory": draw(st.lists(st.sampled_from(["knife", "flashbang", "molotov", "incgrenade"]), max_size=4)),
        }
        for tick in ticks
        for slot in sorted(draw(st.sets(st.sampled_from([0, 3, 63]), min_size=1)))
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=states.SCHEMA)


@settings(max_examples=30, deadline=None)
@given(rounds())
def test_every_frame_says_what_the_states_say(table: pl.DataFrame) -> None:
    result = build(table)
    ticks, slots = summed(result["ticks"]), result["players"]["slot"]
    columns = {name: [held(one, len(ticks)) for one in rows] for name, rows in result["steps"].items()}
    moves = {name: [summed(one) for one in rows] for name, rows in result["moves"].items()}
    there = {(row["tick"], row["slot"]): row for row in table.iter_rows(named=True)}
    for player, slot in enumerate(slots):
        for frame, tick in enumerate(ticks):
            row = there.get((tick, slot))
            flags = columns["flags"][player][frame]
            assert bool(flags & PRESENT) == (row is not None)
            if row is None:
                continue
            assert moves["x"][player][frame] == round(row["x"])
            assert (moves["yaw"][player][frame] - round(row["yaw"])) % 360 == 0
            assert columns["health"][player][frame] == row["health"]
            assert bool(flags & FLAGS["has_bomb"]) == row["has_bomb"]
            utility = columns["utility"][player][frame]
            assert utility & 7 == row["inventory"].count("flashbang")
            assert (utility >> 9) & 7 == sum(row["inventory"].count(name) for name in ("molotov", "incgrenade"))


@given(st.sets(st.integers(-100, 100_000), min_size=1, max_size=60), st.sampled_from([16.0, 64.0, 128.0]))
def test_frames_are_recorded_ticks_with_both_ends(ticks: set[int], rate: float) -> None:
    known = np.array(sorted(ticks), np.int64)
    shown = frame_ticks(known, first=min(ticks), tick_rate=rate).tolist()
    assert set(shown) <= ticks
    assert (shown[0], shown[-1]) == (min(ticks), max(ticks))
    assert shown == sorted(set(shown))


def test_sixteen_frames_a_second_and_the_clock() -> None:
    result = build(walk(range(1, 65)))
    assert summed(result["ticks"]) == [*range(1, 64, 4), 64]
    assert result["players"]["bot"] == [True, False]
    assert result["words"] == ["AK-47"]
    assert set(summed(result["game"]["clock"])) == {613}
    assert result["game"]["phase"] == [0, rules.PHASES.index("live")]


def test_what_follows_the_decision_belongs_to_the_round() -> None:
    result = build(walk(range(1, 65)), end_tick=40, official_end_tick=61)
    assert (result["end"], result["last"]) == (40, 60)
    assert summed(result["ticks"])[-1] == 60


def test_no_rows_at_all() -> None:
    assert build(states.empty())["ticks"] == []


def test_kills_and_hits_of_the_round_only() -> None:
    table = walk(range(1, 65))
    kills = pl.DataFrame(
        {
            "tick": [70, 40, 1, 0], "attacker_slot": [0, 0, None, 0], "victim_slot": [1, 1, 0, 1],
            "weapon": ["ak47", "weapon_awp", "world", "ak47"], "headshot": [True, True, False, True],
            "penetrated": [0, 1, 0, 0], "attacker_x": [0.0, 5.0, None, 0.0], "attacker_y": [0.0, 6.0, None, 0.0],
            "victim_x": [1.0, 2.0, 3.0, 4.0], "victim_y": [1.0, 2.0, 3.0, 4.0],
        }
    )  # fmt: skip
    result = build(table, {"kills": kills, "damages": None})
    found = result["kills"]
    assert (found["tick"], found["attacker"], found["victim"]) == ([1, 40], [-1, 0], [0, 1])
    assert [result["words"][word] for word in found["weapon"]] == ["world", "AWP"]
    assert found["flags"] == [0, 1 + 32]
    assert (found["ax"], found["vx"]) == ([3, 5], [3, 2])  # nobody did it: both ends are the victim's
    assert result["damages"]["tick"] == []


def test_a_grenades_path_ends_where_it_came_to_rest() -> None:
    flight = [{"tick": tick, "x": float(min(tick, 30)), "type": "smoke", "entity_id": 9} for tick in range(10, 60)]
    flash = [{"tick": tick, "x": 7.0, "type": "flashbang", "entity_id": 10} for tick in range(20, 31)]
    table = pl.DataFrame([*flight, *flash]).with_columns(
        entity_serial=pl.lit(1), y=pl.lit(0.0), z=pl.lit(0.0), thrower_slot=pl.lit(1)
    )
    result = build(walk(range(1, 65)), {"grenades": table})
    found = result["grenades"]
    assert [result["words"][word] for word in found["type"]] == ["smoke", "flashbang"]
    assert (found["start"], found["end"], found["player"]) == ([10, 20], [30, 30], [1, 1])
    assert sum(found["points"]) == len(found["x"]) == len(found["dt"])
    assert summed(found["x"][: found["points"][0]])[-1] == 30


def test_a_long_round_is_small_and_made_at_once() -> None:
    """Ten players who never stand still nor look the same way for 155 s, as unkind as a recording can be."""
    random = np.random.default_rng(1)
    count, slots = 155 * 16, 10
    table = walk(range(0, 4 * count, 4), tuple(range(slots)))
    noise = {
        "x": np.cumsum(random.normal(0, 15, table.height)), "y": np.cumsum(random.normal(0, 15, table.height)),
        "z": np.cumsum(random.normal(0, 3, table.height)), "yaw": random.uniform(-180, 180, table.height),
    }  # fmt: skip
    table = table.with_columns(pl.Series(name, column, dtype=pl.Float32) for name, column in noise.items())
    build(table)
    began = time.process_time()
    result = build(table)
    data = pack.encode(result)
    assert time.process_time() - began < 1.0
    assert len(data) <= 400_000
    assert pack.is_current(data)
    assert data == pack.encode(result)
    assert json.loads(gzip.decompress(data)) == result
    assert not pack.is_current(b"")
    assert not pack.is_current(gzip.compress(b'{"version":1,"ticks":[]}'))
