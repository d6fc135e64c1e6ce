"""Descriptors of calls and of what they do."""

from ouro.jitcore.descriptors.memory import Descriptor

#: What a call may do, in growing order: whatever holds for one holds for all in front of it but the order of the
#: elidable ones says only how they may raise.
EXTRA_NAMES = [
    "elidable_cannot_raise",
    "elidable_memory_error",
    "elidable_can_raise",
    "loop_invariant",
    "cannot_raise",
    "can_raise",
    "forces",
    "random",
]
(
    ELIDABLE_CANNOT_RAISE,
    ELIDABLE_MEMORY_ERROR,
    ELIDABLE_CAN_RAISE,
    LOOP_INVARIANT,
    CANNOT_RAISE,
    CAN_RAISE,
    FORCES,
    RANDOM,
) = range(8)

#: What `special` of an effect says. `none`: nothing. `not_in_trace`: the call is done while tracing, and not recorded.
#: `string_equal`: whether two strings, each of which may be null, are the same by content. `shrink_string`: the first
#: characters of a string, as many as the second argument says; the string itself is not used any more.
#: `array_copy`: copies items: from an array, to an array, which may be the same one, from an index on, to an index on,
#: how many.
SPECIAL_NAMES = ["none", "not_in_trace", "string_equal", "shrink_string", "array_copy"]
SPECIAL_NONE, SPECIAL_NOT_IN_TRACE, SPECIAL_STRING_EQUAL, SPECIAL_SHRINK_STRING, SPECIAL_ARRAY_COPY = range(5)


def make_bit_set(indices):
    """A set of small numbers as a string of characters with 8 of them each."""
    size = 0
    for index in indices:
        size = max(size, index // 8 + 1)
    bits = [0] * size
    for index in indices:
        bits[index // 8] |= 1 << (index % 8)
    return "".join([chr(number) for number in bits])


def in_bit_set(bits, index):
    """Is a number in a set made by `make_bit_set`?"""
    position = index >> 3
    return position < len(bits) and ord(bits[position]) & (1 << (index & 7)) != 0


class EffectDescriptor(Descriptor):
    """What a call reads, writes and may cause.

    The sets are bit sets over the `index` of fields and arrays. A call that is `RANDOM` may read and write anything,
    whatever the sets say; an elidable or loop-invariant one writes nothing that was there before.
    """

    _immutable_ = True
    name = "effect"

    def __init__(self, extra, reads_fields="", writes_fields="", reads_arrays="", writes_arrays="",
                 can_invalidate=False, can_collect=True, releases_lock=False, special=SPECIAL_NONE):
        self.extra = extra
        self.reads_fields = reads_fields
        self.writes_fields = writes_fields
        self.reads_arrays = reads_arrays
        self.writes_arrays = writes_arrays
        self.can_invalidate = can_invalidate
        self.can_collect = can_collect
        self.releases_lock = releases_lock
        self.special = special

    def reads_field(self, field):
        """May the call read a field?"""
        return self.extra == RANDOM or in_bit_set(self.reads_fields, field.index)

    def writes_field(self, field):
        """May the call write a field?"""
        return self.extra == RANDOM or in_bit_set(self.writes_fields, field.index)

    def reads_array(self, array):
        """May the call read items of an array?"""
        return self.extra == RANDOM or in_bit_set(self.reads_arrays, array.index)

    def writes_array(self, array):
        """May the call write items of an array?"""
        return self.extra == RANDOM or in_bit_set(self.writes_arrays, array.index)

    def is_elidable(self):
        """Does the result depend on nothing but the arguments, and is a call that no one needs left out?"""
        return self.extra <= ELIDABLE_CAN_RAISE

    def can_raise(self):
        """May the call raise an exception?"""
        extra = self.extra
        return extra == ELIDABLE_MEMORY_ERROR or extra == ELIDABLE_CAN_RAISE or extra >= CAN_RAISE

    def forces(self):
        """May the call look into the frame that it is called from?"""
        return self.extra >= FORCES


class CallDescriptor(Descriptor):
    """The type of a function and what a call of it does.

    `argument_kinds` is a string of letters, without the function itself; `result_kind` a letter; an integer result
    smaller than a word is widened by `result_size` (bytes) and `result_signed`. `stub` calls such functions in the
    translated program (a `machine.CallStub`).

    Numbers of single precision are ints in traces, with the bits of the number. C functions take and give them in the
    registers of floats: `passed_kinds` says `f` for such arguments, and is `argument_kinds` otherwise; `gives_single`
    says that the result is one.
    """

    _immutable_ = True

    def __init__(self, name, argument_kinds, result_kind, result_size, result_signed, effect, stub=None,
                 passed_kinds=None, gives_single=False):
        self.name = name
        self.argument_kinds = argument_kinds
        self.passed_kinds = argument_kinds if passed_kinds is None else passed_kinds
        self.gives_single = gives_single
        self.result_kind = result_kind
        self.result_size = result_size
        self.result_signed = result_signed
        self.effect = effect
        self.stub = stub
