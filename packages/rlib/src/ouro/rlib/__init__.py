"""What an RPython author imports: markers and libraries, plain Python on the host.

Each name below is a public module, imported as `from ouro.rlib import jit` or `from ouro.rlib.jit import
promote`. The package imports none of them by itself, so that a small program does not pay for all.
"""

from ouro.rlib._primitive import PRIMITIVES

__all__ = [
    "PRIMITIVES",
    "c_compiler",
    "debug",
    "exports",
    "jit",
    "jit_hooks",
    "listsort",
    "nonconst",
    "objectmodel",
    "rarithmetic",
    "rbigint",
    "rdynload",
    "repoll",
    "rerased",
    "rffi",
    "rfile",
    "rfloat",
    "rgc",
    "rmapping",
    "rmath",
    "rmmap",
    "rpoll",
    "rposix",
    "rposix_system",
    "rreadline",
    "rresource",
    "rsignal",
    "rsocket",
    "rsre",
    "rstring",
    "rstruct",
    "rthread",
    "rtime",
    "rusers",
    "rutf8",
    "rweakref",
    "source",
    "unroll",
]
