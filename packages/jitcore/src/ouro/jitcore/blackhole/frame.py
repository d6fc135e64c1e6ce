"""A frame of the blackhole interpreter."""

from ouro.jitcore.trace import NULL_REFERENCE


class BlackholeFrame:
    """The registers of one jitcode that runs.

    Behind the registers of a kind stand the constants of the jitcode, so that an operand byte is an index.

    Attributes:
        jitcode: what runs.
        caller: the frame that goes on when this one returns, None for the portal.
        position: where the frame goes on. While another frame runs that it called, the `live` mark behind the call.
        exception: the exception that was caught last.
    """

    def __init__(self, jitcode, caller):
        self.jitcode = jitcode
        self.caller = caller
        self.position = 0
        self.registers_i = jitcode.new_ints()
        self.registers_r = jitcode.new_references()
        self.registers_f = jitcode.new_floats()
        self.exception = NULL_REFERENCE
