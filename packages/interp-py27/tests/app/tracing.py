"""Events of tracing that begins in the middle of a function."""

import sys


def tr(frame, event, arg):
    print event, frame.f_lineno, frame.f_code.co_name, type(arg).__name__
    return tr


def f():
    x = 1
    sys.settrace(tr); sys._getframe().f_trace = tr; y = 5

    for i in range(2):
        x = (i,
             2)
        x = 3
    try:
        1/0
    except ZeroDivisionError: pass
    def g():
        yield 1
        yield 2
    for i in g(): pass
    return 5


f()
sys.settrace(None)
