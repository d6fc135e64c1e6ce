"""The table of high-level operations: what may stand in a flow graph.

One row an operation: name, number of operands, what it may raise, how it folds on constants, one line of
documentation. The builder, the verifier, the interpreter and the annotator's dispatch are driven by it.

**Exceptions.** `raises` holds what the operation may raise on top of exhausted memory and stack. Inside a
`try` an operation ends its block in `LAST_EXCEPTION` when a clause of that `try` (or one further out) can
catch one of its exceptions:

* rows with `Exception` may run the author's code (calls, properties, `__getitem__`, iterators) and meet
  every clause, those of `finally` and `with` (exit case `BaseException`) too;
* the other rows raise only *where caught*: a clause for the exception itself, a base of it up to
  `Exception`, or a bare `except`. A `finally` does not count. Everywhere else the author promises that the
  exception does not happen.

The same promise holds for `IndexError` and `KeyError` of `getitem`, `setitem` and `delitem` on built-in
containers: those rows have `Exception` for the sake of `__getitem__`, and a stage that finds a list or a dict
raises only if one of the exits is `IndexError` (`KeyError`), `LookupError` or `Exception`. A bare `except`
makes two exits, `Exception` and `BaseException`; a `finally` makes only the second.

`MemoryError` has exits only under a clause that names it (`allocates` rows).
"""

from __future__ import annotations

import operator
from typing import Any, Callable, NamedTuple

ANYTHING = (Exception,)
"""The `raises` of an operation that may run the author's code."""


class OperationSpec(NamedTuple):
    """One row. `arity` is None for a variable number of operands, `minimum` then is the least number.

    `pure`: no effect but the result, so unused ones are dropped. `fold` computes the result from constants
    (it may raise, then nothing is folded). `allocates`: may raise MemoryError. `is_bool`: the result is a
    `bool`. `symbol` is the operator as the author writes it, for messages.
    """

    name: str
    arity: int | None
    raises: tuple[type[BaseException], ...]
    fold: Callable[..., Any] | None
    doc: str
    pure: bool = False
    allocates: bool = False
    is_bool: bool = False
    minimum: int = 0
    symbol: str = ""


_ZERO = (ZeroDivisionError,)
_OVERFLOW = (OverflowError,)


def _binary(
    name: str,
    symbol: str,
    fold: Callable[..., Any],
    raises: tuple[type[BaseException], ...] = (),
    allocates: bool = False,
    is_bool: bool = False,
) -> OperationSpec:
    doc = f"`a {symbol} b`"
    return OperationSpec(name, 2, raises, fold, doc, not raises, allocates, is_bool, symbol=symbol)


def _augmented(spec: OperationSpec) -> OperationSpec:
    return spec._replace(
        name="inplace_" + spec.name.rstrip("_"),
        doc=f"`a {spec.symbol}= b`; the result is what the name is bound to afterwards.",
        pure=False,
        symbol=spec.symbol + "=",
    )


_ARITHMETIC = [
    _binary("add", "+", operator.add, allocates=True),
    _binary("sub", "-", operator.sub),
    _binary("mul", "*", operator.mul, allocates=True),
    _binary("floordiv", "//", operator.floordiv, _ZERO),
    _binary("truediv", "/", operator.truediv, _ZERO),
    _binary("mod", "%", operator.mod, _ZERO),
    _binary("pow", "**", operator.pow, (ZeroDivisionError, OverflowError, ValueError)),
    _binary("lshift", "<<", operator.lshift),
    _binary("rshift", ">>", operator.rshift),
    _binary("and_", "&", operator.and_),
    _binary("or_", "|", operator.or_),
    _binary("xor", "^", operator.xor),
]

_COMPARISONS = [
    _binary("lt", "<", operator.lt, is_bool=True),
    _binary("le", "<=", operator.le, is_bool=True),
    _binary("eq", "==", operator.eq, is_bool=True),
    _binary("ne", "!=", operator.ne, is_bool=True),
    _binary("gt", ">", operator.gt, is_bool=True),
    _binary("ge", ">=", operator.ge, is_bool=True),
    _binary("is_", "is", operator.is_, is_bool=True),
]

_ROWS = [
    *_ARITHMETIC,
    *[_augmented(row) for row in _ARITHMETIC],
    *_COMPARISONS,
    OperationSpec("contains", 2, ANYTHING, None, "`b in a`: the container first.", is_bool=True, symbol="in"),
    OperationSpec("neg", 1, (), operator.neg, "`-a`", pure=True, symbol="-"),
    OperationSpec("pos", 1, (), operator.pos, "`+a`", pure=True, symbol="+"),
    OperationSpec("invert", 1, (), operator.invert, "`~a`", pure=True, symbol="~"),
    OperationSpec("bool", 1, (), bool, "Truth: a test against zero, empty or None.", True, is_bool=True),
    OperationSpec("not_", 1, (), operator.not_, "`not a`", True, is_bool=True, symbol="not"),
    OperationSpec("add_ovf", 2, _OVERFLOW, None, "`ovfcheck(a + b)`", symbol="+"),
    OperationSpec("sub_ovf", 2, _OVERFLOW, None, "`ovfcheck(a - b)`", symbol="-"),
    OperationSpec("mul_ovf", 2, _OVERFLOW, None, "`ovfcheck(a * b)`", symbol="*"),
    OperationSpec("lshift_ovf", 2, _OVERFLOW, None, "`ovfcheck(a << b)`", symbol="<<"),
    OperationSpec("floordiv_ovf", 2, _OVERFLOW + _ZERO, None, "`ovfcheck(a // b)`", symbol="//"),
    OperationSpec("mod_ovf", 2, _OVERFLOW + _ZERO, None, "`ovfcheck(a % b)`", symbol="%"),
    OperationSpec("neg_ovf", 1, _OVERFLOW, None, "`ovfcheck(-a)`", symbol="-"),
    OperationSpec("abs_ovf", 1, _OVERFLOW, None, "`ovfcheck(abs(a))`", symbol="abs"),
    OperationSpec("getitem", 2, ANYTHING, None, "`a[b]`; folds on constant tuples and strings."),
    OperationSpec(
        "unpack",
        2,
        ANYTHING,
        None,
        "The check of `a, b = x` that x has b items, one for each target: ValueError if not, caught or not; "
        "the items are then taken with `getitem`.",
    ),
    OperationSpec("setitem", 3, ANYTHING, None, "`a[b] = c`", allocates=True),
    OperationSpec("delitem", 2, ANYTHING, None, "`del a[b]`"),
    OperationSpec("getslice", 3, (), None, "`a[b:c]`; either end may be the constant None.", allocates=True),
    OperationSpec(
        "setslice",
        4,
        (ValueError,),
        None,
        "`a[b:c] = d`; ValueError where d has another length and the author declared that a is never resized.",
        allocates=True,
    ),
    OperationSpec("delslice", 3, (), None, "`del a[b:c]`"),
    OperationSpec("getattr", 2, ANYTHING, None, "`a.name`; the name is a constant. Runs property getters."),
    OperationSpec("setattr", 3, ANYTHING, None, "`a.name = c`; runs property setters."),
    OperationSpec("delattr", 2, ANYTHING, None, "`del a.name`"),
    OperationSpec("simple_call", None, ANYTHING, None, "`f(*args)`, positional arguments only.", minimum=1),
    OperationSpec("call_args", None, ANYTHING, None, "`f(...)` as the constant `CallShape` says.", minimum=2),
    OperationSpec("iter", 1, ANYTHING, None, "`iter(a)`", allocates=True),
    OperationSpec("next", 1, ANYTHING, None, "`next(a)`; a `for` catches its StopIteration."),
    OperationSpec("len", 1, ANYTHING, None, "`len(a)`"),
    OperationSpec("type", 1, (), None, "`type(a)` of an instance.", pure=True),
    OperationSpec("type_of_raised", 1, (), None, "The class of what `raise a` raises: an exception.", pure=True),
    OperationSpec(
        "isinstance", 2, (), None, "`isinstance(a, b)`; b is a class or tuple.", True, is_bool=True
    ),
    OperationSpec("newtuple", None, (), None, "`(a, b, ...)`", pure=True, allocates=True),
    OperationSpec("newlist", None, (), None, "`[a, b, ...]`", allocates=True),
    OperationSpec(
        "newdict", None, ANYTHING, None, "`{a: b, ...}`: keys and values alternate.", allocates=True
    ),
    OperationSpec("newset", None, ANYTHING, None, "`{a, b, ...}`", allocates=True),
    OperationSpec(
        "format_value",
        3,
        ANYTHING,
        None,
        "`f'{a!conversion:spec}'`: conversion is '', 's', 'r' or 'a', spec a format specification; "
        "`%` with a constant format becomes this too, with conversion '%' and spec such as '04x' or '.2f'.",
        allocates=True,
    ),
    OperationSpec("newstring", None, (), None, "The parts of an f-string joined; all are `str`.", True, True),
    OperationSpec("yield_", 2, (), None, "`yield b` in the generator a; only while this stage builds."),
    OperationSpec("same_as", 1, (), None, "A copy.", pure=True),
    OperationSpec(
        "finish_list",
        1,
        (),
        None,
        "The list of a comprehension; `a` itself is not used any more.",
        allocates=True,
    ),
]

OPERATIONS: dict[str, OperationSpec] = {row.name: row for row in _ROWS}
"""Every high-level operation by name."""

OVERFLOW_VARIANTS = {name[: -len("_ovf")]: name for name in OPERATIONS if name.endswith("_ovf")}
"""Plain operation -> the one `ovfcheck` makes of it."""

INPLACE = {row.name: "inplace_" + row.name.rstrip("_") for row in _ARITHMETIC}
"""Plain binary operation -> its augmented assignment."""
