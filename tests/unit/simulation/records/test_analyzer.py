"""An analyser's facts come back out of the truth made of them, and what is no record is refused in a sentence."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.simulation.records.analyzer import facts_of, replay_record
from apps.simulation.records.building import build
from apps.simulation.records.problems import BadRecord
from tests.unit.simulation.records.made_up import record

ANN, BEN, CAT, DAN = range(4)


def _truth(changed: dict[str, Any] | None = None):
    return build(facts_of({**record(), **(changed or {})}))


def _events(truth, name: str) -> list[tuple[int, dict[str, Any]]]:
    return [(event.tick, dict(event.fields)) for event in truth.events if event.name == name]


def test_kills_damages_and_shots_come_back():
    truth = _truth()
    kills = _events(truth, "player_death")
    assert [(tick, one["attacker"], one["userid"], one["weapon"], one["headshot"]) for tick, one in kills] == [
        (2600, CAT, ANN, "ak47", True), (4200, CAT, BEN, "ak47", True),
    ]  # fmt: skip
    hurt = [
        (tick, one["userid"], one["dmg_health"], one["health"], one["armor"])
        for tick, one in _events(truth, "player_hurt")
    ]
    assert hurt == [(2500, ANN, 60, 40, 80), (2600, ANN, 40, 0, 70), (4200, BEN, 100, 0, 0)]
    assert [tick for tick, _ in _events(truth, "weapon_fire")] == [2000, 2500, 2600, 4200]


@pytest.mark.parametrize(
    ("tick", "health", "armor"),
    [(1000, 100, 0), (1200, 100, 100), (2499, 100, 100), (2500, 40, 80), (2600, 0, 0), (4648, 100, 0)],
)
def test_health_and_armour_follow_the_damages(tick: int, health: int, armor: int):
    truth = _truth()
    row = truth.tracks.row(tick)
    assert (truth.tracks["health"][row, ANN], truth.tracks["armor"][row, ANN]) == (health, armor)


@pytest.mark.parametrize(
    ("who", "tick", "x"), [(CAT, 2500, 880.0), (CAT, 2600, 900.0), (ANN, 2600, 1500.0), (CAT, 6000, 100.0)]
)
def test_people_stand_where_facts_put_them(who: int, tick: int, x: float):
    truth = _truth()
    assert truth.tracks["x"][truth.tracks.row(tick), who] == pytest.approx(x)


def test_nobody_runs_faster_than_the_facts_ask():
    truth = _truth()
    live = slice(truth.tracks.row(1000), truth.tracks.row(2400))
    assert np.hypot(truth.tracks["vx"][live, CAT], truth.tracks["vy"][live, CAT]).max() <= 216.0


def test_the_economy_is_the_records():
    truth = _truth()
    economy = (
        truth.tables["economy"]
        .sort("slot")
        .select("slot", "money_start", "money_freeze_end", "equipment_value", "cash_spent")
    )
    assert economy.rows() == [
        (ANN, 800, 150, 850, 650), (BEN, 3000, 3000, 200, 0), (CAT, 4000, 1300, 2900, 2700), (DAN, 800, 500, 500, 300),
    ]  # fmt: skip
    row = truth.tracks.row(1640)
    assert truth.tracks["money"][row].tolist() == [150, 3000, 1300, 500]
    assert truth.tracks["cash_spent"][row].tolist() == [650, 0, 2700, 300]


def test_a_weapon_appears_on_the_tick_money_falls_and_a_refunded_one_goes_again():
    truth = _truth()
    weapons = truth.tables["weapons"]
    rifle = weapons.filter(pl.col("item") == "ak47")
    assert rifle.select("from_tick", "original_owner").row(0) == (1100, CAT)
    assert np.diff(truth.tracks["money"][truth.tracks.row(1099) : truth.tracks.row(1101), CAT]).tolist() == [-2700]
    refunded = weapons.filter(pl.col("item") == "mp9").row(0, named=True)
    assert (refunded["from_tick"], refunded["to_tick"]) == (1300, 1332)


def test_rounds_and_rules_are_the_records():
    truth = _truth()
    rounds = truth.tables["rounds"].select(
        "number", "start_tick", "freeze_end_tick", "end_tick", "official_end_tick", "winner_side", "reason"
    )
    assert rounds.rows() == [
        (1, 1000, 1640, 4200, 4648, "T", "ct_killed"),
        (2, 4648, 5288, 7848, 8296, "CT", "bomb_defused"),
    ]
    at_end = truth.tables["rules"].filter(pl.col("tick") == 4200)
    assert at_end.select("rounds_played", "win_status", "win_reason", "score_0", "score_1").row(0) == (1, 2, 9, 0, 1)


def test_the_bomb_the_smoke_the_flash_and_the_chat_come_back():
    truth = _truth()
    plant = truth.tables["plants"].row(0, named=True)
    assert (plant["from_tick"], plant["to_tick"], plant["site"], plant["planter"], plant["defuser"]) == (
        6000,
        7848,
        "B",
        CAT,
        ANN,
    )
    assert truth.tables["smokes"].select("from_tick", "to_tick", "thrower").row(0) == (2200, 3500, DAN)
    assert truth.tables["flight"]["tick"].to_list() == [2000, 2100, 2200]
    assert truth.tracks["flash_duration"][truth.tracks.row(2550), BEN] == pytest.approx(1.5)
    assert _events(truth, "chat") == [(1500, {"userid": BEN, "text": "glhf", "team_only": False})]


@pytest.mark.parametrize(
    "key", ["mapName", "teamA", "players", "rounds", "kills", "damages", "shots", "playersBuy", "playerEconomies"]
)
@pytest.mark.parametrize("value", [None, 7, "text", [1]])
def test_missing_keys_and_wrong_types_are_refused(key: str, value: object):
    if key == "mapName" and value == "text":
        value = 1.5
    with pytest.raises(BadRecord, match=r"\w"):
        _truth({key: value})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400, -1, True, "5", 1e308, None])
def test_numbers_that_are_none_are_refused(value: object):
    changed = record()
    changed["shots"][0]["tick"] = value
    with pytest.raises(BadRecord, match="'tick'"):
        build(facts_of(changed))


@pytest.mark.parametrize("content", [b"", b"no json", b"[1, 2]", b"\xff\xfe\x00", b'{"a": NaN}', b"[" * 100_000])
def test_what_is_no_record_is_refused(tmp_path: Path, content: bytes):
    path = tmp_path / "record.json"
    path.write_bytes(content)
    with pytest.raises(BadRecord, match=r"record\.json"):
        replay_record(path)


def test_a_record_without_rounds_or_with_mixed_up_ones_is_refused():
    with pytest.raises(BadRecord, match="no round"):
        _truth({"rounds": []})
    with pytest.raises(BadRecord, match="number"):
        _truth({"rounds": record()["rounds"][::-1]})
    twisted = record()
    twisted["rounds"][0]["endTick"] = 10
    with pytest.raises(BadRecord, match="do not follow"):
        build(facts_of(twisted))


_JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.lists(st.integers(), max_size=2)
)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_record_changed_anywhere_is_replayed_or_refused(data: st.DataObject):
    """Nothing but ``BadRecord`` ever comes out."""
    changed = record()
    key = data.draw(st.sampled_from(sorted(changed)))
    if isinstance(changed[key], list) and data.draw(st.booleans()):
        row = data.draw(st.sampled_from(changed[key]))
        row[data.draw(st.sampled_from(sorted(row)))] = data.draw(_JUNK)
    else:
        changed[key] = data.draw(_JUNK)
    try:
        players = build(facts_of(changed)).tracks.players
    except BadRecord:
        return
    assert players == 4


def test_a_file_is_replayed_like_its_content(tmp_path: Path):
    path = tmp_path / "record.json"
    path.write_text(json.dumps(record()))
    assert replay_record(path).events == _truth().events
