"""Interpreters in RPython under the tracer: what each feature is for works from the source to the compiled trace."""

import pytest
from ouro.jitcore import operations as ops
from ouro.jitcore.testing import meta_interp
from ouro.rlib import jit
from ouro.rlib.jit import (
    JitDriver,
    conditional_call_elidable,
    dont_look_inside,
    elidable,
    elidable_promote,
    hint,
    isconstant,
    look_inside_iff,
    loop_invariant,
    promote,
    unroll_safe,
    virtual_ref,
    virtual_ref_finish,
    vref_None,
)


def same(function, *arguments, **settings):
    """Run with and without the JIT; the run."""
    run = meta_interp(function, list(arguments), **{"threshold": 3, "trace_eagerness": 3, **settings})
    assert run.raised is None
    assert run.result == function(*arguments)
    return run


class Frame:
    def __init__(self, value):
        self.value = value


class Holder:
    def __init__(self):
        self.top = vref_None


@dont_look_inside
def look(holder):
    frame = holder.top()
    if frame is None:
        return 0
    return frame.value


references = JitDriver(greens=["period"], reds=["n", "total", "holder"])


def count_frames(n, period):
    holder = Holder()
    total = 0
    while n > 0:
        references.can_enter_jit(n=n, total=total, holder=holder, period=period)
        references.jit_merge_point(n=n, total=total, holder=holder, period=period)
        frame = Frame(n)
        reference = virtual_ref(frame)
        holder.top = reference
        if n % period == 0:
            total += look(holder)
        total += 1
        holder.top = vref_None
        virtual_ref_finish(reference, frame)
        n -= 1
    return total


def test_the_object_of_a_virtual_reference_is_not_made_unless_someone_asks():
    run = same(count_frames, 100, 9)
    (loop,) = run.loops
    assert not any("new" in name or "call" in name for name in loop.counts())
    (bridge,) = run.bridges
    assert bridge.counts()["new_with_vtable"] == 2


def test_a_call_that_follows_a_virtual_reference_each_time_forces_nothing():
    run = same(count_frames, 100, 1)
    (loop,) = run.loops
    # the frame is made, and stays in the loop: its guard does not fail
    assert loop.counts()["call_may_force_i"] == 1
    assert run.statistics.guard_failures <= 2


several = JitDriver(greens=["code"], reds="auto", get_printable_location=lambda code: "code %d" % code)


@loop_invariant
def invariant():
    return 5


@look_inside_iff(lambda count: isconstant(count))
def sum_to(count):
    result = 0
    for number in range(count):
        result += number
    return result


@unroll_safe
def times(count, value):
    result = 0
    for _ in range(count):
        result += value
    return result


@elidable_promote()
def promoted(a, b):
    return a * b + 1


@elidable
def double(x):
    return x * 2


@dont_look_inside
def add_one(x):
    return x + 1


def use_hints(n):
    total = 0
    while n > 0:
        several.jit_merge_point(code=1)
        total += invariant() + invariant()
        total += sum_to(3) + sum_to(n % 4)
        total += times(3, n)
        total += promoted(3, 4)
        total += double(n)
        total += promote(n % 3)
        total = conditional_call_elidable(total, add_one, 3)
        n -= 1
    return total


def test_hints():
    run = same(use_hints, 120)
    assert len(run.loops) == 1 and not run.aborts


inner_driver = JitDriver(greens=[], reds=["n", "total"], name="inner")
outer_driver = JitDriver(greens=["k"], reds=["n", "total"], name="outer")


def inner(n):
    total = 0
    while n > 0:
        inner_driver.can_enter_jit(n=n, total=total)
        inner_driver.jit_merge_point(n=n, total=total)
        total += n
        n -= 1
    return total


def outer(n):
    total = 0
    k = 0
    while n > 0:
        outer_driver.can_enter_jit(k=k, n=n, total=total)
        outer_driver.jit_merge_point(k=k, n=n, total=total)
        total += inner(n % 6)
        k = (k + 1) % 3
        n -= 1
    return total


def test_one_driver_inside_another():
    run = same(outer, 100, function_threshold=3)
    assert any(name.startswith("call_assembler") for one in run.jitted.compiled for name in one.counts())


class Tree:
    def __init__(self, left, right, value):
        self.left = left
        self.right = right
        self.value = value


def tree(depth):
    if depth == 0:
        return None
    return Tree(tree(depth - 1), tree(depth - 1), depth)


walking = JitDriver(greens=["code"], reds=["node"], is_recursive=True)


def walk(code, node):
    walking.jit_merge_point(code=code, node=node)
    if node is None:
        return 0
    return walk(code, node.left) + walk(code, node.right) + node.value


def walk_often(times):
    root = tree(8)
    total = 0
    for _ in range(times):
        total += walk(1, root)
    return total


def test_recursion_is_inlined_called_or_both():
    for settings in ({}, {"trace_limit": 30}, {"inlining": 0}):
        run = same(walk_often, 5, function_threshold=5, **settings)
        assert any(name.startswith("call_assembler") for one in run.jitted.compiled for name in one.counts())


def test_a_function_that_calls_itself_twice_is_not_unrolled_into_a_tree():
    run = same(walk_often, 60, function_threshold=5, trace_eagerness=2)
    assert sum(sum(one.counts().values()) for one in run.jitted.compiled) < 80


def test_a_bridge_in_an_inlined_call_knows_how_deep_it_is():
    run = same(walk_often, 5, function_threshold=5)
    for one in run.jitted.compiled:
        depth = None
        for line in one.text().splitlines():
            name, _, rest = line.partition("(")
            if name == "debug_merge_point":
                if depth is not None:
                    assert int(rest.split(",")[1]) == depth, one.text()
                depth = int(rest.split(",")[1])
            elif depth is not None:
                depth += (name == "enter_portal") - (name == "leave_portal")


class Stop(Exception):
    pass


leaving = JitDriver(greens=["code"], reds=["node"], is_recursive=True)


def visit_child(code, node):
    if node is None:
        raise Stop
    return visit(code, node)


def visit(code, node):
    leaving.jit_merge_point(code=code, node=node)
    try:
        left = visit_child(code, node.left)
    except Stop:
        left = 1
    try:
        right = visit_child(code, node.right)
    except Stop:
        right = 2
    return left + right


def visit_often(times):
    root = tree(5)
    total = 0
    for _ in range(times):
        total += visit(1, root)
    return total


def test_exceptions_in_recursion():
    for settings in ({}, {"trace_limit": 60}):
        same(visit_often, 10, function_threshold=5, **settings)


class Base:
    def value(self):
        return 1


class Other(Base):
    def value(self):
        return 2


class Changing(Base):
    _immutable_fields_ = ["number?"]

    def __init__(self, number):
        self.number = number

    def value(self):
        return promote(self).number


class Closure(Base):
    _immutable_fields_ = ["number?"]

    def __init__(self, number):
        self.number = number

    def value(self):
        return self.number


shapes = JitDriver(greens=[], reds=["n", "total", "objects"])


def sum_values(n):
    objects = [Base(), Other(), Changing(5)]
    total = 0
    while n > 0:
        shapes.can_enter_jit(n=n, total=total, objects=objects)
        shapes.jit_merge_point(n=n, total=total, objects=objects)
        total += objects[n % 3].value()
        if n % 50 == 0:
            changing = objects[2]
            assert isinstance(changing, Changing)
            changing.number += 1
        n -= 1
    return total


def test_methods_of_several_classes_and_a_field_that_hardly_changes():
    run = same(sum_values, 300)
    assert run.statistics.invalidated_loops >= 3


def test_code_that_is_not_optimised_is_invalidated_too():
    run = same(sum_values, 300, enable_opts=0)
    assert run.statistics.invalidated_loops >= 3


def sum_closures(n):
    objects = [Base(), Base(), Base()]
    total = 0
    while n > 0:
        shapes.can_enter_jit(n=n, total=total, objects=objects)
        shapes.jit_merge_point(n=n, total=total, objects=objects)
        objects[n % 3] = Closure(n)
        closure = objects[(n + 1) % 3]
        if isinstance(closure, Closure):
            total += closure.value()
            if n % 50 == 0:
                closure.number += 1
            total += closure.value()
        n -= 1
    return total


def test_an_object_with_a_field_that_hardly_changes_need_not_be_the_same_one():
    run = same(sum_closures, 300)
    assert run.statistics.invalidated_loops == 0
    assert run.statistics.bridges <= 3


class Machine:
    _virtualizable_ = ["stack[*]", "top"]

    def __init__(self):
        self = hint(self, fresh_virtualizable=True, access_directly=True)
        self.stack = [0] * 5
        self.top = 0

    def push(self, value):
        self.stack[self.top] = value
        self.top += 1

    def pop(self):
        self.top -= 1
        return self.stack[self.top]


stack_driver = JitDriver(greens=["place", "code"], reds=["machine"], virtualizables=["machine"])


@dont_look_inside
def peek(machine):
    return machine.top + machine.stack[0]


def run_code(machine, code):
    machine = hint(machine, access_directly=True)
    place = 0
    while place < len(code):
        stack_driver.jit_merge_point(place=place, code=code, machine=machine)
        letter = code[place]
        place += 1
        if letter == "1":
            machine.push(1)
        elif letter == "-":
            second = machine.pop()
            machine.push(machine.pop() - second)
        elif letter == "d":
            value = machine.pop()
            machine.push(value)
            machine.push(value)
        elif letter == "k":
            machine.push(peek(machine))
        elif letter == "m":
            machine.push(machine.pop() % 5)
        elif letter == "s":
            if machine.pop() > 0:
                place += 2
        elif letter == "x":
            machine.pop()
        elif letter == "j":
            if machine.pop() > 0:
                place = 0
                stack_driver.can_enter_jit(place=place, code=code, machine=machine)
    return machine.pop()


def count_down(n):
    machine = Machine()
    machine.push(n)
    return run_code(machine, "1-dj") + 100


def count_down_and_look(n):
    machine = Machine()
    machine.push(n)
    return run_code(machine, "1-dmskxdj") + 100


def test_a_virtualizable_stays_in_registers():
    run = same(count_down, 60)
    (loop,) = run.loops
    assert not any("field" in name or "item" in name for name in loop.counts())


def test_a_virtualizable_is_written_when_someone_looks():
    run = same(count_down_and_look, 100, trace_eagerness=1000)
    assert run.loops


changes = JitDriver(greens=[], reds=["n", "total", "changing"])


def change_often(n, period):
    changing = Changing(5)
    total = 0
    while n > 0:
        changes.can_enter_jit(n=n, total=total, changing=changing)
        changes.jit_merge_point(n=n, total=total, changing=changing)
        promote(changing)
        total += changing.value()
        if n % period == 0:
            changing.number = n
        n -= 1
    return total


def change_seldom(n):
    return change_often(n, 50)


def change_always(n):
    return change_often(n, 1)


def test_a_loop_that_changes_a_field_that_it_does_not_depend_on_is_compiled():
    run = same(count_changes, 100)
    assert len(run.loops) == 1 and not run.aborts


def test_a_loop_that_changes_what_it_depends_on():
    same(change_seldom, 300)
    run = same(change_always, 100)
    assert run.statistics.loops == 0


writes = JitDriver(greens=[], reds=["n", "changing"])


def count_changes(n):
    changing = Changing(0)
    while n > 0:
        writes.can_enter_jit(n=n, changing=changing)
        writes.jit_merge_point(n=n, changing=changing)
        changing.number = n
        n -= 1
    return changing.number


quarters = JitDriver(greens=[], reds=["n", "total", "last"])


class Last:
    def __init__(self, number):
        self.number = number


def count_quarters(n):
    total = 0
    last = None
    while n > 0:
        quarters.can_enter_jit(n=n, total=total, last=last)
        quarters.jit_merge_point(n=n, total=total, last=last)
        if n & 3 == 0:
            total += n
            last = None
        elif last is not None:
            total -= last.number
        else:
            last = Last(n)
        n -= 1
    return total


def test_a_bridge_does_not_test_again_what_its_guard_has_tested():
    run = same(count_quarters, 100)
    assert run.bridges
    for bridge in run.bridges:
        first = next(opcode for opcode in bridge.body() if not ops.has_flag(opcode, ops.PURE | ops.MARKER))
        names = [ops.names[opcode] for opcode in bridge.body()]
        assert first not in (ops.GUARD_NONNULL, ops.GUARD_ISNULL), names
        assert "int_is_zero" not in names[:2], names


class Pair:
    def __init__(self, left, right):
        self.left = left
        self.right = right


@dont_look_inside
def check(n):
    if n % 3 == 0:
        raise ValueError
    return n


@dont_look_inside
def sum_of(pair):
    return pair.left + pair.right


raising = JitDriver(greens=[], reds=["n", "total"])


def pairs_around_exceptions(n):
    total = 0
    while n > 0:
        raising.jit_merge_point(n=n, total=total)
        pair = Pair(n, total & 7)
        try:
            pair.right += check(n)
        except ValueError:
            pair.left += sum_of(pair)
        total = (total + pair.left * 3 + pair.right) & 0xFFFFF
        n -= 1
    return total


@pytest.mark.parametrize("first, then", [("all", "all"), ("all", "none"), ("all", "all:-allocation"), ("none", "none")])
def test_a_bridge_behind_an_exception_makes_no_object_before_it_takes_the_exception(first, then):
    """The loop keeps the pair as its contents; the bridge, which is optimised in another way, may make it at once."""
    def function(n):
        raising_total = pairs_around_exceptions(4)
        jit.set_user_param(raising, "enable_opts=" + then)
        return raising_total + pairs_around_exceptions(n)

    run = same(function, 60, enable_opts=first, threshold=2)
    assert run.statistics.bridges >= 1
    # a guard that resumes as another one does
    again = same(function, 60, enable_opts=first, threshold=2, fail_guards=3)
    assert again.statistics.guard_failures > run.statistics.guard_failures
