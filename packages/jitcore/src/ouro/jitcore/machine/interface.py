"""`Machine`: all that the run-time parts of the JIT may do to the data of the program."""

from ouro.jitcore.trace.constants import NULL_REFERENCE


class Machine:
    """The data of the running program, behind descriptors.

    Ints are machine words, references `GCREF`s, raw pointers and functions ints. Reads widen small integers as their
    descriptor says, writes cut them. Nothing here checks what the program promises: indices are in range, references
    are not null and of the type that the descriptor describes.

    An exception that a call raised does not go through the parts of the JIT as one: it is kept here, for the
    instruction that comes next to look at. What a call that raised gives is 0, null or 0.0.
    """

    def __init__(self):
        self.pending = NULL_REFERENCE

    # ---- exceptions

    def pending_exception(self):
        """The exception that the last call raised and no one took yet, or null."""
        return self.pending

    def take_exception(self):
        """The same, which is not pending any more then."""
        exception = self.pending
        self.pending = NULL_REFERENCE
        return exception

    def set_exception(self, exception):
        """Make an exception pending."""
        self.pending = exception

    def memory_error(self):
        """The exception for an allocation that failed."""
        raise NotImplementedError

    # ---- fields of objects

    def get_field_int(self, reference, field):
        raise NotImplementedError

    def get_field_reference(self, reference, field):
        raise NotImplementedError

    def get_field_float(self, reference, field):
        raise NotImplementedError

    def set_field_int(self, reference, value, field):
        raise NotImplementedError

    def set_field_reference(self, reference, value, field):
        raise NotImplementedError

    def set_field_float(self, reference, value, field):
        raise NotImplementedError

    # ---- fields of structures outside of the heap

    def get_raw_field_int(self, address, field):
        raise NotImplementedError

    def get_raw_field_reference(self, address, field):
        raise NotImplementedError

    def get_raw_field_float(self, address, field):
        raise NotImplementedError

    def set_raw_field_int(self, address, value, field):
        raise NotImplementedError

    def set_raw_field_reference(self, address, value, field):
        raise NotImplementedError

    def set_raw_field_float(self, address, value, field):
        raise NotImplementedError

    # ---- items of arrays and strings

    def get_item_int(self, reference, index, array):
        raise NotImplementedError

    def get_item_reference(self, reference, index, array):
        raise NotImplementedError

    def get_item_float(self, reference, index, array):
        raise NotImplementedError

    def set_item_int(self, reference, index, value, array):
        raise NotImplementedError

    def set_item_reference(self, reference, index, value, array):
        raise NotImplementedError

    def set_item_float(self, reference, index, value, array):
        raise NotImplementedError

    def array_length(self, reference, array):
        """The number of items of an array or a string."""
        raise NotImplementedError

    def copy_string_content(self, source, target, source_start, target_start, length, array):
        """Copy characters from one string into another, new one."""
        raise NotImplementedError

    # ---- items of arrays outside of the heap

    def get_raw_item_int(self, address, index, array):
        raise NotImplementedError

    def get_raw_item_reference(self, address, index, array):
        raise NotImplementedError

    def get_raw_item_float(self, address, index, array):
        raise NotImplementedError

    def set_raw_item_int(self, address, index, value, array):
        raise NotImplementedError

    def set_raw_item_reference(self, address, index, value, array):
        raise NotImplementedError

    def set_raw_item_float(self, address, index, value, array):
        raise NotImplementedError

    # ---- fields of the structures in an array

    def get_interior_field_int(self, reference, index, interior):
        raise NotImplementedError

    def get_interior_field_reference(self, reference, index, interior):
        raise NotImplementedError

    def get_interior_field_float(self, reference, index, interior):
        raise NotImplementedError

    def set_interior_field_int(self, reference, index, value, interior):
        raise NotImplementedError

    def set_interior_field_reference(self, reference, index, value, interior):
        raise NotImplementedError

    def set_interior_field_float(self, reference, index, value, interior):
        raise NotImplementedError

    # ---- raw memory: an item of an array at `address + offset` bytes

    def raw_load_int(self, address, offset, array):
        raise NotImplementedError

    def raw_load_float(self, address, offset, array):
        raise NotImplementedError

    def raw_store_int(self, address, offset, value, array):
        raise NotImplementedError

    def raw_store_float(self, address, offset, value, array):
        raise NotImplementedError

    # ---- allocation

    def new(self, size):
        """A structure or an instance, all zero."""
        raise NotImplementedError

    def new_array(self, array, length, clear):
        """An array or a string of `length >= 0` items; they are zero if `clear`, or if they are references."""
        raise NotImplementedError

    def new_raw_buffer(self, size):
        """The address of `size >= 0` bytes outside of the heap."""
        raise NotImplementedError

    def free_raw_buffer(self, address):
        """Give back what `new_raw_buffer` gave."""
        raise NotImplementedError

    # ---- what an object is

    def class_of(self, reference):
        """The address of the vtable of an instance."""
        raise NotImplementedError

    def class_name(self, class_address):
        """The name of a class, the address of whose vtable is given; empty if it has none."""
        raise NotImplementedError

    def type_id_of(self, reference):
        """The type id of an object."""
        raise NotImplementedError

    def is_instance(self, reference):
        """Has an object a class?"""
        raise NotImplementedError

    def is_subclass(self, class_address, base_address):
        """Is a class (the address of a vtable) another one or below it?"""
        raise NotImplementedError

    def identity_hash(self, reference):
        """A number that stays the same for an object as long as it lives."""
        raise NotImplementedError

    # ---- calls

    def call_int(self, address, callee, ints, references, floats):
        """Call a function.

        Args:
            address: of the function.
            callee: the `CallDescriptor`.
            ints, references, floats: lists of the arguments of each kind, in order.
        """
        raise NotImplementedError

    def call_reference(self, address, callee, ints, references, floats):
        """As `call_int`, of a function that gives a reference."""
        raise NotImplementedError

    def call_float(self, address, callee, ints, references, floats):
        """As `call_int`, of a function that gives a float."""
        raise NotImplementedError

    def call_none(self, address, callee, ints, references, floats):
        """As `call_int`, of a function without result."""
        raise NotImplementedError
