"""Markers leave what the table in the README says, and do the plain Python thing on the host."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ouro.rlib import PRIMITIVES, debug, jit, objectmodel, rerased, source
from ouro.rlib.nonconst import NonConstant
from ouro.rlib.objectmodel import specialize
from ouro.rlib.unroll import unrolling_iterable


def test_a_primitive_says_its_name():
    assert PRIMITIVES["objectmodel.we_are_translated"] is objectmodel.we_are_translated
    assert objectmodel.we_are_translated._primitive_ == "objectmodel.we_are_translated"
    assert not objectmodel.we_are_translated()


def test_specialize_leaves_kind_and_arguments():
    @specialize.arg(0, 2)
    def f(a, b, c):
        return a

    @specialize.memo()
    def g(a):
        return a

    assert (f._specialize_, f._specialize_args_) == ("arg", (0, 2))
    assert (g._specialize_, g._specialize_args_) == ("memo", ())
    with pytest.raises(TypeError):
        specialize.arg("x")
    with pytest.raises(TypeError):
        specialize.memo()(5)


def test_inlining_markers():
    assert objectmodel.always_inline(lambda: 0)._always_inline_ is True
    assert objectmodel.try_inline(lambda: 0)._always_inline_ == "try"
    assert objectmodel.dont_inline(lambda: 0)._dont_inline_ is True


class Mixin:
    color = "red"

    def describe(self):
        return "%s %d" % (self.color, self.size)

    @property
    def double(self):
        return 2 * self.size

    @staticmethod
    def three():
        return 3


def test_a_mixin_gives_every_class_functions_of_its_own():
    class A:
        objectmodel.import_from_mixin(Mixin)
        size = 1

    @objectmodel.import_from_mixin(Mixin)
    class B:
        size = 2

    assert A().describe() == "red 1"
    assert B().describe() == "red 2"
    assert B().double == 4
    assert B.three() == 3
    assert A.describe is not B.describe
    assert A.describe.__code__ is B.describe.__code__


def test_a_mixin_may_not_overwrite_nor_use_super():
    with pytest.raises(TypeError, match="in the class already"):

        class A:
            color = "blue"
            objectmodel.import_from_mixin(Mixin)

    class WithSuper:
        def f(self):
            return super().f()

    with pytest.raises(TypeError, match="super"):

        @objectmodel.import_from_mixin(WithSuper)
        class B:
            pass


def test_an_unboxed_value_is_one_word():
    class Tagged(objectmodel.UnboxedValue):
        __slots__ = ("number",)

    assert Tagged(5).number == 5
    assert Tagged(-5).get_untagged_value() == -5
    with pytest.raises(OverflowError):
        Tagged(2**62)


def test_instantiate_runs_no_init():
    class A:
        def __init__(self):
            raise AssertionError

    assert type(objectmodel.instantiate(A)) is A


def test_a_freed_object_cannot_be_used():
    class Raw:
        _alloc_flavor_ = "raw"

        def __init__(self):
            self.x = 1

    raw = Raw()
    objectmodel.free_non_gc_object(raw)
    with pytest.raises(AssertionError):
        raw.x  # noqa: B018 - the access is the test


@given(st.lists(st.tuples(st.integers(-20, 20), st.integers())))
def test_an_r_dict_is_a_dictionary_by_its_own_equality(items):
    d = objectmodel.r_dict(lambda a, b: abs(a) == abs(b), abs)
    model = {}
    names = {}
    for key, value in items:
        d[key] = value
        model[abs(key)] = value
        names.setdefault(abs(key), key)
    assert [abs(key) for key in d] == list(model)
    assert list(d.iteritems()) == [(names[key], value) for key, value in model.items()]
    assert len(d) == len(model)
    for key in range(-20, 21):
        assert d.get(key) == model.get(abs(key))
        assert (key in d) == (abs(key) in model)
        assert objectmodel.contains_with_hash(d, key, abs(key)) == (abs(key) in model)


def test_hashes_that_a_dictionary_stores_are_not_computed_again():
    hashed = []

    def noted(key):
        hashed.append(key)
        return key % 7

    d = objectmodel.r_dict(lambda a, b: a == b, noted)
    for key in (1, 8, 20):
        d[key] = str(key)
    assert hashed == [1, 8, 20]
    assert list(objectmodel.iterkeys_with_hash(d)) == [(1, 1), (8, 1), (20, 6)]
    assert list(objectmodel.iteritems_with_hash(d)) == [(1, "1", 1), (8, "8", 1), (20, "20", 6)]
    copy = d.copy()
    copy.update(d)
    assert hashed == [1, 8, 20]
    assert copy[8] == "8"


def test_hashes_of_a_plain_dictionary_are_those_of_compute_hash():
    assert list(objectmodel.iterkeys_with_hash({"abc": 1})) == [("abc", objectmodel.compute_hash("abc"))]


def test_move_to_end_changes_the_order_only():
    for d in ({1: "a", 2: "b", 3: "c"}, objectmodel.r_ordereddict(lambda a, b: a == b, lambda a: a)):
        for key in (1, 2, 3):
            d[key] = str(key)
        objectmodel.move_to_end(d, 1)
        assert list(d) == [2, 3, 1]
        objectmodel.move_to_end(d, 3, last=False)
        assert list(d) == [3, 2, 1]
        assert d[3] == "3"
        assert list(objectmodel.reversed_dict(d)) == [1, 2, 3]


def test_hashes_are_those_of_cpython_27():
    assert objectmodel.compute_hash("abc") == 1453079729188098211
    assert objectmodel.compute_hash("hello world") == -2324238377118044897
    assert objectmodel.compute_hash("") == 0
    assert objectmodel.compute_hash(12) == 12
    assert objectmodel.compute_hash(12.0) == 12
    assert objectmodel.compute_hash(math.inf) == 314159
    assert objectmodel.compute_hash(b"abc") == objectmodel.compute_hash("abc")


def test_an_erasing_pair_gives_back_only_its_own():
    erase, unerase = rerased.new_erasing_pair("points")
    _, other_unerase = rerased.new_erasing_pair("others")
    assert unerase(erase((1, 2))) == (1, 2)
    with pytest.raises(TypeError):
        other_unerase(erase(5))
    assert erase._erasing_pair_ is unerase._erasing_pair_


def test_unrolling_iterables_give_their_items_again_and_again():
    items = unrolling_iterable(x * x for x in range(3))
    assert list(items) == [0, 1, 4]
    assert list(items) == [0, 1, 4]
    assert items.get_items() == (0, 1, 4)


def test_generated_source_shows_in_tracebacks():
    namespace = source.execute_source("def f(x):\n    return 1 / x\n")
    with pytest.raises(ZeroDivisionError) as caught:
        namespace["f"](0)
    assert "return 1 / x" in str(caught.traceback[-1])


def test_debug_sections_nest():
    debug.debug_start("outer")
    debug.debug_start("inner")
    debug.debug_print("x", 1)
    with pytest.raises(AssertionError):
        debug.debug_stop("outer")
    debug.debug_stop("outer")
    assert not debug.have_debug_prints()
    with pytest.raises(debug.FatalError):
        debug.fatalerror("no way on")


def test_non_constants_are_values_on_the_host():
    assert NonConstant(5) == 5


# ---- jit


def test_jit_decorators_leave_their_attributes():
    @jit.elidable_promote("0")
    def f(a, b):
        return a

    assert f._elidable_ and f._elidable_promote_ == (0,)
    assert jit.dont_look_inside(lambda: 0)._jit_look_inside_ is False
    assert jit.unroll_safe(lambda: 0)._jit_unroll_safe_ is True
    with pytest.raises(TypeError):
        jit.unroll_safe(f)
    with pytest.raises(TypeError):
        jit.loop_invariant(f)


def test_a_driver_checks_the_names_at_the_merge_point():
    driver = jit.JitDriver(greens=["pc"], reds=["frame"], name="main")
    driver.jit_merge_point(pc=1, frame=None)
    driver.can_enter_jit(pc=1, frame=None)
    with pytest.raises(TypeError, match="missing frame"):
        driver.jit_merge_point(pc=1)
    with pytest.raises(TypeError, match="unexpected other"):
        driver.jit_merge_point(pc=1, frame=None, other=2)


def test_a_driver_checks_its_declaration():
    with pytest.raises(TypeError, match="both green and red"):
        jit.JitDriver(greens=["a"], reds=["a"])
    with pytest.raises(TypeError, match="not reds"):
        jit.JitDriver(greens=["a"], reds=["b"], virtualizables=["c"])
    with pytest.raises(TypeError, match=r"<lambda>\(\) at .*test_markers.py:\d+ takes 1 arguments"):
        jit.JitDriver(greens=["a", "b"], reds=[], get_printable_location=lambda a: "")
    with pytest.raises(TypeError, match="not a variable name"):
        jit.JitDriver(greens=["a b"], reds=[])
    with pytest.raises(TypeError, match="greens: a list of names is expected, not the text 'pc'"):
        jit.JitDriver(greens="pc", reds=[])
    automatic = jit.JitDriver(greens=["pc"], reds="auto")
    automatic.jit_merge_point(pc=1)


def test_virtual_references_are_invalid_when_finished_unforced():
    ref = jit.virtual_ref("frame")
    jit.virtual_ref_finish(ref, "frame")
    with pytest.raises(jit.InvalidVirtualRef):
        ref()
    forced = jit.virtual_ref("frame")
    assert forced.virtual and forced() == "frame" and not forced.virtual
    jit.virtual_ref_finish(forced, "frame")
    assert forced() == "frame"


@pytest.mark.parametrize("text", ["threshold=10, trace_limit=20", "off", "default", "enable_opts=all:-peel,decay=0"])
def test_what_users_may_write(text):
    jit.set_user_param(None, text)


@pytest.mark.parametrize(
    "text, message",
    [
        ("", "expected off, default or name=value,..., not ''"),
        ("threshold", "expected off, default or name=value,..., not 'threshold'"),
        ("treshold=1", "no JIT parameter 'treshold'; there are threshold, function_threshold, trace_eagerness"),
        ("threshold=", "threshold=: expected a number"),
        ("threshold=1_0", "threshold=1_0: expected a number"),
        ("threshold=9999999999999999999", "threshold=9999999999999999999: expected a number"),
        ("threshold=3,decay=1001", "decay=1001: it may be 0 to 1000"),
        ("trace_limit=0", "trace_limit=0: it may be 1 to"),
        ("enable_opts=speed", "enable_opts: no optimisation 'speed'; there are all, none, ranges"),
        ("enable_opts=all:-", "enable_opts: no optimisation ''"),
    ],
)
def test_mistakes_in_parameters_are_one_line(text, message):
    with pytest.raises(jit.BadParameter) as error:
        jit.set_user_param(None, text)
    assert error.value.message.startswith(message)
    assert "\n" not in str(error.value)


def test_optimisations_by_name():
    assert jit.parse_parameters("enable_opts=none") == [jit.parameter_number("enable_opts"), 0]
    assert jit.parse_optimizations("all") == jit.parse_optimizations("1") == jit.ALL_OPTIMIZATIONS
    assert jit.parse_optimizations("ranges:heap") == 1 << 0 | 1 << jit.OPTIMIZATIONS.index("heap")
    assert jit.parse_optimizations("all:-peel") == jit.ALL_OPTIMIZATIONS & ~(1 << jit.OPTIMIZATIONS.index("peel"))


def test_the_option_is_taken_from_the_command_line():
    assert jit.take_user_parameters(["vm", "file", "--jit", "x"]) == ["vm", "file", "--jit", "x"]
    assert jit.take_user_parameters(["vm", "--jit", "off", "--jit=threshold=3", "file"]) == ["vm", "file"]
    assert jit.take_user_parameters(["vm", "--jit", "help", "file"]) is None
    with pytest.raises(jit.BadParameter):
        jit.take_user_parameters(["vm", "--jit"])


def test_the_help_names_every_parameter():
    for name in jit.DEFAULT_PARAMETERS:
        assert "\n  %s=" % name in jit.parameters_help()


def test_a_value_that_a_parameter_may_not_have_has_a_nearest_one():
    limit = jit.parameter_number("trace_limit")
    assert [jit.nearest_value(limit, value) for value in (-5, 1, 700)] == [1, 1, 700]
    with pytest.raises(jit.BadParameter, match="trace_limit=-5: it may be 1 to"):
        jit.set_param(None, "trace_limit", -5)
