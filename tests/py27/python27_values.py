"""Expressions for generated programs: values of all kinds, with the numbers and texts where things change."""

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
