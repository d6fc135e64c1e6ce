"""Python 2.7: print the AST of each file named on the command line, one canonical text a line."""
from __future__ import print_function  # noqa: UP010 - run by Python 2.7

import ast
import sys


def value(x):
    if x is None:
        return "None"
    if isinstance(x, bool):
        return "b%d" % x
    if isinstance(x, (int, long)):  # noqa: F821 - Python 2.7
        return "%s%d" % ("l" if isinstance(x, long) else "i", x)  # noqa: F821 - Python 2.7
    if isinstance(x, float):
        return "f" + x.hex()
    if isinstance(x, complex):
        return "c%s,%s" % (x.real.hex(), x.imag.hex())
    if isinstance(x, unicode):  # noqa: F821 - Python 2.7
        return "u" + "".join(c if " " <= c < "\x7f" else "\\%x;" % ord(c) for c in x)
    if isinstance(x, str):
        return "s" + "".join(c if " " <= c < "\x7f" else "\\%x;" % ord(c) for c in x)
    if isinstance(x, list):
        return "[" + " ".join(value(item) for item in x) + "]"
    parts = [type(x).__name__]
    parts.extend(value(getattr(x, name)) for name in x._fields)
    parts.extend(value(getattr(x, name)) for name in x._attributes)
    return "(" + " ".join(parts) + ")"


if __name__ == "__main__":
    for filename in sys.argv[1:]:
        try:
            with open(filename) as source:
                print(value(compile(source.read(), filename, "exec", ast.PyCF_ONLY_AST, True)))
        except SyntaxError as error:
            print("SyntaxError", error.msg, error.lineno)
        except Exception as error:
            print(type(error).__name__, error)
