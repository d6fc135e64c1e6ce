"""The codewriter: from the portals on, everything that the tracer looks into becomes a jitcode."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ouro.flowspace import Constant, FunctionGraph, Operation
from ouro.graphopt import build_call_graph
from ouro.jitcore.codewriter.assembler import assemble
from ouro.jitcore.codewriter.checks import check_drivers
from ouro.jitcore.codewriter.effects import RAISES, RAISES_MEMORY_ERROR, EffectAnalysis, graph_of, is_elidable
from ouro.jitcore.codewriter.errors import CodewriterError
from ouro.jitcore.codewriter.graphs import JitGraphs
from ouro.jitcore.codewriter.lowered import Step
from ouro.jitcore.codewriter.lowering import Lowering
from ouro.jitcore.codewriter.operation_functions import OperationFunctions
from ouro.jitcore.codewriter.policy import Policy
from ouro.jitcore.codewriter.registers import assign_registers
from ouro.jitcore.codewriter.rules_calls import residual_call
from ouro.jitcore.codewriter.specials import special_of_function, special_of_operation
from ouro.jitcore.codewriter.virtualizables import Virtualizables
from ouro.jitcore.descriptors.from_types import DescriptorTable, kind_of_type
from ouro.jitcore.descriptors.memory import ArrayDescriptor, FieldDescriptor, InteriorFieldDescriptor
from ouro.jitcore.errors import place_of
from ouro.jitcore.jitcode import JitCode, JitProgram
from ouro.jitcore.jitcode.building import ConstantOperand, EncodingError, ProgramTables
from ouro.jitcore.portal import Portal
from ouro.jitcore.portal.split import markers
from ouro.jitcore.text.names import NO_NAME
from ouro.lltype import Bool, GcStruct, Pointer, cast_pointer, resolve
from ouro.rtyper import STRING_POINTER, VTABLE_POINTER, TypedProgram, string_equal


def write_jitcodes(
    program: TypedProgram,
    portals: Sequence[Portal],
    descriptors: DescriptorTable,
    policy: Policy | None = None,
) -> JitProgram:
    """Write the jitcodes of a program.

    Args:
        program: typed, with the markers for the JIT in it, before the collector's transform. Functions for single
            operations are added to it.
        portals: what `split_portals` gave for it.
        descriptors: where descriptors and the addresses of functions and classes come from.
        policy: which functions to look into.

    Raises:
        CodewriterError: the program contradicts its hints.
    """
    return Writer(program, portals, descriptors, policy or Policy()).run()


class Writer:
    """What the parts of one run share."""

    def __init__(
        self, program: TypedProgram, portals: Sequence[Portal], descriptors: DescriptorTable, policy: Policy
    ) -> None:
        self.program = program
        self.portals = portals
        self.descriptors = descriptors
        self.policy = policy
        self.tables = ProgramTables()
        self.jitcodes: list[JitCode] = []
        self._jitcode_of: dict[FunctionGraph, JitCode] = {}
        self._graph_of: dict[JitCode, FunctionGraph] = {}
        self._pending: list[FunctionGraph] = []
        self._at_address: dict[FunctionGraph, JitCode] = {}
        self._names: dict[str, int] = {}
        self._kinds: dict[Any, str] = {}
        self.virtualizables = Virtualizables(descriptors)
        self.described = [self._virtualizable_of(portal) for portal in portals]
        self.effects = EffectAnalysis(program, build_call_graph(program))
        self.graphs = JitGraphs(program, self.effects, self.virtualizables.is_array_field)
        self.functions = OperationFunctions(program)
        self._portal_of = {portal.graph: portal for portal in portals}
        self._portal_of_driver = {portal.driver: portal for portal in portals}
        policy.start(self.graphs, self._portal_of)

    def run(self) -> JitProgram:
        """Write everything."""
        check_drivers(self.program, self.portals)
        portals = [self.jitcode_of(portal.graph) for portal in self.portals]
        while self._pending:
            self._write(self._pending.pop())
        used = [
            one for one in self.tables.descriptors
            if isinstance(one, (FieldDescriptor, ArrayDescriptor, InteriorFieldDescriptor))
        ]
        self.effects.fill_in(self.descriptors, used)
        addresses = [self.address_of(self.program.function_pointer(graph)) for graph in self._at_address]
        return JitProgram(
            self.jitcodes, self.tables.descriptors, self.tables.liveness, portals, self.described,
            addresses, list(self._at_address.values()),
        )

    def _write(self, graph: FunctionGraph) -> None:
        jitcode = self._jitcode_of[graph]
        lowered = Lowering(self, self.graphs.of(graph)).run()
        assign_registers(lowered)
        try:
            assemble(lowered, jitcode, self.tables)
        except EncodingError as error:
            raise CodewriterError(str(error), graph) from error

    # ---- jitcodes

    def jitcode_of(self, graph: FunctionGraph) -> JitCode:
        """The jitcode of a graph, written later if it is new."""
        known = self._jitcode_of.get(graph)
        if known is None:
            known = JitCode(
                self._free_name(graph.name), len(self.jitcodes), self._argument_kinds(graph),
                self.kind_of(graph.getreturnvar().concretetype), place_of(graph, None).removesuffix(": "),
            )
            function = self.program.function_pointer(graph)
            known.address = self.address_of(function)
            known.call = self.descriptors.call(
                resolve(function._T).TO, self.effects.descriptor(self.effects.of_graph(graph)))
            self.jitcodes.append(known)
            self._jitcode_of[graph] = known
            self._graph_of[known] = graph
            self._pending.append(graph)
        return known

    def jitcode_at_address(self, graph: FunctionGraph) -> None:
        """See that the tracer finds the jitcode of a graph by the address of the function."""
        self._at_address[graph] = self.jitcode_of(graph)

    def _argument_kinds(self, graph: FunctionGraph) -> str:
        return "".join(kind for kind in (self.kind_of(v.concretetype) for v in graph.getargs()) if kind != "n")

    def _free_name(self, name: str) -> str:
        name = NO_NAME.sub("_", name)
        count = self._names.get(name, 0)
        self._names[name] = count + 1
        return f"{name}.{count + 1}" if count else name

    # ---- portals

    def portal_of(self, graph: FunctionGraph) -> Portal:
        """The portal that a graph is."""
        return self._portal_of[graph]

    def portal_of_driver(self, driver: Any) -> Portal | None:
        """The portal of a driver; None for one without merge point."""
        return self._portal_of_driver.get(driver)

    def _virtualizable_of(self, portal: Portal) -> Any:
        names = portal.driver.virtualizables
        if not names:
            return None
        reds = portal.graph.getargs()[len(portal.green_kinds):]
        variable = reds[portal.red_names.index(names[0])]
        (_, marker), = list(markers(portal.graph, "jit_merge_point"))[:1]
        return self.virtualizables.describe(resolve(variable.concretetype), names[0], portal.graph, marker.position)

    # ---- facts about types, classes and calls

    def kind_of(self, TYPE: Any) -> str:
        """`kind_of_type`, remembered."""
        known = self._kinds.get(TYPE)
        if known is None:
            known = self._kinds[TYPE] = kind_of_type(TYPE)
        return known

    def address_of(self, pointer: Pointer) -> Any:
        """The word, perhaps symbolic, of a raw pointer."""
        return self.descriptors.address_of(pointer)

    def class_pointer(self, vtable: Pointer) -> Pointer:
        """A vtable under the type that all have in common, so that its address is always the same one."""
        return cast_pointer(VTABLE_POINTER, vtable)

    def is_instance_type(self, TYPE: Any) -> bool:
        """Is a structure that of instances of a class (or the root of them)?"""
        TYPE = resolve(TYPE)
        while isinstance(TYPE, GcStruct):
            if TYPE is self.program.exceptions.object_type:
                return True
            if not TYPE.types:
                return False
            TYPE = resolve(TYPE.types[0])
        return False

    def covers(self, handler: Constant, vtable: Pointer) -> bool:
        """Does a handler for a class catch exceptions of another class?"""
        caught = self.class_pointer(handler.value)
        number = vtable.subclass_range_min
        return bool(caught.subclass_range_min <= number < caught.subclass_range_max)

    def catches_everything(self, handler: Constant) -> bool:
        """Does a handler catch all exceptions?"""
        name = self.class_pointer(handler.value).name
        return bool(name) and "".join(name) in ("BaseException", "object")

    def step_can_raise(self, step: Step) -> bool:
        """May an exception come back from a call instruction?"""
        name = step.name
        if name.startswith("inline_call"):
            flags = self.effects.of_graph(self._graph_of[step.operands[0]]).flags
            return bool(flags & (RAISES | RAISES_MEMORY_ERROR))
        if name.startswith("recursive_call"):
            return True
        if name in ("force_quasi_immutable", "force_virtual_ref"):
            return False
        return bool(step.operands[-1].effect.can_raise())

    # ---- for rules

    def call_operation(self, lowering: Lowering, operation: Operation) -> Any:
        """Call a function that does one operation."""
        graph, arguments = self.functions.graph_for(operation)
        pointer = self.program.function_pointer(graph)
        effect = self.effects.descriptor(
            self.effects.of_graph(graph), None, special_of_operation(operation), elidable=is_elidable(operation))
        address = ConstantOperand("i", self.address_of(pointer))
        return residual_call(lowering, address, resolve(pointer._T).TO, arguments, effect)

    def promote(self, lowering: Lowering, value: Any, by_content: bool = True) -> Any:
        """Promote a variable; a string by content if asked."""
        operand = lowering.operand(value)
        if isinstance(operand, ConstantOperand):
            return operand
        if by_content and value.concretetype is STRING_POINTER:
            function = self.program.add_helper(string_equal, [STRING_POINTER, STRING_POINTER], Bool).value
            graph = graph_of(function)
            assert graph is not None
            effect = self.effects.descriptor(
                self.effects.of_graph(graph), graph.func, special_of_function(graph.func), graph)
            descriptor = self.descriptors.call(resolve(function._T).TO, effect)
            address = ConstantOperand("i", self.address_of(function))
            return lowering.emit("string_guard_value", operand, address, descriptor, kind="r")
        word = {"i": "int", "r": "reference", "f": "float"}[operand.kind]
        lowering.emit(f"{word}_guard_value", operand)
        return operand
