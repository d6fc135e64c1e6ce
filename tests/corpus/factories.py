"""Fields whose values factories make: of `dataclasses` and of `attrs`."""

import dataclasses
import typing

import attr
import attrs


class Owner:
    def __init__(self):
        self.number = 5


def one_number():
    return [7]


@dataclasses.dataclass
class Record:
    x: int
    items: list = dataclasses.field(default_factory=list)
    table: dict = dataclasses.field(default_factory=dict)
    owner: Owner = dataclasses.field(default_factory=Owner)
    made: list = dataclasses.field(default_factory=one_number)
    text: str = dataclasses.field(default_factory=str)
    hidden: list = dataclasses.field(default_factory=list, init=False)


@attrs.define
class Row:
    x: int
    items: list = attrs.field(factory=list)
    table: dict = attrs.Factory(dict)
    owner: Owner = attrs.field(factory=Owner)
    made: list = attrs.field(factory=lambda: [7])
    following: int = attrs.field(default=attrs.Factory(lambda self: self.x + 1, takes_self=True))
    optional: typing.Optional[Owner] = attrs.field(factory=Owner)
    hidden: list = attrs.field(factory=list, init=False)


@attr.s
class Old:
    x = attr.ib()
    items = attr.ib(default=attr.Factory(list))


def records(n, s):
    first = Record(n)
    first.items.append(n)
    first.table[s] = n
    first.hidden.append(s)
    second = Record(1, [2, 3], text=s)
    third = Record(x=2, owner=first.owner, made=[])
    third.owner.number += 1
    result = len(first.items) + len(second.items) * 10 + len(first.table) * 100 + len(second.table) * 1000
    result += first.owner.number * 10000 + second.owner.number * 100000 + len(third.made) * 1000000
    return "%d %s%s %d %d" % (result, first.text, second.text, len(first.hidden), len(third.hidden))


def rows(n, s):
    first = Row(n)
    first.items.append(n)
    first.table[s] = n
    first.hidden.append(s)
    second = Row(1, [2, 3], following=n, optional=None)
    third = Row(2, owner=first.owner, made=[])
    third.owner.number += 1
    result = len(first.items) + len(second.items) * 10 + len(first.table) * 100 + len(second.table) * 1000
    result += first.owner.number * 10000 + second.owner.number * 100000 + len(third.made) * 1000000
    optional = second.optional
    if optional is not None:
        result += optional.number
    return "%d %d %d %d" % (result, first.following, second.following, len(third.hidden))


def old(n):
    first = Old(n)
    first.items.append(n)
    return len(first.items) * 10 + len(Old(1, [2, 3]).items)


ENTRIES = [
    (records, [(5, "a"), (0, "")]),
    (rows, [(5, "a"), (0, "")]),
    (old, [(3,)]),
]
