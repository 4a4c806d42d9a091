"""Bit streams: what is packed is read back, one by one and by the array."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.simulation.demofile.bits import (
    BitWriter,
    Token,
    pack,
    string_tokens,
    ubitvar,
    ubitvars,
    uvarint_token,
    uvarints,
    zigzag,
)
from tests.unit.simulation.demofile.bitreader import BitReader

EDGES = [0, 1, 15, 16, 127, 128, 255, 256, 4095, 4096, 16_383, 2**28, 2**32 - 1]
words = st.one_of(st.sampled_from(EDGES), st.integers(0, 2**32 - 1))
tokens = st.integers(0, 64).flatmap(lambda bits: st.tuples(st.integers(0, (1 << bits) - 1), st.just(bits)))


def written(*parts: Token) -> BitReader:
    stream = BitWriter()
    stream.add(*parts)
    return BitReader(stream.bytes())


@given(words)
def test_ubitvar(value: int):
    assert written(*ubitvar(value)).ubitvar() == value


def test_ubitvar_has_32_bits():
    with pytest.raises(ValueError, match="32 bits"):
        ubitvar(2**32)


@given(st.integers(0, 2**63 - 1))
def test_uvarint_token(value: int):
    assert written(uvarint_token(value)).uvarint() == value


@given(st.integers(-(2**31), 2**31 - 1))
def test_zigzag(value: int):
    assert written(uvarint_token(zigzag(value))).varint() == value


@given(st.lists(words))
def test_arrays_are_written_as_single_values_are(values: list[int]):
    array = np.array(values, np.int64)
    for many, one in ((uvarints, uvarint_token), (ubitvars, lambda value: ubitvar(value)[0])):
        found, bits = many(array)
        assert list(zip(found.tolist(), bits.tolist(), strict=True)) == [one(value) for value in values]


@given(st.binary().filter(lambda text: b"\0" not in text))
def test_strings(text: bytes):
    assert written(*string_tokens(text)).string() == text


@given(st.lists(st.lists(tokens)))
def test_pack_begins_every_group_on_a_byte(groups: list[list[Token]]):
    flat = [token for group in groups for token in group]
    starts = np.cumsum([0, *(len(group) for group in groups)])[:-1]
    values, bits = (np.array([token[place] for token in flat], kind) for place, kind in ((0, np.uint64), (1, np.int64)))
    data, begins = pack(values, bits, starts.astype(np.int64))
    for place, group in enumerate(groups):
        stream = BitWriter()
        stream.add(*group)
        assert data[begins[place] : begins[place + 1]] == stream.bytes()
    assert len(data) == begins[-1]
