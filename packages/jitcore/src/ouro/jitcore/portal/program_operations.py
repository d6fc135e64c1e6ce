"""Lets the operations of the program that concern the JIT reach it: behind the codewriter, beside `install_entries`.

    jit_force_virtualizable    before a field of a virtualizable is used: if compiled code has the object in registers,
                               as its token says, the fields are brought up to date first
    jit_force_quasi_immutable  before a quasi-immutable field is written: code that depends on it is invalidated
    jit_force_virtual          the object behind a virtual reference, which compiled code may not have made yet
    jit_set_param              a parameter of one driver or of all
    jit_ask                    statistics, events, ...
    jit_call_for_events        the function that is told of events

All others are left for graphopt to drop. On the way to be typed they were operations and not calls, so that the
codewriter could see what they mean.
"""

from __future__ import annotations

from typing import Any, Callable

from ouro.flowspace import Block, Constant, FunctionGraph, Link, Operation, Variable
from ouro.jitcore.descriptors import CANNOT_RAISE, FORCES, EffectDescriptor
from ouro.jitcore.descriptors.from_types import DescriptorTable
from ouro.jitcore.portal.split import Portal, split_block
from ouro.jitcore.tracer import Helpers, parameters
from ouro.lltype import GCREF, Bool, FuncType, Ptr, Signed, Struct, Void, resolve
from ouro.rlib.jit_hooks import QUESTIONS
from ouro.rtyper import TypedProgram

#: The type of each function that the operations become calls of.
PROGRAM_FUNCTIONS: dict[str, FuncType] = {
    # the number of the virtualizable in `JitProgram.virtualizables`, the object
    "force_virtualizable": FuncType([Signed, GCREF], Void),
    # the object, the index of the field
    "quasi_immutable_changes": FuncType([GCREF, Signed], Void),
    # a virtual reference; the object
    "follow_virtual_reference": FuncType([GCREF], GCREF),
    # the number of the driver or -1, the number of the parameter, its value
    "set_parameter": FuncType([Signed, Signed, Signed], Void),
    # the number of the question, two operands
    "ask": FuncType([Signed, Signed, Signed], Signed),
}

#: The type of the program's function that is told of events.
HOOK_TYPE = FuncType([Signed], Void)

TOKEN = "jit_token"


def install_operations(
    program: TypedProgram,
    portals: list[Portal],
    descriptors: DescriptorTable,
    virtualizables: list[Any],
    function: Callable[[str], Constant],
) -> None:
    """Replace the operations in all graphs.

    Args:
        program: the typed program.
        portals: what `split_portals` gave for it.
        descriptors: the table that the jitcodes were written with.
        virtualizables: `JitProgram.virtualizables`.
        function: gives the function pointer for a name of `PROGRAM_FUNCTIONS`.
    """
    numbers = {}
    for number, description in enumerate(virtualizables):
        if description is not None:
            numbers.setdefault(descriptors.type_of(description.size), number)
    drivers = {portal.driver: portal.index for portal in portals}
    installer = _Installer(drivers, descriptors, numbers, function)
    for graph in list(program.graphs):
        installer.install(graph)


def name_helpers(helpers: Helpers, descriptors: DescriptorTable, function: Callable[[str], Constant]) -> None:
    """Tell the tracer the addresses of those functions that traces call."""
    for name, effect in (
        ("follow_virtual_reference", EffectDescriptor(FORCES)),
        ("quasi_immutable_changes", EffectDescriptor(CANNOT_RAISE, can_invalidate=True)),
    ):
        setattr(helpers, name, descriptors.address_of(function(name).value))
        setattr(helpers, name + "_call", descriptors.call(PROGRAM_FUNCTIONS[name], effect))


class _Installer:
    def __init__(
        self, drivers: dict[Any, int], descriptors: DescriptorTable, numbers: dict[Any, int],
        function: Callable[[str], Constant],
    ) -> None:
        self.drivers = drivers
        self.descriptors = descriptors
        self.numbers = numbers
        self.function = function

    def install(self, graph: FunctionGraph) -> None:
        waiting = list(graph.iterblocks())
        while waiting:
            block = waiting.pop()
            for position, operation in enumerate(block.operations):
                if operation.opname == "jit_force_quasi_immutable":
                    block.operations[position : position + 1] = self._quasi_immutable(operation)
                elif operation.opname == "jit_force_virtual":
                    operation.opname = "direct_call"
                    operation.args = [self.function("follow_virtual_reference"), operation.args[0]]
                elif operation.opname == "jit_ask":
                    operation.opname = "direct_call"
                    operation.args = [self.function("ask"), *operation.args]
                elif operation.opname == "jit_call_for_events":
                    operation.opname = "direct_call"
                    address = self.descriptors.address_of(operation.args[0].value)
                    question = Constant(QUESTIONS.index("call_for_events"), Signed)
                    operation.args = [self.function("ask"), question, Constant(address, Signed), Constant(0, Signed)]
                    operation.result = Variable("nothing", Signed)
                elif operation.opname == "jit_set_param":
                    self._set_parameter(operation)
                elif operation.opname == "jit_force_virtualizable":
                    STRUCT = _home_of_token(operation.args[0].concretetype)
                    number = self.numbers.get(STRUCT)
                    if number is not None:
                        waiting.append(self._force(block, position, STRUCT, number))
                        break

    def _quasi_immutable(self, operation: Operation) -> list[Operation]:
        value, name = operation.args
        field = self.descriptors.field(resolve(value.concretetype).TO, name.value)
        reference = Variable("reference", GCREF)
        arguments = [self.function("quasi_immutable_changes"), reference, Constant(field.index, Signed)]
        return [
            Operation("cast_opaque_ptr", [value], reference, operation.position),
            Operation("direct_call", arguments, operation.result, operation.position),
        ]

    def _set_parameter(self, operation: Operation) -> None:
        driver, name, value = operation.args
        number = -1 if driver.value is None else self.drivers.get(driver.value)
        if number is None:
            return  # a driver without merge point
        operation.opname = "direct_call"
        parameter = Constant(parameters.number_of(name.value), Signed)
        operation.args = [self.function("set_parameter"), Constant(number, Signed), parameter, value]

    def _force(self, block: Block, position: int, STRUCT: Any, number: int) -> Block:
        """Split a block at `jit_force_virtualizable`; the part behind it."""
        operation = block.operations[position]
        rest, _ = split_block(block, position + 1)
        block.operations.pop()
        value = operation.args[0]
        at = operation.position
        owner = value
        if resolve(value.concretetype).TO is not STRUCT:
            owner = Variable("owner", Ptr(STRUCT))
            block.operations.append(Operation("cast_pointer", [value], owner, at))
        token, held = Variable("token", GCREF), Variable("held", Bool)
        block.operations += [
            Operation("getfield", [owner, Constant(TOKEN, Void)], token, at),
            Operation("ptr_nonzero", [token], held, at),
        ]
        (onward,) = block.exits
        call = Block([argument.copy() for argument in onward.target.inputargs] + [owner.copy()], at)
        reference = Variable("reference", GCREF)
        call.operations = [
            Operation("cast_opaque_ptr", [call.inputargs[-1]], reference, at),
            Operation(
                "direct_call",
                [self.function("force_virtualizable"), Constant(number, Signed), reference],
                Variable("nothing", Void), at,
            ),
        ]
        call.exits = [Link(list(call.inputargs[:-1]), rest)]
        forced = Link([*onward.args, owner], call, True)
        onward.exitcase = False
        block.exitswitch, block.exits = held, [onward, forced]
        return rest


def _home_of_token(PTR: Any) -> Any:
    """The structure with the token, among that of a pointer type and those it begins with; None for none."""
    STRUCT = resolve(PTR).TO
    while isinstance(STRUCT, Struct):
        if TOKEN in STRUCT.index:
            return STRUCT
        if not STRUCT.types:
            return None
        STRUCT = resolve(STRUCT.types[0])
    return None
