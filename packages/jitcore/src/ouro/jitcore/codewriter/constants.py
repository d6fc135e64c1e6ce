"""Constants of graphs as constants of jitcodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ouro.jitcore.descriptors.from_types import kind_of_type
from ouro.jitcore.jitcode.building import ConstantOperand
from ouro.lltype import (
    GCREF,
    Address,
    AddressOffset,
    Char,
    Pointer,
    Ptr,
    SingleFloat,
    cast_adr_to_int,
    cast_opaque_ptr,
    resolve,
)
from ouro.rlib.rarithmetic import r_singlefloat
from ouro.rlib.rfloat import single_to_bits

_WORD = 1 << 64


def constant_operand(TYPE: Any, value: Any, address_of: Callable[[Pointer], int]) -> ConstantOperand:
    """A value of a low-level type as an operand.

    Args:
        TYPE: the type, which fits a register.
        value: the value; a symbolic int (an offset of a type) stays symbolic.
        address_of: the machine word, perhaps symbolic, of a raw pointer that is not null.
    """
    TYPE = resolve(TYPE)
    kind = kind_of_type(TYPE)
    if kind == "r":
        return ConstantOperand("r", cast_opaque_ptr(GCREF, value))
    if kind == "f":
        return ConstantOperand("f", float(value))
    if isinstance(TYPE, Ptr):
        return ConstantOperand("i", address_of(value) if value else 0)
    if TYPE is Char:
        return ConstantOperand("i", ord(value))
    if TYPE is SingleFloat:
        single = value if isinstance(value, r_singlefloat) else r_singlefloat(value)
        return ConstantOperand("i", int(single_to_bits(single)))
    if TYPE is Address:
        return ConstantOperand("i", cast_adr_to_int(value))
    if isinstance(value, AddressOffset):
        return ConstantOperand("i", value)
    number = int(value) & (_WORD - 1)
    return ConstantOperand("i", number - _WORD if number >> 63 else number)
