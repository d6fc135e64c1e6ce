"""Deep recursion, exhausted memory and Ctrl-C are exceptions of the program, never a crash."""

import os
import resource
import signal
import subprocess
import time

import pytest

RECURSION = """
import sys, thread, time
def nested(make, depth):
    value = make(None)
    for i in xrange(depth):
        value = make(value)
    return value
class Recursive(object):
    def __getattr__(self, name): return getattr(self, name)
    def __repr__(self): return repr(self)
    def __eq__(self, other): return self == other
    def __len__(self): return len(self)
    def __call__(self): return self()
    def __lt__(self, other): return self < other
def sort(x): return sorted([1, 2], key=sort)
LISTS = nested(lambda x: [x], 200000), nested(lambda x: [x], 200000)
CASES = {
    "repr": lambda: repr(LISTS[0]),
    "compare": lambda: LISTS[0] == LISTS[1],
    "hash": lambda: hash(nested(lambda x: (x,), 200000)),
    "iterators": lambda: list(nested(lambda x: enumerate(x or []), 200000)),
    "getattr": lambda: Recursive().name,
    "own repr": lambda: repr(Recursive()),
    "own eq": lambda: Recursive() == 1,
    "own len": lambda: len(Recursive()),
    "own call": lambda: Recursive()(),
    "own sort": lambda: sorted([Recursive(), Recursive()]),
    "sort": lambda: sort(1),
    "exec": lambda: recursive_exec(),
    "parse": lambda: compile("+".join(["1"] * 1000000), "s", "eval"),
    "parse brackets": lambda: compile("(" * 50000 + ")" * 50000, "s", "eval"),
    "pickle": lambda: __import__("cPickle").dumps(LISTS[0], 2),
}
def recursive_exec(): exec "recursive_exec()"
def run_all():
    for name in sorted(CASES):
        try:
            CASES[name]()
        except (RuntimeError, MemoryError):
            pass
        else:
            print name, "did not raise"
"""


def run(ouro27, program, **limits):
    # to fill memory takes minutes where the JIT compiles at once and each of its guards fails
    return subprocess.run([ouro27, "-S", "-c", program], capture_output=True, text=True, timeout=900, **limits)


@pytest.mark.parametrize("limit", [1000, 10**7])
def test_deep_recursion_raises(ouro27, limit):
    done = run(ouro27, RECURSION + "sys.setrecursionlimit(%d)\nrun_all()\nprint 'alive'" % limit)
    assert (done.stdout, done.stderr, done.returncode) == ("alive\n", "", 0)


@pytest.mark.parametrize("size", [0, 32768])
def test_deep_recursion_raises_in_a_thread_with_this_stack(ouro27, size):
    program = RECURSION + (
        "sys.setrecursionlimit(10**7)\nthread.stack_size(%d)\ndone = []\n"
        "def work():\n    try: run_all()\n    finally: done.append(1)\n"
        "thread.start_new_thread(work, ())\nwhile not done: time.sleep(0.05)\nprint 'alive'" % size)
    done = run(ouro27, program)
    assert (done.stdout, done.stderr, done.returncode) == ("alive\n", "", 0)


GROW = {
    "lists": "l = []\nwhile 1: l.append([0] * 1000)",
    "text": "s = 'x' * 1000\nwhile 1: s += s",
    "dict": "d = {}; i = 0\nwhile 1: d[i] = (i, i); i += 1",
    "instances": "class A(object): pass\nl = []\nwhile 1:\n    a = A(); a.x = 1; l.append(a)",
    "linked lists": "l = None\nwhile 1: l = [l]",
    "tuples of all sizes": "l = []; i = 1\nwhile 1: l.append((None,) * i); i = i * 5 % 2003",
    "wide and deep": "l = []\nwhile 1: l.append([[[[]]]])",
    "weak references": "import weakref\nclass A(object): pass\nl = []\nwhile 1: a = A(); l.append((a, weakref.ref(a)))",
    "large lists": "l = []\nwhile 1: l.append([l] * 100000)",
    "strings": "l = []\nwhile 1: l.append('x' * (len(l) % 5000))",
    "at once": "'x' * (1 << 40)",
}


@pytest.mark.parametrize("maximum", [None, "100MB"])
@pytest.mark.parametrize("name", sorted(GROW))
def test_exhausted_memory_raises_and_the_program_goes_on(ouro27, name, maximum):
    body = "\n".join("        " + line for line in GROW[name].splitlines())
    program = "import sys\ndef grow():\n    if 1:\n%s\n" % body
    program += "for i in range(3):\n    try: grow()\n    except MemoryError: print 'caught'\n    sys.exc_clear()\n"
    program += "print sum(range(100000))"
    size = 400 * 1024 * 1024
    environment = dict(os.environ, OUROGC_MAX=maximum) if maximum else None
    done = run(ouro27, program, env=environment,
               preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (size, size)))
    assert (done.stdout, done.returncode) == ("caught\n" * 3 + "4999950000\n", 0), done.stderr


FILL = """
def fill(make):
    caught = 0
    for turn in range(3):
        kept = []
        try:
            while 1: kept.append(make(turn))
        except MemoryError:
            kept = None
            caught += 1
    for turn in range(3):
        kept = None
        while 1:
            try:
                kept = kept, make(turn)
            except MemoryError:
                kept = None
                caught += 1
                break
    return caught
class Empty(object): pass
def instance(value):
    result = Empty(); result.value = value
    return result
def appended(value):
    result = []
    for number in range(50): result.append(number + value)
    return result
print fill(%s)
"""


@pytest.mark.parametrize("limit", [250, 300, 400])
@pytest.mark.parametrize("made", ["instance", "appended", "lambda value: (value, value)", "lambda value: [[[]]]",
                                  "lambda value: [i + 0.5 for i in range(200)]", "lambda value: range(100)"])
def test_handlers_in_the_function_whose_loop_fills_memory_see_it(ouro27, made, limit):
    size = limit * 1024 * 1024
    done = run(ouro27, FILL % made, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (size, size)))
    assert (done.stdout, done.returncode) == ("6\n", 0), done.stderr


@pytest.mark.parametrize("body", ["while True: pass", "time.sleep(60)", "sys.stdin.read()", "f(40)"])
def test_an_interrupt_raises_keyboard_interrupt(ouro27, body):
    program = "import sys, time\ndef f(n): return n if n < 2 else f(n - 1) + f(n - 2)\n" + (
        "print 1; sys.stdout.flush()\ntry: %s\nexcept KeyboardInterrupt: print 'interrupted'" % ("exec %r" % body))
    pipe = subprocess.PIPE
    # who started the tests in the background may ignore the signal, and that is inherited
    process = subprocess.Popen([ouro27, "-S", "-c", program], stdin=pipe, stdout=pipe, stderr=pipe, text=True,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    try:
        assert process.stdout.readline() == "1\n"
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=30)
    finally:
        process.kill()
    assert (out, error, process.returncode) == ("interrupted\n", "", 0)


@pytest.mark.parametrize("work", ["f(100)", "sum(f(30) for i in xrange(10 ** 9))"])
def test_a_thread_has_its_turn_while_another_one_recurses(ouro27, work):
    program = """if 1:
        import os, sys, thread, time
        def f(n): return n if n < 2 else f(n - 1) + f(n - 2)
        def end():
            time.sleep(0.5)
            print "ended"
            sys.stdout.flush()
            os._exit(0)
        thread.start_new_thread(end, ())
        %s
    """ % work
    done = run(ouro27, program)
    assert (done.stdout, done.returncode) == ("ended\n", 0), done.stderr


def test_threads_that_memory_is_too_small_for_are_not_started(ouro27):
    program = """
import thread, time
gate = thread.allocate_lock(); gate.acquire()
def wait():
    gate.acquire(); gate.release()
started = 0
try:
    while started < 1000:
        thread.start_new_thread(wait, ()); started += 1
except thread.error as error:
    print error
print 0 < started < 1000
gate.release()
for i in range(200):
    time.sleep(0.05)
    if thread._count() == 0: break
thread.start_new_thread(wait, ())
print 'alive'"""
    size = 400 * 1024 * 1024
    done = run(ouro27, program, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (size, size)))
    assert (done.stdout, done.stderr, done.returncode) == ("can't start new thread\nTrue\nalive\n", "", 0)


MEMORY = """
import gc, sys
class Point(object): pass
def attributes_of_instances(name): setattr(Point(), name, 1)
def removed_attributes(name):
    point = Point()
    setattr(point, name, 1)
    delattr(point, name)
def attributes_that_are_missing(name): getattr(Point, name, None)
def attributes_of_a_class(name):
    setattr(Point, name, 1)
    delattr(Point, name)
def names_of_a_module(name):
    module = sys.modules['__main__']
    setattr(module, name, 1)
    delattr(module, name)
def interned_strings(name): intern(name)
def functions_with_loops(name):
    exec "def f(n):\\n %s = 0\\n for k in xrange(n): %s += k\\n return %s" % (name, name, name) in {}
    namespace = {}
    exec "def f(n):\\n %s = 0\\n for k in xrange(n): %s += k\\n return %s" % (name, name, name) in namespace
    assert namespace['f'](2000) == 1999000
def kilobytes():
    gc.collect()  # how full the heap is depends on where the collector is
    for line in open('/proc/self/status'):
        if line.startswith('VmRSS'): return int(line.split()[1])
def run(function, count):
    name = function.__name__
    for round in range(12):
        if round == 6: before = kilobytes()  # by then the heap has its size: what grows later would grow for ever
        for number in xrange(count): function('%s_%d_%d' % (name, round, number))
    grown = kilobytes() - before
    if grown > 10000: print name, grown  # one object for each name would be 17000
run(interned_strings, 60000)
run(attributes_of_instances, 40000)
run(removed_attributes, 40000)
run(attributes_that_are_missing, 60000)
run(attributes_of_a_class, 40000)
run(names_of_a_module, 40000)
run(functions_with_loops, 1500)
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="the system does not say how much memory is used")
def test_names_and_code_without_end_take_no_memory(ouro27):
    result = run(ouro27, MEMORY)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
