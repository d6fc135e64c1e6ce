"""Types: identity, forward references, what may be inlined where, and the text form."""

import pytest
from ouro.lltype import (
    Array,
    Char,
    FixedSizeArray,
    Float,
    FuncType,
    GcArray,
    GcForwardReference,
    GcOpaqueType,
    GcStruct,
    Ptr,
    Signed,
    Struct,
    TypeSyntaxError,
    Void,
    parse_type,
    print_type,
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


def recursive_type():
    reference = GcForwardReference()
    node = GcStruct(
        "tree node",
        ("children", Ptr(GcArray(Ptr(reference)))),
        ("visit", Ptr(FuncType([Ptr(reference), Signed], Void))),
        ("numbers", FixedSizeArray(Char, 3)),
        ("hidden", Ptr(GcOpaqueType("secret"))),
        hints={"immutable": ("children[*]",)},
        unique=True,
    )
    reference.become(node)
    return node


@pytest.mark.parametrize(
    "type_",
    [
        Signed,
        Ptr(Array(Char, hints={"nolength": True})),
        GcStruct("string", ("hash", Signed), ("chars", Array(Char, hints={"immutable": True}))),
        FuncType([], Ptr(FuncType([Float], Void))),
        GcArray(Struct("entry", ("key", Signed), ("with", Signed))),
    ],
)
def test_text_of_a_type_is_parsed_back_to_the_same_type(type_):
    assert parse_type(print_type(type_)) is type_


def test_text_of_a_recursive_type_is_parsed_back_to_an_equal_text():
    text = print_type(Ptr(recursive_type()))
    assert print_type(parse_type(text)) == text


def test_structures_of_one_name_are_told_apart_in_text():
    first = GcStruct("A", ("x", Signed), unique=True)
    second = GcStruct("A", ("x", Ptr(first)), unique=True)
    text = print_type(second)
    assert "A#2" in text
    parsed = parse_type(text)
    assert parsed.name == "A" and parsed.types[0].TO.name == "A" and parsed.types[0].TO is not parsed


@pytest.mark.parametrize("text", ["", "Unheard", "[Signed", "fn(Signed)", "Signed Signed", "*"])
def test_bad_text_is_refused(text):
    with pytest.raises(TypeSyntaxError):
        parse_type(text)
