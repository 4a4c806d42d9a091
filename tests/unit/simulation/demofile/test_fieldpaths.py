"""Field paths: a reader's operations lead through the same fields."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from apps.simulation.demofile.bits import BitWriter
from apps.simulation.demofile.fieldpaths import CODES, Path, header
from apps.simulation.demofile.sendtables import CLASSES, fields_of, locate
from tests.unit.simulation.demofile.bitreader import BitReader

OPERATIONS = {code: operation for operation, code in CODES.items()}
PLUS_N, PUSH_N, POP_N, COMPLEX, FINISH = 4, 26, 35, 36, 39


def step(stream: BitReader) -> int:
    """The first of five widths whose flag is 1."""
    for bits in (2, 4, 10, 17):
        if stream.take(1):
            return stream.take(bits)
    return stream.take(31)


def moved(stream: BitReader, path: list[int], first: int = 0) -> list[int]:
    return [one + stream.varint() + first if stream.take(1) else one for one in path]


def read(stream: BitReader) -> list[Path]:
    path, found = [-1], []
    while True:
        value, bits = 0, 0
        while (value, bits) not in OPERATIONS:
            value |= stream.take(1) << bits
            bits += 1
        operation = OPERATIONS[value, bits]
        if operation == FINISH:
            return found
        if operation < 4:
            path[-1] += operation + 1
        elif operation == PLUS_N:
            path[-1] += step(stream) + 5
        elif operation == PUSH_N:
            path = moved(stream, path, 1)
            path += [step(stream) for _ in range(stream.ubitvar())]
        elif operation == POP_N:
            path = moved(stream, path[: -step(stream)])
        else:
            assert operation == COMPLEX
            path = moved(stream, path)
        found.append(tuple(path))


def round_trip(paths: tuple[Path, ...]) -> list[Path]:
    stream = BitWriter()
    stream.add(*header(paths))
    return read(BitReader(stream.bytes()))


@given(st.lists(st.lists(st.integers(0, 2_000), min_size=1, max_size=4).map(tuple), max_size=12).map(tuple))
def test_any_paths_are_read_back(paths: tuple[Path, ...]):
    assert round_trip(paths) == list(paths)


def test_all_fields_of_all_classes_are_read_back():
    for name in CLASSES:
        paths = tuple(locate(name, one.full_name)[0] for one in fields_of(name))
        assert round_trip(paths) == list(paths)


def test_no_code_begins_another():
    texts = sorted(format(value, f"0{bits}b")[::-1] for value, bits in CODES.values())
    assert len(texts) == 40
    assert not any(later.startswith(text) for text, later in pairwise(texts))
