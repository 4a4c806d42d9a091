"""Where everybody is between the facts that say it.

A fact puts somebody exactly where it says at its tick. Between two facts people wait at the first and then run straight
to the second at a rifle's speed, so that they arrive in time; where the facts are further apart than that, they are as
fast as they must be. Walls are not known. The spawns are estimated: the middle of the earliest sightings of a side, or
as far towards it as one can have come from. Views turn evenly from one known view to the next.
"""

from collections.abc import Sequence

import numpy as np

from apps.simulation.records.facts import Facts, Round, Sighting
from apps.simulation.truth.match import TICK_RATE, Team
from apps.simulation.truth.tracks import Tracks

SPEED = 215.0  # units a second, with a rifle in hand
EARLY_S = 6.0  # sightings so soon after freeze time tell where a side spawns
TOP_SPEED = 3500.0  # the engine's limit
Key = tuple[float, float, float, float]  # tick, x, y, z


def walk(tracks: Tracks, facts: Facts, spans: Sequence[tuple[Round, int]], died: dict[tuple[int, int], int]) -> None:
    """Fill positions, views and velocities. ``spans``: every round with the tick at which the next begins; ``died``:
    (round number, person) → tick of the death."""
    seen = _by_round(facts, spans)
    bases = {team: _base(facts, spans, seen, team) for team in (Team.T, Team.CT)}
    for round_, until in spans:
        rows = np.arange(*np.searchsorted(tracks.ticks, [round_.start, until]))
        if round_ is spans[0][0]:
            rows = np.arange(0, rows[-1] + 1 if len(rows) else 0)
        if not len(rows):
            continue
        now = tracks.ticks[rows]
        for who, person in enumerate(facts.people):
            side = round_.side_0 if person.roster == 0 else _other(round_.side_0)
            death = died.get((round_.number, who), until)
            sights = [one for one in seen.get((round_.number, who), []) if one.tick <= death]
            keys = _keys(round_, sights, bases[side], who)
            for axis, values in zip("xyz", np.array(keys).T[1:], strict=True):
                tracks.fields[axis][rows, who] = np.interp(now, [key[0] for key in keys], values)
            _look(tracks, rows, now, who, sights)
    _move(tracks, [round_.start for round_, _ in spans])


def _other(side: Team) -> Team:
    return Team.CT if side == Team.T else Team.T


def _by_round(facts: Facts, spans: Sequence[tuple[Round, int]]) -> dict[tuple[int, int], list[Sighting]]:
    starts = np.array([round_.start for round_, _ in spans])
    found: dict[tuple[int, int], list[Sighting]] = {}
    for one in sorted(facts.sightings, key=lambda one: one.tick):
        index = int(np.searchsorted(starts, one.tick, side="right")) - 1
        if index >= 0:
            found.setdefault((spans[index][0].number, one.who), []).append(one)
    return found


def _base(
    facts: Facts, spans: Sequence[tuple[Round, int]], seen: dict[tuple[int, int], list[Sighting]], team: Team
) -> tuple[float, float, float]:
    """The middle of the side's first sightings soon after freeze time, of all its first sightings without any."""
    early, first = [], []
    for round_, _ in spans:
        for who, person in enumerate(facts.people):
            side = round_.side_0 if person.roster == 0 else _other(round_.side_0)
            sights = seen.get((round_.number, who), [])
            if side == team and sights:
                where = (sights[0].x, sights[0].y, sights[0].z)
                first.append(where)
                if sights[0].tick < round_.freeze_end + EARLY_S * TICK_RATE:
                    early.append(where)
    if not first:
        return 0.0, 0.0, 0.0
    x, y, z = np.median(np.array(early or first), axis=0)
    return float(x), float(y), float(z)


def _keys(round_: Round, sights: Sequence[Sighting], base: tuple[float, float, float], who: int) -> list[Key]:
    """The corners of somebody's way through a round, with the waits in it."""
    x, y, z = base
    if not sights:
        return [(round_.start, x + 40.0 * (who % 5), y, z)]
    first = sights[0]
    away = float(np.linalg.norm(np.subtract((first.x, first.y, first.z), base)))
    reach = SPEED * max(0, first.tick - round_.freeze_end) / TICK_RATE
    share = 0.0 if away == 0 else min(1.0, reach / away)
    spawn = tuple(a + (b - a) * share for a, b in zip((first.x, first.y, first.z), base, strict=True))
    keys: list[Key] = [(float(round_.start), *spawn)]  # type: ignore[list-item]
    for one in sights:
        tick, *here = keys[-1]
        there = (one.x, one.y, one.z)
        if one.tick <= tick:
            keys[-1] = (tick, *there)
            continue
        leaves = one.tick - float(np.linalg.norm(np.subtract(there, here))) / SPEED * TICK_RATE
        if leaves > tick:
            keys.append((leaves, *here))  # type: ignore[arg-type]
        keys.append((float(one.tick), *there))
    return keys


def _look(tracks: Tracks, rows: np.ndarray, now: np.ndarray, who: int, sights: Sequence[Sighting]) -> None:
    known = {one.tick: (one.yaw, one.pitch) for one in sights if one.yaw is not None and one.pitch is not None}
    if not known:
        return
    ticks = list(known)
    yaw = np.unwrap(np.array([known[tick][0] for tick in ticks], np.float64), period=360.0)
    turned = (np.interp(now, ticks, yaw) + 180.0) % 360.0 - 180.0
    tracks.fields["yaw"][rows, who] = turned
    tracks.fields["pitch"][rows, who] = np.interp(now, ticks, [known[tick][1] for tick in ticks])


def _move(tracks: Tracks, jumps: Sequence[int]) -> None:
    alive = tracks.fields["health"] > 0
    at = np.searchsorted(tracks.ticks, np.array(jumps))
    for axis in "xyz":
        speed = np.zeros_like(tracks.fields[axis])
        speed[1:] = np.diff(tracks.fields[axis], axis=0) * np.float32(TICK_RATE)
        speed[at[at < len(speed)]] = 0.0
        tracks.fields["v" + axis][:] = np.where(alive, np.clip(speed, -TOP_SPEED, TOP_SPEED), np.float32(0.0))
    tracks.fields["on_ground"][:] = True
