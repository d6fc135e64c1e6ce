"""The abstract grammar of Python 2.7 as one table.

Node classes (`_nodes`) and the application-level `_ast` module are both made from `SUMS`, so that the two can
never disagree.  A sum type has constructors with typed fields (`?` marks an optional field, `*` a list); one
whose constructors have no fields is an enumeration and is represented by small integers.
"""

from collections import namedtuple

Field = namedtuple("Field", "type name optional sequence")
Constructor = namedtuple("Constructor", "name fields")
Sum = namedtuple("Sum", "name attributes constructors")

_POSITION = "int lineno, int col_offset"


def _fields(text):
    fields = []
    for part in text.split(","):
        if part.strip():
            type_name, name = part.split()
            fields.append(Field(type_name.rstrip("?*"), name, type_name.endswith("?"), type_name.endswith("*")))
    return tuple(fields)


def _sum(name, attributes, *rows):
    constructors = tuple(Constructor(row[0], _fields(row[1])) for row in rows)
    return Sum(name, _fields(attributes), constructors)


def _enumeration(name, members):
    return _sum(name, "", *[(member, "") for member in members.split()])


SUMS = (
    _sum("mod", "",
         ("Module", "stmt* body"),
         ("Interactive", "stmt* body"),
         ("Expression", "expr body"),
         ("Suite", "stmt* body")),
    _sum("stmt", _POSITION,
         ("FunctionDef", "identifier name, arguments args, stmt* body, expr* decorator_list"),
         ("ClassDef", "identifier name, expr* bases, stmt* body, expr* decorator_list"),
         ("Return", "expr? value"),
         ("Delete", "expr* targets"),
         ("Assign", "expr* targets, expr value"),
         ("AugAssign", "expr target, operator op, expr value"),
         ("Print", "expr? dest, expr* values, bool nl"),
         ("For", "expr target, expr iter, stmt* body, stmt* orelse"),
         ("While", "expr test, stmt* body, stmt* orelse"),
         ("If", "expr test, stmt* body, stmt* orelse"),
         ("With", "expr context_expr, expr? optional_vars, stmt* body"),
         ("Raise", "expr? type, expr? inst, expr? tback"),
         ("TryExcept", "stmt* body, excepthandler* handlers, stmt* orelse"),
         ("TryFinally", "stmt* body, stmt* finalbody"),
         ("Assert", "expr test, expr? msg"),
         ("Import", "alias* names"),
         ("ImportFrom", "identifier? module, alias* names, int? level"),
         ("Exec", "expr body, expr? globals, expr? locals"),
         ("Global", "identifier* names"),
         ("Expr", "expr value"),
         ("Pass", ""),
         ("Break", ""),
         ("Continue", "")),
    _sum("expr", _POSITION,
         ("BoolOp", "boolop op, expr* values"),
         ("BinOp", "expr left, operator op, expr right"),
         ("UnaryOp", "unaryop op, expr operand"),
         ("Lambda", "arguments args, expr body"),
         ("IfExp", "expr test, expr body, expr orelse"),
         ("Dict", "expr* keys, expr* values"),
         ("Set", "expr* elts"),
         ("ListComp", "expr elt, comprehension* generators"),
         ("SetComp", "expr elt, comprehension* generators"),
         ("DictComp", "expr key, expr value, comprehension* generators"),
         ("GeneratorExp", "expr elt, comprehension* generators"),
         ("Yield", "expr? value"),
         ("Compare", "expr left, cmpop* ops, expr* comparators"),
         ("Call", "expr func, expr* args, keyword* keywords, expr? starargs, expr? kwargs"),
         ("Repr", "expr value"),
         ("Num", "object n"),
         ("Str", "string s"),
         ("Attribute", "expr value, identifier attr, expr_context ctx"),
         ("Subscript", "expr value, slice slice, expr_context ctx"),
         ("Name", "identifier id, expr_context ctx"),
         ("List", "expr* elts, expr_context ctx"),
         ("Tuple", "expr* elts, expr_context ctx")),
    _enumeration("expr_context", "Load Store Del AugLoad AugStore Param"),
    _sum("slice", "",
         ("Ellipsis", ""),
         ("Slice", "expr? lower, expr? upper, expr? step"),
         ("ExtSlice", "slice* dims"),
         ("Index", "expr value")),
    _enumeration("boolop", "And Or"),
    _enumeration("operator", "Add Sub Mult Div Mod Pow LShift RShift BitOr BitXor BitAnd FloorDiv"),
    _enumeration("unaryop", "Invert Not UAdd USub"),
    _enumeration("cmpop", "Eq NotEq Lt LtE Gt GtE Is IsNot In NotIn"),
    _sum("comprehension", "", ("comprehension", "expr target, expr iter, expr* ifs")),
    _sum("excepthandler", _POSITION, ("ExceptHandler", "expr? type, expr? name, stmt* body")),
    _sum("arguments", "", ("arguments", "expr* args, identifier? vararg, identifier? kwarg, expr* defaults")),
    _sum("keyword", "", ("keyword", "identifier arg, expr value")),
    _sum("alias", "", ("alias", "identifier name, identifier? asname")),
)


def is_enumeration(sum_type):
    """Whether values of `sum_type` are plain integers rather than nodes."""
    return len(sum_type.constructors) > 1 and not any(row.fields for row in sum_type.constructors)


def is_product(sum_type):
    """Whether `sum_type` has the single constructor of its own name (`arguments`, `alias`, ...)."""
    return len(sum_type.constructors) == 1 and sum_type.constructors[0].name == sum_type.name
