"""Random Python 2.7 programs that always end and whose output says what they computed.

A program is a list of functions, classes and top-level statements over a few variables of every kind. Nothing in it
depends on addresses, hashes of objects, time or the order of sets: what it prints is determined by the language. Every
statement runs under a `try` that prints the exception, so that errors are compared too (type and text). Loops run over
bounded iterables; calls go only to functions defined earlier, so there is no unbounded recursion.
"""

from hypothesis import strategies as st
from python27_features import FEATURES as LANGUAGE_FEATURES
from python27_features import PROLOGUE as FEATURE_PROLOGUE
from python27_library import FEATURES as LIBRARY_FEATURES

NAMES = ["a", "b", "c", "d", "e"]
ATTRIBUTES = ["x", "y", "z"]

# Nothing between: a sequence repeated some billion times takes all memory on one interpreter and none on the other.
integers = st.one_of(
    st.integers(-5, 5),
    st.integers(-300, 300),
    st.integers(2**61, 2**63 + 2),
    st.integers(-(2**63) - 2, -(2**61)),
    st.sampled_from([2**62, 2**63 - 1, -(2**63), 10**30]),
)
text = st.text(alphabet="ab %sd{}0\t\n\xe9'\\", max_size=6)


def _literal(draw):
    kind = draw(st.integers(0, 12))
    if kind <= 3:
        return f"({draw(integers)})"
    if kind == 4:
        return repr(draw(st.floats(allow_nan=False, allow_infinity=False, width=32)))
    if kind == 5:
        return repr(draw(text).encode("latin-1"))[1:]
    if kind == 6:
        return "u" + ascii(draw(text))
    if kind == 7:
        return draw(st.sampled_from(["True", "False", "None", "1j", "(2-3.5j)", "7L", "Ellipsis", "NotImplemented"]))
    if kind == 8:
        return draw(st.sampled_from(["[]", "{}", "()", "set()", "xrange(5)", "xrange(-2, 9, 3)", "bytearray('ab')"]))
    return draw(st.sampled_from(NAMES))


class Writer:
    """Makes expressions and statements from what hypothesis draws.

    Args:
        draw: the function of a composite strategy.
    """

    def __init__(self, draw):
        self.draw = draw
        self.functions = []  # (name, number of parameters)
        self.classes = []

    def choose(self, *choices):
        return self.draw(st.sampled_from(choices))

    def expression(self, depth):
        if depth <= 0:
            return _literal(self.draw)
        kind = self.draw(st.integers(0, 17))
        sub = lambda: self.expression(depth - 1 - self.draw(st.integers(0, 1)))  # noqa: E731
        if kind <= 2:
            return f"({sub()} {self.choose('+', '-', '*', '/', '//', '%', '&', '|', '^', 'and', 'or')} {sub()})"
        if kind == 3:
            return f"({sub()} {self.choose('<', '<=', '==', '!=', '>', '>=', 'is', 'in', 'not in', 'is not')} {sub()})"
        if kind == 4:
            return f"({self.choose('-', '+', '~', 'not ')}{sub()})"
        if kind == 5:
            return f"({sub()} {self.choose('<<', '>>', '**')} ({self.draw(st.integers(-2, 5))}))"
        if kind == 6:
            return f"{sub()}[{sub()}]"
        if kind == 7:
            ends = [self.choose("", "0", "1", "-1", "2", "-3", "a") for _ in range(self.draw(st.integers(2, 3)))]
            return f"{sub()}[{':'.join(ends)}]"
        if kind == 8:
            items = ", ".join(sub() for _ in range(self.draw(st.integers(1, 3))))
            return self.choose("[%s]", "(%s,)", "len([%s])", "max(%s, 0)", "[%s] * 2") % items
        if kind == 9:
            first, second = self.choose("0", "False", "0L", "[0]"), self.choose("0", "0.0", "0j")
            return f"{{{first}: {sub()}, {second}: {sub()}}}"
        if kind == 10:
            name = self.choose(*NAMES)
            source = self.choose(sub(), "range(4)", "'abc'", "sorted([3, 1, 2])")
            test = self.choose("", f" if {name}", f" if not {name}")
            return self.choose(
                "[%s for %s in %s%s]", "list(%s for %s in %s%s)", "sorted({plain(%s) for %s in %s%s})"
            ) % (sub(), name, source, test)
        if kind == 11:
            function = self.choose(
                "len",
                "repr",
                "str",
                "type",
                "abs",
                "int",
                "float",
                "bool",
                "list",
                "tuple",
                "sorted",
                "unicode",
                "hex",
                "oct",
                "chr",
                "ord",
                "sum",
                "min",
                "max",
                "any",
                "all",
                "reversed",
                "enumerate",
                "iter",
                "callable",
                "long",
                "complex",
                "round",
                "bin",
                "dict",
                "frozenset",
                "bytearray",
                "unichr",
                "divmod",
                "pow",
                "cmp",
            )
            count = 2 if function in ("divmod", "pow", "cmp") else 1
            arguments = [sub() for _ in range(count)]
            if function == "pow":  # a larger exponent computes for hours
                arguments[1] = self.choose("0", "1", "3", "-2", "0.5", "'a'", "None")
            call = f"{function}({', '.join(arguments)})"
            if function == "frozenset":
                call = f"frozenset([{sub()}])"
            return f"list({call})" if function in ("reversed", "enumerate") else call
        if kind == 12:
            method = self.choose(
                "upper()",
                "split()",
                "join(['p', 'q'])",
                "strip('a')",
                "find('b')",
                "replace('a', 'bc')",
                "keys()",
                "append(3)",
                "pop()",
                "index(1)",
                "count('a')",
                "items()",
                "get(1)",
                "sort()",
                "reverse()",
                "x",
                "y",
                "z",
                "conjugate()",
                "bit_length()",
                "real",
                "copy()",
                "add(0)",
                "insert(0, 9)",
                "extend('hi')",
                "title()",
                "startswith('a')",
                "encode('utf-8')",
                "decode('latin-1')",
                "rjust(7, '*')",
                "zfill(6)",
                "partition('b')",
                "setdefault(0, 6)",
                "update({0: 8})",
                "hex()",
                "is_integer()",
                "method(2)",
                "splitlines(True)",
            )
            return f"{sub()}.{method}"
        if kind == 13:
            template = self.choose(
                "'%s'", "'%r|%5s'", "u'%d'", "'%x'", "'%.3f'", "'%5.1e|'", "'%-8s|'", "'%(k)s'", "'%c'"
            )
            return f"({template} % {self.choose(sub(), f'({sub()}, {sub()})')})"
        if kind == 14:
            template = self.choose(
                "'{}'", "'{0!r:>9}'", "'{:,}'", "'{:08.2f}'", "u'{0}{0}'", "'{k}'", "'{:#x}'", "'{:^9}'"
            )
            return f"{template}.format({sub()})"
        if kind == 15 and self.functions:
            name, count = self.choose(*self.functions)
            given = self.draw(st.integers(max(0, count - 1), count + 1))
            arguments = [sub() for _ in range(given)]
            if arguments and self.draw(st.booleans()):
                arguments[-1] = self.choose("*", "p%d=" % (count - 1)) + arguments[-1]
            return f"{name}({', '.join(arguments)})"
        if kind == 16 and self.classes:
            return f"{self.choose(*self.classes)}({sub()})"
        if kind == 17:
            return f"({sub()} if {sub()} else {sub()})"
        return f"(lambda q, r=1: {sub()})({sub()})"

    def block(self, depth, inside_function, indent):
        lines = []
        for _ in range(self.draw(st.integers(1, 3))):
            lines += self.statement(depth, inside_function, indent)
        return lines

    def statement(self, depth, inside_function, indent):
        kind = self.draw(st.integers(0, 13))
        space = "    " * indent
        name = self.choose(*NAMES)
        value = self.expression(2)
        if kind <= 2 or depth <= 0:
            return [f"{space}{name} = {value}"]
        if kind == 3:
            return [f"{space}show({value})"]
        if kind == 4:
            return [f"{space}{name} {self.choose('+', '-', '%', '|', '&', '//')}= {self.expression(1)}"]
        if kind == 5:
            lines = [f"{space}if {value}:", *self.block(depth - 1, inside_function, indent + 1)]
            if self.draw(st.booleans()):
                lines += [f"{space}else:", *self.block(depth - 1, inside_function, indent + 1)]
            return lines
        if kind == 6:
            lines = [
                f"{space}for {self.choose(name, 'i', 'i, j')} in {self.choose('xrange(3)', '[(1, 2), (3, 4)]', value)}:"
            ]
            lines.append(f"{space}    if tick(): break")
            lines += self.block(depth - 1, inside_function, indent + 1)
            if self.draw(st.booleans()):
                lines.append(f"{space}    {self.choose('continue', 'break')}")
            if self.draw(st.booleans()):
                lines += [f"{space}else:", *self.block(depth - 1, inside_function, indent + 1)]
            return lines
        if kind == 7:
            lines = [f"{space}while {value}:", f"{space}    if tick(): break"]
            return lines + self.block(depth - 1, inside_function, indent + 1)
        if kind == 8:
            lines = [f"{space}try:", *self.block(depth - 1, inside_function, indent + 1)]
            caught = self.choose("Exception", "TypeError", "(ValueError, KeyError)", "ArithmeticError", "LookupError")
            lines += [f"{space}except {caught} as error:", f"{space}    show(error)"]
            if self.draw(st.booleans()):
                lines += [f"{space}finally:", *self.block(depth - 1, False, indent + 1)]
            return lines
        if kind == 9:
            return [f"{space}{self.choose('a, b', 'c, (d, e)', '[a, b, c]', 'a.x', 'a[0]', 'b[1:]', 'c[0]')} = {value}"]
        if kind == 10:
            return [f"{space}del {self.choose(name, f'{name}[0]', f'{name}.x', f'{name}[1:]')}"]
        if kind == 11 and inside_function:
            return (
                [f"{space}{self.choose('return', 'yield', 'return')} {value}"]
                if inside_function == "generator"
                else [f"{space}return {value}"]
            )
        if kind == 12:
            return [f"{space}raise {self.choose('ValueError(%s)', 'KeyError(%s)', 'TypeError, %s', 'Own(%s)')}" % value]
        lines = [f"{space}with Manager({value}) as {name}:"]
        return lines + self.block(depth - 1, inside_function, indent + 1)

    def function(self):
        count = self.draw(st.integers(0, 3))
        name = f"f{len(self.functions)}"
        parameters = [f"p{index}" for index in range(count)]
        if parameters and self.draw(st.booleans()):
            parameters[-1] += f"={_literal(self.draw)}"
        if self.draw(st.booleans()):
            parameters.append("*rest")
        used = self.choose("a", "b", "global_name")
        lines = [
            f"def {name}({', '.join(parameters)}):",
            "    if tick(): return 0",
            f"    {used} = {parameters[0][:2] if count else 1}",
        ]
        lines += [
            f"    {other} = {self.choose('p0', '3', repr('s'), '[1, 2]') if count else 2}"
            for other in NAMES
            if other != used
        ]
        lines += self.block(2, "function", 1)
        lines.append(f"    return {self.expression(2)}")
        self.functions.append((name, count))
        return lines

    def generator(self):
        name = f"g{len(self.functions)}"
        lines = [f"def {name}(p0):", "    a = b = c = d = e = p0", f"    yield {self.expression(1)}"]
        for _ in range(self.draw(st.integers(1, 3))):
            lines += [f"    for i in xrange({self.draw(st.integers(0, 3))}):", f"        yield {self.expression(2)}"]
        lines += [f"def {name}_list(p0):", f"    return list({name}(p0))"]
        self.functions.append((f"{name}_list", 1))
        return lines

    def class_definition(self):
        name = f"C{len(self.classes)}"
        base = self.choose("object", "object", "", "Own", "int", "dict", "list", *self.classes)
        lines = [
            f"class {name}({base}):",
            f"    {self.choose(*ATTRIBUTES)} = {_literal(self.draw) if self.draw(st.booleans()) else 5}",
        ]
        if base in ("object", ""):
            lines += ["    def __init__(self, value):", f"        self.{self.choose(*ATTRIBUTES)} = value"]
        special = self.choose(
            "__len__",
            "__nonzero__",
            "__add__",
            "__getitem__",
            "__eq__",
            "__getattr__",
            "__iter__",
            "__cmp__",
            "__repr__",
            "__call__",
            "__hash__",
            "__contains__",
            "__radd__",
            "__coerce__",
            "__int__",
        )
        parameter = {
            "__len__": "",
            "__nonzero__": "",
            "__iter__": "",
            "__repr__": "",
            "__hash__": "",
            "__int__": "",
        }.get(special, ", q")
        lines += [
            f"    def {special}(self{parameter}):",
            "        if tick(): raise Own('ended')",
            f"        return {self.choose('1', '0', repr('s'), 'iter([1, 2])', 'self', 'None', 'NotImplemented')}",
        ]
        if special == "__int__":  # two different numbers are ordered by the addresses of their types
            lines += ["    def __cmp__(self, q): return 1"]
        lines += [
            "    def method(self, q=1):",
            f"        return {self.choose('q', 'self', 'self.x', '[q, self.y]', 'type(self).__name__')}",
        ]
        if self.draw(st.booleans()):
            lines += [
                "    @property",
                "    def z(self):",
                f"        return {self.choose('self.x', '4', 'self.missing')}",
            ]
        self.classes.append(name)
        return lines


PROLOGUE = '''\
import sys
class Own(Exception): pass
class Manager(object):
    def __init__(self, value): self.value = value
    def __enter__(self): return self.value
    def __exit__(self, *details):
        print "exit", details[0] and details[0].__name__
        return self.value == 1
ticks = [0]
def tick():
    ticks[0] += 1
    return ticks[0] > 200
def plain(value, depth=0):
    """A text of the value without addresses and without the order of sets."""
    if depth > 3: return "..."
    kind = type(value)
    if kind in (set, frozenset):
        return kind.__name__ + " " + repr(sorted(plain(item, depth + 1) for item in value))
    if kind in (list, tuple):
        return kind.__name__ + "[" + ", ".join([plain(item, depth + 1) for item in value[:20]]) + "]"
    if kind is dict:
        pairs = [plain(k, depth + 1) + ": " + plain(v, depth + 1) for k, v in value.items()]
        return "{" + ", ".join(sorted(pairs)[:20]) + "}"
    if kind in (str, unicode) and " at 0x" in value: value = value[:value.index(" at 0x")]
    if kind in (int, long, float, complex, str, unicode, bool, type(None), xrange, bytearray):
        return repr(value)[:200]
    if isinstance(value, BaseException):
        return kind.__name__ + plain(value.args, depth + 1)
    if isinstance(value, type): return value.__name__
    return "a " + kind.__name__
def show(value): print plain(value)
a, b, c, d, e = 1, "two", [3, 4.5], {0: "six"}, (7, u"eight")
'''


@st.composite
def programs(draw):
    """The source of a program that prints what it does."""
    writer = Writer(draw)
    lines = [PROLOGUE, FEATURE_PROLOGUE]
    for _ in range(draw(st.integers(1, 8))):
        kind = draw(st.integers(0, 9))
        if kind >= 6:
            lines += [*draw(st.sampled_from(LANGUAGE_FEATURES + LIBRARY_FEATURES))(writer), "ticks[0] = 0"]
        elif kind == 0:
            lines += writer.function()
        elif kind == 1:
            lines += writer.class_definition()
        elif kind == 2:
            lines += writer.generator()
        else:
            lines += [
                "try:",
                *writer.statement(3, None, 1),
                "except Exception as error:",
                "    print type(error).__name__, plain(error)",
            ]
            lines += ["ticks[0] = 0"]
    lines.append("for name in 'abcde': show(globals().get(name))")
    return "\n".join(lines) + "\n"
