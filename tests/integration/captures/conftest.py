"""A game client to talk to, and a recording to capture, both made by hand."""

import io
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.test import Client

from apps.captures.game.netcon import Netcon
from apps.captures.game.profiles import PROFILES
from apps.captures.game.shooting import Photographer
from apps.captures.game.stage import Limits, Play, Stage
from apps.captures.game.verification import Stand
from apps.simulation.keeping import read_kept
from tests.integration.captures.watched import watched
from tests.unit.captures.handmade import END, FREEZE_END, LAST, SLOTS, START, player_row, recording, rules_row

ROOT = Path(__file__).resolve().parents[3]
LIMITS = Limits(reconnect_s=8.0, load_s=8.0, skip_s=1.5, image_s=1.0, answer_s=0.8)
FILE = b"PBDEMS2\0.."  # what stands for the handmade match: the client knows it by these bytes, and has read it before
FAST = ("--speed", "4", "--load-seconds", "0.3", "--skip-seconds", "0.1", "--image-delay", "0.02")


@dataclass(frozen=True)
class Game:
    process: "subprocess.Popen[str]"
    port: int
    folder: Path


def living(tick: int) -> dict[int, Stand]:
    rows = [player_row(tick, slot) for slot in SLOTS]
    return {
        row["slot"]: Stand(row["x"], row["y"], row["z"], row["pitch"], row["yaw"]) for row in rows if row["health"] > 0
    }


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A game's folder with the handmade match in it, which the client reads as one that it has read before: there is
    no recording of it, and to make it takes a client longer than all the rest of its start."""
    folder = tmp_path_factory.mktemp("installed")
    demo = folder / "match.dem"
    demo.write_bytes(FILE)
    read_kept(demo, folder / "read", lambda path: watched())
    return folder


@pytest.fixture
def start_game(tmp_path: Path, installed: Path) -> Iterator[Callable[..., Game]]:
    """``start_game("wrong-player:1")`` → a simulated client playing the handmade match, with those faults."""
    started: list[subprocess.Popen[str]] = []

    def start(*faults: str, port: int = 0, options: tuple[str, ...] = FAST) -> Game:
        folder = tmp_path / "game"
        shutil.copytree(installed, folder, dirs_exist_ok=True)
        flags = [flag for fault in faults for flag in ("--fault", fault)]
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "apps.simulation.client",
                *("--netconport", str(port), "--game-dir", str(folder), *options, *flags),
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("listening on "), line
        return Game(process, int(line.rpartition(":")[2]), folder)

    yield start
    for process in started:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


@pytest.fixture
def camera() -> Iterator[Callable[..., Photographer]]:
    """``camera(game)`` → a photographer at that game."""
    opened: list[Netcon] = []

    def make(game: Game, limits: Limits = LIMITS, check: Callable[[], None] = lambda: None) -> Photographer:
        netcon = Netcon("127.0.0.1", game.port, check=check, answer_s=limits.answer_s)
        opened.append(netcon)
        stage = Stage(netcon, Play("match.dem", START, LAST), PROFILES["simulated"], limits, check)
        return Photographer(stage, game.folder / "screenshots", living)

    yield make
    for netcon in opened:
        netcon.close()


@pytest.fixture
def demo(transactional_db: None) -> Any:
    """A recording as the demos app would have imported it: the handmade match in tables."""
    from apps.core import storage
    from apps.demos.models import Demo, Player, Round

    sha256 = "ab" * 32
    facts = recording(step=1)
    row = Demo.objects.create(
        sha256=sha256,
        original_name="handmade.dem",
        size=len(FILE),
        recording=storage.put_bytes(f"recordings/{sha256}.dem", FILE),
        status="ready",
        map_name="de_test",
        first_tick=START,
        last_tick=LAST,
        has_positions=True,
    )
    Round.objects.create(
        demo=row,
        ordinal=1,
        number=1,
        start_tick=START,
        freeze_end_tick=FREEZE_END,
        end_tick=END,
        winner_side="T",
        score_ct=3,
        score_t=7,
    )
    for slot, (name, side) in SLOTS.items():
        Player.objects.create(demo=row, slot=slot, name=name, is_bot=True, first_side=side)
    assert facts.kills is not None
    assert facts.bomb is not None
    assert facts.damages is not None
    assert facts.throws is not None
    tables = {
        "player_states": facts.states,
        "rules": pl.DataFrame([rules_row(tick) for tick in range(LAST + 1)], infer_schema_length=None),
        "kills": facts.kills.rename({"attacker": "attacker_slot", "victim": "victim_slot"}),
        "damages": facts.damages.rename({"attacker": "attacker_slot", "victim": "victim_slot", "damage": "dmg_health"}),
        "shots": facts.throws.rename({"word": "weapon"}),
        "bomb": facts.bomb.rename({"site": "bombsite"}),
    }
    for name, table in tables.items():
        buffer = io.BytesIO()
        table.write_parquet(buffer)
        storage.put_bytes(f"demos/{sha256}/{name}.parquet", buffer.getvalue())
    return row


@pytest.fixture
def reviewer(client: Client, make_user: Callable[..., Any]) -> Any:
    """Signed in with ``client``."""
    user = make_user("reviewer")
    client.force_login(user)
    return user
