"""The machine of the translated program: memory as it is, objects by the collector's operations.

Descriptors have numbers in them here, which the C compiler has filled in, offsets from the beginning of an object, the
header included. Nothing between reading an object's address and using it may collect: each access is one operation.
"""

from ouro.gc import HAS_VTABLE, ROW_SIZE
from ouro.jitcore.machine.interface import Machine
from ouro.jitcore.trace.constants import NULL_REFERENCE
from ouro.lltype import (
    GCREF,
    Float,
    Int8,
    Int16,
    Int32,
    Signed,
    UInt8,
    UInt16,
    UInt32,
    Void,
    cast_adr_to_int,
    cast_int_to_adr,
    cast_int_to_ptr,
    cast_ptr_to_adr,
    cast_ptr_to_int,
    load,
    raw_free,
    raw_malloc,
    raw_memcopy,
    store,
)
from ouro.rlib.objectmodel import specialize
from ouro.rlib.rarithmetic import r_uint8, r_uint16, r_uint32
from ouro.rlib.rgc import cast_instance_to_gcref
from ouro.rtyper import VTABLE_POINTER, low_level_operation

#: There may be no memory for another one.
_MEMORY_ERROR = MemoryError()

gc_load = low_level_operation("gc_load")
gc_store = low_level_operation("gc_store", Void)
gc_store_item = low_level_operation("gc_store_item", Void)
gc_type_id = low_level_operation("gc_type_id", Signed)
gc_allocate = low_level_operation("gc_allocate")
gc_allocate_varsize = low_level_operation("gc_allocate_varsize")
gc_identityhash = low_level_operation("gc_identityhash", Signed)
get_object_type = low_level_operation("get_object_type")


def _int_loader(read):
    """A function that reads an integer of some size; `read(TYPE, base, offset)` is the operation."""

    def load_int(base, offset, size, signed):
        if size == 8:
            return read(Signed, base, offset)
        if size == 1:
            if signed:
                return int(read(Int8, base, offset))
            return int(read(UInt8, base, offset))
        if size == 4:
            if signed:
                return int(read(Int32, base, offset))
            return int(read(UInt32, base, offset))
        assert size == 2
        if signed:
            return int(read(Int16, base, offset))
        return int(read(UInt16, base, offset))

    return load_int


def _int_storer(write):
    """A function that writes the low bytes of an integer; `write(TYPE, base, offset, value)` is the operation."""

    def store_int(base, offset, size, value):
        if size == 8:
            write(Signed, base, offset, value)
        elif size == 1:
            write(UInt8, base, offset, r_uint8(value & 0xFF))
        elif size == 4:
            write(UInt32, base, offset, r_uint32(value & 0xFFFFFFFF))
        else:
            assert size == 2
            write(UInt16, base, offset, r_uint16(value & 0xFFFF))

    return store_int


@specialize.arg(0)
def _write_object(TYPE, reference, offset, value):
    gc_store(reference, offset, value)


_load_from_object = _int_loader(gc_load)
_load_from_memory = _int_loader(load)
_store_in_object = _int_storer(_write_object)
_store_in_memory = _int_storer(store)


class NativeMachine(Machine):
    """The one machine of a translated program."""

    # ---- fields of objects

    def get_field_int(self, reference, field):
        return _load_from_object(reference, field.offset, field.size, field.signed)

    def get_field_reference(self, reference, field):
        return gc_load(GCREF, reference, field.offset)

    def get_field_float(self, reference, field):
        return gc_load(Float, reference, field.offset)

    def set_field_int(self, reference, value, field):
        _store_in_object(reference, field.offset, field.size, value)

    def set_field_reference(self, reference, value, field):
        gc_store(reference, field.offset, value)

    def set_field_float(self, reference, value, field):
        gc_store(reference, field.offset, value)

    # ---- fields of structures outside of the heap

    def get_raw_field_int(self, address, field):
        return _load_from_memory(cast_int_to_adr(address), field.offset, field.size, field.signed)

    def get_raw_field_reference(self, address, field):
        return load(GCREF, cast_int_to_adr(address), field.offset)

    def get_raw_field_float(self, address, field):
        return load(Float, cast_int_to_adr(address), field.offset)

    def set_raw_field_int(self, address, value, field):
        _store_in_memory(cast_int_to_adr(address), field.offset, field.size, value)

    def set_raw_field_reference(self, address, value, field):
        store(GCREF, cast_int_to_adr(address), field.offset, value)

    def set_raw_field_float(self, address, value, field):
        store(Float, cast_int_to_adr(address), field.offset, value)

    # ---- items of arrays and strings

    def get_item_int(self, reference, index, array):
        return _load_from_object(reference, _item_offset(index, array), array.item_size, array.signed)

    def get_item_reference(self, reference, index, array):
        return gc_load(GCREF, reference, _item_offset(index, array))

    def get_item_float(self, reference, index, array):
        return gc_load(Float, reference, _item_offset(index, array))

    def set_item_int(self, reference, index, value, array):
        _store_in_object(reference, _item_offset(index, array), array.item_size, value)

    def set_item_reference(self, reference, index, value, array):
        gc_store_item(reference, index, _item_offset(index, array), value)

    def set_item_float(self, reference, index, value, array):
        gc_store(reference, _item_offset(index, array), value)

    def array_length(self, reference, array):
        return gc_load(Signed, reference, array.length_offset)

    def copy_string_content(self, source, target, source_start, target_start, length, array):
        raw_memcopy(
            cast_ptr_to_adr(source) + _item_offset(source_start, array),
            cast_ptr_to_adr(target) + _item_offset(target_start, array),
            length * array.item_size,
        )

    # ---- items of arrays outside of the heap

    def get_raw_item_int(self, address, index, array):
        return _load_from_memory(cast_int_to_adr(address), _item_offset(index, array), array.item_size, array.signed)

    def get_raw_item_reference(self, address, index, array):
        return load(GCREF, cast_int_to_adr(address), _item_offset(index, array))

    def get_raw_item_float(self, address, index, array):
        return load(Float, cast_int_to_adr(address), _item_offset(index, array))

    def set_raw_item_int(self, address, index, value, array):
        _store_in_memory(cast_int_to_adr(address), _item_offset(index, array), array.item_size, value)

    def set_raw_item_reference(self, address, index, value, array):
        store(GCREF, cast_int_to_adr(address), _item_offset(index, array), value)

    def set_raw_item_float(self, address, index, value, array):
        store(Float, cast_int_to_adr(address), _item_offset(index, array), value)

    # ---- fields of the structures in an array

    def get_interior_field_int(self, reference, index, interior):
        return _load_from_object(
            reference, _interior_offset(index, interior), interior.field.size, interior.field.signed
        )

    def get_interior_field_reference(self, reference, index, interior):
        return gc_load(GCREF, reference, _interior_offset(index, interior))

    def get_interior_field_float(self, reference, index, interior):
        return gc_load(Float, reference, _interior_offset(index, interior))

    def set_interior_field_int(self, reference, index, value, interior):
        _store_in_object(reference, _interior_offset(index, interior), interior.field.size, value)

    def set_interior_field_reference(self, reference, index, value, interior):
        gc_store_item(reference, index, _interior_offset(index, interior), value)

    def set_interior_field_float(self, reference, index, value, interior):
        gc_store(reference, _interior_offset(index, interior), value)

    # ---- raw memory

    def raw_load_int(self, address, offset, array):
        return _load_from_memory(cast_int_to_adr(address), offset, array.item_size, array.signed)

    def raw_load_float(self, address, offset, array):
        return load(Float, cast_int_to_adr(address), offset)

    def raw_store_int(self, address, offset, value, array):
        _store_in_memory(cast_int_to_adr(address), offset, array.item_size, value)

    def raw_store_float(self, address, offset, value, array):
        store(Float, cast_int_to_adr(address), offset, value)

    # ---- allocation

    def new(self, size):
        return gc_allocate(GCREF, size.type_id, size.size)

    def new_array(self, array, length, clear):
        # what the collector gives is clear
        return gc_allocate_varsize(
            GCREF, array.type_id, length, array.base_size, array.item_size, array.length_offset
        )

    def new_raw_buffer(self, size):
        address = raw_malloc(size)
        if not address:
            raise MemoryError
        return cast_adr_to_int(address)

    def free_raw_buffer(self, address):
        raw_free(cast_int_to_adr(address))

    def memory_error(self):
        return cast_instance_to_gcref(_MEMORY_ERROR)

    # ---- what an object is

    def class_of(self, reference):
        return cast_ptr_to_int(get_object_type(VTABLE_POINTER, reference))

    def class_name(self, class_address):
        name = cast_int_to_ptr(VTABLE_POINTER, class_address).name
        if not name:
            return ""
        return "".join([name[index] for index in range(len(name))])

    def type_id_of(self, reference):
        return gc_type_id(reference)

    def is_instance(self, reference):
        # vtables stand right behind the row of their type
        row = cast_int_to_adr(self.class_of(reference) - ROW_SIZE)
        return int(load(UInt32, row, 0)) & HAS_VTABLE != 0

    def is_subclass(self, class_address, base_address):
        vtable = cast_int_to_ptr(VTABLE_POINTER, class_address)
        base = cast_int_to_ptr(VTABLE_POINTER, base_address)
        return base.subclass_range_min <= vtable.subclass_range_min < base.subclass_range_max

    def identity_hash(self, reference):
        return gc_identityhash(reference)

    # ---- calls

    def call_int(self, address, callee, ints, references, floats):
        try:
            return callee.stub.call_int(address, ints, references, floats)
        except BaseException as exception:
            self.pending = cast_instance_to_gcref(exception)
            return 0

    def call_reference(self, address, callee, ints, references, floats):
        try:
            return callee.stub.call_reference(address, ints, references, floats)
        except BaseException as exception:
            self.pending = cast_instance_to_gcref(exception)
            return NULL_REFERENCE

    def call_float(self, address, callee, ints, references, floats):
        try:
            return callee.stub.call_float(address, ints, references, floats)
        except BaseException as exception:
            self.pending = cast_instance_to_gcref(exception)
            return 0.0

    def call_none(self, address, callee, ints, references, floats):
        try:
            callee.stub.call_none(address, ints, references, floats)
        except BaseException as exception:
            self.pending = cast_instance_to_gcref(exception)


def _item_offset(index, array):
    return array.base_size + index * array.item_size


def _interior_offset(index, interior):
    return _item_offset(index, interior.array) + interior.field.offset
