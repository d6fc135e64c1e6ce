"""A bridge whose values fit no body of its loop gets one: the next iteration is recorded behind it."""

from ouro.jitcore import operations as ops
from ouro.jitcore.testing import meta_interp
from ouro.jitcore.tracer.meta_interpreter import MetaInterpreter
from ouro.rlib.jit import JitDriver, dont_look_inside


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
