"""A bridge whose values fit no body of its loop gets one: the next iteration is recorded behind it."""

import pytest
from ouro.jitcore import operations as ops
from ouro.jitcore.testing import meta_interp
from ouro.jitcore.tracer.meta_interpreter import MetaInterpreter
from ouro.rlib.jit import JitDriver, dont_look_inside, promote


class Number:
    def plus(self, other):
        raise NotImplementedError

    def rest(self):
        raise NotImplementedError


class Whole(Number):
    _immutable_fields_ = ["value"]

    def __init__(self, value):
        self.value = value

    def plus(self, other):
        if isinstance(other, Whole):
            return Whole(self.value + other.value)
        assert isinstance(other, Broken)
        return Broken(float(self.value) + other.value)

    def rest(self):
        return self.value


class Broken(Number):
    _immutable_fields_ = ["value"]

    def __init__(self, value):
        self.value = value

    def plus(self, other):
        if isinstance(other, Broken):
            return Broken(self.value + other.value)
        assert isinstance(other, Whole)
        return Broken(self.value + float(other.value))

    def rest(self):
        return int(self.value * 4.0)


def make_loop():
    driver = JitDriver(greens=[], reds=["n", "change", "total"])

    def loop(n, change):
        total = Whole(0)
        while n > 0:
            driver.jit_merge_point(n=n, change=change, total=total)
            if n == change:
                total = total.plus(Broken(0.25))
            total = total.plus(Whole(n))
            n -= 1
        return total.rest()

    return loop


def test_a_change_of_type_gives_a_second_body_that_allocates_nothing():
    run = meta_interp(make_loop(), [80, 50])
    retraced = [one for one in run.bridges if ops.LABEL in one.trace.opcodes]
    assert len(retraced) == 1
    opcodes = retraced[0].trace.opcodes
    body = opcodes[len(opcodes) - 1 - opcodes[::-1].index(ops.LABEL):]
    assert ops.FLOAT_ADD in body and ops.NEW_WITH_VTABLE not in body
    assert run.statistics.guard_failures < 20


def test_without_retraces_the_bridge_goes_to_the_beginning():
    run = meta_interp(make_loop(), [80, 50], retrace_limit=0)
    assert not any(ops.LABEL in one.trace.opcodes for one in run.bridges)


def test_the_limits_of_the_optimizer_come_from_the_parameters():
    run = meta_interp(make_loop(), [80, 50], max_retrace_guards=3, max_unroll_loops=0)
    system = run.jitted.system
    recording = MetaInterpreter(system, system.warm_states[0])
    options = system.compiler._environment(recording).options
    assert (options.entry_guards_limit, options.second_iterations) == (3, False)


class Scale:
    def __init__(self, factor):
        self.factor = factor


@dont_look_inside
def look_at(thing):
    return thing


def make_loop_with_rare_call():
    driver = JitDriver(greens=[], reds=["n", "rare", "scale", "total"])

    def loop(n, rare):
        total = Whole(0)
        scale = Scale(n & 3)
        while n > 0:
            driver.jit_merge_point(n=n, rare=rare, scale=scale, total=total)
            total = total.plus(Whole(n * scale.factor))
            if n % rare == 0:
                total = look_at(total)
            n -= 1
        return total.rest()

    return loop


def test_behind_a_call_that_happens_now_and_then_one_iteration_leads_back_to_the_body():
    loop = make_loop_with_rare_call()
    run = meta_interp(loop, [302, 5])
    assert run.result == loop(302, 5)
    # the object that the call gives is made, that of the body is not
    opcodes = [one.trace.opcodes for one in run.bridges if ops.CALL_R in one.trace.opcodes]
    assert len(opcodes) == 1
    assert ops.LABEL not in opcodes[0] and opcodes[0][-1] == ops.JUMP
    assert opcodes[0].count(ops.INT_MUL) == 1
    body = run.loops[0].trace
    label = [at for at in range(len(body.opcodes)) if body.opcodes[at] == ops.LABEL][-1]
    assert run.bridges[0].trace.descriptors[-1] is body.descriptors[label]
    assert run.statistics.guard_failures < 20


def make_loop_with_change():
    driver = JitDriver(greens=[], reds=["n", "change", "scale", "total"])

    def loop(n, change):
        total = Whole(0)
        scale = Scale(n & 3)
        while n > 0:
            driver.jit_merge_point(n=n, change=change, scale=scale, total=total)
            value = n * scale.factor
            value += scale.factor - (value & 3)
            total = total.plus(Whole(value))
            if n == change:
                total = Broken(0.25)
                look_at(scale)
            n -= 1
        return total.rest()

    return loop


def test_a_body_behind_a_short_bridge_repeats_nothing_that_one_iteration_finds_out():
    loop = make_loop_with_change()
    run = meta_interp(loop, [82, 50], trace_eagerness=1)
    assert run.result == loop(82, 50)
    retraced = [one for one in run.bridges if ops.LABEL in one.trace.opcodes]
    assert len(retraced) == 1
    opcodes = retraced[0].trace.opcodes
    last = len(opcodes) - 1 - opcodes[::-1].index(ops.LABEL)
    assert ops.GETFIELD_GC_I in opcodes[:last]
    assert ops.GETFIELD_GC_I not in opcodes[last:] and ops.NEW_WITH_VTABLE not in opcodes[last:]


class Operator:
    """Nothing is of just this class, and nothing asks for it, so only what is below it has methods."""

    _immutable_fields_ = ["least", "offset?"]

    def __init__(self, least):
        self.least = least
        self.offset = 1

    def applied(self, value):
        raise NotImplementedError


class Doubled(Operator):
    def applied(self, value):
        return 2 * value


class Negated(Operator):
    def applied(self, value):
        return -value


OPERATORS = [Doubled(3), Negated(4), Doubled(5)]


class Holder:
    def __init__(self, operator):
        self.operator = operator


def make_loop_with_abstract_class():
    driver = JitDriver(greens=[], reds=["n", "rare", "holder", "total"])

    def loop(n, rare):
        total = 0
        holder = Holder(OPERATORS[n & 1])
        while n > 0:
            driver.jit_merge_point(n=n, rare=rare, holder=holder, total=total)
            operator = holder.operator
            if operator.least < n:
                total += operator.applied(n)
            if n % rare == 0:
                look_at(holder)
            n -= 1
        return total

    return loop


def test_a_field_of_a_class_that_nothing_is_of_is_loaded_on_the_way_back_to_the_body():
    loop = make_loop_with_abstract_class()
    run = meta_interp(loop, [302, 5])
    assert run.result == loop(302, 5)
    bridge = [one.trace for one in run.bridges if ops.CALL_R in one.trace.opcodes][0]
    body = run.loops[0].trace
    label = [at for at in range(len(body.opcodes)) if body.opcodes[at] == ops.LABEL][-1]
    assert bridge.descriptors[-1] is body.descriptors[label]
    assert ops.GUARD_GC_TYPE not in bridge.opcodes
    run.check(loops=1, bridges=2, aborts=0)


def make_loop_over_constant():
    driver = JitDriver(greens=["number"], reds=["n", "total"])

    def loop(n, number):
        total = 0
        while n > 0:
            driver.jit_merge_point(n=n, number=number, total=total)
            operator = OPERATORS[promote(number + (n & 0))]
            total += operator.offset
            total += operator.applied(n)
            n -= 1
        return total

    return loop


def test_a_field_of_a_constant_is_read_though_nothing_is_of_the_class_that_has_it():
    run = meta_interp(make_loop_over_constant(), [30, 0])
    run.check_loop_has(getfield_gc_i=0, getfield_gc_r=0, guard_class=0)


def make_loops_that_end_soon():
    driver = JitDriver(greens=[], reds=["n", "total"])

    def loop(n):
        total = Whole(0)
        while True:
            driver.jit_merge_point(n=n, total=total)
            if n == 0:
                return total.rest()
            total = total.plus(Whole(n))
            n -= 1

    def run(rounds, n):
        result = 0
        while rounds > 0:
            result += loop(1)
            rounds -= 1
        return result + loop(n)

    return run


@pytest.mark.parametrize("threshold", [3, 4])
def test_a_loop_whose_recording_began_with_its_last_iteration_gets_a_body_later(threshold):
    run = meta_interp(make_loops_that_end_soon(), [10, 60], threshold=threshold)
    bodies = [one.trace for one in run.jitted.compiled if one.trace.opcodes[-1] == ops.JUMP]
    opcodes = bodies[-1].opcodes
    body = opcodes[len(opcodes) - 1 - opcodes[::-1].index(ops.LABEL):]
    assert ops.INT_ADD in body and ops.NEW_WITH_VTABLE not in body
    assert run.statistics.guard_failures < 10
