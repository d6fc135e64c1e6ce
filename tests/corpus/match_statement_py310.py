"""The `match` statement."""


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y


class Circle(Point):
    def __init__(self, x, y, radius):
        self.x = x
        self.y = y
        self.radius = radius


def numbers(n):
    match n:
        case 0:
            return "zero"
        case 1 | 2 | 3 as small:
            return f"small {small}"
        case value if value < 0:
            return "negative"
        case _:
            return "big"


def figures(kind):
    if kind == 0:
        point = Point(0, 5)
    elif kind == 1:
        point = Point(3, 3)
    else:
        point = Circle(1, 2, 9)
    match point:
        case Circle(radius=r):
            return r
        case Point(0, y):
            return y * 10
        case Point(x, y) if x == y:
            return x * 100
    return -1


def lists(n):
    items = [i for i in range(n)]
    match items:
        case []:
            return -1
        case [only]:
            return only
        case [first, second]:
            return first * 10 + second
        case [first, *rest, last]:
            return first + len(rest) * 100 + last
    return -2


ENTRIES = [
    (numbers, [(0,), (2,), (-7,), (40,)]),
    (figures, [(0,), (1,), (2,)]),
    (lists, [(0,), (1,), (2,), (6,)]),
]
