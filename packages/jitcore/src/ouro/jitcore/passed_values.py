"""The values that the program passes when it asks to enter code, in arrays that are used again and again.

A program enters code as often as it calls functions: lists made each time would cost more than short code does.
"""

from ouro.jitcore.trace import NULL_REFERENCE


class PassedValues:
    """Values by kind, in order. Who takes them over calls `clear` before anything of the program runs, which may pass
    values itself.

    Attributes:
        ints, references, floats: arrays, of which the first `int_count`, `reference_count`, `float_count` items count.
    """

    def __init__(self):
        self.ints = [0] * 8
        self.references = [NULL_REFERENCE] * 32
        self.floats = [0.0] * 8
        self.int_count = 0
        self.reference_count = 0
        self.float_count = 0

    def add_int(self, value):
        """One more of kind int."""
        count = self.int_count
        if count == len(self.ints):
            self.ints.append(value)
        else:
            self.ints[count] = value
        self.int_count = count + 1

    def add_reference(self, value):
        """One more of kind reference."""
        count = self.reference_count
        if count == len(self.references):
            self.references.append(value)
        else:
            self.references[count] = value
        self.reference_count = count + 1

    def add_float(self, value):
        """One more of kind float."""
        count = self.float_count
        if count == len(self.floats):
            self.floats.append(value)
        else:
            self.floats[count] = value
        self.float_count = count + 1

    def add_lists(self, ints, references, floats):
        """All of some lists."""
        for number in ints:
            self.add_int(number)
        for reference in references:
            self.add_reference(reference)
        for number in floats:
            self.add_float(number)

    def clear(self):
        """Forget all of them; no object is kept alive."""
        references = self.references
        for position in range(self.reference_count):
            references[position] = NULL_REFERENCE
        self.int_count = 0
        self.reference_count = 0
        self.float_count = 0

    def ints_between(self, start, end):
        """Some of kind int, as a list of their own."""
        return [self.ints[position] for position in range(start, end)]

    def references_between(self, start, end):
        """Some of kind reference, as a list of their own."""
        return [self.references[position] for position in range(start, end)]

    def floats_between(self, start, end):
        """Some of kind float, as a list of their own."""
        return [self.floats[position] for position in range(start, end)]
