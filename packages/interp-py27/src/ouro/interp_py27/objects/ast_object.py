"""Syntax trees at application level: the types of ``_ast``, and conversion in both directions.

Types and converters are made from the table of the parser, `SUMS`, so that neither can leave a node out. The
types themselves are ordinary application classes over `AST`; `make_types`, called once the object space is
complete, makes them.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.complex_object import W_Complex
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.tuple_object import W_Tuple
from ouro.interp_py27.parser import (
    SUMS,
    Constant,
    ConstBytes,
    ConstComplex,
    ConstFloat,
    ConstInt,
    ConstLong,
    ConstUnicode,
    SyntaxProblem,
    is_enumeration,
    is_product,
    nodes,
    parse_source,
)
from ouro.interp_py27.vm.errors import type_error, value_error
from ouro.interp_py27.vm.typedef import define_type
from ouro.rlib.objectmodel import not_rpython
from ouro.rlib.source import execute_source

ONLY_AST = 0x400


class W_AST(W_Root):
    """A node of a syntax tree."""

    _attrs_ = ()


W_ASTUser = make_user_class(W_AST)


class ConstantObject(Constant):
    """Any other object as a constant of a tree made by a program."""

    def __init__(self, w_value):
        self.w_value = w_value

    def is_true(self):
        return space.is_true(self.w_value)


def ast_new(w_subtype, __args__):
    if w_subtype is W_AST.w_builtin_type:
        return W_AST()
    space.check_subtype(w_subtype, W_AST.w_builtin_type)
    return new_node(w_subtype)


def new_node(w_type):
    w_node = W_ASTUser()
    space.init_user(w_node, w_type)
    return w_node


def ast_init(self, __args__):
    args_w = __args__.args_w
    if len(args_w) > 0:
        fields_w = space.unpack_list(space.getattr_str(self, "_fields"))
        count = len(fields_w)
        if len(args_w) != count:
            raise type_error("%s constructor takes %s%d positional argument%s" % (
                self.getclass().name, "" if count == 0 else "either 0 or ", count, "" if count == 1 else "s"))
        for i in range(count):
            space.setattr(self, fields_w[i], args_w[i])
    keywords = __args__.keywords
    if keywords is not None:
        for i in range(len(keywords)):
            space.setattr_str(self, keywords[i], __args__.keywords_w[i])


def ast_reduce(self):
    w_dict = space.findattr(self, "__dict__")
    parts_w = [space.getattr_str(self, "__class__"), space.newtuple([])]
    if w_dict is not None:
        parts_w.append(w_dict)
    return space.newtuple(parts_w)


define_type(W_AST, "AST", {
    "__new__": ast_new, "__init__": ast_init, "__reduce__": ast_reduce,
    "_fields": W_Tuple([]), "_attributes": W_Tuple([]),
}, module="_ast", user_class=W_ASTUser)


# Types

# Constructors that are nodes, in the order of the table; a converter knows a type by its place here.
_NODE_ROWS = [(sum_type, row) for sum_type in SUMS if not is_enumeration(sum_type) for row in sum_type.constructors]
_PLACE = {row.name: place for place, (_, row) in enumerate(_NODE_ROWS)}
_ENUMERATIONS = [sum_type for sum_type in SUMS if is_enumeration(sum_type)]


class Types:
    """The application types: `nodes_w` by place, `members_w` the values of enumerations one after the
    other."""

    def __init__(self):
        self.nodes_w = []
        self.members_w = []
        self.by_name = {}


types = Types()

# Where the members of each enumeration begin in `Types.members_w`.
_FIRST_MEMBER = {}
_count = 0
for _sum in _ENUMERATIONS:
    _FIRST_MEMBER[_sum.name] = _count
    _count += len(_sum.constructors)


@not_rpython
def make_types():
    """Make the types of the table; returns them by name."""
    w_ast = W_AST.w_builtin_type
    types.by_name["AST"] = w_ast
    for sum_type in SUMS:
        attributes = [field.name for field in sum_type.attributes]
        w_base = w_ast
        if not is_product(sum_type):
            w_base = _make_type(sum_type.name, w_ast, [], attributes)
        for row in sum_type.constructors:
            own_attributes = attributes if is_product(sum_type) else None
            w_type = _make_type(row.name, w_base, [field.name for field in row.fields], own_attributes)
            if is_enumeration(sum_type):
                types.members_w.append(new_node(w_type))
            else:
                types.nodes_w.append(w_type)
    return types.by_name


@not_rpython
def _make_type(name, w_base, fields, attributes):
    w_namespace = space.newdict()
    entries = {"__module__": space.newstr("_ast"),
               "_fields": space.newtuple([space.newstr(field) for field in fields])}
    if attributes is not None:
        entries["_attributes"] = space.newtuple([space.newstr(attribute) for attribute in attributes])
    for key, w_value in entries.items():
        w_namespace.setitem(space.newstr(key), w_value)
    w_type = space.w_type.call_3(space.newstr(name), space.newtuple([w_base]), w_namespace)
    types.by_name[name] = w_type
    return w_type


# From nodes to objects


class ToObjects(nodes.Visitor):
    """Makes the application object of a node: `convert(node)`. The methods are made below."""

    def __init__(self):
        self.w_result = None

    def convert(self, node):
        node.accept(self)
        return self.w_result

    def convert_or_none(self, node):
        if node is None:
            return space.w_None
        node.accept(self)
        return self.w_result


def optional_name(name):
    return space.newtext_or_none(name)


def constant(value):
    if isinstance(value, ConstantObject):
        return value.w_value
    return space.constant_object(value)


_TO_OBJECT = {"identifier": "space.newstr(%s)", "string": "constant(%s)", "object": "constant(%s)",
              "int": "space.newint(%s)", "bool": "space.newbool(%s)"}


def _to_object(field, value):
    """The text of an expression that converts one value of the field's type."""
    if field.type in _FIRST_MEMBER:
        return "types.members_w[%s + %d]" % (value, _FIRST_MEMBER[field.type] - 1)
    if field.type == "identifier" and field.optional:
        return "optional_name(%s)" % value
    if field.type in _TO_OBJECT:
        return _TO_OBJECT[field.type] % value
    return "self.convert_or_none(%s)" % value if field.optional else "self.convert(%s)" % value


def _visitor_text(sum_type, row):
    lines = ["def visit_%s(self, node):" % row.name, "    w_node = new_node(types.nodes_w[%d])" % _PLACE[row.name]]
    for field in row.fields + sum_type.attributes:
        if field.sequence:
            lines += ["    items_w = []", "    for item in node.%s:" % field.name,
                      "        items_w.append(%s)" % _to_object(field, "item"),
                      "    w_node.setdictvalue('%s', space.newlist(items_w))" % field.name]
        else:
            lines.append("    w_node.setdictvalue('%s', %s)" % (field.name, _to_object(field, "node." + field.name)))
    lines.append("    self.w_result = w_node")
    return "\n".join(lines) + "\n"


# From objects to nodes


def _field(w_node, name, what):
    w_value = space.findattr(w_node, name)
    if w_value is None:
        raise type_error("required field \"%s\" missing from %s" % (name, what))
    return w_value


def _optional_field(w_node, name):
    """The value of an optional field, None for the application's None too."""
    w_value = space.findattr(w_node, name)
    if w_value is None or space.is_none(w_value):
        return None
    return w_value


def _list_field(w_node, name, what):
    w_value = _field(w_node, name, what)
    if not space.is_list(w_value):
        raise type_error("%s field \"%s\" must be a list, not a %s" % (what, name, space.type_name(w_value)))
    return space.unpack_list(w_value)


def _refuse_none(w_node, what):
    if space.is_none(w_node):
        raise value_error("None is no %s" % what)


def _refuse_empty(length, name, what):
    if length == 0:
        raise value_error("empty %s on %s" % (name, what))


def _refuse_unequal(first, second, what):
    if first != second:
        raise value_error("lists of different lengths in %s" % what)


def _unexpected(w_node, what):
    return type_error("expected some sort of %s, but got %s" % (what, space.repr_text(w_node)))


def _place(w_node, first, last):
    """Which of the types from `first` to before `last` the object is of, or -1."""
    for place in range(first, last):
        if space.isinstance_w(w_node, types.nodes_w[place]):
            return place
    return -1


def _member(w_value, first, last, what):
    """The number, from 1, of a member of an enumeration."""
    for place in range(first, last):
        if space.isinstance_w(w_value, types.members_w[place].getclass()):
            return place - first + 1
    raise _unexpected(w_value, what)


def _identifier(w_value):
    if not space.is_str(w_value):
        raise type_error("AST identifier must be of type str")
    return space.text_w(w_value)


def _integer(w_value):
    if not space.is_int(w_value) and not space.is_long(w_value):
        raise value_error("invalid integer value: " + space.repr_text(w_value))
    return space.int_w(w_value)


def _boolean(w_value):
    if not space.is_bool(w_value):
        raise value_error("invalid boolean value: " + space.repr_text(w_value))
    return space.is_true(w_value)


def _string(w_value):
    if space.is_str(w_value):
        return ConstBytes(space.bytes_w(w_value))
    if space.is_unicode(w_value):
        return ConstUnicode(space.utf8_w(w_value))
    raise type_error("AST string must be of type str or unicode")


def _object(w_value):
    w_type = w_value.getclass()
    if w_type is space.w_int:
        return ConstInt(space.int_w(w_value))
    if w_type is space.w_long:
        return ConstLong(space.bigint_w(w_value))
    if w_type is space.w_float:
        return ConstFloat(space.float_w(w_value))
    if isinstance(w_value, W_Complex):
        return ConstComplex(w_value.real, w_value.imaginary)
    # A table of constants needs hashable ones.
    space.hash_int(w_value)
    return ConstantObject(w_value)


class FromObjects:
    """Makes nodes of application objects; one method for each sum type and constructor, made below."""


_FROM_OBJECT = {"identifier": "_identifier(%s)", "string": "_string(%s)", "object": "_object(%s)",
                "int": "_integer(%s)", "bool": "_boolean(%s)"}


def _from_object(field, value):
    if field.type in _FIRST_MEMBER:
        first = _FIRST_MEMBER[field.type]
        count = next(len(sum_type.constructors) for sum_type in _ENUMERATIONS if sum_type.name == field.type)
        return "_member(%s, %d, %d, '%s')" % (value, first, first + count, field.type)
    if field.type in _FROM_OBJECT:
        return _FROM_OBJECT[field.type] % value
    return "self.from_%s(%s)" % (field.type, value)


# Lists that may not be empty, and pairs of lists of one length: the compiler relies on it.
_NOT_EMPTY = {("BoolOp", "values"), ("ImportFrom", "names"), ("Compare", "ops"), ("ListComp", "generators"),
              ("SetComp", "generators"), ("DictComp", "generators"), ("GeneratorExp", "generators")}
_EQUAL_LENGTHS = {"Dict": ("keys", "values"), "Compare": ("ops", "comparators")}


def _maker_text(sum_type, row):
    attributes = [field.name for field in sum_type.attributes]
    lines = ["def make_%s(self, %s):" % (row.name, ", ".join(["w_node"] + attributes))]
    for field in row.fields:
        if field.sequence:
            lines += ["    %s = []" % field.name,
                      "    for w_item in _list_field(w_node, '%s', '%s'):" % (field.name, row.name),
                      "        %s.append(%s)" % (field.name, _from_object(field, "w_item"))]
            if (row.name, field.name) in _NOT_EMPTY:
                lines.append("    _refuse_empty(len(%s), '%s', '%s')" % (field.name, field.name, row.name))
        elif field.optional:
            default = "0" if field.type == "int" else "None"
            lines += ["    w_value = _optional_field(w_node, '%s')" % field.name, "    %s = %s" % (field.name, default),
                      "    if w_value is not None:",
                      "        %s = %s" % (field.name, _from_object(field, "w_value"))]
        else:
            value = "_field(w_node, '%s', '%s')" % (field.name, row.name)
            lines.append("    %s = %s" % (field.name, _from_object(field, value)))
    if row.name in _EQUAL_LENGTHS:
        lines.append("    _refuse_unequal(len(%s), len(%s), '%s')" % (_EQUAL_LENGTHS[row.name] + (row.name,)))
    lines.append("    return nodes.%s(%s)" % (
        row.name, ", ".join([field.name for field in row.fields] + attributes)))
    return "\n".join(lines) + "\n"


def _chooser_text(sum_type):
    """The method that finds the constructor by the object's type."""
    name = sum_type.name
    places = [_PLACE[row.name] for row in sum_type.constructors]
    lines = ["def from_%s(self, w_node):" % name, "    _refuse_none(w_node, '%s')" % name]
    attributes = [field.name for field in sum_type.attributes]
    for attribute in attributes:
        lines.append("    %s = _integer(_field(w_node, '%s', '%s'))" % (attribute, attribute, name))
    lines.append("    place = _place(w_node, %d, %d)" % (min(places), max(places) + 1))
    for row in sum_type.constructors:
        lines += ["    if place == %d:" % _PLACE[row.name],
                  "        return self.make_%s(%s)" % (row.name, ", ".join(["w_node"] + attributes))]
    lines.append("    raise _unexpected(w_node, '%s')" % name)
    return "\n".join(lines) + "\n"


@not_rpython
def _add_methods():
    namespace = dict(globals())
    for sum_type, row in _NODE_ROWS:
        execute_source(_visitor_text(sum_type, row), namespace, "conversion of " + row.name)
        setattr(ToObjects, "visit_" + row.name, namespace["visit_" + row.name])
        execute_source(_maker_text(sum_type, row), namespace, "conversion to " + row.name)
        setattr(FromObjects, "make_" + row.name, namespace["make_" + row.name])
    for sum_type in SUMS:
        if not is_enumeration(sum_type):
            execute_source(_chooser_text(sum_type), namespace, "conversion to " + sum_type.name)
            setattr(FromObjects, "from_" + sum_type.name, namespace["from_" + sum_type.name])


_add_methods()


# What compile() needs


def is_ast(w_object):
    return isinstance(w_object, W_AST)


_MODES = {"exec": "Module", "eval": "Expression", "single": "Interactive"}


def compile_application_tree(w_tree, filename, mode, flags):
    """Compile an ``_ast`` tree; with ONLY_AST among the flags it is returned as it is."""
    if flags & ONLY_AST:
        return w_tree
    wanted = _MODES[mode]
    if not space.isinstance_w(w_tree, types.nodes_w[_PLACE[wanted]]):
        raise type_error("expected %s node, got %s" % (wanted, space.type_name(w_tree)))
    return space.compile_tree(FromObjects().from_mod(w_tree), filename, flags)


def parse_to_application_tree(text, filename, mode, flags):
    """The ``_ast`` tree of a source text."""
    try:
        tree = parse_source(text, filename, mode, flags, space.compiler_callbacks())
    except SyntaxProblem as problem:
        raise space.syntax_error(problem) from None
    return ToObjects().convert(tree)
