"""What is left in the loops that the JIT makes of iteration, of built-in types and of the loops of built-in functions.

As `test_trace_shapes`: one untranslated run, a function for each shape. The loop of a built-in function has its name.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TARGET = Path(__file__).parents[2] / "packages" / "interp-py27" / "target.py"

PROGRAM = '''
from array import array
from itertools import chain, ifilter, imap, islice, izip, count

N = 60
INTEGERS = [i for i in range(N)]
OBJECTS = [(i, 1) for i in range(N)]
STRINGS = [str(i) for i in range(N)]
TABLE = dict((i, i) for i in range(N))

def list_items():
    s = 0
    for x in INTEGERS:
        s += x

def range_items():
    s = 0
    for x in range(N):
        s += x

def list_of_tuples():
    s = 0
    for x, y in OBJECTS:
        s += x + y

def tuple_items():
    s = 0
    for x in tuple(INTEGERS):
        s += x

def string_items():
    s = 0
    for c in 'x' * N:
        s += ord(c)

def dict_keys():
    s = 0
    for k in TABLE:
        s += k

def dict_items():
    s = 0
    for k, v in TABLE.iteritems():
        s += k + v

def set_items():
    s = 0
    for k in set(INTEGERS):
        s += k

def counted():
    s = 0
    for i, x in enumerate(INTEGERS):
        s += i + x

def backwards():
    s = 0
    for x in reversed(INTEGERS):
        s += x

def generated():
    def numbers(n):
        for i in xrange(n):
            yield i
    s = 0
    for x in numbers(N):
        s += x

def joined():
    s = 0
    for x, y in izip(INTEGERS, INTEGERS):
        s += x + y

def one_after_the_other():
    s = 0
    for x in chain(INTEGERS, INTEGERS):
        s += x

def mapped():
    s = 0
    for x in imap(lambda x: x + 1, INTEGERS):
        s += x

def cut():
    s = 0
    for x in islice(count(), N):
        s += x

def list_access():
    items = range(N)
    for i in xrange(N):
        items[i] = items[i] + 1

def array_access():
    items = array('d', [0.0]) * N
    for i in xrange(N):
        items[i] = items[i] * 0.5 + i

def small_array():
    items = array('B', [0]) * N
    for i in xrange(N):
        items[i] = (items[i] + i) & 255

def appended():
    items = []
    for i in xrange(N):
        items.append(i)

def numbers():
    s = 0
    for i in xrange(N):
        s += min(int(i * 0.5), 255) + max(i, 3) + i ** 2

def powers():
    s = 0.0
    for i in xrange(N):
        s += (i + 0.5) ** 2

def tuples():
    n = 0
    for i in xrange(N):
        if (i, 1) < (i, 2) and i in (1, i, 3):
            n += 1

def builtins_of_one_iterable():
    sum(INTEGERS)
    sum(x for x in INTEGERS)
    any(x < 0 for x in INTEGERS)
    min(INTEGERS)
    map(lambda x: x + 1, INTEGERS)
    reduce(lambda x, y: x + y, INTEGERS)
    sorted(INTEGERS, key=lambda x: -x)

for function in [FUNCTIONS]:
    function()
'''

#: The most operations of the body of the loop, which calls nothing and allocates nothing.
SHAPES = {
    "list_items": 14, "range_items": 14, "list_of_tuples": 27, "tuple_items": 16, "string_items": 22, "dict_keys": 19,
    "dict_items": 24, "set_items": 19, "counted": 18, "backwards": 16, "joined": 28, "one_after_the_other": 14,
    "mapped": 17, "cut": 22, "list_access": 22, "array_access": 23, "small_array": 23, "appended": 20, "numbers": 41,
    "powers": 30, "tuples": 18, "sum of integers over listiterator": 8, "min or max": 8,
    "map over listiterator with <lambda>": 17, "reduce over listiterator with <lambda>": 11, "keys of a sort": 17,
}

#: The same for loops that make objects which something keeps.
WITH_OBJECTS = {"generated": 30, "sum of integers over <genexpr>": 23, "all or any": 26}

FUNCTIONS = re.findall(r"^def (\w+)\(\):", PROGRAM, re.MULTILINE)


@pytest.fixture(scope="module")
def bodies(tmp_path_factory):
    """By function, or by the name of a driver, the operations of the body of its loop."""
    folder = tmp_path_factory.mktemp("loops")
    program, log = folder / "program.py", folder / "log"
    program.write_text(PROGRAM.replace("FUNCTIONS", ", ".join(FUNCTIONS)))
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
        head = re.match(r"# loop\d+ \((?:python (\w+) |(.*)\)$)", line)
        if head:
            name, body = head.group(1) or head.group(2), None
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
