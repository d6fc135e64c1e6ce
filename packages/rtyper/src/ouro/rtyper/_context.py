"""What a rule sees while an operation is typed: its operands, what is expected of it, and where to emit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from ouro.annotator.annotations import NO_CONSTANT
from ouro.flowspace import Constant, Operation, Variable
from ouro.lltype import Bool, Char, Float, Primitive, Signed, Void
from ouro.rtyper._evaluate import EVALUATORS, Unfoldable
from ouro.rtyper._helpers import low_level
from ouro.rtyper._representation import (
    ImpossibleRepresentation,
    Representation,
    TyperError,
    VoidRepresentation,
    find_conversion,
    find_rule,
)

if TYPE_CHECKING:
    from ouro.rtyper._typer import Typer

__all__ = ["Emitter", "Operand", "OperationContext"]


class Operand:
    """An operand: its annotation and representation, and a low-level value or a host constant."""

    __slots__ = ("annotation", "representation", "value", "host")

    def __init__(self, annotation: Any, representation: Representation, value: Any, host: Any) -> None:
        self.annotation = annotation
        self.representation = representation
        self.value = value
        self.host = host


class Emitter:
    """Collects the low-level operations of a block."""

    __slots__ = ("typer", "operations", "position")

    def __init__(self, typer: Typer) -> None:
        self.typer = typer
        self.operations: list[Operation] = []
        self.position: Any = None

    def constant(self, value: Any, TYPE: Any) -> Constant:
        """A low-level constant."""
        return Constant(value, TYPE)

    def void(self, value: Any) -> Constant:
        """A Void constant: a field name, a type, flags."""
        return Constant(value, Void)

    def emit(self, name: str, args: list[Any], RESULT: Any = Void) -> Any:
        """Emit an operation; plain Python values among the operands become constants.

        A number among them becomes a constant of Signed, Bool or Float, a string, a type or a dictionary a
        Void one. Returns the result variable.
        """
        for index, value in enumerate(args):
            if type(value) is not Variable and type(value) is not Constant:
                args[index] = _plain_constant(value)
        result = Variable("v", RESULT)
        self.operations.append(Operation(name, args, result, self.position))
        return result

    def fold(self, name: str, args: list[Any], RESULT: Any) -> Any:
        """As `emit`, for a pure operation; computes it when all operands are constants."""
        if all(type(value) is Constant for value in args):
            try:
                return Constant(EVALUATORS[name](*[value.value for value in args]), RESULT)
            except (Unfoldable, KeyError, TypeError, OverflowError):
                pass
        return self.emit(name, args, RESULT)

    def convert(self, value: Any, source: Representation, target: Representation) -> Any:
        """A low-level value in another representation."""
        if source is target:
            return value
        function = find_conversion(type(source), type(target))
        if function is not None:
            result = function(self, value, source, target)
            if result is not None:
                return result
        if source.lowleveltype is target.lowleveltype and type(source) is type(target):
            return value
        raise TyperError(f"{source} does not convert to {target}")

    def converts(self, source: Representation, target: Representation) -> bool:
        """Is there a conversion between two representations?"""
        emitter = Emitter(self.typer)
        try:
            emitter.convert(Variable("v", source.lowleveltype), source, target)
        except TyperError:
            return False
        return True

    def common_storage(self, left: Representation, right: Representation) -> Representation:
        """The representation in which values of two representations are compared."""
        left, right = left.storage, right.storage
        if left is right or right.lowleveltype is Void:
            return left
        if left.lowleveltype in (Void, Char, Bool):
            return right
        common = left.common_parts(self, right)
        if common is not None:
            return common
        return left if self.converts(right, left) else right

    def operand_as(self, operand: Operand, target: Representation) -> Any:
        """An operand in a given representation."""
        if operand.host is not NO_CONSTANT:
            TYPE = target.lowleveltype
            if TYPE is Void:
                return Constant(operand.host, Void)
            if not isinstance(operand.representation, ImpossibleRepresentation):
                return self.typer.constant(operand.host, target)
        return self.convert(operand.value, operand.representation, target)

    def helper(self, function: Callable[..., Any], args: list[Any], RESULT: Any = None) -> Any:
        """Call a low-level helper.

        `args` are low-level values and constants; Void constants specialise the helper. The result has the
        type that the helper returns, which must be RESULT where it is given.
        """
        for index, value in enumerate(args):
            if type(value) is not Variable and type(value) is not Constant:
                args[index] = _plain_constant(value)
        pointer = self.typer.helper_pointer(function, args)
        TYPE: Any = pointer._T.TO
        if RESULT is not None and TYPE.RESULT is not RESULT:
            raise TyperError(f"helper {function.__name__} returns {TYPE.RESULT}, not {RESULT}")
        return self.emit("direct_call", [Constant(pointer, pointer._T), *args], TYPE.RESULT)

    def call_pointer(self, pointer: Any, args: list[Any]) -> Any:
        """Call a known function pointer."""
        return self.emit("direct_call", [Constant(pointer, pointer._T), *args], pointer._T.TO.RESULT)

    def call_implied(self, function: Callable[..., Any], args: list[Any]) -> Any:
        """Call a function of `ouro.annotator.implied`, which the annotator made part of the program."""
        return self.call_pointer(self.typer.implied_pointer(function), args)

    def choose(self, value: Any, keys: list[Any], results: list[Any], RESULT: Any) -> Any:
        """The result that belongs to the key which a value is equal to; the last one if no other is."""
        result: Any = Constant(results[-1], RESULT)
        TYPE = value.concretetype
        for key, one in zip(keys[:-1], results[:-1]):
            same = self.emit("ptr_eq", [value, Constant(key, TYPE)], Bool)
            result = self.helper(select, [same, Constant(one, RESULT), result], RESULT)
        return result

    def call_graph(self, graph: Any, args: list[Any]) -> Any:
        """Call a flow graph of the program with low-level arguments in its own representations."""
        return self.call_pointer(self.typer.function_pointer(graph), args)


@low_level
def select(condition, first, second):  # type: ignore[no-untyped-def]
    """One of two values. A low-level helper."""
    if condition:
        return first
    return second


def _plain_constant(value: Any) -> Constant:
    kind = type(value)
    if kind is int:
        return Constant(value, Signed)
    if kind is bool:
        return Constant(value, Bool)
    if kind is float:
        return Constant(value, Float)
    return Constant(value, Void)


class OperationContext(Emitter):
    """An emitter at one high-level operation."""

    __slots__ = ("opname", "source", "operands", "result_annotation", "result", "caught", "extra")

    def __init__(
        self,
        typer: Typer,
        operations: list[Operation],
        source: Operation,
        operands: list[Operand],
        result_annotation: Any,
        result: Representation,
        caught: tuple[Any, ...],
    ) -> None:
        self.typer = typer
        self.operations = operations
        self.position = source.position
        self.opname = source.opname
        self.source = source
        self.operands = operands
        self.result_annotation = result_annotation
        self.result = result
        self.caught = caught
        self.extra: Any = None

    @property
    def count(self) -> int:
        """The number of operands."""
        return len(self.operands)

    def representation(self, index: int) -> Any:
        """The representation of an operand."""
        return self.operands[index].representation

    def annotation(self, index: int) -> Any:
        """The annotation of an operand."""
        return self.operands[index].annotation

    def host(self, index: int) -> Any:
        """The host value of an operand that is a constant; TyperError where it is not."""
        value = self.operands[index].host
        if value is NO_CONSTANT:
            raise TyperError(f"operand {index} of {self.opname} must be a constant")
        return value

    def is_constant(self, index: int) -> bool:
        """Whether the operand's host value is known."""
        return self.operands[index].host is not NO_CONSTANT

    def arg(self, index: int, representation: Representation | None = None) -> Any:
        """An operand as a low-level value, in its own representation or in another."""
        operand = self.operands[index]
        if representation is None:
            representation = operand.representation
        return self.operand_as(operand, representation)

    def arg_type(self, index: int, TYPE: Any) -> Any:
        """An operand as a value of a primitive type."""
        return self.arg(index, self.typer.primitive(TYPE))

    def args(self, start: int = 0) -> list[Any]:
        """All operands from `start`, in their own representations."""
        return [self.arg(index) for index in range(start, len(self.operands))]

    def catches(self, *classes: type) -> bool:
        """Whether a handler around the operation catches one of the exceptions."""
        return any(
            issubclass(raised, caught) or issubclass(caught, raised) for raised in classes for caught in self.caught
        )

    def expects(self, exception: type) -> bool:
        """Whether a handler asks for an exception that is raised only where caught.

        A handler of BaseException (a `finally`) does not.
        """
        return any(caught is not BaseException and issubclass(exception, caught) for caught in self.caught)

    def apply(self, opname: str, *operands: Operand) -> Any:
        """Emit another operation, on other operands, as if the source had written it."""
        first = type(operands[0].representation)
        second = type(operands[1].representation) if len(operands) > 1 else None
        function = find_rule(opname, first, second)
        if function is None:
            shown = ", ".join(str(operand.annotation) for operand in operands)
            raise TyperError(f"no rule for {opname} on {shown}")
        saved = self.opname, self.operands
        self.opname, self.operands = opname, list(operands)
        try:
            return function(self)
        finally:
            self.opname, self.operands = saved

    def pick(self, index: Any, values: list[Any], RESULT: Any) -> Any:
        """One of several values by a number known at run time; the last one if no other is meant."""
        result = values[-1]
        for number, value in enumerate(values[:-1]):
            same = self.emit("int_eq", [index, number], Bool)
            result = self.helper(select, [same, value, result], RESULT)
        return result

    def convert_result(self, value: Any, source: Representation) -> Any:
        """A low-level value as the operation's result."""
        return self.convert(value, source, self.result)

    def is_void(self, index: int) -> bool:
        """Whether the operand has no run-time value."""
        return isinstance(self.operands[index].representation, VoidRepresentation)

    def char_constant(self, value: str) -> Constant:
        """A Char constant."""
        return Constant(value, Char)

    def is_primitive(self, index: int) -> bool:
        """Whether the operand is a number, a character or a truth value."""
        return isinstance(self.operands[index].representation.lowleveltype, Primitive)
