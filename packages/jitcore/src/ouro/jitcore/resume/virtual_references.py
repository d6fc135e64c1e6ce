"""Virtual references: stand-ins for objects that stay virtual unless someone asks for them.

Outside of compiled code a virtual reference is the object itself. Compiled code makes an instance of a class of its
own instead, with two fields: a token while the object is virtual, as a virtualizable has one, and the object once it
is not. Whoever follows a virtual reference looks at its class first (`follow_virtual_reference`).
"""

from ouro.jitcore.trace import NULL_REFERENCE


class VirtualReferenceDescription:
    """The class of the stand-ins.

    Args:
        size: its `SizeDescriptor`, with a vtable.
        token_field, object_field: `FieldDescriptor`s of its two fields, both references.
    """

    def __init__(self, size, token_field, object_field):
        self.size = size
        self.token_field = token_field
        self.object_field = object_field

    def is_stand_in(self, machine, reference):
        """Is a reference such a stand-in, and not the object itself?"""
        return bool(reference) and machine.is_instance(reference) and machine.class_of(reference) == self.size.vtable

    def make(self, machine, token):
        """A stand-in whose object is virtual in the code with a force token."""
        reference = machine.new(self.size)
        machine.set_field_reference(reference, token, self.token_field)
        return reference

    def set_object(self, machine, reference, value):
        """From here on the stand-in leads to an object."""
        machine.set_field_reference(reference, NULL_REFERENCE, self.token_field)
        machine.set_field_reference(reference, value, self.object_field)

    def object_of(self, machine, reference):
        """The object that a stand-in leads to; null while its object is virtual, or when it ended unasked for."""
        return machine.get_field_reference(reference, self.object_field)

    def token_of(self, machine, reference):
        """The force token, null where the stand-in has its object or ended."""
        return machine.get_field_reference(reference, self.token_field)
