"""A program that contradicts its hints gets one error, with the line and what to do."""

import inspect
import linecache

import pytest
from codewriter_support import write
from ouro.jitcore.errors import HintError
from ouro.jitcore.testing import meta_interp
from ouro.rlib import jit
from ouro.rlib.jit import JitDriver


class Box:
    def __init__(self):
        self.value = 0


class Misspelt:
    _virtualizable_ = ["depth", "stak[*]"]

    def __init__(self):
        self = jit.hint(self, access_directly=True, fresh_virtualizable=True)
        self.depth = 0
        self.stack = [0] * 3


class Growing:
    _virtualizable_ = ["items[*]"]

    def __init__(self):
        self.items = []
        self.items.append(1)


COUNTER = Box()


def run_with(make, **virtualizable):
    """An entry point with a loop whose frame is what `make` makes."""
    driver = JitDriver(greens=["pc"], reds=["frame", "n"], virtualizables=["frame"], name="test")

    def entry(n):
        frame = make()
        pc = 0
        while n > 0:
            driver.jit_merge_point(pc=pc, frame=frame, n=n)
            n -= 1
        return n

    return entry


def greens_that_change():
    driver = JitDriver(greens=["pc"], reds=["n"], name="test")

    def entry(n):
        pc = 0
        while n > 0:
            driver.jit_merge_point(pc=pc, n=n)
            n -= 1
            pc += n  # here
        return pc

    return entry


def a_red_is_missing():
    driver = JitDriver(greens=["pc"], reds=["n"], name="test")

    def entry(n):
        pc, total = 0, 0
        while n > 0:
            driver.jit_merge_point(pc=pc, n=n)  # here
            total += n
            n -= 1
        return total

    return entry


def two_merge_points_in_a_function():
    driver = JitDriver(greens=[], reds=["n"], name="test")
    other = JitDriver(greens=[], reds=["n"], name="other")

    def entry(n):
        while n > 0:
            driver.jit_merge_point(n=n)
            n -= 1
            while n > 5:
                other.jit_merge_point(n=n)
                n -= 1
        return n

    return entry


def a_driver_in_two_functions():
    driver = JitDriver(greens=[], reds=["n"], name="test")

    def first(n):
        while n > 0:
            driver.jit_merge_point(n=n)
            n -= 1
        return n

    def entry(n):
        n += first(n)
        while n > 0:
            driver.jit_merge_point(n=n)
            n -= 2
        return n

    return entry


def can_enter_jit_without_merge_point():
    driver = JitDriver(greens=[], reds=["n"], name="test")
    other = JitDriver(greens=[], reds=["n"], name="other")

    def entry(n):
        while n > 0:
            driver.jit_merge_point(n=n)
            n -= 1
            other.can_enter_jit(n=n)  # here
        return n

    return entry


def greens_of_other_types_at_can_enter_jit():
    driver = JitDriver(greens=["pc"], reds=["n"], name="test")

    def entry(n):
        pc = 0
        while n > 0:
            driver.jit_merge_point(pc=pc, n=n)
            n -= 1
            driver.can_enter_jit(pc=1.5, n=n)  # here
        return n

    return entry


def looping(function):
    """An entry point whose loop calls a function."""
    driver = JitDriver(greens=[], reds=["n", "box", "items"], name="test")

    def entry(n):
        box = Box()
        items = [0] * n
        while n > 0:
            driver.jit_merge_point(n=n, box=box, items=items)
            n -= function(n, box, items)
        return n

    return entry


def an_elidable_function_writes_what_it_was_given():
    @jit.elidable
    def wrong(n, box, items):
        box.value = n  # here
        return 1

    return looping(wrong)


def an_elidable_function_writes_a_global():
    @jit.elidable
    def wrong(n, box, items):
        COUNTER.value = n  # here
        return 1

    return looping(wrong)


def an_elidable_function_calls_one_that_writes():
    def set_value(other, value):
        other.value = value

    def passes_on(other, value):
        set_value(other, value)

    @jit.elidable
    def wrong(n, box, items):
        passes_on(Box(), n)
        passes_on(box, n)  # here
        return 1

    return looping(wrong)


def an_elidable_function_calls_one_that_writes_a_global():
    def set_counter(value):
        COUNTER.value = value

    @jit.elidable
    def wrong(n, box, items):
        set_counter(n)  # here
        return 1

    return looping(wrong)


def an_elidable_function_writes_what_it_gets_from_a_call():
    def chosen(n, box):
        return box if n > 3 else Box()

    @jit.elidable
    def wrong(n, box, items):
        chosen(n, box).value = n  # here
        return 1

    return looping(wrong)


def an_elidable_function_writes_to_a_list():
    @jit.elidable
    def wrong(n, box, items):
        items[0] = n  # here
        return 1

    return looping(wrong)


def reds_of_other_kinds_at_can_enter_jit():
    driver = JitDriver(greens=[], reds=["n"], name="test")

    def entry(n):
        while n > 0:
            driver.jit_merge_point(n=n)
            n -= 1
            driver.can_enter_jit(n=float(n))  # here
        return n

    return entry


def an_elidable_function_without_result():
    @jit.elidable
    def wrong(n, box, items):
        if n > 3:
            raise KeyError

    def call(n, box, items):
        wrong(n, box, items)
        return 1

    return looping(call)


def an_unknown_hint():
    def call(n, box, items):
        return jit.hint(n, promot=True)  # here

    return looping(call)


def promote_string_of_a_number():
    def call(n, box, items):
        return jit.promote_string(n)  # here

    return looping(call)


def a_virtualizable_without_fields():
    return run_with(Box)


def virtualizable_fields_that_do_not_exist():
    return run_with(Misspelt)


def a_virtualizable_list_that_grows():
    return run_with(Growing)


@pytest.mark.parametrize(
    "program, message, suggestion",
    [
        (greens_that_change, "the green pc is computed from the red n", "jit.promote(n)"),
        (a_red_is_missing, "neither green nor red: total", "add it to the reds"),
        (two_merge_points_in_a_function, "a second merge point in entry", "function of its own"),
        (a_driver_in_two_functions, "a second merge point of the driver test, which has one in", "driver.clone()"),
        (can_enter_jit_without_merge_point, "driver other, which has no merge point", "call jit_merge_point"),
        (greens_of_other_types_at_can_enter_jit, "have the types Float, those of the merge point Signed", "the same"),
        (an_elidable_function_writes_what_it_was_given, "it changes the field value of what it was given", "leave out"),
        (an_elidable_function_writes_a_global, "the field value of an object that outlives the call", "leave out"),
        (an_elidable_function_calls_one_that_writes,
         "changes the field value of what it was given, through passes_on and set_value", "leave out"),
        (an_elidable_function_calls_one_that_writes_a_global,
         "changes the field value of an object that outlives the call, through set_counter", "leave out"),
        (an_elidable_function_writes_what_it_gets_from_a_call, "it changes the field value of what it was given",
         "leave out"),
        (an_elidable_function_writes_to_a_list, "it changes the items of what it was given", "leave out"),
        (reds_of_other_kinds_at_can_enter_jit, "can_enter_jit are a float, those of the merge point an int",
         "the same"),
        (an_elidable_function_without_result, "marked elidable, but it has no result", "leave out"),
        (an_unknown_hint, "there is no hint promot", "access_directly"),
        (promote_string_of_a_number, "promote_string of something that is no string", "use promote"),
        (a_virtualizable_without_fields, "its class has no _virtualizable_ fields", "_virtualizable_ ="),
        (virtualizable_fields_that_do_not_exist, "_virtualizable_ names stak[*], which nothing", "correct the name"),
        (a_virtualizable_list_that_grows, "items[*] of Growing is no list of a fixed size", "never append"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_contradictions(program, message, suggestion):
    with pytest.raises(HintError) as caught:
        write(program(), (5,))
    error = caught.value
    text = str(error)
    assert message in error.message and error.is_about_program
    assert suggestion in text.partition("help: ")[2]
    assert text.startswith(f"{__file__}:")
    line = int(text.split(":")[1])
    assert program.__code__.co_firstlineno < line or program.__name__.startswith(("a_virtualizable", "virtualizable"))
    if "# here" in inspect.getsource(program):
        shown = linecache.getline(__file__, line)
        assert "# here" in shown
        assert shown.strip().partition("  #")[0] in text


def test_a_green_that_a_promoted_red_makes_is_fine():
    driver = JitDriver(greens=["pc"], reds=["n"], name="test")

    def entry(n):
        pc = 0
        while n > 0:
            driver.jit_merge_point(pc=pc, n=n)
            pc = (pc + jit.promote(n & 3)) & 7
            n -= 1
        return pc

    write(entry, (5,))


def test_functions_of_a_driver_give_what_the_jit_asks_for():
    def place(pc):
        return pc

    driver = JitDriver(greens=["pc"], reds=["n"], name="test", get_printable_location=place)

    def entry(n):
        pc = 0
        while n > 0:
            driver.jit_merge_point(pc=pc, n=n)
            n -= 1
        return n

    with pytest.raises(HintError, match="get_printable_location of the driver test must give a str") as caught:
        meta_interp(entry, [5])
    assert str(caught.value).startswith(f"{__file__}:{place.__code__.co_firstlineno}: place: ")
