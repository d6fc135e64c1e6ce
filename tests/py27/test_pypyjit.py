"""The module `pypyjit`: the same program runs with and without a JIT, and is told of what the JIT does."""

import pytest
from python27 import run

CHECKED = """
import pypyjit
print sorted(pypyjit.defaults) == sorted(pypyjit.PARAMETER_DOCS), pypyjit.defaults["threshold"]
for bad in [
    lambda: pypyjit.set_param("x"), lambda: pypyjit.set_param(x=1), lambda: pypyjit.set_param(1),
    lambda: pypyjit.set_param(decay=5000), lambda: pypyjit.set_param("off", 2),
    lambda: pypyjit.set_param(enable_opts="speed"), lambda: pypyjit.trace_next_iteration(5),
    lambda: pypyjit.trace_next_iteration((lambda: 1).func_code, -1),
    lambda: pypyjit.set_compile_hook(3), lambda: pypyjit.set_abort_hook("text"),
]:
    try:
        bad()
    except (ValueError, TypeError) as error:
        print type(error).__name__, str(error).split(";")[0]
print pypyjit.set_param("threshold=100"), pypyjit.set_param(trace_limit=500, enable_opts="all:-peel")
print pypyjit.residual_call(int, "20", base=8)
"""
CHECKED_OUTPUT = b"""\
True 1039
ValueError expected off, default or name=value,..., not 'x'
ValueError no JIT parameter 'x'
TypeError expected string, got int object
ValueError decay=5000: it may be 0 to 1000
TypeError set_param() takes at most 1 non-keyword argument, 2 given
ValueError enable_opts: no optimisation 'speed'
TypeError trace_next_iteration() expects a code object
ValueError no such position in the code object
TypeError the hook must be callable or None, not int
TypeError the hook must be callable or None, not str
None None
16
"""


def test_parameters_are_checked(ouro27):
    result = run([ouro27, "-S", "-c", CHECKED])
    assert (result.returncode, result.stdout, result.stderr) == (0, CHECKED_OUTPUT, b"")


TOLD = """
import pypyjit, sys
told = []
def compiled(info):
    told.append((info.type, info.greenkey and info.greenkey[2], len(info.operations) > 5, info.jitdriver_name))
    outermost = sys._getframe()
    while outermost.f_back:
        outermost = outermost.f_back
    assert outermost.f_locals["told"] is told
    if len(told) == 1:
        raise KeyError
pypyjit.set_compile_hook(compiled)
pypyjit.set_abort_hook(None, operations=False)
pypyjit.set_param("default")
pypyjit.set_param(threshold=20, trace_eagerness=5)
def total(n):
    result = 0
    for i in range(n):
        result += i if i & 1 else -1
    return result
print total(3000)
before = len(told)
assert pypyjit.available() == bool(told)
if pypyjit.available():
    assert told[0] == ("loop", "total", True, "python"), told
    assert [one for one in told if one[0] == "bridge"], told
    counters = pypyjit.get_stats_snapshot().counters
    assert counters["loops"] >= 1 and counters["guard_failures"] >= 5, counters
    pypyjit.releaseall()
    assert pypyjit.get_stats_snapshot().counters["freed_loops"] >= 1
    print total(3000)
    assert len(told) > before
else:
    assert not told and not any(pypyjit.get_stats_snapshot().counters.values())
    pypyjit.releaseall()
    print total(3000)
"""


def test_a_program_is_told_of_code(ouro27):
    result = run([ouro27, "-S", "-c", TOLD])
    assert (result.returncode, result.stdout) == (0, b"2248500\n2248500\n"), result.stderr
    assert result.stderr == b"" or b"Exception KeyError" in result.stderr and b"ignored" in result.stderr


@pytest.mark.parametrize("position", [0, None])
def test_a_trace_may_be_asked_for(ouro27, position):
    asked = "f.func_code" if position is None else f"f.func_code, {position}"
    program = f"""
import pypyjit
def f(n):
    return n * 2 + 1
pypyjit.trace_next_iteration({asked})
print f(4), f(5)
assert pypyjit.get_stats_snapshot().counters["recordings"] == pypyjit.available()
"""
    result = run([ouro27, "-S", "-c", program])
    assert (result.returncode, result.stdout, result.stderr) == (0, b"9 11\n", b"")


def test_times_of_the_run(ouro27):
    program = """
import pypyjit
def total(n):
    result = 0
    for i in xrange(n):
        result += i & 3
    return result
total(200000)
times = pypyjit.get_stats_snapshot().counter_times
assert sorted(times) == ["assembling", "optimizing", "program", "tracing"], times
if pypyjit.available():
    pypyjit.set_param("threshold=20")
    total(200000)
    later = pypyjit.get_stats_snapshot().counter_times
    assert all(later[name] >= times[name] for name in times), (times, later)
    assert all(later.values()) and sum(later.values()) < 60.0, later
else:
    assert not any(times.values())
"""
    result = run([ouro27, "-S", "-c", program])
    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
