"""Parts of generated programs, one language or library feature each, for `python27_generator`.

Every part is a function that takes the writer of a program and returns lines of source at the top level. What they
print is determined by the language: no addresses, no order of dictionaries or sets with more than one item. Expressions
run through the `attempt` of the prologue, which prints the value or the exception.
"""

INTEGERS = [
    *[
        "0",
        "1",
        "-1",
        "2",
        "3",
        "-7",
        "10",
        "255",
        "True",
        "0L",
        "-1L",
        "sys.maxint",
        "-sys.maxint - 1",
        "sys.maxint + 1",
    ],
    *[
        "2**31",
        "-2**31",
        "2**32 - 1",
        "2**62",
        "-2**63",
        "2**64",
        "10**18",
        "10**19",
        "-10**30",
        "3**50",
        "12345678901234567L",
    ],
]
FLOATS = [
    *[
        "0.0",
        "-0.0",
        "0.5",
        "1.5",
        "-2.5",
        "1e16",
        "1e-5",
        "123456.789",
        "1e300",
        "1e22",
        "1e23",
        "5e-324",
        "0.1",
        "2.675",
    ],
    *[
        "float('inf')",
        "-float('inf')",
        "float('nan')",
        "1.7976931348623157e308",
        "4503599627370496.5",
        "1e100",
        "-1e-7",
    ],
]
STRINGS = [
    *[
        "''",
        "'a'",
        "'abc'",
        "'aXbXc'",
        "'  pad\\t\\n'",
        "'12'",
        "'-3.5e2'",
        "'0x1f'",
        "'%s'",
        "'\\xe9\\xff'",
        "'a\\0b'",
    ],
    *["'ababab'", "'Title Case'", "'x\\ny\\r\\nz'", "'1_000'", "' 7L '", "'zZ9'", "'a' * 70"],
    *[
        "u''",
        "u'a'",
        "u'\\xe9'",
        "u'abc\\u1234'",
        "u'\\U0001f600x'",
        "u'aXbXc'",
        "u' \\u2003pad\\x85'",
        "u'\\u01c5\\xdf'",
        "u'\\u0663'",
    ],
]
OTHERS = [
    "None",
    "()",
    "[]",
    "{}",
    "(1, 2)",
    "[3, 1, 2]",
    "{1: 2}",
    "1j",
    "object",
    "len",
    "xrange(3)",
    "bytearray('abc')",
]
SMALL = ["0", "1", "2", "-1", "-2", "3", "5", "-100", "100", "None", "2L", "sys.maxint", "-sys.maxint - 1"]


def any_value(writer, depth=1):
    """An expression of any kind."""
    kind = writer.choose(0, 1, 2, 3, 4)
    if kind == 4 and depth:
        items = ", ".join(any_value(writer, depth - 1) for _ in range(writer.choose(0, 1, 2, 3)))
        return writer.choose("[%s]", "[%s]", "(%s)" if not items or "," in items else "(%s,)") % items
    return writer.choose(*(INTEGERS, FLOATS, STRINGS, OTHERS)[kind % 4])


def attempt(expression):
    return [f"attempt(lambda: {expression})"]


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


def closures(writer):
    name = writer.choose("free", "count")
    lines = [
        f"def outer({name}, extra={writer.choose('1', '[]', 'None')}):",
        f"    {writer.choose('other = 1', 'other = [free_name for free_name in range(3)]', f'other = {name}', 'pass')}",
        f"    def inner({writer.choose('p', 'p=2', '*p', '(p, q)', 'p, (q, r)=(1, 2)', f'p={name}')}):",
        f"        {writer.choose('pass', 'other = 5', 'global other; other = 6', f'{name}_2 = {name}')}",
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
        f"    {writer.choose('pass', f'{name} = 9', f'del {name}', 'extra = inner')}",
        f"    return {writer.choose('inner', '[inner]', '(extra, inner)', 'len(inner.func_closure or ())')}",
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
        "    " + (writer.choose("del x", 'exec "x = 3"', "pass", "for x in (): pass", 'x = eval("x")')),
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


FEATURES = [slices, number_formats, closures, statements]

PROLOGUE = """\
import imp
sys.modules["tiny"] = imp.new_module("tiny")
exec "first = 1; _second = 2; third = [3]" in sys.modules["tiny"].__dict__
class Sink(object):
    softspace = 0
    def write(self, text): print "sink", repr(text)
def attempt(function):
    try:
        show(function())
    except BaseException as error:
        print type(error).__name__, plain(error), error
"""
