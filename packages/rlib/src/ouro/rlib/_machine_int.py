"""The integer classes of fixed width, which wrap around as the hardware does.

All are subclasses of `int` on the host. An operation between a fixed-width integer and a plain one has the
fixed-width type; between two fixed-width types, the wider one, and at the same width the unsigned one. An
unsigned and a plain operand compare by mathematical value on the host; a program that compares an
unsigned number with one that may be negative is an error to the annotator.
"""

from __future__ import annotations

import struct

from ouro import lltype

__all__ = [
    "LONG_BIT",
    "LONG_MASK",
    "LONG_TEST",
    "LONGLONG_BIT",
    "MachineInteger",
    "r_int",
    "r_int8",
    "r_int16",
    "r_int32",
    "r_int64",
    "r_longlong",
    "r_uint",
    "r_uint8",
    "r_uint16",
    "r_uint32",
    "r_uint64",
    "r_ulonglong",
]

LONG_BIT = struct.calcsize("P") * 8
LONG_MASK = (1 << LONG_BIT) - 1
LONG_TEST = 1 << (LONG_BIT - 1)
LONGLONG_BIT = 64


class MachineInteger(int):
    """An integer of a fixed width. Class attributes: `BITS`, `SIGNED`, `MASK`, `MINIMUM`, `MAXIMUM`."""

    __slots__ = ()

    BITS = 0
    SIGNED = False
    MASK = 0
    MINIMUM = 0
    MAXIMUM = 0
    RANK = 0  # which type a mixed operation has

    def __new__(cls, value=0):
        if type(value) is not int:
            value = int(value)
        if not cls.MINIMUM <= value <= cls.MAXIMUM:
            value &= cls.MASK
            if value > cls.MAXIMUM:
                value -= cls.MASK + 1
        return int.__new__(cls, value)

    def __repr__(self):
        return "%s(%d)" % (type(self).__name__, int(self))

    def __str__(self):
        return int.__repr__(self)

    def __hash__(self):
        return int.__hash__(self)

    def __eq__(self, other):
        return int.__eq__(self, other)


def _result_type(left, right):
    if not isinstance(right, MachineInteger):
        return type(left)
    if not isinstance(left, MachineInteger):
        return type(right)
    return type(left) if left.RANK >= right.RANK else type(right)


def _binary(name):
    operation = getattr(int, "__%s__" % name)

    def forward(self, other):
        if not isinstance(other, int):
            return NotImplemented
        return _result_type(self, other)(operation(int(self), int(other)))

    def backward(self, other):
        if not isinstance(other, int):
            return NotImplemented
        return _result_type(self, other)(operation(int(other), int(self)))

    setattr(MachineInteger, "__%s__" % name, forward)
    setattr(MachineInteger, "__r%s__" % name, backward)


def _shift(name):
    operation = getattr(int, "__%s__" % name)

    def forward(self, other):
        if not isinstance(other, int):
            return NotImplemented
        return type(self)(operation(int(self), int(other)))

    setattr(MachineInteger, "__%s__" % name, forward)


def _unary(name):
    operation = getattr(int, "__%s__" % name)

    def forward(self):
        return type(self)(operation(int(self)))

    setattr(MachineInteger, "__%s__" % name, forward)


for _name in ("add", "sub", "mul", "floordiv", "mod", "and", "or", "xor"):
    _binary(_name)
for _name in ("lshift", "rshift"):
    _shift(_name)
for _name in ("neg", "pos", "abs", "invert"):
    _unary(_name)


def _define(name, bits, signed, rank):
    mask = (1 << bits) - 1
    namespace = {
        "__slots__": (),
        "__module__": "ouro.rlib.rarithmetic",
        "__doc__": "A %s integer of %d bits." % ("signed" if signed else "unsigned", bits),
        "BITS": bits,
        "SIGNED": signed,
        "MASK": mask,
        "MINIMUM": -(mask + 1) // 2 if signed else 0,
        "MAXIMUM": mask // 2 if signed else mask,
        "RANK": rank,
    }
    return type(name, (MachineInteger,), namespace)


# rank: a wider type first, unsigned before signed, the word of the machine after the fixed 32 bits and
# before the fixed 64 bits, whatever its own width
r_int8 = _define("r_int8", 8, True, 1)
r_uint8 = _define("r_uint8", 8, False, 2)
r_int16 = _define("r_int16", 16, True, 3)
r_uint16 = _define("r_uint16", 16, False, 4)
r_int32 = _define("r_int32", 32, True, 5)
r_uint32 = _define("r_uint32", 32, False, 6)
r_int = _define("r_int", LONG_BIT, True, 7)
r_uint = _define("r_uint", LONG_BIT, False, 8)
r_longlong = _define("r_longlong", 64, True, 9)
r_ulonglong = _define("r_ulonglong", 64, False, 10)
r_int64 = r_longlong
r_uint64 = r_ulonglong

for _value_class, _TYPE in (
    (r_int8, lltype.Int8),
    (r_uint8, lltype.UInt8),
    (r_int16, lltype.Int16),
    (r_uint16, lltype.UInt16),
    (r_int32, lltype.Int32),
    (r_uint32, lltype.UInt32),
    (r_uint, lltype.Unsigned),
    (r_longlong, lltype.SignedLongLong),
    (r_ulonglong, lltype.UnsignedLongLong),
):
    lltype.register_value_class(_value_class, _TYPE)
lltype.register_value_class(r_int, lltype.Signed, primary=False)
