"""Builds static/build from static/src and static/css when they changed."""

import hashlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

from apps.core.launch import node
from apps.core.launch.problem import LaunchProblem

SOURCES = ("build.mjs", "package.json", "package-lock.json", "tsconfig.json", "static/src", "static/css")
STAMP = "static/build/.sources"
LAST_LINES = 15


def build(root: Path, *, force: bool = False) -> bool:
    """Bring static/build up to date; True when there was something to do.

    The old build stays in place until the new one is complete.

    Raises:
        LaunchProblem: Node is missing, or npm or the build failed (with the last lines of what it said).
    """
    stamp, digest = root / STAMP, digest_of_sources(root)
    if not force and stamp.exists() and stamp.read_text() == digest:
        return False
    install_packages(root)
    _run(root, [*node.prefix(), "node", "build.mjs"], "The front end was not built")
    stamp.write_text(digest)
    return True


def install_packages(root: Path) -> bool:
    """`npm ci`, unless node_modules already holds what the lock says; True when it ran."""
    if packages_match(root):
        return False
    _run(root, [*node.prefix(), "npm", "ci"], "The packages of the front end were not installed")
    return True


def digest_of_sources(root: Path) -> str:
    digest = hashlib.sha256()
    for path in _files(root):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def packages_match(root: Path) -> bool:
    """Whether npm's own record of what is installed says the same as the lock (packages for other systems aside)."""
    wanted, installed = _packages(root / "package-lock.json"), _packages(root / "node_modules" / ".package-lock.json")
    same = all(wanted.get(name, {}).get("version") == entry.get("version") for name, entry in installed.items())
    return same and all(name in installed or entry.get("optional") for name, entry in wanted.items())


def _packages(lock: Path) -> dict[str, dict[str, object]]:
    if not lock.exists():
        return {}
    packages: dict[str, dict[str, object]] = json.loads(lock.read_text())["packages"]
    return {name: entry for name, entry in packages.items() if name}


def _files(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        path = root / name
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.is_file())


def _run(root: Path, arguments: list[str], otherwise: str) -> None:
    done = subprocess.run(
        arguments, cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode != 0:
        said = done.stdout.decode("utf-8", "replace").strip().splitlines()[-LAST_LINES:]
        raise LaunchProblem(f"{otherwise}; `{' '.join(arguments)}` said:\n    " + "\n    ".join(said))
