"""What is left of small Python programs in the loops that the JIT makes of them.

The interpreter runs untranslated, under its JIT, over a model of the machine: one run for all programs, each a function
with one loop. A shape is the most operations that the body of the loop may have; where none are named, it may neither
call anything nor allocate. When a shape is exceeded, find out which operation no C compiler would have left, and why it
is there; raise the number only if the program does more than before.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TARGET = Path(__file__).parents[2] / "packages" / "interp-py27" / "target.py"

PROGRAM = '''
N = 60

class A(object):
    z = 1
    def __init__(self, x, y=3):
        self.x = x
        self.y = y
    def m(self, x):
        return x + 1
    def k(self, x, y=1, z=2):
        return x + y + z
    @property
    def p(self):
        return self.x
    def __add__(self, other):
        return A(self.x + other.x)
    def __eq__(self, other):
        return self.x == other.x
    def __getitem__(self, i):
        return self.x + i
    def __nonzero__(self):
        return True

class B(A):
    def m(self, x):
        return super(B, self).m(x)
    @staticmethod
    def s(x):
        return x + 1
    @classmethod
    def c(cls, x):
        return x + 1

class S(object):
    __slots__ = ("x", "y")
    def __init__(self, x):
        self.x = x

class E(Exception):
    def __init__(self, code):
        Exception.__init__(self, "failure")
        self.code = code

class Guard(object):
    def __enter__(self):
        return self
    def __exit__(self, kind, value, traceback):
        return False

def f(x, y=1, z=2):
    return x + y + z

def fail(i):
    if i >= 0:
        raise KeyError
    return i

def count(n):
    i = 0
    while i < n:
        yield i
        i += 1

def method():
    a = A(1)
    i = 0
    while i < N:
        i = a.m(i)

def store():
    a = A(1)
    i = 0
    while i < N:
        a.x = i
        i = a.x + 1

def make():
    i = s = 0
    while i < N:
        a = A(i)
        s += a.y
        i = a.x + 1

def slots():
    i = 0
    while i < N:
        s = S(i)
        i = s.x + 1

def keyword():
    i = 0
    while i < N:
        i = f(i, z=0)

def method_keyword():
    i = 0
    a = A(1)
    while i < N:
        i = a.k(i, z=0)

def closure():
    step = 1
    def g(x):
        return x + step
    i = 0
    while i < N:
        i = g(i)

def made_closure():
    def maker(k):
        def inner(x):
            return x + k
        return inner
    i = 0
    while i < N:
        i = maker(1)(i)

def tests_of_class():
    i = n = 0
    b = B(1)
    while i < N:
        if isinstance(b, A):
            n += 1
        if isinstance(i, (str, unicode)):
            n += 1
        i += 1

def computed():
    i = 0
    a = A(1)
    while i < N:
        i += a.p

def call_of_base():
    i = 0
    a = B(1)
    while i < N:
        i = a.m(i)

def other_methods():
    i = 0
    a = B(1)
    while i < N:
        i = B.s(i)
        i = a.c(i)

def operators():
    a = A(0)
    one = A(1)
    end = A(N)
    while not a == end:
        a = a + one
        a[2]

def truth():
    a = A(0)
    i = 0
    while i < N:
        if a:
            i += 1

def class_attribute():
    i = 0
    while i < N:
        i += A.z

class Counted(object):
    count = 0
    def __init__(self):
        Counted.count += 1

def counter():
    while Counted.count < N:
        Counted()

def star():
    def g(*args):
        return args[0] + 1
    i = 0
    while i < N:
        i = g(i, 2)

def caught_here():
    i = 0
    while i < N:
        try:
            raise ValueError(i)
        except ValueError, error:
            i += 1

def caught_by_caller():
    i = 0
    while i < N:
        try:
            fail(i)
        except KeyError:
            i += 1

def own_exception():
    i = 0
    while i < N:
        try:
            raise E(i)
        except E, error:
            i = error.code + 1

def through_finally():
    i = 0
    while i < N:
        try:
            try:
                fail(i)
            finally:
                i += 1
        except (ValueError, KeyError):
            pass

def raised_again():
    i = 0
    while i < N:
        try:
            try:
                fail(i)
            except KeyError:
                raise
        except Exception:
            i += 1

def with_statement():
    i = 0
    guard = Guard()
    while i < N:
        with guard:
            i += 1

def generator():
    s = 0
    for x in count(N):
        s += x

def unpacked():
    i = 0
    j = 1
    pair = [1, 2]
    while i < N:
        i, j = j + i, 1
        a, b = pair
        i += a

for function in [SHAPES]:
    function()
'''

SHAPES = {
    "method": 12, "make": 14, "slots": 12, "keyword": 12, "method_keyword": 12, "closure": 13, "made_closure": 12,
    "tests_of_class": 18, "computed": 13, "call_of_base": 16, "other_methods": 14, "operators": 20, "truth": 12,
    "class_attribute": 10, "star": 12, "caught_here": 14, "caught_by_caller": 14, "own_exception": 24,
    "through_finally": 14, "raised_again": 14, "with_statement": 12, "unpacked": 16,
}

#: Frames of generators are objects.
WITH_OBJECTS = {"store": 14, "generator": 52, "counter": 16}


@pytest.fixture(scope="module")
def bodies(tmp_path_factory):
    """By function, the operations of the body of its loop."""
    folder = tmp_path_factory.mktemp("shapes")
    program, log = folder / "program.py", folder / "log"
    program.write_text(PROGRAM.replace("SHAPES", ", ".join([*SHAPES, *WITH_OBJECTS])))
    command = [
        sys.executable, "-m", "ouro.translator", "run", "--jit-untranslated", "--jit",
        "threshold=25,function_threshold=1000000,trace_eagerness=1000", str(TARGET), "-S", "-E", str(program),
    ]
    environment = {**os.environ, "OUROLOG": f"jit-log-opt:{log}"}
    subprocess.run(command, check=True, timeout=1800, env=environment)
    return bodies_in(log.read_text())


def bodies_in(text):
    found = {}
    name, body = None, None
    for line in text.splitlines():
        head = re.match(r"# loop\d+ \(python (\w+) ", line)
        if head:
            name, body = head.group(1), None
        elif line.startswith("label("):
            body = []
        elif body is not None and (operation := re.match(r"(?:\w+ = )?(\w+)\(", line)):
            if operation.group(1) not in ("debug_merge_point", "enter_portal", "leave_portal"):
                body.append(operation.group(1))
            if operation.group(1) == "jump":
                found[name] = body
    return found


@pytest.mark.parametrize("name", SHAPES)
def test_nothing_is_left_but_the_computation(name, bodies):
    body = bodies[name]
    assert len(body) <= SHAPES[name], body
    assert not [operation for operation in body if operation.startswith(("call", "cond_call", "new"))]


@pytest.mark.parametrize("name", WITH_OBJECTS)
def test_no_function_is_called(name, bodies):
    body = bodies[name]
    assert len(body) <= WITH_OBJECTS[name], body
    assert not [operation for operation in body if operation.startswith(("call", "cond_call"))]
