"""Whole programs with interpreters in them, run with the JIT on the model backend as without it."""

import io

import pytest
from ouro.jitcore import operations as ops
from ouro.jitcore.backend import NoRoomForCode
from ouro.jitcore.backend.interpreting import InterpretingBackend
from ouro.jitcore.machine.host import HostMachine
from ouro.jitcore.model import ModelBackend
from ouro.jitcore.testing import Jitted, meta_interp
from ouro.jitcore.tracer import parameters
from ouro.rlib import debug, jit
from ouro.rlib.jit import JitDriver
from ouro.rlib.rarithmetic import ovfcheck

DECREMENT, ADD, JUMP_IF, RETURN, SWAP, CALL, DIVIDE = "dajrscD"


def test_a_counting_loop_becomes_one_loop():
    driver = JitDriver(greens=[], reds=["n", "total"])

    def loop(n):
        total = 0
        while n > 0:
            driver.jit_merge_point(n=n, total=total)
            total += n * 3
            n -= 1
        return total

    run = meta_interp(loop, [30])
    run.check(loops=1, bridges=0, aborts=0)
    run.check_loop_has(int_mul=1, guard_true=1, jump=1, call_n=0)
    assert run.statistics.entered == 1


def test_the_bytecode_of_an_interpreter_disappears():
    driver = JitDriver(greens=["pc", "code"], reds=["a", "b"])

    def interpret(code, a, b):
        pc = 0
        while True:
            driver.jit_merge_point(pc=pc, code=code, a=a, b=b)
            op = code[pc]
            pc += 1
            if op == DECREMENT:
                a -= 1
            elif op == ADD:
                b += a
            elif op == SWAP:
                a, b = b, a
            elif op == JUMP_IF:
                if a > 0:
                    pc = 0
                    driver.can_enter_jit(pc=pc, code=code, a=a, b=b)
            else:
                return b

    def main(a, which):
        return interpret("adjr" if which else "assdjr", a, 0)

    run = meta_interp(main, [50, 1])
    run.check(loops=1, aborts=0)
    run.check_loop(int_add=2, int_gt=1, guard_true=1, jump=1)
    assert meta_interp(main, [50, 0]).result == run.result


class Box:
    _immutable_fields_ = ["value"]

    def __init__(self, value):
        self.value = value

    def plus(self, other):
        return Box(self.value + other.value)


class Negative(Box):
    def plus(self, other):
        return Box(self.value - other.value)


def test_boxes_that_stay_in_the_loop_are_not_allocated():
    driver = JitDriver(greens=[], reds=["n", "total"])

    def loop(n):
        total = Box(0)
        while n > 0:
            driver.jit_merge_point(n=n, total=total)
            total = total.plus(Box(n))
            n -= 1
        return total.value

    run = meta_interp(loop, [30])
    run.check(loops=1, aborts=0)
    run.check_loop_has(new_with_vtable=0, guard_class=0)


def test_a_method_of_several_classes_is_guarded_by_class_and_the_log_names_it(monkeypatch):
    driver = JitDriver(greens=[], reds=["n", "total", "other"])

    def loop(n, negative):
        total = Box(0)
        other = Negative(2) if negative else Box(1)
        while n > 0:
            driver.jit_merge_point(n=n, total=total, other=other)
            total = other.plus(total)
            if n == 10:
                other = Negative(7)
            n -= 1
        return total.value

    written = io.StringIO()
    monkeypatch.setattr(debug._log, "destination", written)
    monkeypatch.setattr(debug._log, "prefixes", ("jit-log-opt",))
    meta_interp(loop, [30, 0])
    meta_interp(loop, [30, 1])
    lines = written.getvalue().splitlines()
    named = [line for line in lines if line.startswith(("guard_class", "guard_nonnull_class"))]
    assert any(line.endswith(", Box") for line in named) and any(line.endswith(", Negative") for line in named)


def test_a_branch_taken_often_gets_a_bridge():
    driver = JitDriver(greens=[], reds=["n", "total"])

    def loop(n):
        total = 0
        while n > 0:
            driver.jit_merge_point(n=n, total=total)
            if n & 1:
                total += n
            else:
                total -= 1
            n -= 1
        return total

    run = meta_interp(loop, [60])
    run.check(loops=1, bridges=1, aborts=0)


def test_loops_in_the_interpreted_program_nest():
    driver = JitDriver(greens=["pc"], reds=["n", "m", "total"])

    def loop(n):
        pc, m, total = 0, 0, 0
        while True:
            driver.jit_merge_point(pc=pc, n=n, m=m, total=total)
            if pc == 0:
                m = 8
                pc = 1
            elif pc == 1:
                total += m * n
                m -= 1
                if m > 0:
                    pc = 1
                    driver.can_enter_jit(pc=pc, n=n, m=m, total=total)
                else:
                    pc = 2
            else:
                n -= 1
                if n <= 0:
                    return total
                pc = 0
                driver.can_enter_jit(pc=pc, n=n, m=m, total=total)

    run = meta_interp(loop, [20])
    assert run.statistics.loops >= 1 and run.statistics.bridges >= 1


class Stop(Exception):
    def __init__(self, value):
        self.value = value


def test_exceptions_are_caught_in_the_loop():
    driver = JitDriver(greens=[], reds=["n", "total"])

    def step(n):
        if n % 3 == 0:
            raise Stop(n)
        return 1

    def loop(n):
        total = 0
        while n > 0:
            driver.jit_merge_point(n=n, total=total)
            try:
                total += step(n)
            except Stop as stop:
                total += 10 * stop.value
            n -= 1
        return total

    meta_interp(loop, [40])


def test_an_exception_leaves_compiled_code():
    driver = JitDriver(greens=[], reds=["n"])

    def loop(n, last):
        while True:
            driver.jit_merge_point(n=n)
            if n == last:
                raise Stop(n)
            n -= 1

    def main(n, last):
        try:
            loop(n, last)
        except Stop as stop:
            return stop.value
        return -1

    with pytest.raises(Exception, match="neither green nor red"):
        meta_interp(main, [30, 5])


def test_an_exception_goes_through_compiled_code():
    driver = JitDriver(greens=[], reds=["n", "last"])

    @jit.dont_look_inside
    def check(n, last):
        if n == last:
            raise Stop(n)

    def loop(n, last):
        while True:
            driver.jit_merge_point(n=n, last=last)
            check(n, last)
            n -= 1

    def main(n, last):
        try:
            loop(n, last)
        except Stop as stop:
            return stop.value
        return -1

    run = meta_interp(main, [30, 5])
    run.check(loops=1)
    assert run.result == 5
    assert meta_interp(loop, [30, 5]).raised.endswith("Stop")


def test_overflow_goes_on_in_the_interpreter():
    driver = JitDriver(greens=[], reds=["n", "product", "overflows"])

    def loop(n):
        product, overflows = 1, 0
        while n > 0:
            driver.jit_merge_point(n=n, product=product, overflows=overflows)
            try:
                product = ovfcheck(product * 3)
            except OverflowError:
                product = 1
                overflows += 1
            n -= 1
        return product + overflows

    meta_interp(loop, [100])


def test_floats():
    driver = JitDriver(greens=[], reds=["n", "x"])

    def loop(n):
        x = 1.5
        while n > 0:
            driver.jit_merge_point(n=n, x=x)
            x = x * 1.25 - n / 2.0
            if x > 100.0:
                x = -x
            n -= 1
        return x

    meta_interp(loop, [40])


def test_lists_strings_and_dicts_of_the_program():
    driver = JitDriver(greens=[], reds=["n", "items", "names"])

    def loop(n):
        items, names = [], {}
        while n > 0:
            driver.jit_merge_point(n=n, items=items, names=names)
            items.append(n * 2)
            names[str(n % 5)] = len(items)
            n -= 1
        total = 0
        for item in items:
            total += item
        for name in names:
            total += names[name] * int(name)
        return total

    meta_interp(loop, [40])


def make_recursive_interpreter():
    driver = JitDriver(greens=["code", "pc"], reds=["n", "result"], is_recursive=True)

    def interpret(code, n):
        pc, result = 0, 0
        while True:
            driver.jit_merge_point(code=code, pc=pc, n=n, result=result)
            op = code[pc]
            pc += 1
            if op == CALL:
                if n > 0:
                    result += interpret(code, n - 1) + n
            elif op == ADD:
                result += 1
            else:
                return result

    return interpret


def test_the_characters_of_a_string_go_to_a_list():
    driver = JitDriver(greens=[], reds=["n", "total"])

    def loop(n):
        total = 0
        while n > 0:
            driver.jit_merge_point(n=n, total=total)
            characters = ["x"]
            characters.extend(str(n))
            characters[0:1] = str(total)
            total += ord(characters[0]) + ord(characters[-1]) + len(characters)
            n -= 1
        return total

    meta_interp(loop, [12]).check(loops=1, aborts=0)


def test_a_portal_that_calls_itself():
    interpret = make_recursive_interpreter()

    def main(n):
        total = 0
        for _ in range(12):
            total += interpret("acar", n)
        return total

    for function_threshold in (0, 3):
        run = meta_interp(main, [5], function_threshold=function_threshold)
        assert run.result == 12 * interpret("acar", 5)


def test_a_call_of_a_loop_from_a_loop():
    driver = JitDriver(greens=["code"], reds=["n", "total"], is_recursive=True)

    def interpret(code, n):
        total = 0
        while n > 0:
            driver.jit_merge_point(code=code, n=n, total=total)
            if code == "outer":
                total += interpret("inner", 6)
            else:
                total += n
            n -= 1
            driver.can_enter_jit(code=code, n=n, total=total)
        return total

    def main(n):
        return interpret("outer", n)

    run = meta_interp(main, [30])
    assert run.statistics.loops >= 2
    run.check_loop_has(number=len(run.loops) - 1, call_may_force_i=0)


def test_two_drivers_in_one_program():
    first = JitDriver(greens=[], reds=["n", "total"], name="first")
    second = JitDriver(greens=[], reds=["m", "x"], name="second")

    def inner(m):
        x = 0.0
        while m > 0:
            second.jit_merge_point(m=m, x=x)
            x += m * 0.5
            m -= 1
        return int(x)

    def loop(n):
        total = 0
        while n > 0:
            first.jit_merge_point(n=n, total=total)
            total += inner(n % 7)
            n -= 1
        return total

    meta_interp(loop, [40])


class Frame:
    _virtualizable_ = ["pc", "stack[*]", "depth"]

    def __init__(self, size):
        self = jit.hint(self, access_directly=True, fresh_virtualizable=True)
        self.stack = [0] * size
        self.depth = 0
        self.pc = 0

    def push(self, value):
        depth = self.depth
        assert depth >= 0
        self.stack[depth] = value
        self.depth = depth + 1

    def pop(self):
        depth = self.depth - 1
        assert depth >= 0
        self.depth = depth
        return self.stack[depth]


def make_stack_interpreter(outside=None, size=4):
    driver = JitDriver(greens=["pc", "code"], reds=["frame"], virtualizables=["frame"])

    def interpret(code, n):
        frame = Frame(size)
        return run(frame, code, n)

    def run(frame, code, n):
        frame = jit.hint(frame, access_directly=True)
        frame.push(0)
        frame.push(n)
        pc = 0
        while True:
            driver.jit_merge_point(pc=pc, code=code, frame=frame)
            op = code[pc]
            pc += 1
            if op == DECREMENT:
                frame.push(frame.pop() - 1)
            elif op == ADD:
                top = frame.pop()
                frame.push(frame.pop() + top)
                frame.push(top)
            elif op == CALL:
                top = frame.pop()
                frame.push(top)
                if outside is not None:
                    outside(frame, top)
            elif op == JUMP_IF:
                top = frame.pop()
                frame.push(top)
                if top > 0:
                    pc = 0
                    driver.can_enter_jit(pc=pc, code=code, frame=frame)
            else:
                frame.pop()
                return frame.pop()

    def main(n, which):
        return interpret("adjr" if which else "acdjr", n)

    return main


def test_a_virtualizable_lives_in_registers():
    run = meta_interp(make_stack_interpreter(), [40, 1])
    run.check(loops=1, aborts=0)
    run.check_loop_has(getfield_gc_i=0, setfield_gc=0, setarrayitem_gc=0, getarrayitem_gc_i=0)


def test_arrays_of_a_virtualizable_with_equal_uses_are_told_apart():
    """The ends of the branches are equal, and so shared before the tracer's graphs are made."""
    driver = JitDriver(greens=["pc", "code"], reds=["frame", "n", "total"], virtualizables=["frame"])

    class Registers:
        _virtualizable_ = ["first[*]", "second[*]"]

        def __init__(self):
            self = jit.hint(self, access_directly=True, fresh_virtualizable=True)
            self.first = [1, 2, 3]
            self.second = [10, 20, 30]

    def step(frame, code, pc):
        frame = jit.hint(frame, access_directly=True)
        index = ord(code[pc + 1]) - ord("5")  # may be negative
        if code[pc] == "a":
            return frame.first[index]
        if code[pc] == "b":
            return frame.second[index]
        frame.first[index] = frame.second[index] + 1
        return 0

    def main(n):
        frame = Registers()
        code = "a3b4c5a5b6"
        pc = total = 0
        while n > 0:
            driver.jit_merge_point(pc=pc, code=code, frame=frame, n=n, total=total)
            total += step(frame, code, pc)
            frame.second[2] = total & 0xFFFF
            pc += 2
            if pc == len(code):
                pc = 0
                n -= 1
                driver.can_enter_jit(pc=pc, code=code, frame=frame, n=n, total=total)
        return total

    run = meta_interp(main, [30])
    run.check(loops=1, aborts=0)
    run.check_loop_has(getarrayitem_gc_i=0, setarrayitem_gc=0)


def test_the_values_that_a_recording_begins_with_do_not_make_it_too_long():
    # without progress in each piece this would never end
    run = meta_interp(make_stack_interpreter(size=60), [12, 1], trace_limit=2)
    assert 0 < run.statistics.cuts < 20


def test_a_virtualizable_is_looked_at_from_outside():
    class Log:
        total = 0

    log = Log()

    @jit.dont_look_inside
    def look(frame, top):
        if top < 50 and frame.stack[1] % 5 == 0:
            log.total += frame.depth
            frame.stack[0] += 1

    run = meta_interp(make_stack_interpreter(look), [60, 0])
    run.check(loops=1)
    assert run.result > sum(range(61))


@pytest.mark.parametrize("enable_opts", ["none", "all"])
def test_the_backend_that_interprets_traces(enable_opts):
    def main(n, which):
        return interpret("acar", 5) + stack(n, 1) + stack(n, 0)

    interpret, stack = make_recursive_interpreter(), make_stack_interpreter()
    run = meta_interp(
        main, [40, 1], lambda memory: InterpretingBackend(HostMachine(memory)), function_threshold=4,
        enable_opts=enable_opts,
    )
    run.check(aborts=0)
    assert run.statistics.loops >= 2 and run.statistics.entered


class Code:
    def __init__(self, name, steps):
        self.name = name
        self.steps = steps


def test_the_functions_of_a_driver_are_asked():
    class Asked:
        count = 0

    asked = Asked()

    def describe(pc, code):
        return "%s at %d" % (code.name, pc)

    def never(pc, code):
        return code.name == "outer"

    def confirm(pc, code, n, total):
        asked.count += 1
        return n > 3

    driver = JitDriver(greens=["pc", "code"], reds=["n", "total"], get_printable_location=describe,
                       can_never_inline=never, confirm_enter_jit=confirm)

    def loop(code, n):
        pc, total = 0, 0
        while n > 0:
            driver.jit_merge_point(pc=pc, code=code, n=n, total=total)
            total += code.steps * n
            n -= 1
        return total + (1000 if asked.count else 0)

    def main(n):
        return loop(Code("outer", 2), n) + loop(Code("inner", 3), n)

    jitted = Jitted(main, [20], threshold=3, trace_eagerness=2)
    assert jitted.run(20) == 210 * 5 + 2000
    (state,) = jitted.system.warm_states
    for cell in state.all_cells():
        assert state.driver.hooks.printable_location(cell.key) in ("outer at 0", "inner at 0")
        assert state.may_inline(cell.key) == (state.driver.hooks.printable_location(cell.key) == "inner at 0")
        assert not state.driver.hooks.may_enter(cell.key, [3, 0], [], [])
    assert len(state.all_cells()) == 2


def test_a_program_sets_parameters_of_its_drivers():
    driver = JitDriver(greens=[], reds=["n"])

    def main(n, threshold):
        jit.set_param(None, "threshold", threshold)
        jit.set_param(driver, "trace_limit", 500)
        while n > 0:
            driver.jit_merge_point(n=n)
            n -= 1
        return n

    run = meta_interp(main, [30, 10])
    assert run.statistics.loops == 1
    values = run.jitted.system.warm_states[0].parameters
    assert values.get(parameters.THRESHOLD) == 10 and values.get(parameters.TRACE_LIMIT) == 500
    meta_interp(main, [30, -1]).check(loops=0)


def test_a_user_sets_parameters_by_text():
    driver = JitDriver(greens=[], reds=["n"])

    def main(n, which):
        text = "threshold=7, trace_limit=300"
        if which == 1:
            text = "off"
        elif which == 2:
            text = "no_such=1"
        elif which == 3:
            text = "threshold"
        try:
            jit.set_user_param(None, text)
        except ValueError:
            return -1
        while n > 0:
            driver.jit_merge_point(n=n)
            n -= 1
        return n

    run = meta_interp(main, [30, 0])
    assert run.jitted.system.warm_states[0].parameters.get(parameters.THRESHOLD) == 7
    run.check(loops=1)
    meta_interp(main, [30, 1]).check(loops=0)
    assert meta_interp(main, [30, 2]).result == meta_interp(main, [30, 3]).result == -1


class Amounts:
    _immutable_fields_ = ["amounts[*]", "others"]

    def __init__(self, amounts, others):
        self.amounts = amounts
        self.others = others


def test_items_of_arrays_that_never_change_are_constants():
    driver = JitDriver(greens=["pc", "code"], reds=["n", "total"])

    def loop(code, n):
        pc, total = 0, 0
        while n > 0:
            driver.jit_merge_point(pc=pc, code=code, n=n, total=total)
            total += code.amounts[pc] * n + code.others[pc]
            n -= 1
            pc += 1
            if pc == 2:
                pc = 0
                driver.can_enter_jit(pc=pc, code=code, n=n, total=total)
        return total

    def main(n):
        return loop(Amounts([n, 3][:], [1, n][:]), n)

    run = meta_interp(main, [40])
    run.check_loop_has(int_mul=2)
    # those of the other array are read, once
    assert run.loops[0].trace.opcodes.count(ops.GETARRAYITEM_GC_I) == 2


def test_a_short_list_of_one_value_is_not_made():
    driver = JitDriver(greens=["size"], reds=["n", "total"])

    def loop(size, n):
        total = 0
        while n > 0:
            driver.jit_merge_point(size=size, n=n, total=total)
            items = [n] * size
            items[1] = total
            total = items[0] + items[1] + items[size - 1]
            n -= 1
        return total

    def main(n, size):
        return loop(size, n)

    meta_interp(main, [30, 3]).check_loop_has(new_array=0, new_array_clear=0, call_r=0, getarrayitem_gc_i=0)
    meta_interp(main, [30, 300]).check_loop_has(call_r=1)


@pytest.mark.parametrize("unrolled", [False, True])
def test_an_inlined_call_goes_past_the_head_of_its_loop_if_the_driver_wants(unrolled):
    def wants(pc, code):
        return unrolled and code == 1

    driver = JitDriver(greens=["pc", "code"], reds=["n", "total"], is_recursive=True,
                       should_unroll_one_iteration=wants)

    def interpret(code, n):
        pc = 0
        total = 0
        while True:
            driver.jit_merge_point(pc=pc, code=code, n=n, total=total)
            if pc == 0:
                n -= 1
                total += n if code == 1 else interpret(1, 2)
                pc = 1
            elif n > 0:
                pc = 0
                driver.can_enter_jit(pc=pc, code=code, n=n, total=total)
            else:
                return total

    run = meta_interp(interpret, [0, 50], function_threshold=-1)
    assert run.result == 50
    calls = [one.counts().get("call_assembler_i", 0) for one in run.loops]
    assert max(calls) == (0 if unrolled else 1)


class LittleRoom(ModelBackend):
    """There is room for the code of three loops."""

    loops = 0

    def compile_loop(self, trace, token):
        if self.loops == 3:
            raise NoRoomForCode
        super().compile_loop(trace, token)
        self.loops += 1

    def free(self, token):
        super().free(token)
        self.loops -= 1


def test_where_there_is_little_room_code_that_nobody_enters_makes_way():
    driver = JitDriver(greens=["step"], reds=["n"], name="test")

    def count_down(n, step):
        while n > 0:
            driver.jit_merge_point(step=step, n=n)
            n -= step
        return n

    def entry(most, n):
        total = 0
        for step in range(1, most):
            for _ in range(4):
                total += count_down(n, step) + count_down(n, most)
        return total

    run = meta_interp(entry, [60, 300], backend=LittleRoom)
    often_used = [compiled for compiled in run.loops if "-60)" in compiled.text()]
    assert run.statistics.loops > 25 and run.statistics.freed_loops > 22
    assert set(run.aborts) == {"no room for code"} and run.statistics.recordings < 4 * 60
    assert len(often_used) <= 3


def test_where_a_character_is_in_a_constant_string_is_known():
    driver = JitDriver(greens=["kinds"], reds=["n", "total"])

    def loop(n):
        total = 0
        kinds = "diuoxX"
        while n > 0:
            driver.jit_merge_point(n=n, kinds=kinds, total=total)
            if "u" in kinds:
                total += kinds.find("o") + n
            n -= 1
        return total

    run = meta_interp(loop, [30])
    run.check(loops=1, bridges=0, aborts=0)
    run.check_loop(int_add=3, int_gt=1, guard_true=1, jump=1)
