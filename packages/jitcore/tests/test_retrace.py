"""A bridge whose values fit no body of its loop gets one: the next iteration is recorded behind it."""

from ouro.jitcore import operations as ops
from ouro.jitcore.testing import meta_interp
from ouro.jitcore.tracer.meta_interpreter import MetaInterpreter
from ouro.rlib.jit import JitDriver


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
