"""The registers and the conditions of x86, by the numbers that encodings use."""

from __future__ import annotations

RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15 = range(16)
EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI = range(8)
XMM0, XMM1, XMM2, XMM3, XMM4, XMM5, XMM6, XMM7 = range(8)
XMM8, XMM9, XMM10, XMM11, XMM12, XMM13, XMM14, XMM15 = range(8, 16)

#: In the place of a base register: the address is index * scale + displacement.
NO_REGISTER = -1

#: Conditions of jcc, setcc and cmovcc. The lowest bit inverts: `condition ^ 1` is the opposite one.
(
    OVERFLOW,
    NO_OVERFLOW,
    BELOW,
    ABOVE_OR_EQUAL,
    EQUAL,
    NOT_EQUAL,
    BELOW_OR_EQUAL,
    ABOVE,
    NEGATIVE,
    NOT_NEGATIVE,
    PARITY,
    NO_PARITY,
    LESS,
    GREATER_OR_EQUAL,
    LESS_OR_EQUAL,
    GREATER,
) = range(16)

#: The names that assemblers give the conditions, in the order of their numbers.
CONDITION_NAMES = ("o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le", "g")

_LEGACY = ("ax", "cx", "dx", "bx", "sp", "bp", "si", "di")
_LEGACY_BYTES = ("al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil")


def register_name(number: int, size: int) -> str:
    """The assembler's name of an integer register, of 8, 16, 32 or 64 bits."""
    if number < 8:
        if size == 8:
            return _LEGACY_BYTES[number]
        return {16: "", 32: "e", 64: "r"}[size] + _LEGACY[number]
    return "r%d%s" % (number, {8: "b", 16: "w", 32: "d", 64: ""}[size])
