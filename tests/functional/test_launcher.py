"""The launcher as a person meets it: start, use, stop, start again, and what stands in its way."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from apps.core.launch import leftovers
from tests.conftest import ROOT, free_port
from tests.functional.conftest import SET_FOR_TESTS

READY_S = 240
STOP_S = 40
CHILDREN = {"web", "parse-worker", "capture-worker", "train-worker", "evaluate-worker", "housekeeping", "model"}


@dataclass
class Launch:
    """One `manage.py up` on a home of its own (with a space in its name)."""

    home: Path
    port: int = field(default_factory=free_port)
    model_port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        path = self.home / "up.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self, **environment: str) -> None:
        inherited = {key: value for key, value in os.environ.items() if key not in SET_FOR_TESTS}
        self.home.mkdir(exist_ok=True)
        ports = ["--port", str(self.port), "--model-port", str(self.model_port)]
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", *ports],
            cwd=ROOT,
            env={**inherited, "CHIMERA_HOME": str(self.home), **environment},
            stdout=(self.home / "up.log").open("wb"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait_until_ready(self) -> None:
        end = time.monotonic() + READY_S
        while "Chimera is ready" not in self.output:
            assert self.process is not None
            assert self.process.poll() is None, self.output[-4000:]
            assert time.monotonic() < end, self.output[-4000:]
            time.sleep(0.1)

    def stop(self, number: int = signal.SIGINT) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(STOP_S)

    def wait_until_over(self) -> int:
        assert self.process is not None
        return self.process.wait(STOP_S)

    def children(self) -> list[psutil.Process]:
        return leftovers.marked(self.home)

    def listens(self, port: int) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launch]:
    launch = Launch(tmp_path / "a home")
    yield launch
    if launch.process is not None and launch.process.poll() is None:
        os.killpg(launch.process.pid, signal.SIGKILL)
    leftovers.sweep(launch.home)


@pytest.fixture
def without_model(launch: Launch) -> dict[str, str]:
    """An environment in which no model server is started, which takes most of the time."""
    return {"MODEL_SERVER_URL": f"http://127.0.0.1:{launch.model_port}/v1"}


def get(url: str) -> int:
    with urllib.request.urlopen(url, timeout=10) as response:
        return int(response.status)


def test_it_starts_everything_stops_everything_and_starts_again(launch: Launch, without_model: dict[str, str]) -> None:
    launch.start()
    launch.wait_until_ready()
    assert get(f"{launch.url}/health/") == 200
    assert get(f"http://127.0.0.1:{launch.model_port}/health") == 200
    first_output = launch.output
    assert len(re.findall(r"with the password: (\S+)", first_output)) == 1
    for secret in ("secret_key", "db.sqlite3"):
        assert stat.S_IMODE((launch.home / secret).stat().st_mode) == 0o600
    assert len(launch.children()) >= len(CHILDREN) + 1

    assert launch.stop() == 0
    assert launch.children() == []
    assert not launch.listens(launch.port)
    assert not launch.listens(launch.model_port)
    assert "nothing of it is left running" in launch.output

    launch.start(**without_model)
    launch.wait_until_ready()
    assert "password" not in launch.output
    assert "Front end: up to date." in launch.output
    assert "Database: up to date." in launch.output
    assert launch.stop(signal.SIGTERM) == 0
    assert launch.children() == []


def test_a_second_one_is_told_about_the_first_and_may_start_when_that_was_killed(
    launch: Launch, without_model: dict[str, str], wait_for: Callable[..., object]
) -> None:
    launch.start(**without_model)
    launch.wait_until_ready()
    assert launch.process is not None
    done = _up(launch.home, "--port", str(free_port()), **without_model)
    assert done.returncode != 0
    assert f"Chimera already runs in {launch.home}: process {launch.process.pid}, {launch.url}." in done.stderr
    assert "Traceback" not in done.stderr
    assert get(f"{launch.url}/health/") == 200

    launch.process.kill()
    launch.process.wait()
    wait_for(lambda: not launch.children())
    launch.start(**without_model)
    launch.wait_until_ready()
    assert launch.stop() == 0


@pytest.mark.parametrize("option", ["--port", "--model-port"])
def test_a_busy_port_is_named_before_anything_starts(tmp_path: Path, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        busy = server.getsockname()[1]
        ports = {"--port": free_port(), "--model-port": free_port()} | {option: busy}
        done = _up(tmp_path, *(str(word) for pair in ports.items() for word in pair))
    assert done.returncode != 0
    assert f"Port {busy}" in done.stderr
    assert f"(process {os.getpid()})" in done.stderr
    assert option in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "db.sqlite3").exists()


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("REDIS_URL", "redis://127.0.0.1:1/0", "Redis does not answer at the address in REDIS_URL"),
        ("DATABASE_URL", "postgres://u:p@127.0.0.1:1/x", "The database does not answer"),
    ],
)
def test_a_named_server_that_is_away_is_said_in_one_sentence(
    tmp_path: Path, variable: str, value: str, sentence: str
) -> None:
    done = _up(tmp_path, "--port", str(free_port()), "--model-port", str(free_port()), **{variable: value})
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_child_that_dies_is_started_again_and_in_the_end_named(
    launch: Launch, without_model: dict[str, str], wait_for: Callable[..., object]
) -> None:
    launch.start(**without_model)
    launch.wait_until_ready()
    _kill_when_there(launch, "housekeeping")
    wait_for(lambda: "housekeeping was killed by SIGKILL; starting it again" in launch.output)
    for _ in range(3):
        _kill_when_there(launch, "housekeeping")
    assert launch.wait_until_over() == 1
    assert "Chimera stopped: housekeeping was killed by SIGKILL, again after being restarted." in launch.output
    assert launch.children() == []


def _kill_when_there(launch: Launch, word: str) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        found = [child for child in launch.children() if word in _command(child)]
        if found:
            found[0].kill()
            found[0].wait(5)
            return
        time.sleep(0.05)
    raise AssertionError(f"no {word} within 30 s: {launch.output[-2000:]}")


def _command(child: psutil.Process) -> list[str]:
    """Nothing for one that has just gone."""
    try:
        return child.cmdline()
    except psutil.NoSuchProcess:
        return []


def _up(home: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    inherited = {key: value for key, value in os.environ.items() if key not in SET_FOR_TESTS}
    return subprocess.run(
        [sys.executable, "manage.py", "up", *arguments],
        cwd=ROOT,
        env={**inherited, "CHIMERA_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
