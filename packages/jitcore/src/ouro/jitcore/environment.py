"""The parameters that a process finds in its environment: they hold for programs that it starts, too."""

from ouro.rlib import rposix
from ouro.rlib.jit import BadParameter, parse_parameters

#: Named like the variables of the collector and the log. Its text is that of the option `--jit`.
VARIABLE = "OUROJIT"

_BAD_USAGE = 2
_STANDARD_ERROR = 2


def take_environment(system):
    """Set the parameters of all drivers to what the environment says; ends the process if that makes no sense.

    Args:
        system: the `JitSystem`.
    """
    text = rposix.getenv(VARIABLE)
    if text is None or text == "":
        return
    try:
        settings = parse_parameters(text)
    except BadParameter as error:
        rposix.write(_STANDARD_ERROR, VARIABLE + ": " + error.message + "\n")
        rposix.exit_now(_BAD_USAGE)
        return
    for index in range(0, len(settings), 2):
        system.set_parameter(-1, settings[index], settings[index + 1])
