"""Machine words in prebuilt data that only the linker of the target knows."""

from __future__ import annotations

from attrs import field, frozen
from ouro.lltype._layout import AddressOffset
from ouro.lltype._memory import Pointer, cast_ptr_to_int
from ouro.lltype._types import LowLevelType, Signed, register_value_class


@frozen
class PointerWord(AddressOffset):
    """The word that a raw pointer is, to static data or to a function that is in the program already. On the host its
    address there.
    """

    pointer: Pointer = field(eq=cast_ptr_to_int)

    def evaluate(self) -> int:
        return cast_ptr_to_int(self.pointer)


@frozen
class TypeIdWord(AddressOffset):
    """The type id of a GC type, as it stands in the header of objects."""

    TYPE: LowLevelType


for _word_class in (PointerWord, TypeIdWord):
    register_value_class(_word_class, Signed, primary=False)
