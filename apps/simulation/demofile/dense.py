"""Entities that change at nearly every tick (players): their updates for a stretch of ticks at once, with numpy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from apps.simulation.demofile.bits import Token, uvarints
from apps.simulation.demofile.fieldpaths import Path, header
from apps.simulation.demofile.things import CREATE, DELETE, UPDATE, prefix

Encode = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
Values = np.ndarray  # rows × players


def floats(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    raw = values.astype(np.float32).view(np.uint32).astype(np.uint64)
    return raw, np.full(raw.shape, 32, np.int64)


def flags(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    raw = values.astype(np.uint64)
    return raw, np.ones(raw.shape, np.int64)


def signed(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    wide = values.astype(np.int64)
    return uvarints((wide << 1) ^ (wide >> 63))


def angles(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pitch in the lower 20 bits, yaw above: flags for both and none for roll, then both."""
    raw = values.astype(np.uint64)
    return raw << np.uint64(3) | np.uint64(3), np.full(raw.shape, 43, np.int64)


def angle_bits(pitch: np.ndarray, yaw: np.ndarray) -> np.ndarray:
    """20 bits each of (angle + 180) · 2²⁰ / 360."""
    low, high = (
        np.rint((angle.astype(np.float64) + 180.0) * (2**20 / 360.0)).astype(np.int64) & 0xFFFFF
        for angle in (pitch, yaw)
    )
    return low | high << 20


@dataclass(frozen=True)
class Column:
    """A field whose value is a number per row and player."""

    path: Path
    encode: Encode


@dataclass(frozen=True)
class Choice:
    """A field, or several together, whose value is one of a list: per row and player its place in that list."""

    paths: Sequence[tuple[Path, ...]]
    tokens: Sequence[Sequence[Token]]


@dataclass
class Records:
    """Updates of entities: per record where it belongs, what precedes it, and its tokens in a row."""

    row: np.ndarray
    entity: np.ndarray
    prefix_value: np.ndarray
    prefix_bits: np.ndarray
    counts: np.ndarray
    values: np.ndarray
    bits: np.ndarray


def ragged(lists: Sequence[Sequence[Token]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Token lists as two rectangular arrays and their lengths."""
    lengths = np.array([len(one) for one in lists], np.int64)
    values = np.zeros((len(lists), max(1, int(lengths.max(initial=0)))), np.uint64)
    bits = np.zeros(values.shape, np.int64)
    for index, one in enumerate(lists):
        for place, (value, width) in enumerate(one):
            values[index, place], bits[index, place] = value, width
    return values, bits, lengths


class Crowd:
    """The entities of one class, one per player; ``fields`` names the arrays (rows × players) behind them."""

    def __init__(
        self, class_name: str, entities: np.ndarray, constants: Sequence[tuple[Path, ...]],
        constant_tokens: Sequence[Sequence[Token]], fields: Sequence[Column | Choice],
    ) -> None:  # fmt: skip
        self.class_name, self.entities, self.fields = class_name, entities, fields
        self.constants = Choice(constants, constant_tokens)
        self._headers: dict[tuple[int, ...], Sequence[Token]] = {}

    def records(self, now: Sequence[Values], before: Sequence[Values] | None, here: Values, was: Values) -> Records:
        """Changes from ``before`` (one row less at the front: the row before each) to ``now``.

        ``here`` and ``was`` say who is there. ``before`` None: everybody who is there is created.
        """
        new = here & ~was
        changed = [new] + [
            (new if before is None else (here & ((value != before[index]) | new))) for index, value in enumerate(now)
        ]
        gone = was & ~here
        some = gone.copy()
        for one in changed:
            some |= one
        row, player = np.nonzero(some)
        flat = [one[some] for one in changed]
        choices = [player, *(value[some] for value in now)]
        key = self._keys(flat, choices)
        unique, first, inverse = np.unique(key, return_index=True, return_inverse=True)
        heads = [self._header(int(at), flat, choices) for at in first]
        head_values, head_bits, head_counts = ragged(heads)
        head_counts = np.where(unique == 0, 0, head_counts)
        counts = head_counts[inverse]
        columns = [self.constants, *self.fields]
        tables = [ragged(one.tokens) if isinstance(one, Choice) else None for one in columns]
        for hit, choice, table in zip(flat, choices, tables, strict=True):
            counts = counts + (hit * table[2][choice] if table is not None else hit)
        starts = np.concatenate(([0], np.cumsum(counts)))
        values, bits = np.zeros(int(starts[-1]), np.uint64), np.zeros(int(starts[-1]), np.int64)
        at = starts[:-1].copy()
        _scatter(values, bits, at, np.ones(len(at), np.bool_), inverse, (head_values, head_bits, head_counts))
        for one, hit, choice, table in zip(columns, flat, choices, tables, strict=True):
            if table is not None:
                _scatter(values, bits, at, hit, choice, table)
            elif isinstance(one, Column):
                where = at[hit]
                values[where], bits[where] = one.encode(choice[hit])
                at += hit
        birth, update, death = (prefix(kind, self.class_name, 0) for kind in (CREATE, UPDATE, DELETE))
        kinds = np.where(gone[some], 2, np.where(flat[0], 0, 1))
        return Records(
            row, self.entities[player],
            np.array([birth[0], update[0], death[0]], np.uint64)[kinds],
            np.array([birth[1], update[1], death[1]], np.int64)[kinds],
            counts, values, bits,
        )  # fmt: skip

    def _keys(self, flat: Sequence[np.ndarray], choices: Sequence[np.ndarray]) -> np.ndarray:
        """A number that is the same where the paths are the same; 0 for the departed."""
        key = np.zeros(len(flat[0]), np.int64)
        for place, hit in enumerate(flat):
            key |= hit.astype(np.int64) << place
        shift = len(flat)
        for one, hit, choice in zip(self.fields, flat[1:], choices[1:], strict=True):
            if isinstance(one, Choice):
                lengths = np.array([len(paths) for paths in one.paths], np.int64)
                key |= np.where(hit, lengths[choice], 0) << shift
                shift += 6
        return key

    def _header(self, at: int, flat: Sequence[np.ndarray], choices: Sequence[np.ndarray]) -> Sequence[Token]:
        paths: list[Path] = []
        for one, hit, choice in zip([self.constants, *self.fields], flat, choices, strict=True):
            if hit[at]:
                paths += one.paths[int(choice[at])] if isinstance(one, Choice) else (one.path,)
        return header(tuple(paths))


def _scatter(
    values: np.ndarray, bits: np.ndarray, at: np.ndarray, hit: np.ndarray, choice: np.ndarray,
    table: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:  # fmt: skip
    """Write each record's chosen token list at its place and move the place on."""
    if not hit.any():
        return
    chosen = choice[hit]
    lengths, places = table[2][chosen], at[hit]
    for step in range(int(lengths.max(initial=0))):
        more = lengths > step
        where = places[more] + step
        values[where], bits[where] = table[0][chosen[more], step], table[1][chosen[more], step]
    at[hit] += lengths
