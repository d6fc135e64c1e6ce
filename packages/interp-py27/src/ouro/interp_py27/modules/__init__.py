"""Built-in modules: one file or subpackage each. Importing this package describes all of them."""

import importlib

# In the order in which they are described.
MODULES = [
    "builtins",
    "sys",
    "codecs.module",
    "unicodedata",
    "_random",
    "hashing",
    "_struct",
    "cStringIO",
    "binascii",
    "_ast",
    "_locale",
    "posix",
    "pypyjit",
    "zipimport",
    "array",
    "datetime",
    "math",
    "cmath",
    "errno",
    "operator",
    "_io.module",
    "_json",
    "_sre.module",
    "signal",
    "thread",
    "_socket.module",
    "fcntl",
    "grp",
    "pwd",
    "readline",
    "resource",
    "select",
    "time",
    "itertools",
    "_functools",
    "_collections",
    "_bisect",
    "_heapq",
    "marshal",
    "mmap",
    "imp",
    "gc",
    "_weakref",
    "_warnings",
    "cPickle",
    "xxsubtype",
]


def load_all():
    """Import every module of `MODULES`; called once, after the object space is complete."""
    for name in MODULES:
        importlib.import_module("ouro.interp_py27.modules." + name)
