"""The hierarchy of built-in exceptions.

One RPython class per layout: most exceptions are a `W_BaseException`; those with fields of their own have a
subclass. `HIERARCHY` lists name, base and layout.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.root import W_Dictful, W_Root
from ouro.interp_py27.vm.errors import attribute_error, type_error
from ouro.interp_py27.vm.gateway import unwrap_spec, wrong_kind
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib.objectmodel import instantiate, not_rpython
from ouro.rlib.unroll import unrolling_iterable


class W_BaseException(W_Dictful):
    """An exception instance; `w_message` is None until ``message`` is assigned."""

    _attrs_ = ("args_w", "w_message")
    w_message = None

    def __init__(self, args_w):
        self.args_w = args_w
        self.w_dict = None
        self.w_message = None

    def init_fields(self):
        """Give the fields of a layout their values before ``__init__``."""

    def set_arguments(self, args_w):
        """``__init__``."""
        self.args_w = args_w


class W_SystemExit(W_BaseException):
    _attrs_ = ("w_code",)

    def init_fields(self):
        self.w_code = space.w_None

    def set_arguments(self, args_w):
        self.args_w = args_w
        if len(args_w) == 1:
            self.w_code = args_w[0]
        elif len(args_w) > 1:
            self.w_code = space.newtuple(args_w)


class W_EnvironmentError(W_BaseException):
    _attrs_ = ("w_errno", "w_strerror", "w_filename")

    def init_fields(self):
        self.w_errno = space.w_None
        self.w_strerror = space.w_None
        self.w_filename = space.w_None

    def set_arguments(self, args_w):
        self.args_w = args_w
        count = len(args_w)
        if count == 2 or count == 3:
            self.w_errno = args_w[0]
            self.w_strerror = args_w[1]
            if count == 3:
                self.w_filename = args_w[2]
                self.args_w = args_w[:2]


class W_SyntaxError(W_BaseException):
    _attrs_ = ("w_msg", "w_filename", "w_lineno", "w_offset", "w_text", "w_print_file_and_line")

    def init_fields(self):
        self.w_msg = space.w_None
        self.w_filename = space.w_None
        self.w_lineno = space.w_None
        self.w_offset = space.w_None
        self.w_text = space.w_None
        self.w_print_file_and_line = space.w_None

    def set_arguments(self, args_w):
        self.args_w = args_w
        if len(args_w) > 0:
            self.w_msg = args_w[0]
        if len(args_w) == 2:
            place_w = space.unpack_list(args_w[1])
            if len(place_w) != 4:
                raise space.operror(space.w_IndexError, "tuple index out of range")
            self.w_filename = place_w[0]
            self.w_lineno = place_w[1]
            self.w_offset = place_w[2]
            self.w_text = place_w[3]


class W_UnicodeError(W_BaseException):
    """UnicodeEncodeError, UnicodeDecodeError and (without encoding) UnicodeTranslateError."""

    _attrs_ = ("w_encoding", "w_object", "w_start", "w_end", "w_reason")

    #: Whether the first argument is the name of an encoding, and whether the object is text and not bytes.
    has_encoding = True
    of_text = True

    def init_fields(self):
        self.w_encoding = space.w_None
        self.w_object = space.w_None
        self.w_start = space.w_None
        self.w_end = space.w_None
        self.w_reason = space.w_None

    def set_arguments(self, args_w):
        self.args_w = args_w
        first = 1 if self.has_encoding else 0
        if len(args_w) != first + 4:
            raise type_error("function takes exactly %d arguments (%d given)" % (first + 4, len(args_w)))
        w_encoding = check_str(args_w, 0) if self.has_encoding else self.w_encoding
        w_object = check_unicode(args_w, first) if self.of_text else check_str(args_w, first)
        w_start = check_integer(args_w[first + 1])
        w_end = check_integer(args_w[first + 2])
        w_reason = check_str(args_w, first + 3)
        self.w_encoding = w_encoding
        self.w_object = w_object
        self.w_start = w_start
        self.w_end = w_end
        self.w_reason = w_reason


def check_str(args_w, index):
    if not space.is_str(args_w[index]):
        raise wrong_kind("argument %d " % (index + 1), "str", args_w[index])
    return args_w[index]


def check_unicode(args_w, index):
    if not space.is_unicode(args_w[index]):
        raise wrong_kind("argument %d " % (index + 1), "unicode", args_w[index])
    return args_w[index]


def check_integer(w_value):
    if not (space.is_int(w_value) or space.is_long(w_value)):
        raise type_error("an integer is required")
    return w_value


class W_UnicodeEncodeError(W_UnicodeError):
    pass


class W_UnicodeDecodeError(W_UnicodeError):
    of_text = False


class W_UnicodeTranslateError(W_UnicodeError):
    has_encoding = False


# ---- methods of BaseException


def new_by_layout(w_type):
    """An instance of an application class, not initialized; a class of several bases has the layout of one of them."""
    for cls, user_class in _layouts:
        if w_type.issubtype(cls.w_builtin_type):
            return instantiate(user_class)
    return instantiate(W_BaseExceptionUser)


@not_rpython
def _make_new(cls):
    def descr_new(w_subtype, __args__):
        # All exceptions are made alike: that of one base may serve the layout of another. The arguments are stored by
        # ``__init__``: a class whose own one does not call it has none.
        space.check_issubtype(w_subtype, cls.typedef.w_type)
        if w_subtype.is_heap_type:
            w_exception = new_by_layout(w_subtype)
            w_exception.args_w = []
            w_exception.w_dict = None
            w_exception.w_message = None
            space.init_user(w_exception, w_subtype)
        else:
            if w_subtype is not cls.typedef.w_type:
                raise type_error("%s.__new__(%s) is not safe, use %s.__new__()" % (
                    cls.typedef.name, w_subtype.name, w_subtype.name))
            w_exception = cls([])
        w_exception.init_fields()
        return w_exception

    descr_new.__name__ = descr_new.__qualname__ = "new_" + cls.__name__
    return descr_new


@not_rpython
def _make_init(layout):
    """Each exception has an ``__init__``, which fills the fields that it has: those of other bases stay empty."""

    def descr_init(self, __args__):
        if __args__.has_keywords():
            raise type_error("%s does not take keyword arguments" % space.type_name(self))
        layout.set_arguments(self, __args__.args_w)

    descr_init.__name__ = descr_init.__qualname__ = "init_" + layout.__name__
    return descr_init


def descr_repr(self):
    name = self.getclass().name
    args_w = self.args_w
    if len(args_w) == 0:
        return space.newstr(name + "()")
    return space.newstr(name + space.repr_text(space.newtuple(args_w)))


def descr_str(self):
    args_w = self.args_w
    if len(args_w) == 0:
        return space.newstr("")
    if len(args_w) == 1:
        return space.str(args_w[0])
    return space.str(space.newtuple(args_w))


def descr_unicode(self):
    args_w = self.args_w
    # A subclass with a __str__ of its own is shown through it, which may return unicode.
    w_str = space.lookup(self, "__str__")
    if w_str is not space.w_BaseException.lookup("__str__"):
        return space.unicode_from(space.call_special_0(w_str, self))
    if len(args_w) == 0:
        return space.newunicode("")
    if len(args_w) == 1:
        return space.unicode_from(args_w[0])
    return space.unicode_from(space.newtuple(args_w))


def descr_getitem(self, w_index):
    space.warn_py3k("__getitem__ not supported for exception classes in 3.x; use args attribute")
    if not space.is_index(w_index):
        raise type_error("sequence index must be integer, not '%s'" % space.type_name(w_index))
    return space.getitem(space.newtuple(self.args_w), w_index)


@unwrap_spec(start=int, stop=int)
def descr_getslice(self, start, stop):
    space.warn_py3k("__getslice__ not supported for exception classes in 3.x; use args attribute")
    return space.getitem(space.newtuple(self.args_w), space.slice_between(start, stop))


def descr_reduce(self):
    return reduced(self, self.args_w)


def reduced(w_exception, args_w):
    """How an exception is made again from its arguments; its dictionary is there only if it has made one."""
    parts_w = [w_exception.getclass(), space.newtuple(args_w)]
    if w_exception.has_made_dict():
        parts_w.append(w_exception.getdict())
    return space.newtuple(parts_w)


def descr_setstate(self, w_state):
    if space.is_none(w_state):
        return
    if not space.is_dict(w_state):
        raise type_error("state is not a dictionary")
    for w_key in w_state.keys_list():
        space.setattr(self, w_key, w_state.getitem(w_key))


def get_args(self):
    return space.newtuple(self.args_w)


def set_args(self, w_args):
    self.args_w = space.unpack_list(w_args)


# The `w_message` of an exception whose ``message`` was deleted.
DELETED = W_Root()


def get_message(self):
    w_message = self.getdictvalue("message")
    if w_message is not None:
        return w_message
    if self.w_message is DELETED:
        raise attribute_error("message attribute was deleted")
    space.warn("BaseException.message has been deprecated as of Python 2.6", space.w_DeprecationWarning)
    if self.w_message is not None:
        return self.w_message
    if len(self.args_w) == 1:
        return self.args_w[0]
    return space.newstr("")


def set_message(self, w_message):
    self.setdictvalue("message", w_message)


def del_message(self):
    self.deldictvalue("message")
    self.w_message = DELETED


def get_dict(self):
    return self.getdict()


def set_dict(self, w_dict):
    self.setdict(w_dict)


# ---- text of the layouts


def environment_str(self):
    if space.is_none(self.w_filename):
        if space.is_none(self.w_errno) and space.is_none(self.w_strerror):
            return descr_str(self)
        return space.newstr("[Errno %s] %s" % (space.str_text(self.w_errno), space.str_text(self.w_strerror)))
    return space.newstr("[Errno %s] %s: %s" % (
        space.str_text(self.w_errno), space.str_text(self.w_strerror), space.repr_text(self.w_filename)))


def environment_reduce(self):
    args_w = self.args_w
    if len(args_w) == 2 and not space.is_none(self.w_filename):
        args_w = args_w + [self.w_filename]
    return reduced(self, args_w)


def syntax_str(self):
    text = space.str_text(self.w_msg)
    name = None
    if space.is_str(self.w_filename):
        name = base_name(space.text_w(self.w_filename))
    line = None
    if space.is_int(self.w_lineno):
        line = space.str_text(self.w_lineno)
    if name is not None and line is not None:
        return space.newstr("%s (%s, line %s)" % (text, name, line))
    if name is not None:
        return space.newstr("%s (%s)" % (text, name))
    if line is not None:
        return space.newstr("%s (line %s)" % (text, line))
    return space.newstr(text)


def base_name(path):
    return path[path.rfind("/") + 1:]


def key_error_str(self):
    if len(self.args_w) == 1:
        return space.repr(self.args_w[0])
    return descr_str(self)


def range_text(self, what, detail):
    start = space.int_w(self.w_start)
    end = space.int_w(self.w_end)
    encoding = ""
    if not space.is_none(self.w_encoding):
        encoding = "'%s' codec " % space.str_text(self.w_encoding)
    if detail is not None:
        return space.newstr("%scan't %s in position %d: %s" % (encoding, detail, start, space.str_text(self.w_reason)))
    return space.newstr("%scan't %s in position %d-%d: %s" % (
        encoding, what, start, end - 1, space.str_text(self.w_reason)))


def encode_error_str(self):
    if space.is_none(self.w_object):
        return space.newstr("")
    detail = None
    start = space.int_w(self.w_start)
    if space.int_w(self.w_end) == start + 1 and 0 <= start < space.len_w(self.w_object):
        detail = "encode character " + unicode_escape(space.unicode_ordinal(self.w_object, start))
    return range_text(self, "encode characters", detail)


def translate_error_str(self):
    if space.is_none(self.w_object):
        return space.newstr("")
    detail = None
    start = space.int_w(self.w_start)
    if space.int_w(self.w_end) == start + 1 and 0 <= start < space.len_w(self.w_object):
        detail = "translate character " + unicode_escape(space.unicode_ordinal(self.w_object, start))
    return range_text(self, "translate characters", detail)


def decode_error_str(self):
    if space.is_none(self.w_object):
        return space.newstr("")
    detail = None
    start = space.int_w(self.w_start)
    if space.int_w(self.w_end) == start + 1 and 0 <= start < space.len_w(self.w_object):
        code = ord(space.bytes_w(self.w_object)[start])
        detail = "decode byte 0x" + "0123456789abcdef"[code >> 4] + "0123456789abcdef"[code & 15]
    return range_text(self, "decode bytes", detail)


def unicode_escape(code):
    """``u'\\xe9'`` without quotes' content, as the messages show a character."""
    digits = space.hex_digits(code)
    if code <= 0xFF:
        return "u'\\x" + digits.rjust(2, "0") + "'"
    if code <= 0xFFFF:
        return "u'\\u" + digits.rjust(4, "0") + "'"
    return "u'\\U" + digits.rjust(8, "0") + "'"


@not_rpython
def field(cls, name, deletable=True):
    """A read-write attribute that is field `w_name`; deleting sets None."""
    attribute = "w_" + name

    def get(self):
        assert isinstance(self, cls)
        return getattr(self, attribute)

    def set_(self, w_value):
        assert isinstance(self, cls)
        setattr(self, attribute, w_value)

    def delete(self):
        assert isinstance(self, cls)
        setattr(self, attribute, space.w_None)

    get.__name__ = get.__qualname__ = "get_" + name
    set_.__name__ = set_.__qualname__ = "set_" + name
    delete.__name__ = delete.__qualname__ = "delete_" + name
    return GetSet(get, set_, delete if deletable else None)


def no_argument(self):
    raise attribute_error("args")


_base_entries = {
    "__doc__": "Common base class for all exceptions",
    "__repr__": descr_repr,
    "__str__": descr_str,
    "__unicode__": descr_unicode,
    "__getitem__": descr_getitem,
    "__getslice__": descr_getslice,
    "__reduce__": descr_reduce,
    "__setstate__": descr_setstate,
    "args": GetSet(get_args, set_args),
    "message": GetSet(get_message, set_message, del_message),
    "__dict__": GetSet(get_dict, set_dict),
}

# name, base, layout, documentation
HIERARCHY = [
    ("BaseException", None, W_BaseException, "Common base class for all exceptions"),
    ("Exception", "BaseException", W_BaseException, "Common base class for all non-exit exceptions."),
    ("StandardError", "Exception", W_BaseException,
     "Base class for all standard Python exceptions that do not represent\ninterpreter exiting."),
    ("TypeError", "StandardError", W_BaseException, "Inappropriate argument type."),
    ("StopIteration", "Exception", W_BaseException, "Signal the end from iterator.next()."),
    ("GeneratorExit", "BaseException", W_BaseException, "Request that a generator exit."),
    ("SystemExit", "BaseException", W_SystemExit, "Request to exit from the interpreter."),
    ("KeyboardInterrupt", "BaseException", W_BaseException, "Program interrupted by user."),
    ("ImportError", "StandardError", W_BaseException, "Import can't find module, or can't find name in module."),
    ("EnvironmentError", "StandardError", W_EnvironmentError, "Base class for I/O related errors."),
    ("IOError", "EnvironmentError", W_EnvironmentError, "I/O operation failed."),
    ("OSError", "EnvironmentError", W_EnvironmentError, "OS system call failed."),
    ("EOFError", "StandardError", W_BaseException, "Read beyond end of file."),
    ("RuntimeError", "StandardError", W_BaseException, "Unspecified run-time error."),
    ("NotImplementedError", "RuntimeError", W_BaseException, "Method or function hasn't been implemented yet."),
    ("NameError", "StandardError", W_BaseException, "Name not found globally."),
    ("UnboundLocalError", "NameError", W_BaseException, "Local name referenced but not bound to a value."),
    ("AttributeError", "StandardError", W_BaseException, "Attribute not found."),
    ("SyntaxError", "StandardError", W_SyntaxError, "Invalid syntax."),
    ("IndentationError", "SyntaxError", W_SyntaxError, "Improper indentation."),
    ("TabError", "IndentationError", W_SyntaxError, "Improper mixture of spaces and tabs."),
    ("LookupError", "StandardError", W_BaseException, "Base class for lookup errors."),
    ("IndexError", "LookupError", W_BaseException, "Sequence index out of range."),
    ("KeyError", "LookupError", W_BaseException, "Mapping key not found."),
    ("ValueError", "StandardError", W_BaseException, "Inappropriate argument value (of correct type)."),
    ("UnicodeError", "ValueError", W_BaseException, "Unicode related error."),
    ("UnicodeEncodeError", "UnicodeError", W_UnicodeEncodeError, "Unicode encoding error."),
    ("UnicodeDecodeError", "UnicodeError", W_UnicodeDecodeError, "Unicode decoding error."),
    ("UnicodeTranslateError", "UnicodeError", W_UnicodeTranslateError, "Unicode translation error."),
    ("AssertionError", "StandardError", W_BaseException, "Assertion failed."),
    ("ArithmeticError", "StandardError", W_BaseException, "Base class for arithmetic errors."),
    ("FloatingPointError", "ArithmeticError", W_BaseException, "Floating point operation failed."),
    ("OverflowError", "ArithmeticError", W_BaseException, "Result too large to be represented."),
    ("ZeroDivisionError", "ArithmeticError", W_BaseException,
     "Second argument to a division or modulo operation was zero."),
    ("SystemError", "StandardError", W_BaseException,
     "Internal error in the Python interpreter.\n\nPlease report this to the Python maintainer, along with the "
     "traceback,\nthe Python version, and the hardware/OS platform and version."),
    ("ReferenceError", "StandardError", W_BaseException, "Weak ref proxy used after referent went away."),
    ("MemoryError", "StandardError", W_BaseException, "Out of memory."),
    ("BufferError", "StandardError", W_BaseException, "Buffer error."),
    ("Warning", "Exception", W_BaseException, "Base class for warning categories."),
    ("UserWarning", "Warning", W_BaseException, "Base class for warnings generated by user code."),
    ("DeprecationWarning", "Warning", W_BaseException, "Base class for warnings about deprecated features."),
    ("PendingDeprecationWarning", "Warning", W_BaseException,
     "Base class for warnings about features which will be deprecated\nin the future."),
    ("SyntaxWarning", "Warning", W_BaseException, "Base class for warnings about dubious syntax."),
    ("RuntimeWarning", "Warning", W_BaseException, "Base class for warnings about dubious runtime behavior."),
    ("FutureWarning", "Warning", W_BaseException,
     "Base class for warnings about constructs that will change semantically\nin the future."),
    ("ImportWarning", "Warning", W_BaseException,
     "Base class for warnings about probable mistakes in module imports"),
    ("UnicodeWarning", "Warning", W_BaseException,
     "Base class for warnings about Unicode and conversion related problems, mostly\nrelated to Unicode."),
    ("BytesWarning", "Warning", W_BaseException,
     "Base class for warnings about bytes and buffer related problems, mostly\nrelated to conversion from str or "
     "comparing to str."),
]

_own_entries = {
    "SystemExit": {"code": field(W_SystemExit, "code")},
    "EnvironmentError": {
        "__str__": environment_str,
        "__reduce__": environment_reduce,
        "errno": field(W_EnvironmentError, "errno"),
        "strerror": field(W_EnvironmentError, "strerror"),
        "filename": field(W_EnvironmentError, "filename"),
    },
    "SyntaxError": dict(
        {name: field(W_SyntaxError, name)
         for name in ["msg", "filename", "lineno", "offset", "text", "print_file_and_line"]},
        __str__=syntax_str),
    "KeyError": {"__str__": key_error_str},
}
for _name, _cls, _text in [
    ("UnicodeEncodeError", W_UnicodeEncodeError, encode_error_str),
    ("UnicodeDecodeError", W_UnicodeDecodeError, decode_error_str),
    ("UnicodeTranslateError", W_UnicodeTranslateError, translate_error_str),
]:
    _own_entries[_name] = {
        name: field(W_UnicodeError, name) for name in ["encoding", "object", "start", "end", "reason"]
        if name != "encoding" or _name != "UnicodeTranslateError"}
    _own_entries[_name]["__str__"] = _text

# An application type for each exception; the RPython class stands for the layout and is told its type apart.
exception_types = {}
W_BaseExceptionUser = make_user_class(W_BaseException)
_user_classes = {W_BaseException: W_BaseExceptionUser}
_first_of_layout = []


@not_rpython
def _define_exceptions():
    for name, base, layout, doc in HIERARCHY:
        # A class of its own for each exception, so that every class has one type.
        cls = type("W_" + name + "_", (layout,), {"_attrs_": (), "__module__": __name__})
        entries = dict(_base_entries) if base is None else {}
        entries.update(_own_entries.get(name, {}))
        entries["__doc__"] = doc
        cls.exception_layout = layout
        if layout not in _user_classes:
            _user_classes[layout] = make_user_class(layout)
            # Layouts that extend others come first.
            _first_of_layout.insert(0, (cls, _user_classes[layout]))
        base_class = None if base is None else exception_types[base]
        define_type(cls, name, entries, base=base_class, module="exceptions", doc=doc,
                    user_class=_user_classes[layout])
        cls.typedef.self_class = layout
        if base is None:
            W_BaseException.typedef = cls.typedef
        exception_types[name] = cls
        entries = cls.typedef.entries
        entries["__new__"] = _make_new(cls)
        entries["__init__"] = _make_init(layout)


_define_exceptions()
_layouts = unrolling_iterable(_first_of_layout)
