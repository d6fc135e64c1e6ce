"""The parameters of the JIT: one table, and how users write them.

Every virtual machine reads them from its command line through `jit.set_user_param` or `jit.take_user_parameters`, so
that all of them know the same names and say the same about mistakes.
"""

from __future__ import annotations

#: The optimisations that `enable_opts` switches, from the first bit on. `ouro.jitcore.optimizer` says what each does.
OPTIMIZATIONS = ["ranges", "rewrite", "guards", "pure", "allocation", "heap", "strings", "peel", "count"]

ALL_OPTIMIZATIONS = (1 << len(OPTIMIZATIONS)) - 1

_HUGE = 2**31 - 1

NAMES: list[str] = []
DEFAULTS: list[int] = []
_LOWEST: list[int] = []
_HIGHEST: list[int] = []
DOCS: list[str] = []


def _parameter(name, default, lowest, highest, doc):
    NAMES.append(name)
    DEFAULTS.append(default)
    _LOWEST.append(lowest)
    _HIGHEST.append(highest)
    DOCS.append(doc)


_parameter("threshold", 1039, -1, _HUGE, "runs of a loop until it is traced; 0 and -1: never, and no bridges either")
_parameter(
    "function_threshold", 1619, -1, _HUGE, "calls of a function until it is traced from its head; 0 and -1: never")
_parameter("trace_eagerness", 100, -1, _HUGE, "failures of a guard until what follows is traced, too; 0 and -1: never")
_parameter("decay", 40, 0, 1000, "thousandths that all these counts lose whenever something is traced")
_parameter("trace_limit", 6000, 1, _HUGE, "recorded operations until a trace is cut or given up")
_parameter("inlining", 1, 0, 1, "0: calls of functions of the interpreted program are never traced into")
_parameter("loop_longevity", 1000, 1, _HUGE, "compilations that code survives without being entered")
_parameter(
    "code_memory", 0, 0, 1 << 20,
    "kilobytes of machine code at a time; 0: as many as there are addresses for. "
    "Where they are full, code that was not entered lately makes way",
)
_parameter("retrace_limit", 5, 0, _HUGE, "further bodies that a loop may get for values of other kinds")
_parameter(
    "max_retrace_guards", 15, 0, _HUGE,
    "values that a jump to the body of a loop may guard; with more the loop gets a further body, or is entered anew")
_parameter("max_unroll_loops", 1, 0, 1, "1: a second iteration may stand in front of a loop where that saves objects")
_parameter("disable_unrolling", 4000, 0, _HUGE, "recorded operations from which on a loop is not peeled")
_parameter("fail_guards", 0, 0, _HUGE, "for tests: of so many guards that run one fails without need; 0: none")
_parameter(
    "enable_opts", ALL_OPTIMIZATIONS, 0, ALL_OPTIMIZATIONS,
    "optimisations: all, none, or names with : between them, - in front of one to leave out: all:-peel")

ENABLE_OPTS = NAMES.index("enable_opts")


class BadParameter(ValueError):
    """What a user wrote is no setting of parameters; `message` is one line that says why."""

    def __init__(self, message):
        self.message = message

    def __str__(self):
        return self.message


def parameter_number(name: str) -> int:
    """The number of a parameter, -1 where there is none of that name."""
    for number in range(len(NAMES)):
        if NAMES[number] == name:
            return number
    return -1


def parameter_default(number):
    """The value at start of a parameter."""
    return DEFAULTS[number]


def parameter_doc(number):
    """What a parameter does, one line."""
    return DOCS[number]


def check_value(number: int, value: int) -> None:
    """Raise BadParameter where a value is not one of those that a parameter may have."""
    if value < _LOWEST[number] or value > _HIGHEST[number]:
        raise BadParameter("%s=%d: it may be %d to %d" % (NAMES[number], value, _LOWEST[number], _HIGHEST[number]))


def nearest_value(number: int, value: int) -> int:
    """The value that a parameter may have which is nearest to another one."""
    return min(max(value, _LOWEST[number]), _HIGHEST[number])


def parse_parameters(text: str) -> list[int]:
    """Read `"off"`, `"default"` or `"name=value,..."`.

    Returns:
        Numbers and values of parameters, one after the other, in the order in which they are to be set.

    Raises:
        BadParameter: it is none of that.
    """
    result = []
    if text == "off":
        return [parameter_number("threshold"), -1, parameter_number("function_threshold"), -1]
    if text == "default":
        for number in range(len(NAMES)):
            result.append(number)
            result.append(DEFAULTS[number])
        return result
    for part in text.split(","):
        setting = part.strip(" ")
        equals = setting.find("=")
        if equals < 0:
            raise BadParameter("expected off, default or name=value,..., not '%s'" % setting)
        name = setting[:equals].strip(" ")
        number = parameter_number(name)
        if number < 0:
            raise BadParameter("no JIT parameter '%s'; there are %s" % (name, ", ".join(NAMES)))
        value = _parse_value(number, setting[equals + 1 :].strip(" "))
        check_value(number, value)
        result.append(number)
        result.append(value)
    return result


def _parse_value(number, text):
    if number == ENABLE_OPTS:
        return parse_optimizations(text)
    digits = text[1:] if text.startswith("-") else text
    if len(digits) == 0 or len(digits) > 18:
        raise BadParameter("%s=%s: expected a number" % (NAMES[number], text))
    for character in digits:
        if character < "0" or character > "9":
            raise BadParameter("%s=%s: expected a number" % (NAMES[number], text))
    return int(text)


def parse_optimizations(text):
    """The bits for a text such as `"all"`, `"none"` or `"ranges:rewrite:heap"`; `"all:-peel"` is all but one. `1` and
    `0` are all and none.

    Raises:
        BadParameter: there is no optimisation of such a name.
    """
    enabled = 0
    for word in text.split(":"):
        name = word.strip(" ")
        if name == "all" or name == "1":
            enabled = ALL_OPTIMIZATIONS
        elif name == "none" or name == "0":
            enabled = 0
        elif name.startswith("-"):
            enabled &= ~_bit_of(name[1:])
        else:
            enabled |= _bit_of(name)
    return enabled


def _bit_of(name):
    for position in range(len(OPTIMIZATIONS)):
        if OPTIMIZATIONS[position] == name:
            return 1 << position
    raise BadParameter(
        "enable_opts: no optimisation '%s'; there are all, none, %s" % (name, ", ".join(OPTIMIZATIONS)))


def parameters_help():
    """The table as text for `--jit help`."""
    lines = ["--jit off, --jit default, or --jit name=value,... with these names and values at start:"]
    for number in range(len(NAMES)):
        value = "all" if number == ENABLE_OPTS else str(DEFAULTS[number])
        name = NAMES[number] + "=" + value
        lines.append("  " + name + " " * max(0, 25 - len(name)) + " " + DOCS[number])
    return "\n".join(lines) + "\n"
