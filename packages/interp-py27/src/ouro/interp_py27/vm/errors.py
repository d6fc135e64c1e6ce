"""Application-level exceptions as they travel through the interpreter.

An application exception is one RPython exception class, `OperationError`, that carries the application
type and value. The value is built lazily: most exceptions are caught by type and never looked at.
"""

from ouro.interp_py27.objects import space


class OperationError(Exception):
    """An application-level exception on its way up.

    `w_value` is either an instance of `w_type`, or an argument to make one from, or None for no
    argument; `message` is an argument that has not been wrapped yet. `normalize` makes `w_value` an instance.
    """

    _attrs_ = ("w_type", "w_value", "message", "traceback", "normalized", "reraised")

    def __init__(self, w_type, w_value, message=None, traceback=None):
        self.w_type = w_type
        self.w_value = w_value
        self.message = message
        self.traceback = traceback
        self.normalized = False
        self.reraised = False

    def match(self, w_check):
        """Is this an exception of the built-in class `w_check`?"""
        return space.exception_match(self.w_type, w_check)

    def get_w_value(self):
        """The exception instance; made now if nobody asked before."""
        if not self.normalized:
            self.normalize()
        return self.w_value

    def peek_w_value(self):
        """The value as it is, wrapped but not normalized."""
        message = self.message
        if message is not None:
            self.message = None
            self.w_value = space.newstr(message)
        if self.w_value is None:
            return space.w_None
        return self.w_value

    def normalize(self):
        """Turn (type, argument) into (type of instance, instance), as the evaluation loop of CPython does."""
        w_value = self.peek_w_value()
        w_type = self.w_type
        if space.is_exception_class(w_type):
            if space.is_exception_instance_of(w_value, w_type):
                w_type = space.exception_class(w_value)
            else:
                if space.is_none(w_value):
                    w_value = w_type.call_0()
                elif space.is_tuple(w_value):
                    w_value = w_type.call_list(space.tuple_list(w_value))
                else:
                    w_value = w_type.call_1(w_value)
                w_type = space.exception_class(w_value)
        self.w_type = w_type
        self.w_value = w_value
        self.normalized = True

    def record_traceback(self, frame, last_instr):
        frame.kept = True
        self.traceback = space.new_traceback(frame, last_instr, self.traceback)

    def error_string(self):
        """``TypeError: message``, for messages of the interpreter itself."""
        return space.exception_summary(self)

    def __str__(self):
        return self.error_string()


def operror(w_type, message: str):
    """An exception of built-in type `w_type` with the text `message`."""
    return OperationError(w_type, None, message)


def type_error(message: str):
    return OperationError(space.w_TypeError, None, message)


def value_error(message: str):
    return OperationError(space.w_ValueError, None, message)


def index_error(message):
    return OperationError(space.w_IndexError, None, message)


def key_error(w_key):
    # A tuple key must not be taken for the tuple of arguments.
    return OperationError(space.w_KeyError, space.newtuple([w_key]))


def attribute_error(message):
    return OperationError(space.w_AttributeError, None, message)


def overflow_error(message):
    return OperationError(space.w_OverflowError, None, message)


def system_error(message):
    return OperationError(space.w_SystemError, None, message)


def runtime_error(message):
    return OperationError(space.w_RuntimeError, None, message)


def zero_division(message):
    return OperationError(space.w_ZeroDivisionError, None, message)


def name_error(message):
    return OperationError(space.w_NameError, None, message)


def stop_iteration():
    return OperationError(space.w_StopIteration, None)
