"""Field paths in an entity's update: Huffman-coded operations that move a path from one field to the next."""

import heapq
from collections.abc import Sequence
from functools import lru_cache

from apps.simulation.demofile.bits import Token, ubitvar, uvarint_token, zigzag

Path = tuple[int, ...]
# How often each operation occurs in the game's own statistics, in the order of their numbers; 0 counts as 1.
_WEIGHTS = (
    36271, 10334, 1375, 646, 4128, 35, 3, 521, 2942, 560, 471, 10530, 251, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    310, 2, 0, 1837, 149, 300, 634, 0, 0, 1, 76, 271, 99, 25474,
)  # fmt: skip
_PLUS_ONE, _PLUS_N, _PUSH_N, _POP_N, _COMPLEX, _FINISH = 0, 4, 26, 35, 36, 39


def _codes() -> dict[int, Token]:
    """Huffman codes; of two nodes of one weight the one with the higher number is taken first."""
    heap: list[tuple[int, int, object]] = [(max(1, weight), -number, number) for number, weight in enumerate(_WEIGHTS)]
    heapq.heapify(heap)
    number = len(_WEIGHTS)
    while len(heap) > 1:
        left, right = heapq.heappop(heap), heapq.heappop(heap)
        heapq.heappush(heap, (left[0] + right[0], -number, (left[2], right[2])))
        number += 1
    codes: dict[int, Token] = {}

    def walk(node: object, value: int, bits: int) -> None:
        if isinstance(node, tuple):
            walk(node[0], value, bits + 1)
            walk(node[1], value | 1 << bits, bits + 1)
        elif isinstance(node, int):
            codes[node] = (value, bits)

    walk(heap[0][2], 0, 0)
    return codes


CODES = _codes()


def _step(value: int) -> list[Token]:
    """The operations' own variable-length number: the first of five widths whose flag is 1."""
    for zeros, bits in enumerate((2, 4, 10, 17)):
        if value < 1 << bits:
            return [(1 << zeros, zeros + 1), (value, bits)]
    return [(0, 4), (value, 31)]


def _move(now: Sequence[int], then: Sequence[int], first: int = 0) -> list[Token]:
    """For every level a flag and, where it differs, the signed difference less ``first``."""
    tokens: list[Token] = []
    for old, new in zip(now, then, strict=True):
        tokens += [(0, 1)] if old == new else [(1, 1), uvarint_token(zigzag(new - old - first))]
    return tokens


def _between(now: Path, then: Path) -> list[Token]:
    if len(now) == len(then):
        step = then[-1] - now[-1]
        if now[:-1] == then[:-1] and step > 0:
            if step <= 4:
                return [CODES[_PLUS_ONE + step - 1]]
            return [CODES[_PLUS_N], *_step(step - 5)]
        return [CODES[_COMPLEX], *_move(now, then)]
    if len(now) < len(then):
        more = then[len(now) :]
        pushed = [token for index in more for token in _step(index)]
        return [CODES[_PUSH_N], *_move(now, then[: len(now)], 1), *ubitvar(len(more)), *pushed]
    return [CODES[_POP_N], *_step(len(now) - len(then)), *_move(now[: len(then)], then)]


@lru_cache(maxsize=65_536)
def header(paths: tuple[Path, ...]) -> tuple[Token, ...]:
    """The operations that name ``paths`` one after the other, joined into tokens of up to 64 bits."""
    tokens: list[Token] = []
    now: Path = (-1,)
    for path in paths:
        tokens += _between(now, path)
        now = path
    return joined([*tokens, CODES[_FINISH]])


def joined(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The same bits in as few tokens as possible."""
    value, bits = 0, 0
    for part, width in tokens:
        value |= part << bits
        bits += width
    return tuple(((value >> at) & ((1 << min(64, bits - at)) - 1), min(64, bits - at)) for at in range(0, bits, 64))
