"""Reading the operands of an instruction and writing its result, and making handlers out of that.

A *handler* does one instruction: it takes the run, the frame, the bytes of the jitcode and the position of the
instruction, and gives the position where the frame goes on, or `FRAME_CHANGED` when another frame runs from here on.
"""

from ouro.jitcore.jitcode import instructions, read_byte, read_index
from ouro.jitcore.trace import NULL_REFERENCE
from ouro.rlib.objectmodel import always_inline

FRAME_CHANGED = -1


@always_inline
def read_int(run, frame, code, position):
    """The value of the operand `i` at a position."""
    return frame.registers_i[read_byte(code, position)]


@always_inline
def read_reference(run, frame, code, position):
    """The value of the operand `r` at a position."""
    return frame.registers_r[read_byte(code, position)]


@always_inline
def read_float(run, frame, code, position):
    """The value of the operand `f` at a position."""
    return frame.registers_f[read_byte(code, position)]


@always_inline
def read_descriptor(run, frame, code, position):
    """The descriptor that the operand `d` at a position names."""
    return run.program.descriptors[read_index(code, position)]


@always_inline
def write_int(frame, code, position, value):
    """Give the register of the result, named at a position, its value."""
    frame.registers_i[read_byte(code, position)] = value


@always_inline
def write_reference(frame, code, position, value):
    """As `write_int`, for references."""
    frame.registers_r[read_byte(code, position)] = value


@always_inline
def write_float(frame, code, position, value):
    """As `write_int`, for floats."""
    frame.registers_f[read_byte(code, position)] = value


@always_inline
def write_nothing(frame, code, position, value):
    """There is no result."""


READERS = {"i": read_int, "r": read_reference, "f": read_float, "d": read_descriptor}
WRITERS = {"i": write_int, "r": write_reference, "f": write_float, "n": write_nothing}


def read_ints(frame, code, position):
    """The values of the operand `I` at a position, a new list."""
    count = read_byte(code, position)
    if count == 0:
        return []
    values = [0] * count
    fill_ints(frame, code, position, values, 0)
    return values


def fill_ints(frame, code, position, values, start):
    """Write the values of the operand `I` at a position into a list, from `start` on."""
    for index in range(read_byte(code, position)):
        values[start + index] = frame.registers_i[read_byte(code, position + 1 + index)]


def read_references(frame, code, position):
    """The values of the operand `R` at a position, a new list."""
    count = read_byte(code, position)
    if count == 0:
        return []
    values = [NULL_REFERENCE] * count
    fill_references(frame, code, position, values, 0)
    return values


def fill_references(frame, code, position, values, start):
    """Write the values of the operand `R` at a position into a list, from `start` on."""
    for index in range(read_byte(code, position)):
        values[start + index] = frame.registers_r[read_byte(code, position + 1 + index)]


def read_floats(frame, code, position):
    """The values of the operand `F` at a position, a new list."""
    count = read_byte(code, position)
    if count == 0:
        return []
    values = [0.0] * count
    fill_floats(frame, code, position, values, 0)
    return values


def fill_floats(frame, code, position, values, start):
    """Write the values of the operand `F` at a position into a list, from `start` on."""
    for index in range(read_byte(code, position)):
        values[start + index] = frame.registers_f[read_byte(code, position + 1 + index)]


@always_inline
def behind_list(code, position):
    """Where what stands behind the list at a position begins."""
    return position + 1 + read_byte(code, position)


def executing(function, instruction):
    """The handler of an instruction that is done by a function of the machine and the operands.

    Args:
        function: of the machine, the operands and the descriptor; a value of `machine.EXECUTE`.
        instruction: its number in the table.
    """
    letters = instructions.operand_letters[instruction]
    size = instructions.sizes[instruction]
    write = WRITERS[instructions.result_kinds[instruction]]
    places = []
    place = 1
    for letter in letters:
        places.append(place)
        place += instructions.OPERAND_SIZES[letter]
    readers = [READERS[letter] for letter in letters]
    return _EXECUTING[len(letters)](function, readers, places, write, place, size)


def _executing_1(function, readers, places, write, result, size):
    (read,) = readers

    def handle(run, frame, code, position):
        value = function(run.machine, read(run, frame, code, position + 1))
        write(frame, code, position + result, value)
        return position + size

    return handle


def _executing_2(function, readers, places, write, result, size):
    read_1, read_2 = readers
    place_2 = places[1]

    def handle(run, frame, code, position):
        value = function(
            run.machine, read_1(run, frame, code, position + 1), read_2(run, frame, code, position + place_2))
        write(frame, code, position + result, value)
        return position + size

    return handle


def _executing_3(function, readers, places, write, result, size):
    read_1, read_2, read_3 = readers
    _, place_2, place_3 = places

    def handle(run, frame, code, position):
        value = function(
            run.machine,
            read_1(run, frame, code, position + 1),
            read_2(run, frame, code, position + place_2),
            read_3(run, frame, code, position + place_3),
        )
        write(frame, code, position + result, value)
        return position + size

    return handle


def _executing_4(function, readers, places, write, result, size):
    read_1, read_2, read_3, read_4 = readers
    _, place_2, place_3, place_4 = places

    def handle(run, frame, code, position):
        value = function(
            run.machine,
            read_1(run, frame, code, position + 1),
            read_2(run, frame, code, position + place_2),
            read_3(run, frame, code, position + place_3),
            read_4(run, frame, code, position + place_4),
        )
        write(frame, code, position + result, value)
        return position + size

    return handle


def _executing_6(function, readers, places, write, result, size):
    read_1, read_2, read_3, read_4, read_5, read_6 = readers
    _, place_2, place_3, place_4, place_5, place_6 = places

    def handle(run, frame, code, position):
        value = function(
            run.machine,
            read_1(run, frame, code, position + 1),
            read_2(run, frame, code, position + place_2),
            read_3(run, frame, code, position + place_3),
            read_4(run, frame, code, position + place_4),
            read_5(run, frame, code, position + place_5),
            read_6(run, frame, code, position + place_6),
        )
        write(frame, code, position + result, value)
        return position + size

    return handle


_EXECUTING = {1: _executing_1, 2: _executing_2, 3: _executing_3, 4: _executing_4, 6: _executing_6}
