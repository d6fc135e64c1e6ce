"""What a program asks its JIT, and is told by it."""

import itertools
import time

import pytest
from ouro.jitcore.testing import JitRun, Jitted
from ouro.jitcore.tracer import compiler, reasons, times
from ouro.jitcore.tracer.meta_interpreter import MetaInterpreter
from ouro.rlib import jit, jit_hooks, rtime
from ouro.rlib.jit import JitDriver


class Told(jit.JitHookInterface):
    def __init__(self):
        self.loops = 0
        self.bridges = 0
        self.aborts = 0
        self.text = ""
        self.raising = False

    def before_compile(self, event):
        assert event.address == 0
        self.text += "[%s %d %d" % (event.driver, event.loop, len(event.operations))

    def after_compile(self, event):
        self.loops += 1
        self.text += " %s %s:%d %s %d %s]" % (
            event.place, event.filename, event.line, event.function, event.position, event.opcode)
        if self.raising:
            raise KeyError

    def before_compile_bridge(self, event):
        self.text += "<%d" % event.loop

    def after_compile_bridge(self, event):
        self.bridges += 1
        self.text += " %s>" % (event.guard > 0)

    def on_abort(self, event):
        self.aborts += 1
        self.text += "!%s %s" % (event.reason, len(event.operations) > 0)


def where(step):
    return "step %d" % step


def located(step):
    return ("file.x", 40 + step, "main", step, "ADD")


def make_program():
    driver = JitDriver(
        greens=["step"], reds=["n", "total"], name="sums", get_printable_location=where, get_location=located)

    def sums(n, step):
        total = 0
        while n > 0:
            driver.jit_merge_point(step=step, n=n, total=total)
            total += step if n & 3 else n
            n -= 1
        return total

    return driver, sums


def run(function, *arguments, **settings):
    settings = {"threshold": 3, "trace_eagerness": 2, **settings}
    return JitRun(Jitted(function, arguments, **settings), arguments)


def test_hooks_are_told_of_loops_and_bridges():
    _, sums = make_program()
    told = Told()

    def main(n, step):
        jit_hooks.set_hooks(told)
        result = sums(n, step)
        assert result > 0
        return told.text

    found = run(main, 60, 5)
    loop, _, rest = found.result.partition("]")
    assert loop.startswith("[sums 1 ") and loop.endswith(" step 5 file.x:45 main 5 ADD")
    assert rest.startswith("<1 True>")
    assert found.statistics.bridges == rest.count("True>")
    assert int(loop.split()[2]) > 10


def test_hooks_are_told_of_aborts():
    _, sums = make_program()
    told = Told()

    def main(n, step):
        jit_hooks.set_hooks(told)
        sums(n, step)
        return told.text

    found = run(main, 60, 5, trace_limit=1)
    assert found.aborts == {"trace too long": found.result.count("!trace too long True")}


class Settings:
    _immutable_fields_ = ["step?"]

    def __init__(self):
        self.step = 1


class Changing(jit.JitHookInterface):
    """Changes what the first trace depends on while it is on its way to the backend."""

    def __init__(self, settings):
        self.settings = settings
        self.done = False

    def before_compile(self, event):
        if not self.done:
            self.done = True
            self.settings.step = 100


@pytest.mark.parametrize("known_to_tracer", [True, False])
def test_a_hook_may_change_what_a_trace_depends_on(known_to_tracer, monkeypatch):
    """Also where it is the optimizer that found the dependency."""
    driver = JitDriver(greens=["settings"], reds=["n", "total"])

    def sums(n):
        settings = Settings()
        jit_hooks.set_hooks(Changing(settings))
        total = 0
        while n > 0:
            driver.jit_merge_point(settings=settings, n=n, total=total)
            total += settings.step
            n -= 1
        return total

    if not known_to_tracer:
        depend_on, optimize = MetaInterpreter.depend_on, compiler.optimize_loop
        optimized = []

        def depend_later(meta, reference, field):
            if optimized:
                depend_on(meta, reference, field)

        def note(recorded, token, environment):
            optimized.append(optimize(recorded, token, environment))
            return optimized[-1]

        monkeypatch.setattr(MetaInterpreter, "depend_on", depend_later)
        monkeypatch.setattr(compiler, "optimize_loop", note)
    done = run(sums, 30)
    # the trace that was given up takes one iteration, in which the hook was not called yet
    steps = {1 * before + 100 * (30 - before) for before in range(30)}
    assert done.result in steps and done.result > 2000
    assert done.statistics.aborts[reasons.INVALIDATED] == 1


def test_what_a_hook_raises_is_lost():
    _, sums = make_program()
    told = Told()

    def main(n, step):
        told.raising = True
        jit_hooks.set_hooks(told)
        return sums(n, step) * 10 + told.loops

    plain = sum(5 if n & 3 else n for n in range(61))
    assert run(main, 60, 5).result == plain * 10 + 1


def test_statistics_and_release():
    _, sums = make_program()
    loops = jit_hooks.STATISTICS.index("loops")
    freed = jit_hooks.STATISTICS.index("freed_loops")

    def main(n, step):
        sums(n, step)
        first = jit_hooks.get_statistic(loops)
        jit_hooks.release_all()
        gone = jit_hooks.get_statistic(freed)
        sums(n, step)
        return first * 100 + gone * 10 + jit_hooks.get_statistic(loops) + (1000 if jit_hooks.is_jit_available() else 0)

    assert run(main, 60, 5).result == 1112


def test_every_statistic_is_a_count_of_the_run():
    _, sums = make_program()
    found = run(sums, 60, 5)
    for number, name in enumerate(jit_hooks.STATISTICS[:-1]):
        assert found.statistics.count_of(number) == getattr(found.statistics, name)
    assert found.statistics.count_of(len(jit_hooks.STATISTICS) - 1) == sum(found.aborts.values())


def test_times_are_of_phases_that_exclude_each_other(monkeypatch):
    # a clock that goes on by one with each reading
    readings = itertools.count(1)
    monkeypatch.setattr(times, "clock_ns", lambda: next(readings))
    _, sums = make_program()
    running, tracing, optimizing, assembling = (jit_hooks.TIMES.index(name) for name in (
        "program", "tracing", "optimizing", "assembling"))

    def main(n, step):
        sums(n, step)
        first = jit_hooks.get_time(running)
        return first if jit_hooks.get_time(running) > first and jit_hooks.get_time(99) == 0 else -1

    jitted = Jitted(main, [60, 5], threshold=3, trace_eagerness=2)
    assert jitted.run(60, 5) > 0
    watch = jitted.system.times
    spent = [watch.spent(phase) for phase in range(len(jit_hooks.TIMES))]
    traces = jitted.system.statistics.loops + jitted.system.statistics.bridges
    assert spent[optimizing] >= traces and spent[assembling] >= traces and spent[tracing] >= 2 * traces
    # nothing is counted twice, and nothing left out: one reading starts the clock, `spent` reads it before it answers
    last = next(readings)
    assert sum(watch._spent) == last - 2
    assert watch._phase == running
    lines = watch.lines()
    assert len(lines) == len(jit_hooks.TIMES) and all(line.endswith(" %") for line in lines)


def test_what_is_called_while_tracing_is_time_of_the_program(monkeypatch):
    moment = [0]
    monkeypatch.setattr(times, "clock_ns", lambda: moment[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: moment.append(moment.pop() + 1000))
    driver = JitDriver(greens=[], reds=["n", "total"])

    def main(n):
        total = 0
        while n > 0:
            driver.jit_merge_point(n=n, total=total)
            rtime.sleep(0.5)
            total += n
            n -= 1
        return total

    jitted = Jitted(main, [40], threshold=3)
    assert jitted.run(40) == 820
    assert jitted.system.statistics.loops == 1
    spent = [jitted.system.times.spent(phase) for phase in range(len(jit_hooks.TIMES))]
    assert spent == [40 * 1000, 0, 0, 0]


def test_a_trace_may_be_asked_for():
    driver, sums = make_program()

    def main(n, step):
        driver.trace_next_iteration(step)
        return sums(n, step)

    found = run(main, 10, 5, threshold=1000)
    assert found.statistics.loops == 1
    assert run(main, 10, 5, threshold=1000, function_threshold=0).result == sum(5 if n & 3 else n for n in range(11))


def test_without_a_jit_nothing_comes():
    assert not jit_hooks.is_jit_available() and jit_hooks.get_statistic(3) == 0
    jit_hooks.set_hooks(Told())
    jit_hooks.release_all()
