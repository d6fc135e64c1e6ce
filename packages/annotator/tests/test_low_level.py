"""Low-level types, pointers and C functions."""

import math

import pytest
from ouro import lltype
from ouro.annotator import AnnotatorError, annotate
from ouro.annotator import annotations as a
from ouro.annotator.lowlevel import annotation_of_type, type_of_annotation
from ouro.rlib import rffi

NODE_STRUCT = lltype.GcStruct("node", ("value", lltype.Signed), ("letter", lltype.Char), ("size", lltype.Unsigned))
ARRAY = lltype.GcArray(lltype.Signed)


def result_of(function, *types):
    return annotate(function, types).entry_graph.getreturnvar().annotation


@pytest.mark.parametrize(
    "TYPE", [lltype.Signed, lltype.Unsigned, lltype.Bool, lltype.Char, lltype.Float, lltype.Int32, lltype.Ptr(ARRAY)]
)
def test_low_level_types_and_annotations_correspond(TYPE):
    assert type_of_annotation(annotation_of_type(TYPE)) is TYPE


def test_fields_and_items_have_the_annotations_of_their_types():
    def f(n):
        p = lltype.malloc(NODE_STRUCT)
        p.value = n
        p.letter = "x"
        q = lltype.malloc(ARRAY, n)
        q[0] = p.value
        return p.letter, q[0], len(q), p.size

    kinds = [type(item) for item in result_of(f, int).items]
    assert kinds == [a.Char, a.Integer, a.Integer, a.Integer]


def test_storing_the_wrong_type_is_an_error():
    def f(n):
        p = lltype.malloc(NODE_STRUCT)
        p.value = "text"

    with pytest.raises(AnnotatorError, match="field `value`"):
        annotate(f, [int])


def test_an_unknown_field_names_those_there_are():
    def f(n):
        return lltype.malloc(NODE_STRUCT).valeu

    with pytest.raises(AnnotatorError, match="value, letter, size"):
        annotate(f, [int])


libm = rffi.library("double fabs(double); int abs(int);", includes=["math.h", "stdlib.h"])


def test_c_functions_have_the_types_of_their_declarations():
    def f(x, n):
        return libm.fabs(x), libm.abs(n)

    items = result_of(f, float, int).items
    assert isinstance(items[0], a.Float) and isinstance(items[1], a.Integer)


def test_pointers_compare_and_test_for_null():
    def f(n):
        p = lltype.malloc(NODE_STRUCT)
        q = lltype.nullptr(NODE_STRUCT)
        if n:
            q = p
        return p == q, bool(q)

    assert all(isinstance(item, a.Bool) for item in result_of(f, int).items)


def test_functions_of_math_are_functions_of_rlib_or_c():
    def f(x):
        return math.sqrt(x), math.isnan(x), math.floor(x)

    assert [type(item) for item in result_of(f, float).items] == [a.Float, a.Bool, a.Integer]
