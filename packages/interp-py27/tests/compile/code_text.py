"""The canonical text of our code units, in the form that `reference/dump_code.py` prints CPython's."""

from ast_text import constant_text
from ouro.interp_py27.compiler import ConstCode
from ouro.interp_py27.parser import ConstEllipsis, ConstNone, ConstTuple


def _constant(constant):
    if isinstance(constant, ConstCode):
        return code_text(constant.unit)
    if isinstance(constant, ConstTuple):
        return "(" + " ".join(map(_constant, constant.items)) + ")"
    if isinstance(constant, ConstEllipsis):
        return "..."
    if isinstance(constant, ConstNone):
        return "None"
    return constant_text(constant)


def _hex(text):
    return text.encode("latin-1").hex()


def code_text(unit):
    return "{%s}" % " ".join([
        unit.name, str(unit.argcount), str(unit.nlocals), str(unit.stacksize), hex(unit.flags), _hex(unit.code),
        "[" + " ".join(map(_constant, unit.consts)) + "]", repr(tuple(unit.names)), repr(tuple(unit.varnames)),
        repr(tuple(unit.freevars)), repr(tuple(unit.cellvars)), str(unit.firstlineno), _hex(unit.lnotab)])
