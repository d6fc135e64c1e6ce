"""One run through compiled traces: an instruction at a time, a method for each group of operations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ouro.jitcore import operations as ops
from ouro.jitcore.descriptors import Descriptor, GuardDescriptor
from ouro.jitcore.model.arithmetic import COMPUTE, HIGHEST, LOWEST, OVERFLOWING, bits_of, wrap
from ouro.jitcore.model.errors import ModelError
from ouro.jitcore.trace import NOTHING, NULL_REFERENCE, Trace, is_constant
from ouro.lltype import (
    GCREF,
    cast_adr_to_int,
    cast_int_to_adr,
    cast_int_to_ptr,
    cast_opaque_ptr,
    cast_ptr_to_int,
    load,
    opaqueptr,
    raw_malloc,
    store,
    varsize_array,
)
from ouro.rtyper import LowLevelException

DEFAULTS = {"i": 0, "f": 0.0, "r": NULL_REFERENCE, "n": None}


class Code:
    """A compiled trace."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.invalidated = False
        self.input_kinds = "".join(trace.kind_of(number) for number in range(trace.input_count()))


class Execution:
    """A frame of compiled code: `values` by reference in the trace of `code`, and where the run is.

    Attributes:
        exception: the pending exception as a GCREF, null for none.
        forced: a call looked into this frame; the guard behind the call fails.
        on_purpose: see `Backend.fail_guards`.
        kept_when_forced: what `Backend.keep_forced` keeps.
    """

    def __init__(self, backend: Any, code: Code, arguments: list[Any]) -> None:
        self.backend = backend
        self.memory = backend.memory
        self.exception = NULL_REFERENCE
        self.overflowed = False
        self.forced = False
        self.on_purpose = False
        self.kept_when_forced: Any = None
        self._start(code, arguments)

    def run(self) -> Descriptor:
        """Run until the trace finishes or a guard without bridge fails: the descriptor of where."""
        while True:
            opcodes = self.code.trace.opcodes
            number = self.number
            opcode = opcodes[number]
            self.number = number + 1
            if ops.is_guard(opcode) and self.backend.fails_on_purpose(self.trace.descriptors[number]):
                self.on_purpose = True
                return self.trace.descriptors[number]
            result = STEPS[opcode](self, number)
            if opcode in ENDS:
                if result is not None:
                    return result
            elif ops.is_guard(opcode) and not result:
                guard = self._failed(number)
                if guard is not None:
                    return guard
            elif not ops.is_guard(opcode):
                self.values[number] = result

    def kept(self, descriptor: Descriptor) -> list[Any]:
        """The values that a way out keeps; None for positions that are not used."""
        if isinstance(descriptor, GuardDescriptor):
            return [None if value == NOTHING else self.value(value) for value in descriptor.values]
        return [self.value(value) for value in self.trace.operand_list(self.number - 1)]

    def force(self) -> GuardDescriptor:
        """Let the guard behind the call that runs now fail; its descriptor."""
        number = self.number
        if number >= self.trace.length() or self.trace.opcodes[number] != ops.GUARD_NOT_FORCED:
            raise ModelError("the frame is not in a call that may force it")
        self.forced = True
        # the call has no result yet
        call = number - 1
        self.values[call] = DEFAULTS[ops.result_kind(self.trace.opcodes[call])]
        return self.trace.descriptors[number]

    def value(self, reference: int) -> Any:
        """The value of a reference."""
        if is_constant(reference):
            constants = self.trace.constants
            kind = self.trace.kind_of(reference)
            if kind == "i":
                return wrap(constants.int_of(reference))
            return constants.float_of(reference) if kind == "f" else constants.reference_of(reference)
        return self.values[reference]

    def operands(self, number: int) -> list[Any]:
        """The values of the operands of an instruction."""
        return [self.value(reference) for reference in self.trace.operand_list(number)]

    def descriptor(self, number: int) -> Any:
        """The descriptor of an instruction."""
        return self.trace.descriptors[number]

    def _start(self, code: Code, arguments: list[Any]) -> None:
        if len(arguments) != len(code.input_kinds):
            raise ModelError(f"{len(arguments)} arguments for inputs {code.input_kinds!r}")
        self.code = code
        self.trace = code.trace
        self.values: list[Any] = [None] * code.trace.length()
        self.values[: len(arguments)] = arguments
        self.number = len(arguments)

    def _failed(self, number: int) -> GuardDescriptor | None:
        guard = self.trace.descriptors[number]
        self.forced = False
        if guard.bridge is None:
            guard.failures += 1
            return guard
        arguments = [value for value in self.kept(guard) if value is not None]
        self._start(guard.bridge, arguments)
        return None

    # flow

    def _label(self, number: int) -> None:
        passed = {reference: self.values[reference] for reference in self.trace.operand_list(number)}
        self.values = [passed.get(reference) for reference in range(self.trace.length())]

    def _jump(self, number: int) -> None:
        target = self.descriptor(number)
        if target.code is None:
            raise ModelError(f"a jump to {target.name}, which is not compiled")
        arguments = self.operands(number)
        given = "".join(self.trace.kind_of(reference) for reference in self.trace.operand_list(number))
        trace = target.code.trace
        passed = trace.operand_list(target.place)
        wanted = "".join(trace.kind_of(reference) for reference in passed)
        if given != wanted:
            raise ModelError(f"a jump to {target.name} with {given!r}, which takes {wanted!r}")
        self.code, self.trace = target.code, trace
        self.values = [None] * trace.length()
        for reference, value in zip(passed, arguments):
            self.values[reference] = value
        self.number = target.place + 1

    def _finish(self, number: int) -> Descriptor:
        return self.descriptor(number)

    def _force_token(self, number: int) -> Any:
        return opaqueptr(GCREF.TO, "frame", execution=self)

    def _first(self, number: int) -> Any:
        return self.operands(number)[0]

    def _nothing(self, number: int) -> None:
        return None

    # arithmetic

    def _overflowing(self, number: int) -> int:
        exact = OVERFLOWING[self.trace.opcodes[number]](*self.operands(number))
        self.overflowed = not LOWEST <= exact <= HIGHEST
        return wrap(exact)

    # calls

    def _call_function(self, descriptor: Any, address: int, arguments: list[Any]) -> Any:
        try:
            return self.memory.call(descriptor, address, arguments)
        except LowLevelException as exception:
            self.exception = cast_opaque_ptr(GCREF, exception.value)
            return DEFAULTS[descriptor.result_kind]

    def _call(self, number: int) -> Any:
        address, *arguments = self.operands(number)
        return self._call_function(self.descriptor(number), address, arguments)

    def _conditional_call(self, number: int) -> None:
        condition, address, *arguments = self.operands(number)
        if condition:
            self._call_function(self.descriptor(number), address, arguments)

    def _conditional_call_value(self, number: int) -> Any:
        value, address, *arguments = self.operands(number)
        return value or self._call_function(self.descriptor(number), address, arguments)

    def _call_assembler(self, number: int) -> Any:
        token = self.descriptor(number)
        try:
            return self.backend.call_assembler(token, self.operands(number))
        except LowLevelException as exception:
            self.exception = cast_opaque_ptr(GCREF, exception.value)
            return DEFAULTS[token.result_kind]

    # guards: True where they hold

    def _guard_bool(self, number: int) -> bool:
        value = self._first(number)
        if value not in (0, 1):
            raise ModelError(f"a guard of a bool that is {value!r}")
        return value == (self.trace.opcodes[number] == ops.GUARD_TRUE)

    def _guard_value(self, number: int) -> bool:
        value, wanted = self.operands(number)
        return bits_of(value) == bits_of(wanted) if isinstance(value, float) else value == wanted

    def _guard_class(self, number: int) -> bool:
        reference, wanted = self.operands(number)
        return self.memory.class_of(reference) == wanted

    def _guard_nonnull_class(self, number: int) -> bool:
        return bool(self._first(number)) and self._guard_class(number)

    def _guard_subclass(self, number: int) -> bool:
        reference, base = self.operands(number)
        return self.memory.is_subclass(self.memory.class_of(reference), base)

    def _guard_gc_type(self, number: int) -> bool:
        reference, wanted = self.operands(number)
        return self.memory.descriptors.type_id(self.memory.type_of_object(reference)) == wanted

    def _guard_exception(self, number: int) -> bool:
        if not self.exception or self.memory.class_of(self.exception) != self._first(number):
            return False
        self.values[number] = self.exception
        self.exception = NULL_REFERENCE
        return True

    # allocation and strings

    def _new(self, number: int) -> Any:
        return self.memory.new(self.descriptor(number))

    def _new_array(self, number: int) -> Any:
        clear = self.trace.opcodes[number] == ops.NEW_ARRAY_CLEAR
        return self.memory.new_array(self.descriptor(number), self._first(number), clear)

    def _new_raw_buffer(self, number: int) -> int:
        size = self._first(number)
        if size < 0:
            raise ModelError(f"a buffer of {size} bytes")
        return cast_adr_to_int(raw_malloc(size))

    def _copy_string_content(self, number: int) -> None:
        source, target, source_start, target_start, length = self.operands(number)
        descriptor, memory = self.descriptor(number), self.memory
        if length < 0 or source == target:
            raise ModelError("copystrcontent of one string, or of a negative number of characters")
        for index in range(length):
            character = memory.get_item(descriptor, source, source_start + index)
            memory.set_item(descriptor, target, target_start + index, character)

    # raw memory

    def _raw_load(self, number: int) -> Any:
        base, offset = self.operands(number)
        ITEM = varsize_array(self.memory.descriptors.type_of(self.descriptor(number))).ITEM
        return self.memory.to_trace(ITEM, load(ITEM, cast_int_to_adr(base + offset)))

    def _raw_store(self, number: int) -> None:
        base, offset, value = self.operands(number)
        ITEM = varsize_array(self.memory.descriptors.type_of(self.descriptor(number))).ITEM
        store(ITEM, cast_int_to_adr(base + offset), 0, self.memory.from_trace(ITEM, value))


Step = Callable[[Execution, int], Any]


def _compute(function: Callable[..., Any], kind: str) -> Step:
    if kind == "i":
        return lambda execution, number: int(function(*execution.operands(number)))
    return lambda execution, number: function(*execution.operands(number))


def _memory(name: str) -> Step:
    """A method of `Memory` that takes the descriptor and the operands."""

    def step(execution: Execution, number: int) -> Any:
        return getattr(execution.memory, name)(execution.descriptor(number), *execution.operands(number))

    return step


def _is_instance(execution: Execution, number: int) -> bool:
    return execution.memory.is_instance(execution.operands(number)[0])


_REFERENCE_OPERATIONS: dict[int, Callable[..., Any]] = {
    ops.PTR_EQ: lambda a, b: a == b,
    ops.PTR_NE: lambda a, b: a != b,
    ops.INSTANCE_PTR_EQ: lambda a, b: a == b,
    ops.INSTANCE_PTR_NE: lambda a, b: a != b,
    ops.PTR_ISZERO: lambda a: not a,
    ops.PTR_NONZERO: bool,
    ops.CAST_PTR_TO_INT: lambda a: cast_ptr_to_int(a),
    ops.CAST_INT_TO_PTR: lambda a: cast_int_to_ptr(GCREF, a),
}

#: What the operations of a family (all kinds of the name) do.
_FAMILIES: dict[str, Step] = {
    "getfield_gc": _memory("get_field"),
    "getfield_raw": _memory("get_field"),
    "getarrayitem_gc": _memory("get_item"),
    "getarrayitem_raw": _memory("get_item"),
    "getinteriorfield_gc": _memory("get_interior_field"),
    "raw_load": Execution._raw_load,
    "call": Execution._call,
    "call_pure": Execution._call,
    "call_may_force": Execution._call,
    "call_loop_invariant": Execution._call,
    "call_release_lock": Execution._call,
    "call_assembler": Execution._call_assembler,
    "cond_call_value": Execution._conditional_call_value,
}

_OTHERS: dict[int, Step] = {
    ops.SETFIELD_GC: _memory("set_field"),
    ops.SETFIELD_RAW: _memory("set_field"),
    ops.SETARRAYITEM_GC: _memory("set_item"),
    ops.SETARRAYITEM_RAW: _memory("set_item"),
    ops.SETINTERIORFIELD_GC: _memory("set_interior_field"),
    ops.ARRAYLEN_GC: _memory("length"),
    ops.STRLEN: _memory("length"),
    ops.STRGETITEM: _memory("get_item"),
    ops.STRSETITEM: _memory("set_item"),
    ops.COPYSTRCONTENT: Execution._copy_string_content,
    ops.RAW_STORE: Execution._raw_store,
    ops.LOAD_CLASS: lambda execution, number: execution.memory.class_of(execution.operands(number)[0]),
    ops.NEW: Execution._new,
    ops.NEW_WITH_VTABLE: Execution._new,
    ops.NEW_ARRAY: Execution._new_array,
    ops.NEW_ARRAY_CLEAR: Execution._new_array,
    ops.NEWSTR: Execution._new_array,
    ops.NEW_RAW_BUFFER: Execution._new_raw_buffer,
    ops.COND_CALL: Execution._conditional_call,
    ops.GUARD_TRUE: Execution._guard_bool,
    ops.GUARD_FALSE: Execution._guard_bool,
    ops.GUARD_VALUE: Execution._guard_value,
    ops.GUARD_CLASS: Execution._guard_class,
    ops.GUARD_NONNULL: lambda execution, number: bool(execution.operands(number)[0]),
    ops.GUARD_ISNULL: lambda execution, number: not execution.operands(number)[0],
    ops.GUARD_NONNULL_CLASS: Execution._guard_nonnull_class,
    ops.GUARD_IS_OBJECT: _is_instance,
    ops.GUARD_SUBCLASS: Execution._guard_subclass,
    ops.GUARD_GC_TYPE: Execution._guard_gc_type,
    ops.GUARD_OVERFLOW: lambda execution, number: execution.overflowed,
    ops.GUARD_NO_OVERFLOW: lambda execution, number: not execution.overflowed,
    ops.GUARD_EXCEPTION: Execution._guard_exception,
    ops.GUARD_NO_EXCEPTION: lambda execution, number: not execution.exception,
    ops.GUARD_NOT_INVALIDATED: lambda execution, number: not execution.code.invalidated,
    ops.GUARD_NOT_FORCED: lambda execution, number: not execution.forced,
    ops.GUARD_FUTURE_CONDITION: lambda execution, number: True,
    ops.GUARD_ALWAYS_FAILS: lambda execution, number: False,
    ops.LABEL: Execution._label,
    ops.JUMP: Execution._jump,
    ops.FINISH: Execution._finish,
    ops.COPY_I: Execution._first,
    ops.COPY_R: Execution._first,
    ops.COPY_F: Execution._first,
    ops.FORCE_TOKEN: Execution._force_token,
    ops.VIRTUAL_REF: Execution._first,
}

ENDS = (ops.JUMP, ops.FINISH)


def _make_steps() -> dict[int, Step]:
    steps = dict(_OTHERS)
    for opcode, function in {**COMPUTE, **_REFERENCE_OPERATIONS}.items():
        steps[opcode] = _compute(function, ops.result_kind(opcode))
    for opcode in OVERFLOWING:
        steps[opcode] = Execution._overflowing
    for opcode, name in enumerate(ops.names):
        if name[:-2] in _FAMILIES:
            steps[opcode] = _FAMILIES[name[:-2]]
        elif opcode not in steps and ops.has_flag(opcode, ops.MARKER):
            steps[opcode] = Execution._nothing
    return steps


#: What each operation does; those that only a backend makes have no place here.
STEPS = _make_steps()
