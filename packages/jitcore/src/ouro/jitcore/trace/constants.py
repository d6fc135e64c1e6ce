"""The constants of a trace, one pool per kind, each constant once."""

from ouro.jitcore.trace.references import (
    KIND_FLOAT,
    KIND_INT,
    KIND_REFERENCE,
    constant_index,
    constant_kind,
    constant_reference,
    is_constant,
)
from ouro.lltype import GCREF, identityhash, nullptr
from ouro.rlib.objectmodel import r_dict
from ouro.rlib.rarithmetic import intmask
from ouro.rlib.rfloat import float_to_bits

NULL_REFERENCE = nullptr(GCREF.TO)


def _same_reference(first, second):
    return first == second


def _hash_of_reference(reference):
    return identityhash(reference)


class ConstantPools:
    """Three growing lists of constants. Floats are the same when their bits are."""

    def __init__(self):
        self.ints = []
        self.references = []
        self.floats = []
        self._index_of_int = {}
        self._index_of_reference = r_dict(_same_reference, _hash_of_reference)
        self._index_of_float = {}

    def close(self):
        """No more constants come: give up what only adding needs."""
        self._index_of_int = None
        self._index_of_reference = None
        self._index_of_float = None

    def of_int(self, value):
        """The reference of a machine word."""
        index = self._index_of_int.get(value, -1)
        if index < 0:
            index = len(self.ints)
            self.ints.append(value)
            self._index_of_int[value] = index
        return constant_reference(KIND_INT, index)

    def of_reference(self, value):
        """The reference of a GC reference, which may be null."""
        index = self._index_of_reference.get(value, -1)
        if index < 0:
            index = len(self.references)
            self.references.append(value)
            self._index_of_reference[value] = index
        return constant_reference(KIND_REFERENCE, index)

    def of_float(self, value):
        """The reference of a double."""
        bits = intmask(float_to_bits(value))
        index = self._index_of_float.get(bits, -1)
        if index < 0:
            index = len(self.floats)
            self.floats.append(value)
            self._index_of_float[bits] = index
        return constant_reference(KIND_FLOAT, index)

    def from_pools(self, pools, reference):
        """The reference here of a constant that is in other pools."""
        if pools is self:
            return reference
        kind = constant_kind(reference)
        index = constant_index(reference)
        if kind == KIND_INT:
            return self.of_int(pools.ints[index])
        if kind == KIND_FLOAT:
            return self.of_float(pools.floats[index])
        return self.of_reference(pools.references[index])

    def int_of(self, reference):
        """The machine word that a reference of kind int names."""
        assert is_constant(reference) and constant_kind(reference) == KIND_INT
        return self.ints[constant_index(reference)]

    def reference_of(self, reference):
        """The GC reference that a reference of kind reference names."""
        assert is_constant(reference) and constant_kind(reference) == KIND_REFERENCE
        return self.references[constant_index(reference)]

    def float_of(self, reference):
        """The double that a reference of kind float names."""
        assert is_constant(reference) and constant_kind(reference) == KIND_FLOAT
        return self.floats[constant_index(reference)]
