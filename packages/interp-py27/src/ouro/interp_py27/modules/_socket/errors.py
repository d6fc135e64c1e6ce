"""The exceptions of ``socket``, and how failures of the system become them."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.support import new_exception_class
from ouro.interp_py27.vm.errors import OperationError, operror

w_error = new_exception_class("socket.error", space.w_IOError)
w_herror = new_exception_class("socket.herror", w_error)
w_gaierror = new_exception_class("socket.gaierror", w_error)
w_timeout = new_exception_class("socket.timeout", w_error)


def failure(number):
    """``socket.error`` with errno and its text."""
    return OperationError(w_error, space.system_error_arguments(number, None))


def problem(message):
    """``socket.error`` with a text only."""
    return operror(w_error, message)


def timed_out():
    return operror(w_timeout, "timed out")


def address_info_failure(error):
    """``socket.gaierror`` of an AddressInfoError."""
    return OperationError(w_gaierror, space.newtuple([space.newint(error.number), space.newstr(error.message())]))


def host_failure(error):
    """``socket.herror`` of a HostError."""
    return OperationError(w_herror, space.newtuple([space.newint(error.number), space.newstr(error.message())]))
