"""C functions and constants are declared in C and work on the host."""

import errno
import math

import pytest
from ouro.lltype import Char, Float, Ptr, Signed, Unsigned, free, malloc, typeOf
from ouro.rlib import rffi
from ouro.rlib._c_library import DeclarationError
from ouro.rlib._probe import ProbeError, probe_source, read_values
from ouro.rlib.rarithmetic import r_uint


def test_a_declared_function_has_its_low_level_type_and_can_be_called():
    lib = rffi.library("double pow(double, double);", libraries=["m"], includes=["math.h"])
    assert typeOf(lib.pow).TO.ARGS == (Float, Float)
    assert lib.pow(2.0, 10.0) == 1024.0
    assert lib.pow._obj.external.library.libraries == ("m",)


def test_c_integers_are_words_and_unsigned_words():
    lib = rffi.library("int abs(int); size_t strlen(const char *); long labs(long);", includes=["stdlib.h", "string.h"])
    assert typeOf(lib.abs).TO.ARGS == (Signed,)
    assert typeOf(lib.strlen).TO.RESULT == Unsigned
    assert lib.abs(-5) == 5
    with rffi.scoped_str2charp("hello") as text:
        assert lib.strlen(text) == 5
        assert type(lib.strlen(text)) is r_uint


def test_pointers_go_in_and_come_out():
    lib = rffi.library("char *strchr(const char *, int); void *memset(void *, int, size_t);", includes=["string.h"])
    with rffi.scoped_str2charp("a=b") as text:
        found = lib.strchr(text, ord("="))
        assert rffi.charp2str(found) == "=b"
        assert not lib.strchr(text, ord("x"))
    with rffi.scoped_alloc_buffer(4) as buffer:
        lib.memset(buffer.raw, ord("z"), r_uint(3))
        assert buffer.str(4) == "zzz\x00"


def test_errno_is_saved_where_that_is_asked_for():
    lib = rffi.library("int close(int);", includes=["unistd.h"], saves_errno=True)
    assert lib.close(-1) == -1
    assert rffi.get_saved_errno() == 9
    rffi.set_saved_errno(0)
    assert rffi.get_saved_errno() == 0


def test_a_host_function_replaces_c_code_and_its_oserror_becomes_errno():
    def fails(x):
        raise OSError(2, "no")

    lib = rffi.library(
        "long ouro_double(long); long ouro_fails(long);",
        source="long ouro_double(long x) { return 2 * x; }",
        host={"ouro_double": lambda x: 2 * x, "ouro_fails": fails},
    )
    assert lib.ouro_double(21) == 42
    assert lib.ouro_fails(1) == -1
    assert rffi.get_saved_errno() == 2
    assert lib.ouro_double._obj.external.declaration == "long ouro_double(long);"


def test_constants_are_found_by_compiling():
    lib = rffi.library("#define EOF ...\n#define INT_MAX ...\n#define NUMBER 7", includes=["stdio.h", "limits.h"])
    assert lib.EOF == -1
    assert lib.INT_MAX == 2**31 - 1
    assert lib.NUMBER == 7
    with pytest.raises(AttributeError):
        lib.OTHER  # noqa: B018 - the access is the test
    with pytest.raises(ProbeError, match="NO_SUCH_CONSTANT"):
        rffi.library("#define NO_SUCH_CONSTANT ...", includes=["stdio.h"]).NO_SUCH_CONSTANT  # noqa: B018


def test_a_probe_is_read_back_from_any_bytes_around_it():
    source = probe_source(rffi.library("int f(int);").description, ("X",))
    assert "ouro_probe_0" in source
    assert read_values(b"..<ouro-probe:0:-00000000000000000012>..", ("X",)) == {"X": -12}
    with pytest.raises(ProbeError):
        read_values(b"....", ("X",))


def test_structures_have_fields():
    lib = rffi.library("struct point { double x; int y; }; double f(struct point *);")
    point = malloc(lib.struct_point, flavor="raw", zero=True)
    point.x = 1.5
    assert point.x == 1.5
    free(point, flavor="raw")


def test_strings_go_both_ways():
    raw = rffi.str2charp("ab\xff")
    assert typeOf(raw) == rffi.CCHARP == Ptr(rffi.CArray(Char))
    assert rffi.charp2str(raw) == "ab\xff"
    assert rffi.charp2strn(raw, 2) == "ab"
    assert rffi.charpsize2str(raw, 4) == "ab\xff\x00"
    rffi.free_charp(raw)
    array = rffi.liststr2charpp(["x", "", "yz"])
    assert rffi.charpp2liststr(array) == ["x", "", "yz"]
    rffi.free_charpp(array)


def test_the_address_of_a_pointer_is_a_word_with_a_sign():
    lib = rffi.library(
        "void *mmap(void *, size_t, int, int, int, long);", includes=["sys/mman.h"], saves_errno=True
    )
    failed = lib.mmap(rffi.NULL_CHARP, r_uint(0), 0, 0, -1, 0)
    assert rffi.cast_ptr_to_int(failed) == -1
    assert rffi.get_saved_errno() == errno.EBADF  # neither anonymous nor a file


def test_variable_arguments_are_refused():
    with pytest.raises(DeclarationError, match="printf"):
        rffi.library("int printf(const char *, ...);")


def test_a_host_function_without_declaration_is_refused():
    with pytest.raises(DeclarationError):
        rffi.library("int f(int);", host={"g": math.floor})
