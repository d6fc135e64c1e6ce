"""AST node classes, made from the table in `_asdl`.

Every constructor becomes a class of its own name with one attribute per field and, where its sum type has
them, `lineno` (from 1) and `col_offset` (from 0, -1 where a string that began on an earlier line is the first
token). Members of enumerations (`Load`, `Add`, `Eq`, ...) are integers from 1.  `node.accept(visitor)` calls
the method `visit_NAME` of the visitor, which takes the node and returns nothing.
"""

from ouro.rlib.source import execute_source

from ._asdl import SUMS, is_enumeration, is_product


class Node:
    """Base of all nodes."""

    def accept(self, visitor):
        raise NotImplementedError


class Visitor:
    """Base of passes over the AST: one method per node class, each an error until a subclass overrides it."""

    def unexpected(self, node):
        raise AssertionError("no visitor method for this node")


# What messages call an expression that cannot be assigned to.
_TARGET_DESCRIPTIONS = {
    "Lambda": "lambda", "Call": "function call", "BoolOp": "operator", "BinOp": "operator", "UnaryOp": "operator",
    "GeneratorExp": "generator expression", "Yield": "yield expression", "ListComp": "list comprehension",
    "SetComp": "set comprehension", "DictComp": "dict comprehension", "Dict": "literal", "Set": "literal",
    "Num": "literal", "Str": "literal", "Compare": "comparison", "Repr": "repr", "IfExp": "conditional expression",
}


def _class_text(constructor, attributes):
    names = [field.name for field in constructor.fields + attributes]
    lines = ["class %s(_base):" % constructor.name]
    lines.append("    def __init__(%s):" % ", ".join(["self"] + names))
    lines += ["        self.%s = %s" % (name, name) for name in names] or ["        pass"]
    lines.append("    def accept(self, visitor):")
    lines.append("        visitor.visit_%s(self)" % constructor.name)
    return "\n".join(lines) + "\n"


def _unexpected(self, node):
    self.unexpected(node)


def _make_classes():
    namespace = {}
    for sum_type in SUMS:
        if is_enumeration(sum_type):
            for number, constructor in enumerate(sum_type.constructors):
                namespace[constructor.name] = number + 1
            continue
        if is_product(sum_type):
            base = Node
        else:
            base = namespace[sum_type.name] = type(sum_type.name, (Node,), {"__module__": __name__})
            if sum_type.name == "expr":
                base.target_description = ""
        for constructor in sum_type.constructors:
            text = _class_text(constructor, sum_type.attributes)
            made = execute_source(text, {"_base": base, "__name__": __name__}, "AST node " + constructor.name)
            cls = namespace[constructor.name] = made[constructor.name]
            cls.table_row = constructor
            if sum_type.name == "expr":
                cls.target_description = _TARGET_DESCRIPTIONS.get(constructor.name, "")
            setattr(Visitor, "visit_" + constructor.name, _unexpected)
    return namespace


globals().update(_make_classes())
