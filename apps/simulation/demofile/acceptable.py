"""What a recording cannot hold is refused before a byte is written, with a sentence that says what and where."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from apps.simulation.demofile import gameevents
from apps.simulation.demofile.schema import PROJECTILES, WEAPONS
from apps.simulation.truth.match import Event, MatchTruth, Team

LAST_TICK = 2**31 - 2
FARTHEST = float(2**20)  # units; the game's maps end at 2¹⁴
_GREATEST = 3.4e38
_FLOATS = ("x", "y", "z", "vx", "vy", "vz", "yaw", "pitch", "duck", "flash_duration")
_VALUES = ("equipment_value", "round_start_equipment_value", "freeze_end_equipment_value")
_RANGES = {
    gameevents.LONG: (-(2**31), 2**31 - 1), gameevents.SHORT: (-(2**15), 2**16 - 1), gameevents.BYTE: (0, 255),
    gameevents.UINT64: (0, 2**64 - 1), gameevents.BOOL: (0, 1),
}  # fmt: skip
_WORDS: Mapping[tuple[str, str], frozenset[object]] = {
    ("weapons", "item"): frozenset(WEAPONS), ("projectiles", "kind"): frozenset(PROJECTILES),
    ("plants", "site"): frozenset("AB"), ("plants", "outcome"): frozenset(("exploded", "defused", "round_over")),
    ("rules", "side_0"): frozenset((int(Team.T), int(Team.CT))),
    ("rules", "timeout"): frozenset(("", "t", "ct", "technical")),
}  # fmt: skip
_WRITTEN = ("weapons", "holders", "ammunition", "projectiles", "flight", "smokes", "fires", "plants", "rules")
_OF = {"holders": "weapons", "ammunition": "weapons", "flight": "projectiles", "smokes": "projectiles"}
_LEAST = {("ammunition", "clip"): 0, ("ammunition", "reserve"): 0}


def refuse(truth: MatchTruth) -> None:
    """Raises ValueError for what the format has no room for, and for what contradicts itself."""
    ticks = truth.tracks.ticks
    if not len(ticks):
        raise ValueError("A recording needs at least one tick; this match has none.")
    if int(ticks[0]) < 0 or int(ticks[-1]) > LAST_TICK:
        raise ValueError(f"Ticks go from 0 to {LAST_TICK}; this match's go from {ticks[0]} to {ticks[-1]}.")
    for person in truth.participants:
        if not 0 <= person.steamid < 2**64:
            raise ValueError(f"The Steam id {person.steamid} of slot {person.slot} has no room in 64 bits.")
    _tables(truth)
    _tracks(truth)
    _events(truth)


def _tracks(truth: MatchTruth) -> None:
    tracks, here = truth.tracks, truth.tracks["connected"]
    for name in _FLOATS:
        _bound(truth, name, np.isfinite(tracks[name]), "is no number")
    for name in "xyz":
        _bound(truth, name, np.abs(tracks[name]) <= FARTHEST, f"is farther than {FARTHEST:.0f} units away")
    for name in ("yaw", "pitch"):
        _bound(truth, name, np.abs(tracks[name]) <= 360.0, "is more than a whole turn")
    for name in _VALUES:
        _bound(truth, name, (tracks[name] >= 0) & (tracks[name] <= 65_535), "is not between 0 and 65,535")
    _bound(truth, "team", tracks["team"] <= max(Team), "is none of the four teams")
    _bound(truth, "place", (tracks["place"] >= 0) & (tracks["place"] < len(truth.places)), "is none of the places")
    _bound(truth, "active", _at_hand(truth) | ~here, "is a weapon that is not there at that tick")


def _bound(truth: MatchTruth, name: str, good: np.ndarray, what: str) -> None:
    bad = ~good & truth.tracks["connected"]
    if bad.any():
        row, column = (int(one[0]) for one in np.nonzero(bad))
        value = truth.tracks[name][row, column]
        raise ValueError(
            f"{name} of slot {truth.participants[column].slot} at tick {truth.tracks.ticks[row]} is {value}: it {what}."
        )


def _at_hand(truth: MatchTruth) -> np.ndarray:
    """Per tick and participant: nothing in hand, or a weapon that there is."""
    active, weapons = truth.tracks["active"], truth.tables["weapons"].sort("id")
    ids = np.append(weapons["id"].to_numpy(), 2**62)
    ticks = truth.tracks.ticks
    begins, ends = (np.append(np.searchsorted(ticks, weapons[name].to_numpy()), 0) for name in ("from_tick", "to_tick"))
    place = np.searchsorted(ids[:-1], active)
    rows = np.arange(len(ticks))[:, None]
    known: np.ndarray = (ids[place] == active) & (rows >= begins[place]) & (rows < ends[place])
    free: np.ndarray = known | (active == -1)
    return free


def _tables(truth: MatchTruth) -> None:
    for name in _WRITTEN:
        table = truth.tables[name]
        for column, kind in table.schema.items():
            _column(name, table[column], kind)
        if "tick" in table.columns and name != "flight" and not table["tick"].is_sorted():
            raise ValueError(f"The table {name} is not in the order of its ticks.")
        if name in ("weapons", "projectiles", "smokes", "fires") and table["id"].is_duplicated().any():
            raise ValueError(f"The table {name} has the id {table['id'].filter(table['id'].is_duplicated())[0]} twice.")
        whole = truth.tables[_OF[name]]["id"] if name in _OF else table["id"] if "id" in table.columns else None
        strange = [] if whole is None else sorted(set(table["id"].to_list()) - set(whole.to_list()))
        if strange:
            raise ValueError(f"The table {name} speaks of {_OF[name]} {strange[0]}, which is not among them.")
    still = sorted(set(truth.tables["projectiles"]["id"].to_list()) - set(truth.tables["flight"]["id"].to_list()))
    if still:
        raise ValueError(f"Nothing says where the projectile {still[0]} flies.")


def _column(name: str, values: pl.Series, kind: object) -> None:
    column = values.name
    if values.null_count() and not (name == "holders" and column in "xyz"):
        raise ValueError(f"The table {name} has a row without {column}.")
    if kind == pl.Float32 and not values.drop_nulls().is_finite().all():
        raise ValueError(f"The table {name} has a {column} that is no number.")
    if column in "xyz" and (values.drop_nulls().abs() > FARTHEST).any():
        raise ValueError(f"The table {name} has a {column} farther than {FARTHEST:.0f} units away.")
    words = _WORDS.get((name, column))
    unknown = [] if words is None else sorted(set(values.to_list()) - words, key=str)
    if unknown:
        raise ValueError(f"The table {name} has the {column} {unknown[0]!r}, which the game does not know.")
    least = 0 if column == "id" else _LEAST.get((name, column))
    if least is not None and values.len() and int(values.min()) < least:  # type: ignore[arg-type]
        raise ValueError(f"The table {name} has a {column} below {least}; the least is {least}.")


def _events(truth: MatchTruth) -> None:
    slots = {-1, *(one.slot for one in truth.participants)}
    last = -(2**62)
    for event in truth.events:
        if event.tick < last:
            raise ValueError(f"The event {event.name} at tick {event.tick} comes after one at tick {last}.")
        last = event.tick
        if event.name == "chat":
            _person(event, "userid", event.fields.get("userid", -1), slots)
        elif event.name not in gameevents.UNWRITTEN:
            _event(event, slots)


def _event(event: Event, slots: set[int]) -> None:
    if event.name not in gameevents.DESCRIPTORS:
        raise ValueError(f"The game has no event {event.name} (at tick {event.tick}).")
    kinds = dict(gameevents.DESCRIPTORS[event.name][1])
    for key, value in event.fields.items():
        if key in kinds and kinds[key] == gameevents.PLAYER:
            _person(event, key, value, slots)
        elif key in kinds:
            wrong = _wrong(kinds[key], value)
            if wrong:
                raise ValueError(f"{event.name}.{key} at tick {event.tick} is {value!r}, which is {wrong}.")
        elif f"{event.name}.{key}" not in gameevents.UNWRITTEN:
            raise ValueError(f"The game's event {event.name} has no {key} (at tick {event.tick}).")


def _wrong(kind: int, value: object) -> str:
    if kind == gameevents.STRING:
        return "" if isinstance(value, str) else "no text"
    if not isinstance(value, int | float):
        return "no number"
    if kind == gameevents.FLOAT:
        return "" if abs(value) <= _GREATEST else "no number of 32 bits"
    least, most = _RANGES.get(kind, _RANGES[gameevents.LONG])
    return "" if least <= value <= most and int(value) == value else f"no whole number from {least} to {most}"


def _person(event: Event, key: str, value: object, slots: set[int]) -> None:
    if value not in slots or isinstance(value, bool):
        raise ValueError(f"{event.name}.{key} at tick {event.tick} is {value!r}, nobody's slot.")
