"""What the compiler produces."""

from ouro.interp_py27.parser import Constant

CO_OPTIMIZED = 0x1
CO_NEWLOCALS = 0x2
CO_VARARGS = 0x4
CO_VARKEYWORDS = 0x8
CO_NESTED = 0x10
CO_GENERATOR = 0x20
CO_NOFREE = 0x40


class CodeUnit:
    """One code object, independent of any object space.

    `code` and `lnotab` are strings of bytes in CPython 2.7's layout; `consts` is a list of `Constant`, the
    names are lists of `str`.  `argcount` counts positional parameters; with `CO_VARARGS` and `CO_VARKEYWORDS`
    one more entry of `varnames` each follows them.  `nlocals` is `len(varnames)`.
    """

    def __init__(self, argcount, nlocals, stacksize, flags, code, consts, names, varnames, freevars, cellvars,
                 filename, name, firstlineno, lnotab):
        self.argcount = argcount
        self.nlocals = nlocals
        self.stacksize = stacksize
        self.flags = flags
        self.code = code
        self.consts = consts
        self.names = names
        self.varnames = varnames
        self.freevars = freevars
        self.cellvars = cellvars
        self.filename = filename
        self.name = name
        self.firstlineno = firstlineno
        self.lnotab = lnotab

    def same_code(self, other):
        """Equality of code objects as CPython 2.7 defines it: all but stack size, file name and line
        table."""
        if not (self.name == other.name and self.argcount == other.argcount and self.nlocals == other.nlocals
                and self.flags == other.flags and self.firstlineno == other.firstlineno and self.code == other.code
                and len(self.consts) == len(other.consts)):
            return False
        for i in range(len(self.consts)):
            if not self.consts[i].same_constant(other.consts[i]):
                return False
        return (_same_names(self.names, other.names) and _same_names(self.varnames, other.varnames)
                and _same_names(self.freevars, other.freevars) and _same_names(self.cellvars, other.cellvars))


def _same_names(first, second):
    if len(first) != len(second):
        return False
    for i in range(len(first)):
        if first[i] != second[i]:
            return False
    return True


class ConstCode(Constant):
    """A nested code object; `unit` is its `CodeUnit`."""

    def __init__(self, unit):
        self.unit = unit

    def same_constant(self, other):
        return isinstance(other, ConstCode) and (other.unit is self.unit or self.unit.same_code(other.unit))

    def hash_key(self):
        return "C%s:%d" % (self.unit.name, self.unit.firstlineno)

    def kind_name(self):
        return "code"
