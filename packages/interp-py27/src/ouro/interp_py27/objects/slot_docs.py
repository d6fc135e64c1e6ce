"""The documentation of special methods of built-in types: by name alone, as in CPython."""

_BINARY = {
    "add": "+", "sub": "-", "mul": "*", "div": "/", "truediv": "/", "floordiv": "//", "mod": "%", "lshift": "<<",
    "rshift": ">>", "and": "&", "or": "|", "xor": "^",
}  # fmt: skip
_COMPARISONS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_UNARY = {"neg": "-x", "pos": "+x", "invert": "~x", "nonzero": "x != 0"}
_FUNCTIONS = "abs float hash hex int iter len long oct repr str".split()
_NO_NEGATIVE_INDICES = "\n           \n           Use%sof negative indices is not supported."

SLOT_DOCS = {
    "__call__": "x.__call__(...) <==> x(...)",
    "__cmp__": "x.__cmp__(y) <==> cmp(x,y)",
    "__coerce__": "x.__coerce__(y) <==> coerce(x, y)",
    "__contains__": "x.__contains__(y) <==> y in x",
    "__delattr__": "x.__delattr__('name') <==> del x.name",
    "__delete__": "descr.__delete__(obj)",
    "__delitem__": "x.__delitem__(y) <==> del x[y]",
    "__delslice__": "x.__delslice__(i, j) <==> del x[i:j]" + _NO_NEGATIVE_INDICES % " ",
    "__divmod__": "x.__divmod__(y) <==> divmod(x, y)",
    "__get__": "descr.__get__(obj[, type]) -> value",
    "__getattribute__": "x.__getattribute__('name') <==> x.name",
    "__getitem__": "x.__getitem__(y) <==> x[y]",
    "__getslice__": "x.__getslice__(i, j) <==> x[i:j]" + _NO_NEGATIVE_INDICES % " ",
    "__index__": "x[y:z] <==> x[y.__index__():z.__index__()]",
    "__init__": "x.__init__(...) initializes x; see help(type(x)) for signature",
    "__ipow__": "x.__ipow__(y) <==> x**=y",
    "__new__": "T.__new__(S, ...) -> a new object with type S, a subtype of T",
    "__pow__": "x.__pow__(y[, z]) <==> pow(x, y[, z])",
    "__rdivmod__": "x.__rdivmod__(y) <==> divmod(y, x)",
    "__rpow__": "y.__rpow__(x[, z]) <==> pow(x, y[, z])",
    "__set__": "descr.__set__(obj, value)",
    "__setattr__": "x.__setattr__('name', value) <==> x.name = value",
    "__setitem__": "x.__setitem__(i, y) <==> x[i]=y",
    "__setslice__": "x.__setslice__(i, j, y) <==> x[i:j]=y" + _NO_NEGATIVE_INDICES % "  ",
    "next": "x.next() -> the next value, or raise StopIteration",
}
for _name, _symbol in _BINARY.items():
    SLOT_DOCS["__%s__" % _name] = "x.__%s__(y) <==> x%sy" % (_name, _symbol)
    SLOT_DOCS["__r%s__" % _name] = "x.__r%s__(y) <==> y%sx" % (_name, _symbol)
    SLOT_DOCS["__i%s__" % _name] = "x.__i%s__(y) <==> x%s=y" % (_name, _symbol)
for _name, _symbol in _COMPARISONS.items():
    SLOT_DOCS["__%s__" % _name] = "x.__%s__(y) <==> x%sy" % (_name, _symbol)
for _name, _expression in _UNARY.items():
    SLOT_DOCS["__%s__" % _name] = "x.__%s__() <==> %s" % (_name, _expression)
for _name in _FUNCTIONS:
    SLOT_DOCS["__%s__" % _name] = "x.__%s__() <==> %s(x)" % (_name, _name)

#: Where the type is a sequence, and the other operand a number.
SEQUENCE_SLOT_DOCS = {"__mul__": "x.__mul__(n) <==> x*n", "__rmul__": "x.__rmul__(n) <==> n*x"}
