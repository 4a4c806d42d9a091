"""Entities that change now and then: what is created, changed and deleted at which row of the tracks."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from apps.simulation.demofile.bits import Token, string_tokens, uvarint_token, zigzag
from apps.simulation.demofile.fieldpaths import header, joined
from apps.simulation.demofile.sendtables import CLASS_BITS, CLASS_IDS, Field, locate

Vector = tuple[float, float, float]
Value = int | float | str | bool | Vector
Values = Mapping[str, Value]
UPDATE, LEAVE, CREATE, DELETE = 0, 1, 2, 3
NOBODY = 0xFFFFFF  # a handle of nothing
WORLD, TEAMS, RULES, RESOURCE, PAWNS, FIRST_THING, LAST_THING = 0, 65, 69, 70, 80, 150, 8_000
SERIAL_BITS = 17


def handle(index: int, serial: int) -> int:
    """As a field holds it."""
    return index | serial << 14


@dataclass
class Change:
    operation: int
    class_name: str
    serial: int
    values: dict[str, Value]


@dataclass
class Things:
    """``changes[row][entity]``; an entity created and deleted at one row never shows."""

    rows: int
    changes: dict[int, dict[int, Change]] = field(default_factory=dict)
    numbered: int = 0
    _lives: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def allocate(self, begin: int, end: int) -> tuple[int, int]:
        """An index that nothing else has from row ``begin`` up to ``end``, and a serial that nothing had there.

        Raises:
            ValueError: all are taken.
        """
        room = LAST_THING - FIRST_THING
        for _ in range(room):
            number = self.numbered
            self.numbered += 1
            index = FIRST_THING + number % room
            lives = self._lives.setdefault(index, [])
            if all(end <= first or last <= begin for first, last in lives):
                lives.append((begin, end))
                return index, 1 + number // room
        raise ValueError(f"More than {room} things at once have no room in a recording.")

    def create(self, row: int, index: int, class_name: str, serial: int, values: Values) -> None:
        if row < self.rows:
            self.changes.setdefault(row, {})[index] = Change(CREATE, class_name, serial, dict(values))

    def update(self, row: int, index: int, class_name: str, values: Values) -> None:
        if row >= self.rows:
            return
        known = self.changes.setdefault(row, {}).setdefault(index, Change(UPDATE, class_name, 0, {}))
        if known.operation != DELETE:
            known.values.update(values)

    def delete(self, row: int, index: int, class_name: str) -> None:
        if row >= self.rows:
            return
        at = self.changes.setdefault(row, {})
        known = at.get(index)
        if known is not None and known.operation == CREATE:
            del at[index]
        else:
            at[index] = Change(DELETE, class_name, 0, {})


def prefix(operation: int, class_name: str, serial: int) -> Token:
    """What follows the gap to the entity: the operation and, of a new one, class and serial."""
    if operation != CREATE:
        return operation, 2
    return operation | CLASS_IDS[class_name] << 2 | serial << (2 + CLASS_BITS), 2 + CLASS_BITS + SERIAL_BITS + 8


@lru_cache(maxsize=100_000)
def tokens_of(one: Field, value: Value) -> tuple[Token, ...]:
    """A field's value as its type is written."""
    kind = one.kind
    if isinstance(value, tuple):
        return tuple((int.from_bytes(struct.pack("<f", part), "little"), 32) for part in value)
    if kind == "CUtlSymbolLarge":
        return tuple(string_tokens(cut(str(value), 127)))
    if kind.startswith("char["):
        return tuple(string_tokens(cut(str(value), int(kind[5:-1]) - 1)))
    if one.encoder == "fixed64":
        return ((int(value), 64),)
    if kind == "bool" or kind.startswith("bool[") or one.serializer:
        return ((int(bool(value)), 1),)
    if one.bits == 32:
        return ((int.from_bytes(struct.pack("<f", float(value)), "little"), 32),)
    if one.name == "m_iClip1":
        return (uvarint_token(int(value) + 1),)
    if kind.startswith("int"):
        return (uvarint_token(zigzag(int(value))),)
    return (uvarint_token(int(value)),)


def cut(text: str, size: int) -> bytes:
    """At most ``size`` bytes of UTF-8, ending between characters; a NUL would end the text, so it goes."""
    return text.replace("\0", "").encode("utf-8", "replace")[:size].decode("utf-8", "ignore").encode()


def body(class_name: str, values: Values) -> tuple[Token, ...]:
    """Field paths, then values."""
    found = sorted((*locate(class_name, name), value) for name, value in values.items())  # type: ignore[type-var]
    tokens = [*header(tuple(path for path, _, _ in found))]
    for _, one, value in found:
        tokens += tokens_of(one, value)
    return joined(tokens)


def origin(x: float, y: float, z: float) -> dict[str, Value]:
    """A place: the cell of 512 units, and what is left inside."""
    values: dict[str, Value] = {"CBodyComponent": True}
    for axis, value in zip("XYZ", (x, y, z), strict=True):
        cell = int((value + 16384.0) // 512)
        values[f"CBodyComponent.m_skeletonInstance.m_vecOrigin.m_cell{axis}"] = min(max(cell, 0), 65535)
        values[f"CBodyComponent.m_skeletonInstance.m_vecOrigin.m_vec{axis}"] = value + 16384.0 - 512.0 * cell
    return values
