"""The entities' part of every packet: updates of players and things merged per tick and packed into bits."""

from collections.abc import Sequence

import numpy as np

from apps.simulation.demofile.bits import pack, ubitvars
from apps.simulation.demofile.dense import Records
from apps.simulation.demofile.players import Bodies, Minds
from apps.simulation.demofile.things import CREATE, DELETE, Change, Things, Values, body, prefix


class Frames:
    """Makes the entity data of a stretch of rows, and keeps what exists for the full packets."""

    def __init__(self, bodies: Bodies, minds: Minds, things: Things) -> None:
        self.bodies, self.minds, self.things = bodies, minds, things
        self.ticks, self.here = bodies.tracks.ticks, bodies.tracks["connected"]
        self.alive: dict[int, Change] = {}
        self._clock = self.here & (np.cumsum(self.here, axis=1) == 1)

    def deltas(self, first: int, last: int) -> tuple[bytes, np.ndarray, np.ndarray]:
        """Bytes of rows ``first`` … ``last`` − 1, where each begins (one more at the end), and updates per row."""
        rows, before = slice(first, last), slice(max(0, first - 1), max(0, last - 1))
        here = self.here[rows]
        was = self.here[before] if first else np.concatenate((np.zeros_like(here[:1]), self.here[: last - 1]))
        parts = [self._crowd(rows, first, last, here, was, minds) for minds in (False, True)]
        parts.append(self._changes(first, last))
        return merged(parts, last - first)

    def full(self, row: int) -> tuple[bytes, int]:
        """All entities of one row, created again; after :meth:`deltas` of that row."""
        rows, here = slice(row, row + 1), self.here[row : row + 1]
        nobody = np.zeros_like(here)
        parts = [
            self.bodies.crowd.records(self.bodies.values(rows), None, here, nobody),
            self.minds.crowd.records(self._minds(rows), None, here, nobody),
            _records([(0, index, one) for index, one in sorted(self.alive.items())]),
        ]
        data, _, counts = merged(parts, 1)
        return data, int(counts[0])

    def _minds(self, rows: slice) -> list[np.ndarray]:
        return [*self.minds.values(rows), np.where(self._clock[rows], self.ticks[rows][:, None], 0)]

    def _crowd(self, rows: slice, first: int, last: int, here: np.ndarray, was: np.ndarray, minds: bool) -> Records:
        wide = slice(max(0, first - 1), last)
        crowd = self.minds.crowd if minds else self.bodies.crowd
        values = self._minds(wide) if minds else self.bodies.values(wide)
        if first:
            return crowd.records([one[1:] for one in values], [one[:-1] for one in values], here, was)
        return crowd.records(values, [np.concatenate((one[:1], one[:-1])) for one in values], here, was)

    def _changes(self, first: int, last: int) -> Records:
        found = []
        for row in range(first, last):
            for index, change in sorted(self.things.changes.pop(row, {}).items()):
                if change.operation == DELETE:
                    if self.alive.pop(index, None) is None:
                        continue
                elif change.operation == CREATE:
                    self.alive[index] = Change(CREATE, change.class_name, change.serial, dict(change.values))
                elif index in self.alive:
                    self.alive[index].values.update(change.values)
                else:
                    continue
                found.append((row - first, index, change))
        return _records(found)


def _records(found: Sequence[tuple[int, int, Change]]) -> Records:
    heads = [prefix(one.operation, one.class_name, one.serial) for _, _, one in found]
    bodies = [_body(one.class_name, one.values) if one.operation != DELETE else () for _, _, one in found]
    flat = [token for tokens in bodies for token in tokens]
    return Records(
        np.array([row for row, _, _ in found], np.int64), np.array([index for _, index, _ in found], np.int64),
        np.array([value for value, _ in heads], np.uint64), np.array([bits for _, bits in heads], np.int64),
        np.array([len(tokens) for tokens in bodies], np.int64),
        np.array([value for value, _ in flat], np.uint64), np.array([bits for _, bits in flat], np.int64),
    )  # fmt: skip


def _body(class_name: str, values: Values) -> tuple[tuple[int, int], ...]:
    return body(class_name, values)


def merged(parts: Sequence[Records], rows: int) -> tuple[bytes, np.ndarray, np.ndarray]:
    """Records in order of row and entity, each behind the gap to the entity before it, packed; per row a whole byte."""
    row = np.concatenate([one.row for one in parts])
    entity = np.concatenate([one.entity for one in parts])
    counts = np.concatenate([one.counts for one in parts])
    starts = np.concatenate(([0], np.cumsum(counts)))[:-1]
    order = np.argsort(row * 16_384 + entity, kind="stable")
    row, entity, counts, starts = row[order], entity[order], counts[order], starts[order]
    same = np.concatenate(([False], row[1:] == row[:-1]))
    gaps = entity - np.where(same, np.concatenate(([0], entity[:-1])), -1) - 1
    size = counts + 2
    ends = np.cumsum(size)
    begins = ends - size
    values, bits = np.zeros(int(size.sum()), np.uint64), np.zeros(int(size.sum()), np.int64)
    values[begins], bits[begins] = ubitvars(gaps)
    values[begins + 1] = np.concatenate([one.prefix_value for one in parts])[order]
    bits[begins + 1] = np.concatenate([one.prefix_bits for one in parts])[order]
    where = np.repeat(starts - np.concatenate(([0], np.cumsum(counts)))[:-1], counts) + np.arange(int(counts.sum()))
    target = np.repeat(begins + 2 - np.concatenate(([0], np.cumsum(counts)))[:-1], counts) + np.arange(
        int(counts.sum())
    )
    values[target] = np.concatenate([one.values for one in parts])[where]
    bits[target] = np.concatenate([one.bits for one in parts])[where]
    per_row = np.bincount(row, minlength=rows)
    tokens_per_row = np.bincount(row, weights=size, minlength=rows).astype(np.int64)
    firsts = np.concatenate(([0], np.cumsum(tokens_per_row)))[:-1]
    data, bounds = pack(values, bits, firsts)
    return data, bounds, per_row
