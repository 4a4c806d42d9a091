"""A whole match, written and read again, is the match that was simulated: in everything the client shows."""

import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from apps.simulation.items import item
from apps.simulation.keeping import read_kept
from apps.simulation.reading import read
from apps.simulation.recording import Moment, Recording
from apps.simulation.staging import recording_of
from apps.simulation.truth.match import MatchTruth


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def recording(full_match_demo: Path, folder: Path) -> Recording:
    return read_kept(full_match_demo, folder, read)


def test_every_shown_value_is_the_simulations_own(full_match_truth: MatchTruth, recording: Recording) -> None:
    staged = recording_of(full_match_truth)
    start = int(full_match_truth.tables["rounds"]["start_tick"][0])
    ticks = np.random.default_rng(4).integers(start + 1, staged.last_tick, 60)
    wrong = [difference for tick in ticks for difference in differences(staged.at(tick), recording.at(tick))]
    assert wrong == []


def differences(truth: Moment, read_back: Moment) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for slot, player in truth.players.items():
        theirs = asdict(read_back.players[slot])
        found += [
            (truth.tick, slot, name, value, theirs[name])
            for name, value in asdict(player).items()
            if name != "flash_left" and not same(name, value, theirs[name])
        ]
    rules = asdict(read_back.rules)
    found += [
        (truth.tick, name, value, rules[name])
        for name, value in asdict(truth.rules).items()
        if not same(name, value, rules[name])
    ]
    for name in ("kill_feed", "smokes", "fires", "gun_shots"):
        if len(getattr(truth, name)) != len(getattr(read_back, name)):
            found.append((truth.tick, name))
    return found


def same(name: str, value: object, other: object) -> bool:
    if isinstance(value, float) and isinstance(other, float):
        return abs(value - other) < 0.05
    if name == "inventory":
        return shown(value) == shown(other)
    return value == other


def shown(inventory: object) -> list[str]:
    """As the HUD words it: awpy and the simulation write a few names differently."""
    assert isinstance(inventory, tuple)
    return sorted(item(name).name for name in inventory)


def test_the_second_load_takes_no_time(full_match_demo: Path, folder: Path, recording: Recording) -> None:
    begin = time.process_time()
    again = read_kept(full_match_demo, folder, None)  # type: ignore[arg-type]  # it is not asked
    assert time.process_time() - begin < 3
    assert again.players.equals(recording.players)
    tick = (again.first_tick + again.last_tick) // 2
    assert again.at(tick) == recording.at(tick)
