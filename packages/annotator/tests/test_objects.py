"""Classes, attributes, methods, constants."""

import dataclasses
import weakref

import attrs
import pytest
from ouro.annotator import AnnotatorError, annotate
from ouro.annotator import annotations as a
from ouro.annotator.descriptions import MethodDescription


class Shape:
    sides = 0

    def __init__(self, name):
        self.name = name

    def area(self):
        return 0

    def describe(self):
        return self.name


class Square(Shape):
    sides = 4

    def __init__(self, size):
        Shape.__init__(self, "square")
        self.size = size

    def area(self):
        return self.size * self.size


class Circle(Shape):
    def __init__(self, radius):
        super().__init__("circle")
        self.radius = radius


def make(n):
    if n:
        return Square(n)
    return Circle(n)


def result_of(function, *types):
    return annotate(function, types).entry_graph.getreturnvar().annotation


def test_instances_join_to_the_common_base_class():
    assert result_of(make, int).class_description.python_class is Shape


def test_an_attribute_lives_on_the_highest_class_that_needs_it():
    def f(n):
        shape = make(n)
        return shape.name

    program = annotate(f, [int])
    assert "name" in program.class_description(Shape).attributes
    assert "name" not in program.class_description(Square).attributes
    assert "size" in program.class_description(Square).attributes


def test_a_method_call_on_a_base_class_calls_every_override():
    def f(n):
        return make(n).area()

    program = annotate(f, [int])
    called = [set(one.name for one in site.graphs) for site in program.call_sites.values()]
    assert {"area"} in called
    (site,) = [site for site in program.call_sites.values() if len(site.graphs) == 2]
    assert len(site.row.graphs) == 2
    first, second = site.row.graphs.values()
    assert str(first.getreturnvar().annotation) == str(second.getreturnvar().annotation)
    assert [v.annotation.describe() for v in first.getargs()] == [v.annotation.describe() for v in second.getargs()]


def test_a_class_constant_that_nobody_assigns_stays_in_the_class():
    def f(n):
        return make(n).sides

    program = annotate(f, [int])
    attribute = program.class_description(Shape).attributes["sides"]
    assert attribute.readonly
    assert {owner.name for owner in attribute.class_values} == {"Shape", "Square"}


def test_isinstance_narrows():
    def f(n):
        shape = make(n)
        if isinstance(shape, Square):
            return shape.size
        return -1

    assert isinstance(result_of(f, int), a.Integer)


def test_a_test_for_none_narrows_across_and_or_and_assert():
    def f(n):
        shape = None
        if n > 3:
            shape = Square(n)
        if shape is None or shape.size > 3:
            return 0
        other = shape if n > 5 else None
        assert other is not None
        return other.size

    assert isinstance(result_of(f, int), a.Integer)


class Node:
    def __init__(self, value, next):
        self.value = value
        self.next = next


PREBUILT = Node(1, Node(2, None))


def test_prebuilt_instances_bring_the_types_of_their_attributes():
    def f():
        node = PREBUILT
        total = 0
        while node is not None:
            total += node.value
            node = node.next
        return total

    program = annotate(f, [])
    attribute = program.class_description(Node).attributes["next"]
    assert attribute.annotation.optional
    assert not attribute.readonly


def test_long_chains_of_prebuilt_objects_need_no_recursion():
    chain = None
    for number in range(20000):
        chain = Node(number, chain)

    def f():
        return chain.next.value

    assert isinstance(result_of(f), a.Integer)


class Point:
    def __init__(self, x):
        self._x = x

    @property
    def x(self):
        return self._x

    @x.setter
    def x(self, value):
        self._x = value + 1

    @staticmethod
    def origin():
        return Point(0)

    @classmethod
    def unit(cls):
        return cls(1)

    def __getitem__(self, index):
        return self._x + index

    def __len__(self):
        return 3


def test_properties_static_and_class_methods_and_special_methods_are_calls():
    def f(n):
        p = Point.origin()
        p.x = n
        return p.x + Point.unit().x + p[n] + len(p)

    program = annotate(f, [int])
    names = {operation.opname for _, operation in program.entry_graph.iterblockops()}
    assert "getitem" not in names and "len" not in names
    assert isinstance(program.entry_graph.getreturnvar().annotation, a.Integer)


class Mixin:
    _mixin_ = True

    def twice(self):
        return self.value * 2


class IntBox(Mixin):
    def __init__(self, value):
        self.value = value


class TextBox(Mixin):
    def __init__(self, value):
        self.value = value


def test_a_mixin_is_typed_for_each_class_that_uses_it():
    def f(n, s):
        return IntBox(n).twice(), TextBox(s).twice()

    items = result_of(f, int, str).items
    assert isinstance(items[0], a.Integer) and isinstance(items[1], a.String)


class Frozen:
    def __init__(self, number):
        self.number = number

    def _freeze_(self):
        return True

    def method(self, n):
        return self.number + n


FIRST, SECOND = Frozen(1), Frozen(2)


def test_attributes_of_frozen_constants_are_constants():
    def f():
        return FIRST.number

    assert result_of(f).constant == 1


def test_several_frozen_constants_share_an_attribute_family():
    def f(n):
        frozen = FIRST if n else SECOND
        return frozen.method(frozen.number)

    program = annotate(f, [int])
    first, second = program.describe(FIRST), program.describe(SECOND)
    assert first.attribute_family.root() is second.attribute_family.root()


def test_methods_are_bound_to_the_class_they_are_read_from():
    def f(n):
        method = make(n).area
        return method

    descriptions = result_of(f, int).descriptions
    assert all(isinstance(one, MethodDescription) for one in descriptions)
    assert {one.origin.name for one in descriptions} == {"Shape", "Square"}


class Slotted:
    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value
        self.other = value


def test_slots_state_which_attributes_there_are():
    def f(n):
        return Slotted(n).value

    with pytest.raises(AnnotatorError, match="no attribute `other`"):
        annotate(f, [int])


class Immutable:
    _immutable_fields_ = ["items[*]", "count?"]

    def __init__(self, items):
        self.items = items
        self.count = 0


def test_immutable_lists_are_never_resized():
    def f(n):
        x = Immutable([n])
        return x.items

    program = annotate(f, [int])
    assert program.class_description(Immutable).immutable_fields == {"items": "[*]", "count": "?"}
    definition = program.entry_graph.getreturnvar().annotation.definition.root()
    assert definition.must_not_resize is not None

    def g(n):
        x = Immutable([n])
        x.items.append(3)
        return x

    with pytest.raises(AnnotatorError, match="must not be resized"):
        annotate(g, [int])


class WithFinalizer:
    def __init__(self):
        self.n = 0

    def __del__(self):
        self.n = count_up(self.n)


def count_up(n):
    return n + 1


def test_finalizers_belong_to_the_program():
    def f():
        return WithFinalizer().n

    program = annotate(f, [])
    assert program.class_description(WithFinalizer).finalizer.name == "__del__"
    assert "count_up" in {graph.name for graph in program.graphs}


class ParseError(Exception):
    def __init__(self, line):
        self.line = line


def test_exceptions_are_instances():
    def g(n):
        if n > 3:
            raise ParseError(n)
        if n > 2:
            raise ValueError("no")
        return n

    def f(n):
        try:
            return g(n)
        except ParseError as error:
            return error.line
        except (ValueError, KeyError):
            return -1

    assert isinstance(result_of(f, int), a.Integer)


def test_weak_references_give_an_instance_or_none():
    def f(n):
        shape = Square(n)
        ref = weakref.ref(shape)
        return ref()

    annotation = result_of(f, int)
    assert annotation.optional and annotation.class_description.python_class is Square


def test_calls_that_never_return_end_their_block():
    def fail(n):
        raise ValueError

    def f(n):
        if n:
            fail(n)
            return "never"
        return n

    program = annotate(f, [int])
    assert isinstance(program.entry_graph.getreturnvar().annotation, a.Integer)
    for graph in program.graphs:
        for block in graph.iterblocks():
            for variable in block.inputargs:
                assert variable.annotation is not None
            for operation in block.operations:
                assert operation.result.annotation is not None


def is_square(shape):
    return isinstance(shape, Square)


def test_the_outcome_of_a_test_function_narrows_its_argument():
    def f(n):
        shape = make(n)
        if is_square(shape):
            return shape.size
        return 0

    assert isinstance(result_of(f, int), a.Integer)
    assert "size" not in annotate(f, [int]).class_description(Shape).attributes


def shared(self):
    return self.value


class Left:
    get = shared

    def __init__(self, value):
        self.value = value


class Right:
    get = shared

    def __init__(self, value):
        self.value = value


def test_a_function_in_unrelated_classes_is_typed_for_each():
    def f(n, s):
        return Left(n).get(), Right(s).get()

    items = result_of(f, int, str).items
    assert isinstance(items[0], a.Integer) and isinstance(items[1], a.String)


@attrs.define
class AttrsPoint:
    x: int
    y: int = 2

    def total(self):
        return self.x + self.y


@dataclasses.dataclass
class DataPoint:
    x: int
    label: str = "none"


def test_classes_of_attrs_and_dataclasses_work():
    def f(n):
        return AttrsPoint(n).total(), AttrsPoint(n, y=4).y, DataPoint(n).label, DataPoint(x=n, label="z").x

    kinds = [type(item) for item in result_of(f, int).items]
    assert kinds == [a.Integer, a.Integer, a.String, a.Integer]
