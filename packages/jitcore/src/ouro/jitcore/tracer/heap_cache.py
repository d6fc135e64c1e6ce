"""What the tracer knows of the objects of a trace while it records: so that it records less.

A load of a field whose value is known is not recorded again, nor a guard of a class that is known. What is known here
is true at the place that is being recorded, by what was recorded since the last place where the trace may be closed to
a loop (`reset`); the optimizer knows more, but later, and everything that is left out here costs it nothing.

Two objects of which the trace made one are different, so a store into one says nothing of the other; and calls do not
change an object that the trace made and no one else has seen (it has not *escaped*). The idea is that of PyPy's
`heapcache`; here all that is known of a reference is one word of flags in a list, and references of constants are keys
like any others.
"""

from ouro.jitcore.trace import NOTHING

CLASS_KNOWN = 1
NOT_NULL = 2
IS_NULL = 4
MADE_HERE = 8  # the trace allocated it
UNESCAPED = 16  # and no one else has seen it
NOT_THE_VIRTUALIZABLE = 32
IS_INSTANCE = 64
VALUE_KNOWN = 128  # it was promoted


class FieldValues:
    """What one field (or the items at one index) holds, by object."""

    def __init__(self):
        self.of_new = {}  # objects that the trace made
        self.of_others = {}

    def get(self, is_new, reference):
        """The value, or NOTHING."""
        if is_new:
            return self.of_new.get(reference, NOTHING)
        return self.of_others.get(reference, NOTHING)

    def read(self, is_new, reference, value):
        """It was read: the object holds `value`."""
        if is_new:
            self.of_new[reference] = value
        else:
            self.of_others[reference] = value

    def written(self, is_new, reference, value):
        """It was written: what other objects hold is still known only if they cannot be this one."""
        self.forget_others(is_new)
        self.read(is_new, reference, value)

    def forget_others(self, is_new):
        """It was written in some object, which is one that the trace made or not."""
        if self.of_others:
            self.of_others = {}
        if not is_new and self.of_new:
            self.of_new = {}


class ItemValues:
    """What is known of the items of arrays of one type: a `FieldValues` for each constant index."""

    def __init__(self):
        self.at_index = {}

    def at(self, index):
        """The values at an index; a new table if there is none."""
        values = self.at_index.get(index, None)
        if values is None:
            values = FieldValues()
            self.at_index[index] = values
        return values


class HeapCache:
    """The knowledge of one trace."""

    def __init__(self):
        self._first = 0
        self._flags = []
        self._fields = {}
        self._items = {}
        self._lengths = {}
        self._contents = {}
        self._quasi_immutable = {}
        #: Something ran since the last `guard_not_invalidated` that may have invalidated the code.
        self.may_be_invalidated = True

    def reset(self, count):
        """Forget everything; references below `count` are those of values that are older."""
        self._first = count
        self._flags = []
        self._fields = {}
        self._items = {}
        self._lengths = {}
        self._contents = {}
        self._quasi_immutable = {}
        self.may_be_invalidated = True

    # flags

    def knows(self, reference, flag):
        """Is that known? Nothing is known of constants here: who asks can look at them."""
        index = reference - self._first
        return 0 <= index < len(self._flags) and self._flags[index] & flag != 0

    def learn(self, reference, flags):
        """Add knowledge. There may be none of references older than the last reset: it is kept apart."""
        if reference < 0:
            return
        index = reference - self._first
        if index < 0:
            self._shift(reference)
            index = 0
        while len(self._flags) <= index:
            self._flags.append(0)
        self._flags[index] |= flags

    def _shift(self, reference):
        """Make room for an older reference: what a loop carries stands right in front of it."""
        self._flags = [0] * (self._first - reference) + self._flags
        self._first = reference

    def _forget_flag(self, reference, flag):
        index = reference - self._first
        if 0 <= index < len(self._flags):
            self._flags[index] &= ~flag

    # allocation and escape

    def made(self, reference, is_instance):
        """The trace has allocated an object."""
        flags = NOT_NULL | MADE_HERE | UNESCAPED
        if is_instance:
            flags |= CLASS_KNOWN | IS_INSTANCE
        self.learn(reference, flags)

    def made_array(self, reference, length):
        """The trace has allocated an array."""
        self.learn(reference, NOT_NULL | MADE_HERE | UNESCAPED)
        self._lengths[reference] = length

    def is_unescaped(self, reference):
        """Was the object made by the trace and never shown to anyone?"""
        return self.knows(reference, UNESCAPED)

    def escape(self, reference):
        """Someone else may see the object now, and what can be reached from it."""
        if not self.knows(reference, UNESCAPED):
            return
        pending = [reference]
        while pending:
            reference = pending.pop()
            if self.knows(reference, UNESCAPED):
                self._forget_flag(reference, UNESCAPED)
                contents = self._contents.get(reference, None)
                if contents is not None:
                    pending.extend(contents)
                    del self._contents[reference]

    def _get_from(self, container):
        """Something was loaded from an object that was not known: if no one else has seen the object, that may be one
        of those that were stored there. It has a second name from here on, so it is as good as escaped.
        """
        contents = self._contents.get(container, None)
        if contents is not None:
            del self._contents[container]
            for value in contents:
                self.escape(value)

    def _put_into(self, container, value):
        """`value` is stored in an object: it escapes unless that object has not."""
        if not self.knows(value, UNESCAPED):
            return
        if self.knows(container, UNESCAPED):
            contents = self._contents.get(container, None)
            if contents is None:
                self._contents[container] = [value]
            else:
                contents.append(value)
        else:
            self.escape(value)

    # fields

    def field(self, reference, descriptor):
        """The known value of a field, or NOTHING."""
        values = self._fields.get(descriptor, None)
        if values is None:
            return NOTHING
        return values.get(self.knows(reference, MADE_HERE), reference)

    def field_read(self, reference, descriptor, value):
        """The field was read, and was not known before."""
        self._get_from(reference)
        self._values_of(descriptor).read(self.knows(reference, MADE_HERE), reference, value)

    def field_written(self, reference, descriptor, value):
        """The field was written."""
        self._put_into(reference, value)
        self._values_of(descriptor).written(self.knows(reference, MADE_HERE), reference, value)

    def _values_of(self, descriptor):
        values = self._fields.get(descriptor, None)
        if values is None:
            values = FieldValues()
            self._fields[descriptor] = values
        return values

    # arrays

    def item(self, reference, index, descriptor):
        """The known value of an item at a constant index, or NOTHING."""
        items = self._items.get(descriptor, None)
        if items is None:
            return NOTHING
        values = items.at_index.get(index, None)
        if values is None:
            return NOTHING
        return values.get(self.knows(reference, MADE_HERE), reference)

    def item_read(self, reference, index, descriptor, value):
        """An item at a constant index was read, and was not known before."""
        self._get_from(reference)
        self._items_of(descriptor).at(index).read(self.knows(reference, MADE_HERE), reference, value)

    def some_item_read(self, reference):
        """An item was read at an index that is no constant."""
        self._get_from(reference)

    def item_written(self, reference, index, descriptor, value):
        """An item at a constant index was written."""
        self._put_into(reference, value)
        self._items_of(descriptor).at(index).written(self.knows(reference, MADE_HERE), reference, value)

    def some_item_written(self, reference, descriptor, value):
        """An item was written at an index that is no constant."""
        self._put_into(reference, value)
        items = self._items.get(descriptor, None)
        if items is None:
            return
        is_new = self.knows(reference, MADE_HERE)
        for index in items.at_index:
            values = items.at_index[index]
            values.forget_others(is_new)
            if is_new and reference in values.of_new:
                del values.of_new[reference]

    def items_written(self, descriptor):
        """Items of some array may have been written by something that is not looked at closely."""
        if descriptor in self._items:
            del self._items[descriptor]

    def _items_of(self, descriptor):
        items = self._items.get(descriptor, None)
        if items is None:
            items = ItemValues()
            self._items[descriptor] = items
        return items

    def length(self, reference):
        """The known length of an array, or NOTHING."""
        return self._lengths.get(reference, NOTHING)

    def length_read(self, reference, length):
        """The length of an array was read."""
        self._lengths[reference] = length

    # quasi-immutable fields

    def quasi_immutable_is_checked(self, reference, descriptor):
        """Does the trace depend on the field of this object (a constant) already?"""
        objects = self._quasi_immutable.get(descriptor, None)
        return objects is not None and reference in objects

    def quasi_immutable_checked(self, reference, descriptor):
        """The trace depends on the field of this object from here on."""
        objects = self._quasi_immutable.get(descriptor, None)
        if objects is None:
            objects = {}
            self._quasi_immutable[descriptor] = objects
        objects[reference] = True

    def quasi_immutable_changed(self, descriptor):
        """The trace itself changes the field of some object."""
        if descriptor in self._quasi_immutable:
            del self._quasi_immutable[descriptor]

    # calls

    def called(self, effect):
        """A call was recorded; its arguments have escaped before."""
        if effect.can_invalidate or effect.forces() or effect.releases_lock:
            self.may_be_invalidated = True
        if effect.is_elidable():
            return
        for descriptor in self._fields:
            if effect.releases_lock or effect.writes_field(descriptor):
                self._forget_escaped(self._fields[descriptor])
        for descriptor in self._items:
            if effect.releases_lock or effect.writes_array(descriptor):
                items = self._items[descriptor]
                for index in items.at_index:
                    self._forget_escaped(items.at_index[index])

    def _forget_escaped(self, values):
        if values.of_others:
            values.of_others = {}
        if values.of_new:
            kept = {}
            for reference in values.of_new:
                if self.knows(reference, UNESCAPED):
                    kept[reference] = values.of_new[reference]
            values.of_new = kept
