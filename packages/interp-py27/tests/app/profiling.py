"""What a profile function hears of functions that are built in."""

import sys

events = []


def profiler(frame, event, argument):
    name = getattr(argument, "__name__", None)
    events.append((frame.f_code.co_name, event, name if event.startswith("c_") else None, type(argument).__name__))


def use(function, *arguments, **keywords):
    del events[:]
    sys.setprofile(profiler)
    try:
        function(*arguments, **keywords)
    except Exception as error:
        print type(error).__name__, error
    finally:
        sys.setprofile(None)
    for event in events:
        print event


class Thing(object):
    def method(self): return len("abc")
    def __len__(self): return 3


use(lambda: len("abc"))
use(lambda: "abc".upper())
use(lambda: "abc".split(*["b"]))
use(lambda: sorted([3, 1], key=abs))
use(lambda: [3, 1].sort(reverse=True))
use(lambda: len(5))
use(lambda: "abc".index("x"))
use(lambda: int("5"))
use(lambda: str.upper("a"))
use(lambda: (1).__add__(2))
use(lambda: Thing().method())
use(lambda: len(Thing()))
use(lambda: map(Thing.method, [Thing()]))
use(lambda: dict(a=1).get("a"))
use(len, "abc")
use(int, "x")


def failing(frame, event, argument):
    if event == "c_call":
        raise ValueError(argument.__name__)


def calls():
    sys.setprofile(failing)
    len("a")


try:
    calls()
except ValueError as error:
    print error, sys.getprofile()
