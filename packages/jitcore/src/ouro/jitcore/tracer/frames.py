"""Frames of the tracer: registers that hold a value and its name in the trace.

A register file is two parallel lists, values and references. The reference `CONSTANT` says that the trace knows the
value as a constant: only when it is recorded, if ever, it gets a place in the pool of constants.
"""

from ouro.jitcore.trace import NO_FRAME, NOTHING

#: In place of a reference: the value itself is what is known.
CONSTANT = NOTHING


class TraceFrame:
    """A call of a jitcode.

    Attributes:
        jitcode, code: what runs, and its bytes.
        position: of the instruction that runs; while a callee runs, of the live mark behind the call.
        ints, references, floats: the values of the registers, and behind them the constants of the jitcode.
        ints_in_trace, references_in_trace, floats_in_trace: their references.
        caller: the frame below, or None.
        snapshot: while a callee runs: the place of this frame in the snapshots of the recording, once it is there.
        awaits: while a callee runs: the kind of its result, a letter.
        inlined_driver: the number of the driver whose portal this is, if it was called from traced code, else -1.
        unrolled: has the call gone past the head of a loop of its own, as its driver wanted?
        key: the green key if that call is in this recording, else None; `start` is the length of the recording then.
    """

    def __init__(self, jitcode, caller):
        self.jitcode = jitcode
        self.code = jitcode.code
        self.position = 0
        self.caller = caller
        self.snapshot = NO_FRAME
        self.awaits = "n"
        self.inlined_driver = -1
        self.unrolled = False
        self.key = None
        self.start = 0
        self.ints = jitcode.new_ints()
        self.ints_in_trace = [CONSTANT] * len(self.ints)
        self.references = jitcode.new_references()
        self.references_in_trace = [CONSTANT] * len(self.references)
        self.floats = jitcode.new_floats()
        self.floats_in_trace = [CONSTANT] * len(self.floats)

    def set_int(self, register, value, reference):
        """Write a register: a value and its reference, or `CONSTANT`."""
        self.ints[register] = value
        self.ints_in_trace[register] = reference

    def set_reference(self, register, value, reference):
        """The same for a GC reference."""
        self.references[register] = value
        self.references_in_trace[register] = reference

    def set_float(self, register, value, reference):
        """The same for a float."""
        self.floats[register] = value
        self.floats_in_trace[register] = reference
