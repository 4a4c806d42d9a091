"""Positions once a second come back, and how rounds ended."""

import json
from pathlib import Path
from typing import Any

import pytest

from apps.simulation.records.problems import BadRecord
from apps.simulation.records.viewer import replay_viewer


def _frame(tick: int, x: float, alive: bool = True) -> dict[str, Any]:
    return {
        "tick": tick,
        "players": [
            {"name": "Ann", "side": "CT", "alive": True, "hp": 77, "x": x, "y": 1.0, "z": 2.0, "yaw": 0.0},
            {"name": "Cat", "side": "T", "alive": alive, "hp": 100 * alive, "x": -x, "y": 1.0, "z": 2.0, "yaw": 0.0},
        ],
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    meta = {
        "map_name": "de_madeup",
        "header": {"server_name": "a server"},
        "kills": [
            {"tick": 1100, "attacker_name": "Ann", "victim_name": "Cat", "weapon": "m4a1_silencer", "headshot": False}
        ],
    }
    played = {
        "start_tick": 145, "freeze_end": 800, "end_tick": 1800, "winner": "ct", "reason": "bomb_defused",
        "bomb_plant_tick": 1000, "bomb_site": "bombsite_b",
        "frames": [_frame(209, 10.0), _frame(900, 100.0), _frame(964, 160.0), _frame(1200, 200.0, alive=False)],
    }  # fmt: skip
    (tmp_path / "meta.json").write_text(json.dumps(meta))
    (tmp_path / "round_01.json").write_text(json.dumps(played))
    return tmp_path


def test_positions_health_kills_and_plants_come_back(folder: Path):
    truth = replay_viewer(folder)
    x, health = truth.tracks["x"], truth.tracks["health"]
    assert [float(x[truth.tracks.row(tick), 0]) for tick in (209, 900, 964, 1200)] == [10.0, 100.0, 160.0, 200.0]
    assert [int(health[truth.tracks.row(tick), 1]) for tick in (1099, 1100)] == [100, 0]
    assert health[truth.tracks.row(1000), 0] == 77
    plant = truth.tables["plants"].row(0, named=True)
    assert (plant["from_tick"], plant["site"], plant["planter"], plant["outcome"]) == (1000, "B", 1, "defused")
    assert truth.tables["rounds"].select("official_end_tick", "winner_side", "reason").rows() == [
        (1800, "CT", "bomb_defused")
    ]


def test_a_folder_without_rounds_or_with_broken_ones_is_refused(folder: Path):
    (folder / "round_02.json").write_text('{"frames": 3}')
    with pytest.raises(BadRecord):
        replay_viewer(folder)
    for one in folder.glob("round_*"):
        one.unlink()
    with pytest.raises(BadRecord, match="no round"):
        replay_viewer(folder)
