"""Runs typed graphs on the host, against lltype's checked memory: the reference for what they mean.

Every block is compiled once to a list of closures over a register frame. A frame holds the block's input
arguments, then the constants that it uses, then results, so that an operand is always an index. Entering a
block copies its template and fills in the arguments.
"""

from __future__ import annotations

import ctypes
import time
from typing import Any, Callable

from ouro.flowspace import (
    LAST_EXCEPTION,
    Block,
    Constant,
    FunctionGraph,
    Link,
    Operation,
    Variable,
    deep_host_stack,
)
from ouro.lltype import (
    AddressOffset,
    ArrayContainer,
    Bool,
    Char,
    Float,
    FunctionContainer,
    MemoryAccessError,
    Pointer,
    Primitive,
    StructContainer,
    cast_adr_to_int,
    cast_adr_to_ptr,
    cast_int_to_adr,
    cast_int_to_ptr,
    cast_opaque_ptr,
    cast_pointer,
    cast_ptr_to_adr,
    cast_ptr_to_int,
    container_of,
    free,
    identityhash,
    load,
    malloc,
    nullptr,
    pointer_to,
    raw_free,
    raw_malloc,
    raw_memclear,
    raw_memcopy,
    store,
    weakref_create,
    weakref_deref,
)
from ouro.rlib.rffi import get_saved_errno, set_saved_errno
from ouro.rtyper._evaluate import EVALUATORS
from ouro.rtyper._program import TypedProgram

__all__ = ["SIMPLE_OPERATIONS", "FatalError", "LowLevelException", "TypedInterpreter", "cast_primitive"]

Step = Callable[[list[Any]], None]


class LowLevelException(Exception):
    """An RPython exception on its way: the vtable pointer of its class and the instance."""

    def __init__(self, vtable: Pointer, value: Pointer) -> None:
        super().__init__(vtable, value)
        self.vtable = vtable
        self.value = value

    @property
    def class_name(self) -> str:
        """The name that the vtable gives."""
        name = self.vtable.name
        return "".join(name) if name else "?"

    def __str__(self) -> str:
        return self.class_name


class FatalError(Exception):
    """The program called `debug_fatalerror`, or a `debug_assert` failed."""


class _Code:
    """A compiled block."""

    __slots__ = ("template", "steps", "finish", "input_count", "registers")

    def __init__(self) -> None:
        self.template: list[Any] = []
        self.steps: list[Step] = []
        self.finish: Any = None
        self.input_count = 0
        self.registers: dict[Any, int] = {}


class TypedInterpreter:
    """Executes the graphs of one program.

    `run(graph, args)` takes and returns low-level values and raises LowLevelException for what leaves the
    graph. With `trace`, a function, each executed operation's name is passed to it.
    """

    def __init__(self, program: TypedProgram) -> None:
        self.program = program
        self.threadlocals: dict[str, Any] = {}
        self.log: list[tuple[Any, ...]] = []
        self.finalizer_queues: dict[int, list[Any]] = {}
        self.gc_enabled = True
        self._code: dict[Block, _Code] = {}
        self._pinned: set[int] = set()

    # ---- entry points

    def run(self, graph: FunctionGraph, args: list[Any]) -> Any:
        """Execute a graph."""
        with deep_host_stack():
            try:
                return self._execute(graph, args)
            except RecursionError:
                raise self.exception("RecursionError") from None

    def call(self, pointer: Pointer, args: list[Any]) -> Any:
        """Call a function pointer: its graph, or what stands for it on the host."""
        function = container_of(pointer)
        if not isinstance(function, FunctionContainer):
            raise MemoryAccessError(f"call through {pointer!r}")
        if function.graph is not None:
            return self._execute(function.graph, args)
        result = pointer(*args)
        return _host(result, function.TYPE.RESULT)

    def exception(self, name: str) -> LowLevelException:
        """The prebuilt standard exception of this name, ready to be raised."""
        exceptions = self.program.exceptions
        if name not in exceptions.instances:
            raise FatalError(f"{name} in a program without that exception")
        return LowLevelException(exceptions.vtables[name], exceptions.instances[name])

    def object_type(self, pointer: Pointer) -> Pointer:
        """The vtable of an instance."""
        container = container_of(pointer)
        if container is None:
            raise MemoryAccessError(f"type of a null {pointer._T}")
        return self.program.instance_types[container.top().TYPE]

    # ---- execution

    def _execute(self, graph: FunctionGraph, args: list[Any]) -> Any:
        block = graph.startblock
        returnblock = graph.returnblock
        exceptblock = graph.exceptblock
        code = self._code.get(block) or self._compile(block)
        frame = code.template[:]
        if len(args) != code.input_count:
            raise TypeError(f"{graph.name} takes {code.input_count} arguments, not {len(args)}")
        frame[: len(args)] = args
        while True:
            for step in code.steps:
                step(frame)
            target, values = code.finish(frame)
            if target is returnblock:
                return values[0]
            if target is exceptblock:
                raise LowLevelException(values[0], values[1])
            code = self._code.get(target) or self._compile(target)
            frame = code.template[:]
            frame[: len(values)] = values

    def _compile(self, block: Block) -> _Code:
        code = _Code()
        template = code.template
        registers = code.registers
        for variable in block.inputargs:
            registers[variable] = len(template)
            template.append(None)
        code.input_count = len(template)

        def operand(value: Any) -> int:
            index = registers.get(value)
            if index is None:
                if isinstance(value, Variable):
                    raise KeyError(f"{value!r} is used but not defined in its block")
                index = registers[value] = len(template)
                template.append(_host(value.value, value.concretetype))
            return index

        def result(variable: Variable) -> int:
            index = registers[variable] = len(template)
            template.append(None)
            return index

        operations = block.operations
        last: Step | None = None
        for operation in operations:
            indices = [operand(value) for value in operation.args]
            step = self._step(operation, indices, result(operation.result))
            if operation is operations[-1] and block.exitswitch is LAST_EXCEPTION:
                last = step
            else:
                code.steps.append(step)
        code.finish = self._finish(block, code, operand, result, last)
        self._code[block] = code
        return code

    def _finish(self, block: Block, code: _Code, operand: Any, result: Any, last: Step | None) -> Any:
        def jump(link: Link) -> Any:
            target = link.target
            indices = [operand(value) for value in link.args]

            def run(frame: list[Any]) -> Any:
                return target, [frame[index] for index in indices]

            return run

        exits = block.exits
        if last is not None:
            return self._exception_finish(exits, last, jump, result)
        if block.exitswitch is None:
            return jump(exits[0])
        switch = operand(block.exitswitch)
        cases = {link.exitcase: jump(link) for link in exits}
        default = cases.pop("default", None) if exits[-1].exitcase == "default" else None
        if default is None:

            def select(frame: list[Any]) -> Any:
                return cases[frame[switch]](frame)
        else:

            def select(frame: list[Any]) -> Any:
                return cases.get(frame[switch], default)(frame)

        return select

    def _exception_finish(self, exits: list[Link], last: Step, jump: Any, result: Any) -> Any:
        handlers = []
        for link in exits[1:]:
            pair = [
                result(value) if isinstance(value, Variable) else None
                for value in (link.last_exception, link.last_exc_value)
            ]
            handlers.append((_class_range(link.exitcase), pair, jump(link)))
        normal = jump(exits[0])

        def run(frame: list[Any]) -> Any:
            try:
                last(frame)
            except LowLevelException as exception:
                raised = exception
            except RecursionError:
                raised = self.exception("RecursionError")
            else:
                return normal(frame)
            number = raised.vtable.subclass_range_min
            for (low, high), (type_index, value_index), handler in handlers:
                if low <= number < high:
                    if type_index is not None:
                        frame[type_index] = raised.vtable
                    if value_index is not None:
                        frame[value_index] = raised.value
                    return handler(frame)
            raise raised

        return run

    # ---- operations

    def _step(self, operation: Operation, args: list[int], result: int) -> Step:
        name = operation.opname
        evaluator = EVALUATORS.get(name)
        if evaluator is not None:
            if name.endswith("_ovf"):
                return self._overflow_step(evaluator, args, result)
            return _pure_step(evaluator, args, result)
        special = _SPECIAL.get(name)
        if special is not None:
            made: Step = special(self, operation, args, result)
            return made
        simple = SIMPLE_OPERATIONS.get(name)
        if simple is None:
            raise NotImplementedError(f"operation {name}")
        function = simple

        def step(frame: list[Any]) -> None:
            frame[result] = function(self, *[frame[index] for index in args])

        return step

    def _overflow_step(self, evaluator: Callable[..., Any], args: list[int], result: int) -> Step:
        def step(frame: list[Any]) -> None:
            try:
                frame[result] = evaluator(*[frame[index] for index in args])
            except OverflowError:
                raise self.exception("OverflowError") from None

        return step


def _pure_step(evaluator: Callable[..., Any], args: list[int], result: int) -> Step:
    if len(args) == 2:
        first, second = args

        def step(frame: list[Any]) -> None:
            frame[result] = evaluator(frame[first], frame[second])
    else:

        def step(frame: list[Any]) -> None:
            frame[result] = evaluator(*[frame[index] for index in args])

    return step


def _host(value: Any, TYPE: Any) -> Any:
    """A value as frames hold it: integers of all widths are plain ints."""
    if isinstance(value, AddressOffset):
        return value
    if isinstance(TYPE, Primitive) and TYPE.is_integer and type(value) is not int:
        return int(value)
    return value


def _class_range(case: Any) -> tuple[int, int]:
    vtable = case.value if isinstance(case, Constant) else case
    return vtable.subclass_range_min, vtable.subclass_range_max


def _is_wide(TYPE: Any) -> bool:
    """Whether memory holds values of this type as instances of a number class of rlib."""
    return isinstance(TYPE, Primitive) and TYPE.is_integer and TYPE.value_class is not None


def _constant_value(value: Any) -> Any:
    return value.value


# ---- operations that read their operation when they are compiled


def _field(interpreter: TypedInterpreter, operation: Operation, args: list[int], result: int) -> Step:
    name = _constant_value(operation.args[1])
    source = args[0]
    wide = _is_wide(operation.result.concretetype)

    def step(frame: list[Any]) -> None:
        value = getattr(frame[source], name)
        frame[result] = int(value) if wide else value

    return step


def _set_field(interpreter: TypedInterpreter, operation: Operation, args: list[int], result: int) -> Step:
    name = _constant_value(operation.args[1])
    target, value = args[0], args[2]

    def step(frame: list[Any]) -> None:
        setattr(frame[target], name, frame[value])

    return step


def _item(interpreter: TypedInterpreter, operation: Operation, args: list[int], result: int) -> Step:
    array, index = args
    wide = _is_wide(operation.result.concretetype)

    def step(frame: list[Any]) -> None:
        value = frame[array][frame[index]]
        frame[result] = int(value) if wide else value

    return step


def _interior(interpreter: TypedInterpreter, operation: Operation, args: list[int], result: int) -> Step:
    RESULT = operation.result.concretetype

    def step(frame: list[Any]) -> None:
        frame[result] = _host(_follow(frame[args[0]], [frame[index] for index in args[1:]]), RESULT)

    return step


def _follow(value: Any, path: list[Any]) -> Any:
    for part in path:
        value = getattr(value, part) if isinstance(part, str) else value[part]
    return value


def _set_interior(interpreter: TypedInterpreter, operation: Operation, args: list[int], result: int) -> Step:
    def step(frame: list[Any]) -> None:
        *path, last = [frame[index] for index in args[1:-1]]
        place = _follow(frame[args[0]], path)
        if isinstance(last, str):
            setattr(place, last, frame[args[-1]])
        else:
            place[last] = frame[args[-1]]

    return step


def _malloc(interpreter: TypedInterpreter, operation: Operation, args: list[int], result: int) -> Step:
    TYPE = _constant_value(operation.args[0])
    flags = _constant_value(operation.args[1])
    flavor = flags.get("flavor", "gc")
    # A collector hands out cleared memory; only raw memory is left as it is.
    zero = flavor == "gc" or bool(flags.get("zero"))
    # A raw instance knows no class; everything else about the type is checked by lltype.
    if len(args) == 2:

        def step(frame: list[Any]) -> None:
            frame[result] = malloc(TYPE, flavor=flavor, zero=zero)
    else:
        size = args[2]

        def step(frame: list[Any]) -> None:
            length = frame[size]
            if length < 0 or length > 1 << 40:
                raise interpreter.exception("MemoryError")
            frame[result] = malloc(TYPE, length, flavor=flavor, zero=zero)

    return step


def _direct_call(interpreter: TypedInterpreter, operation: Operation, args: list[int], result: int) -> Step:
    function = operation.args[0]
    indices = args[1:]
    if isinstance(function, Constant):
        container = container_of(function.value)
        execute = interpreter._execute
        if container.graph is not None:
            graph = container.graph

            def step(frame: list[Any]) -> None:
                frame[result] = execute(graph, [frame[index] for index in indices])

            return step
    pointer = args[0]

    def indirect(frame: list[Any]) -> None:
        frame[result] = interpreter.call(frame[pointer], [frame[index] for index in indices])

    return indirect


def _indirect_call(interpreter: TypedInterpreter, operation: Operation, args: list[int], result: int) -> Step:
    pointer, indices = args[0], args[1:-1]

    def step(frame: list[Any]) -> None:
        frame[result] = interpreter.call(frame[pointer], [frame[index] for index in indices])

    return step


def _typed(function: Callable[..., Any]) -> Any:
    """For operations whose result type says what to do: `function(RESULT, *operands)`."""

    def compile_step(interpreter: TypedInterpreter, operation: Operation, args: list[int], result: int) -> Step:
        RESULT = operation.result.concretetype

        def step(frame: list[Any]) -> None:
            frame[result] = function(RESULT, *[frame[index] for index in args])

        return step

    return compile_step


def cast_primitive(RESULT: Any, value: Any) -> Any:
    """A C conversion between primitive types, on host values."""
    if isinstance(value, str):
        value = ord(value)
    if RESULT is Bool:
        return bool(value)
    if RESULT is Char:
        return chr(int(value) & 255)
    if RESULT is Float:
        return float(value)
    if isinstance(RESULT, Primitive) and RESULT.is_integer:
        return RESULT.wrap(int(value))
    return ctypes.c_float(float(value)).value


def _cast_primitive(interpreter: TypedInterpreter, operation: Operation, args: list[int], result: int) -> Step:
    RESULT = operation.result.concretetype
    source = args[0]

    def step(frame: list[Any]) -> None:
        frame[result] = cast_primitive(RESULT, frame[source])

    return step


def _object_type(interpreter: TypedInterpreter, operation: Operation, args: list[int], result: int) -> Step:
    RESULT = operation.result.concretetype
    source = args[0]

    def step(frame: list[Any]) -> None:
        frame[result] = cast_pointer(RESULT, interpreter.object_type(frame[source]))

    return step


def _raw_store(interpreter: TypedInterpreter, operation: Operation, args: list[int], result: int) -> Step:
    TYPE = operation.args[2].concretetype

    def step(frame: list[Any]) -> None:
        address, offset, value = (frame[index] for index in args)
        store(TYPE, address, offset, value)

    return step


def _assert(interpreter: TypedInterpreter, operation: Operation, args: list[int], result: int) -> Step:
    message = _constant_value(operation.args[1])

    def step(frame: list[Any]) -> None:
        if not frame[args[0]]:
            raise FatalError(f"assertion failed: {message}")

    return step


def _nothing(interpreter: TypedInterpreter, operation: Operation, args: list[int], result: int) -> Step:
    def step(frame: list[Any]) -> None:
        pass

    return step


def _first(interpreter: TypedInterpreter, operation: Operation, args: list[int], result: int) -> Step:
    source = args[0]

    def step(frame: list[Any]) -> None:
        frame[result] = frame[source]

    return step


def _constant(value: Any) -> Any:
    def compile_step(interpreter: TypedInterpreter, operation: Operation, args: list[int], result: int) -> Step:
        def step(frame: list[Any]) -> None:
            frame[result] = value

        return step

    return compile_step


def _conditional_call(interpreter: TypedInterpreter, operation: Operation, args: list[int], result: int) -> Step:
    def step(frame: list[Any]) -> None:
        if frame[args[0]]:
            interpreter.call(frame[args[1]], [frame[index] for index in args[2:]])

    return step


def _conditional_value(interpreter: TypedInterpreter, operation: Operation, args: list[int], result: int) -> Step:
    def step(frame: list[Any]) -> None:
        value = frame[args[0]]
        if not value:
            value = interpreter.call(frame[args[1]], [frame[index] for index in args[2:]])
        frame[result] = value

    return step


_SPECIAL: dict[str, Any] = {
    "getfield": _field,
    "getsubstruct": _field,
    "setfield": _set_field,
    "getarrayitem": _item,
    "getarraysubstruct": _item,
    "getinteriorfield": _interior,
    "setinteriorfield": _set_interior,
    "malloc": _malloc,
    "malloc_varsize": _malloc,
    "direct_call": _direct_call,
    "indirect_call": _indirect_call,
    "cast_pointer": _typed(cast_pointer),
    "cast_opaque_ptr": _typed(cast_opaque_ptr),
    "cast_int_to_ptr": _typed(cast_int_to_ptr),
    "cast_adr_to_ptr": _typed(lambda RESULT, address: cast_adr_to_ptr(address, RESULT)),
    "raw_load": _typed(lambda RESULT, address, offset: _host(load(RESULT, address, offset), RESULT)),
    "weakref_deref": _typed(weakref_deref),
    "cast_primitive": _cast_primitive,
    "get_object_type": _object_type,
    "raw_store": _raw_store,
    "debug_assert": _assert,
    "hint": _first,
    "jit_force_virtual": _first,
    "jit_virtual_ref": _typed(cast_opaque_ptr),
    "jit_conditional_call": _conditional_call,
    "jit_conditional_call_value": _conditional_value,
    "jit_is_virtual": _constant(False),
    "jit_is_constant": _constant(False),
    "jit_ask": _constant(0),
    "we_are_jitted": _constant(False),
    "gc_thread_prepare": _constant(True),
    "gc_finalizer_queue_next": _typed(lambda RESULT, queue: nullptr(RESULT.TO)),
    "gc_next_instance": _typed(lambda RESULT: nullptr(RESULT.TO)),
}
for _name in (
    "jit_marker", "jit_force_virtualizable", "jit_force_quasi_immutable", "jit_record_exact_class",
    "jit_record_exact_value", "jit_virtual_ref_finish", "jit_set_param", "jit_call_for_events",
    "keepalive", "debug_assert_not_none", "debug_record_traceback",
    "debug_traceback_reset", "debug_flush", "gc_write_barrier", "gc_thread_forget", "gc_thread_start", "gc_thread_die",
    "gc_finalizer_queue_register", "gc_register_finalizer", "gc_ignore_finalizer", "gc_add_memory_pressure",
    "gc_collect", "memory_fence", "save_errno", "restore_errno",
):  # fmt: skip
    _SPECIAL[_name] = _nothing


# ---- operations that are functions of the interpreter and their operands


def _array_of(pointer: Pointer) -> ArrayContainer:
    """The array that a pointer to an array, or to a structure ending in one, leads to."""
    container = container_of(pointer)
    if container is None:
        raise MemoryAccessError(f"access through a null {pointer._T}")
    while isinstance(container, StructContainer):
        container = container.read(len(container.TYPE.types) - 1)
    assert isinstance(container, ArrayContainer)
    return container


def _check_range(array: ArrayContainer, start: int, count: int) -> None:
    if count:
        array.check_index(start)
        array.check_index(start + count - 1)
    if count < 0:
        raise MemoryAccessError(f"negative count {count}")


def _array_copy(
    interpreter: TypedInterpreter, source: Pointer, target: Pointer, start: int, to: int, count: int
) -> None:
    """Copy items; ranges may overlap."""
    from_array, to_array = _array_of(source), _array_of(target)
    _check_range(from_array, start, count)
    _check_range(to_array, to, count)
    if to_array.TYPE.ITEM.is_container:
        items = [_item_values(from_array.values[start + index]) for index in range(count)]
        for index, values in enumerate(items):
            to_array.values[to + index].values[:] = values
    else:
        to_array.values[to : to + count] = from_array.values[start : start + count]


def _item_values(container: Any) -> list[Any]:
    if any(FIELD.is_container for FIELD in container.TYPE.types):
        raise MemoryAccessError(f"{container.describe()} cannot be copied")
    return list(container.values)


def _array_clear(interpreter: TypedInterpreter, pointer: Pointer, start: int, count: int) -> None:
    array = _array_of(pointer)
    _check_range(array, start, count)
    ITEM = array.TYPE.ITEM
    for index in range(start, start + count):
        if ITEM.is_container:
            array.values[index].values[:] = [FIELD.default_value() for FIELD in ITEM.types]
        else:
            array.values[index] = ITEM.default_value()


def _array_compare(
    interpreter: TypedInterpreter, first: Pointer, second: Pointer, start1: int, start2: int, count: int
) -> int:
    array1, array2 = _array_of(first), _array_of(second)
    _check_range(array1, start1, count)
    _check_range(array2, start2, count)
    part1 = array1.values[start1 : start1 + count]
    part2 = array2.values[start2 : start2 + count]
    return int(part1 > part2) - int(part1 < part2)


def _array_find_char(interpreter: TypedInterpreter, pointer: Pointer, char: str, start: int, stop: int) -> int:
    array = _array_of(pointer)
    try:
        return int(array.values.index(char, start, max(stop, start)))
    except ValueError:
        return -1


def _raw_bytes_write(interpreter: TypedInterpreter, pointer: Pointer, start: int, address: Any, count: int) -> None:
    array = _array_of(pointer)
    _check_range(array, start, count)
    ITEM = array.TYPE.ITEM
    size = max(getattr(ITEM, "bits", 64) // 8, 1)
    for index in range(count):
        store(ITEM, address, index * size, array.values[start + index])


def _raw_bytes_read(interpreter: TypedInterpreter, address: Any, pointer: Pointer, start: int, count: int) -> None:
    array = _array_of(pointer)
    _check_range(array, start, count)
    ITEM = array.TYPE.ITEM
    size = max(getattr(ITEM, "bits", 64) // 8, 1)
    for index in range(count):
        array.values[start + index] = load(ITEM, address, index * size)


def _shrink_array(interpreter: TypedInterpreter, pointer: Pointer, length: int) -> Pointer:
    container = container_of(pointer)
    result = malloc(container.TYPE, length, zero=True)
    target = container_of(result)
    if isinstance(container, StructContainer):
        target.values[:-1] = container.values[:-1]
    old, new = _array_of(pointer), _array_of(result)
    new.values[:] = old.values[:length]
    return result


def _array_size(interpreter: TypedInterpreter, pointer: Pointer) -> int:
    return len(pointer)


def _interior_size(interpreter: TypedInterpreter, pointer: Pointer, *path: Any) -> int:
    return len(_follow(pointer, list(path)))


def _fatal(interpreter: TypedInterpreter, message: Any) -> None:
    text = "".join(message.chars) if isinstance(message, Pointer) else str(message)
    raise FatalError(text)


def _log(kind: str) -> Callable[..., None]:
    def write(interpreter: TypedInterpreter, *values: Any) -> None:
        texts = tuple("".join(v.chars) if isinstance(v, Pointer) and hasattr(v._T.TO, "index") else v for v in values)
        interpreter.log.append((kind, *texts))

    return write


def _threadlocal_get(interpreter: TypedInterpreter, name: str) -> Any:
    return interpreter.threadlocals[name]


def _threadlocal_set(interpreter: TypedInterpreter, name: str, value: Any) -> None:
    interpreter.threadlocals[name] = value


def _pin(interpreter: TypedInterpreter, pointer: Pointer) -> bool:
    interpreter._pinned.add(cast_ptr_to_int(pointer))
    return True


def _unpin(interpreter: TypedInterpreter, pointer: Pointer) -> None:
    interpreter._pinned.discard(cast_ptr_to_int(pointer))


def _set_enabled(interpreter: TypedInterpreter, value: bool) -> None:
    interpreter.gc_enabled = value


def _get_errno(interpreter: TypedInterpreter) -> int:
    number: int = get_saved_errno()  # type: ignore[no-untyped-call] # a function of rlib, without hints
    return number


def _set_errno(interpreter: TypedInterpreter, value: int) -> None:
    set_saved_errno(value)  # type: ignore[no-untyped-call] # as above


SIMPLE_OPERATIONS: dict[str, Callable[..., Any]] = {
    "getarraysize": _array_size,
    "getinteriorarraysize": _interior_size,
    "setarrayitem": lambda interpreter, array, index, value: array.__setitem__(index, value),
    "array_copy": _array_copy,
    "array_clear": _array_clear,
    "array_compare": _array_compare,
    "array_find_char": _array_find_char,
    "array_copy_to_raw": _raw_bytes_write,
    "array_copy_from_raw": _raw_bytes_read,
    "shrink_array": _shrink_array,
    "free": lambda interpreter, pointer, flags: free(pointer_to(container_of(pointer).head())),
    "ptr_eq": lambda interpreter, first, second: first == second,
    "ptr_ne": lambda interpreter, first, second: first != second,
    "ptr_iszero": lambda interpreter, pointer: not pointer,
    "ptr_nonzero": lambda interpreter, pointer: bool(pointer),
    "cast_ptr_to_int": lambda interpreter, pointer: cast_ptr_to_int(pointer),
    "cast_ptr_to_adr": lambda interpreter, pointer: cast_ptr_to_adr(pointer),
    "cast_adr_to_int": lambda interpreter, address: cast_adr_to_int(address),
    "cast_int_to_adr": lambda interpreter, value: cast_int_to_adr(value),
    "adr_add": lambda interpreter, address, offset: address + offset,
    "adr_sub": lambda interpreter, address, offset: address - offset,
    "adr_delta": lambda interpreter, first, second: first - second,
    "adr_eq": lambda interpreter, first, second: first == second,
    "adr_ne": lambda interpreter, first, second: first != second,
    "adr_lt": lambda interpreter, first, second: first < second,
    "adr_le": lambda interpreter, first, second: first <= second,
    "adr_gt": lambda interpreter, first, second: first > second,
    "adr_ge": lambda interpreter, first, second: first >= second,
    "raw_malloc": lambda interpreter, size: raw_malloc(size),
    "raw_malloc_zeroed": lambda interpreter, size: _cleared(raw_malloc(size), size),
    "raw_free": lambda interpreter, address: raw_free(address),
    "raw_memcopy": lambda interpreter, source, target, size: raw_memcopy(source, target, size),
    "raw_memmove": lambda interpreter, source, target, size: raw_memcopy(source, target, size),
    "raw_memclear": lambda interpreter, address, size: raw_memclear(address, size),
    "gc_id": lambda interpreter, pointer: cast_ptr_to_int(pointer),
    "gc_identityhash": lambda interpreter, pointer: identityhash(pointer),
    "gc_collect_step": lambda interpreter: True,
    "gc_set_enabled": _set_enabled,
    "gc_is_enabled": lambda interpreter: interpreter.gc_enabled,
    "gc_pin": _pin,
    "gc_unpin": _unpin,
    "gc_is_pinned": lambda interpreter, pointer: cast_ptr_to_int(pointer) in interpreter._pinned,
    "gc_can_move": lambda interpreter, pointer: False,
    "gc_statistic": lambda interpreter, number: 0,
    "gc_find_instances": lambda interpreter: True,
    "weakref_create": lambda interpreter, pointer: weakref_create(pointer),
    "debug_print": _log("print"),
    "debug_enabled": lambda interpreter: False,
    "debug_enabled_for": lambda interpreter, prefix: False,
    "debug_start": _log("start"),
    "debug_stop": _log("stop"),
    "debug_fatalerror": _fatal,
    "threadlocal_get": _threadlocal_get,
    "threadlocal_set": _threadlocal_set,
    "stack_current": lambda interpreter: 0,
    "read_timestamp": lambda interpreter: time.perf_counter_ns(),
    "get_saved_errno": _get_errno,
    "set_saved_errno": _set_errno,
}


def _cleared(address: Any, size: int) -> Any:
    raw_memclear(address, size)
    return address
