"""Bit streams, least significant bit first: a stream is a row of tokens (value, number of bits up to 64)."""

import numpy as np

Token = tuple[int, int]


def ubitvar(value: int) -> list[Token]:
    """Source 2's ``ubitvar``: 4 bits, 2 bits saying how many more follow (0, 4, 8, 28)."""
    for more, flag in ((0, 0), (4, 1), (8, 2), (28, 3)):
        if value < 1 << (4 + more):
            return [((value & 15) | flag << 4 | (value >> 4) << 6, 6 + more)]
    raise ValueError("ubitvar holds 32 bits")


def uvarint_token(value: int) -> Token:
    """A varint of up to 9 bytes as one token."""
    out, shift = 0, 0
    while True:
        more = value >> 7
        out |= ((value & 127) | (128 if more else 0)) << shift
        shift += 8
        value = more
        if not more:
            return out, shift


def zigzag(value: int) -> int:
    return (value << 1) ^ (value >> 63) if value < 0 else value << 1


def string_tokens(text: bytes) -> list[Token]:
    """The bytes and a NUL."""
    whole = text + b"\0"
    return [
        (int.from_bytes(whole[at : at + 8], "little"), 8 * len(whole[at : at + 8])) for at in range(0, len(whole), 8)
    ]


def uvarints(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Varints of non-negative values below 2³⁵ as tokens: values and bit counts."""
    rest = values.astype(np.uint64)
    out = rest & np.uint64(127)
    bits = np.full(rest.shape, 8, np.int64)
    for step in range(1, 5):
        more = rest >= np.uint64(1 << 7 * step)
        if not more.any():
            break
        out |= np.where(more, np.uint64(128 << 8 * (step - 1)), np.uint64(0))
        part = (rest >> np.uint64(7 * step)) & np.uint64(127)
        out |= np.where(more, part << np.uint64(8 * step), np.uint64(0))
        bits += 8 * more
    return out, bits


def ubitvars(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """:func:`ubitvar` of an array."""
    wide = values.astype(np.uint64)
    flag = np.searchsorted(np.array([1 << 4, 1 << 8, 1 << 12], np.uint64), wide, side="right").astype(np.uint64)
    out = (wide & np.uint64(15)) | flag << np.uint64(4) | (wide >> np.uint64(4)) << np.uint64(6)
    return out, np.array([6, 10, 14, 34], np.int64)[flag.astype(np.int64)]


def pack(values: np.ndarray, bits: np.ndarray, group_starts: np.ndarray) -> tuple[bytes, np.ndarray]:
    """Pack tokens; every group (tokens ``group_starts[i]`` up to the next start) begins on a byte of its own.

    Returns the bytes and, per group and one past the last, where it begins. Values must not exceed their bits.
    """
    ends = np.concatenate(([0], np.cumsum(bits)))
    bounds = np.append(group_starts, len(bits))
    sizes = (np.diff(ends[bounds]) + 7) >> 3
    begins = np.concatenate(([0], np.cumsum(sizes)))
    shift = np.repeat(begins[:-1] * 8 - ends[group_starts], np.diff(bounds))
    at = ends[:-1] + shift
    words = np.zeros(int(begins[-1] // 8) + 2, np.uint64)
    if len(values):
        word, inside = at >> 6, (at & 63).astype(np.uint64)
        firsts = np.flatnonzero(np.diff(word, prepend=-1))
        words[word[firsts]] = np.add.reduceat(values << inside, firsts)
        spill = np.where(inside > 0, values >> ((np.uint64(64) - inside) & np.uint64(63)), np.uint64(0))
        words[word[firsts] + 1] += np.add.reduceat(spill, firsts)
    return words.tobytes()[: int(begins[-1])], begins


class BitWriter:
    """For the few things that are written one by one."""

    def __init__(self) -> None:
        self.value, self.bits = 0, 0

    def add(self, *tokens: Token) -> None:
        for value, bits in tokens:
            self.value |= value << self.bits
            self.bits += bits

    def data(self, content: bytes) -> None:
        self.value |= int.from_bytes(content, "little") << self.bits
        self.bits += 8 * len(content)

    def bytes(self) -> bytes:
        return self.value.to_bytes((self.bits + 7) // 8, "little")
