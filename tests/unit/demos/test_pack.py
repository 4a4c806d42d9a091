"""The viewer's pack."""

import json

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from apps.demos.parsing import pack_before as pack
from apps.demos.parsing import rules, states


def walk(ticks: range, slots: tuple[int, ...] = (0, 1)) -> pl.DataFrame:
    rows = [
        {
            "tick": tick,
            "slot": slot,
            "steamid": slot,
            "name": f"P{slot}",
            "side": "CT",
            "x": float(tick),
            "y": 2.0 * slot,
        }
        | {"yaw": 90.0, "health": 100, "armor": 50, "money": 800, "active_weapon": "ak47", "has_bomb": slot == 1}
        for tick in ticks
        for slot in slots
    ]
    return pl.DataFrame(rows, schema=states.SCHEMA)


def build(table: pl.DataFrame) -> dict[str, object]:
    known = rules.unknown(int(table["tick"].min() or 0), int(table["tick"].max() or 0))  # type: ignore[arg-type]
    return pack.build(table, known, table.select("x", "y"), None, tick_rate=64.0)


def test_sixteen_frames_a_second() -> None:
    result = build(walk(range(1, 65)))
    assert result["ticks"] == [*range(1, 64, 4), 64]
    assert [player["bot"] for player in result["players"]] == [True, False]  # type: ignore[attr-defined]
    assert result["flags"][1][0] == 4  # type: ignore[index]
    assert result["weapons"] == ["AK-47"]
    json.dumps(result, allow_nan=False)


def test_absent_players_are_null() -> None:
    result = build(pl.concat([walk(range(1, 33)), walk(range(33, 65), slots=(0,))]))
    assert result["x"][1][0] == 1  # type: ignore[index]
    assert result["x"][1][-1] is None  # type: ignore[index]


def test_no_rows_at_all() -> None:
    assert build(states.empty())["ticks"] == []


@given(st.lists(st.integers(-100, 100_000), min_size=1, max_size=60), st.sampled_from([16.0, 64.0, 128.0]))
def test_frames_are_recorded_ticks_with_both_ends(ticks: list[int], rate: float) -> None:
    shown = pack.frame_ticks(pl.Series(ticks, dtype=pl.Int32), rate)
    assert set(shown) <= set(ticks)
    assert (shown[0], shown[-1]) == (min(ticks), max(ticks))
    assert shown == sorted(set(shown))


def test_kills_of_the_round_only() -> None:
    table = walk(range(1, 65))
    kills = pl.DataFrame(
        {"tick": [70, 40, 1, 0], "victim_name": ["D", "C", "B", "A"], "victim_side": ["T", "CT", "T", "T"]}
    )
    found = pack.build(table, rules.unknown(1, 64), table.select("x", "y"), kills, tick_rate=64.0)["kills"]
    assert [(kill["tick"], kill["victim_name"], kill["victim_side"]) for kill in found] == [
        (1, "B", "T"),
        (40, "C", "CT"),
    ]
