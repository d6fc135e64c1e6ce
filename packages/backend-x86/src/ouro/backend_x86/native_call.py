"""Enter machine code from RPython, on the host and translated."""

from __future__ import annotations

from cffi import FFI
from ouro.rlib import rffi

_ffi = FFI()


def _call_on_host(address, first, second):
    return _ffi.cast("long (*)(long, long)", address)(first, second)


_entry = rffi.library(
    "long ouro_x86_call(long, long, long);",
    source="""
    long ouro_x86_call(long address, long first, long second)
    {
        return ((long (*)(long, long))address)(first, second);
    }
    """,
    calls_back=["ouro_x86_call"],
    host={"ouro_x86_call": _call_on_host},
)


def call_code(address, first, second):
    """Call machine code as a C function of two words that returns a word."""
    return _entry.ouro_x86_call(address, first, second)
