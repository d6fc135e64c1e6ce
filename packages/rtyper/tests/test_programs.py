"""What rlib's markers and low-level code become: small programs that agree with plain Python."""

from __future__ import annotations

import math
import weakref
from typing import Any

import pytest
from ouro.annotator import annotate
from ouro.lltype import (
    Float,
    FuncType,
    GcArray,
    GcStruct,
    Ptr,
    Signed,
    Struct,
    free,
    functionptr,
    load,
    malloc,
    nullptr,
    raw_free,
    raw_malloc,
    store,
)
from ouro.rlib import rgc
from ouro.rlib.debug import make_sure_not_resized
from ouro.rlib.jit import JitDriver, hint, promote
from ouro.rlib.objectmodel import (
    compute_hash,
    compute_identity_hash,
    free_non_gc_object,
    instantiate,
    r_dict,
    specialize,
)
from ouro.rlib.rarithmetic import intmask, ovfcheck, r_longlong, r_uint
from ouro.rlib.rerased import new_erasing_pair
from ouro.rlib.rstring import StringBuilder
from ouro.rtyper import OBJECT_POINTER, FatalError, TypedInterpreter
from ouro.rtyper import specialize as type_program
from rtyper_support import agrees, on_host, run, typed


class Text:
    def __init__(self, s):
        self.s = s


def same_text(a, b):
    return a.s == b.s


def hash_text(a):
    return compute_hash(a.s)


def custom_dict(n):
    d = r_dict(same_text, hash_text)
    for i in range(n):
        d[Text(str(i % 10))] = i
    total = 0
    for k in d:
        total += d[k]
    return total + len(d)


def custom_dicts_are_equal_when_they_are_the_same(n):
    first, second = r_dict(same_text, hash_text), r_dict(same_text, hash_text)
    if n > 3:
        first[Text("a")] = 1
        second[Text("a")] = 1
    third = first if n > 4 else second
    return int(first == second) + int(first == third) * 2 + int(second != third) * 4 + int([first] == [third]) * 8


class Pools:
    def __init__(self):
        self.texts = []
        self.index_of = r_dict(same_text, hash_text)


def custom_dict_never_filled(n):
    pools = Pools()
    pools.texts.append(n)
    return len(pools.texts) + len(pools.index_of)


def same_pair(a, b):
    return a == b


def hash_pair(a):
    return a.value if a else 0


def null_pointers_as_keys(n):
    """They stay where the table grows, and are found in it."""
    d = r_dict(same_pair, hash_pair)
    d[nullptr(PAIR)] = n
    for i in range(40):
        pair = malloc(PAIR)
        pair.value = i
        d[pair] = i
    total = 0
    for pair in d:
        total += 1 if pair else 1000
    return d.get(nullptr(PAIR), -1) * 10000 + total


class Raw:
    _alloc_flavor_ = "raw"

    def __init__(self, x):
        self.x = x

    def get(self):
        return self.x


class DoubleRaw(Raw):
    def get(self):
        return self.x * 2


def raw_instances(n):
    r = Raw(n) if n > 3 else DoubleRaw(n)
    total = r.get()
    r.x = 5
    total += r.x
    free_non_gc_object(r)
    return total


def weak_references(n):
    text = Text("x")
    reference = weakref.ref(text)
    again = reference()
    if again is None:
        return -1
    return len(again.s) + n


def building_strings(n):
    builder = StringBuilder()
    for i in range(n):
        builder.append("ab")
        builder.append("c")
        builder.append_slice("hello", 1, 3)
        builder.append_multiple_char("-", 2)
        if i == 3:
            assert builder.getlength() == len(builder.build())
    return builder.build() + str(builder.getlength())


erase_list, unerase_list = new_erasing_pair("list")
erase_text, unerase_text = new_erasing_pair("text")
erase_number, unerase_number = new_erasing_pair("number")
ERASED = erase_text("prebuilt")


def erased_values(n):
    storage = erase_list([1, 2, n]) if n > 3 else erase_text("xyz")
    number = unerase_number(erase_number(n))
    if n > 3:
        return unerase_list(storage)[2] + number
    return len(unerase_text(storage)) + len(unerase_text(ERASED)) + number


driver = JitDriver(greens=["pc"], reds=["acc"], name="test")


def jit_markers(n):
    pc = 0
    acc = 0
    while pc < n:
        driver.jit_merge_point(pc=pc, acc=acc)
        acc += promote(pc)
        pc += 1
    return hint(acc, promote=True)


def machine_integers(n):
    u = (r_uint(n) * r_uint(3) + r_uint(1)) >> 1
    x = r_longlong(n) + r_longlong(5)
    return intmask(u) ^ intmask(x) ^ intmask(r_uint(-1) >> 60)


def checked_overflow(n):
    try:
        return ovfcheck(n * n)
    except OverflowError:
        return -1


def area(n):
    return ovfcheck(ovfcheck(n * n) + -ovfcheck(-n))


def overflow_caught_by_the_caller(n):
    try:
        return area(n)
    except OverflowError:
        return -1


def identities(n):
    first, second = Text("a"), Text("a")
    number = compute_identity_hash(first)
    d = {first: 1, second: n}
    return int(number == compute_identity_hash(first)) + d[first] + d[second]


NUMBERS = GcArray(Signed)
PAIR = GcStruct("pair", ("value", Signed), ("numbers", Ptr(NUMBERS)))
RAW = Struct("raw_pair", ("x", Signed), ("y", Float))


def ten_more(x):
    return x + 10


FUNCTION = functionptr(FuncType([Signed], Signed), "ten_more", callable=ten_more)


def low_level_memory(n):
    pair = malloc(PAIR)
    pair.value = n
    pair.numbers = malloc(NUMBERS, n)
    for i in range(n):
        pair.numbers[i] = i * i
    raw = malloc(RAW, flavor="raw")
    raw.x = 5
    raw.y = 2.5
    total = raw.x + int(raw.y * 2)
    free(raw, flavor="raw")
    address = raw_malloc(16)
    store(Signed, address, 8, 77)
    total += load(Signed, address, 8)
    raw_free(address)
    return total + pair.numbers[n - 1] + pair.value + FUNCTION(3)


class Frozen:
    def __init__(self, k):
        self.k = k

    def _freeze_(self):
        return True

    def plus(self, x):
        return self.k + x


ONE = Frozen(1)
TWENTY = Frozen(20)


def frozen_constants(n):
    constant = ONE if n > 3 else TWENTY
    return ONE.plus(n) + constant.k


@specialize.memo()
def name_length(cls):
    return len(cls.__name__)


class Short:
    pass


class MuchLonger(Short):
    pass


def memo_functions(n):
    cls = Short if n > 3 else MuchLonger
    made = cls()
    total = name_length(Short) + name_length(cls)
    if isinstance(made, MuchLonger):
        total += 100
    return total + int(isinstance(instantiate(cls), MuchLonger))


@specialize.argtype(0)
def itself(x):
    return x


def specialised_functions(n):
    return str(itself(n)) + itself("text")


class Times:
    def __init__(self, v):
        self.v = v

    def call(self, x):
        return self.v * x


class Plus(Times):
    def call(self, x):
        return self.v + x


def bound_methods(n):
    method = (Times(n) if n > 3 else Plus(n)).call
    items = []
    append = items.append
    append(method(10))
    return items[0]


class Problem(Exception):
    def __init__(self, code):
        self.code = code


class WorseProblem(Problem):
    pass


def raising(n):
    if n == 1:
        raise Problem(5)
    if n == 2:
        raise WorseProblem(6)
    if n == 3:
        raise OSError(3, "text")
    if n == 4:
        raise KeyError
    return n


def exceptions(n):
    try:
        try:
            return raising(n)
        finally:
            n += 1
    except WorseProblem as problem:
        return problem.code * 1000
    except Problem as problem:
        return problem.code * 100
    except OSError as error:
        return error.errno


def everything_iterable(n):
    d = {"a": 1, "b": n}
    pairs = list(d.items())
    numbered = list(enumerate(["x", "y"]))
    keys = set(d.keys())
    other = dict([("z", 5), ("y", n)])
    total = sum([index * len(text) for index, text in numbered])
    items = list(range(3)) + list(reversed([1, 2]))
    filled = [0] * n + [7] * 2
    for first, second in zip([1, 2], "ab"):
        total += first * ord(second)
    texts = [str(total), str(len(keys)), sorted(other)[0], str(items[4]), str(len(filled)), pairs[1][0]]
    return ",".join(texts) + str(n in range(0, 10, 2)) + str(min(3, n)) + str(max([1, n]))


def ordered_tuples(n):
    a = (n, "x")
    b = (3, "y")
    return str(a < b) + str(a <= b) + str(a > b) + str(a >= b) + str(a == (3, "x")) + str("a" in ("a", "b"))


def formats(x, n):
    text = f"{x:10.2e}|{n:5d}|{n:<6x}|{n:+d}|{n!r}|{'ab':>4}" + "%5s|%-5d|%05d|%x|%.3f" % ("ab", n, n, 255, x)
    return text + str(x) + repr(text) + str(float("1e3") + round(x, 1))


PREBUILT = {"a": Text("one"), "b": Text("three")}


def prebuilt_data(n):
    PREBUILT["c"] = Text(str(n))
    return ",".join([key + str(len(text.s)) for key, text in PREBUILT.items()])


CASES: list[Any] = [
    (custom_dict, (5,), (100,)),
    (custom_dict_never_filled, (5,)),
    (null_pointers_as_keys, (5,)),
    (raw_instances, (5,), (1,)),
    (weak_references, (5,)),
    (building_strings, (5,), (0,)),
    (erased_values, (5,), (1,)),
    (jit_markers, (5,)),
    (machine_integers, (5,), (12345,)),
    (checked_overflow, (5,), (2**40,)),
    (overflow_caught_by_the_caller, (5,), (2**40,)),
    (identities, (5,)),
    (low_level_memory, (5,)),
    (frozen_constants, (5,), (1,)),
    (memo_functions, (5,), (1,)),
    (specialised_functions, (5,)),
    (bound_methods, (5,), (1,)),
    (exceptions, (0,), (1,), (2,), (3,), (4,)),
    (everything_iterable, (5,), (4,)),
    (ordered_tuples, (2,), (3,), (4,)),
    (formats, (1.5, 7), (-0.1, -3), (1e100, 12), (123456.789, 0)),
    (prebuilt_data, (5,)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0].__name__)
def test_a_program_does_what_the_host_does(case: Any) -> None:
    agrees(case[0], *case[1:])


class Dying:
    def __init__(self, log):
        self.log = log

    def __del__(self):
        self.log.append(1)


LOG: list[int] = []


def with_finalizer(n):
    Dying(LOG)
    return n


def test_a_finalizer_is_known_by_the_type_of_its_objects() -> None:
    program = typed(with_finalizer, 1)
    (TYPE,) = program.finalizers
    assert TYPE.name == "Dying"
    assert program.finalizers[TYPE]._T.TO.ARGS == (Ptr(TYPE),)


class Queue(rgc.FinalizerQueue):
    Class = Text

    def finalizer_trigger(self):
        pass


QUEUE = Queue()


def with_queue(n):
    QUEUE.register_finalizer(Text("a"))
    return n if QUEUE.next_dead() is None else -1


def test_a_finalizer_queue_has_a_number_and_a_trigger() -> None:
    program = typed(with_queue, 1)
    assert list(program.finalizer_triggers) == [QUEUE.number + 1]
    assert run(program, 3) == 3


def test_subclass_ranges_nest_as_the_classes_do() -> None:
    program = typed(exceptions, 1)
    ranges = {
        TYPE.name: (vtable.subclass_range_min, vtable.subclass_range_max)
        for TYPE, vtable in program.instance_types.items()
    }
    low, high = ranges["Problem"]
    assert low < ranges["WorseProblem"][0] < ranges["WorseProblem"][1] <= high
    assert not low <= ranges["OSError"][0] < high


def double(x):
    return x + x


def test_a_helper_is_typed_once_for_each_type() -> None:
    program = type_program(annotate(jit_markers, [int]))
    first = program.add_helper(double, [Signed])
    assert program.add_helper(double, [Signed]).value is first.value
    other = program.add_helper(double, [Float])
    assert other.value._T.TO.ARGS == (Float,)
    interpreter = TypedInterpreter(program)
    assert interpreter.call(first.value, [21]) == 42
    assert interpreter.call(other.value, [0.5]) == 1.0


def careless(items, n):
    return items[n]


def out_of_range(n):
    return careless([1, 2, 3], n)


def test_an_index_that_is_not_caught_is_a_promise_checked_in_debug_builds() -> None:
    program = typed(out_of_range, 1)
    assert run(program, 2) == 3
    with pytest.raises(FatalError, match="index out of range"):
        run(program, 7)


def grow_while_iterating(n):
    table = {1: 1, 2: 2}
    total = 0
    for key in table:
        total += key
        if total > n:
            table[total + 10] = 1
    return total


def test_a_dict_keeps_its_length_in_a_loop_by_a_promise_checked_in_debug_builds() -> None:
    program = typed(grow_while_iterating, 1)
    assert run(program, 3) == 3
    with pytest.raises(FatalError, match="changed size during iteration"):
        run(program, 2)


def assign_fixed(n, stop):
    items = make_sure_not_resized([1, 2, 3, 4])
    caught = 0
    try:
        items[1:stop] = [8] * n
    except ValueError:
        caught = 1
    return caught * 10000 + items[1] * 100 + items[2] * 10 + items[3]


def test_slices_of_a_list_that_is_never_resized_are_assigned_as_many_items_as_they_have() -> None:
    program = typed(assign_fixed, 1, 2)
    calls = [(2, 3), (3, 9), (0, 0), (4, 4), (3, 3), (1, 3), (5, 9), (1, 0)]
    found = [run(program, *call) for call in calls]
    assert found == [884, 888, 234, 10234, 10234, 10234, 10234, 10234]


def whole_number(x, how):
    try:
        if how == 0:
            return int(x)
        if how == 1:
            return math.floor(x)
        if how == 2:
            return math.ceil(x)
        if how == 3:
            return round(x)
        return int("%d" % x) if how == 4 else math.trunc(x)
    except OverflowError:
        return -1
    except ValueError:
        return -2


def rounded_down(x):
    return math.floor(x)


def test_floats_that_are_no_machine_word_do_not_become_one() -> None:
    program = typed(whole_number, 1.5, 1)
    for how in range(6):
        numbers = [1e30, -1e19, 2.0**63, float("inf"), float("-inf"), float("nan")]
        assert [run(program, number, how) for number in numbers] == [-1] * 5 + [-2]
        for number in (-(2.0**63), 2.0**62, -2.5, 2.5, 0.0):
            assert run(program, number, how) == whole_number(number, how)
    assert run(typed(rounded_down, 1.5), 1e30) == ("raises", "OverflowError")


def spelled(text, base):
    return int(text, base)


def test_numbers_of_any_length_that_are_no_machine_word_are_not_read() -> None:
    program = typed(spelled, "1", 10)
    for base in (2, 3, 7, 10, 16, 36):
        for length in range(1, 70):
            for digit in "1", "5", "f", "z":
                text = digit * length
                for spelling in (text, "-" + text):
                    expected = on_host(spelled, spelling, base)
                    if type(expected) is int and not -(2**63) <= expected < 2**63:
                        expected = "raises", "ValueError"
                    assert run(program, spelling, base) == expected, (spelling, base)
    for number in (2**63 - 1, 2**63, -(2**63), -(2**63) - 1, 2**64, 10 * 2**63):
        fits = -(2**63) <= number < 2**63
        assert run(program, str(number), 10) == (number if fits else ("raises", "ValueError"))


def test_instances_are_stored_in_containers_as_objects() -> None:
    program = typed(prebuilt_data, 1)
    tables = {
        operation.result.concretetype.TO.ITEM
        for graph in program.graphs
        for _, operation in graph.iterblockops()
        if operation.opname == "malloc_varsize" and hasattr(operation.result.concretetype.TO, "ITEM")
    }
    entries = [ITEM for ITEM in tables if getattr(ITEM, "name", "") == "entry"]
    assert entries and all(ITEM.field_type("value") is OBJECT_POINTER for ITEM in entries)


def blanks(n):
    items = [None] * n
    if n > 2:
        items[1] = Text("one")
    return len(items) + (0 if items[n - 1] is None else 100)


def test_repeating_none_makes_no_list_of_one_item():
    program = agrees(blanks, (1,), (4,))
    helpers = {graph.name for graph in program.graphs}
    assert any("repeat_nothing" in name for name in helpers)
    assert not any(name.endswith(("copy_nothing", "repeat")) for name in helpers)


def parsed(a, b):
    return ovfcheck(ovfcheck(a * 10) + b)


def parsed_or_less(a, b):
    try:
        return parsed(a, b)
    except OverflowError:
        return -1


def test_overflow_is_raised_to_callers():
    largest = 2**63 - 1
    agrees(parsed_or_less, (4, 2), (largest, 0), (largest // 10, 9))
    agrees(parsed, (largest, 0), (-largest, 1))


def test_classes_that_helpers_bring_leave_the_numbers_of_others_alone():
    class Base:
        pass

    class Middle(Base):
        pass

    class Late(Middle):
        pass

    class Apart:
        value = 1

    class Wrong(ValueError):
        pass

    def function(n):
        one = Middle() if n else Base()
        return isinstance(one, Middle)

    def helper(n):
        if n == 7:
            raise Wrong
        one = Late() if n else Base()
        apart = Apart()
        apart.value = int(isinstance(one, Late))
        return apart.value + 2 * isinstance(Late(), Base) + 4 * isinstance(one, Middle)

    program = typed(function, 1)

    def numbers():
        return {
            STRUCT.name: (vtable.subclass_range_min, vtable.subclass_range_max)
            for STRUCT, vtable in program.instance_types.items()
        }

    before = numbers()
    pointer = program.add_helper(helper, [Signed]).value
    after = numbers()
    assert before.items() <= after.items() and {"Late", "Apart", "Wrong"} <= after.keys() - before.keys()
    low, high = after["Late"]
    assert all(after[name][0] < low < high <= after[name][1] for name in ("Base", "Middle"))
    assert not after["Base"][0] <= after["Apart"][0] < after["Base"][1]
    interpreter = TypedInterpreter(program)
    assert interpreter.run(pointer._obj.graph, [1]) == 7 and interpreter.run(pointer._obj.graph, [0]) == 2


class Frame:
    _virtualizable_ = ["depth"]

    def __init__(self, depth: int) -> None:
        self.depth = depth


class RunningFrame(Frame):
    pass


def run_frame(depth):  # type: ignore[no-untyped-def]
    return RunningFrame(depth).depth


def test_a_class_below_a_virtualizable_one_has_the_fields_of_that() -> None:
    types = {TYPE.name: TYPE for TYPE in typed(run_frame, 1).instance_types}
    running = types["RunningFrame"]
    base = running.types[0]
    assert base.name == "Frame" and base.hints["virtualizable"] == ("depth",) and "jit_token" in base.index
    assert "virtualizable" not in running.hints and "jit_token" not in running.index


class Shape:
    def area(self):  # type: ignore[no-untyped-def]
        return only_for_shapes(1)


class Square(Shape):
    def area(self):  # type: ignore[no-untyped-def]
        return 9


class Unused(Shape):
    def area(self):  # type: ignore[no-untyped-def]
        return 3


def only_for_shapes(n):  # type: ignore[no-untyped-def]
    return n


def area_of_square(n):  # type: ignore[no-untyped-def]
    shape = Square()
    shape.name = n
    return shape.area() + shape.name


def area_of_any(n):  # type: ignore[no-untyped-def]
    return area_of_square(n) if n else int(isinstance(Square(), Shape))


def test_a_class_that_nothing_names_has_a_number_if_one_below_it_has_objects() -> None:
    vtables = {TYPE.name: vtable for TYPE, vtable in typed(area_of_square, 1).instance_types.items()}
    low, high = vtables["Shape"].subclass_range_min, vtables["Shape"].subclass_range_max
    assert low < vtables["Square"].subclass_range_min < high
    assert "".join(vtables["Shape"].name).endswith("Shape") and "Unused" not in vtables
    named = {TYPE.name: vtable for TYPE, vtable in typed(area_of_any, 1).instance_types.items()}
    assert named["Shape"].subclass_range_min < named["Square"].subclass_range_min < named["Shape"].subclass_range_max
