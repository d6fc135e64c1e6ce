"""Small programs from source to executable, compared with what they do on the host."""

import os
import subprocess
import sys

import pytest

TARGET = """

def target(driver, args):
    return main
"""

PROGRAMS = {
    "hello": """
import os
def main(argv):
    os.write(1, b"hello\\n")
    return 3
""",
    "arguments": """
import os
def main(argv):
    for argument in argv[1:]:
        os.write(1, (argument + ";").encode("latin-1"))
    return len(argv)
""",
    "exceptions": """
import os
class Broken(Exception):
    def __init__(self, code):
        self.code = code
def work(n):
    if n > 3:
        raise Broken(n * 10)
    return n
def main(argv):
    total = 0
    for n in range(6):
        try:
            total += work(n)
        except Broken as e:
            total += e.code
        finally:
            total += 1
    return total
""",
    "classes": """
class Shape(object):
    def area(self):
        return 0
    def twice(self):
        return 2 * self.area()
class Square(Shape):
    def __init__(self, side):
        self.side = side
    def area(self):
        return self.side * self.side
class Unit(Shape):
    def area(self):
        return 1
def main(argv):
    total = 0
    for shape in [Shape(), Square(5), Unit(), Square(3)]:
        total += shape.twice()
        if isinstance(shape, Square):
            total += shape.side
    return total
""",
    "strings": """
import os
def main(argv):
    words = "the quick brown fox".split(" ")
    words.reverse()
    text = "-".join([word.upper() for word in words])
    os.write(1, ("%s %d %s\\n" % (text, text.find("B"), text[2:5])).encode("latin-1"))
    return len(text)
""",
    "lists and dictionaries": """
import os
def main(argv):
    counts = {}
    for letter in "abracadabra":
        counts[letter] = counts.get(letter, 0) + 1
    keys = [key for key in counts]
    for key in keys:
        os.write(1, (key + str(counts[key]) + " ").encode("latin-1"))
    numbers = [n * n for n in range(10)]
    del numbers[2:4]
    numbers.insert(0, 100)
    numbers.pop()
    total = 0
    for index, number in enumerate(numbers):
        total += index * number
    return total % 256
""",
    "a function value that one class calls, and no function": """
def exclaim(name):
    return name + "!"

class Plain:
    def find(self, name):
        return name

class Computing(Plain):
    def __init__(self, compute):
        self.compute = compute

    def find(self, name):
        return self.compute(name)

class Maker:
    def __init__(self, compute):
        self.compute = compute

    def make(self):
        return Plain() if self.compute is None else Computing(self.compute)

MAKERS = [Maker(None), Maker(exclaim)]

def main(argv):
    for position, name in enumerate(argv):
        if position > 0:
            print(MAKERS[position % 2].make().find(name))
    return 0
""",
}


def ouro(*arguments, **environment):
    command = [sys.executable, "-m", "ouro.translator", *map(str, arguments)]
    env = {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, text=True, timeout=300, env=env)


def write_target(folder, text):
    path = folder / "program.py"
    path.write_text(text + TARGET)
    return path


def translate(folder, text, *options):
    path = write_target(folder, text)
    done = ouro("translate", path, "--output", folder / "program", *options)
    assert done.returncode == 0, done.stderr
    return path, folder / "program"


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("collector", ["none", "generational"])
def test_executable_does_what_the_host_does(name, collector, tmp_path):
    path, executable = translate(tmp_path, PROGRAMS[name], "-O0", "--verify", "--gc", collector)
    arguments = ["one", "two words", ""]
    host = ouro("run", path, *arguments)
    ours = subprocess.run([str(executable), *arguments], capture_output=True, text=True, timeout=60)
    assert (ours.returncode, ours.stdout, ours.stderr) == (host.returncode, host.stdout, "")


def test_uncaught_exceptions_show_the_authors_lines(tmp_path):
    program = """
def inner(n):
    if n == 1:
        raise ValueError
    return n
def main(argv):
    return inner(len(argv))
"""
    path, executable = translate(tmp_path, program, "-O0", "--gc", "none")
    done = subprocess.run([str(executable)], capture_output=True, text=True)
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert f'  File "{path}", line 7, in main' in lines
    assert f'  File "{path}", line 4, in inner' in lines
    assert lines[-1] == "Fatal RPython error: ValueError"


UNCAUGHT = """
import sys

class Located(Exception):
    def __init__(self, message, line):
        self.message = message
        self.line = line

    def __str__(self):
        return "line %d: %s" % (self.line, self.message)

class Plain(Exception):
    pass

class Derived(ValueError):
    def __init__(self, what, n):
        super().__init__("%s is %d" % (what, n))

class HostOnly(Exception):
    @not_rpython
    def __str__(self):
        return "".join(map(str, self.args))

class Failing(Exception):
    def __str__(self):
        raise KeyError

PREBUILT = ValueError("prebuilt")

class Manager:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        print("left")

def raise_number(n):
    if n == 1:
        raise ValueError("bad number %d" % n)
    if n == 2:
        raise Located("message", n)
    if n == 3:
        raise Plain("hello")
    if n == 4:
        raise KeyError("key")
    if n == 5:
        raise OSError(2, "open", "name")
    if n == 6:
        raise Derived(
            "x",
            n,
        )
    if n == 7:
        raise PREBUILT
    if n == 8:
        raise KeyError
    if n == 9:
        raise HostOnly("text")
    if n == 10:
        raise Failing

def main(argv):
    n = int(argv[1])
    if n == 20:
        sys.exit("a message")
    if n == 21:
        sys.exit(3)
    if n == 22:
        sys.exit()
    if n > 10:
        try:
            raise_number(n - 10)
        except Exception as error:
            print("caught", str(error), f"{error}", "%s" % error)
    else:
        with Manager():
            raise_number(n)
    return 0
"""


@pytest.mark.parametrize("options", [("-O0", "--gc", "none"), ("-O2", "--gc", "generational")], ids=" ".join)
def test_uncaught_exceptions_show_their_text_and_end_at_the_raise(options, tmp_path):
    program = "from ouro.rlib.objectmodel import not_rpython\n" + UNCAUGHT
    path, executable = translate(tmp_path, program, *options)
    ends = [
        ("ValueError: bad number 1", 'ValueError("bad'),
        ("Located: line 2: message", "raise Located"),
        ("Plain: hello", "raise Plain"),
        ("KeyError: 'key'", 'KeyError("key'),
        ("OSError: [Errno 2] open: 'name'", "raise OSError"),
        ("Derived: x is 6", "raise Derived"),
        ("ValueError: prebuilt", "raise PREBUILT"),
        ("KeyError", "raise KeyError"),
        ("HostOnly: text", "raise HostOnly"),
        ("Failing: <no text: its __str__ failed>", "raise Failing"),
    ]
    lines = path.read_text().splitlines()
    for number, (description, source) in enumerate(ends, 1):
        done = subprocess.run([str(executable), str(number)], capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (1, "left\n")
        *_, place, last = done.stderr.splitlines()
        assert last == f"Fatal RPython error: {description}"
        raises = [index for index, line in enumerate(lines, 1) if line.startswith("        raise")]
        candidates = [index for index in raises if source in lines[index - 1]]
        assert any(place == f'  File "{path}", line {index}, in raise_number' for index in candidates), (number, place)


def test_texts_of_caught_exceptions_and_messages_of_exit_are_those_of_the_host(tmp_path):
    path, executable = translate(tmp_path, "from ouro.rlib.objectmodel import not_rpython\n" + UNCAUGHT, "-O0")
    for number in [*range(11, 19), 20, 21, 22]:
        host = ouro("run", path, number)
        done = subprocess.run([str(executable), str(number)], capture_output=True, text=True)
        assert (done.returncode, done.stdout, done.stderr) == (host.returncode, host.stdout, host.stderr)


STREAMS = """
import sys

class Point:
    def __init__(self, x):
        self.x = x

    def __str__(self):
        return "at " + str(self.x)

def main(argv):
    print("one", 2, sep=", ", end=";\\n", file=sys.stderr, flush=True)
    print("two", file=sys.stdout)
    sys.stdout.write("three\\n")
    sys.stderr.write("four\\n")
    sys.stderr.flush()
    print(sys.stdout.write("five\\n"))
    print(Point(1), Point(2), 3, sep="; ")
    print(Point(4) if len(argv) > 7 else None)
    return 0
"""


def test_the_standard_streams_are_written_by_print_and_by_their_methods(tmp_path):
    path, executable = translate(tmp_path, STREAMS, "-O0")
    host = ouro("run", path)
    done = subprocess.run([str(executable)], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (host.returncode, host.stdout, host.stderr)
    assert done.stderr == "one, 2;\nfour\n" and done.stdout == "two\nthree\nfive\n5\nat 1; at 2; 3\nNone\n"


def test_endless_recursion_raises_recursion_error(tmp_path):
    program = """
def down(n):
    return down(n + 1) + 1
def main(argv):
    try:
        return down(0)
    except RecursionError:
        return 7
"""
    for level in ("-O0", "-O2"):
        _, executable = translate(tmp_path, program, level, "--gc", "none")
        assert subprocess.run([str(executable)]).returncode == 7


def test_failing_compiler_gives_one_message_and_no_file(tmp_path):
    path = write_target(tmp_path, PROGRAMS["hello"])
    for compiler, message in (("false", "the C compiler failed"), ("no-such-cc", "'no-such-cc' was not found")):
        done = ouro("translate", path, "--gc", "none", "--output", tmp_path / "x", CC=compiler)
        assert done.returncode == 1
        assert message in done.stderr and "Traceback" not in done.stderr
        assert sorted(p.name for p in tmp_path.iterdir() if p.suffix != ".py") in ([], ["__pycache__"])


LIVE_INSTANCES = """
from ouro.rlib import rgc

class Link(object):
    def __init__(self, n, other):
        self.n = n
        self.other = other

class Special(Link):
    pass

class Alien(object):
    def __init__(self, inner):
        self.inner = inner

class Holder(object):
    def __init__(self, link):
        self.link = link
        self.alien = None

HOLDER = Holder(Special(1000, None))

def main(argv):
    chain = None
    for n in range(10):
        if n & 1:
            chain = Link(n, chain)
        else:
            chain = Special(n, chain)
    alien = Alien(Link(50, None))
    Special(77, None)
    HOLDER.link.other = alien.inner
    HOLDER.alien = alien
    links = rgc.live_instances(Link)
    specials = rgc.live_instances(Special)
    rgc.collect()
    total = 0
    for link in links:
        total += link.n
    for special in specials:
        total += 10000 * special.n
    print(len(links), len(specials), len(rgc.live_instances(Alien)), total, chain.n, alien.inner.n)
    return 0
"""


@pytest.mark.parametrize("collector", ["generational", "marksweep", "semispace"])
def test_live_instances_are_found_by_class(collector, tmp_path):
    path, executable = translate(tmp_path, LIVE_INSTANCES, "-O0", "--verify", "--gc", collector)
    host = ouro("run", path)
    ours = subprocess.run(
        [str(executable)], capture_output=True, text=True, timeout=60, env={**os.environ, "OUROGC_DEBUG": "3"}
    )
    assert (ours.returncode, ours.stdout, ours.stderr) == (0, host.stdout, "")
    assert ours.stdout == "12 6 1 10201095 9 50\n"
