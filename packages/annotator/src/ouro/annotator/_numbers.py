"""Operations on numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ouro.annotator import annotations as a
from ouro.annotator._dispatch import handler, raises
from ouro.annotator._errors import Complaint
from ouro.annotator._join import is_unsigned, rank_of
from ouro.annotator.annotations import BOOL, FLOAT, NO_CONSTANT, Annotation

if TYPE_CHECKING:
    from ouro.annotator._engine import Engine
    from ouro.flowspace import Operation


def integer(kind: type, nonneg: bool = False) -> a.Integer:
    """An integer of a kind; the shared instances for plain ones."""
    if kind is int or kind is bool:
        return a.NONNEG_INTEGER if nonneg else a.INTEGER
    return a.Integer(kind, nonneg or is_unsigned(kind))


def result_kind(left: a.Integer, right: a.Integer) -> type:
    """The type of an operation on two integers."""
    mine, other = left.kind, right.kind
    if mine is other:
        return int if mine is bool else mine
    if rank_of(mine) < rank_of(other):
        mine, other = other, mine
        left, right = right, left
    if is_unsigned(mine) and not is_unsigned(other) and not right.nonneg:
        raise Complaint(
            f"{mine.__name__} and a signed integer that may be negative are mixed",
            "convert one of them: r_uint(x) or intmask(x)",
        )
    return mine


def _binary(names: str, nonneg: Any) -> None:
    """Register an integer operation; `nonneg(left, right)` says whether the result cannot be negative."""

    def operate(engine: Engine, operation: Operation, left: a.Integer, right: a.Integer) -> Annotation:
        return integer(result_kind(left, right), nonneg(left, right))

    handler(names, a.Integer, a.Integer)(operate)


def _both(left: a.Integer, right: a.Integer) -> bool:
    return left.nonneg and right.nonneg


_binary("add add_ovf mul mul_ovf or_ xor", _both)
_binary("sub sub_ovf", lambda left, right: False)
_binary("floordiv floordiv_ovf", _both)
_binary("mod mod_ovf", lambda left, right: right.nonneg)
_binary("and_", lambda left, right: left.nonneg or right.nonneg)


@handler("lshift lshift_ovf", a.Integer, a.Integer)
def _lshift(engine: Engine, operation: Operation, left: a.Integer, right: a.Integer) -> Annotation:
    kind = int if left.kind is bool else left.kind
    return integer(kind, left.nonneg and operation.opname == "lshift_ovf")


@handler("rshift", a.Integer, a.Integer)
def _rshift(engine: Engine, operation: Operation, left: a.Integer, right: a.Integer) -> Annotation:
    return integer(int if left.kind is bool else left.kind, left.nonneg)


@handler("and_ or_ xor", a.Bool, a.Bool)
def _logic(engine: Engine, operation: Operation, left: a.Bool, right: a.Bool) -> Annotation:
    return BOOL


@handler("truediv", a.Integer, a.Integer)
def _truediv(engine: Engine, operation: Operation, left: a.Integer, right: a.Integer) -> Annotation:
    return FLOAT


@handler("pow", a.Integer, a.Integer)
def _pow(engine: Engine, operation: Operation, left: a.Integer, right: a.Integer) -> Annotation:
    if not right.nonneg:
        raise Complaint(
            "`**` on integers needs an exponent that cannot be negative (the result would be a float)",
            "assert exponent >= 0 before, or use float(x) ** y",
        )
    return integer(int if left.kind is bool else left.kind, left.nonneg)


@handler("add sub mul truediv", a.Float, a.Float)
@handler("add sub mul truediv", a.Float, a.Integer)
@handler("add sub mul truediv", a.Integer, a.Float)
@handler("floordiv mod pow", a.Float, a.Float)
@handler("floordiv mod pow", a.Float, a.Integer)
@handler("floordiv mod pow", a.Integer, a.Float)
def _float_operation(engine: Engine, operation: Operation, left: Annotation, right: Annotation) -> Annotation:
    return FLOAT


@handler("neg", a.Float)
@handler("pos", a.Float)
def _float_unary(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return FLOAT


@handler("neg invert neg_ovf", a.Integer)
def _negated(engine: Engine, operation: Operation, value: a.Integer) -> Annotation:
    return integer(value.kind)


@handler("pos", a.Integer)
def _pos(engine: Engine, operation: Operation, value: a.Integer) -> Annotation:
    return integer(value.kind, value.nonneg)


@handler("abs_ovf", a.Integer)
def _abs_ovf(engine: Engine, operation: Operation, value: a.Integer) -> Annotation:
    return integer(value.kind, True)


# ---- comparisons


@handler("lt le eq ne gt ge", a.Float, a.Float)
@handler("lt le eq ne gt ge", a.Float, a.Integer)
@handler("lt le eq ne gt ge", a.Integer, a.Float)
def _compare_floats(engine: Engine, operation: Operation, left: Annotation, right: Annotation) -> Annotation:
    return BOOL


_MIRRORED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}
_OPPOSITE = {"lt": "ge", "le": "gt", "gt": "le", "ge": "lt", "eq": "ne", "ne": "eq"}


@handler("lt le eq ne gt ge", a.Integer, a.Integer)
def _compare_integers(engine: Engine, operation: Operation, left: a.Integer, right: a.Integer) -> Annotation:
    if left.kind is not right.kind and (is_unsigned(left.kind) != is_unsigned(right.kind)):
        result_kind(left, right)
    if left.kind is not int and right.kind is not int:
        return BOOL
    if left.nonneg is right.nonneg:
        # Both known or both unknown: the test can only say something about a constant bound.
        if left.nonneg:
            return BOOL
    narrowings: dict[bool, dict[Any, Annotation]] = {}
    opname = operation.opname
    for subject, bound, name in ((0, right, opname), (1, left, _MIRRORED[opname])):
        value = (left, right)[subject]
        if value.nonneg or value.kind is not int or value.constant is not NO_CONSTANT:
            continue
        for outcome, relation in ((True, name), (False, _OPPOSITE[name])):
            if _implies_nonneg(relation, bound):
                narrowings.setdefault(outcome, {})[operation.args[subject]] = a.NONNEG_INTEGER
    return a.Bool(narrowings=narrowings) if narrowings else BOOL


def _implies_nonneg(relation: str, bound: a.Integer) -> bool:
    if relation in ("ge", "gt", "eq") and bound.nonneg:
        return True
    return relation == "gt" and bound.constant == -1


@handler("bool", a.Integer)
def _integer_bool(engine: Engine, operation: Operation, value: a.Integer) -> Annotation:
    return BOOL


@handler("bool", a.Bool)
def _bool_bool(engine: Engine, operation: Operation, value: a.Bool) -> Annotation:
    return value


@handler("bool", a.Float)
def _float_bool(engine: Engine, operation: Operation, value: Annotation) -> Annotation:
    return BOOL


@handler("eq ne", a.SingleFloat, a.SingleFloat)
def _single_compare(engine: Engine, operation: Operation, left: Annotation, right: Annotation) -> Annotation:
    return BOOL


raises("floordiv truediv mod inplace_floordiv inplace_truediv inplace_mod", a.Float, ZeroDivisionError)
