"""What is read from a recording, in units that can fail alone.

The units of a healthy file are read side by side in one process: awpy shares its passes and lets other threads work
meanwhile. Where that process dies, each unit is read by a process of its own.
"""

import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
from awpy import Demo

from apps.demos.parsing import storing
from apps.demos.parsing.match import evidence
from apps.demos.parsing.reading import ammunition, events, keyframes, salvage, states
from apps.demos.parsing.reading.units import APART, UNITS, lose

Frames = dict[str, pl.DataFrame]
Result = TypeVar("Result")

AWPY = {"economy": "round_economy"}  # where its name is another one
OURS = {theirs: unit for unit, theirs in AWPY.items()}
LATER = ("viewing.pack", "viewing.pack_ground", "match.account", "stats.statistics")
SHARED = (*events.TABLES, "rounds", "round_economy", "players")


@dataclass(frozen=True)
class Source:
    """A recording to read: every tick of its player states or only those of ``states.thin``; a folder for scratch."""

    path: Path
    scratch: Path
    every_tick: bool = False

    @cached_property
    def extent(self) -> salvage.Extent:
        return salvage.measure_file(self.path)

    @cached_property
    def keyframes(self) -> pl.DataFrame:
        """See ``keyframes.read``; raises whatever awpy raises."""
        return keyframes.read(self.path, self.extent, self.scratch)


def read(source: Source, unit: str, happened: Iterable[int] = ()) -> Frames:
    """One unit: frames by name; player states hold the ticks that ``happened``. Raises whatever awpy raises."""
    demo = Demo(str(source.path))
    if unit == "states":
        return {unit: states.read(demo, happened, every_tick=source.every_tick)}
    return _read(demo, source, unit)


def read_all(
    source: Source,
    units: Iterable[str] = tuple(UNITS),
    *,
    meanwhile: Callable[[], object] = lambda: None,
    tell: Callable[[float, str], object] = lambda share, done: None,
) -> dict[str, Frames | None]:
    """These units; None for those that cannot be read. ``meanwhile`` is done while the events, which take longest, are
    being read. ``tell`` gets the share of the work that is done (0–1) and what was done last.
    """
    wanted = set(units)
    with ThreadPoolExecutor(2) as pool:
        reading = pool.submit(_several, source, [unit for unit in UNITS if unit in wanted - {"states", "keyframes"}])
        meanwhile()
        tell(0.15, "the first look")
        sampling = pool.submit(_attempt, lambda: _sampled(source))
        for module in LATER:  # loading them costs nothing while awpy works
            import_module(f"apps.demos.parsing.{module}")
        sampled = sampling.result()
        tell(0.5, "the positions")
        found = _several(source, ["keyframes"]) if "keyframes" in wanted else {}
        found |= reading.result()
    tell(0.85, "positions and events")
    ticks = event_ticks(found)
    players = sampled and _attempt(lambda: {"states": states.refine(*sampled, ticks)})
    return {**found, "states": players}


def _sampled(source: Source) -> tuple[Demo, states.Samples]:
    demo = Demo(str(source.path))
    return demo, states.sample(demo, every_tick=source.every_tick)


def _attempt(act: Callable[[], Result]) -> Result | None:
    try:
        return act()
    except BaseException as error:
        note(error)
        return None


def event_ticks(found: Mapping[str, Frames | None]) -> list[int]:
    """The ticks on which something happened that is no mere movement of a grenade."""
    frames = [
        frame
        for unit, some in found.items()
        if some is not None and unit != "grenades" and (unit in events.TABLES or unit == "events")
        for frame in some.values()
    ]
    ticks = [frame["tick"].cast(pl.Int32) for frame in frames if "tick" in frame.columns]
    return pl.concat(ticks).drop_nulls().unique().to_list() if ticks else []


def _several(source: Source, units: list[str]) -> dict[str, Frames | None]:
    found: dict[str, Frames | None] = {}
    demo = Demo(str(source.path))
    if len(units) > 1:
        try:
            demo.load(*(name for name in SHARED if OURS.get(name, name) in units))  # what fails is tried alone below
        except BaseException as error:
            note(error)
    for unit in units:
        try:
            found[unit] = _read(demo, source, unit)
        except BaseException as error:
            note(error)
            found[unit] = None
    return found


def _read(demo: Any, source: Source, unit: str) -> Frames:
    if unit == "keyframes":
        return {unit: source.keyframes}
    if unit == "convars":
        pairs = {"name": [str(name) for name in demo.convars], "value": [str(value) for value in demo.convars.values()]}
        return {unit: pl.DataFrame(pairs, schema={"name": pl.String, "value": pl.String})}
    if unit == "events":
        held = set(demo.events.names)
        return {name: demo.events[name] for name in {*evidence.EVENTS, *events.RAW, *ammunition.EVENTS} & held}
    if unit in events.TABLES:
        return {unit: events.read(demo, unit)}
    return {unit: getattr(demo, AWPY.get(unit, unit))}


def note(error: BaseException) -> None:
    """The technical reason goes to the job's log. A panic of the parser is no Exception, so everything is caught."""
    if isinstance(error, KeyboardInterrupt | SystemExit):
        raise error
    storing.raise_if_full(error)
    print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)  # noqa: T201


class Shelf:
    """Units as files, each whole or not there: ``<folder>/<unit>/<frame>.arrow``, or ``<unit>.lost``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, unit: str, frames: Frames) -> None:
        part = self._folder / f".{unit}.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        for name, frame in frames.items():
            frame.write_ipc(part / f"{name}.arrow")
        if not (self._folder / unit).exists():
            part.rename(self._folder / unit)

    def get(self, unit: str) -> Frames | None:
        """The frames of a unit; None where it is not there."""
        if not (self._folder / unit).is_dir():
            return None
        return {file.stem: pl.read_ipc(file) for file in sorted((self._folder / unit).glob("*.arrow"))}

    def lose(self, unit: str) -> None:
        lose(self._folder, unit)

    def is_complete(self) -> bool:
        """Whether each unit was tried in a process of its own."""
        return (self._folder / APART).exists()
