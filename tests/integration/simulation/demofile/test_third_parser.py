"""cs-demo-analyzer (npm, ``@akiver/cs-demo-analyzer``) reads our recordings, and says what the truth says.

It is no part of the project: set ``CSDA_BINARY`` to its program, or put it on the PATH as ``csda``. What it reports
otherwise than the truth by its own rules is told in ``docs/decisions/0019-what-cs-demo-analyzer-sees.md``.
"""

import json
import os
import shutil
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from apps.simulation.demofile.writer import WriteOptions, write_demo
from apps.simulation.truth.match import MatchTruth
from tests.integration.simulation.forging.twenty import forged

BINARY = shutil.which(os.environ.get("CSDA_BINARY") or "csda")
pytestmark = pytest.mark.skipif(
    BINARY is None, reason="cs-demo-analyzer is not installed (set CSDA_BINARY or put csda on the PATH)"
)
AT_TICKS = {
    "bombsDefused": "bomb_defused", "bombsExploded": "bomb_exploded", "smokesStart": "smokegrenade_detonate",
    "heGrenadesExplode": "hegrenade_detonate",
}  # fmt: skip
SIDES = {"T": 2, "CT": 3}
# knife and coaches, restart, pause and bots, overtime, surrender on an unknown map, substitute, disconnect, reconnect,
# six a side, plain
SEEDS = [2, 3, 5, 6, 7, 11, 12, 13, 14, 20]


def analysed(path: Path) -> dict[str, Any]:
    assert BINARY is not None
    command = [BINARY, "-demo-path", str(path), "-output", str(path.parent), "-format", "json", "-source", "valve"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]
    found: dict[str, Any] = json.loads(path.with_suffix(".json").read_text())
    return found


@cache
def of_seed(seed: int, folder: Path) -> dict[str, Any]:
    path = folder / f"{seed}.dem"
    write_demo(forged(seed), path)
    return analysed(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("csda")


def happened(truth: MatchTruth, name: str) -> list[dict[str, Any]]:
    """Events of the rounds that count, from the first one's start on, with Steam ids for slots."""
    ids = {one.slot: one.steamid for one in truth.participants} | {-1: 0}
    start = truth.tables["rounds"]["start_tick"].min()
    return [
        {"tick": event.tick, **event.fields}
        | {who: ids[int(event.fields[who])] for who in ("userid", "attacker", "assister") if who in event.fields}
        for event in truth.events
        if event.name == name and event.tick >= start and event.tick <= int(truth.tracks.ticks[-1])
    ]


@pytest.mark.parametrize("seed", SEEDS)
def test_rounds_winners_and_scores(seed: int, folder: Path):
    truth, found = forged(seed), of_seed(seed, folder)
    rounds = truth.tables["rounds"].filter(truth.tables["rounds"]["number"] > 0)
    assert [(one["endTick"], one["winnerSide"], one["endReason"]) for one in found["rounds"]] == [
        (one["end_tick"], SIDES[one["winner_side"]], one["reason_code"]) for one in rounds.iter_rows(named=True)
    ]
    wins = Counter(truth.header.rosters[one] for one in rounds["winner_roster"])
    assert {team["name"]: team["score"] for team in (found["teamA"], found["teamB"])} == {
        name: wins[name] for name in truth.header.rosters
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_kills_damage_plants_and_flashes(seed: int, folder: Path):
    truth, found = forged(seed), of_seed(seed, folder)
    keys = ("tick", "killerSteamId", "victimSteamId", "assisterSteamId", "isHeadshot")
    assert Counter(tuple(one[key] for key in keys) for one in found["kills"]) == Counter(
        (one["tick"], one["attacker"], one["userid"], one["assister"], one["headshot"])
        for one in happened(truth, "player_death")
    )
    keys = ("tick", "attackerSteamId", "victimSteamId", "victimNewHealth", "victimNewArmor", "hitgroup")
    assert Counter(tuple(one[key] for key in keys) for one in found["damages"]) == Counter(
        (one["tick"], one["attacker"], one["userid"], one["health"], one["armor"], one["hitgroup"])
        for one in happened(truth, "player_hurt")
    )
    for name, mine in (("bombsPlanted", "bomb_planted"), ("bombsPlantStart", "bomb_beginplant")):
        assert [(one["tick"], one["site"]) for one in found[name]] == [
            (one["tick"], "AB"[int(one["site"])]) for one in happened(truth, mine)
        ]
    for name, mine in AT_TICKS.items():
        assert [one["tick"] for one in found[name]] == [one["tick"] for one in happened(truth, mine)], name


@pytest.mark.parametrize("seed", SEEDS)
def test_shots(seed: int, folder: Path):
    truth, found = forged(seed), of_seed(seed, folder)
    assert Counter((one["tick"], one["playerSteamId"]) for one in found["shots"]) == Counter(
        (one["tick"], one["userid"]) for one in happened(truth, "weapon_fire")
    )


def test_filler_does_not_disturb_it(folder: Path):
    path = folder / "filled.dem"
    write_demo(forged(20), path, WriteOptions(filler_bytes=400))
    filled, plain = analysed(path), of_seed(20, folder)
    for name in ("rounds", "kills", "damages", "shots"):
        assert filled[name] == plain[name]
