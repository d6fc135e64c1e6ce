"""The arguments of a call while it is traced."""

from ouro.jitcore.tracer.frames import CONSTANT


class Arguments:
    """Values and references by kind, in the order of the lists of an instruction."""

    def __init__(self):
        self.ints = []
        self.ints_in_trace = []
        self.references = []
        self.references_in_trace = []
        self.floats = []
        self.floats_in_trace = []

    def all_constant(self):
        """Does the trace know all of them?"""
        for reference in self.ints_in_trace:
            if reference != CONSTANT:
                return False
        for reference in self.references_in_trace:
            if reference != CONSTANT:
                return False
        for reference in self.floats_in_trace:
            if reference != CONSTANT:
                return False
        return True

    def append_to(self, operands, kinds, constants):
        """Append what to record for them, in the order that a string of letters says.

        Args:
            operands: the list of references to append to.
            kinds: `argument_kinds` of the callee.
            constants: the pools of the recording.
        """
        ints = 0
        references = 0
        floats = 0
        for kind in kinds:
            if kind == "i":
                reference = self.ints_in_trace[ints]
                if reference == CONSTANT:
                    reference = constants.of_int(self.ints[ints])
                ints += 1
            elif kind == "r":
                reference = self.references_in_trace[references]
                if reference == CONSTANT:
                    reference = constants.of_reference(self.references[references])
                references += 1
            else:
                reference = self.floats_in_trace[floats]
                if reference == CONSTANT:
                    reference = constants.of_float(self.floats[floats])
                floats += 1
            operands.append(reference)

    def read_lists(self, frame, position):
        """Append the registers of the three lists at a position; the position behind them."""
        code = frame.code
        count = ord(code[position])
        position += 1
        for place in range(position, position + count):
            register = ord(code[place])
            self.ints.append(frame.ints[register])
            self.ints_in_trace.append(frame.ints_in_trace[register])
        position += count
        count = ord(code[position])
        position += 1
        for place in range(position, position + count):
            register = ord(code[place])
            self.references.append(frame.references[register])
            self.references_in_trace.append(frame.references_in_trace[register])
        position += count
        count = ord(code[position])
        position += 1
        for place in range(position, position + count):
            register = ord(code[place])
            self.floats.append(frame.floats[register])
            self.floats_in_trace.append(frame.floats_in_trace[register])
        return position + count
