"""What the log and the profiler are told of machine code.

The section `jit-backend-dump` of the log has for each piece of code

    code KIND NAME ADDRESS SIZE         KIND is stubs, loop or bridge; numbers are hexadecimal
    at OFFSET OPERATION ...             where the code of each operation begins, several to a line
    bytes OFFSET HEX

and `patch ADDRESS TARGET` for each jump that is changed afterwards. `ouro.backend_x86.disassemble` makes text of it.
"""

from __future__ import annotations

import os

from ouro.jitcore import operations as ops
from ouro.rlib.debug import debug_print, debug_start, debug_stop, have_debug_prints, have_debug_prints_for

_SECTION = "jit-backend-dump"
_BYTES_IN_LINE = 64
_OPERATIONS_IN_LINE = 8
_DIGITS = "0123456789abcdef"


def hexadecimal(value):
    """A number that is not negative, in hexadecimal."""
    digits = []
    while value >= 16:
        digits.append(_DIGITS[value & 15])
        value >>= 4
    digits.append(_DIGITS[value])
    digits.reverse()
    return "".join(digits)


def wants_positions():
    """Will `dump_code` write anything?"""
    return have_debug_prints_for(_SECTION)


def dump_code(kind, name, code, block, opcodes, positions):
    """Log a piece of code.

    Args:
        kind: `stubs`, `loop` or `bridge`.
        name: of the loop.
        code: the `CodeBuffer`, which has been installed.
        block: where.
        opcodes, positions: of each operation the opcode, and where its code begins.
    """
    debug_start(_SECTION)
    if have_debug_prints():
        size = code.position()
        debug_print("code", kind, name, hexadecimal(block.address), hexadecimal(size))
        _dump_operations(opcodes, positions)
        position = 0
        while position < size:
            line = []
            for offset in range(position, min(position + _BYTES_IN_LINE, size)):
                byte = code.byte_at(offset)
                line.append(_DIGITS[byte >> 4])
                line.append(_DIGITS[byte & 15])
            debug_print("bytes", hexadecimal(position), "".join(line))
            position += _BYTES_IN_LINE
    debug_stop(_SECTION)


def _dump_operations(opcodes, positions):
    index = 0
    while index < len(opcodes):
        line = []
        while index < len(opcodes) and len(line) < 2 * _OPERATIONS_IN_LINE:
            line.append(hexadecimal(positions[index]))
            line.append(ops.names[opcodes[index]])
            index += 1
        debug_print("at", " ".join(line))


def dump_patch(address, target):
    """Log that a jump goes somewhere else now."""
    debug_start(_SECTION)
    if have_debug_prints():
        debug_print("patch", hexadecimal(address), hexadecimal(target))
    debug_stop(_SECTION)


class PerfMap:
    """The file in which Linux's `perf` looks for the names of code that a process has made: a line for each piece."""

    def __init__(self):
        # where perf looks; nothing else can be chosen
        path = "/tmp/perf-" + str(os.getpid()) + ".map"
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def add(self, address, size, name):
        """Name some code."""
        line = hexadecimal(address) + " " + hexadecimal(size) + " " + name + "\n"
        os.write(self._file, line.encode("latin-1"))
