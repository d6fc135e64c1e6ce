"""Jitcodes, and reading their bytes."""

from ouro.jitcore.trace import NULL_REFERENCE


def read_byte(code, position):
    """The byte at a position: an instruction, a register, or a count."""
    return ord(code[position])


def read_signed_byte(code, position):
    """The operand `c` at a position."""
    value = ord(code[position])
    if value >= 0x80:
        return value - 0x100
    return value


def read_index(code, position):
    """The operand `d`, `j` or `k` at a position."""
    return ord(code[position]) | ord(code[position + 1]) << 8


def read_offset(code, position):
    """The operand `L` or `l` at a position."""
    return ord(code[position]) | ord(code[position + 1]) << 8 | ord(code[position + 2]) << 16


class JitCode:
    """The code of one function for the tracer and the blackhole interpreter.

    name: unique in the program.
    index: its number in `JitProgram.jitcodes`.
    argument_kinds: a letter for each argument; those of a kind arrive in its first registers, in order.
    result_kind: a letter.
    code: the bytes, a string.
    constants_i, constants_r, constants_f: what register numbers from `registers_K` on mean.
    registers_i, registers_r, registers_f: how many registers of each kind a frame has.
    address: of the function, to call it instead; 0 where it cannot be called (text).
    call: the `CallDescriptor` for that, or None.
    source: where the function is, for logs.
    """

    _immutable_fields_ = [
        "name", "index", "argument_kinds", "result_kind", "code?", "constants_i?[*]", "constants_r?[*]",
        "constants_f?[*]", "registers_i?", "registers_r?", "registers_f?", "address?", "call?", "source",
    ]

    def __init__(self, name, index, argument_kinds, result_kind, source=""):
        self.name = name
        self.index = index
        self.argument_kinds = argument_kinds
        self.result_kind = result_kind
        self.source = source
        self.code = ""
        self.constants_i = []
        self.constants_r = []
        self.constants_f = []
        self.registers_i = 0
        self.registers_r = 0
        self.registers_f = 0
        self.address = 0
        self.call = None
        self._file_i = None
        self._file_r = None
        self._file_f = None

    def setup(self, code, constants_i, constants_r, constants_f, registers_i, registers_r, registers_f):
        """Give the code. Functions that call each other need their jitcodes before."""
        self.code = code
        self.constants_i = constants_i
        self.constants_r = constants_r
        self.constants_f = constants_f
        self.registers_i = registers_i
        self.registers_r = registers_r
        self.registers_f = registers_f

    def new_ints(self):
        """The registers of kind int of a new frame, and the constants behind them."""
        if self._file_i is None:
            self._file_i = [0] * self.registers_i + self.constants_i
        return self._file_i[:]

    def new_references(self):
        """The same for references."""
        if self._file_r is None:
            self._file_r = [NULL_REFERENCE] * self.registers_r + self.constants_r
        return self._file_r[:]

    def new_floats(self):
        """The same for floats."""
        if self._file_f is None:
            self._file_f = [0.0] * self.registers_f + self.constants_f
        return self._file_f[:]

    def argument_count(self, kind):
        """The number of arguments of a kind."""
        count = 0
        for letter in self.argument_kinds:
            if letter == kind:
                count += 1
        return count
