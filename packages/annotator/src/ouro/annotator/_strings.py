"""Operations and methods of str, bytes and bytearray, and the formatting of values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ouro.annotator import annotations as a
from ouro.annotator import substitutes
from ouro.annotator._calls import rewrite_as_call
from ouro.annotator._dispatch import handler, method, raises
from ouro.annotator._errors import Complaint
from ouro.annotator._join import without_none
from ouro.annotator.annotations import (
    BOOL,
    BYTES,
    CHAR,
    CHAR_NO_NUL,
    IMPOSSIBLE,
    INTEGER,
    NONE,
    NONNEG_INTEGER,
    STRING,
    STRING_NO_NUL,
    Annotation,
)
from ouro.annotator.implied import float_text, format_float, imply
from ouro.flowspace import Constant, Operation

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine


def text(no_nul: bool) -> Annotation:
    """A str that is not None."""
    return STRING_NO_NUL if no_nul else STRING


def same_kind(value: Annotation) -> Annotation:
    """A str (bytes) made of pieces of a str (bytes)."""
    if isinstance(value, a.String):
        return text(value.no_nul)
    return a.BYTES_NO_NUL if getattr(value, "no_nul", False) else BYTES


def need_integer(engine: Engine, value: Annotation, what: str) -> None:
    """Complain unless a value is an integer."""
    if not isinstance(value, a.Integer):
        raise Complaint(f"{what} must be an int, not {value}")


@handler("add", a.String, a.String)
def _add(engine: Engine, operation: Operation, left: a.String, right: a.String) -> Annotation:
    return text(left.no_nul and right.no_nul)


@handler("add", a.Bytes, a.Bytes)
def _add_bytes(engine: Engine, operation: Operation, left: a.Bytes, right: a.Bytes) -> Annotation:
    return a.BYTES_NO_NUL if left.no_nul and right.no_nul else BYTES


@handler("add", a.ByteArray, a.ByteArray)
@handler("add", a.ByteArray, a.Bytes)
@handler("add", a.Bytes, a.ByteArray)
def _add_bytearray(engine: Engine, operation: Operation, left: Annotation, right: Annotation) -> Annotation:
    return a.BYTEARRAY


@handler("mul", a.String, a.Integer)
@handler("mul", a.Bytes, a.Integer)
def _repeat(engine: Engine, operation: Operation, left: Annotation, right: Annotation) -> Annotation:
    return same_kind(left)


@handler("mul", a.Integer, a.String)
@handler("mul", a.Integer, a.Bytes)
def _repeat_swapped(engine: Engine, operation: Operation, left: Annotation, right: Annotation) -> Annotation:
    return same_kind(right)


@handler("lt le eq ne gt ge", a.String, a.String)
@handler("lt le eq ne gt ge", a.Bytes, a.Bytes)
@handler("eq ne", a.ByteArray, a.ByteArray)
@handler("eq ne", a.ByteArray, a.Bytes)
@handler("eq ne", a.Bytes, a.ByteArray)
def _compare(engine: Engine, operation: Operation, left: Annotation, right: Annotation) -> Annotation:
    return BOOL


@handler("getitem", a.String)
def _getitem(engine: Engine, operation: Operation, value: a.String, index: Annotation) -> Annotation:
    need_integer(engine, index, "the index of a str")
    return CHAR_NO_NUL if value.no_nul else CHAR


@handler("getitem", a.Bytes)
@handler("getitem", a.ByteArray)
def _getitem_bytes(engine: Engine, operation: Operation, value: Annotation, index: Annotation) -> Annotation:
    need_integer(engine, index, "the index of bytes")
    return NONNEG_INTEGER


@handler("setitem", a.ByteArray)
def _setitem_bytearray(
    engine: Engine, operation: Operation, value: Annotation, index: Annotation, item: Annotation
) -> Annotation:
    need_integer(engine, index, "the index of a bytearray")
    need_integer(engine, item, "an item of a bytearray")
    return NONE


def check_slice(engine: Engine, operation: Operation, start: Annotation, stop: Annotation) -> None:
    """Slice ends are ints or None. Those that may be negative count from the end, at the price of a test."""
    for which, end in (("start", start), ("stop", stop)):
        if not isinstance(end, a.NoneValue):
            need_integer(engine, end, f"the {which} of a slice")


@handler("getslice", a.String)
@handler("getslice", a.Bytes)
def _getslice(
    engine: Engine, operation: Operation, value: Annotation, start: Annotation, stop: Annotation
) -> Annotation:
    check_slice(engine, operation, start, stop)
    return same_kind(value)


@handler("getslice", a.ByteArray)
def _getslice_bytearray(
    engine: Engine, operation: Operation, value: Annotation, start: Annotation, stop: Annotation
) -> Annotation:
    check_slice(engine, operation, start, stop)
    return a.BYTEARRAY


@handler("delslice", a.ByteArray)
def _delslice_bytearray(
    engine: Engine, operation: Operation, value: Annotation, start: Annotation, stop: Annotation
) -> Annotation:
    check_slice(engine, operation, start, stop)
    return NONE


@handler("len", a.String)
@handler("len", a.Bytes)
@handler("len", a.ByteArray)
def _len(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return NONNEG_INTEGER


@handler("contains", a.String)
def _contains(engine: Engine, operation: Operation, value: a.String, sub: Annotation) -> Annotation:
    if not isinstance(sub, a.String):
        raise Complaint(f"`in` of a str needs a str, not {sub}")
    return BOOL


@handler("contains", a.Bytes)
@handler("contains", a.ByteArray)
def _contains_bytes(engine: Engine, operation: Operation, value: Annotation, sub: Annotation) -> Annotation:
    if not isinstance(sub, (a.Bytes, a.Integer)):
        raise Complaint(f"`in` of bytes needs bytes or an int, not {sub}")
    return BOOL


def nullable_bool(operation: Operation, value: Annotation) -> Annotation:
    """The truth of a value that is false when it is empty: a true one is not None."""
    from_none = getattr(value, "optional", False)
    if not from_none:
        return BOOL
    return a.Bool(narrowings={True: {operation.args[0]: without_none(value)}})


@handler("bool", a.String)
@handler("bool", a.Bytes)
@handler("bool", a.ByteArray)
def _bool(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return nullable_bool(operation, value)


@handler("iter", a.String)
@handler("iter", a.Bytes)
@handler("iter", a.ByteArray)
def _iter(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    if isinstance(value, a.Char):
        # The variable may hold a longer string later in the analysis, and iterators of the two are of one kind.
        value = a.String(no_nul=value.no_nul)
    return a.Iterator(value)


# ---- methods


@method(a.String, "startswith endswith")
def _startswith(
    engine: Engine, operation: Operation, value: a.String, sub: Annotation, *ends: Annotation
) -> Annotation:
    if isinstance(sub, a.Tuple):
        for item in sub.items:
            need_text(item, value)
    else:
        need_text(sub, value)
    return BOOL


def need_text(value: Annotation, like: Annotation) -> None:
    """Complain unless a value is of the same kind of text as `like`."""
    expected = a.String if isinstance(like, a.String) else a.Bytes
    if not isinstance(value, expected) and not (expected is a.Bytes and isinstance(value, a.ByteArray)):
        raise Complaint(f"{expected.__name__.lower().replace('string', 'str')} is needed here, not {value}")


@method(a.Bytes, "startswith endswith")
def _bytes_startswith(
    engine: Engine, operation: Operation, value: Annotation, sub: Annotation, *ends: Annotation
) -> Annotation:
    need_text(sub, value)
    return BOOL


@method(a.String, "find rfind")
@method(a.Bytes, "find rfind")
def _find(engine: Engine, operation: Operation, value: Annotation, sub: Annotation, *ends: Annotation) -> Annotation:
    need_text(sub, value)
    _check_ends(engine, operation, ends)
    return INTEGER


def _check_ends(engine: Engine, operation: Operation, ends: Any) -> None:
    if ends:
        check_slice(engine, operation, ends[0], ends[1] if len(ends) > 1 else NONE)


@method(a.String, "count index rindex")
@method(a.Bytes, "count index rindex")
def _count(engine: Engine, operation: Operation, value: Annotation, sub: Annotation, *ends: Annotation) -> Annotation:
    need_text(sub, value)
    _check_ends(engine, operation, ends)
    return NONNEG_INTEGER


@method(a.String, "strip lstrip rstrip")
@method(a.Bytes, "strip lstrip rstrip")
def _strip(engine: Engine, operation: Operation, value: Annotation, *characters: Annotation) -> Annotation:
    for one in characters:
        need_text(one, value)
    return same_kind(value)


@method(a.String, "upper lower")
@method(a.Bytes, "upper lower")
def _upper(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    if isinstance(value, a.Char):
        return CHAR_NO_NUL if value.no_nul else CHAR
    return same_kind(value)


@method(a.Bytes, "swapcase capitalize title")
@method(a.String, "swapcase capitalize title")
def _recase(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return same_kind(value)


@method(a.String, "isdigit isalpha isalnum isspace islower isupper")
@method(a.Bytes, "isdigit isalpha isalnum isspace islower isupper")
def _is_class(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return BOOL


@method(a.String, "replace")
@method(a.Bytes, "replace")
def _replace(
    engine: Engine, operation: Operation, value: Any, old: Any, new: Any, *count: Annotation
) -> Annotation:
    need_text(old, value)
    need_text(new, value)
    if isinstance(value, a.String):
        return text(value.no_nul and new.no_nul)
    return BYTES


@method(a.String, "ljust rjust center zfill")
@method(a.Bytes, "ljust rjust center zfill")
def _pad(
    engine: Engine, operation: Operation, value: Any, width: Annotation, fill: Any = STRING_NO_NUL
) -> Annotation:
    need_integer(engine, width, "a width")
    if isinstance(value, a.String):
        return text(value.no_nul and fill.no_nul)
    return BYTES


@method(a.String, "split rsplit")
@method(a.Bytes, "split rsplit")
def _split(
    engine: Engine, operation: Operation, value: Any, separator: Annotation = NONE, limit: Annotation = INTEGER
) -> Annotation:
    if not isinstance(separator, a.NoneValue):
        need_text(separator, value)
    need_integer(engine, limit, "the number of splits")
    item = same_kind(value)
    if isinstance(value, a.String) and isinstance(separator, a.String) and separator.constant == "\0":
        if isinstance(limit, a.Integer) and limit is INTEGER:
            item = STRING_NO_NUL
    return engine.new_list(item, resized=True)


@method(a.String, "splitlines")
@method(a.Bytes, "splitlines")
def _splitlines(engine: Engine, operation: Operation, value: Any, keep: Annotation = BOOL) -> Annotation:
    return engine.new_list(same_kind(value), resized=True)


@method(a.String, "partition rpartition")
@method(a.Bytes, "partition rpartition")
def _partition(engine: Engine, operation: Operation, value: Any, separator: Annotation) -> Annotation:
    need_text(separator, value)
    piece = same_kind(value)
    return a.Tuple((piece, piece, piece))


@method(a.String, "encode")
def _encode(
    engine: Engine, operation: Operation, value: a.String, encoding: Annotation, errors: Annotation = NONE
) -> Annotation:
    _check_encoding(encoding)
    return a.BYTES_NO_NUL if value.no_nul else BYTES


@method(a.Bytes, "decode")
def _decode(
    engine: Engine, operation: Operation, value: a.Bytes, encoding: Annotation, errors: Annotation = NONE
) -> Annotation:
    _check_encoding(encoding)
    return text(value.no_nul)


_ENCODINGS = ("latin-1", "latin1", "iso-8859-1", "ascii")


def _check_encoding(encoding: Annotation) -> None:
    if encoding.constant not in _ENCODINGS:
        raise Complaint(
            "only 'latin-1' (and 'ascii') convert between str and bytes",
            "for UTF-8 use ouro.rlib.rutf8: Unicode text is UTF-8 in a str",
        )


@method(a.ByteArray, "append")
def _bytearray_append(engine: Engine, operation: Operation, value: Annotation, item: Annotation) -> Annotation:
    need_integer(engine, item, "an item of a bytearray")
    return NONE


@method(a.ByteArray, "extend")
def _bytearray_extend(engine: Engine, operation: Operation, value: Annotation, other: Annotation) -> Annotation:
    if not isinstance(other, (a.Bytes, a.ByteArray)):
        raise Complaint(f"bytearray.extend() needs bytes, not {other}")
    return NONE


@method(a.ByteArray, "pop")
def _bytearray_pop(engine: Engine, operation: Operation, value: Annotation, *index: Annotation) -> Annotation:
    return NONNEG_INTEGER


# ---- formatting


def check_has_text(value: Annotation) -> None:
    """Complain about what has no text here: exceptions, for which the host takes the arguments, and containers."""
    if isinstance(value, a.Instance) and value.class_description.is_exception:
        name = value.class_description.name
        raise Complaint(
            f"repr() of {name}, which has no __repr__ method: exceptions keep their text alone",
            "use str(), or define an exception class with a __repr__",
        )
    if isinstance(value, (a.List, a.Tuple, a.Dict, a.Set)):
        raise Complaint(
            f"the text of a {value.describe().partition(' ')[0]} is not built in",
            "join the texts of the items: ', '.join([str(item) for item in items])",
        )


def text_method(value: Annotation, name: str) -> str | None:
    """The method of an instance that makes its text, of `__str__` or `__repr__`; None where its class has none.

    As on the host `__repr__` stands in for a `__str__` that is not there.
    """
    if not isinstance(value, a.Instance):
        return None
    description = value.class_description
    for candidate in (name, "__repr__"):
        if description.lookup(candidate) is not None:
            return candidate
    for derived in description.all_subclasses():
        if name in derived.class_dict:
            raise Complaint(
                f"{description.name} has no {name}, but its subclass {derived.name} has one",
                f"define a {name} in {description.name}",
            )
    return None


def call_text_method(engine: Engine, operation: Operation, argument: Any, value: Annotation, name: str) -> Annotation:
    """Turn an operation into a call of the argument's `name`, a method of texts. The engine goes on with that."""
    assert isinstance(value, a.Instance)
    if value.optional:
        function = substitutes.repr_or_none if name == "__repr__" else substitutes.str_or_none
        calling = Operation("simple_call", [Constant(function), argument], operation.result, operation.position)
        engine.block.operations[engine.index : engine.index + 1] = [calling]
        return IMPOSSIBLE
    return rewrite_as_call(engine, Operation("str", [argument], operation.result, operation.position), name, [])


@handler("newstring")
def _newstring(engine: Engine, operation: Operation, *parts: Any) -> Annotation:
    return text(all(part.no_nul for part in parts))


@handler("format_value")
def _format_value(
    engine: Engine, operation: Operation, value: Annotation, conversion: Annotation, spec: Annotation
) -> Annotation:
    if isinstance(value, a.String):
        return text(value.no_nul)
    if isinstance(value, a.Instance) and conversion.constant in ("", "s", "r", "%"):
        is_repr = conversion.constant == "r" or (conversion.constant == "%" and str(spec.constant)[-1:] == "r")
        method = text_method(value, "__repr__" if is_repr else "__str__")
        if method is not None:
            return call_text_method(engine, operation, operation.args[0], value, method)
    check_has_text(value)
    if isinstance(value, a.Float) or (isinstance(value, a.Integer) and str(spec.constant)[-1:] in _FLOAT_CODES):
        imply(engine, float_text)
        imply(engine, format_float)
    if isinstance(value, _FORMATTED):
        return STRING_NO_NUL
    raise Complaint(f"{value} cannot be formatted", "make a str of it by a method of your own")


_FLOAT_CODES = tuple("eEfFgG%")
_FORMATTED = (a.Integer, a.Float, a.NoneValue, a.Instance, a.Pointer, a.Address, a.DescriptionSet, a.List, a.Tuple)

raises("getitem", a.String, IndexError)
raises("getitem", a.Bytes, IndexError)
raises("getitem setitem", a.ByteArray, IndexError)
