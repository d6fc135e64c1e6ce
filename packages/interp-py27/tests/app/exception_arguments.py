"""Exceptions whose own __init__ stores nothing, what SyntaxErrors with odd fields show, and writing in the middle of print."""

import sys


class Silent(Exception):
    def __init__(self, value):
        pass


class SilentIO(IOError):
    def __init__(self, value):
        self.value = value


class Forwarding(Exception):
    def __init__(self, value):
        Exception.__init__(self, value, 1)


for error in [Silent(3), SilentIO(4), Forwarding(5), Exception(1, 2), IOError(1, 2, 3), KeyError("a"),
              Silent.__new__(Silent, 5), BaseException.__new__(BaseException, 1, 2), KeyError.__new__(KeyError, 1),
              SyntaxError.__new__(SyntaxError, 1), SystemExit.__new__(SystemExit, 1)]:
    print repr(error), error.args, repr(error.message), str(error)


def loud(value):
    sys.stdout.write("written\n")
    return value


print 1, loud(2), 3
print 1,
sys.stdout.writelines(["a\n", "b\n"])
print 2
sys.stderr = sys.stdout
place = SyntaxError("a", ("f", 3, 1, "x"))
del place.text
for error in [SyntaxError("a"), SyntaxError("a", ("f", 1, 2, "txt")), SyntaxError("a", ("f", None, None, None)),
              SyntaxError("a", ("f", 3, None, None)), SyntaxError("a", (None, 3, 1, "x")), SyntaxError("a", (3, 3, 1, "x")),
              SyntaxError("a", ("f", 3, "x", "x")), SyntaxError("a", ("f", 3, 1, 5)), SyntaxError(),
              SyntaxError("a", "b", "c"), place]:
    sys.excepthook(type(error), error, None)

for error in [Exception(1, 2, 3), IOError(1, "a")]:
    for get in [lambda: error[0], lambda: error[0:1], lambda: error[::1], lambda: error["a"], lambda: error[1.5], lambda: error[7L]]:
        try:
            print get()
        except Exception as problem:
            print type(problem).__name__, problem
