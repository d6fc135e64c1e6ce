"""``__builtins__`` in globals: a module, a dictionary, or nothing that has names."""

import imp
import sys
import types


def attempt(text, namespace):
    try:
        exec text in namespace
    except Exception, error:
        print type(error).__name__, error


class Overriding(dict):
    def __getitem__(self, key):
        return 5


for builtins in (5, None, [], {}, Overriding(), {"len": min, "None": 3}, imp.new_module("empty")):
    for text in ("len", "print None", "import sys", "class A: pass", "def f(): return len\nf()",
                 "import sys", "True", "print [x for x in (1, 2)]"):
        attempt(text, {"__builtins__": builtins})
    print "-"
print eval("1 + 1", {"__builtins__": 5})
namespace = {"__builtins__": 5}
exec "def function(): return len" in namespace
try:
    namespace["function"]()
except NameError, error:
    print error
for namespace in ({}, {"__builtins__": 5}):
    for function in (lambda: len, lambda: None, lambda: __builtins__):
        try:
            print types.FunctionType(function.func_code, namespace)(), sorted(namespace)
        except NameError, error:
            print error
# A frame shares the builtins of a caller with the same globals, whatever becomes of the name.
attempt("def f(): return len\nglobals()['__builtins__'] = 5\nprint f()", {"__name__": "x"})
attempt("def f(): return sum\ndel globals()['__builtins__']\nprint f()([1])", {"__name__": "x"})
# Other builtins than those of the interpreter: no files.
for text in ("open(name)", "file(name)", "import sys; print sys._getframe().f_restricted"):
    attempt(text, {"__builtins__": {"open": open, "file": file, "__import__": __import__}, "name": __file__})
    attempt("from sys import _getframe; print _getframe().f_restricted", {})
print sys._getframe().f_restricted
