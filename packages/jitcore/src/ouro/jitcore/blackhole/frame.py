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
        self.registers_i = [0] * jitcode.registers_i + jitcode.constants_i
        self.registers_r = [NULL_REFERENCE] * jitcode.registers_r + jitcode.constants_r
        self.registers_f = [0.0] * jitcode.registers_f + jitcode.constants_f
        self.exception = NULL_REFERENCE
