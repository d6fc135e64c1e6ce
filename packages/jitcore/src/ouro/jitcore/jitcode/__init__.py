"""Jitcodes: the code that tracer and blackhole interpreter run, one per function that the tracer looks into.

`instructions` is the table of instructions with the letters of their operands and the rules for `live` marks;
`JitProgram` holds everything that the codewriter hands over. On the host there are `jitcode.building`, from labels to
bytes, and `jitcode.text`.
"""

from ouro.jitcore.jitcode import instructions
from ouro.jitcore.jitcode.jitcode import JitCode, read_byte, read_index, read_offset, read_signed_byte
from ouro.jitcore.jitcode.liveness import append_live_registers, count_live_registers, encode_liveness
from ouro.jitcore.jitcode.program import (
    JitProgram,
    SwitchDescriptor,
    VirtualizableDescription,
)

__all__ = [
    "JitCode",
    "JitProgram",
    "SwitchDescriptor",
    "VirtualizableDescription",
    "append_live_registers",
    "count_live_registers",
    "encode_liveness",
    "instructions",
    "read_byte",
    "read_index",
    "read_offset",
    "read_signed_byte",
]
