"""Traces to text. Values are numbered as the trace numbers them; `parse_trace` reads the result."""

from __future__ import annotations

import math
import struct

from ouro.jitcore import operations
from ouro.jitcore.descriptors import GuardDescriptor
from ouro.jitcore.text.names import Names
from ouro.jitcore.trace import NOTHING, Trace, is_constant

QUIET_NAN = 0x7FF8000000000000


def print_trace(trace: Trace, names: Names) -> str:
    """A trace as text: the inputs in brackets, then a line for each instruction."""
    inputs = trace.input_count()
    lines = ["[" + ", ".join(print_value(trace, number, names) for number in range(inputs)) + "]"]
    lines += [print_instruction(trace, number, names) for number in range(inputs, trace.length())]
    return "\n".join(lines) + "\n"


def print_instruction(trace: Trace, number: int, names: Names) -> str:
    """One instruction as a line."""
    opcode = trace.opcodes[number]
    descriptor = trace.descriptors[number]
    arguments = [print_value(trace, reference, names) for reference in trace.operand_list(number)]
    kept = ""
    if isinstance(descriptor, GuardDescriptor):
        kept = " {" + ", ".join(print_value(trace, reference, names) for reference in descriptor.values) + "}"
    elif descriptor is not None:
        arguments.append(names.of_descriptor(descriptor))
    result = "" if operations.result_kind(opcode) == "n" else print_value(trace, number, names) + " = "
    return f"{result}{operations.name_of(opcode)}({', '.join(arguments)}){kept}"


def print_value(trace: Trace, reference: int, names: Names) -> str:
    """A reference as text: `i3`, `r0`, a constant, or `_` for nothing."""
    if reference == NOTHING:
        return "_"
    kind = trace.kind_of(reference)
    if not is_constant(reference):
        return f"{kind}{reference}"
    if kind == "i":
        value = trace.constants.int_of(reference)
        name = names.of_integer(value)
        return str(int(value)) if name is None else "@" + name
    if kind == "f":
        return print_float(trace.constants.float_of(reference))
    value = trace.constants.reference_of(reference)
    return "$" + names.of_reference(value) if value else "null"


def print_float(value: float) -> str:
    """A double so that it reads back with the same bits."""
    if math.isnan(value):
        bits = struct.unpack("<Q", struct.pack("<d", value))[0]
        return "nan" if bits == QUIET_NAN else f"nan:{bits:016x}"
    return repr(value)
