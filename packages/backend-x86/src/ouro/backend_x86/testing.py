"""A process for compiled code on the host: native memory, native functions, and no collector. For tests.

Objects are blocks of native memory with a header in front of them; they live until the process of the test ends.
Functions of low-level types become functions that machine code calls, and the exceptions that they raise are pending
in two words, as in a translated program.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cffi import FFI
from ouro.backend_x86.backend import X86Backend
from ouro.backend_x86.runtime import Runtime
from ouro.jitcore.descriptors import FinishDescriptor
from ouro.jitcore.descriptors.from_types import DescriptorTable, kind_of_type
from ouro.lltype import (
    Float,
    FuncType,
    Pointer,
    Ptr,
    Void,
    cast_opaque_ptr,
    cast_ptr_to_int,
    container_of,
    resolve,
)
from ouro.rtyper import LowLevelException

_ffi = FFI()
_C_TYPES = {"i": "long", "r": "long", "f": "double", "n": "void"}


class NativeProcess:
    """Descriptors, functions and a backend over native memory.

    Attributes:
        descriptors: the table for traces that run here.
        runtime, backend: as compiled code sees the process.
        on_assembler_failure: a function of the frame of a loop that was called and left by a guard, which gives the
            result or raises `LowLevelException`.
    """

    def __init__(self, code_memory_size: int = 1 << 20) -> None:
        self._kept: list[Any] = []
        self._functions: dict[int, Any] = {}
        self._exception = _ffi.new("long[2]")
        self.descriptors = DescriptorTable({}, self.address_of)
        self.on_assembler_failure: Callable[[Any], Any] | None = None
        self.failure: BaseException | None = None
        self.runtime = Runtime()
        self._fill_runtime()
        self.leaves = FinishDescriptor("leaves", "r", True)
        self.backend = X86Backend(self.runtime, code_memory_size, self.leaves)

    def _fill_runtime(self) -> None:
        runtime = self.runtime
        runtime.exception_address = self._address(self._exception)
        runtime.allocate_frame = self.native("i", "i", self._allocate_frame)
        runtime.grow_frame = self.native("ii", "i", self._grow_frame)
        runtime.assembler_helpers = [self.native("i", kind, self._called_loop_ended(kind)) for kind in "irfn"]
        library = _ffi.dlopen(None)
        _ffi.cdef("void *memcpy(void *, void *, unsigned long);", override=True)
        runtime.memory_copy = int(_ffi.cast("long", library.memcpy))

    # ---- functions

    def address_of(self, pointer: Pointer) -> int:
        """The address of a function that machine code calls, or of raw native memory."""
        if not isinstance(pointer._T.TO, FuncType):
            return cast_ptr_to_int(pointer)
        container = container_of(pointer)
        known = self._functions.get(id(container))
        if known is None:
            self._kept.append(pointer)
            known = self._functions[id(container)] = self._native_function(pointer)
        return known

    def _native_function(self, pointer: Pointer) -> int:
        FUNCTION = pointer._T.TO
        arguments = [ARGUMENT for ARGUMENT in FUNCTION.ARGS if ARGUMENT is not Void]
        kinds = "".join(kind_of_type(ARGUMENT) for ARGUMENT in arguments)

        def call(*values: Any) -> Any:
            result = pointer(*[self.from_word(ARGUMENT, value) for ARGUMENT, value in zip(arguments, values)])
            return self.to_word(FUNCTION.RESULT, result)

        return self.native(kinds, kind_of_type(FUNCTION.RESULT), call)

    def native(self, kinds: str, result: str, function: Callable[..., Any]) -> int:
        """The address of a C function of words and doubles that calls a Python function.

        A `LowLevelException` becomes pending; any other error is kept and comes out of `check`.
        """
        signature = f"{_C_TYPES[result]}({', '.join(_C_TYPES[kind] for kind in kinds)})"

        def guarded(*values: Any) -> Any:
            try:
                value = function(*values)
            except LowLevelException as exception:
                self._exception[0] = cast_ptr_to_int(exception.type)
                self._exception[1] = cast_ptr_to_int(exception.value)
            except BaseException as error:
                self.failure = error
            else:
                return None if result == "n" else value
            return None if result == "n" else 0

        callback = _ffi.callback(signature, guarded)
        self._kept.append(callback)
        return self._address(callback)

    def check(self) -> None:
        """Raise the error of a function that compiled code called."""
        if self.failure is not None:
            error, self.failure = self.failure, None
            raise error

    def from_word(self, TYPE: Any, value: Any) -> Any:
        """A low-level value from what a register holds."""
        TYPE = resolve(TYPE)
        if isinstance(TYPE, Ptr):
            return cast_opaque_ptr(TYPE, self.runtime.reference_at(value)) if value else TYPE.default_value()
        return value if TYPE is Float else TYPE.wrap(value)

    def to_word(self, TYPE: Any, value: Any) -> Any:
        """What a register holds for a low-level value."""
        TYPE = resolve(TYPE)
        if TYPE is Void:
            return None
        if isinstance(TYPE, Ptr):
            return cast_ptr_to_int(value)
        return value if TYPE is Float else int(value)

    @staticmethod
    def _address(pointer: Any) -> int:
        return int(_ffi.cast("long", pointer))

    # ---- what compiled code calls

    def _allocate_frame(self, information: int) -> int:
        return self.backend.frames.new_frame(information)

    def _grow_frame(self, frame: int, words: int) -> int:
        return self.backend.frames.grow(frame, words)

    def _called_loop_ended(self, kind: str) -> Callable[[int], Any]:
        def ended(address: int) -> Any:
            frame = self.backend.called_loop_ended(address)
            descriptor = frame.descriptor
            if isinstance(descriptor, FinishDescriptor):
                if descriptor.is_exception:
                    raise self.exception_of(frame.references[0])
                values = {"i": frame.ints, "r": frame.references, "f": frame.floats, "n": [None]}
                value = values[kind][0]
            else:
                assert self.on_assembler_failure is not None, "a guard failed in a loop that was called"
                value = self.on_assembler_failure(frame)
            return cast_ptr_to_int(value) if kind == "r" else value

        return ended
