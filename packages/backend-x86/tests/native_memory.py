"""The memory of a `NativeProcess` as the tracer's machine on the host sees it."""

from ouro.jitcore.resume import TRACING_TOKEN
from ouro.lltype import (
    Float,
    FuncType,
    Ptr,
    SingleFloat,
    Struct,
    cast_ptr_to_int,
    native_pointer,
    resolve,
    varsize_array,
)
from ouro.rlib.rarithmetic import intmask, r_singlefloat
from ouro.rlib.rfloat import single_from_bits, single_to_bits
from ouro.rtyper import OBJECT_POINTER, VTABLE_POINTER, LowLevelException

#: The one object that is in native memory and is none of the process.
TRACING_WORD = cast_ptr_to_int(TRACING_TOKEN)


class NativeMemory:
    """What `HostMachine` asks of a memory, over the objects of a process.
    """

    def __init__(self, process):
        self.process = process
        self.descriptors = process.descriptors
        self._functions = {}

    def address_of(self, pointer):
        """The address of a function or a class."""
        address = self.process.address_of(pointer)
        if isinstance(pointer._T.TO, FuncType):
            self._functions[address] = pointer
        return address

    def call(self, callee, address, arguments):
        """A call that does not come from machine code."""
        function = self._functions[address]
        FUNCTION = function._T.TO
        result = function(*[self.from_trace(TYPE, value) for TYPE, value in zip(FUNCTION.ARGS, arguments)])
        return None if callee.result_kind == "n" else self.to_trace(FUNCTION.RESULT, result)

    def exception_of(self, reference):
        """The exception with an instance."""
        vtable = self.descriptors.instance_types[self.process.type_of(reference)]
        value = native_pointer(OBJECT_POINTER, cast_ptr_to_int(reference))
        return LowLevelException(vtable, value)

    # ---- values

    def to_trace(self, TYPE, value):
        TYPE = resolve(TYPE)
        if isinstance(TYPE, Ptr):
            word = cast_ptr_to_int(value)
            if TYPE.TO.gckind == "gc":
                return TRACING_TOKEN if word == TRACING_WORD else self.process.runtime.reference_at(word)
            return word
        if TYPE is Float:
            return value
        if TYPE is SingleFloat:
            return single_to_bits(value if isinstance(value, r_singlefloat) else r_singlefloat(value))
        return ord(value) if isinstance(value, str) else intmask(int(value))

    def from_trace(self, TYPE, value):
        TYPE = resolve(TYPE)
        if isinstance(TYPE, Ptr):
            return self.process.pointer(TYPE, cast_ptr_to_int(value) if TYPE.TO.gckind == "gc" else value)
        if TYPE is Float:
            return value
        if TYPE is SingleFloat:
            return single_from_bits(value)
        return self.process.from_word(TYPE, value)

    # ---- objects

    def _at(self, TYPE, base):
        return native_pointer(Ptr(TYPE), base if isinstance(base, int) else cast_ptr_to_int(base))

    def _items(self, ARRAY, base):
        place = self._at(ARRAY, base)
        while isinstance(ARRAY, Struct):
            place = getattr(place, ARRAY.names[-1])
            ARRAY = resolve(ARRAY.types[-1])
        return place

    def get_field(self, descriptor, base):
        STRUCT, name = self.descriptors.type_of(descriptor)
        return self.to_trace(STRUCT.field_type(name), getattr(self._at(STRUCT, base), name))

    def set_field(self, descriptor, base, value):
        STRUCT, name = self.descriptors.type_of(descriptor)
        setattr(self._at(STRUCT, base), name, self.from_trace(STRUCT.field_type(name), value))

    def get_item(self, descriptor, base, index):
        ARRAY = self.descriptors.type_of(descriptor)
        return self.to_trace(varsize_array(ARRAY).ITEM, self._items(ARRAY, base)[index])

    def set_item(self, descriptor, base, index, value):
        ARRAY = self.descriptors.type_of(descriptor)
        self._items(ARRAY, base)[index] = self.from_trace(varsize_array(ARRAY).ITEM, value)

    def get_interior_field(self, descriptor, base, index):
        ARRAY, name = self.descriptors.type_of(descriptor)
        TYPE = varsize_array(ARRAY).ITEM.field_type(name)
        return self.to_trace(TYPE, getattr(self._items(ARRAY, base)[index], name))

    def set_interior_field(self, descriptor, base, index, value):
        ARRAY, name = self.descriptors.type_of(descriptor)
        TYPE = varsize_array(ARRAY).ITEM.field_type(name)
        setattr(self._items(ARRAY, base)[index], name, self.from_trace(TYPE, value))

    def length(self, descriptor, base):
        return len(self._items(self.descriptors.type_of(descriptor), base))

    def new(self, descriptor):
        return self.process.new(self.descriptors.type_of(descriptor))

    def new_array(self, descriptor, length, clear):
        return self.process.new_array(self.descriptors.type_of(descriptor), length)

    # ---- classes

    def type_of_object(self, reference):
        return self.process.type_of(reference)

    def is_instance(self, reference):
        return self.process.type_of(reference) in self.descriptors.instance_types

    def class_of(self, reference):
        return self.process.address_of(self.descriptors.instance_types[self.process.type_of(reference)])

    def class_name(self, class_address):
        name = native_pointer(VTABLE_POINTER, class_address).name
        return "".join(name[index] for index in range(len(name))) if name else ""

    def is_subclass(self, class_address, base_address):
        vtable = native_pointer(VTABLE_POINTER, class_address)
        base = native_pointer(VTABLE_POINTER, base_address)
        return base.subclass_range_min <= vtable.subclass_range_min < base.subclass_range_max
