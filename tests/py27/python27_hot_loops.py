"""Random Python 2.7 programs with hot loops, and random parameters of the JIT to run them under.

A program has one to three functions with a loop of up to 80 iterations over the same few variables, of which each has
a value of a kind of its own: so few lines lead through calls, attributes, containers, exceptions, generators and frames
that are looked into. In some iterations something is changed that compiled code relies on: a class, a built-in
function, the tracing function. Under thresholds of a few iterations most of the program runs as compiled code.

``python27_hot_loops.py SEED`` prints the program of a seed, with the environments that it is run in.
"""

import random
import sys

from ouro.rlib.jit import OPTIMIZATIONS
from python27_hot_parts import EXPRESSIONS, LOCALS, PROLOGUE, STATEMENTS, UPSETS

#: The ways out of an iteration.
JUMPS = ("break", "continue")

#: What the program itself raises.
CAUGHT = (
    "ArithmeticError, LookupError, TypeError, ValueError, AttributeError, NameError, Err, RuntimeError, StopIteration, "
    "AssertionError, MemoryError, SystemError, ImportError"
)


def indented(lines):
    """Lines one level deeper."""
    return ["    " + line for line in lines]


class Writer:
    """Makes statements from random numbers. `depth` says how many more levels of blocks there may be, and `jumps` which
    ways out of a loop are allowed where the statement stands.
    """

    def __init__(self, numbers):
        self.numbers = numbers

    def choose(self, *choices):
        return self.numbers.choice(choices)

    def likely(self, probability):
        return self.numbers.random() < probability

    def expression(self, depth=2):
        chosen = self.choose(*EXPRESSIONS)
        if depth > 0 and self.likely(0.15):
            return f"({chosen}, {self.expression(depth - 1)})"
        return chosen

    def block(self, depth, jumps, most):
        lines = []
        for _ in range(self.numbers.randint(1, most)):
            lines += self.statement(depth, jumps)
        return indented(lines)

    def statement(self, depth, jumps):
        if depth <= 0:
            return self.simple(depth, jumps)
        (kind,) = self.numbers.choices(list(KINDS), KINDS.values())
        return kind(self, depth, jumps)

    def simple(self, depth, jumps):
        return self.choose(*STATEMENTS).split("\n")

    def computed(self, depth, jumps):
        return [f"acc = mix(acc, {self.expression()})"]

    def upset(self, depth, jumps):
        rare = f"if i % {self.choose(7, 11, 13, 17, 23)} == {self.numbers.randrange(7)}:"
        return [rare, *indented(self.choose(*UPSETS).split("\n"))]

    def condition(self, depth, jumps):
        lines = [f"if {self.expression()}:", *self.block(depth - 1, jumps, 2)]
        if self.likely(0.5):
            lines += ["else:", *self.block(depth - 1, jumps, 2)]
        return lines

    def handlers(self, depth, jumps):
        lines = ["try:", *self.block(depth - 1, jumps, 3)]
        if self.likely(0.8):
            caught = self.choose("ValueError", "(KeyError, Err)", "Exception", "TypeError", "LookupError")
            lines += [f"except {caught} as e:", "    acc = mix(acc, e.args)", *self.block(depth - 1, jumps, 1)]
        else:
            lines += ["except:", "    acc = mix(acc, str(sys.exc_info()[1]))"]
        if self.likely(0.3):
            lines += ["else:", *self.block(depth - 1, jumps, 1)]
        if self.likely(0.4):
            without_continue = tuple(jump for jump in jumps if jump != "continue")
            lines += ["finally:", *self.block(depth - 1, without_continue, 1)]
        return lines

    def manager(self, depth, jumps):
        manager = f"with CM({self.choose('True', 'False', 'i & 1')}) as cm:"
        return [manager, *self.block(depth - 1, jumps, 2), "acc = mix(acc, cm.log)"]

    def loop(self, depth, jumps):
        source = self.choose("xrange(i % 5)", "l[:4]", "sorted(d)[:3]", "gen(3)", "Iter(3)", "o", "range(3)", "'abc'",
                             "enumerate(l[:2])", "st and [1, 2]")
        lines = [f"for j{depth} in {source}:", *self.block(depth - 1, JUMPS, 2)]
        if self.likely(0.3):
            lines += [f"    if {self.expression()}: {self.choose(*JUMPS)}"]
        if self.likely(0.2):
            lines += ["else:", *self.block(depth - 1, jumps, 1)]
        return lines

    def countdown(self, depth, jumps):
        name = f"w{depth}"
        first = f"{name} = {self.numbers.randint(1, 5)}"
        return [first, f"while {name}:", f"    {name} -= 1", *self.block(depth - 1, JUMPS, 2)]

    def inner_function(self, depth, jumps):
        name = f"inner{self.numbers.randrange(1000)}"
        result = self.choose("y + a", "(y, z)", "[y + q for q in l[:2]]", "lambda: (y, b)", "sorted(locals())",
                             "sys._getframe(1).f_code.co_name", "risky(y)", "o.meth(y)")
        default = self.choose("i", "a", "None")
        return [f"def {name}(y, z={default}):", f"    return {result}", f"acc = mix(acc, {name}(i))"]

    def collected(self, depth, jumps):
        source = self.choose("q + i for q in l if isinstance(q, int)", "(q, a) for q in xrange(3)",
                             "helper(i) for _ in '12'", "g for g in gen(3)")
        return [f"acc = mix(acc, list({source}))"]

    def way_out(self, depth, jumps):
        ways = ["raise Err(i)", "raise ValueError, 'v'"]
        if "continue" in jumps:
            ways.append("if i % 6 == 1: continue")
        if "break" in jumps:
            ways.append("if i > 25 and a % 19 == 0: break")
        return [self.choose(*ways)]

    def guarded(self, depth):
        """A statement of the hot loop, and what becomes of its exceptions."""
        return [
            "try:", *indented(self.statement(depth, JUMPS)), f"except ({CAUGHT}) as e:",
            "    acc = mix(acc, (type(e).__name__, str(e)))",
        ]  # fmt: skip

    def function(self, name, earlier):
        """A function with a hot loop, and its helper without one; both may call those in front of them."""
        start = ["acc = 1", *LOCALS]
        lines = [f"def helper_{name}(i, helper=risky):", *indented(start), *self.block(2, (), 2), "    return acc"]
        lines += [f"def {name}(n, helper=helper_{name}):", "    global G, H, New2, abs", *indented(start)]
        body = ["ns['i'] = i"]
        for _ in range(self.numbers.randint(2, 7)):
            body += self.guarded(self.numbers.randint(1, 3))
        for other in earlier:
            if self.likely(0.25):
                body += self.choose(["if i < 3:", f"    acc = mix(acc, {other}(3))"],
                                    ["if i > 3:", f"    acc = mix(acc, helper_{other}(i))"])
        body.append("if i % 10 == 9: print i, acc, a if isinstance(a, (int, long)) else None")
        lines += ["    for i in xrange(n):", *indented(indented(body))]
        return [*lines, "    sys.settrace(None)", "    return acc"]

    def program(self):
        lines = ["# coding: latin-1", PROLOGUE]
        names = []
        for number in range(self.numbers.randint(1, 3)):
            lines += self.function(f"f{number}", names)
            names.append(f"f{number}")
        for name in names:
            lines += [
                f"for n in ({self.choose(5, 30)}, {self.choose(40, 80)}):", "    try:", f"        print n, {name}(n)",
                "    except Exception as e:", "        print type(e).__name__, e", "    sys.settrace(None)",
            ]  # fmt: skip
        return "\n".join(lines) + "\n"


#: The kinds of statements with how often they come.
KINDS = {
    Writer.simple: 30, Writer.computed: 28, Writer.upset: 6, Writer.condition: 6, Writer.handlers: 8, Writer.manager: 4,
    Writer.loop: 6, Writer.countdown: 3, Writer.inner_function: 4, Writer.collected: 2, Writer.way_out: 3,
}  # fmt: skip


def program(seed):
    """The source of a program, in Latin-1."""
    return Writer(random.Random(seed)).program()


def _optimizations(numbers):
    off = [f"-{name}" for name in OPTIMIZATIONS if numbers.random() < 0.3]
    some = [name for name in OPTIMIZATIONS if numbers.random() < 0.5]
    return numbers.choice(["none", ":".join(["all", *off]), ":".join(some) or "none"])


#: The parameters that are not always given: how often each is, and its values.
SOMETIMES = {
    "fail_guards": (0.25, [1, 2, 3, 7, 17, 50]),
    "trace_limit": (0.25, [20, 50, 200, 1000]),
    "inlining": (0.15, [0]),
    "loop_longevity": (0.15, [1, 3, 10]),
    "retrace_limit": (0.1, [0, 1, 50]),
    "disable_unrolling": (0.1, [0, 200]),
    "code_memory": (0.07, [64, 300]),
}


def environments(seed, count):
    """Some settings of the environment for the program of a seed: low thresholds, and a nursery that is full soon."""
    numbers = random.Random(f"parameters {seed}")
    result = []
    for _ in range(count):
        parameters = {
            "threshold": numbers.choice([1, 2, 3, 7, 15]),
            "function_threshold": numbers.choice([-1, 1, 2, 5, 20]),
            "trace_eagerness": numbers.choice([-1, 1, 2, 5, 20]),
        }
        if numbers.random() < 0.3:
            parameters["enable_opts"] = _optimizations(numbers)
        for name, (probability, values) in SOMETIMES.items():
            if numbers.random() < probability:
                parameters[name] = numbers.choice(values)
        environment = {"OUROJIT": ",".join(f"{name}={value}" for name, value in parameters.items())}
        if numbers.random() < 0.35:
            environment["OUROGC_NURSERY"] = numbers.choice(["4096", "16384", "64K"])
        result.append(environment)
    return result


if __name__ == "__main__":
    print(program(int(sys.argv[1])).rstrip())
    for settings in environments(int(sys.argv[1]), 4):
        print("#", *[f"{name}={value}" for name, value in settings.items()])
