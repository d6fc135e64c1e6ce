"""What the markers of rlib mean."""

import importlib
import pkgutil

import ouro.rlib
import pytest
from ouro.annotator import AnnotatorError, annotate
from ouro.annotator import annotations as a
from ouro.annotator._rlib import check_complete
from ouro.rlib._primitive import PRIMITIVES
from ouro.rlib.jit import JitDriver, conditional_call, dont_look_inside, hint, promote, set_param, virtual_ref
from ouro.rlib.nonconst import NonConstant
from ouro.rlib.objectmodel import compute_hash, instantiate, r_dict, we_are_translated
from ouro.rlib.rerased import new_erasing_pair
from ouro.rlib.rstring import StringBuilder


def result_of(function, *types):
    return annotate(function, types).entry_graph.getreturnvar().annotation


def test_every_marker_has_a_meaning():
    for module in pkgutil.walk_packages(ouro.rlib.__path__, "ouro.rlib."):
        importlib.import_module(module.name)
    assert check_complete(PRIMITIVES) == []


def test_code_for_the_host_is_not_reached():
    def f(n):
        if not we_are_translated():
            return host_only(n)
        return n

    assert isinstance(result_of(f, int), a.Integer)


def host_only(n):
    return eval("n")


def key_equal(left, right):
    return left[0] == right[0]


def key_hash(key):
    return compute_hash(key[0])


def test_the_functions_of_an_r_dict_are_called_with_its_keys():
    def f(n):
        d = r_dict(key_equal, key_hash)
        d[(n, "x")] = n
        return d[(n, "y")]

    program = annotate(f, [int])
    names = {graph.name for graph in program.graphs}
    assert {"key_equal", "key_hash"} <= names


erase, unerase = new_erasing_pair("numbers")
erase_text, unerase_text = new_erasing_pair("texts")


def test_erasing_hides_types_and_gives_them_back():
    def f(n):
        storage = erase([n]) if n else erase_text(["x"])
        if n:
            return unerase(storage)[0]
        return len(unerase_text(storage)[0])

    assert isinstance(result_of(f, int), a.Integer)


def test_a_string_builder_builds_strings():
    def f(n):
        builder = StringBuilder(n)
        builder.append("abc")
        builder.append_multiple_char("x", 3)
        builder.append_slice("hello", 1, 3)
        return builder.build(), builder.getlength()

    items = result_of(f, int).items
    assert isinstance(items[0], a.String)


driver = JitDriver(greens=["i"], reds=["n"])


def test_hints_for_the_jit_change_nothing():
    def f(n):
        i = 0
        while i < n:
            driver.jit_merge_point(i=i, n=n)
            i = promote(i) + 1
        return i

    assert isinstance(result_of(f, int), a.Integer)


class Frame:
    _virtualizable_ = ["value"]

    def __init__(self, value):
        self = hint(self, access_directly=True, fresh_virtualizable=True)
        self.value = value


def test_virtualizable_hints_stay_on_the_reference():
    def f(n):
        frame = Frame(n)
        return hint(frame, access_directly=True)

    assert result_of(f, int).flags == {"access_directly": True}


def test_instantiate_makes_instances_without_init():
    def f():
        return instantiate(Frame)

    annotation = result_of(f)
    assert annotation.class_description.python_class is Frame


def test_non_constants_are_followed_both_ways():
    def f():
        if NonConstant(False):
            return "x"
        return None

    assert result_of(f).optional


def test_functions_that_are_never_traced_do_not_touch_virtualizables_directly():
    class Frame:
        _virtualizable_ = ["x"]

    @dont_look_inside
    def outside(frame):
        return frame

    def inside(frame):
        return frame

    def f(n):
        frame = hint(Frame(), access_directly=True)
        frame.x = n
        return inside(frame), outside(frame)

    traced, called = result_of(f, int).items
    assert traced.flags and not called.flags


DRIVER = JitDriver(greens=["pc"], reds=["n", "m"], name="test")


def _a_red_is_missing(n):
    DRIVER.jit_merge_point(pc=1, n=n)  # here


def _a_name_too_many(n):
    DRIVER.jit_merge_point(pc=1, n=n, m=n, other=n)  # here


def _a_green_is_missing_at_can_enter_jit(n):
    DRIVER.can_enter_jit(n=n, m=n)  # here


def _values_without_names(n):
    DRIVER.jit_merge_point(1, n, n)  # here


def _a_misspelt_parameter(n):
    set_param(DRIVER, "treshold", n)  # here


def _a_value_that_a_parameter_may_not_have(n):
    set_param(DRIVER, "trace_limit", -5)  # here


def _a_parameter_that_is_not_known_yet(n):
    set_param(DRIVER, "threshold" if n > 3 else "decay", n)  # here


class OneText:
    _virtualizable_ = "value"


class NoText:
    _immutable_fields_ = ["x", 3]


def _names_that_are_one_text(n):
    return OneText()  # here


def _names_that_are_no_texts(n):
    return NoText()  # here


def _a_virtual_reference_to_a_number(n):
    virtual_ref(n)  # here


def _a_conditional_call_for_a_result(n):
    conditional_call(n > 3, abs_of, n)  # here


def abs_of(n):
    return abs(n)


@pytest.mark.parametrize("function, message", [
    (_a_red_is_missing, "a call of test misses m"),
    (_a_name_too_many, "a call of test is given other"),
    (_a_green_is_missing_at_can_enter_jit, "a call of test misses pc"),
    (_values_without_names, "a call of test has values without names"),
    (_a_misspelt_parameter, "the JIT has no parameter 'treshold'; it has threshold, "),
    (_a_value_that_a_parameter_may_not_have, "set_param: trace_limit=-5: it may be 1 to "),
    (_names_that_are_one_text, "_virtualizable_ of OneText is 'value': it is a list of names of attributes"),
    (_names_that_are_no_texts, "_immutable_fields_ of NoText is ['x', 3]: it is a list of names of attributes"),
    (_a_parameter_that_is_not_known_yet, "set_param takes a constant name; set_checked_param"),
    (_a_virtual_reference_to_a_number, "a virtual reference is to an instance of a class, not to int"),
    (_a_conditional_call_for_a_result, "which nobody gets; conditional_call_elidable gives it"),
])
def test_calls_of_the_jit_that_make_no_sense(function, message):
    with pytest.raises(AnnotatorError) as caught:
        annotate(function, [int])
    assert message in str(caught.value) and "# here" in str(caught.value)
