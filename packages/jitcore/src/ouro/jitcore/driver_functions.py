"""The functions that a program has given to a driver, called with green keys."""

from ouro.jitcore.tracer import DriverHooks, Location


class DriverFunctions(DriverHooks):
    """Calls them as compiled code would.

    Args:
        machine: the `Machine`.
        characters: the `ArrayDescriptor` of strings.

    Attributes:
        location, place, identity, unroll, never_inline, confirm: addresses, 0 where the driver says nothing;
            `..._call` the `CallDescriptor` of each.
        place_fields: the fields of what `place` gives.
    """

    def __init__(self, machine, characters):
        self.machine = machine
        self.characters = characters
        self.location = 0
        self.location_call = None
        self.place = 0
        self.place_call = None
        self.place_fields = []
        self.identity = 0
        self.identity_call = None
        self.unroll = 0
        self.unroll_call = None
        self.never_inline = 0
        self.never_inline_call = None
        self.confirm = 0
        self.confirm_call = None

    def printable_location(self, key):
        if self.location == 0:
            return ""
        machine = self.machine
        pending = machine.take_exception()
        text = machine.call_reference(self.location, self.location_call, key.ints, key.references, key.floats)
        machine.set_exception(pending)
        return self._characters_of(text)

    def location_of(self, key):
        if self.place == 0:
            return Location()
        machine = self.machine
        pending = machine.take_exception()
        place = machine.call_reference(self.place, self.place_call, key.ints, key.references, key.floats)
        machine.set_exception(pending)
        if not place:
            return Location()
        fields = self.place_fields
        return Location(
            self._characters_of(machine.get_field_reference(place, fields[0])),
            machine.get_field_int(place, fields[1]),
            self._characters_of(machine.get_field_reference(place, fields[2])),
            machine.get_field_int(place, fields[3]),
            self._characters_of(machine.get_field_reference(place, fields[4])),
        )

    def _characters_of(self, text):
        if not text:
            return ""
        characters = []
        for index in range(self.machine.array_length(text, self.characters)):
            characters.append(chr(self.machine.get_item_int(text, index, self.characters)))
        return "".join(characters)

    def unique_id(self, key):
        if self.identity == 0:
            return 0
        return self._ask(self.identity, self.identity_call, key.ints, key.references, key.floats)

    def can_never_inline(self, key):
        if self.never_inline == 0:
            return False
        return self._ask(self.never_inline, self.never_inline_call, key.ints, key.references, key.floats) != 0

    def should_unroll_one_iteration(self, key):
        if self.unroll == 0:
            return False
        return self._ask(self.unroll, self.unroll_call, key.ints, key.references, key.floats) != 0

    def has_condition(self):
        return self.confirm != 0

    def may_enter(self, key, ints, references, floats):
        if self.confirm == 0:
            return True
        return self._ask(
            self.confirm, self.confirm_call, key.ints + ints, key.references + references, key.floats + floats
        ) != 0

    def _ask(self, address, callee, ints, references, floats):
        """What a function says; 0 where it raises. What was pending stays so."""
        machine = self.machine
        pending = machine.take_exception()
        answer = machine.call_int(address, callee, ints, references, floats)
        machine.set_exception(pending)
        return answer
