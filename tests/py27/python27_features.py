"""Parts of generated programs, one feature of the language each, for `python27_generator`.

Every part is a function that takes the writer of a program and returns lines of source at the top level. What they
print is determined by the language: no addresses, no order of dictionaries or sets with more than one item. Expressions
run through the `attempt` of the prologue, which prints the value or the exception.
"""

from python27_values import FLOATS, INTEGERS, SMALL, STRINGS, any_value, attempt


def slices(writer):
    def bound():
        return writer.choose("", "", *SMALL)

    start = writer.choose("range(10)", "range(3)", "bytearray('abcdef')", "[]", "list('xyz')")
    lines = [f"target = {start}"]
    for _ in range(3):
        ends = ":".join(bound() for _ in range(writer.choose(2, 3, 3)))
        source = writer.choose(
            "range(2)", "'ab'", "[]", "xrange(5)", "target", "3", "[7]", "(i for i in (1, 2))", "u'p'"
        )
        statement = writer.choose(f"target[{ends}] = {source}", f"del target[{ends}]", f"target[{ends}] += {source}")
        lines += ["try:", f"    {statement}", "except Exception as error:", "    print type(error).__name__, error"]
        lines += ["show(target)"]
        lines += attempt(f"{writer.choose(*STRINGS, 'target', '(1, 2, 3, 4)', 'xrange(9)')}[{ends}]")
    return lines


def number_formats(writer):
    lines = []
    for _ in range(4):
        value = writer.choose(
            writer.choose(*INTEGERS), writer.choose(*FLOATS), writer.choose(*FLOATS), any_value(writer)
        )
        kind = writer.choose(*"bcdeEfFgGnosxX%riu")
        if writer.choose(True, False):
            pieces = [
                writer.choose("", "", "<", "*>", "^", "=", "0="),
                writer.choose("", "+", "-", " "),
                writer.choose("", "", "#"),
                writer.choose("", "", "0"),
                writer.choose("", "", "3", "12", "25"),
                writer.choose("", "", ","),
                writer.choose("", "", ".0", ".1", ".3", ".17", "."),
                writer.choose("", kind),
            ]
            lines += attempt(f"format({value}, {''.join(pieces)!r})")
        else:
            pieces = [
                writer.choose("", "#", "0", "-", "+", " ", "-0", "+#"),
                writer.choose("", "", "3", "12", "25", "*"),
            ]
            pieces += [writer.choose("", "", ".0", ".1", ".3", ".17", ".*", "."), kind]
            template = "%" + "".join(pieces)
            arguments = f"({'7, ' * template.count('*')}{value},)"
            lines += attempt(f"{writer.choose('', 'u')}{template!r} % {arguments}")
    return lines


def classes(writer):
    """Classes of both kinds with bases, super, metaclasses, slots and special methods."""
    lines = []
    names = []
    for index in range(writer.choose(2, 3, 4)):
        name = f"K{index}"
        bases = [writer.choose("object", "", "dict", "int", "str", "list", "Exception", "OldBase", "Meta", *names)]
        if writer.choose(True, False):
            bases.append(writer.choose("object", "OldBase", "Mixin", *names))
        bases = [base for base in bases if base]
        body = [f"    label = {index}"]
        if writer.choose(False, False, True):
            body.append(
                "    __slots__ = "
                + writer.choose("('x',)", "['x', 'y']", "()", "'x'", "('__dict__', 'x')", "('1',)", "(3,)")
            )
        if writer.choose(False, False, True):
            body.append(f"    __metaclass__ = {writer.choose('Meta', 'type', 'make_class', '3')}")
        if writer.choose(False, True):
            body += [
                "    if label % 2:",
                "        odd = True",
                "        del odd",
                "    else:",
                "        even = [label for label in 'ab']",
            ]
        body += [
            "    def who(self, *rest):",
            "        return ["
            + repr(name)
            + "] + "
            + writer.choose(
                f"super({name}, self).who(*rest)",
                "[rest]",
                "list(self.label)",
                'getattr(super(K0, self), "who", list)()',
            ),
        ]
        special = writer.choose(
            "__getattr__",
            "__getattribute__",
            "__setattr__",
            "__eq__",
            "__lt__",
            "__cmp__",
            "__hash__",
            "__len__",
            "__nonzero__",
            "__getslice__",
            "__index__",
            "__unicode__",
            "__iadd__",
            "__rsub__",
            "__delattr__",
        )
        count = {
            "__setattr__": 2,
            "__getslice__": 2,
            "__hash__": 0,
            "__len__": 0,
            "__nonzero__": 0,
            "__index__": 0,
            "__unicode__": 0,
        }.get(special, 1)
        parameters = "".join(f", q{number}" for number in range(count))
        body += [
            f"    def {special}(self{parameters}):",
            "        if tick(): raise Own('ended')",
            "        "
            + writer.choose("return", "return", "return", "raise")
            + " "
            + writer.choose(
                "1",
                "True",
                "-1",
                "10L",
                'u"t"',
                "NotImplemented",
                'AttributeError("no")',
                "self.label",
                "sys.maxint + 1",
                "None",
            ),
        ]
        if writer.choose(False, True):
            body += [
                f"    @{writer.choose('staticmethod', 'classmethod', 'property', 'twice', 'noted(3)')}",
                "    def made(self=5, *more):",
                "        return more, 'made'",
            ]
        lines += ["try:"]
        lines += [
            "    " + line for line in [f"class {name}({', '.join(bases)}):" if bases else f"class {name}:", *body]
        ]
        lines += ["except Exception as error:", f"    {name} = OldBase", "    print_without_order(error)"]
        names.append(name)
        lines += attempt(f"[base.__name__ for base in {name}.__mro__]")
        lines += [
            "try:",
            "    thing = " + name + "(" + writer.choose("", "", "1", "3, 4", "u'a'", "*[[(1, 2)]]", '**{"x": 1}') + ")",
            "except Exception as error:",
            "    thing = OldBase()",
            "    print type(error).__name__, error",
        ]
        for _ in range(4):
            lines += attempt(
                writer.choose(
                    "thing.who()",
                    "thing.who(1, 2)",
                    "thing.made",
                    "thing.made(1)",
                    f"{name}.made(2)",
                    f"{name}.who()",
                    f"{name}.who(3)",
                    "thing == thing",
                    "thing < 'a'",
                    "3 - thing",
                    "thing[1:2]",
                    "thing[1]",
                    "len(thing)",
                    "bool(thing)",
                    "unicode(thing)",
                    "hash(thing) == 1",
                    "setattr(thing, 'x', 1)",
                    "setattr(thing, 'zz', 1)",
                    "thing.x",
                    "thing.zz",
                    "delattr(thing, 'x')",
                    "[10, 20][thing]",
                    "range(5)[thing:]",
                    "isinstance(thing, K0)",
                    f"issubclass({name}, (OldBase, dict))",
                    "cmp(thing, 'a')",
                    "thing in [1]",
                    f"type({name}).__name__",
                    "thing.__class__.__name__",
                    f"{name}.__bases__",
                    f"sorted(vars({name}))",
                    "vars(thing)",
                    f"{name}.__dict__.get('__slots__')",
                    "thing.even",
                    f"{name}.nothing",
                    "thing.label.real",
                    "thing + 1",
                    "int(thing)",
                    "thing()",
                    f"setattr({name}, '__len__', lambda self: 7) or len(thing)",
                    f"delattr({name}, 'who')",
                    "thing.__class__ is type(thing)",
                    f"setattr(thing, '__class__', {writer.choose(*names)})",
                    f"setattr({name}, '__bases__', ({writer.choose(*names, 'object', 'OldBase')},))",
                    "copy.copy(thing).__class__.__name__",
                    f"super({name}, thing).label",
                    f"super({writer.choose(*names)}, thing).who()",
                )
            )
    return lines


def closures(writer):
    name = writer.choose("free", "count")
    lines = [
        f"def outer({name}, extra={writer.choose('1', '[]', 'None')}):",
        f"    {writer.choose('other = 1', 'other = [free_name for free_name in range(3)]', f'other = {name}', 'pass')}",
        f"    def inner({writer.choose('p', 'p=2', '*p', '(p, q)', 'p, (q, r)=(1, 2)', f'p={name}')}):",
        "        " + writer.choose("pass", "other = 5", "global other; other = 6", f"{name}_2 = {name}"),
        "        return "
        + writer.choose(
            f"[{name}, p]",
            f"lambda: (p, {name})",
            "other",
            f"(lambda other: other + {name})(p)",
            f'[{name} for {name} in "ab"]',
            f"list({name} for x in (1, 2) if {name})",
            "sorted(locals())",
        ),
        "    " + writer.choose("pass", "pass", f"{name} = 9", f"del {name}", "extra = inner"),
        "    return "
        + writer.choose("inner", "[inner]", "(extra, inner)", "{1: inner}[1]", "len(inner.func_closure or ())"),
    ]
    lines = [
        "try:",
        "    exec '''",
        *lines,
        "'''",
        "except SyntaxError as error:",
        "    print error.msg",
        "    def outer(*rest): return rest",
    ]
    for _ in range(3):
        arguments = writer.choose(
            "1",
            "",
            "1, 2",
            "'a', 3",
            "*(4, 5)",
            "**{'free': 1}",
            f"{name}=3",
            "1, extra=2",
            f"1, {name}=2",
            "*[1], **{'extra': 2}",
            "*5",
            "**5",
            "1, *(2,), **{'zz': 1}",
            "**{1: 2}",
            "*(1, 2, 3, 4)",
        )
        call = writer.choose(
            "(3)", "((1, 2))", "()", "(1, 2, 3)", "(*[4])", "(**{'p': 1})", "(p=1)", "[0]", "[1](2)", "(1)()", ""
        )
        lines += attempt(f"outer({arguments}){call}")
    return lines


def generators(writer):
    steps = []
    for number in range(writer.choose(1, 2, 3)):
        value = writer.choose(str(number), "got", "(yield 5)", "len(got)", "1 / 0", "[(yield x) for x in (6, 7)]")
        steps += writer.choose(
            [f"    got = yield {value}", "    print 'got', got"],
            [
                "    try:",
                f"        got = yield {value}",
                "    except "
                + writer.choose("ValueError", "GeneratorExit", "Exception", "(KeyError, StopIteration)")
                + " as error:",
                "        print 'caught', type(error).__name__, error",
                f"        {writer.choose('pass', 'raise', 'yield 8', 'return', 'raise KeyError(2)', 'got = 4')}",
            ],
            [
                "    try:",
                f"        yield {value}",
                "    finally:",
                f"        print 'finally'; {writer.choose('pass', 'return', 'yield 9', 'got = 3')}",
            ],
            [
                "    for got in " + writer.choose("range(2)", '"ab"', "()") + ":",
                f"        yield {value}",
                f"        {writer.choose('pass', 'break', 'continue', 'if got: return')}",
            ],
            ["    with Manager(got) as got:", f"        yield {value}"],
        )
    lines = [
        "def machine(limit=2):",
        "    if tick() or limit < 0: return",
        "    got = " + writer.choose("0", "'start'", "[]", "limit"),
        *steps,
        "made = machine()",
    ]
    for _ in range(writer.choose(3, 4, 6)):
        lines += attempt(
            writer.choose(
                "next(made)",
                "next(made)",
                "made.next()",
                "made.send(None)",
                "made.send(3)",
                "made.send('s')",
                "made.throw(ValueError)",
                "made.throw(ValueError, 'text')",
                "made.throw(KeyError(1))",
                "made.throw(StopIteration)",
                "made.throw(GeneratorExit)",
                "made.throw(3)",
                "made.throw(ValueError(2), 3)",
                "made.close()",
                "list(made)",
                "sum(made)",
                "made.gi_frame is None",
                "made.gi_running",
                "next(made, 'default')",
                "dict(made)",
                "max(made)",
                "'x'.join(made)",
            )
        )
    # One that is never finished would print when the collector finds it, and that is no fixed time.
    return [*lines, *["attempt(made.close)"] * 5, "del made"]


def control_flow(writer):
    def inside():
        return writer.choose(
            "pass",
            "continue",
            "break",
            "return 'r%d' % i",
            "1 / 0",
            "raise KeyError(i)",
            "if i: continue",
            "if i: break",
            "if i > 1: return i",
            "out.append(i)",
            "raise",
            "del i",
            "i += 1",
        )

    loop = writer.choose(
        "for i in range(3):",
        "while not tick():",
        "for i in iter([1, 2]):",
        "for i, out[len(out):] in [(1, 'a'), (2, 'b')]:",
    )
    lines = ["def flow():", "    i = 0", "    out = []", f"    {loop}"]
    kind = writer.choose("finally", "except", "both", "with", "nested", "else")
    if kind == "with":
        lines += [
            f"        with Manager({writer.choose('1', '2', 'i')}) as "
            + writer.choose("w", "i", "(v, w)", "out[0]")
            + ", Manager(out):",
            f"            {inside()}",
            f"            {inside()}",
        ]
    else:
        lines += [
            "        try:",
            f"            {inside().replace('continue', 'pass') if kind == 'none' else inside()}",
            f"            {inside()}",
        ]
        if kind == "nested":
            lines += [
                "            try:",
                f"                {inside()}",
                "            finally:",
                f"                {inside().replace('continue', 'pass')}",
            ]
        if kind in ("except", "both", "else"):
            lines += [
                "        except "
                + writer.choose("Exception", "KeyError", "ZeroDivisionError, e", "(KeyError, TypeError), e", "Own")
                + ":",
                f"            {inside()}",
            ]
        if kind == "else":
            lines += ["        else:", f"            {inside()}"]
        if kind != "except" and kind != "else":
            lines += [
                "        finally:",
                f"            print 'finally', i; {inside().replace('continue', 'pass')}"
                if writer.choose(True, False)
                else "            out.append('f')",
            ]
    lines += [
        f"        {inside()}",
        "    else:",
        f"        {inside().replace('continue', 'pass').replace('break', 'pass')}",
        f"    {writer.choose('print sys.exc_info()[0]', 'pass')}",
        "    return out, i",
    ]
    return [
        "try:",
        "    exec '''",
        *lines,
        "'''",
        "except SyntaxError as error:",
        "    print error.msg, error.lineno",
        "    def flow(): return 0",
        *attempt("flow()"),
        "sys.exc_clear()",
    ]


def statements(writer):
    """exec, eval, print, global, del, star imports and unpacking."""
    text = writer.choose(
        "x = 1",
        "x = = 1",
        "print 1,",
        "return 1",
        "yield 2",
        "def f(a, a): pass",
        "from tiny import *",
        "del x",
        "x += 1",
        "for x in 3: pass",
        "break",
        "None = 1",
        "f() = 1",
        "lambda: (yield)",
        "import tiny as t",
        "global x; x = 2",
        "a, b = 1",
        "a, b = 'pq'",
        "(a, b), c = [1, 2], 3",
        "if 1:\\n  x = 3\\n y = 4",
        "exec 'x = 5'",
        "assert 0, 'no'",
        "raise 'text'",
        "raise Own, 1",
        "print >>None, 1",
        "print >>3, 4",
        "print >>Sink(), 'to', 5,",
        "with 3: pass",
        "class A: x = B",
        "from tiny import missing",
        "import tiny.sub",
        "x = `1L`",
        "x = 0777 + 0o17 + 0b11",
        "x = 08",
        "x <> 1",
        "'''",
        "u'\\\\N{EURO SIGN}'",
        "ur'\\\\u1234'",
        "[x for x in (1, 2)]; print x",
        "{k: v for k, v in [(1, 2)]}; k",
        "{s for s in 'aa'}",
        "f(**{}, *())",
        "f(a=1, 2)",
        "f(a=1, a=2)",
        "def g(a=1, b): pass",
        "continue",
        "x = 1 if 2",
        "@3\\ndef f(): pass",
        "try: pass",
        "else: pass",
        "from __future__ import division; x = 1 / 2",
        "from __future__ import nothing",
        "del ()",
        "del f()",
        "(x for x in 1)",
        "x.y.z = 1",
        "x[1][2] = 3",
        "\\tx = 1",
        "x = (1,",
        "x = 1)",
        "x ='a",
        "print",
        "print (), []",
        "import sys, nothing_here",
        "a = b = c = []; a += [1]; print b",
    )
    namespace = writer.choose(
        "in {}", "in {'x': 7}", "in {}, {'x': 8}", "", "in 3", "in None", "in {'__builtins__': {}}"
    )
    return [
        "try:",
        f"    exec '''{text}''' {namespace}" if "'''" not in text else f'    exec "{text}" {namespace}',
        "except SyntaxError as error:",
        "    print type(error).__name__, error.msg, error.lineno, error.offset, repr(error.text)",
        "except Exception as error:",
        "    print type(error).__name__, error",
        "def local():",
        f"    {writer.choose('x = 1', 'global x; x = 2', 'pass')}",
        "    " + (writer.choose("del x", 'exec "x = 3"', "pass", "for x in (): pass", 'x = eval("x")') if True else ""),
        "    return " + writer.choose("x", "locals()", 'eval("x")', "dir()"),
        *attempt("local()"),
        *attempt(
            "eval("
            + writer.choose(
                "'1 +'",
                "' 1'",
                "'x'",
                "'lambda: 3'",
                "'(1, 2)[1:]'",
                "'[i for i in range(3)]'",
                "'a = 1'",
                "u'u\"\\xe9\"'",
                "''",
                "'1\\n'",
                "compile('2', 'n', 'eval')",
                "compile('y = 2', 'n', 'exec')",
                "3",
                "'\\0'",
            )
            + ", "
            + writer.choose("{'x': 1}", "{}", "{}, {'x': 2}", "3", "{}, 4")
            + ")"
        ),
    ]


FEATURES = [slices, number_formats, classes, closures, generators, control_flow, statements]

PROLOGUE = """\
import array, binascii, bisect, cPickle, cStringIO, collections, copy, datetime, decimal, fractions, functools
import hashlib, heapq
import imp, itertools, json, marshal, math, operator, pickle, re, string, struct, textwrap, unicodedata
sys.modules["tiny"] = imp.new_module("tiny")
exec "first = 1; _second = 2; third = [3]" in sys.modules["tiny"].__dict__
class OldBase:
    label = "old"
    def who(self, *rest): return ["OldBase", rest]
class Mixin(object):
    def who(self, *rest): return ["Mixin"]
class Meta(type):
    def __new__(meta, name, bases, body):
        body["added"] = len(bases)
        return type.__new__(meta, name, bases, body)
    def __len__(cls): return 3
class Sink(object):
    softspace = 0
    def write(self, text): print "sink", repr(text)
def make_class(name, bases, body):
    print "making", name
    return type(name, bases or (object,), body)
def twice(function): return lambda *rest: (function(*rest), function(*rest))
def noted(note): return lambda function: (note, function.__name__)
def rotated(items, steps):
    items = collections.deque(items, 3)
    items.rotate(steps)
    return items
def print_without_order(error):
    # Bases that cannot be ordered are named in the order of their addresses.
    print type(error).__name__, str(error).partition(" (MRO) for bases")[0]
def attempt(function):
    try:
        show(function())
    except BaseException as error:
        if "(MRO)" in str(error): print_without_order(error)
        else: print type(error).__name__, plain(error), error
"""
