"""The machine computes what the model computes, reads and writes what the descriptors say, and calls functions."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ouro.annotator import annotate
from ouro.jitcore import machine as machines
from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import CAN_RAISE, CANNOT_RAISE, EffectDescriptor
from ouro.jitcore.machine import EXECUTE, Operands
from ouro.jitcore.machine.execution import NO_VALUE, can_execute
from ouro.jitcore.machine.host import HostMachine
from ouro.jitcore.model import Memory, ModelError
from ouro.jitcore.model.arithmetic import COMPUTE, OVERFLOWING, wrap
from ouro.jitcore.trace import NULL_REFERENCE
from ouro.lltype import GCREF, Float, FuncType, Ptr, Signed, Unsigned, cast_opaque_ptr, functionptr, malloc
from ouro.rlib.rarithmetic import intmask, r_uint
from ouro.rtyper import TypedInterpreter, specialize
from samples import INTS, LEAF, NODE, PAIRS, PLAIN, RAW, RAW_FLOATS, RAW_INT16, STRING, Samples, same_float

LOW, HIGH = -(2**63), 2**63 - 1
WORD = st.one_of(st.integers(LOW, HIGH), st.sampled_from([LOW, LOW + 1, -(2**31), -1, 0, 1, 2, 63, 64, 2**32, HIGH]))
FLOAT = st.one_of(st.floats(), st.sampled_from([0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, 2.0**63, -(2.0**63)]))


def opcodes_of(kinds, result):
    wanted = [opcode for opcode in COMPUTE if ops.result_kinds[opcode] == result]
    return [opcode for opcode in wanted if set(ops.operand_kinds[opcode]) == {kinds}]


@given(st.sampled_from(opcodes_of("i", "i")), WORD, st.one_of(WORD, st.integers(0, 63)), WORD)
def test_ints_compute_as_in_the_model_wherever_they_are_defined(opcode, a, b, c):
    try:
        expected = COMPUTE[opcode](*[a, b, c][: ops.arity(opcode)])
    except ModelError:
        assert not machines.is_defined(opcode, a, b)
        return
    assert machines.is_defined(opcode, a, b)
    result = machines.compute_int(opcode, a, b, c)
    assert result == int(expected) and type(result) is int


@given(st.sampled_from(sorted(OVERFLOWING)), WORD, WORD)
def test_overflow_and_the_low_bits_are_those_of_the_exact_result(opcode, a, b):
    exact = OVERFLOWING[opcode](a, b)
    assert machines.overflows(opcode, a, b) == (not LOW <= exact <= HIGH)
    assert machines.compute_int(opcode, a, b) == wrap(exact)


@given(st.sampled_from(opcodes_of("f", "i")), FLOAT, FLOAT)
def test_floats_make_the_ints_of_the_model(opcode, a, b):
    try:
        expected = COMPUTE[opcode](*[a, b][: ops.arity(opcode)])
    except ModelError:
        assert not machines.is_defined_of_float(opcode, a)
        return
    assert machines.is_defined_of_float(opcode, a)
    assert machines.compute_int_of_floats(opcode, a, b) == int(expected)


@given(st.sampled_from(opcodes_of("f", "f")), FLOAT, FLOAT)
def test_floats_make_the_floats_of_the_model(opcode, a, b):
    expected = COMPUTE[opcode](*[a, b][: ops.arity(opcode)])
    result = machines.compute_float(opcode, a, b)
    assert same_float(result, expected) or (math.isnan(result) and math.isnan(expected))


@given(st.sampled_from(opcodes_of("i", "f")), WORD)
def test_ints_make_the_floats_of_the_model(opcode, a):
    assert same_float(machines.compute_float_of_int(opcode, a), COMPUTE[opcode](a))


def test_whatever_computes_loads_stores_or_allocates_can_be_executed():
    flags = ops.PURE | ops.OVERFLOW | ops.LOAD | ops.STORE | ops.ALLOCATE
    for opcode, name in enumerate(ops.names):
        expected = ops.has_flag(opcode, flags) and not ops.has_flag(opcode, ops.LOWERED)
        if name.startswith("call_pure"):
            continue
        assert can_execute(opcode) == expected, name


class World:
    def __init__(self):
        self.samples = Samples()
        self.table = self.samples.memory.descriptors
        self.machine = HostMachine(self.samples.memory)
        self.operands = Operands()

    def run(self, name, *operands, descriptor=None):
        """Execute an operation by opcode, and by its own function; both must agree."""
        opcode = ops.by_name[name]
        self.operands.clear()
        for value in operands:
            if isinstance(value, float):
                self.operands.add_float(value)
            elif isinstance(value, int):
                self.operands.add_int(value)
            else:
                self.operands.add_reference(value)
        kind = ops.result_kinds[opcode]
        execute = {"i": machines.execute_int, "r": machines.execute_reference, "f": machines.execute_float,
                   "n": machines.execute_none}[kind]
        result = execute(self.machine, opcode, self.operands, descriptor)
        if kind in "if" and not ops.has_flag(opcode, ops.ALLOCATE):
            rest = [] if descriptor is None else [descriptor]
            again = EXECUTE[opcode, NO_VALUE](self.machine, *operands, *rest)
            assert again == result or (again != again and result != result)
        return result


@pytest.fixture
def world():
    return World()


def test_fields_of_all_widths_are_widened_and_cut(world):
    plain = world.run("new", descriptor=world.table.size(PLAIN))
    for name, written, read in (
        ("flag", 1, 1), ("letter", 0x141, 0x41), ("small", 0x180, -128), ("half", -1, -1), ("word", 2**31, -(2**31)),
        ("uhalf", -1, 0xFFFF), ("big", -1, -1),
    ):
        field = world.table.field(PLAIN, name)
        world.run("setfield_gc", plain, written, descriptor=field)
        assert world.run("getfield_gc_i", plain, descriptor=field) == read


def test_references_and_floats_in_instances(world):
    node = world.run("new_with_vtable", descriptor=world.table.size(NODE))
    leaf = world.run("new_with_vtable", descriptor=world.table.size(LEAF))
    world.run("setfield_gc", node, leaf, descriptor=world.table.field(NODE, "next"))
    world.run("setfield_gc", leaf, 2.5, descriptor=world.table.field(NODE, "weight"))
    assert world.run("getfield_gc_r", node, descriptor=world.table.field(NODE, "next")) == leaf
    assert world.run("getfield_gc_f", leaf, descriptor=world.table.field(LEAF, "weight")) == 2.5
    assert world.run("load_class", leaf) == world.table.size(LEAF).vtable
    assert world.machine.is_subclass(world.run("load_class", leaf), world.run("load_class", node))
    assert not world.machine.is_subclass(world.run("load_class", node), world.run("load_class", leaf))
    assert world.machine.is_instance(leaf) and world.machine.type_id_of(leaf) == world.table.type_id(LEAF)
    assert world.run("ptr_eq", leaf, leaf) == 1 and world.run("instance_ptr_eq", leaf, node) == 0
    assert world.run("ptr_iszero", leaf) == 0 and world.run("ptr_nonzero", NULL_REFERENCE) == 0
    assert world.machine.identity_hash(leaf) == world.machine.identity_hash(leaf)


def test_arrays_strings_and_structures_in_arrays(world):
    ints = world.table.array(INTS)
    array = world.run("new_array_clear", 3, descriptor=ints)
    world.run("setarrayitem_gc", array, 1, 77, descriptor=ints)
    assert [world.run("getarrayitem_gc_i", array, index, descriptor=ints) for index in range(3)] == [0, 77, 0]
    assert world.run("arraylen_gc", array, descriptor=ints) == 3
    assert not world.machine.is_instance(array)
    pairs = world.table.array(PAIRS)
    array = world.run("new_array_clear", 2, descriptor=pairs)
    world.run("setinteriorfield_gc", array, 1, 0.5, descriptor=world.table.interior_field(PAIRS, "ratio"))
    world.run("setinteriorfield_gc", array, 1, 6, descriptor=world.table.interior_field(PAIRS, "left"))
    assert world.run("getinteriorfield_gc_f", array, 1, descriptor=world.table.interior_field(PAIRS, "ratio")) == 0.5
    assert world.run("getinteriorfield_gc_i", array, 1, descriptor=world.table.interior_field(PAIRS, "left")) == 6
    strings = world.table.array(STRING)
    source, target = (world.run("newstr", 4, descriptor=strings) for _ in range(2))
    for index in range(4):
        world.run("strsetitem", source, index, 97 + index, descriptor=strings)
    world.run("copystrcontent", source, target, 1, 0, 2, descriptor=strings)
    assert [world.run("strgetitem", target, index, descriptor=strings) for index in range(2)] == [98, 99]
    assert world.run("strlen", target, descriptor=strings) == 4


def test_raw_structures_and_buffers(world):
    raw = malloc(RAW, flavor="raw", zero=True)
    address = world.samples.memory.address_of(raw)
    world.run("setfield_raw", address, 0.25, descriptor=world.table.field(RAW, "ratio"))
    assert world.run("getfield_raw_f", address, descriptor=world.table.field(RAW, "ratio")) == 0.25
    buffer = world.run("new_raw_buffer", 16)
    halves, doubles = world.table.array(RAW_INT16), world.table.array(RAW_FLOATS)
    world.run("raw_store", buffer, 8, 1.5, descriptor=doubles)
    world.run("raw_store", buffer, 2, 0xFFFE, descriptor=halves)
    assert world.run("raw_load_f", buffer, 8, descriptor=doubles) == 1.5
    assert world.run("raw_load_i", buffer, 2, descriptor=halves) == -2
    world.run("setarrayitem_raw", buffer, 3, -5, descriptor=halves)
    assert world.run("getarrayitem_raw_i", buffer, 3, descriptor=halves) == -5
    world.machine.free_raw_buffer(buffer)


def test_tagged_references_are_words(world):
    assert world.run("cast_ptr_to_int", world.run("cast_int_to_ptr", 7)) == 7
    assert world.run("cast_int_to_ptr", 0) == NULL_REFERENCE


def test_an_exception_of_a_call_waits_in_the_machine(world):
    address, callee = world.samples.names.integers["raise_if"], world.samples.names.descriptors["call.raise_if"]
    machine = world.machine
    assert machine.call_int(address, callee, [0], [], []) == 100
    assert machine.pending_exception() == NULL_REFERENCE
    assert machine.call_int(address, callee, [3], [], []) == 0
    exception = machine.pending_exception()
    assert exception != NULL_REFERENCE and machine.take_exception() == exception
    assert machine.pending_exception() == NULL_REFERENCE


def test_arguments_are_passed_by_kind_in_order(world):
    def mix(a, x, b, node, y):
        return a * 100 + b * 10 + x * y + node.value

    TYPE = FuncType([Signed, Float, Signed, Ptr(NODE), Float], Float)
    pointer = functionptr(TYPE, "mix", callable=mix)
    callee = world.table.call(TYPE, EffectDescriptor(CANNOT_RAISE))
    node = malloc(NODE, zero=True)
    node.value = 1000
    result = world.machine.call_float(
        world.samples.memory.address_of(pointer), callee, [4, 5], [cast_opaque_ptr(GCREF, node)], [0.5, 8.0]
    )
    assert result == 400 + 50 + 4.0 + 1000


def test_functions_with_a_graph_run_in_the_typed_interpreter():
    class Missing(Exception):
        pass

    def halve(n, wide):
        if n < 0:
            raise Missing
        return intmask(wide // r_uint(2)) + n

    def entry(n):
        return halve(n, r_uint(n))

    program = specialize(annotate(entry, [int]))
    graph = next(graph for graph in program.graphs if graph.name == "halve")
    memory = Memory(program.instance_types, TypedInterpreter(program))
    machine = HostMachine(memory)
    callee = memory.descriptors.call(FuncType([Signed, Unsigned], Signed), EffectDescriptor(CAN_RAISE))
    address = memory.address_of(program.function_pointer(graph))
    assert machine.call_int(address, callee, [1, -2], [], []) == -(2**63)
    assert machine.call_int(address, callee, [-1, 0], [], []) == 0
    assert "Missing" in memory.exception_of(machine.take_exception()).class_name
