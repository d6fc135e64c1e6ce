"""The canonical text of our AST, in the form that `reference/dump_ast.py` prints CPython's."""

from ouro.interp_py27.parser import (
    SUMS,
    ConstBytes,
    ConstComplex,
    ConstFloat,
    ConstInt,
    ConstLong,
    ConstUnicode,
    is_enumeration,
    nodes,
)

_ENUMERATIONS = {sum_type.name: [row.name for row in sum_type.constructors] for sum_type in SUMS
                 if is_enumeration(sum_type)}
_POSITIONED = tuple(getattr(nodes, name) for name in ("stmt", "expr", "excepthandler"))


def _characters(codes):
    return "".join(chr(code) if 32 <= code < 127 else "\\%x;" % code for code in codes)


def constant_text(constant):
    if isinstance(constant, ConstInt):
        return "i%d" % constant.value
    if isinstance(constant, ConstLong):
        return "l" + constant.value.str()
    if isinstance(constant, ConstFloat):
        return "f" + float.hex(constant.value)
    if isinstance(constant, ConstComplex):
        return "c%s,%s" % (float.hex(constant.real), float.hex(constant.imag))
    if isinstance(constant, ConstUnicode):
        return "u" + _characters(map(ord, constant.value.encode("latin-1").decode("utf-8", "surrogatepass")))
    assert isinstance(constant, ConstBytes)
    return "s" + _characters(map(ord, constant.value))


def ast_text(value, type_name="", sequence=False):
    if sequence:
        return "[" + " ".join(ast_text(item, type_name) for item in value) + "]"
    if value is None:
        return "None"
    if type_name in _ENUMERATIONS:
        return "(" + _ENUMERATIONS[type_name][value - 1] + ")"
    if type_name in ("object", "string"):
        return constant_text(value)
    if type_name == "bool":
        return "b%d" % value
    if type_name == "int":
        return "i%d" % value
    if type_name == "identifier":
        return "s" + value
    row = value.table_row
    parts = [row.name]
    parts += [ast_text(getattr(value, field.name), field.type, field.sequence) for field in row.fields]
    if isinstance(value, _POSITIONED):
        parts += ["i%d" % value.lineno, "i%d" % value.col_offset]
    return "(" + " ".join(parts) + ")"
