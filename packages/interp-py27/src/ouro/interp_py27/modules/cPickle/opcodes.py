"""The opcodes of pickles (see the library's ``pickletools``), the state of the module, and its exceptions."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.vm.errors import OperationError, operror

HIGHEST_PROTOCOL = 2

MARK = "("
STOP = "."
POP = "0"
POP_MARK = "1"
DUP = "2"
FLOAT = "F"
INT = "I"
BININT = "J"
BININT1 = "K"
LONG = "L"
BININT2 = "M"
NONE = "N"
PERSID = "P"
BINPERSID = "Q"
REDUCE = "R"
STRING = "S"
BINSTRING = "T"
SHORT_BINSTRING = "U"
UNICODE = "V"
BINUNICODE = "X"
APPEND = "a"
BUILD = "b"
GLOBAL = "c"
DICT = "d"
EMPTY_DICT = "}"
APPENDS = "e"
GET = "g"
BINGET = "h"
INST = "i"
LONG_BINGET = "j"
LIST = "l"
EMPTY_LIST = "]"
OBJ = "o"
PUT = "p"
BINPUT = "q"
LONG_BINPUT = "r"
SETITEM = "s"
TUPLE = "t"
EMPTY_TUPLE = ")"
SETITEMS = "u"
BINFLOAT = "G"
PROTO = "\x80"
NEWOBJ = "\x81"
EXT1 = "\x82"
EXT2 = "\x83"
EXT4 = "\x84"
TUPLE1 = "\x85"
TUPLE2 = "\x86"
TUPLE3 = "\x87"
NEWTRUE = "\x88"
NEWFALSE = "\x89"
LONG1 = "\x8a"
LONG4 = "\x8b"


class PickleState:
    """The module's exceptions, and the tables of ``copy_reg``, which are read when a first pickle needs them."""

    def __init__(self):
        self.w_PickleError = None
        self.w_PicklingError = None
        self.w_UnpickleableError = None
        self.w_UnpicklingError = None
        self.w_BadPickleGet = None
        self.w_dispatch_table = None
        self.w_extension_registry = None
        self.w_inverted_registry = None
        self.w_extension_cache = None


pickle_state = PickleState()


def load_copy_reg():
    """Find the tables of ``copy_reg``."""
    if pickle_state.w_dispatch_table is not None:
        return
    w_copy_reg = space.import_module("copy_reg")
    pickle_state.w_extension_registry = space.getattr_str(w_copy_reg, "_extension_registry")
    pickle_state.w_inverted_registry = space.getattr_str(w_copy_reg, "_inverted_registry")
    pickle_state.w_extension_cache = space.getattr_str(w_copy_reg, "_extension_cache")
    pickle_state.w_dispatch_table = space.getattr_str(w_copy_reg, "dispatch_table")


def pickling_error(message):
    return operror(pickle_state.w_PicklingError, message)


def unpicklable(w_obj):
    return OperationError(pickle_state.w_UnpickleableError, space.newtuple([w_obj]))


def unpickling_error(message):
    return operror(pickle_state.w_UnpicklingError, message)


def bad_get(w_key):
    return OperationError(pickle_state.w_BadPickleGet, space.newtuple([w_key]))


def read_unsigned(data, position, size):
    """A little endian number of at most four bytes."""
    value = 0
    for i in range(size):
        value |= ord(data[position + i]) << (8 * i)
    return value


def read_signed(data, position):
    """A signed number of four bytes."""
    value = read_unsigned(data, position, 4)
    if value >= 0x80000000:
        value -= 0x100000000
    return value


def number_bytes(value, size):
    """The little endian bytes of a number."""
    parts = []
    for _ in range(size):
        parts.append(chr(value & 0xFF))
        value >>= 8
    return "".join(parts)
