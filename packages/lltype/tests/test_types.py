"""Types: identity, forward references, what may be inlined where."""

import pytest
from ouro.lltype import (
    Array,
    Float,
    FuncType,
    GcArray,
    GcForwardReference,
    GcStruct,
    Ptr,
    Signed,
    Struct,
    Void,
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
