"""What hands do to weapons and to the bomb, from the events: shots, planting, defusing.

awpy reads these from the game's events; other readers (cs-demo-analyzer) from the entities.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from apps.simulation.demofile.schema import PROJECTILES
from apps.simulation.demofile.things import Things
from apps.simulation.truth.match import TICK_RATE, Event, MatchTruth

_PLANTING = ("bomb_beginplant", "bomb_abortplant", "bomb_planted")
_DEFUSING = ("bomb_begindefuse", "bomb_abortdefuse")


def shots(things: Things, truth: MatchTruth, homes: Mapping[int, tuple[int, str]]) -> None:
    """The time of its last shot for the weapon in the shooter's hand; a grenade's throw is its projectile."""
    columns = {one.slot: index for index, one in enumerate(truth.participants)}
    active = truth.tracks["active"]
    for event, row in _among(truth, ("weapon_fire",)):
        column = columns.get(_slot(event))
        if column is None or row >= things.rows or _item(event) in PROJECTILES:
            continue
        # who dies at the tick of a shot has nothing in hand any more
        home = homes.get(int(active[row, column])) or homes.get(int(active[max(0, row - 1), column]))
        if home is not None:
            things.update(row, home[0], home[1], {"m_fLastShotTime": event.tick / TICK_RATE})


def planting(
    things: Things, truth: MatchTruth, homes: Mapping[int, tuple[int, str]], held: Sequence[tuple[int, int, int]]
) -> None:
    """The bomb in the planter's hands is being armed. ``held``: row, bomb and its new owner, in the order of rows."""
    for event, row in _among(truth, _PLANTING[:2]):
        if row >= things.rows:
            continue
        owners = {number: owner for when, number, owner in held if when <= row}
        mine = [number for number, owner in owners.items() if owner == _slot(event)]
        if mine:
            index, class_name = homes[mine[-1]]
            things.update(row, index, class_name, {"m_bStartedArming": event.name == "bomb_beginplant"})


def zones(truth: MatchTruth) -> np.ndarray:
    """Per row and participant the bomb site where they are planting: 1 is A, 2 is B, 0 is none."""
    out = np.zeros((len(truth.tracks.ticks), len(truth.participants)), np.int64)
    columns = {one.slot: index for index, one in enumerate(truth.participants)}
    for event, row in _among(truth, _PLANTING):
        column = columns.get(_slot(event))
        if column is not None:
            out[row:, column] = 1 + int(event.fields.get("site", 0) == 1) if event.name == "bomb_beginplant" else 0
    return out


def defusers(truth: MatchTruth, begin: int, end: int) -> list[tuple[int, int]]:
    """Row and slot of whoever begins to defuse, −1 of who gives up, behind row ``begin`` and before ``end``."""
    found = [(row, _slot(event) if event.name == "bomb_begindefuse" else -1) for event, row in _among(truth, _DEFUSING)]
    return [(row, slot) for row, slot in found if begin < row < end]


def middles(truth: MatchTruth) -> dict[str, tuple[float, float, float]]:
    """Where the bomb was planted on the average, by site ("A", "B"); the origin where it never was."""
    plants = truth.tables["plants"]
    out = {}
    for site in "AB":
        here = plants.filter(plants["site"] == site)
        x, y, z = ((float(here[axis].mean()) if len(here) else 0.0) for axis in "xyz")  # type: ignore[arg-type]
        out[site] = (x, y, z)
    return out


def _among(truth: MatchTruth, names: Sequence[str]) -> Iterable[tuple[Event, int]]:
    for event in truth.events:
        if event.name in names:
            yield event, int(np.searchsorted(truth.tracks.ticks, event.tick))


def _slot(event: Event) -> int:
    return int(event.fields.get("userid", -1))


def _item(event: Event) -> str:
    return str(event.fields.get("weapon", "")).removeprefix("weapon_")
