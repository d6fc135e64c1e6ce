"""From a row of the table to the numbers that the encoder needs, read from the `opcodes` database on the host.

A `Form` is packed in one integer, the only thing of the database that a translated program contains:

    bits 0-7   opcode, without the register that some add to it
    bit  8     the opcode follows a 0F byte
    bits 9-16  the prefix 66, F2 or F3 that belongs to the opcode, 0 for none
    bit  17    REX.W: operands of 64 bits
    bit  18    ModRM.reg is a byte register         bit 19   ModRM.rm is a byte register
    bits 20-22 ModRM.reg where no operand is there
    bit  23    locked
"""

from __future__ import annotations

import warnings
from typing import Any

from attrs import frozen
from ouro.backend_x86._rows import ROWS, WORD, Row

with warnings.catch_warnings():
    # that it uses pkg_resources is nothing a user of ours can change
    warnings.simplefilter("ignore")
    import opcodes.x86
    import opcodes.x86_64

TWO_BYTES = 1 << 8
PREFIX_SHIFT = 9
WIDE = 1 << 17
BYTE_REGISTER = 1 << 18
BYTE_OPERAND = 1 << 19
DIGIT_SHIFT = 20
LOCKED = 1 << 23

_ACCUMULATORS = {8: "al", 16: "ax", 32: "eax", 64: "rax"}


class UnknownForm(Exception):
    """The database has no such form: the row is wrong."""


@frozen
class Form:
    """One encoding: what is constant in it, and where its operands go."""

    packed: int
    #: The indices of the operands in ModRM.rm and in ModRM.reg, -1 for none.
    rm: int
    reg: int
    #: A register is added to the opcode.
    in_opcode: bool
    #: Bytes of the immediate, 0 for none.
    immediate: int


@frozen
class Method:
    """One shape of one row at one size, for the closures that make methods of it."""

    name: str
    #: One letter for each operand that is a parameter: r f m i l s.
    letters: str
    conditional: bool
    #: The operand's size in bits (what an immediate is checked against).
    size: int
    #: Without an immediate; `small`, `large` and `accumulator` for immediates, None where that form is missing.
    form: Form | None
    small: Form | None
    large: Form | None
    accumulator: Form | None
    #: Shifts and rotations by one.
    one: Form | None
    #: The operands as the database names them, for the tests.
    operands: tuple[str, ...]
    instruction: str


def methods(word_bits: int) -> list[Method]:
    """All methods of the assembler for words of 64 or 32 bits."""
    module = opcodes.x86_64 if word_bits == 64 else opcodes.x86
    database: dict[str, Any] = {item.name: item for item in module.read_instruction_set()}
    result = []
    for row in ROWS:
        if row.only_64 and word_bits != 64:
            continue
        for row_size in row.sizes:
            size = word_bits if row_size == WORD else row_size
            prefix = row.method if row_size == WORD else row.method + str(row_size)
            for shape in row.shapes.split(","):
                result.append(_method(database[row.instruction], row, prefix, shape.split(), size))
    return result


def _method(instruction: Any, row: Row, prefix: str, shape: list[str], size: int) -> Method:
    operands = []
    for operand in shape:
        if operand in ("r", "m"):
            operands.append(operand + str(size))
        else:
            operands.append({"f": "xmm", "l": "rel32", "s": "rel8", "m_": "m"}.get(operand, operand))
    letters = "".join({"cl": "c", "1": "", "3": ""}.get(operand, operand[0]) for operand in shape)
    sizes = [int(operand[1:]) for operand in operands if operand[0] in "rm" and operand[1:].isdigit()]
    size = sizes[0] if sizes else size

    def find(*names: str) -> Form | None:
        return _find(instruction, names, row.locked)

    form = small = large = accumulator = one = None
    if operands[-1:] == ["i"]:
        fixed = operands[:-1]
        widest = "imm%d" % min(size, 32)
        small = find(*fixed, "imm8")
        large = find(*fixed, widest) if widest != "imm8" else None
        large = large or find(*fixed, "imm16")  # ret
        one = find(*fixed, "1")
        if shape == ["r", "i"]:
            accumulator = find(_ACCUMULATORS[size], widest)
        found: Any = small or large
    else:
        form = found = find(*operands)
    if found is None:
        raise UnknownForm(f"{row.instruction} {' '.join(operands)}")
    name = prefix + "_" + letters if letters else prefix
    return Method(
        name, letters.replace("c", ""), row.conditional, size, form, small, large, accumulator, one,
        tuple(operands), row.instruction,
    )


def _find(instruction: Any, operands: tuple[str, ...], locked: bool) -> Form | None:
    for form in instruction.forms:
        if tuple(operand.type for operand in form.operands) == operands:
            # a register added to the opcode saves a byte
            encodings = sorted(form.encodings, key=lambda encoding: not _adds_register(encoding))
            return _read(form, encodings[0], locked)
    return None


def _adds_register(encoding: Any) -> bool:
    return any(getattr(component, "addend", None) is not None for component in encoding.components)


def _read(form: Any, encoding: Any, locked: bool) -> Form:
    """The form of one encoding of the database."""
    packed = LOCKED if locked else 0
    rm = reg = -1
    in_opcode = False
    immediate = 0
    seen: list[int] = []
    for component in encoding.components:
        kind = type(component).__name__
        if kind == "Prefix":
            packed |= component.byte << PREFIX_SHIFT
        elif kind == "REX":
            packed |= WIDE if component.W else 0
        elif kind == "Opcode":
            seen.append(component.byte)
            if component.addend is not None:
                in_opcode = True
                rm = form.operands.index(component.addend)
        elif kind == "ModRM":
            rm = form.operands.index(component.rm)
            if isinstance(component.reg, int):
                packed |= component.reg << DIGIT_SHIFT
            else:
                reg = form.operands.index(component.reg)
        elif kind in ("Immediate", "CodeOffset"):
            immediate = component.size
        else:
            raise UnknownForm(f"{form.name} has a component {component!r}")
    if len(seen) == 2 and seen[0] == 0x0F:
        packed |= TWO_BYTES
    elif len(seen) != 1:
        raise UnknownForm(f"{form.name} has the opcode bytes {seen}")
    packed |= seen[-1]
    if reg >= 0 and form.operands[reg].type == "r8":
        packed |= BYTE_REGISTER
    if rm >= 0 and form.operands[rm].type == "r8":
        packed |= BYTE_OPERAND
    return Form(packed, rm, reg, in_opcode, immediate)
