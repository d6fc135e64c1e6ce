"""A Brainfuck virtual machine: the shortest complete VM, and the first chapter of the guide.

Run it on plain Python with ``ouro run examples/bf/target.py FILE``; make an executable of it with
``ouro translate examples/bf/target.py``. ``docs/guide/brainfuck.md`` walks through it.
"""

import errno
import os

from ouro.rlib import jit
from ouro.rlib.jit import JitDriver

TAPE_BLOCK = 4096


class BadProgram(Exception):
    """The source text cannot be run; *offset* is the place in it, counted in characters."""

    def __init__(self, message, offset):
        self.message = message
        self.offset = offset


class BadStream(Exception):
    """The input or the output of the program fails with a number of the system."""

    def __init__(self, what, number):
        self.what = what
        self.number = number


class Tape:
    """A row of 8-bit cells, unbounded to the right, and the position of the head on it."""

    def __init__(self):
        self.cells = [0] * TAPE_BLOCK
        self.position = 0

    def get(self):
        return self.cells[self.position]

    def add(self, amount):
        self.cells[self.position] = (self.cells[self.position] + amount) & 255

    def set(self, value):
        self.cells[self.position] = value & 255

    def move(self, distance):
        """Move the head by *distance* cells; false where that leaves the tape on its left."""
        position = self.position + distance
        if position < 0:
            return False
        if position >= len(self.cells):
            self.grow(position)
        self.position = position
        return True

    def grow(self, position):
        """Make the row longer. A function with a loop is called from traces, so this is not in `move`."""
        while position >= len(self.cells):
            self.cells.extend([0] * TAPE_BLOCK)


class Program:
    """Instructions with runs folded (``+++`` is one addition of 3) and the partner of every bracket.

    *code* is a string of instruction letters, *operands* a list as long: an amount for ``+`` and ``>``,
    the index of the matching bracket for ``[`` and ``]``, 0 elsewhere. *offsets* are places in the source.
    """

    _immutable_fields_ = ["code", "operands[*]", "offsets[*]"]

    def __init__(self, code, operands, offsets):
        self.code = code
        self.operands = operands
        self.offsets = offsets


def parse(source):
    """Turn source text into a `Program`.

    Raises:
        BadProgram: a bracket has no partner.
    """
    code = []
    operands = []
    offsets = []
    open_brackets = []
    for offset in range(len(source)):
        letter = source[offset]
        amount = 0
        if letter == "-":
            letter = "+"
            amount = -1
        elif letter == "+":
            amount = 1
        elif letter == "<":
            letter = ">"
            amount = -1
        elif letter == ">":
            amount = 1
        elif letter == "[":
            open_brackets.append(len(code))
        elif letter == "]":
            if len(open_brackets) == 0:
                raise BadProgram("this ']' closes no '['", offset)
            amount = open_brackets.pop()
            operands[amount] = len(code)
        elif letter != "." and letter != ",":
            continue
        if (letter == "+" or letter == ">") and len(code) > 0 and code[-1] == letter:
            operands[-1] += amount
            continue
        code.append(letter)
        operands.append(amount)
        offsets.append(offset)
    if len(open_brackets) > 0:
        raise BadProgram("this '[' is never closed", offsets[open_brackets.pop()])
    return Program("".join(code), operands[:], offsets[:])


def describe_location(index, program):
    return "%d: %s" % (program.offsets[index], program.code[index])


driver = JitDriver(
    name="bf",
    greens=["index", "program"],
    reds=["tape", "console"],
    get_printable_location=describe_location,
)


class Console:
    """Buffered output and unbuffered input on two file descriptors."""

    def __init__(self, input_descriptor, output_descriptor):
        self.input_descriptor = input_descriptor
        self.output_descriptor = output_descriptor
        self.pending = []

    def write(self, byte):
        self.pending.append(chr(byte))
        if byte == 10 or len(self.pending) >= 4096:
            self.flush()

    def read(self):
        """The next input byte, or 0 at the end of the input.

        Raises:
            BadStream: there is no input, or no room for the output.
        """
        self.flush()
        try:
            data = os.read(self.input_descriptor, 1)
        except OSError as error:
            raise BadStream("cannot read the input", error.errno) from None
        if len(data) == 0:
            return 0
        return data[0]

    def flush(self):
        data = "".join(self.pending)
        self.pending = []
        try:
            write_all(self.output_descriptor, data)
        except OSError as error:
            raise BadStream("cannot write the output", error.errno) from None


def write_all(descriptor, text):
    data = text.encode("latin-1")
    while len(data) > 0:
        written = os.write(descriptor, data)
        data = data[written:]


def tell(text):
    """Write to the user; where nobody can hear it, the exit status has to do."""
    try:
        write_all(2, text)
    except OSError:
        pass


def complain(message):
    tell("bf: " + message + "\n")


def run(program, tape, console):
    """Run *program* to its end.

    Raises:
        BadProgram: the head left the tape on its left.
        BadStream: input or output failed.
    """
    index = 0
    while index < len(program.code):
        driver.jit_merge_point(index=index, program=program, tape=tape, console=console)
        instruction = program.code[index]
        if instruction == "+":
            tape.add(program.operands[index])
        elif instruction == ">":
            if not tape.move(program.operands[index]):
                raise BadProgram("the head leaves the tape on its left", program.offsets[index])
        elif instruction == "[":
            if tape.get() == 0:
                index = program.operands[index]
        elif instruction == "]":
            if tape.get() != 0:
                index = program.operands[index]
                driver.can_enter_jit(index=index, program=program, tape=tape, console=console)
        elif instruction == ".":
            console.write(tape.get())
        else:
            tape.set(console.read())
        index += 1


def read_file(path):
    descriptor = os.open(path, os.O_RDONLY, 0)
    parts = []
    try:
        while True:
            data = os.read(descriptor, 65536)
            if len(data) == 0:
                return "".join(parts)
            parts.append(data.decode("latin-1"))
    finally:
        os.close(descriptor)


def line_and_column(source, offset):
    line = source.count("\n", 0, offset) + 1
    return line, offset - source.rfind("\n", 0, offset)


def run_source(path, source):
    """Run source text; the exit status."""
    console = Console(0, 1)
    try:
        run(parse(source), Tape(), console)
        console.flush()
    except BadProgram as error:
        console.flush()
        line, column = line_and_column(source, error.offset)
        complain("%s:%d:%d: %s" % (path, line, column, error.message))
        return 1
    return 0


def entry_point(argv):
    try:
        argv = jit.take_user_parameters(argv)
    except jit.BadParameter as error:
        complain("--jit: " + error.message)
        return 2
    try:
        if argv is None:
            write_all(1, jit.parameters_help())
            return 0
        if len(argv) != 2:
            tell("usage: bf [--jit PARAMETERS] FILE\n")
            return 2
        try:
            source = read_file(argv[1])
        except OSError as error:
            complain("cannot read %s (%s)" % (argv[1], os.strerror(error.errno)))
            return 1
        return run_source(argv[1], source)
    except MemoryError:
        complain("there is no memory left")
    except BadStream as error:
        if error.number != errno.EPIPE:  # who closes the pipe has read enough
            complain("%s (%s)" % (error.what, os.strerror(error.number)))
    except OSError as error:
        complain("cannot write the output (%s)" % os.strerror(error.errno))
    return 1


def target(driver, args):
    return entry_point
