"""Python 2.7: print the code of each file named on the command line, one canonical text a line."""
from __future__ import print_function  # noqa: UP010 - run by Python 2.7

import sys
import types

from dump_ast import value


def constant(x):
    if isinstance(x, types.CodeType):
        return code(x)
    if isinstance(x, tuple):
        return "(" + " ".join(constant(item) for item in x) + ")"
    if x is Ellipsis:
        return "..."
    return value(x)


def code(x):
    return "{%s}" % " ".join([
        x.co_name, str(x.co_argcount), str(x.co_nlocals), str(x.co_stacksize), hex(x.co_flags),
        x.co_code.encode("hex"), "[" + " ".join(map(constant, x.co_consts)) + "]", repr(x.co_names),
        repr(x.co_varnames), repr(x.co_freevars), repr(x.co_cellvars), str(x.co_firstlineno),
        x.co_lnotab.encode("hex")])


if __name__ == "__main__":
    for filename in sys.argv[1:]:
        try:
            with open(filename) as source:
                print(code(compile(source.read(), filename, "exec", 0, True)))
        except SyntaxError as error:
            print("SyntaxError", error.msg, error.lineno)
        except Exception as error:
            print(type(error).__name__, error)
