"""Steps of the instructions that only do what the operation of the same name does: made from the tables.

Where all operands are constants a pure operation is not recorded. Those for which the tracer has a use for what it
knows of objects are in `memory_steps` instead.
"""

from ouro.jitcore import operations as ops
from ouro.jitcore.jitcode import instructions, read_index
from ouro.jitcore.machine.execution import EXECUTE, NO_VALUE
from ouro.jitcore.tracer.access import IS_CONSTANT, PUT, REFERENCE, VALUE
from ouro.jitcore.tracer.frames import CONSTANT


def _pure_one(opcode, kinds, execute, result, size):
    value_a, constant_a, reference_a = _accessors(kinds[0])
    put = PUT[result]

    def step(meta, frame, position):
        code = frame.code
        a = ord(code[position + 1])
        value = execute(meta.machine, value_a(frame, a))
        reference = CONSTANT
        if not constant_a(frame, a):
            reference = meta.record(opcode, [reference_a(meta, a)])
        put(frame, ord(code[position + 2]), value, reference)
        return position + size

    return step


def _pure_two(opcode, kinds, execute, result, size):
    value_a, constant_a, reference_a = _accessors(kinds[0])
    value_b, constant_b, reference_b = _accessors(kinds[1])
    put = PUT[result]

    def step(meta, frame, position):
        code = frame.code
        a = ord(code[position + 1])
        b = ord(code[position + 2])
        value = execute(meta.machine, value_a(frame, a), value_b(frame, b))
        reference = CONSTANT
        if not (constant_a(frame, a) and constant_b(frame, b)):
            reference = meta.record(opcode, [reference_a(meta, a), reference_b(meta, b)])
        put(frame, ord(code[position + 3]), value, reference)
        return position + size

    return step


def _pure_three(opcode, kinds, execute, result, size):
    value_a, constant_a, reference_a = _accessors(kinds[0])
    value_b, constant_b, reference_b = _accessors(kinds[1])
    value_c, constant_c, reference_c = _accessors(kinds[2])
    put = PUT[result]

    def step(meta, frame, position):
        code = frame.code
        a = ord(code[position + 1])
        b = ord(code[position + 2])
        c = ord(code[position + 3])
        value = execute(meta.machine, value_a(frame, a), value_b(frame, b), value_c(frame, c))
        reference = CONSTANT
        if not (constant_a(frame, a) and constant_b(frame, b) and constant_c(frame, c)):
            reference = meta.record(opcode, [reference_a(meta, a), reference_b(meta, b), reference_c(meta, c)])
        put(frame, ord(code[position + 4]), value, reference)
        return position + size

    return step


def _described_one(opcode, kinds, execute, result, size):
    value_a, _, reference_a = _accessors(kinds[0])
    put = PUT[result]

    def step(meta, frame, position):
        code = frame.code
        a = ord(code[position + 1])
        descriptor = meta.program.descriptors[read_index(code, position + 2)]
        value = execute(meta.machine, value_a(frame, a), descriptor)
        reference = meta.record(opcode, [reference_a(meta, a)], descriptor)
        put(frame, ord(code[position + size - 1]), value, reference)
        return position + size

    return step


def _described_two(opcode, kinds, execute, result, size):
    value_a, _, reference_a = _accessors(kinds[0])
    value_b, _, reference_b = _accessors(kinds[1])
    put = PUT[result]

    def step(meta, frame, position):
        code = frame.code
        a = ord(code[position + 1])
        b = ord(code[position + 2])
        descriptor = meta.program.descriptors[read_index(code, position + 3)]
        value = execute(meta.machine, value_a(frame, a), value_b(frame, b), descriptor)
        reference = meta.record(opcode, [reference_a(meta, a), reference_b(meta, b)], descriptor)
        put(frame, ord(code[position + size - 1]), value, reference)
        return position + size

    return step


def _described_three(opcode, kinds, execute, result, size):
    value_a, _, reference_a = _accessors(kinds[0])
    value_b, _, reference_b = _accessors(kinds[1])
    value_c, _, reference_c = _accessors(kinds[2])
    assert result == "n"

    def step(meta, frame, position):
        code = frame.code
        a = ord(code[position + 1])
        b = ord(code[position + 2])
        c = ord(code[position + 3])
        descriptor = meta.program.descriptors[read_index(code, position + 4)]
        execute(meta.machine, value_a(frame, a), value_b(frame, b), value_c(frame, c), descriptor)
        meta.record(opcode, [reference_a(meta, a), reference_b(meta, b), reference_c(meta, c)], descriptor)
        return position + size

    return step


def _copy_string_content(opcode, kinds, execute, result, size):
    assert kinds == "rriii"

    def step(meta, frame, position):
        code = frame.code
        source = ord(code[position + 1])
        target = ord(code[position + 2])
        source_start = ord(code[position + 3])
        target_start = ord(code[position + 4])
        length = ord(code[position + 5])
        descriptor = meta.program.descriptors[read_index(code, position + 6)]
        execute(meta.machine, frame.references[source], frame.references[target], frame.ints[source_start],
                frame.ints[target_start], frame.ints[length], descriptor)
        meta.record(opcode, [meta.gc_register(source), meta.gc_register(target), meta.int_register(source_start),
                             meta.int_register(target_start), meta.int_register(length)], descriptor)
        return position + size

    return step


def _without_operands(opcode, kinds, execute, result, size):
    put = PUT[result]

    def step(meta, frame, position):
        code = frame.code
        descriptor = meta.program.descriptors[read_index(code, position + 1)]
        value = execute(meta.machine, descriptor)
        put(frame, ord(code[position + size - 1]), value, meta.record(opcode, [], descriptor))
        return position + size

    return step


def _accessors(kind):
    return VALUE[kind], IS_CONSTANT[kind], REFERENCE[kind]


_PURE = {1: _pure_one, 2: _pure_two, 3: _pure_three}
_DESCRIBED = {0: _without_operands, 1: _described_one, 2: _described_two, 3: _described_three, 5: _copy_string_content}


def make_step(number):
    """The step of a derived instruction."""
    opcode = instructions.operation_of[number]
    letters = instructions.operand_letters[number]
    kinds = letters.replace("d", "")
    result = instructions.result_kinds[number]
    value_kind = NO_VALUE
    if "v" in ops.operand_kinds[opcode]:
        value_kind = kinds[ops.operand_kinds[opcode].index("v")]
    execute = EXECUTE[opcode, value_kind]
    if "d" in letters:
        make = _DESCRIBED[len(kinds)]
    else:
        # a raw buffer is the only thing that is made without a descriptor, and never the same twice
        make = _PURE[len(kinds)] if ops.is_pure(opcode) else _always_recorded
    return make(opcode, kinds, execute, result, instructions.sizes[number])


def _always_recorded(opcode, kinds, execute, result, size):
    value_a, _, reference_a = _accessors(kinds[0])
    assert len(kinds) == 1
    put = PUT[result]

    def step(meta, frame, position):
        code = frame.code
        a = ord(code[position + 1])
        value = execute(meta.machine, value_a(frame, a))
        put(frame, ord(code[position + 2]), value, meta.record(opcode, [reference_a(meta, a)]))
        return position + size

    return step


STEPS = {number: make_step(number) for number in range(instructions.DERIVED)}
