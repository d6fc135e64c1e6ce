"""Jitcodes do what the functions do that they are written from, and only what the marks of the functions allow."""

import math

import pytest
from codewriter_support import NO_INLINING, agree, write
from ouro.jitcore.codewriter import CodewriterError, Policy
from ouro.jitcore.codewriter.rules import NEVER_TRACED, RULES
from ouro.jitcore.descriptors import (
    CAN_RAISE,
    CANNOT_RAISE,
    ELIDABLE_CAN_RAISE,
    ELIDABLE_CANNOT_RAISE,
    LOOP_INVARIANT,
    SPECIAL_NOT_IN_TRACE,
    SPECIAL_STRING_EQUAL,
    CallDescriptor,
)
from ouro.jitcore.jitcode.text import decode
from ouro.lltype import Char, GcArray, SingleFloat, malloc
from ouro.rlib import jit
from ouro.rlib.jit import JitDriver
from ouro.rlib.objectmodel import compute_identity_hash
from ouro.rlib.rarithmetic import int_c_div, int_c_mod, intmask, ovfcheck, r_singlefloat, r_uint
from ouro.rtyper import OPERATIONS


def lines_of(written, name):
    """The instructions of a jitcode, as text, without live marks."""
    text = written.text()
    start = text.index(f"jitcode {name}(")
    lines = text[start:].split("\n\n")[0].splitlines()[1:]
    return [line.strip() for line in lines if not line.strip().startswith("live") and not line.endswith(":")]


def calls_in(written, name, prefix="residual_call"):
    """The call descriptors of the calls in a jitcode."""
    jitcode = next(one for one in written.jitcodes.jitcodes if one.name == name)
    return [
        operand for line in decode(written.jitcodes, jitcode) if line.name.startswith(prefix)
        for operand in line.operands if isinstance(operand, CallDescriptor)
    ]


def names_of(written):
    return [jitcode.name for jitcode in written.jitcodes.jitcodes]


# ---- numbers


def test_every_operation_of_graphs_has_a_rule_or_is_called():
    assert set(RULES) <= set(OPERATIONS)
    assert NEVER_TRACED <= set(OPERATIONS) and not NEVER_TRACED & set(RULES)


def test_integers():
    def function(a, b):
        total = (a + b) * 3 - (a ^ b) + (a & 0xFF) + (b | 1) + ~a + -b
        total += (a >> 3) + (abs(b) << 2) + max(a, b) * 5 - min(a, b)
        if b != 0:
            total += a // b + a % b + int_c_div(a, b) * 7 + int_c_mod(a, b)
        u = r_uint(a) * r_uint(3) + (r_uint(b) >> r_uint(5))
        if u > r_uint(1000):
            total += intmask(u % r_uint(1000)) + intmask(u // r_uint(77))
        return intmask(total + intmask(u)) + int(a < b) + int(a >= b) * 2

    agree(function, (5, 3), (-5, 3), (5, -3), (-5, -3), (0, 0), (1 << 40, -77), (-(1 << 50), 12345))


def test_calls_pass_single_precision_numbers_as_their_bits():
    """Compiled code passes words: a function that takes or gives a number in a register for floats is wrapped."""
    @jit.dont_look_inside
    def half(x):
        return r_singlefloat(float(x) / 2.0)

    @jit.dont_look_inside
    def twice(x):
        return r_singlefloat(float(x) * 2.0)

    def function(a, b):
        x = half(r_singlefloat(float(a)))
        change = half if b > 3 else twice
        return int(float(change(x)) * 4.0) + int(float(r_singlefloat(0.1)) * 1e9)

    written = agree(function, (5, 3), (-7, 4), limits=NO_INLINING)
    calls = calls_in(written, "function")
    assert len(calls) >= 5
    for call in calls:
        FUNCTION = written.writer.descriptors.type_of(call)
        assert SingleFloat not in [*FUNCTION.ARGS, FUNCTION.RESULT]


def test_overflow_is_caught_or_leaves():
    def safe(a, b):
        try:
            return ovfcheck(a * b)
        except OverflowError:
            return -1

    def caller(a, b):
        try:
            return ovfcheck(a + b) + ovfcheck(a - b)
        except OverflowError:
            return safe(a, b)

    big = 1 << 62
    agree(caller, (3, 4), (big, big), (-big, -big - 5), (big, -big), (big * 2 - 1, 1))
    agree(lambda a: ovfcheck(a + 1) if a else ovfcheck(-a), (5,), ((1 << 63) - 1,), (0,))


def test_floats():
    def function(x, n):
        y = x * 2.5 + n
        if y > 10.0 or x != x:
            y = -y / 3.0
        if y:
            y = abs(y) - 1.0
        return y + int(x)

    agree(function, (1.5, 3), (100.0, -7), (0.0, 0), (-2.25, 1))


def test_strings_and_lists():
    def function(text, n):
        pieces = [text, "-", str(n)]
        result = "".join(pieces)
        table = {}
        for piece in pieces:
            table[piece] = len(piece)
        numbers = [0] * 4
        numbers[n & 3] = table[text]
        numbers.append(n)
        return result + text[1:] + chr(65 + (n & 7)) + str(numbers[n & 3]) + str(len(numbers))

    agree(function, ("hello", 3), ("x", -12))


# ---- control


def test_loops_and_moves_in_circles():
    def function(n):
        a, b, c = 1, 2, 3
        while n > 0:
            a, b, c = b, c, a + n
            if n & 1:
                a, b = b, a
            n -= 1
        return a * 10000 + b * 100 + c

    agree(function, (0,), (1,), (2,), (9,), (30,))


def test_switches():
    def function(n):
        if n == 1:
            return 10
        elif n == 2:
            return 25
        elif n == 7:
            return 31
        elif n == -1:
            return 4
        return n

    written = agree(function, (1,), (2,), (7,), (-1,), (0,), (100,))
    assert any(line.startswith("switch") for line in lines_of(written, "function"))


class First(Exception):
    def __init__(self, code):
        self.code = code


class Second(First):
    pass


def test_exceptions():
    def risky(n):
        if n == 1:
            raise First(n)
        if n == 2:
            raise Second(n * 3)
        if n == 3:
            raise KeyError
        if n == 4:
            raise ValueError
        return n

    def function(n):
        result = 0
        try:
            result = risky(n)
            result += 100
        except Second as error:
            result -= error.code
        except First as error:
            result -= error.code * 1000
        except KeyError:
            raise
        finally:
            result += 7
        return result

    written = agree(function, (0,), (1,), (2,), (3,), (4,), (5,))
    assert "risky" in names_of(written)


class Shape:
    def area(self, n):
        return n


class Square(Shape):
    def area(self, n):
        return n * n


class Looping(Shape):
    def area(self, n):
        total = 0
        while n > 0:
            total += n
            n -= 1
        return total


def test_methods_are_looked_up_in_the_table_of_addresses():
    def function(n):
        shapes = [Shape(), Square(), Looping()]
        return shapes[n % 3].area(n) + int(isinstance(shapes[n % 3], Square))

    written = agree(function, (3,), (4,), (5,))
    lines = lines_of(written, "function")
    assert any(line.startswith("guard_class") for line in lines)
    assert any(line.startswith("int_guard_value") for line in lines)
    # the method with a loop is called, the two others are jitcodes
    assert len(written.jitcodes.called_addresses) == 2


# ---- what is looked into


def test_the_marks_of_functions_decide():
    @jit.dont_look_inside
    def outside(n):
        return n + 1

    @jit.elidable
    def pure(n):
        return n * 3

    @jit.elidable
    def pure_or_not(n):
        if n == 13:
            raise ValueError
        return n

    @jit.unroll_safe
    def short(n):
        total = 0
        for i in range(3):
            total += n + i
        return total

    def long(n):
        total = 0
        while n > 0:
            n -= 1
            total += n
        return total

    @jit.look_inside
    def wanted(n):
        while n > 10:
            n -= 10
        return n

    @jit.loop_invariant
    def invariant():
        return 5

    @jit.not_in_trace
    def count():
        counter.value += 1

    class Counter:
        value = 0

    counter = Counter()

    def function(n):
        count()
        return outside(n) + pure(n) + pure_or_not(n) + short(n) + long(n) + wanted(n) + invariant()

    written = agree(function, (5,), (13,), (40,))
    names = names_of(written)
    assert "short" in names and "wanted" in names
    assert not {"outside", "pure", "pure_or_not", "long", "invariant", "count"} & set(names)
    effects = [call.effect for call in calls_in(written, "function")]
    assert [effect.extra for effect in effects] == [
        CANNOT_RAISE, CANNOT_RAISE, ELIDABLE_CANNOT_RAISE, ELIDABLE_CAN_RAISE, CANNOT_RAISE, LOOP_INVARIANT]
    assert [effect.special == SPECIAL_NOT_IN_TRACE for effect in effects] == [True] + [False] * 5


def test_a_predicate_says_whether_to_look_inside():
    @jit.look_inside_iff(lambda items, n: jit.loop_unrolling_heuristic(items, n, 3))
    def total(items, n):
        result = 0
        for i in range(n):
            result += items[i]
        return result

    def function(n):
        items = [5] * 10
        return total(items, n) + n

    written = agree(function, (2,), (9,))
    names = names_of(written)
    assert "total" in names and "total.2" in names and "total_called" not in names
    text = written.text()
    assert "int_is_constant" in text and "residual_call_i" in text
    assert "call_ri_i" in text  # its arguments are passed as they are


def test_what_only_runs_without_the_jit_is_no_loop():
    def function(n):
        if not jit.we_are_jitted():
            while n > 3:
                n -= 3
            return n
        return n * 2

    def entry(n):
        return function(n)

    written = write(entry, (5,))
    assert "function" in names_of(written)
    assert lines_of(written, "function") == ["int_mul i0, 2 -> i0", "int_return i0"]


def test_a_policy_may_refuse():
    class Mine(Policy):
        def look_inside_function(self, function):
            return function.__name__ != "refused"

    def refused(n):
        return n + 1

    def function(n):
        return refused(n)

    assert names_of(agree(function, (5,), policy=Mine())) == ["function"]


def test_effects_say_what_a_call_touches():
    class Box:
        def __init__(self, value):
            self.value = value
            self.other = value

    @jit.dont_look_inside
    def change(box, items):
        box.value += items[0]
        return box.value

    def function(n):
        box = Box(n)
        items = [n] * 3
        items[1] = change(box, items)
        return box.other + box.value + items[1]

    written = agree(function, (5,))
    (call,) = [one for one in calls_in(written, "function") if one.argument_kinds == "rr"]
    fields = {descriptor.name.split(".")[1]: descriptor for descriptor in written.jitcodes.descriptors
              if type(descriptor).__name__ == "FieldDescriptor"}
    (array,) = [one for one in written.jitcodes.descriptors if type(one).__name__ == "ArrayDescriptor"]
    effect = call.effect
    assert effect.writes_field(fields["inst_value"]) and effect.reads_field(fields["inst_value"])
    assert not effect.writes_field(fields["inst_other"]) and not effect.reads_field(fields["inst_other"])
    assert effect.reads_array(array) and not effect.writes_array(array)
    assert not effect.forces() and not effect.can_invalidate and effect.extra == CANNOT_RAISE


def test_operations_without_instructions_are_calls_that_may_be_elidable():
    class Thing:
        pass

    def function(a, b):
        thing = Thing()
        same = compute_identity_hash(thing) == compute_identity_hash(thing)
        return intmask(r_uint(a) // r_uint(b)) + int(same) + int(math.sqrt(float(a)))

    written = agree(function, (50, 3), (-1, 10))
    assert {call.effect.extra for call in calls_in(written, "function")} == {ELIDABLE_CANNOT_RAISE}


def test_a_function_that_recurses_may_run_out_of_stack():
    @jit.dont_look_inside
    def fibonacci(n):
        return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)

    written = agree(lambda n: fibonacci(n), (10,))
    (call,) = calls_in(written, names_of(written)[0])
    assert call.effect.extra == CAN_RAISE


# ---- hints


def test_promotion():
    @jit.elidable_promote("0,1")
    def pure(text, n):
        return len(text) + n

    def function(text, n):
        n = jit.promote(n)
        text = jit.promote_string(text)
        return pure(text, n + 1)

    lines = lines_of(agree(function, ("abc", 4)), "function")
    assert [line.split()[0] for line in lines] == [
        "int_guard_value", "string_guard_value", "int_add", "string_guard_value", "int_guard_value", "residual_call_i",
        "int_return"]


def test_conditional_calls():
    class Box:
        value = 0

    @jit.dont_look_inside
    def fill(box, n):
        box.value = n

    @jit.elidable
    def compute(n):
        return n * n

    def function(n):
        box = Box()
        jit.conditional_call(n > 5, fill, box, n)
        return box.value * 1000 + jit.conditional_call_elidable(n - 3, compute, n)

    lines = lines_of(agree(function, (2,), (3,), (9,)), "function")
    assert [line.split()[0] for line in lines if "conditional" in line] == ["conditional_call",
    "conditional_call_value_i"]


def test_a_conditional_call_that_may_raise_is_a_branch():
    @jit.dont_look_inside
    def check(items, n):
        if n == 13:
            raise ValueError
        items.append(n)

    def function(n):
        items = [1]
        result = 0
        jit.conditional_call(n > 20, check, items, n)
        try:
            result = n * 2
            jit.conditional_call(n > 5, check, items, n)
            result += 1
        except ValueError:
            result -= 50
        return result * 10 + len(items)

    written = agree(function, (2,), (9,), (13,), (30,))
    assert not any("conditional" in line for line in lines_of(written, "function"))


def test_a_long_array_is_made_by_a_call_which_may_raise():
    BYTES = GcArray(Char)

    def make_zeros(n):
        return malloc(BYTES, n, zero=True)

    def function(n):
        try:
            items = make_zeros(n)
        except MemoryError:
            return -1
        return len(items) + ord(items[n - 1]) + len(make_zeros(5))

    written = agree(function, (2,), (1024,), (1025,), (5000,))
    lines = lines_of(written, "make_zeros")
    assert [line.split()[0] for line in lines] == [
        "goto_if_not_int_le", "new_array_clear", "reference_return", "residual_call_r", "goto"]
    call, = calls_in(written, "make_zeros")
    assert call.effect.can_raise()


def test_strings_are_compared_by_a_call_that_the_optimizer_knows():
    def function(text, n):
        same = text == str(n)
        return int(same)

    written = agree(function, ("12", 12), ("12", 13))
    specials = [call.effect.special for call in calls_in(written, "function")]
    assert SPECIAL_STRING_EQUAL in specials


class Frame:
    _virtualizable_ = ["items[*]", "depth"]

    def __init__(self, size):
        self = jit.hint(self, access_directly=True, fresh_virtualizable=True)
        self.items = [0] * size
        self.depth = 0
        self.other = 1

    def push(self, value):
        self.items[self.depth] = value
        self.depth += 1

    def pop(self):
        self.depth -= 1
        return self.items[self.depth]


def make_interpreter(**options):
    driver = JitDriver(greens=["pc", "code"], reds=["frame"], virtualizables=["frame"], name="test", **options)

    def run(code, frame):
        pc = 0
        frame = jit.hint(frame, access_directly=True)
        while pc < len(code):
            driver.jit_merge_point(pc=pc, code=code, frame=frame)
            op = code[pc]
            pc += 1
            if op == "1":
                frame.push(len(code))
            elif op == "+":
                frame.push(frame.pop() + frame.pop())
            elif op == "d":
                frame.push(frame.items[frame.depth - 1] - len(frame.items))
            elif op == "(":
                inner = Frame(5)
                frame.push(run("1d", inner) + frame.other)
            elif op == "<":
                if frame.pop() > 0:
                    pc = 0
                    driver.can_enter_jit(pc=pc, code=code, frame=frame)
        return frame.pop()

    def entry(code, size):
        return run(code, Frame(size))

    return driver, entry


def test_the_fields_of_a_virtualizable_are_used_by_instructions_of_their_own():
    _, entry = make_interpreter(is_recursive=True)
    written = agree(entry, ("11+", 5), ("1d(+", 7), ("1dddd<1", 9))
    portal = written.jitcodes.portals[0]
    description = written.jitcodes.virtualizables[0]
    assert [field.name for field in description.fields] == ["Frame.inst_depth"]
    assert [field.name for field in description.array_fields] == ["Frame.inst_items"]
    text = written.text()
    assert "getarrayitem_virtualizable_i" in text and "setfield_virtualizable_i" in text
    assert "arraylen_virtualizable" in text
    # a frame that is being made is not in registers yet
    assert "setfield_gc_r" in text and "setfield_gc_i" in text
    lines = lines_of(written, portal.name)
    assert any(line.startswith("jit_merge_point 0, ") for line in lines)
    assert "loop_header 0" in lines
    # what runs the portal again says so, with the greens promoted
    assert "recursive_call_i 0, [0], " in text
    assert portal.argument_kinds == "irr"


def test_a_virtualizable_may_be_forced_as_a_whole():
    driver = JitDriver(greens=["pc"], reds=["frame", "n"], virtualizables=["frame"], name="test")

    def entry(n):
        frame = Frame(3)
        pc = 0
        while n > 0:
            driver.jit_merge_point(pc=pc, frame=frame, n=n)
            frame.depth += 1
            jit.force_virtualizable(frame)
            n -= frame.depth
        return n

    written = agree(entry, (9,))
    names = [line.split()[0] for line in lines_of(written, written.jitcodes.portals[0].name)]
    assert names.count("hint_force_virtualizable") == 1


def test_the_array_of_a_virtualizable_is_read_again_in_each_block_that_uses_it():
    @jit.unroll_safe
    def cleared(frame, n):
        items = frame.items
        for i in range(n):
            if items[i] > 3:
                items[i] = 0
        return len(items)

    driver = JitDriver(greens=["pc"], reds=["frame", "n"], virtualizables=["frame"], name="test")

    def entry(n):
        frame = Frame(6)
        pc = 0
        while n > 0:
            driver.jit_merge_point(pc=pc, frame=frame, n=n)
            frame.items[n] = n + 2
            n -= cleared(frame, n) - 5
        return frame.items[1] + frame.items[2] * 10 + frame.items[3] * 100

    written = agree(entry, (5,), (2,))
    assert "getarrayitem_virtualizable_i" in written.text()


def test_drivers_without_can_enter_jit_may_close_loops_at_every_merge_point():
    driver = JitDriver(greens=["pc"], reds=["n"], name="test")

    def entry(n):
        pc = 0
        while n > 0:
            driver.jit_merge_point(pc=pc, n=n)
            n -= 1
        return n

    written = agree(entry, (5,))
    names = [line.split()[0] for line in lines_of(written, written.jitcodes.portals[0].name)]
    assert names[:2] == ["int_guard_value", "jit_merge_point"]
    assert names.count("loop_header") == 1


def test_the_collector_may_run_in_a_call_that_only_looks_at_a_virtualizable():
    driver = JitDriver(greens=["pc"], reds=["frame", "n"], virtualizables=["frame"], name="test")

    @jit.dont_look_inside
    def look(frame):
        return frame.depth

    def entry(n):
        frame = Frame(3)
        pc = 0
        while n > 0:
            driver.jit_merge_point(pc=pc, frame=frame, n=n)
            n -= look(frame) + 1
        return n

    written = agree(entry, (9,))
    (call,) = [one for one in calls_in(written, written.jitcodes.portals[0].name) if one.argument_kinds == "r"]
    assert call.effect.forces() and call.effect.can_collect


def test_quasi_immutable_fields():
    class Cell:
        _immutable_fields_ = ["value?"]

        def __init__(self, value):
            self.value = value

    cell = Cell(5)

    def change(n):
        cell.value = n

    def function(n):
        result = cell.value
        change(n)
        return result

    written = agree(function, (5,))
    assert [line.split()[0] for line in lines_of(written, "function")][:2] == ["quasi_immutable_field", "getfield_gc_i"]
    assert [line.split()[0] for line in lines_of(written, "change")][:2] == ["force_quasi_immutable", "setfield_gc_i"]


def test_recorded_facts():
    class Thing:
        pass

    class Special(Thing):
        value = 5

    thing = Special()

    def function(n):
        other = thing if n == 5 else Thing()
        if n == 5:
            jit.record_exact_class(other, Special)
            jit.record_exact_value(other, thing)
            jit.record_exact_value(n, 5)
        return n

    names = [line.split()[0] for line in lines_of(agree(function, (5,), (6,)), "function") if "record" in line]
    assert names == ["record_exact_class", "reference_record_exact_value", "int_record_exact_value"]


def test_branches_whose_ways_are_the_same_are_none():
    @jit.look_inside
    def get(items, n):
        return items[n]

    def function(n):
        items = [n, 5, 7, 1]
        return get(items, n & 3)

    written = agree(function, (5,), (2,), optimise=False)
    # what is left of the assertion that the index lies in the list
    assert "goto_if_not" not in written.text()


def test_virtual_references():
    class Node:
        def __init__(self, value):
            self.value = value

    def function(n):
        node = Node(n)
        reference = jit.virtual_ref(node)
        node.value += reference().value
        jit.virtual_ref_finish(reference, node)
        return node.value

    written = write(function, (5,))
    names = [line.split()[0] for line in lines_of(written, "function") if "virtual_ref" in line]
    assert names == ["virtual_ref", "promote_virtual_ref", "force_virtual_ref", "virtual_ref_finish"]


# ---- contradictions


def test_an_elidable_function_may_not_change_its_arguments():
    class Box:
        def __init__(self):
            self.value = 0
            self.cache = 0

    @jit.elidable
    def fine(box):
        if box.cache == 0:
            box.cache = 5
        return box.cache

    @jit.elidable
    def wrong(box):
        box.value = 1
        return 2

    def function(n):
        box = Box()
        return fine(box) + (wrong(box) if n else 0)

    with pytest.raises(CodewriterError, match="wrong: marked elidable, but it changes the field value of what it was"):
        write(function, (5,))


def test_an_elidable_function_may_not_count_calls():
    class Box:
        def __init__(self):
            self.value = 0
            self.numbers = 0
            self.number = 0

    def add(box, n):
        box.value = box.value * 2 + n
        return box.value

    @jit.elidable
    def wrong(box, n):
        if n > 3:
            n += 1
        return add(box, n)

    @jit.elidable
    def fine(box):
        if box.number == 0:
            box.numbers += 1
            box.number = box.numbers
        return box.number

    def function(n):
        box = Box()
        return fine(box) + (wrong(box, n) if n else 0)

    with pytest.raises(CodewriterError, match="wrong: marked elidable, but it changes the field value .* through add"):
        write(function, (5,))


def test_an_elidable_function_has_a_result():
    @jit.elidable
    def wrong(items):
        items.append(1)

    def function(n):
        items = [n]
        wrong(items)
        return len(items)

    with pytest.raises(CodewriterError, match="wrong: marked elidable, but it has no result"):
        write(function, (5,))


def test_the_error_names_file_and_line():
    driver = JitDriver(greens=["pc"], reds=["n"], name="first")
    other = JitDriver(greens=["pc"], reds=["n"], name="second")

    def entry(n):
        pc = 0
        while n > 0:
            driver.jit_merge_point(pc=pc, n=n)
            other.can_enter_jit(pc=pc, n=n)
            n -= 1
        return n

    with pytest.raises(CodewriterError) as caught:
        write(entry, (5,))
    assert "can_enter_jit of the driver second, which has no merge point" in caught.value.message
    assert "test_codewriter.py:" in str(caught.value)


def test_the_array_of_a_virtualizable_cannot_be_passed_around():
    driver = JitDriver(greens=["pc"], reds=["frame", "n"], virtualizables=["frame"], name="test")

    def total(items):
        result = 0
        for item in items:
            result += item
        return result

    def entry(n):
        frame = Frame(6)
        pc = 0
        while n > 0:
            driver.jit_merge_point(pc=pc, frame=frame, n=n)
            n -= total(frame.items) + 1
        return n

    with pytest.raises(CodewriterError, match="of a virtualizable is passed around"):
        write(entry, (5,))
