"""What the codewriter hands to the run-time parts: all jitcodes of a program, with what their bytes refer to."""

from ouro.jitcore.descriptors import Descriptor


class SwitchDescriptor(Descriptor):
    """The table of a `switch`: where to go for each value; right behind the instruction for all others."""

    name = "switch"

    def __init__(self):
        self.keys = []
        self.targets = []
        self._target_of = {}

    def setup(self, keys, targets):
        """Give the values, in growing order, and the position for each."""
        self.keys = keys
        self.targets = targets
        for index in range(len(keys)):
            self._target_of[keys[index]] = targets[index]

    def target_of(self, value):
        """The position to go on at, -1 for a value that is not in the table."""
        return self._target_of.get(value, -1)


class VirtualizableDescription(Descriptor):
    """A class whose instances live in registers while they are traced.

    size: descriptor of the structure.
    fields: descriptors of the virtualizable fields that are values, in the order of the declaration.
    array_fields: descriptors of those that hold arrays.
    arrays: for each of these the descriptor of the array.
    token: descriptor of the field that holds the force token of the frame that has the object in registers.
    """

    _immutable_fields_ = ["name", "size", "fields[*]", "array_fields[*]", "arrays[*]", "token"]

    def __init__(self, name, size, fields, array_fields, arrays, token):
        self.name = name
        self.size = size
        self.fields = fields
        self.array_fields = array_fields
        self.arrays = arrays
        self.token = token

    def has_field(self, field):
        """Is a field one of `fields` or `array_fields`?"""
        for known in self.fields:
            if known is field:
                return True
        for known in self.array_fields:
            if known is field:
                return True
        return False

    def index_of_field(self, field):
        """The number of a field among `fields`."""
        for index in range(len(self.fields)):
            if self.fields[index] is field:
                return index
        raise KeyError

    def index_of_array(self, field):
        """The number of a field among `array_fields`."""
        for index in range(len(self.array_fields)):
            if self.array_fields[index] is field:
                return index
        raise KeyError


class JitProgram:
    """All jitcodes of a program.

    jitcodes: by index; descriptors: by the index that operands `d` have; liveness: see `liveness.py`;
    portals: by the number of the driver, the jitcode of its portal, whose arguments are the greens and then the reds;
    virtualizables: by the number of the driver, the `VirtualizableDescription` of a red, or None;
    called_addresses, called_jitcodes: side by side, the functions that indirect calls may run as jitcodes.
    """

    def __init__(self, jitcodes, descriptors, liveness, portals, virtualizables, called_addresses, called_jitcodes):
        self.jitcodes = jitcodes
        self.descriptors = descriptors
        self.liveness = liveness
        self.portals = portals
        self.virtualizables = virtualizables
        self.called_addresses = called_addresses
        self.called_jitcodes = called_jitcodes
        self._jitcode_at = {}

    def jitcode_at(self, address):
        """The jitcode of the function at an address, None for functions that are only called.

        Addresses are known when the program runs and not before: the table is made at the first question.
        """
        table = self._jitcode_at
        if len(table) == 0:
            for index in range(len(self.called_addresses)):
                table[self.called_addresses[index]] = self.called_jitcodes[index]
        return table.get(address, None)
