"""Characters, strings and bytes."""

from __future__ import annotations

from typing import Any, Callable

from ouro.annotator import annotations as a
from ouro.annotator import implied
from ouro.flowspace import Constant
from ouro.lltype import Bool, Char, Float, Ptr, Signed, Void, nullptr
from ouro.rtyper import _string_helpers as helpers
from ouro.rtyper._context import Operand, OperationContext
from ouro.rtyper._lists import ListRepresentation, sequence_parts, slice_bounds
from ouro.rtyper._numbers import IntegerRepresentation, NumberRepresentation
from ouro.rtyper._pointers import NullableRepresentation
from ouro.rtyper._registry import method
from ouro.rtyper._representation import (
    NoneRepresentation,
    Representation,
    Rule,
    TyperError,
    conversion,
    representation_for,
    rule,
)
from ouro.rtyper._string_helpers import STR, STR_POINTER, prebuilt_string

__all__ = ["BytesRepresentation", "CharRepresentation", "StringRepresentation", "TextRepresentation", "as_text"]


class TextRepresentation(NullableRepresentation):
    """A pointer to STR; null for None."""

    lowleveltype = STR_POINTER
    optional = True
    is_string = True

    def constant(self, value: Any) -> Any:
        if value is None:
            return nullptr(STR)
        return prebuilt_string(value)

    def equality(self) -> Any:
        return helpers.equal

    def hashing(self) -> Any:
        return helpers.hash_string

    def less_than(self) -> Any:
        """The order, for sorting."""
        return helpers.lt


class StringRepresentation(TextRepresentation):
    """A str."""

    def array_of_items(self, context: Any, operand: Operand, ITEMS: Any) -> Any:
        """Emit an array of the characters."""
        value = context.operand_as(operand, self)
        function = helpers.characters_of if ITEMS.ITEM is Char else helpers.strings_of
        return context.helper(function, [value, ITEMS], Ptr(ITEMS))


class BytesRepresentation(TextRepresentation):
    """Bytes: the same structure; items are numbers."""

    def array_of_items(self, context: Any, operand: Operand, ITEMS: Any) -> Any:
        """Emit an array of the numbers."""
        value = context.operand_as(operand, self)
        return context.helper(helpers.numbers_of, [value, ITEMS], Ptr(ITEMS))


class CharRepresentation(Representation):
    """A str of length one."""

    lowleveltype = Char
    is_string = False

    def constant(self, value: Any) -> Any:
        if not (isinstance(value, str) and len(value) == 1 and value <= "\xff"):
            raise TyperError(f"{value!r} is not a character of 8 bits")
        return value

    def equality(self) -> Any:
        return None

    def hashing(self) -> Any:
        return helpers.hash_char

    def array_of_items(self, context: Any, operand: Operand, ITEMS: Any) -> Any:
        """Emit an array of the one character."""
        text = context.operand_as(operand, string_representation(context.typer))
        function = helpers.characters_of if ITEMS.ITEM is Char else helpers.strings_of
        return context.helper(function, [text, ITEMS], Ptr(ITEMS))


@representation_for(a.String)
def _string(typer: Any, annotation: Any) -> Any:
    return "str", lambda: StringRepresentation(typer)


@representation_for(a.Bytes)
def _bytes(typer: Any, annotation: Any) -> Any:
    return "bytes", lambda: BytesRepresentation(typer)


@representation_for(a.Char)
def _char(typer: Any, annotation: Any) -> Any:
    return "char", lambda: CharRepresentation(typer)


def string_representation(typer: Any) -> Representation:
    """The representation of strings."""
    return typer.registered("str", lambda: StringRepresentation(typer))  # type: ignore[no-any-return]


@conversion(CharRepresentation, TextRepresentation)
def _char_to_string(context: Any, value: Any, source: Any, target: Any) -> Any:
    if type(value) is Constant:
        return Constant(prebuilt_string(value.value), STR_POINTER)
    return context.helper(helpers.char_to_string, [value], STR_POINTER)


@conversion(StringRepresentation, CharRepresentation)
def _string_to_char(context: Any, value: Any, source: Any, target: Any) -> Any:
    return context.helper(helpers.char_at, [value, 0], Char)


@conversion(TextRepresentation, TextRepresentation)
def _text_to_text(context: Any, value: Any, source: Any, target: Any) -> Any:
    return value


def as_text(context: OperationContext, index: int) -> Any:
    """An operand that is a string or a character as a string."""
    source = context.representation(index)
    if isinstance(source, CharRepresentation):
        return context.arg(index, string_representation(context.typer))
    return context.arg(index, source)


def is_char(context: OperationContext, index: int) -> bool:
    """Whether an operand is a character."""
    return isinstance(context.representation(index), CharRepresentation)


_EITHER = ((CharRepresentation, TextRepresentation), (TextRepresentation, CharRepresentation),
           (TextRepresentation, TextRepresentation), (CharRepresentation, CharRepresentation))  # fmt: skip


def _rule_on_texts(names: str) -> Callable[[Rule], Rule]:
    def register(function: Rule) -> Rule:
        for first, second in _EITHER:
            rule(names, first, second)(function)
        return function

    return register


# ---- operators


@_rule_on_texts("add inplace_add")
def _add(context: OperationContext) -> Any:
    return context.helper(helpers.concat, [as_text(context, 0), as_text(context, 1)], STR_POINTER)


@rule("mul inplace_mul", CharRepresentation, IntegerRepresentation)
def _repeat_char(context: OperationContext) -> Any:
    return context.helper(helpers.repeat_char, [context.arg(0), context.arg_type(1, Signed)], STR_POINTER)


@rule("mul inplace_mul", TextRepresentation, IntegerRepresentation)
def _repeat(context: OperationContext) -> Any:
    return context.helper(helpers.repeat, [context.arg(0), context.arg_type(1, Signed)], STR_POINTER)


@rule("mul", IntegerRepresentation, TextRepresentation)
@rule("mul", IntegerRepresentation, CharRepresentation)
def _repeat_swapped(context: OperationContext) -> Any:
    return context.helper(helpers.repeat, [as_text(context, 1), context.arg_type(0, Signed)], STR_POINTER)


_ORDER = {"lt": helpers.lt, "le": helpers.le, "gt": helpers.gt, "ge": helpers.ge}


@rule("lt le gt ge eq ne", CharRepresentation, CharRepresentation)
def _compare_chars(context: OperationContext) -> Any:
    return context.fold(f"char_{context.opname}", [context.arg(0), context.arg(1)], Bool)


@rule("lt le gt ge", TextRepresentation, TextRepresentation)
@rule("lt le gt ge", CharRepresentation, TextRepresentation)
@rule("lt le gt ge", TextRepresentation, CharRepresentation)
def _order(context: OperationContext) -> Any:
    return context.helper(_ORDER[context.opname], [as_text(context, 0), as_text(context, 1)], Bool)


@rule("eq ne", TextRepresentation, TextRepresentation)
@rule("eq ne", CharRepresentation, TextRepresentation)
@rule("eq ne", TextRepresentation, CharRepresentation)
def _equal(context: OperationContext) -> Any:
    if is_char(context, 1):
        result = context.helper(helpers.equal_char, [context.arg(0), context.arg(1)], Bool)
    elif is_char(context, 0):
        result = context.helper(helpers.equal_char, [context.arg(1), context.arg(0)], Bool)
    else:
        result = context.helper(helpers.equal, [context.arg(0), context.arg(1)], Bool)
    return result if context.opname == "eq" else context.emit("bool_not", [result], Bool)


@rule("is_", TextRepresentation, TextRepresentation)
def _same(context: OperationContext) -> Any:
    return context.emit("ptr_eq", [context.arg(0), context.arg(1)], Bool)


@rule("bool", TextRepresentation)
def _truth(context: OperationContext) -> Any:
    return context.helper(helpers.truth, [context.arg(0)], Bool)


@rule("bool", CharRepresentation)
def _char_truth(context: OperationContext) -> Any:
    return context.constant(True, Bool)


@rule("len", TextRepresentation)
def _len(context: OperationContext) -> Any:
    return context.emit("getinteriorarraysize", [context.arg(0), "chars"], Signed)


@rule("len", CharRepresentation)
def _char_len(context: OperationContext) -> Any:
    return context.constant(1, Signed)


@rule("getitem", TextRepresentation, IntegerRepresentation)
def _getitem(context: OperationContext) -> Any:
    value, index = context.arg(0), context.arg_type(1, Signed)
    if context.expects(IndexError):
        result = context.helper(helpers.char_at_checked, [value, index], Char)
    elif context.annotation(1).nonneg:
        result = context.emit("getinteriorfield", [value, "chars", index], Char)
    else:
        result = context.helper(helpers.char_at_signed, [value, index], Char)
    if isinstance(context.representation(0), BytesRepresentation):
        return context.emit("cast_char_to_int", [result], Signed)
    return context.convert_result(result, context.typer.primitive(Char))


@rule("getitem", CharRepresentation, IntegerRepresentation)
def _char_getitem(context: OperationContext) -> Any:
    if context.expects(IndexError):
        text = as_text(context, 0)
        return context.helper(helpers.char_at_checked, [text, context.arg_type(1, Signed)], Char)
    return context.arg(0)


@rule("getslice", TextRepresentation)
@rule("getslice", CharRepresentation)
def _getslice(context: OperationContext) -> Any:
    value = as_text(context, 0)
    length = context.emit("getinteriorarraysize", [value, "chars"], Signed)
    start, stop = slice_bounds(context, length)
    return context.helper(helpers.slice_part, [value, start, stop], STR_POINTER)


@rule("contains", TextRepresentation)
@rule("contains", CharRepresentation)
def _contains(context: OperationContext) -> Any:
    value = as_text(context, 0)
    if is_char(context, 1):
        return context.helper(helpers.contains_char, [value, context.arg(1)], Bool)
    if isinstance(context.representation(1), IntegerRepresentation):
        char = context.emit("cast_int_to_char", [context.arg_type(1, Signed)], Char)
        return context.helper(helpers.contains_char, [value, char], Bool)
    return context.helper(helpers.contains, [value, context.arg(1)], Bool)


# ---- methods


def text_method(names: str) -> Callable[[Rule], Rule]:
    """Register a method of strings, bytes and characters."""

    def register(function: Rule) -> Rule:
        method(TextRepresentation, names)(function)
        method(CharRepresentation, names)(function)
        return function

    return register


def method_name(context: OperationContext) -> str:
    """The name of the method that is called."""
    value: Any = context.source.args[0]
    annotation = value.annotation
    if annotation is None:
        annotation = context.typer.annotated.annotation_of_constant(value.value)
    return str(annotation.name)


def _limits(context: OperationContext, value: Any, first: int) -> tuple[Any, Any]:
    """The start and stop arguments of a search."""
    start: Any = context.constant(0, Signed)
    if context.count > first and not isinstance(context.representation(first), NoneRepresentation):
        start = context.arg_type(first, Signed)
    if context.count > first + 1 and not isinstance(context.representation(first + 1), NoneRepresentation):
        return start, context.arg_type(first + 1, Signed)
    return start, context.emit("getinteriorarraysize", [value, "chars"], Signed)


_SEARCHES = {
    ("find", True): helpers.find_char,
    ("find", False): helpers.find,
    ("rfind", True): helpers.rfind_char,
    ("rfind", False): helpers.rfind,
    ("count", True): helpers.count_char,
    ("count", False): helpers.count,
    ("index", True): helpers.index_char,
    ("index", False): helpers.index,
    ("rindex", True): helpers.rindex_char,
    ("rindex", False): helpers.rindex,
}


@text_method("find rfind count index rindex")
def _search(context: OperationContext) -> Any:
    value = as_text(context, 0)
    start, stop = _limits(context, value, 2)
    function = _SEARCHES[method_name(context), is_char(context, 1)]
    return context.helper(function, [value, context.arg(1), start, stop], Signed)


@text_method("startswith endswith")
def _starts(context: OperationContext) -> Any:
    value = as_text(context, 0)
    name = method_name(context)
    unpack = getattr(context.representation(1), "unpack", None)
    if unpack is not None:
        result: Any = None
        for item in unpack(context, context.operands[1]):
            text = context.operand_as(item, string_representation(context.typer))
            function = helpers.starts_with if name == "startswith" else helpers.ends_with
            one = context.helper(function, [value, text], Bool)
            if result is not None:
                as_int = [context.emit("cast_bool_to_int", [part], Signed) for part in (result, one)]
                one = context.emit("int_is_true", [context.emit("int_or", as_int, Signed)], Bool)
            result = one
        return result if result is not None else context.constant(False, Bool)
    if context.count > 2:
        if name == "endswith":
            raise TyperError("endswith with a start is not supported")
        args = [value, as_text(context, 1), context.arg_type(2, Signed)]
        return context.helper(helpers.starts_with_from, args, Bool)
    if is_char(context, 1):
        function = helpers.starts_with_char if name == "startswith" else helpers.ends_with_char
        return context.helper(function, [value, context.arg(1)], Bool)
    function = helpers.starts_with if name == "startswith" else helpers.ends_with
    return context.helper(function, [value, context.arg(1)], Bool)


@text_method("strip lstrip rstrip")
def _strip(context: OperationContext) -> Any:
    name = method_name(context)
    left, right = name != "rstrip", name != "lstrip"
    value = as_text(context, 0)
    if context.count == 1 or isinstance(context.representation(1), NoneRepresentation):
        return context.helper(helpers.strip_spaces, [value, left, right], STR_POINTER)
    return context.helper(helpers.strip_characters, [value, as_text(context, 1), left, right], STR_POINTER)


_MAPS = {"upper": helpers.char_upper, "lower": helpers.char_lower, "swapcase": helpers.char_swapcase}


@text_method("upper lower swapcase")
def _map(context: OperationContext) -> Any:
    function = _MAPS[method_name(context)]
    if context.result.lowleveltype is Char:
        return context.helper(function, [context.arg(0)], Char)
    return context.helper(helpers.map_characters, [as_text(context, 0), Constant(function, Void)], STR_POINTER)


@text_method("capitalize title")
def _title(context: OperationContext) -> Any:
    function = helpers.capitalize if method_name(context) == "capitalize" else helpers.title
    return context.helper(function, [as_text(context, 0)], STR_POINTER)


_CLASSES = {
    "isdigit": helpers.is_digit, "isalpha": helpers.is_alpha, "isalnum": helpers.is_alnum,
    "isspace": helpers.is_space, "isupper": helpers.is_upper, "islower": helpers.is_lower,
}  # fmt: skip


@text_method("isdigit isalpha isalnum isspace isupper islower")
def _class_of(context: OperationContext) -> Any:
    name = method_name(context)
    if is_char(context, 0):
        return context.helper(_CLASSES[name], [context.arg(0)], Bool)
    value = context.arg(0)
    if name in ("isupper", "islower"):
        wanted, other = _CLASSES[name], _CLASSES["islower" if name == "isupper" else "isupper"]
        return context.helper(helpers.case_is, [value, Constant(wanted, Void), Constant(other, Void)], Bool)
    return context.helper(helpers.all_characters, [value, Constant(_CLASSES[name], Void)], Bool)


@text_method("replace")
def _replace(context: OperationContext) -> Any:
    value = as_text(context, 0)
    if is_char(context, 1) and is_char(context, 2) and context.count == 3:
        return context.helper(helpers.replace_char, [value, context.arg(1), context.arg(2)], STR_POINTER)
    limit = context.arg_type(3, Signed) if context.count > 3 else context.constant(-1, Signed)
    return context.helper(
        helpers.replace, [value, as_text(context, 1), as_text(context, 2), limit], STR_POINTER
    )


@text_method("ljust rjust center zfill")
def _pad(context: OperationContext) -> Any:
    name = method_name(context)
    value, width = as_text(context, 0), context.arg_type(1, Signed)
    if name == "zfill":
        return context.helper(helpers.zero_fill, [value, width], STR_POINTER)
    fill: Any = context.char_constant(" ")
    if context.count > 2:
        fill = context.arg(2)
        if fill.concretetype is not Char:
            fill = context.helper(helpers.char_at, [fill, 0], Char)
    if name == "center":
        return context.helper(helpers.center, [value, width, fill], STR_POINTER)
    return context.helper(helpers.pad, [value, width, fill, name == "ljust"], STR_POINTER)


@text_method("join")
def _join(context: OperationContext) -> Any:
    separator = as_text(context, 0)
    source = context.representation(1)
    if isinstance(source, ListRepresentation):
        if source.ITEM is Void:
            return context.constant(prebuilt_string(""), STR_POINTER)
        value = context.arg(1)
        items, length = source.items(context, value), source.length(context, value)
        function = helpers.join_characters if source.ITEM is Char else helpers.join
        return context.helper(function, [separator, items, length], STR_POINTER)
    items, length = sequence_parts(context, context.operands[1], string_representation(context.typer))
    return context.helper(helpers.join, [separator, items, length], STR_POINTER)


@text_method("split rsplit")
def _split(context: OperationContext) -> Any:
    target: Any = context.result
    value = as_text(context, 0)
    limit = context.constant(-1, Signed)
    limit_operand = context.extra.get("maxsplit") if context.extra else None
    if context.count > 2:
        limit = context.arg_type(2, Signed)
    elif limit_operand is not None:
        limit = context.operand_as(limit_operand, context.typer.primitive(Signed))
    right = method_name(context) == "rsplit"
    if context.count == 1 or isinstance(context.representation(1), NoneRepresentation):
        function: Any = helpers.rsplit_spaces if right else helpers.split_spaces
        items = context.helper(function, [value, limit])
    elif is_char(context, 1) and not right:
        items = context.helper(helpers.split_char, [value, context.arg(1), limit])
    else:
        function = helpers.rsplit_string if right else helpers.split_string
        items = context.helper(function, [value, as_text(context, 1), limit])
    return target.from_items(context, items)


@text_method("splitlines")
def _splitlines(context: OperationContext) -> Any:
    target: Any = context.result
    keep = context.arg_type(1, Bool) if context.count > 1 else context.constant(False, Bool)
    return target.from_items(context, context.helper(helpers.split_lines, [as_text(context, 0), keep]))


@text_method("partition rpartition")
def _partition(context: OperationContext) -> Any:
    target: Any = context.result
    value, separator = as_text(context, 0), as_text(context, 1)
    right = method_name(context) == "rpartition"
    found = context.helper(helpers.place_of_separator, [value, separator, right], Signed)
    parts = [
        context.helper(function, [value, separator, found, right], STR_POINTER)
        for function in (helpers.part_before, helpers.part_between, helpers.part_after)
    ]
    return target.build(context, parts)


@text_method("encode decode")
def _encode(context: OperationContext) -> Any:
    return as_text(context, 0)


# ---- formatting


def text_of(context: OperationContext, operand: Operand, conversion_name: str) -> Any:
    """Emit the text of a value, as str(), repr() or ascii() give it (`conversion_name` "s", "r" or "a")."""
    source = operand.representation
    typer = context.typer
    string = string_representation(typer)
    if operand.host is not a.NO_CONSTANT and isinstance(operand.host, (str, int, float)):
        host = operand.host
        convert: Any = {"s": str, "r": repr, "a": ascii}[conversion_name]
        text = convert(host)
        return context.constant(prebuilt_string(text), STR_POINTER)
    if isinstance(source, (TextRepresentation, CharRepresentation)):
        value = context.operand_as(operand, string if isinstance(source, CharRepresentation) else source)
        if conversion_name != "s" or isinstance(source, BytesRepresentation):
            is_bytes = isinstance(source, BytesRepresentation)
            text = context.helper(helpers.represent, [value, is_bytes or conversion_name == "a"], STR_POINTER)
            prefix = context.constant(prebuilt_string("b"), STR_POINTER)
            return context.helper(helpers.concat, [prefix, text], STR_POINTER) if is_bytes else text
        if operand.annotation.can_be_none:
            return context.helper(helpers.or_none, [value], STR_POINTER)
        return value
    if isinstance(source, NoneRepresentation):
        return context.constant(prebuilt_string("None"), STR_POINTER)
    if source.lowleveltype is Bool:
        return context.helper(helpers.bool_to_string, [context.operand_as(operand, source)], STR_POINTER)
    if source.lowleveltype is Float:
        return context.call_implied(implied.float_text, [context.operand_as(operand, source)])
    if isinstance(source, IntegerRepresentation):
        value = context.operand_as(operand, source)
        return integer_text(context, value)
    raise TyperError(f"the text of {operand.annotation} is not known: format its parts")


def integer_text(context: OperationContext, value: Any) -> Any:
    """Emit the decimal digits of an integer of any width."""
    TYPE = value.concretetype
    wide, unsigned = context.typer.primitive(Signed), not TYPE.signed
    if unsigned:
        if TYPE.bits < 64:
            value = context.emit("cast_primitive", [value], Signed)
            return context.helper(helpers.int_to_string, [value], STR_POINTER)
        return context.helper(helpers.unsigned_to_string, [value], STR_POINTER)
    if TYPE is not Signed:
        value = context.convert(value, context.typer.primitive(TYPE), wide)
    return context.helper(helpers.int_to_string, [value], STR_POINTER)


@rule("newstring", Representation)
def _newstring(context: OperationContext) -> Any:
    parts = [as_text(context, index) for index in range(context.count)]
    while len(parts) > 1:
        joined = []
        index = 0
        while index < len(parts):
            group = parts[index : index + 3]
            if len(group) == 3 and len(parts) != 4:
                joined.append(context.helper(helpers.concat3, group, STR_POINTER))
                index += 3
            elif len(group) >= 2:
                joined.append(context.helper(helpers.concat, group[:2], STR_POINTER))
                index += 2
            else:
                joined.append(group[0])
                index += 1
        parts = joined
    if not parts:
        return context.constant(prebuilt_string(""), STR_POINTER)
    return parts[0]


def number_of(context: OperationContext, operand: Operand, TYPE: Any) -> Any:
    """An operand as a number of a primitive type."""
    if not isinstance(operand.representation, NumberRepresentation):
        raise TyperError(f"{operand.annotation} is not a number")
    return context.operand_as(operand, context.typer.primitive(TYPE))
