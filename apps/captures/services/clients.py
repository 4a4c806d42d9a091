"""The game client a job talks to: the configured one, or a simulated one started for the job and always ended."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from apps.captures.game.problems import GameEnded, GameStopped
from apps.captures.game.stage import Limits
from apps.core.children import BASE_DIR, stop
from apps.demos.models import Demo
from apps.demos.selectors import recordings as demos

SIMULATED = ("-m", "apps.simulation.client", "--netconport", "0")


@dataclass(frozen=True)
class GameClient:
    """Where to reach it, where its images appear, how long to wait for it, and the recording's name in its folder."""

    host: str
    port: int
    folder: Path
    demo: str
    limits: Limits
    child: "subprocess.Popen[str] | None" = None

    def check(self) -> None:
        """
        Raises:
            GameEnded: the simulated client has ended.
        """
        if self.child is not None and self.child.poll() is not None:
            raise GameEnded(f"The game client ended by itself (status {self.child.returncode}).")


@contextmanager
def game_client(demo: Demo, *, extra: Sequence[str] = ()) -> Iterator[GameClient]:
    """The client for one run, with the recording in its folder; both are cleaned up whatever happens.

    ``extra`` are further options of the simulated client.

    Raises:
        GameStopped: it could not be started, or its folder cannot be written.
    """
    if settings.GAME_CLIENT_PORT:
        limits = Limits(settle_s=settings.GAME_SETTLE_S, reconnect_s=120.0)
        with _recording_in(settings.GAME_CLIENT_DIR, demo) as name:
            yield GameClient(
                settings.GAME_CLIENT_HOST,
                settings.GAME_CLIENT_PORT,
                settings.GAME_CLIENT_DIR / "screenshots",
                name,
                limits,
            )
        return
    with tempfile.TemporaryDirectory(prefix="chimera-game-") as temporary:
        folder = Path(temporary)
        with _recording_in(folder, demo) as name, _simulated(folder, extra) as (child, port):
            limits = Limits(reconnect_s=15.0, skip_s=10.0, image_s=10.0)
            yield GameClient("127.0.0.1", port, folder / "screenshots", name, limits, child)


@contextmanager
def _recording_in(folder: Path, demo: Demo) -> Iterator[str]:
    """The recording's name in the game's folder, in basic Latin; linked where possible, else copied."""
    name = f"chimera-{demo.sha256[:16]}.dem"
    target = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        with demos.recording_path(demo) as source:
            try:
                target.hardlink_to(source)
            except OSError:
                shutil.copyfile(source, target)
    except OSError as error:
        raise GameStopped(f"The recording could not be put into the game's folder: {error.strerror}.") from error
    try:
        yield name
    finally:
        target.unlink(missing_ok=True)


@contextmanager
def _simulated(folder: Path, extra: Sequence[str]) -> "Iterator[tuple[subprocess.Popen[str], int]]":
    with (folder / "client.log").open("w") as log:
        child = subprocess.Popen(
            [sys.executable, *SIMULATED, "--game-dir", str(folder), *extra],
            cwd=BASE_DIR,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
    try:
        yield child, _port(child, folder / "client.log")
    finally:
        stop(child, 2.0)  # type: ignore[arg-type]
        if child.stdout is not None:
            child.stdout.close()


def _die_with_parent() -> None:
    """Ask the kernel to end the client when the worker is killed; nobody else would."""
    pr_set_pdeathsig = 1
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


def _port(child: "subprocess.Popen[str]", log: Path) -> int:
    """The port from the line ``listening on 127.0.0.1:N``; the line or the end of the client comes soon."""
    assert child.stdout is not None
    for line in child.stdout:
        if line.startswith("listening on "):
            return int(line.strip().rpartition(":")[2])
    tail = log.read_text(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
    raise GameStopped(f"The simulated game client did not start: {tail[0][:200]}.")
