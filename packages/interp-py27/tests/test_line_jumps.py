"""Jumps by f_lineno that CPython 2.7 does not refuse, and then crashes: ours refuses them."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys

def identity(*values):
    return values

def between_loops():
    for i in range(2):
        x = i
    for j in range(2):
        y = j
    return x, y

def expression(n):
    for i in range(2):
        x = identity(1,
            2)
    return identity(x,
                    n)

def jump(function, start, target, *args):
    first = function.__code__.co_firstlineno
    def tracer(frame, event, arg):
        if event == "line" and frame.f_lineno == first + start:
            sys.settrace(None)
            try:
                frame.f_lineno = first + target
            except ValueError as error:
                print error
        return tracer
    sys.settrace(tracer)
    print function(*args)

jump(%s)
"""

REFUSED = "can't jump into the middle of a block\n"


@pytest.mark.parametrize("arguments, expected", [
    ("between_loops, 4, 2", REFUSED + "(1, 1)\n"),
    ("expression, 2, 3, 5", REFUSED + "((1, 2), 5)\n"),
    ("expression, 4, 5, 5", REFUSED + "((1, 2), 5)\n"),
    ("expression, 3, 2, 5", "((1, 2), 5)\n"),
    ("expression, 5, 1, 5", "((1, 2), 5)\n"),
])
def test_jumps_that_would_find_other_values_on_the_stack_are_refused(arguments, expected):
    command = [sys.executable, "-m", "ouro.interp_py27", "-S", "-c", PROGRAM % arguments]
    result = subprocess.run(command, capture_output=True, timeout=60)
    assert result.stdout.decode() == expected, result.stderr.decode()
