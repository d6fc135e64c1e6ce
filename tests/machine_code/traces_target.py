"""Compiles traces by the x86 backend in its own process and runs them.

Arguments: `run`; `perf`, which names the code for the profiler too; `crash WHERE`, which does, in `code`, in a `call`,
with a full `stack` or in a `thread` with one; or `speed COUNT` to compile a trace of many operations COUNT times.
"""

import os
import time

from ouro.backend_x86.dump import PerfMap
from ouro.backend_x86.process import make_backend
from ouro.jitcore import operations as ops
from ouro.jitcore.backend import CalledLoops
from ouro.jitcore.descriptors import CANNOT_RAISE, EffectDescriptor, FinishDescriptor, LoopToken
from ouro.jitcore.descriptors.from_types import DescriptorTable
from ouro.jitcore.machine.native import NativeMachine
from ouro.jitcore.outcome import raised
from ouro.jitcore.trace import NOTHING, NULL_REFERENCE, Trace
from ouro.lltype import (
    FuncType,
    GcArray,
    GcForwardReference,
    GcStruct,
    PointerWord,
    Ptr,
    Signed,
    TypeIdWord,
    cast_opaque_ptr,
    cast_ptr_to_int,
    functionptr,
)
from ouro.rlib import rffi, rgc, rthread

NODE = GcForwardReference()
NODE.become(GcStruct("traces_node", ("value", Signed), ("next", Ptr(NODE))))
NODE_POINTER = Ptr(NODE.target)
NODES = GcArray(NODE_POINTER)
NODES_POINTER = Ptr(NODES)


def _collect_sometimes(number):
    if number % 1000 == 0:
        rgc.collect(0)
    return number


MACHINE = NativeMachine()
TABLE = DescriptorTable({}, PointerWord, TypeIdWord)
NODE_SIZE = TABLE.size(NODE.target)
VALUE, NEXT = TABLE.field(NODE.target, "value"), TABLE.field(NODE.target, "next")
NODES_ARRAY = TABLE.array(NODES)
_COLLECT = functionptr(FuncType([Signed], Signed), "collect_sometimes", callable=_collect_sometimes)
CALL = TABLE.call(FuncType([Signed], Signed), EffectDescriptor(CANNOT_RAISE))
COPY_CALL = TABLE.call(FuncType([Signed, Signed, Signed], Signed), EffectDescriptor(CANNOT_RAISE))
DONE_REFERENCE = FinishDescriptor("done_r", "r", False)
DONE = FinishDescriptor("done", "i", False)


def sum_loop(token):
    """Add up the numbers down from the first input."""
    trace = Trace()
    count = trace.append(ops.INPUT_I)
    total = trace.append(ops.INPUT_I)
    target = token.new_target("start")
    trace.append_list(ops.LABEL, [count, total], target)
    added = trace.append(ops.INT_ADD, total, count)
    left = trace.append(ops.INT_SUB, count, trace.constants.of_int(1))
    condition = trace.append(ops.INT_GT, left, trace.constants.of_int(0))
    trace.append_guard(ops.GUARD_TRUE, condition, NOTHING, [added])
    trace.append_list(ops.JUMP, [left, added], target)
    return trace


def doubling_bridge():
    """Twice the sum."""
    trace = Trace()
    total = trace.append(ops.INPUT_I)
    doubled = trace.append(ops.INT_LSHIFT, total, trace.constants.of_int(1))
    trace.append_list(ops.FINISH, [doubled], DONE)
    return trace


def caller(token):
    """One more than what the loop gives; the call is followed by the guard for frames that were forced."""
    trace = Trace()
    count = trace.append(ops.INPUT_I)
    result = trace.append_list(ops.CALL_ASSEMBLER_I, [count, trace.constants.of_int(0)], token)
    trace.append_guard(ops.GUARD_NOT_FORCED, NOTHING, NOTHING, [result])
    trace.append_guard(ops.GUARD_NO_EXCEPTION, NOTHING, NOTHING, [])
    more = trace.append(ops.INT_ADD, result, trace.constants.of_int(1))
    trace.append_list(ops.FINISH, [more], DONE)
    return trace


def identity():
    """Gives its argument."""
    trace = Trace()
    trace.append_list(ops.FINISH, [trace.append(ops.INPUT_I)], DONE)
    return trace


def calls_in_loop(token, called):
    """Call another loop so many times."""
    trace = Trace()
    count = trace.append(ops.INPUT_I)
    target = token.new_target("start")
    trace.append_list(ops.LABEL, [count], target)
    result = trace.append_list(ops.CALL_ASSEMBLER_I, [count], called)
    trace.append_guard(ops.GUARD_NOT_FORCED, NOTHING, NOTHING, [result])
    trace.append_guard(ops.GUARD_NO_EXCEPTION, NOTHING, NOTHING, [])
    left = trace.append(ops.INT_SUB, result, trace.constants.of_int(1))
    condition = trace.append(ops.INT_GT, left, trace.constants.of_int(0))
    trace.append_guard(ops.GUARD_TRUE, condition, NOTHING, [left])
    trace.append_list(ops.JUMP, [left], target)
    return trace


def endless(token):
    """A function that calls itself without end."""
    trace = Trace()
    count = trace.append(ops.INPUT_I)
    result = trace.append_list(ops.CALL_ASSEMBLER_I, [count], token)
    trace.append_guard(ops.GUARD_NOT_FORCED, NOTHING, NOTHING, [result])
    trace.append_guard(ops.GUARD_NO_EXCEPTION, NOTHING, NOTHING, [count])
    trace.append_list(ops.FINISH, [result], DONE)
    return trace


def float_loop(token):
    """Halve a number until it is below one."""
    trace = Trace()
    number = trace.append(ops.INPUT_F)
    count = trace.append(ops.INPUT_I)
    target = token.new_target("start")
    trace.append_list(ops.LABEL, [number, count], target)
    half = trace.append(ops.FLOAT_MUL, number, trace.constants.of_float(0.5))
    more = trace.append(ops.INT_ADD, count, trace.constants.of_int(1))
    condition = trace.append(ops.FLOAT_GE, half, trace.constants.of_float(1.0))
    trace.append_guard(ops.GUARD_TRUE, condition, NOTHING, [more, half])
    trace.append_list(ops.JUMP, [half, more], target)
    return trace


def list_loop(token, kept):
    """Make a list of numbers, and an array with the last nodes; `kept`, an object that moved once, is a constant."""
    trace = Trace()
    constants = trace.constants
    count = trace.append(ops.INPUT_I)
    empty = trace.append(ops.INPUT_R)
    array = trace.append(ops.NEW_ARRAY_CLEAR, constants.of_int(20), NOTHING, NOTHING, NODES_ARRAY)
    target = token.new_target("start")
    trace.append_list(ops.LABEL, [count, empty, array], target)
    node = trace.append(ops.NEW, NOTHING, NOTHING, NOTHING, NODE_SIZE)
    other = trace.append(ops.NEW, NOTHING, NOTHING, NOTHING, NODE_SIZE)
    trace.append(ops.SETFIELD_GC, other, count, NOTHING, VALUE)
    number = trace.append_list(ops.CALL_I, [constants.of_int(cast_ptr_to_int(_COLLECT)), count], CALL)
    trace.append(ops.SETFIELD_GC, node, number, NOTHING, VALUE)
    trace.append(ops.SETFIELD_GC, node, empty, NOTHING, NEXT)
    trace.append(ops.SETFIELD_GC, constants.of_reference(kept), other, NOTHING, NEXT)
    index = trace.append(ops.INT_MOD, count, constants.of_int(20))
    trace.append(ops.SETARRAYITEM_GC, array, index, node, NODES_ARRAY)
    left = trace.append(ops.INT_SUB, count, constants.of_int(1))
    condition = trace.append(ops.INT_GT, left, constants.of_int(0))
    trace.append_guard(ops.GUARD_TRUE, condition, NOTHING, [node, array])
    trace.append_list(ops.JUMP, [left, node, array], target)
    return trace


def use_lists(backend):
    """Lists, arrays and constants survive collections that compiled code runs into."""
    kept = MACHINE.new(NODE_SIZE)
    token = LoopToken("list", "ir", "r")
    backend.compile_loop(list_loop(token, kept), token)
    frame = backend.enter(token, [200000], [NULL_REFERENCE], [])
    node = cast_opaque_ptr(NODE_POINTER, backend.value_reference(frame, 0))
    nodes = cast_opaque_ptr(NODES_POINTER, backend.value_reference(frame, 1))
    rgc.collect()
    total = 0
    while node:
        total += node.value
        node = node.next
    last = 0
    for index in range(20):
        last += nodes[index].value
    kept_node = cast_opaque_ptr(NODE_POINTER, kept)
    say("list %d array %d kept %d" % (total, last, kept_node.next.value))


def long_trace(length):
    """A trace of many additions, comparisons and guards."""
    trace = Trace()
    values = [trace.append(ops.INPUT_I), trace.append(ops.INPUT_I), trace.append(ops.INPUT_I)]
    for number in range(length):
        first, second = values[len(values) - 1 - number % 3], values[len(values) - 2]
        result = trace.append(ops.INT_XOR if number % 2 else ops.INT_ADD, first, second)
        values.append(result)
        if number % 4 == 3:
            condition = trace.append(ops.INT_NE, result, trace.constants.of_int(number))
            trace.append_guard(ops.GUARD_TRUE, condition, NOTHING, [values[-1], values[-2], values[-3], NOTHING])
    trace.append_list(ops.FINISH, [values[-1]], DONE)
    return trace


class GiveUp(CalledLoops):
    """The pending exception leaves."""

    def left(self, frame):
        return raised(frame.pending)


def say(text):
    os.write(1, (text + "\n").encode("latin-1"))


def run(backend):
    token = LoopToken("sum", "ii", "i")
    trace = sum_loop(token)
    guard = trace.guards[0]
    backend.compile_loop(trace, token)
    frame = backend.enter(token, [10, 0], [], [])
    say("guard %d of %d failures" % (backend.value_int(frame, 0), guard.failures))
    backend.compile_bridge(guard, doubling_bridge(), token)
    frame = backend.enter(token, [100, 0], [], [])
    say("%s %d" % (frame.descriptor.name, backend.value_int(frame, 0)))
    calling = LoopToken("caller", "i", "i")
    backend.compile_loop(caller(token), calling)
    for number in range(3):
        frame = backend.enter(calling, [number + 4], [], [])
        say("%s %d" % (frame.descriptor.name, backend.value_int(frame, 0)))
    recursive = LoopToken("recursive", "i", "i")
    backend.compile_loop(endless(recursive), recursive)
    frame = backend.enter(recursive, [1], [], [])
    say("%s %d" % (frame.descriptor.name, int(bool(backend.exception(frame)))))
    halving = LoopToken("halving", "fi", "i")
    backend.compile_loop(float_loop(halving), halving)
    frame = backend.enter(halving, [0], [], [1000.0])
    say("%d %s" % (backend.value_int(frame, 0), str(backend.value_float(frame, 1))))
    use_lists(backend)
    backend.invalidate(token)
    free = backend.memory.free_bytes()
    backend.free(halving)
    say("freed %d" % int(backend.memory.free_bytes() > free))


def speed(backend, count):
    elapsed = 0.0
    operations = 0
    for _ in range(count):
        trace = long_trace(400)
        operations += trace.length()
        token = LoopToken("long", "iii", "i")
        start = time.time()
        backend.compile_loop(trace, token)
        elapsed += time.time() - start
        backend.free(token)
    say("%d ns to compile an operation" % int(elapsed * 1e9 / operations))
    called = LoopToken("called", "i", "i")
    backend.compile_loop(identity(), called)
    calling = LoopToken("calling", "i", "i")
    backend.compile_loop(calls_in_loop(calling, called), calling)
    calls = 10000 * count
    start = time.time()
    backend.enter(calling, [calls], [], [])
    say("%d ps to call a loop" % int((time.time() - start) * 1e12 / calls))
    start = time.time()
    for _ in range(100 * count):
        backend.enter(called, [7], [], [])
    say("%d ns to enter a loop" % int((time.time() - start) * 1e9 / (100 * count)))


_recursion = rffi.library(
    "long traces_recursion(void);",
    source="""
    static long traces_recurse(long depth, long step, long other)
    {
        volatile long room[100];
        room[depth % 100] = other;
        return traces_recurse(depth + step, step, other) + room[depth % 100];
    }

    long traces_recursion(void)
    {
        return (long)&traces_recurse;
    }
    """,
)


class _Crash(rthread.Task):
    def __init__(self, backend):
        self.backend = backend

    def run(self):
        crash(self.backend, "stack")


def crash(backend, where):
    """In a bridge: read from where nothing is, in compiled code or in a C function that it calls, or call a C function
    that calls itself without end.
    """
    token = LoopToken("sum", "ii", "i")
    token.title = "sum of the first numbers"
    trace = sum_loop(token)
    guard = trace.guards[0]
    guard.number = 41
    backend.compile_loop(trace, token)
    bridge = Trace()
    number = bridge.append(ops.INPUT_I)
    condition = bridge.append(ops.INT_GT, number, bridge.constants.of_int(0))
    bridge.append_guard(ops.GUARD_TRUE, condition, NOTHING, [number]).number = 42
    if where != "code":
        address = backend.runtime.memory_copy if where == "call" else _recursion.traces_recursion()
        function = bridge.constants.of_int(address)
        words = [bridge.constants.of_int(word) for word in [16, 8, 1]]
        read = bridge.append_list(ops.CALL_I, [function] + words, COPY_CALL)
    else:
        read = bridge.append(ops.GETFIELD_RAW_I, bridge.constants.of_int(16), NOTHING, NOTHING, VALUE)
    bridge.append_list(ops.FINISH, [read], DONE)
    backend.compile_bridge(guard, bridge, token)
    backend.enter(token, [10, 0], [], [])


def main(argv):
    backend = make_backend(1 << 20)
    backend.called_loops = GiveUp()
    if argv[1] == "perf":
        backend.perf_map = PerfMap()
    if argv[1] == "speed":
        speed(backend, int(argv[2]))
    elif argv[1] == "crash":
        if argv[2] == "thread":
            rthread.start_new_thread(_Crash(backend))
            while True:
                time.sleep(1.0)
        crash(backend, argv[2])
    else:
        run(backend)
    return 0


def target(driver, args):
    return main
