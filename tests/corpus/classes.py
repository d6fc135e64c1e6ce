"""Classes: attributes, inheritance, methods of every kind, properties."""


class Shape:
    sides = 0

    def __init__(self, name):
        self.name = name

    def area(self):
        return 0

    def describe(self):
        return self.name + ":" + str(self.area()) + ":" + str(self.sides)


class Square(Shape):
    sides = 4

    def __init__(self, size):
        super().__init__("square")
        self.size = size

    def area(self):
        return self.size * self.size


class Cube(Square):
    def __init__(self, size):
        super().__init__(size)
        self.name = "cube"

    def area(self):
        return super().area() * 6


class Counter:
    total = 0

    def __init__(self, start=10, *, step=1):
        self.value = start
        self.step = step
        self.__hidden = 3

    @property
    def doubled(self):
        return self.value * 2

    @doubled.setter
    def doubled(self, new):
        self.value = new // 2

    @staticmethod
    def helper(a, b):
        return a * 10 + b

    @classmethod
    def make(cls, n):
        return cls(n)

    def bump(self, times=1):
        self.value += self.step * times
        return self

    def hidden(self):
        return self.__hidden


class Vector:
    def __init__(self, items):
        self.items = items

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        return self.items[index]

    def __setitem__(self, index, value):
        self.items[index] = value

    def __contains__(self, value):
        return value in self.items

    def __iter__(self):
        return VectorIterator(self)

    def __call__(self, factor):
        return sum([item * factor for item in self.items])


class VectorIterator:
    def __init__(self, vector):
        self.vector = vector
        self.position = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.position >= len(self.vector.items):
            raise StopIteration
        self.position += 1
        return self.vector.items[self.position - 1]


class Node:
    def __init__(self, value, next_node=None):
        self.value = value
        self.next_node = next_node


def describe(kind, n):
    if kind == 0:
        shape = Shape("none")
    elif kind == 1:
        shape = Square(n)
    else:
        shape = Cube(n)
    return shape.describe()


def counter(n):
    c = Counter(n, step=3)
    c.bump().bump(times=2)
    result = c.value
    c.doubled = 50
    result += c.doubled * 1000
    result += Counter.make(2).value * 100000
    result += c.helper(1, 2) + Counter.helper(3, 4)
    return result + c.hidden()


def defaults():
    return Counter().bump().value


def linked_list(n):
    head = None
    for i in range(n):
        head = Node(i, head)
    total = 0
    while head is not None:
        total = total * 3 + head.value
        head = head.next_node
    return total


def special_methods(n):
    v = Vector([1, 2, n])
    v[0] = 7
    result = len(v) * 1000 + v[2]
    for item in v:
        result += item
    if n in v:
        result += 10000
    if 99 in v:
        result += 100000
    return result + v(2)


def bound_methods(n):
    c = Counter(n)
    bump = c.bump
    for _ in range(3):
        bump()
    return c.value


def class_values(n):
    if n > 0:
        cls = Square
    else:
        cls = Cube
    return cls(3).area()


def class_attribute_of_instances(n):
    shape = Square(2) if n > 0 else Cube(2)
    try:
        if n > 1:
            raise ValueError("large")
        name = shape.__class__.__name__
    except ValueError as error:
        name = error.__class__.__name__
    same = shape.__class__ is type(shape) and Square(1).__class__ is Square
    return name + str(shape.__class__ is Square) + str(same)


def instance_tests(n):
    shapes = [Shape("s"), Square(2), Cube(2)]
    shape = shapes[n]
    result = 0
    if isinstance(shape, Square):
        result += shape.size
    if isinstance(shape, Cube):
        result += 10
    if type(shape) is Square:
        result += 100
    return result


PREBUILT = Node(5, Node(6))


def prebuilt():
    PREBUILT.value += 1
    node = PREBUILT.next_node
    assert node is not None
    PREBUILT.value -= 1
    return PREBUILT.value * 10 + node.value


class Distance:
    def __init__(self, metres):
        self.metres = metres

    def __repr__(self):
        return "Distance(" + str(self.metres) + ")"


class Height(Distance):
    def __str__(self):
        return str(self.metres) + " m"


def texts_of_instances(metres):
    height = Height(metres) if metres > 2 else None
    distance = Distance(metres) if metres < 4 else height
    parts = [str(height), repr(height), f"{height} {height!r}", "%s %r" % (height, height)]
    if distance is not None:
        parts.append(repr(distance) + " " + str(Distance(metres)) + f" {Distance(metres)}")
    return "; ".join(parts)


ENTRIES = [
    (describe, [(0, 1), (1, 5), (2, 3)]),
    (counter, [(0,), (7,)]),
    (defaults, [()]),
    (linked_list, [(0,), (6,)]),
    (special_methods, [(5,), (2,)]),
    (bound_methods, [(1,)]),
    (class_values, [(0,), (1,)]),
    (class_attribute_of_instances, [(0,), (1,), (2,)]),
    (instance_tests, [(0,), (1,), (2,)]),
    (prebuilt, [()]),
    (texts_of_instances, [(1,), (3,), (5,)]),
]
