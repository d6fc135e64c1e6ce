"""What Python's own functions and types mean in RPython."""

from __future__ import annotations

import math
import weakref
from typing import TYPE_CHECKING, Any

from ouro.annotator import annotations as a
from ouro.annotator._arguments import Arguments
from ouro.annotator._calls import callable_kind, rewrite_as_call
from ouro.annotator._dispatch import builtin, find_handler, method
from ouro.annotator._errors import Complaint
from ouro.annotator._exceptions import HOST_INITIALISERS
from ouro.annotator._join import without_none
from ouro.annotator._mappings import new_set, store_key, store_value
from ouro.annotator._numbers import integer
from ouro.annotator._objects import _isinstance, attribute_name
from ouro.annotator._sequences import check_sortable, iterated
from ouro.annotator._strings import call_text_method, check_has_text, text_method
from ouro.annotator._values import called
from ouro.annotator.annotations import (
    BOOL,
    BYTES,
    CHAR,
    FALSE,
    FLOAT,
    IMPOSSIBLE,
    INTEGER,
    NO_CONSTANT,
    NONE,
    NONNEG_INTEGER,
    STRING_NO_NUL,
    TRUE,
    Annotation,
)
from ouro.annotator.containers import DictDefinition, ListDefinition
from ouro.annotator.implied import float_text, imply, parse_float, round_digits
from ouro.annotator.substitutes import standard_stream
from ouro.flowspace import Constant, Variable

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine
    from ouro.flowspace import Operation


def _number(value: Annotation, what: str) -> None:
    if not isinstance(value, (a.Integer, a.Float)):
        raise Complaint(f"{what} needs a number, not {value}")


# ---- making numbers


@builtin(int)
def _int(engine: Engine, operation: Operation, value: Annotation = INTEGER, base: Annotation = INTEGER) -> Annotation:
    if isinstance(value, a.Integer):
        return value if value.kind is int else integer(int, value.nonneg)
    if isinstance(value, (a.Float, a.String)):
        return INTEGER
    raise Complaint(f"int() of {value}")


@builtin(float)
def _float(engine: Engine, operation: Operation, value: Annotation = INTEGER) -> Annotation:
    if not isinstance(value, (a.Integer, a.Float, a.SingleFloat, a.String)):
        raise Complaint(f"float() of {value}")
    if isinstance(value, a.String):
        imply(engine, parse_float)
    return engine.constant(float(value.constant)) if isinstance(value.constant, (int, float)) else FLOAT


@builtin(bool)
def _bool(engine: Engine, operation: Operation, value: Annotation = FALSE) -> Annotation:
    test = find_handler("bool", type(value))
    shifted = type(operation)("bool", operation.args[1:2], operation.result, operation.position)
    result: Annotation = test(engine, shifted, value)
    return result


@builtin(abs)
def _abs(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    _number(value, "abs()")
    return integer(value.kind, True) if isinstance(value, a.Integer) else FLOAT


@builtin(round)
def _round(engine: Engine, operation: Operation, value: Annotation, digits: Annotation = NONE) -> Annotation:
    _number(value, "round()")
    if not isinstance(digits, a.NoneValue):
        imply(engine, round_digits)
    return INTEGER if isinstance(digits, a.NoneValue) else FLOAT


@builtin(divmod)
def _divmod(engine: Engine, operation: Operation, left: Annotation, right: Annotation) -> Annotation:
    key = (type(left), type(right))
    results = [find_handler(opname, key)(engine, operation, left, right) for opname in ("floordiv", "mod")]
    return a.Tuple(tuple(results))


@builtin(pow)
def _pow(engine: Engine, operation: Operation, left: Annotation, right: Annotation) -> Annotation:
    result: Annotation = find_handler("pow", (type(left), type(right)))(engine, operation, left, right)
    return result


@builtin(min, max)
def _min(engine: Engine, operation: Operation, *values: Annotation, **options: Annotation) -> Annotation:
    name = "max" if called(operation) is max else "min"
    if options:
        raise Complaint(f"`{next(iter(options))}` of {name}() is not built in", "write a loop")
    if not values:
        raise Complaint(f"{name}() of nothing", "give it a list, or two values and more")
    if len(values) == 1:
        return iterated(engine, values[0])
    result = engine.join_all(values)
    if isinstance(result, a.Integer) and result.kind is int:
        known = any if called(operation) is max else all
        nonneg = known(value.nonneg for value in values)  # type: ignore[attr-defined]
        return NONNEG_INTEGER if nonneg else INTEGER
    return result


@builtin(sum)
def _sum(engine: Engine, operation: Operation, values: Annotation, start: Annotation = NONNEG_INTEGER) -> Annotation:
    item = iterated(engine, values)
    if item is IMPOSSIBLE:
        return start
    _number(item, "sum()")
    return FLOAT if isinstance(item, a.Float) or isinstance(start, a.Float) else integer(int)


@builtin(any, all)
def _any(engine: Engine, operation: Operation, values: Annotation) -> Annotation:
    iterated(engine, values)
    return BOOL


# ---- text


@builtin(ord)
def _ord(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    if not isinstance(value, a.String):
        raise Complaint(f"ord() needs a str of length 1, not {value}")
    if type(value.constant) is str and len(value.constant) == 1:
        return engine.constant(ord(value.constant))
    return NONNEG_INTEGER


@builtin(chr)
def _chr(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    if not isinstance(value, a.Integer):
        raise Complaint(f"chr() needs an int, not {value}")
    constant = value.constant
    if constant is not NO_CONSTANT:
        if not 0 <= constant < 256:
            raise Complaint(
                f"chr({constant}): characters are 8 bits wide",
                "for Unicode use ouro.rlib.rutf8: text is UTF-8 in a str"
            )
        return engine.constant(chr(constant))
    return CHAR


@builtin(hex, oct, bin)
def _hex(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return STRING_NO_NUL


@builtin(str)
def _str(engine: Engine, operation: Operation, value: Annotation = STRING_NO_NUL) -> Annotation:
    if isinstance(value, a.String):
        return without_none(value)
    method = text_method(value, "__str__")
    if method is not None:
        return call_text_method(engine, operation, operation.args[1], value, method)
    check_has_text(value)
    if isinstance(value, (a.Bytes, a.ByteArray)):
        raise Complaint(f"str() of {value} gives the text of a literal", "use .decode('latin-1')")
    if isinstance(value, a.Float):
        imply(engine, float_text)
    return STRING_NO_NUL


def _call_method_of_argument(engine: Engine, operation: Operation, name: str) -> Annotation:
    """Turn `iter(x)` into `x.__iter__()`."""
    shifted = type(operation)("simple_call", operation.args[1:], operation.result, operation.position)
    return rewrite_as_call(engine, shifted, name, [])


@builtin(repr, ascii)
def _repr(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    method = text_method(value, "__repr__")
    if method is not None:
        return call_text_method(engine, operation, operation.args[1], value, method)
    check_has_text(value)
    if isinstance(value, a.Float):
        imply(engine, float_text)
    return STRING_NO_NUL


@builtin(*HOST_INITIALISERS)
def _initialise_exception(engine: Engine, operation: Operation, error: Annotation, *values: Annotation) -> Annotation:
    """`super().__init__(text)` in an exception class."""
    if not isinstance(error, a.Instance) or not error.class_description.is_exception:
        raise Complaint(f"__init__() of an exception is called with {error}")
    engine.descriptions.keep_arguments(error.class_description, values)
    return NONE


@builtin(bytes)
def _bytes(engine: Engine, operation: Operation, value: Annotation = BYTES, encoding: Annotation = NONE) -> Annotation:
    if isinstance(value, (a.Bytes, a.ByteArray, a.Integer)):
        return BYTES
    if isinstance(value, a.List) and isinstance(iterated(engine, value), (a.Integer, a.Impossible)):
        return BYTES
    raise Complaint(f"bytes() of {value}", "for a str use .encode('latin-1')")


@builtin(bytearray)
def _bytearray(engine: Engine, operation: Operation, value: Annotation = BYTES) -> Annotation:
    if isinstance(value, (a.Bytes, a.ByteArray, a.Integer)):
        return a.BYTEARRAY
    if isinstance(value, a.List) and isinstance(iterated(engine, value), (a.Integer, a.Impossible)):
        return a.BYTEARRAY
    raise Complaint(f"bytearray() of {value}")


@builtin(print)
def _print(engine: Engine, operation: Operation, *values: Annotation, **options: Annotation) -> Annotation:
    for name in options:
        if name not in ("sep", "end", "file", "flush"):
            raise Complaint(f"print() has no option `{name}`")
    for name in ("sep", "end"):
        option = options.get(name, NONE)
        if not isinstance(option, (a.String, a.NoneValue)) or option.constant is NO_CONSTANT:
            raise Complaint(f"`{name}` of print() is {option}: it must be a constant str")
    if "file" in options:
        file: Any = options["file"]
        single = file.single() if isinstance(file, a.DescriptionSet) else None
        if not isinstance(file, a.NoneValue) and not standard_stream(getattr(single, "value", None)):
            raise Complaint("print() writes to sys.stdout or sys.stderr only", "use ouro.rlib.rfile for other files")
    if any(text_method(value, "__str__") is not None for value in values):
        return _print_texts_of_arguments(engine, operation, values)
    for value in values:
        check_has_text(value)
        if isinstance(value, a.Float):
            imply(engine, float_text)
    return NONE


def _print_texts_of_arguments(engine: Engine, operation: Operation, values: tuple[Annotation, ...]) -> Annotation:
    """Turn `print(x)` into `print(str(x))` for each instance with a method for that. The engine goes on with those."""
    offset = 2 if operation.opname == "call_args" else 1
    arguments = list(operation.args)
    texts = []
    for index, value in enumerate(values, offset):
        if text_method(value, "__str__") is not None:
            text = Variable("text")
            texts.append(type(operation)("simple_call", [Constant(str), arguments[index]], text, operation.position))
            arguments[index] = text
    printing = type(operation)(operation.opname, arguments, operation.result, operation.position)
    engine.block.operations[engine.index : engine.index + 1] = [*texts, printing]
    return IMPOSSIBLE


# ---- containers


@builtin(len)
def _len(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    shifted = type(operation)("len", operation.args[1:2], operation.result, operation.position)
    result: Annotation = find_handler("len", type(value))(engine, shifted, value)
    return result


@builtin(range)
def _range(engine: Engine, operation: Operation, *ends: Annotation) -> Annotation:
    for end in ends:
        if not isinstance(end, a.Integer):
            raise Complaint(f"range() needs ints, not {end}")
    start: Any = NONNEG_INTEGER
    step: Any = engine.constant(1)
    if len(ends) == 1:
        stop: Any = ends[0]
    elif len(ends) == 2:
        start, stop = ends
    elif len(ends) == 3:
        start, stop, step = ends
    else:
        raise Complaint("range() takes one to three ints")
    known_step = 0 if step.constant is NO_CONSTANT else int(step.constant)
    if step.constant is not NO_CONSTANT and known_step == 0:
        raise Complaint("range() with step 0")
    nonneg = start.nonneg and (stop.nonneg or step.nonneg)
    if known_step < 0 and start.nonneg and stop.constant == -1:
        nonneg = True
    fresh = (ListDefinition, operation) not in engine.definitions
    definition = engine.definition(ListDefinition)
    if fresh:
        definition.range_step = known_step
    elif definition.range_step is not None and definition.range_step != known_step:
        definition.range_step = 0
    engine.grow(definition.item, NONNEG_INTEGER if nonneg else INTEGER)
    return a.List(definition.root())


@builtin(list)
def _list(engine: Engine, operation: Operation, value: Annotation | None = None) -> Annotation:
    if value is None:
        return engine.new_list(IMPOSSIBLE)
    return engine.new_list(iterated(engine, value))


@builtin(tuple)
def _tuple(engine: Engine, operation: Operation, value: Annotation = a.EMPTY_TUPLE) -> Annotation:
    if isinstance(value, a.Tuple):
        return value
    raise Complaint(f"tuple() of {value}: the length of a tuple must be known", "keep the list")


@builtin(dict)
def _dict(engine: Engine, operation: Operation, value: Annotation | None = None) -> Annotation:
    result = a.Dict(engine.definition(DictDefinition))
    if value is None:
        return result
    if isinstance(value, a.Dict):
        return a.Dict(value.definition.root())
    item = iterated(engine, value)
    if item is not IMPOSSIBLE:
        if not isinstance(item, a.Tuple) or len(item.items) != 2:
            raise Complaint(f"dict() needs a dict or pairs, not {value}")
        store_key(engine, result, item.items[0])
        store_value(engine, result, item.items[1])
    return result


@builtin(set, frozenset)
def _set(engine: Engine, operation: Operation, value: Annotation | None = None) -> Annotation:
    return new_set(engine, IMPOSSIBLE if value is None else iterated(engine, value))


@builtin(enumerate)
def _enumerate(
    engine: Engine, operation: Operation, value: Annotation, start: Annotation = NONNEG_INTEGER
) -> Annotation:
    iterated(engine, value)
    return a.View(value, "enumerate")


@builtin(reversed)
def _reversed(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    if not isinstance(value, (a.List, a.String, a.Tuple, a.Dict)):
        raise Complaint(f"reversed() of {value}")
    return a.View(value, "reversed")


@builtin(zip)
def _zip(engine: Engine, operation: Operation, *values: Annotation) -> Annotation:
    for value in values:
        iterated(engine, value)
    return a.View(a.Tuple(values), "zip")


@builtin(sorted)
def _sorted(engine: Engine, operation: Operation, value: Annotation, **options: Annotation) -> Annotation:
    item = iterated(engine, value)
    check_sortable(item, options)
    result = engine.new_list(item)
    engine.mutate(result.definition)
    return result


@builtin(iter)
def _iter(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    if isinstance(value, a.Instance):
        return _call_method_of_argument(engine, operation, "__iter__")
    shifted = type(operation)("iter", operation.args[1:2], operation.result, operation.position)
    result: Annotation = find_handler("iter", type(value))(engine, shifted, value)
    return result


@builtin(next)
def _next(engine: Engine, operation: Operation, value: Annotation, *default: Annotation) -> Annotation:
    if default:
        raise Complaint("next() with a default is not RPython", "catch StopIteration")
    if isinstance(value, a.Instance):
        return _call_method_of_argument(engine, operation, "__next__")
    result: Annotation = find_handler("next", type(value))(engine, operation, value)
    return result


# ---- objects


@builtin(isinstance)
def _call_isinstance(engine: Engine, operation: Operation, value: Annotation, classes: Annotation) -> Annotation:
    shifted = type(operation)("isinstance", operation.args[1:], operation.result, operation.position)
    return _isinstance(engine, shifted, value, classes)


@builtin(issubclass)
def _issubclass(engine: Engine, operation: Operation, value: Annotation, base: Annotation) -> Annotation:
    if base.constant is NO_CONSTANT:
        return BOOL
    bases = base.constant if isinstance(base.constant, tuple) else (base.constant,)
    if value.constant is not NO_CONSTANT:
        return TRUE if issubclass(value.constant, bases) else FALSE
    if isinstance(value, a.TypeOf):
        known: dict[Any, Annotation] = {}
        for python_class in bases:
            wanted = engine.descriptions.of_class(python_class)
            if value.base.is_subclass(wanted):
                return TRUE
            if len(bases) == 1 and wanted.is_subclass(value.base):
                known = {variable: a.Instance(wanted) for variable in value.variables}
        return a.Bool(narrowings={True: known}) if known else BOOL
    if isinstance(value, a.DescriptionSet):
        return BOOL
    raise Complaint(f"issubclass() of {value}")


@builtin(hasattr)
def _hasattr(engine: Engine, operation: Operation, value: Annotation, name: Annotation) -> Annotation:
    attribute = attribute_name(name)
    if value.constant is not NO_CONSTANT and isinstance(value, (a.DescriptionSet, a.Builtin)):
        return TRUE if hasattr(value.constant, attribute) else FALSE
    if isinstance(value, a.DescriptionSet):
        raise Complaint(f"hasattr() on {value}: one of several constants")
    if isinstance(value, a.Instance):
        description = value.class_description
        if description.lookup(attribute) is not None or description.find_attribute(attribute) is not None:
            return TRUE
        return FALSE
    return FALSE


@builtin(getattr)
def _getattr(
    engine: Engine, operation: Operation, value: Annotation, name: Annotation, default: Annotation | None = None
) -> Annotation:
    attribute = attribute_name(name)
    if default is not None:
        present = _hasattr(engine, operation, value, name)
        if present is FALSE:
            return default
    if isinstance(value, a.Instance):
        shifted = type(operation)("getattr", operation.args[1:3], operation.result, operation.position)
        engine.block.operations[engine.index] = shifted
        return IMPOSSIBLE
    found = find_handler("getattr", type(value))
    result: Annotation = found(engine, operation, value, engine.constant(attribute))
    return result


@builtin(setattr)
def _setattr(
    engine: Engine, operation: Operation, value: Annotation, name: Annotation, item: Annotation
) -> Annotation:
    attribute_name(name)
    shifted = type(operation)("setattr", operation.args[1:4], operation.result, operation.position)
    engine.block.operations[engine.index] = shifted
    return IMPOSSIBLE


@builtin(callable)
def _callable(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    if isinstance(value, a.DescriptionSet):
        return TRUE if not value.optional else BOOL
    return TRUE if isinstance(value, (a.Builtin, a.BuiltinMethod)) else FALSE


@builtin(type)
def _type(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    shifted = type(operation)("type", operation.args[1:2], operation.result, operation.position)
    result: Annotation = find_handler("type", type(value))(engine, shifted, value)
    return result


@builtin(hash, id)
def _hash(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    name = called(operation).__name__
    better = "compute_hash" if name == "hash" else "compute_unique_id"
    raise Complaint(f"{name}() is not RPython", f"use ouro.rlib.objectmodel.{better}")


@builtin(open)
def _open(engine: Engine, operation: Operation, *values: Annotation, **options: Annotation) -> Annotation:
    raise Complaint("open() is not RPython", "use ouro.rlib.rfile or ouro.rlib.rposix")


@builtin(input, eval, exec, compile, globals, locals, vars, dir, __import__, delattr, map, filter)
def _not_rpython(engine: Engine, operation: Operation, *values: Annotation, **options: Annotation) -> Annotation:
    name = called(operation).__name__
    raise Complaint(f"{name}() is not RPython", _INSTEAD.get(name, ""))


_INSTEAD = {
    "map": "write a loop or a list comprehension",
    "filter": "write a loop or a list comprehension",
    "input": "read with ouro.rlib.rfile",
    "vars": "name the attributes",
    "delattr": "assign None",
}


# ---- weak references


@builtin(weakref.ref)
def _weak_reference(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    if isinstance(value, a.NoneValue):
        return IMPOSSIBLE
    if not isinstance(value, a.Instance):
        raise Complaint(f"a weak reference to {value}", "weak references are to instances")
    return a.WeakReference(value.class_description)


@callable_kind(a.WeakReference)
def _dereference(engine: Engine, operation: Operation, ref: a.WeakReference, arguments: Arguments) -> Annotation:
    if ref.class_description is None:
        return NONE
    return a.Instance(ref.class_description, True)


# ---- math

_FLOAT_FUNCTIONS = (
    "sqrt sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh exp expm1 log log10 log1p pow fmod hypot "
    "fabs degrees radians"
).split()


@builtin(*[getattr(math, name) for name in _FLOAT_FUNCTIONS])
def _math(engine: Engine, operation: Operation, *values: Annotation) -> Annotation:
    for value in values:
        _number(value, "a function of math")
    return FLOAT


@builtin(math.modf)
def _modf(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return a.Tuple((FLOAT, FLOAT))


@method(a.Float, "is_integer")
def _is_integer(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return BOOL


@builtin(object)
def _object(engine: Engine, operation: Operation) -> Annotation:
    raise Complaint("instances of object cannot be made", "define a class: class Marker: pass")

