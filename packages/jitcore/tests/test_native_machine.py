"""The machine of translated programs, compiled: it reads and writes what the program itself reads and writes."""

import os
import subprocess

import pytest
from ouro import cgen, gc, graphopt
from ouro.annotator import annotate
from ouro.flowspace import Link, Operation, Variable
from ouro.jitcore.descriptors import CAN_RAISE, EffectDescriptor
from ouro.jitcore.descriptors.from_types import DescriptorTable
from ouro.jitcore.machine.native import NativeMachine
from ouro.jitcore.machine.stubs import StubTable
from ouro.jitcore.trace import NULL_REFERENCE
from ouro.lltype import (
    GCREF,
    Bool,
    Char,
    Float,
    FuncType,
    GcArray,
    GcStruct,
    Int8,
    Int16,
    Int32,
    PointerWord,
    Ptr,
    Signed,
    SingleFloat,
    Struct,
    TypeIdWord,
    UInt16,
    Unsigned,
    Void,
    cast_opaque_ptr,
    functionptr,
    malloc,
)
from ouro.rlib import rgc
from ouro.rlib.nonconst import NonConstant
from ouro.rlib.objectmodel import dont_inline
from ouro.rlib.rarithmetic import intmask, r_singlefloat
from ouro.rlib.rfloat import single_from_bits, single_to_bits
from ouro.rtyper import specialize, verify_program

EMPTY = GcStruct("native_empty")
NODE = GcStruct("native_node", ("small", Int8), ("flag", Bool), ("letter", Char), ("half", Int16), ("uhalf", UInt16),
                ("word", Int32), ("big", Unsigned), ("weight", Float), ("next", Ptr(EMPTY)))
INTS, REFERENCES, BYTES = GcArray(Int16), GcArray(GCREF), GcArray(Char)
PAIRS = GcArray(Struct("native_pair", ("left", Int32), ("right", GCREF), ("ratio", Float)))
RAW = Struct("native_raw", ("count", Int32), ("ratio", Float))
NODE_POINTER, INTS_POINTER, BYTES_POINTER = Ptr(NODE), Ptr(INTS), Ptr(BYTES)
raw = malloc(RAW, flavor="raw", immortal=True, zero=True)


class Shape:
    def __init__(self, size):
        self.size = size


class Square(Shape):
    pass


class TooMuch(Exception):
    def __init__(self, amount):
        self.amount = amount


class Log:
    total = 0


log = Log()


def add(a, x, reference, b):
    if a > 100:
        raise TooMuch(a)
    return a * 10 + int(x) + (1000 if reference else 0) + b


def is_large(a):
    return a > 5


def narrow(letter, small):
    return small if letter == "x" else small - small


def halve(x):
    return r_singlefloat(float(x) * 0.5)


def scale(x, n):
    return x * n


def pick(first, second, n):
    return first if n else second


def note(n):
    log.total += n


SIGNATURES = [
    (add, [Signed, Float, GCREF, Signed], Signed), (is_large, [Signed], Bool), (narrow, [Char, Int8], Int8),
    (halve, [SingleFloat], SingleFloat), (scale, [Float, Signed], Float), (pick, [GCREF, GCREF, Signed], GCREF),
    (note, [Signed], Void),
]


@dont_inline
def native_part(reference):
    """Its body is replaced by a call of the checks, which are made when the program is typed."""
    return NonConstant(-1)


def make_main(pointers):
    """The program; `pointers` are to the functions of `SIGNATURES`, which must be in it."""
    to_add, to_is_large, to_narrow, to_halve, to_scale, to_pick, to_note = pointers

    def call_all(n):
        total = to_add(n, 0.5, NULL_REFERENCE, 1) + int(to_is_large(n)) + int(to_narrow("x", 3))
        total += int(float(to_halve(r_singlefloat(1.0))) + to_scale(0.5, n))
        to_note(0)
        return total + int(bool(to_pick(NULL_REFERENCE, NULL_REFERENCE, n)))

    def main():
        shape = Shape(3) if log.total else Square(7)
        failed = native_part(rgc.cast_instance_to_gcref(shape))
        if call_all(3) > 0 and shape.size == 70 and log.total == 5 and raw.count == -9:
            os.write(1, ("failed: %d" % failed).encode("latin-1"))
        return 0

    return main


def make_checks(table, pointers):
    """The checks with prebuilt descriptors; the function gives the number of the first check that failed, or 0."""
    by_name = {"".join(vtable.name).split(".")[-1]: TYPE for TYPE, vtable in table.instance_types.items()}
    shape_size, square = by_name["Shape"], by_name["Square"]
    size_field, square_size = table.field(shape_size, "inst_size"), table.size(square)
    shape_vtable = table.size(shape_size).vtable
    node_size, empty_size = table.size(NODE), table.size(EMPTY)
    narrow_fields = [table.field(NODE, name) for name in ("small", "flag", "letter", "half", "uhalf", "word", "big")]
    written = [-5, 1, 65, -300, 65000, -70000, -1]
    weight, following = table.field(NODE, "weight"), table.field(NODE, "next")
    ints, references, texts = table.array(INTS), table.array(REFERENCES), table.array(BYTES)
    left, right, ratio = [table.interior_field(PAIRS, name) for name in ("left", "right", "ratio")]
    pairs = table.array(PAIRS)
    raw_count, raw_ratio = table.field(RAW, "count"), table.field(RAW, "ratio")
    raw_address = PointerWord(raw)
    effect = EffectDescriptor(CAN_RAISE)
    addresses, callees = {}, {}
    for (function, arguments, result), pointer in zip(SIGNATURES, pointers):
        addresses[function.__name__] = PointerWord(pointer)
        callees[function.__name__] = table.call(FuncType(arguments, result), effect)
    machine = NativeMachine()

    def memory(shape):
        for index in range(len(written)):
            node = machine.new(node_size)
            for other in range(len(written)):
                machine.set_field_int(node, written[(index + other) % len(written)], narrow_fields[other])
            machine.set_field_int(node, written[index], narrow_fields[index])
            if machine.get_field_int(node, narrow_fields[index]) != written[index]:
                return 1
        node = machine.new(node_size)
        typed = cast_opaque_ptr(NODE_POINTER, node)
        typed.half = -7
        machine.set_field_float(node, 2.5, weight)
        if machine.get_field_int(node, narrow_fields[3]) != -7 or typed.weight != 2.5:
            return 2
        empty = machine.new(empty_size)
        machine.set_field_reference(node, empty, following)
        # the node is old now and what it refers to young
        rgc.collect()
        machine.set_field_reference(node, machine.new(empty_size), following)
        rgc.collect(0)
        if machine.get_field_reference(node, following) == empty or not machine.get_field_reference(node, following):
            return 3
        if machine.type_id_of(node) != node_size.type_id or machine.type_id_of(empty) != empty_size.type_id:
            return 4
        if machine.is_instance(node) or not machine.is_instance(shape):
            return 5
        if machine.get_field_int(shape, size_field) != 7 or machine.class_of(shape) != square_size.vtable:
            return 6
        machine.set_field_int(shape, 70, size_field)
        if not machine.is_subclass(square_size.vtable, shape_vtable) or machine.is_subclass(
            shape_vtable, square_size.vtable
        ):
            return 7
        other = machine.new(square_size)
        if machine.class_of(other) != square_size.vtable or machine.get_field_int(other, size_field) != 0:
            return 8
        if machine.identity_hash(node) != machine.identity_hash(node):
            return 9
        return 0

    def arrays():
        array = machine.new_array(ints, 5, True)
        machine.set_item_int(array, 4, -2, ints)
        if len(cast_opaque_ptr(INTS_POINTER, array)) != 5 or cast_opaque_ptr(INTS_POINTER, array)[4] != -2:
            return 20
        if machine.get_item_int(array, 4, ints) != -2 or machine.array_length(array, ints) != 5:
            return 21
        many = machine.new_array(references, 3000, True)
        rgc.collect()
        for index in range(0, 3000, 7):
            item = machine.new_array(ints, 1, True)
            machine.set_item_int(item, 0, index, ints)
            machine.set_item_reference(many, index, item, references)
        rgc.collect(0)
        for index in range(0, 3000, 7):
            if machine.get_item_int(machine.get_item_reference(many, index, references), 0, ints) != index:
                return 22
        array = machine.new_array(pairs, 10, True)
        machine.set_interior_field_int(array, 9, -100000, left)
        machine.set_interior_field_float(array, 9, 0.25, ratio)
        rgc.collect()
        machine.set_interior_field_reference(array, 9, machine.new_array(ints, 2, True), right)
        rgc.collect(0)
        if machine.get_interior_field_int(array, 9, left) != -100000:
            return 23
        if machine.get_interior_field_float(array, 9, ratio) != 0.25:
            return 24
        if machine.array_length(machine.get_interior_field_reference(array, 9, right), ints) != 2:
            return 25
        source, target = machine.new_array(texts, 4, True), machine.new_array(texts, 4, True)
        for index in range(4):
            machine.set_item_int(source, index, 97 + index, texts)
        machine.copy_string_content(source, target, 1, 2, 2, texts)
        if cast_opaque_ptr(BYTES_POINTER, target)[3] != "c" or machine.get_item_int(target, 2, texts) != 98:
            return 26
        return 0

    def raw_memory():
        machine.set_raw_field_int(raw_address, -9, raw_count)
        machine.set_raw_field_float(raw_address, 0.5, raw_ratio)
        if raw.count != -9 or machine.get_raw_field_float(raw_address, raw_ratio) != 0.5:
            return 40
        buffer = machine.new_raw_buffer(64)
        machine.raw_store_int(buffer, 6, -3, ints)
        if machine.raw_load_int(buffer, 6, ints) != -3:
            return 41
        machine.raw_store_float(buffer, 8, 1.5, ints)
        if machine.raw_load_float(buffer, 8, ints) != 1.5:
            return 42
        machine.free_raw_buffer(buffer)
        return 0

    add_at, add_call = addresses["add"], callees["add"]
    large_at, large_call = addresses["is_large"], callees["is_large"]
    narrow_at, narrow_call = addresses["narrow"], callees["narrow"]
    halve_at, halve_call = addresses["halve"], callees["halve"]
    scale_at, scale_call = addresses["scale"], callees["scale"]
    pick_at, pick_call = addresses["pick"], callees["pick"]
    note_at, note_call = addresses["note"], callees["note"]

    def calls(shape):
        if machine.call_int(add_at, add_call, [4, 7], [shape], [2.5]) != 1049:
            return 60
        if machine.call_int(large_at, large_call, [9], [], []) != 1 or machine.call_int(
            large_at, large_call, [2], [], []
        ):
            return 61
        if machine.call_int(narrow_at, narrow_call, [ord("x"), -7], [], []) != -7:
            return 62
        half = machine.call_int(halve_at, halve_call, [intmask(single_to_bits(r_singlefloat(3.0)))], [], [])
        if float(single_from_bits(half)) != 1.5:
            return 63
        if machine.call_float(scale_at, scale_call, [3], [], [1.5]) != 4.5:
            return 64
        if machine.call_reference(pick_at, pick_call, [1], [shape, NULL_REFERENCE], []) != shape:
            return 65
        machine.call_none(note_at, note_call, [5], [], [])
        if machine.pending_exception():
            return 66
        if machine.call_int(add_at, add_call, [101, 0], [NULL_REFERENCE], [0.0]) != 0:
            return 67
        error = rgc.cast_gcref_to_instance(TooMuch, machine.take_exception())
        if error is None or error.amount != 101 or machine.pending_exception():
            return 68
        return 0

    def checks(shape):
        return memory(shape) or arrays() or raw_memory() or calls(shape)

    return checks


@pytest.mark.parametrize("collector", ["generational", "marksweep", "none"])
def test_the_native_machine_works_on_the_program_s_data(tmp_path, collector):
    # a function pointer belongs to one program
    pointers = [functionptr(FuncType(given, result), f.__name__, callable=f) for f, given, result in SIGNATURES]
    program = specialize(annotate(make_main(pointers), []))
    table = DescriptorTable(program.instance_types, PointerWord, TypeIdWord, StubTable().stub_for)
    helper = program.add_helper(make_checks(table, pointers), [GCREF], Signed)
    (graph,) = [graph for graph in program.graphs if graph.name == "native_part"]
    result = Variable("result", Signed)
    start = graph.startblock
    start.operations = [Operation("direct_call", [helper, start.inputargs[0]], result)]
    start.exitswitch, start.exits = None, [Link([result], graph.returnblock)]
    verify_program(program)
    graphopt.optimize(program)
    executable = tmp_path / "native"
    cgen.build(cgen.generate(gc.transform(program, collector)), executable, optimisation=0)
    done = subprocess.run([str(executable)], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "failed: 0", "")
