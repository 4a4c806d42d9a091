"""Every fact of two real matches and one real recording of positions comes back out of the truth."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from apps.simulation.records.analyzer import replay_record
from apps.simulation.records.viewer import replay_viewer
from apps.simulation.truth.match import MatchTruth

Pair = tuple[dict[str, Any], MatchTruth]


@pytest.fixture(scope="module", params=["analyzer_mirage_2026", "analyzer_train_2024"])
def pair(request: pytest.FixtureRequest, shared_data: Path) -> Pair:
    path = shared_data / "matches" / f"{request.param}.json"
    return json.loads(path.read_text()), replay_record(path)


def _events(truth: MatchTruth, name: str) -> list[tuple[int, dict[str, Any]]]:
    return [(event.tick, dict(event.fields)) for event in truth.events if event.name == name]


def _steamids(truth: MatchTruth) -> dict[int, int]:
    return {-1: 0, **{person.slot: person.steamid for person in truth.participants}}


def test_kills_damages_shots_and_blinds_are_equal(pair: Pair):
    record, truth = pair
    of = _steamids(truth)
    kills = [(tick, of[one["attacker"]], of[one["userid"]], of[one["assister"]], one["headshot"]) for tick, one in
             _events(truth, "player_death")]  # fmt: skip
    assert sorted(kills) == sorted(
        (row["tick"], row["killerSteamId"], row["victimSteamId"], row["assisterSteamId"], row["isHeadshot"])
        for row in record["kills"]
    )
    hurt = [(tick, of[one["attacker"]], of[one["userid"]], one["dmg_health"], one["dmg_armor"], one["health"])
            for tick, one in _events(truth, "player_hurt")]  # fmt: skip
    assert sorted(hurt) == sorted(
        (row["tick"], row["attackerSteamId"], row["victimSteamId"], row["healthDamage"], row["armorDamage"],
         row["victimNewHealth"]) for row in record["damages"]
    )  # fmt: skip
    assert len(_events(truth, "weapon_fire")) == len(record["shots"])
    assert sorted((tick, of[one["userid"]]) for tick, one in _events(truth, "player_blind")) == sorted(
        (row["tick"], row["flashedSteamId"]) for row in record["playersFlashed"]
    )


def test_rounds_economy_buys_and_plants_are_equal(pair: Pair):
    record, truth = pair
    of = _steamids(truth)
    rounds = truth.tables["rounds"].select(
        "number", "start_tick", "freeze_end_tick", "end_tick", "official_end_tick", "reason_code"
    )
    names = ("number", "startTick", "freezeTimeEndTick", "endTick", "endOfficiallyTick", "endReason")
    assert rounds.rows() == [tuple(row[name] for name in names) for row in record["rounds"]]
    economy = truth.tables["economy"].select("number", "slot", "money_start", "cash_spent", "equipment_value")
    assert sorted((row[0], of[row[1]], *row[2:]) for row in economy.rows()) == sorted(
        (row["roundNumber"], row["steamId"], row["startMoney"], row["moneySpent"], row["equipmentValue"])
        for row in record["playerEconomies"]
    )
    bought = sorted((tick, of[one["userid"]]) for tick, one in _events(truth, "item_purchase"))
    assert bought == sorted((row["tick"], row["playerSteamId"]) for row in record["playersBuy"])
    plants = [(row["from_tick"], row["site"], of[row["planter"]]) for row in truth.tables["plants"].to_dicts()]
    assert plants == [(row["tick"], row["site"], row["planterSteamId"]) for row in record["bombsPlanted"]]
    defused = truth.tables["plants"].filter(pl.col("outcome") == "defused")
    assert defused["to_tick"].to_list() == [row["tick"] for row in record["bombsDefused"]]


def test_the_tracks_agree_with_the_facts(pair: Pair):
    record, truth = pair
    column = {person.steamid: index for index, person in enumerate(truth.participants)}
    ticks, fields = truth.tracks.ticks, truth.tracks.fields
    for row in record["shots"]:
        at, who = row["tick"] - int(ticks[0]), column[row["playerSteamId"]]
        assert np.hypot(fields["x"][at, who] - row["x"], fields["y"][at, who] - row["y"]) < 1.0
    last = {(row["tick"], row["victimSteamId"]): row for row in record["damages"]}
    for (tick, victim), row in last.items():
        assert fields["health"][tick - int(ticks[0]), column[victim]] == row["victimNewHealth"]
    for row in record["playerEconomies"]:
        freeze_end = record["rounds"][row["roundNumber"] - 1]["freezeTimeEndTick"] - int(ticks[0])
        who = column[row["steamId"]]
        assert fields["cash_spent"][freeze_end - 1, who] == row["moneySpent"]
        assert fields["freeze_end_equipment_value"][freeze_end, who] == row["equipmentValue"]


def test_a_recording_of_positions_comes_back(shared_data: Path):
    folder = shared_data / "matches" / "viewer_dust2"
    truth = replay_viewer(folder)
    names = {person.name: index for index, person in enumerate(truth.participants)}
    first = int(truth.tracks.ticks[0])
    for number in (1, 13, 28):
        played = json.loads((folder / f"round_{number:02d}.json").read_text())
        for frame in played["frames"]:
            for player in (one for one in frame["players"] if one["alive"]):
                seen = truth.tracks["x"][frame["tick"] - first, names[player["name"]]]
                assert abs(seen - player["x"]) < 0.1
    meta = json.loads((folder / "meta.json").read_text())
    ends = truth.tables["rounds"].select("winner_side", "reason").rows()
    assert ends == [(row["winner"].upper(), row["reason"]) for row in meta["rounds"]]
    assert len(_events(truth, "player_death")) == len(meta["kills"])
