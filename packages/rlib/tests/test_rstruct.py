"""Packed numbers are those of the host's `struct`."""

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ouro.rlib import rstruct
from ouro.rlib.rarithmetic import r_ulonglong
from ouro.rlib.rstring import StringBuilder

NEAR_SINGLES = st.builds(
    lambda bits, factor: struct.unpack("<f", struct.pack("<I", bits))[0] * factor,
    st.integers(0, 2**32 - 1),
    st.sampled_from([1.0, 1.0 + 2**-24, 1.0 + 2**-25, 1.0 - 2**-25]),
)


def packed(function, *args):
    builder = StringBuilder()
    function(builder, *args)
    return builder.build().encode("latin-1")


@given(st.one_of(st.floats(), NEAR_SINGLES), st.booleans())
def test_floats_are_packed_as_on_the_host(x, big):
    order = ">" if big else "<"
    assert packed(rstruct.append_double, x, big) == struct.pack(order + "d", x)
    try:
        expected = struct.pack(order + "f", x)
    except OverflowError:
        with pytest.raises(OverflowError):
            packed(rstruct.append_single, x, big)
    else:
        if not math.isnan(x):
            assert packed(rstruct.append_single, x, big) == expected


@given(st.binary(min_size=10, max_size=10), st.booleans(), st.integers(0, 2))
def test_numbers_are_read_as_on_the_host(data, big, position):
    order = ">" if big else "<"
    s = data.decode("latin-1")
    for code, read in (("d", rstruct.read_double), ("f", rstruct.read_single)):
        expected = struct.unpack_from(order + code, data, position)[0]
        result = read(s, position, big)
        assert result == expected or (math.isnan(result) and math.isnan(expected))
    for code, size in (("b", 1), ("h", 2), ("i", 4), ("q", 8)):
        assert rstruct.read_integer(s, position, size, big) == struct.unpack_from(order + code, data, position)[0]
        expected = struct.unpack_from(order + code.upper(), data, position)[0]
        assert rstruct.read_unsigned(s, position, size, big) == expected


@given(st.integers(-(2**63), 2**63 - 1), st.sampled_from([1, 2, 3, 4, 8]), st.booleans())
def test_integers_are_packed_by_their_lowest_bytes(n, size, big):
    expected = (n % 256**size).to_bytes(size, "big" if big else "little")
    assert packed(rstruct.append_integer, r_ulonglong(n), size, big) == expected
