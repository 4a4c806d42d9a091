"""The units of a recording's datasets, by name: what can fail alone. Without awpy, for those who only start parsers."""

from collections.abc import Mapping
from pathlib import Path

from apps.demos.parsing.reading import events

# unit → what it is called in a sentence
UNITS: Mapping[str, str] = {
    "states": "player states",
    **events.TABLES,
    "rounds": "rounds",
    "economy": "economy",
    "players": "team names",
    "events": "game events",
    "convars": "server settings",
    "keyframes": "the state of the game",
}
APART = "apart"  # the file that says that each unit was tried in a process of its own


def lose(folder: Path, unit: str) -> None:
    """Say that nothing more is to be expected of a unit."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{unit}.lost").touch()
