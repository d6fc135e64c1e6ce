"""What is meant for the JIT: hints, markers, virtual references; and what means nothing to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ouro.flowspace import Constant, Operation
from ouro.jitcore.codewriter.rules_calls import by_kind
from ouro.jitcore.codewriter.rules_numbers import Rule
from ouro.jitcore.jitcode.building import ConstantOperand
from ouro.lltype import resolve
from ouro.rtyper import STRING_POINTER

if TYPE_CHECKING:
    from ouro.jitcore.codewriter.lowering import Lowering

JIT_RULES: dict[str, Rule] = {}

#: The flags of `hint`.
HINTS = frozenset([
    "promote", "promote_string", "promote_unicode", "access_directly", "fresh_virtualizable", "force_virtualizable",
])

WORDS = {"i": "int", "r": "reference", "f": "float"}


def _rule(names: str) -> Callable[[Rule], Rule]:
    def register(rule: Rule) -> Rule:
        for name in names.split():
            JIT_RULES[name] = rule
        return rule

    return register


@_rule("debug_assert debug_assert_not_none debug_record_traceback debug_traceback_reset")
def _nothing(lowering: Lowering, operation: Operation) -> None:
    """Nothing: assertions hold."""


@_rule("jit_force_virtualizable")
def _force_virtualizable(lowering: Lowering, operation: Operation) -> None:
    """Nothing in front of the use of one field, which is an instruction of its own; else the whole object is forced."""
    if not operation.args[1].value:  # type: ignore[union-attr]
        lowering.emit("hint_force_virtualizable", lowering.operand(operation.args[0]))


@_rule("we_are_jitted")
def _jitted(lowering: Lowering, operation: Operation) -> Any:
    return lowering.integer(1)


@_rule("hint")
def _hint(lowering: Lowering, operation: Operation) -> Any:
    value, flags = operation.args[0], operation.args[1].value  # type: ignore[union-attr]
    unknown = sorted(set(flags) - HINTS)
    if unknown:
        raise lowering.fail(f"there is no hint {', '.join(unknown)}", "the hints are " + ", ".join(sorted(HINTS)))
    operand = lowering.operand(value)
    if flags.get("promote_string") and resolve(value.concretetype) is not STRING_POINTER:
        raise lowering.fail("promote_string of something that is no string", "use promote")
    if flags.get("promote") or flags.get("promote_string") or flags.get("promote_unicode"):
        if flags.get("promote") or isinstance(operand, ConstantOperand):
            lowering.writer.promote(lowering, value, by_content=False)
        else:
            return lowering.writer.promote(lowering, value)
    if flags.get("force_virtualizable"):
        lowering.emit("hint_force_virtualizable", operand)
    return operand


@_rule("jit_marker")
def _marker(lowering: Lowering, operation: Operation) -> None:
    name, driver = (argument.value for argument in operation.args[:2])  # type: ignore[union-attr]
    portal = lowering.writer.portal_of_driver(driver)
    if portal is None:
        return
    if name == "jit_merge_point":
        arguments = operation.args[2:]
        greens, reds = arguments[: len(portal.green_kinds)], arguments[len(portal.green_kinds) :]
        for green in greens:
            lowering.writer.promote(lowering, green, by_content=False)
        lowering.emit("jit_merge_point", portal.index, *by_kind(lowering, greens), *by_kind(lowering, reds))
    elif name in ("can_enter_jit", "loop_header"):
        lowering.emit("loop_header", portal.index)


@_rule("jit_is_constant")
def _is_constant(lowering: Lowering, operation: Operation) -> Any:
    operand = lowering.operand(operation.args[0])
    if isinstance(operand, ConstantOperand):
        return lowering.integer(1)
    return lowering.emit(f"{WORDS[operand.kind]}_is_constant", operand, kind="i")


@_rule("jit_is_virtual")
def _is_virtual(lowering: Lowering, operation: Operation) -> Any:
    return lowering.emit("reference_is_virtual", lowering.operand(operation.args[0]), kind="i")


@_rule("jit_record_exact_class")
def _record_exact_class(lowering: Lowering, operation: Operation) -> None:
    value, vtable = operation.args
    assert isinstance(vtable, Constant)
    address = lowering.writer.address_of(lowering.writer.class_pointer(vtable.value))
    lowering.emit("record_exact_class", lowering.operand(value), lowering.integer(address))


@_rule("jit_record_exact_value")
def _record_exact_value(lowering: Lowering, operation: Operation) -> None:
    value, constant = (lowering.operand(argument) for argument in operation.args)
    if not isinstance(value, ConstantOperand) and value.kind != "f":
        lowering.emit(f"{WORDS[value.kind]}_record_exact_value", value, constant)


@_rule("jit_force_quasi_immutable")
def _force_quasi_immutable(lowering: Lowering, operation: Operation) -> None:
    pointer, name = operation.args[0], operation.args[1].value  # type: ignore[union-attr]
    descriptor = lowering.writer.descriptors.field(pointer.concretetype.TO, name)
    lowering.emit("force_quasi_immutable", lowering.operand(pointer), descriptor)


@_rule("jit_virtual_ref")
def _virtual_ref(lowering: Lowering, operation: Operation) -> Any:
    return lowering.emit("virtual_ref", lowering.operand(operation.args[0]), kind="r")


@_rule("jit_virtual_ref_finish")
def _virtual_ref_finish(lowering: Lowering, operation: Operation) -> None:
    lowering.emit("virtual_ref_finish", *[lowering.operand(argument) for argument in operation.args])


@_rule("jit_force_virtual")
def _force_virtual(lowering: Lowering, operation: Operation) -> Any:
    reference = lowering.operand(operation.args[0])
    lowering.emit("promote_virtual_ref", reference)
    return lowering.emit("force_virtual_ref", reference, kind="r")
