"""The parameters of the JIT (`ouro.rlib.jit.DEFAULT_PARAMETERS`) of one driver: a row of numbers."""

from ouro.rlib.jit import DEFAULT_PARAMETERS, nearest_value, parameter_number

NAMES = list(DEFAULT_PARAMETERS)

THRESHOLD = NAMES.index("threshold")
FUNCTION_THRESHOLD = NAMES.index("function_threshold")
TRACE_EAGERNESS = NAMES.index("trace_eagerness")
DECAY = NAMES.index("decay")
TRACE_LIMIT = NAMES.index("trace_limit")
INLINING = NAMES.index("inlining")
LOOP_LONGEVITY = NAMES.index("loop_longevity")
CODE_MEMORY = NAMES.index("code_memory")
RETRACE_LIMIT = NAMES.index("retrace_limit")
MAX_RETRACE_GUARDS = NAMES.index("max_retrace_guards")
MAX_UNROLL_LOOPS = NAMES.index("max_unroll_loops")
DISABLE_UNROLLING = NAMES.index("disable_unrolling")
FAIL_GUARDS = NAMES.index("fail_guards")
ENABLE_OPTS = NAMES.index("enable_opts")

#: The number of a parameter, -1 where there is none of that name.
number_of = parameter_number

_DEFAULTS = [DEFAULT_PARAMETERS[name] for name in NAMES]


class Parameters:
    """The values of all parameters. `version` grows with every change, for what is computed from them."""

    def __init__(self):
        self.values = _DEFAULTS[:]
        self.version = 0

    def get(self, number):
        """The value of a parameter by its number (`THRESHOLD`, ...)."""
        return self.values[number]

    def set(self, number, value):
        """Set a parameter, to the nearest value that it may have."""
        self.values[number] = nearest_value(number, value)
        self.version += 1

    def set_to_default(self, number):
        """Set a parameter back to its value at start."""
        self.set(number, _DEFAULTS[number])
