"""Checked memory finds every misuse that would corrupt native memory."""

import pytest
from ouro.lltype import (
    GCREF,
    WORD_BITS,
    Array,
    Char,
    FixedSizeArray,
    Float,
    FuncType,
    GcArray,
    GcStruct,
    Int32,
    MemoryAccessError,
    Ptr,
    Signed,
    Struct,
    UInt8,
    cast_adr_to_ptr,
    cast_int_to_adr,
    cast_int_to_ptr,
    cast_opaque_ptr,
    cast_pointer,
    cast_ptr_to_int,
    free,
    functionptr,
    itemoffsetof,
    malloc,
    native_view,
    nullptr,
    offsetof,
    parent_of,
    sizeof,
    typeOf,
    weakref_create,
    weakref_deref,
)

POINT = GcStruct("point", ("x", Signed), ("y", Signed))
COLOURED = GcStruct("coloured", ("super", POINT), ("colour", Char))
STRING = GcStruct("string", ("hash", Signed), ("chars", Array(Char)))
RAW = Struct("raw", ("small", UInt8), ("wide", Float), ("inner", Struct("inner", ("n", Int32))))


def test_fields_hold_what_was_stored():
    point = malloc(POINT, zero=True)
    point.x = 5
    assert (point.x, point.y) == (5, 0)


def test_uninitialized_read_names_the_allocation_site():
    point = malloc(POINT)
    with pytest.raises(
        MemoryAccessError, match=r"uninitialized 'x' of GcStruct point allocated at .*test_memory"
    ):
        _ = point.x


@pytest.mark.parametrize("value", ["a", 1.0, None, True])
def test_values_of_another_type_are_refused(value):
    with pytest.raises(TypeError, match="'x'"):
        malloc(POINT).x = value


def test_integers_out_of_range_are_refused():
    with pytest.raises(OverflowError):
        malloc(POINT).x = 1 << (WORD_BITS - 1)


def test_index_outside_of_an_array_is_refused():
    array = malloc(GcArray(Signed), 3, zero=True)
    assert len(array) == 3 and list(array) == [0, 0, 0]
    for index in (-1, 3):
        with pytest.raises(MemoryAccessError, match="outside"):
            array[index] = 1


def test_use_after_free_is_found():
    array = malloc(Array(Signed), 3, flavor="raw", zero=True)
    raw = malloc(RAW, flavor="raw", zero=True)
    inner = raw.inner
    free(array)
    free(raw)
    for use in (lambda: array[0], lambda: raw.small, lambda: inner.n, lambda: free(array)):
        with pytest.raises(MemoryAccessError, match="freed"):
            use()


def test_null_pointers_are_false_and_cannot_be_followed():
    null = nullptr(POINT)
    assert not null and null == nullptr(POINT)
    with pytest.raises(MemoryAccessError, match="null"):
        _ = null.x


def test_casts_between_a_structure_and_what_it_begins_with():
    coloured = malloc(COLOURED, zero=True)
    point = cast_pointer(Ptr(POINT), coloured)
    point.x = 7
    assert coloured.super.x == 7
    assert cast_pointer(Ptr(COLOURED), point) == coloured
    assert parent_of(point) == coloured
    with pytest.raises(MemoryAccessError, match="is not a"):
        cast_pointer(Ptr(COLOURED), malloc(POINT))
    with pytest.raises(TypeError):
        cast_pointer(Ptr(STRING), point)


def test_opaque_pointers_compare_by_object_and_give_the_object_back():
    coloured = malloc(COLOURED, zero=True)
    hidden = cast_opaque_ptr(GCREF, coloured)
    assert hidden == cast_opaque_ptr(GCREF, cast_pointer(Ptr(POINT), coloured))
    assert cast_opaque_ptr(Ptr(COLOURED), hidden) == coloured
    with pytest.raises(MemoryAccessError):
        cast_opaque_ptr(Ptr(STRING), hidden)


def test_tagged_pointers_hold_odd_numbers():
    tagged = cast_int_to_ptr(Ptr(POINT), 7)
    assert tagged and cast_ptr_to_int(tagged) == 7
    assert cast_int_to_ptr(Ptr(POINT), 0) == nullptr(POINT)
    with pytest.raises(MemoryAccessError):
        cast_int_to_ptr(Ptr(POINT), 8)


def test_functions_check_their_arguments():
    function = functionptr(FuncType([Signed], Signed), "double", callable=lambda n: 2 * n)
    assert function(4) == 8
    with pytest.raises(TypeError):
        function(4.0)
    with pytest.raises(TypeError):
        function()


def test_weak_references_end_with_their_object():
    point = malloc(POINT, zero=True)
    weak = weakref_create(point)
    assert weakref_deref(Ptr(POINT), weak) == point
    del point
    assert not weakref_deref(Ptr(POINT), weak)


def test_varying_size_structures_have_their_length_at_the_end():
    string = malloc(STRING, 2, zero=True)
    string.chars[1] = "\xff"
    assert len(string.chars) == 2 and string.chars[1] == "\xff"
    with pytest.raises(TypeError):
        string.chars[0] = "\u0100"


def test_offsets_are_symbolic_integers():
    assert typeOf(sizeof(POINT)) is Signed
    word = WORD_BITS // 8
    assert sizeof(POINT).evaluate() == 2 * word
    assert offsetof(COLOURED, "colour").evaluate() == 2 * word
    assert sizeof(STRING, 5).evaluate() == 2 * word + 5
    assert itemoffsetof(GcArray(Signed), 3).evaluate() == 4 * word


def test_native_memory_of_others_is_what_the_caller_says_and_owned_memory_is_not():
    POINT = GcStruct("point", ("x", Signed), ("y", Signed))
    PLACE = GcStruct("place", ("point", POINT), ("z", Signed))
    whole = native_view(malloc(PLACE, zero=True))
    whole.z = 7
    reference = cast_adr_to_ptr(cast_int_to_adr(cast_ptr_to_int(whole)), GCREF)
    point = cast_opaque_ptr(Ptr(POINT), reference)
    point.x = 5
    assert cast_pointer(Ptr(PLACE), point).z == 7
    assert cast_opaque_ptr(Ptr(PLACE), cast_opaque_ptr(GCREF, point)).point.x == 5
    other = GcStruct("other", ("n", Signed))
    with pytest.raises(MemoryAccessError, match="is not a"):
        cast_opaque_ptr(Ptr(other), cast_opaque_ptr(GCREF, whole))


def test_native_view_has_the_c_layout():
    raw = malloc(RAW, flavor="raw", zero=True)
    raw.small, raw.wide, raw.inner.n = 3, 1.5, -2
    native = native_view(raw)
    assert (native.small, native.wide, native.inner.n) == (3, 1.5, -2)
    assert cast_ptr_to_int(native.inner) - cast_ptr_to_int(native) == 16
    native.inner.n = 9
    assert native.inner.n == 9
    free(native)
    with pytest.raises(MemoryAccessError, match="freed"):
        _ = native.small


def test_c_arrays_live_in_native_memory():
    array = malloc(Array(Int32, hints={"nolength": True}), 4, flavor="raw", zero=True)
    array[3] = -1
    assert array[3] == -1
    with pytest.raises(MemoryAccessError, match="outside"):
        array[4] = 1
    free(array)


def test_fixed_size_arrays_are_inlined():
    holder = malloc(Struct("holder", ("buffer", FixedSizeArray(Char, 4))), flavor="raw", zero=True)
    holder.buffer[2] = "x"
    assert [c for c in holder.buffer] == ["\0", "\0", "x", "\0"]
