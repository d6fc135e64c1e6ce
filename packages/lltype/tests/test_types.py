"""Types: identity, forward references, what may be inlined where."""

import pytest
from ouro.lltype import (
    Array,
    Float,
    FuncType,
    GcArray,
    GcForwardReference,
    GcStruct,
    PointerWord,
    Ptr,
    Signed,
    Struct,
    TypeIdWord,
    Void,
    cast_ptr_to_int,
    functionptr,
    malloc,
)


def test_equal_types_are_one_object():
    assert GcArray(Signed) is GcArray(Signed)
    assert GcArray(Signed) is not Array(Signed)
    assert Ptr(GcArray(Signed)) is Ptr(GcArray(Signed))
    assert FuncType([Signed], Void) is FuncType((Signed,), Void)
    assert GcStruct("pair", ("a", Signed)) is GcStruct("pair", ("a", Signed))
    assert GcStruct("pair", ("a", Signed)) is not GcStruct("pair", ("a", Float))


def test_unique_structures_stay_apart():
    first = GcStruct("A", ("x", Signed), unique=True)
    assert GcStruct("A", ("x", Signed), unique=True) is not first
    assert GcStruct("A", ("x", Signed)) is not first


def test_pointer_to_forward_reference_becomes_pointer_to_the_type():
    reference = GcForwardReference()
    pointer = Ptr(reference)
    node = GcStruct("node", ("next", pointer))
    reference.become(node)
    assert Ptr(node) is pointer and pointer.TO is node and Ptr(reference) is pointer
    with pytest.raises(TypeError, match="became a type before"):
        reference.become(node)


def test_gc_structures_are_inlined_only_in_front():
    base = GcStruct("base", ("x", Signed))
    GcStruct("derived", ("super", base), ("y", Signed))
    with pytest.raises(TypeError, match="only as the first field"):
        GcStruct("wrong", ("y", Signed), ("base", base))
    with pytest.raises(TypeError, match="only as the first field"):
        Struct("wrong", ("base", base))
    with pytest.raises(TypeError, match="not the last field"):
        Struct("wrong", ("items", Array(Signed)), ("y", Signed))


def test_words_that_the_linker_knows_are_values_of_type_signed():
    pointer = functionptr(FuncType([Signed], Signed), "same", callable=lambda n: n)
    table = malloc(Array(Signed), 2, flavor="raw", zero=True)
    for word in (PointerWord(pointer), TypeIdWord(GcStruct("typed", ("x", Signed)))):
        table[1] = word
        assert table[1] is word
    assert PointerWord(pointer) == PointerWord(pointer) != PointerWord(table)
    assert int(PointerWord(pointer)) == cast_ptr_to_int(pointer)
    with pytest.raises(TypeError):
        int(TypeIdWord(GcStruct("typed", ("x", Signed))))
