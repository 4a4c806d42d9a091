"""Protobuf's wire encoding, and the two ways in which a recording wraps messages."""

import struct

import pyarrow as pa  # type: ignore[import-untyped]

from apps.simulation.demofile.bits import BitWriter, ubitvar, uvarint_token

Value = int | float | str | bytes
STOP, FILE_HEADER, FILE_INFO, SYNC_TICK, SEND_TABLES, CLASS_INFO, STRING_TABLES = range(7)
PACKET, SIGNON, FULL_PACKET = 7, 8, 13
NOTHING, NET_TICK, SET_CONVAR, SERVER_INFO, CREATE_STRING_TABLE, UPDATE_STRING_TABLE = 0, 4, 6, 40, 44, 45
PACKET_ENTITIES, EVENT_LIST, GAME_EVENT, SAY_TEXT = 55, 205, 207, 118
BEFORE = 0xFFFFFFFF  # tick −1


def uvarint(value: int) -> bytes:
    if value < 128:
        return value.to_bytes(1, "little")
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number: int, value: Value) -> bytes:
    """One field: int → varint (negative as 64 bits), float → 32 bits, str and bytes → length-delimited."""
    if isinstance(value, float):
        return uvarint(number << 3 | 5) + struct.pack("<f", value)
    if isinstance(value, int):
        return uvarint(number << 3) + uvarint(int(value) & 0xFFFFFFFFFFFFFFFF)
    data = value.encode() if isinstance(value, str) else value
    return uvarint(number << 3 | 2) + uvarint(len(data)) + data


def message(*fields: tuple[int, Value]) -> bytes:
    return b"".join(field(number, value) for number, value in fields)


def packet(messages: list[tuple[int, bytes]]) -> bytes:
    """A packet's data: per message a ``ubitvar`` type, the size and the bytes, not aligned."""
    stream = BitWriter()
    for kind, body in messages:
        stream.add(*ubitvar(kind), uvarint_token(len(body)))
        stream.data(body)
    return stream.bytes()


def command(kind: int, tick: int, body: bytes, compress: bool = False) -> bytes:
    """A command of the file."""
    if compress:
        body, kind = snappy(body), kind | 64
    return uvarint(kind) + uvarint(tick & 0xFFFFFFFF) + uvarint(len(body)) + body


def snappy(body: bytes) -> bytes:
    return bytes(pa.compress(body, codec="snappy", asbytes=True))
