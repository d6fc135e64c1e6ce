# How the attributes of types outside the built-in module show themselves: with the module's name.
import array
import collections
import datetime
import itertools


class Point(object):
    __slots__ = ("x",)


class Stack(collections.deque):
    pass


for attribute in (
        datetime.time.hour, datetime.datetime.replace, datetime.timedelta.days, collections.deque.append,
        collections.deque.__len__, itertools.chain.next, Point.x,
        Stack.pop, array.array.typecode, str.join, int.real, list.__add__, type.__dict__["__basicsize__"]):
    print attribute
