"""Which instructions the backend uses, and in which forms: the one place to add an instruction.

A row is a method name, the instruction's name in the `opcodes` database, its operand shapes and its operand sizes.

Shapes are separated by commas, operands by spaces, destination first: `r` register, `m` memory, `f` SSE register,
`i` immediate, `cl`, `l` a label, `s` a label at most 127 bytes away; `r` and `m` take the row's size unless they name
their own (`r32 m8`). A row of many sizes gives a method per size: `WORD` is the machine's word and adds nothing to the
name, the others add their number of bits. The method's name ends in a letter for each operand; memory gives one method
for each way to address it:

    m   [base + displacement]                    x   [base + index << shift + displacement]
    a   [absolute address]                       p   [label], 64 bits only

So `add`, `r m` at WORD and 32 makes `add_rm`, `add_rx`, `add_ra`, `add_rp`, `add32_rm`, ...
"""

from __future__ import annotations

from attrs import frozen

WORD = 0
_WORD_32 = (WORD, 32)
_ALL = (WORD, 32, 16, 8)


@frozen
class Row:
    """One instruction: see the module."""

    method: str
    instruction: str
    shapes: str
    sizes: tuple[int, ...] = (WORD,)
    locked: bool = False
    #: The first parameter is a condition; `instruction` is the form for condition 0, overflow.
    conditional: bool = False
    #: Only in 64-bit mode.
    only_64: bool = False


_ARITHMETIC = "r r, r m, m r, r i, m i"
_SSE_ARITHMETIC = "f f, f m64"

ROWS = (
    # integers
    *(Row(name.lower(), name, _ARITHMETIC, _ALL) for name in ("ADD", "OR", "ADC", "SBB", "AND", "SUB", "XOR", "CMP")),
    Row("test", "TEST", "r r, m r, r i, m i", _ALL),
    Row("mov", "MOV", "r r, r m, m r, m i", _ALL),
    # `mov_ri`, which picks the shortest of these, is a method of the encoder
    Row("mov8", "MOV", "r8 i"),
    Row("mov32", "MOV", "r32 i"),
    Row("mov_sign_extended", "MOV", "r64 i", only_64=True),
    Row("movabs", "MOV", "r64 imm64", only_64=True),
    Row("imul", "IMUL", "r r, r m, r r i, r m i", _WORD_32),
    *(Row(name, instruction, "r, m", _WORD_32) for name, instruction in (
        ("multiply_high_signed", "IMUL"), ("multiply_high_unsigned", "MUL"), ("idiv", "IDIV"), ("div", "DIV"),
    )),
    *(Row(name.lower(), name, "r, m", _WORD_32) for name in ("NEG", "NOT", "INC", "DEC")),
    *(Row(name.lower(), name, "r i, r cl, m i, m cl", _WORD_32) for name in ("SHL", "SHR", "SAR", "ROL", "ROR")),
    Row("cdq", "CDQ", ""),
    Row("cqo", "CQO", "", only_64=True),
    Row("bswap", "BSWAP", "r", _WORD_32),
    Row("bt", "BT", "r r, r i, m i", _WORD_32),
    Row("bsr", "BSR", "r r, r m", _WORD_32),
    Row("bsf", "BSF", "r r, r m", _WORD_32),
    # loads that extend
    Row("movzx8", "MOVZX", "r32 r8, r32 m8"),
    Row("movzx16", "MOVZX", "r32 r16, r32 m16"),
    Row("movsx8", "MOVSX", "r r8, r m8", _WORD_32),
    Row("movsx16", "MOVSX", "r r16, r m16", _WORD_32),
    Row("movsx32", "MOVSXD", "r r32, r m32", only_64=True),
    Row("lea", "LEA", "r m_", _WORD_32),
    # conditions
    Row("setcc", "SETO", "r8, m8", conditional=True),
    Row("cmovcc", "CMOVO", "r r, r m", _WORD_32, conditional=True),
    Row("jcc", "JO", "l, s", conditional=True),
    # control
    Row("jmp", "JMP", "l, s, r, m"),
    Row("call", "CALL", "l, r, m"),
    Row("ret", "RET", ", i"),
    Row("ud2", "UD2", ""),
    Row("int3", "INT", "3"),
    Row("pause", "PAUSE", ""),
    # the stack
    Row("push", "PUSH", "r, m, i"),
    Row("pop", "POP", "r, m"),
    # shared memory; xchg with memory is always locked
    Row("xchg", "XCHG", "r r, m r", _ALL),
    *(Row("lock_" + name.lower(), name, "m", _WORD_32, locked=True) for name in ("INC", "DEC")),
    *(Row("lock_" + name.lower(), name, "m r, m i", _WORD_32, locked=True) for name in ("ADD", "SUB", "AND", "OR")),
    *(Row("lock_" + name.lower(), name, "m r", _WORD_32, locked=True) for name in ("XADD", "CMPXCHG")),
    # doubles
    *(Row(name.lower(), name, _SSE_ARITHMETIC) for name in (
        "ADDSD", "SUBSD", "MULSD", "DIVSD", "SQRTSD", "MINSD", "MAXSD", "UCOMISD",
    )),
    Row("movsd", "MOVSD", "f f, f m64, m64 f"),
    Row("movapd", "MOVAPD", "f f, f m128, m128 f"),
    Row("movupd", "MOVUPD", "f m128, m128 f"),
    *(Row(name.lower(), name, "f f, f m128") for name in ("ANDPD", "ANDNPD", "ORPD", "XORPD")),
    Row("pxor", "PXOR", "f f"),
    Row("unpcklps", "UNPCKLPS", "f f"),
    Row("psrlq", "PSRLQ", "f i"),
    # singles
    Row("movss", "MOVSS", "f f, f m32, m32 f"),
    Row("cvtss2sd", "CVTSS2SD", "f f, f m32"),
    Row("cvtsd2ss", "CVTSD2SS", "f f, f m64"),
    # between integers and floats
    Row("movd", "MOVD", "f r32, f m32, r32 f, m32 f"),
    Row("movq", "MOVQ", "f r64, r64 f", only_64=True),
    Row("movq", "MOVQ", "f f, f m64, m64 f"),
    Row("cvtsi2sd", "CVTSI2SD", "f r, f m", _WORD_32),
    Row("cvttsd2si", "CVTTSD2SI", "r f, r m64", _WORD_32),
)
