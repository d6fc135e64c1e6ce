"""The assemblers: a method for each instruction form of the table, for each of the two word sizes."""

from __future__ import annotations

from typing import Any

from ouro.backend_x86._encoder import Encoder
from ouro.backend_x86._forms import methods
from ouro.backend_x86._methods import make_methods
from ouro.backend_x86.code_buffer import fits_int32


class Assembler64(Encoder):
    """x86-64: words of 8 bytes, sixteen registers."""

    word_size = 8

    def mov_ri(self, register, value):
        """Load a constant in the shortest way that leaves the flags alone."""
        if value >> 32 == 0:
            # writing 32 bits clears the others; the immediate is taken as its 32 bits
            self.mov32_ri(register, value if fits_int32(value) else value - (1 << 32))
        elif fits_int32(value):
            self.mov_sign_extended_ri(register, value)
        else:
            self.movabs_ri(register, value)


class Assembler32(Encoder):
    """x86-32: words of 4 bytes, eight registers, no addresses relative to the instruction."""

    word_size = 4

    def mov_ri(self, register, value):
        """Load a constant."""
        self.mov32_ri(register, value)


def _add_methods(assembler: Any) -> None:
    word_bits = 8 * assembler.word_size
    for method in methods(word_bits):
        for name, function in make_methods(method, word_bits).items():
            assert not hasattr(assembler, name), name
            setattr(assembler, name, function)


_add_methods(Assembler64)
_add_methods(Assembler32)
