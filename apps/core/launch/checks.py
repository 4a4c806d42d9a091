"""The checks every change has to pass, each a command of its own."""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from apps.core.launch import frontend, node


@dataclass(frozen=True)
class Check:
    name: str
    arguments: list[str]


@dataclass(frozen=True)
class Outcome:
    name: str
    passed: bool
    seconds: float
    output: str


def all_checks(root: Path) -> list[Check]:
    """Every check of this repository; installs the packages the TypeScript one needs.

    Raises:
        LaunchProblem: there is no Node, or the packages could not be installed.
    """
    frontend.install_packages(root)
    return [
        Check("import rules", [_tool("lint-imports")]),
        Check("ruff check", [_tool("ruff"), "check", "--quiet"]),
        Check("ruff format", [_tool("ruff"), "format", "--check"]),
        Check("mypy", [_tool("mypy")]),
        Check("djlint format", [_tool("djlint"), "--check", "templates"]),
        Check("djlint lint", [_tool("djlint"), "--lint", "templates"]),
        Check("django", [sys.executable, "manage.py", "check"]),
        Check("migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]),
        Check("typescript", [*node.prefix(), "node", "node_modules/typescript/bin/tsc", "--noEmit"]),
    ]


def run(root: Path, checks: list[Check]) -> Iterator[Outcome]:
    """Run each, whatever the ones before it said."""
    for check in checks:
        started = time.monotonic()
        done = subprocess.run(
            check.arguments, cwd=root, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        output = done.stdout.decode("utf-8", "replace").strip()
        yield Outcome(check.name, done.returncode == 0, time.monotonic() - started, output)


def _tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))
