"""What application code sees of code objects, frames and tracebacks."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.code import PyCode
from ouro.interp_py27.vm.context import CLEARED, keep
from ouro.interp_py27.vm.errors import OperationError, type_error, value_error
from ouro.interp_py27.vm.frame import FrameBase
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.line_jumps import YIELD_VALUE, jump_to
from ouro.interp_py27.vm.typedef import GetSet, Member, define_type


class W_Traceback(W_Root):
    """One level of a traceback; `next` leads to where the exception came from."""

    _attrs_ = ("frame", "last_instr", "next")

    def __init__(self, frame, last_instr, following):
        self.frame = frame
        self.last_instr = last_instr
        self.next = following

    def line(self):
        if self.last_instr < 0:
            return self.frame.code.firstlineno
        return self.frame.code.line_of(self.last_instr)

    def get_frame(self):
        return self.frame

    def get_line(self):
        return space.newint(self.line())

    def get_last_instr(self):
        return space.newint(self.last_instr)

    def get_next(self):
        return space.wrap_none(self.next)


def new_traceback(frame, last_instr, following):
    return W_Traceback(frame, last_instr, following)


def traceback_or_none(w_obj):
    """For the third operand of ``raise``."""
    if space.is_none(w_obj):
        return None
    if not isinstance(w_obj, W_Traceback):
        raise type_error("raise: arg 3 must be a traceback or None")
    return w_obj


def is_traceback(w_obj):
    return isinstance(w_obj, W_Traceback)


define_type(W_Traceback, "traceback", {
    "tb_frame": Member(getter=W_Traceback.get_frame),
    "tb_lineno": Member(getter=W_Traceback.get_line),
    "tb_lasti": Member(getter=W_Traceback.get_last_instr),
    "tb_next": Member(getter=W_Traceback.get_next),
}, acceptable_as_base=False)


# ---- frames


def frame_locals(self):
    return self.locals_dict()


def frame_globals(self):
    return self.w_globals


def frame_builtins(self):
    return self.builtins()


def frame_code(self):
    return self.code


def frame_back(self):
    back = self.f_back()
    return space.w_None if back is None else keep(back)


def frame_last_instr(self):
    return space.newint(self.last_instr)


def frame_line(self):
    return space.newint(self.line())


def frame_set_line(self, w_line):
    if not space.is_int(w_line):
        raise value_error("lineno must be an integer")
    if self.last_instr < 0:
        raise value_error("can't jump from the 'call' trace event of a new frame")
    data = self.tracing
    if data is None or data.w_trace is None:
        raise value_error("f_lineno can only be set by a trace function")
    if not data.at_line and ord(self.code.code[self.last_instr]) != YIELD_VALUE:
        raise value_error("can only jump from a 'line' trace event")
    data.line = jump_to(self, space.int_w(w_line))


def frame_trace(self):
    if self.tracing is None:
        return space.w_None
    return space.wrap_none(self.tracing.w_trace)


def frame_set_trace(self, w_trace):
    data = self.trace_data()
    data.line = self.line()
    data.w_trace = None if space.is_none(w_trace) else w_trace


def frame_delete_trace(self):
    frame_set_trace(self, space.w_None)


def frame_restricted(self):
    return space.newbool(space.is_restricted(self))


def frame_exception(self):
    """The parts of the exception being handled: `f_exc_type`."""
    if self.handled is None or self.handled is CLEARED:
        return space.w_None
    return self.handled.w_type


def frame_exception_value(self):
    if self.handled is None or self.handled is CLEARED:
        return space.w_None
    return self.handled.get_w_value()


def frame_exception_traceback(self):
    if self.handled is None or self.handled is CLEARED:
        return space.w_None
    return space.wrap_none(self.handled.traceback)


define_type(FrameBase, "frame", {
    "f_locals": GetSet(frame_locals),
    "f_globals": Member(getter=frame_globals),
    "f_builtins": Member(getter=frame_builtins),
    "f_code": Member(getter=frame_code),
    "f_back": Member(getter=frame_back),
    "f_lasti": Member(getter=frame_last_instr),
    "f_lineno": GetSet(frame_line, frame_set_line),
    "f_trace": GetSet(frame_trace, frame_set_trace, frame_delete_trace),
    "f_restricted": GetSet(frame_restricted),
    "f_exc_type": GetSet(frame_exception),
    "f_exc_value": GetSet(frame_exception_value),
    "f_exc_traceback": GetSet(frame_exception_traceback),
}, acceptable_as_base=False)


# ---- code objects


def names_of(w_names, what):
    if not space.is_tuple(w_names):
        raise type_error("name tuples must contain only strings, not '%s'" % space.type_name(w_names))
    names = []
    for w_name in space.tuple_items(w_names):
        if not space.is_str(w_name):
            raise type_error("name tuples must contain only strings, not '%s'" % space.type_name(w_name))
        names.append(space.text_w(w_name))
    return names[:]


def check_count(value, name):
    if value < 0:
        raise value_error("code: %s must not be negative" % name)


def code_new_list(w_subtype, args_w):
    """The fourteen arguments of ``code(...)``."""
    count = len(args_w)
    if count < 12:
        raise type_error("code() takes at least 12 arguments (%d given)" % count)
    if count > 14:
        raise type_error("code() takes at most 14 arguments (%d given)" % count)
    argcount = space.arg_int_w(args_w[0])
    nlocals = space.arg_int_w(args_w[1])
    stacksize = space.arg_int_w(args_w[2])
    flags = space.arg_int_w(args_w[3])
    code = space.bytes_w(args_w[4])
    if not space.is_tuple(args_w[5]):
        raise type_error("code() argument 6 must be tuple, not %s" % space.type_name(args_w[5]))
    check_count(argcount, "argcount")
    check_count(nlocals, "nlocals")
    freevars = names_of(args_w[12], "freevars") if count > 12 else []
    cellvars = names_of(args_w[13], "cellvars") if count > 13 else []
    return PyCode(
        argcount, nlocals, stacksize, flags, code, space.tuple_items(args_w[5])[:],
        names_of(args_w[6], "names"), names_of(args_w[7], "varnames"), freevars, cellvars,
        space.text_w(args_w[8]), space.text_w(args_w[9]), space.arg_int_w(args_w[10]), space.bytes_w(args_w[11]))


def code_new(w_subtype, args_w):
    return code_new_list(w_subtype, args_w)


def code_repr(self):
    return space.newstr('<code object %s at %s, file "%s", line %d>' % (
        self.name, space.address_text(self), self.filename, self.firstlineno))


def code_equal(left, right):
    if (left.name != right.name or left.argcount != right.argcount or left.nlocals != right.nlocals
            or left.flags != right.flags or left.firstlineno != right.firstlineno or left.code != right.code
            or len(left.consts_w) != len(right.consts_w) or left.names != right.names
            or left.varnames != right.varnames or left.freevars != right.freevars
            or left.cellvars != right.cellvars):
        return False
    for i in range(len(left.consts_w)):
        w_left = left.consts_w[i]
        w_right = right.consts_w[i]
        if w_left.getclass() is not w_right.getclass() or not space.eq_w(w_left, w_right):
            return False
    return True


def code_eq(self, w_other):
    if not isinstance(w_other, PyCode):
        return space.w_NotImplemented
    return space.newbool(code_equal(self, w_other))


def code_ne(self, w_other):
    if not isinstance(w_other, PyCode):
        return space.w_NotImplemented
    return space.newbool(not code_equal(self, w_other))


def code_hash(self):
    h = space.str_hash(self.name) ^ space.str_hash(self.code) ^ self.argcount ^ self.nlocals ^ self.flags
    for w_const in self.consts_w:
        try:
            h ^= space.hash_int(w_const)
        except OperationError as error:
            if not error.match(space.w_TypeError):
                raise
    return space.newint(-2 if h == -1 else h)


def text_tuple(names):
    return space.newtuple([space.newstr_interned(name) for name in names])


def get_argcount(self):
    return space.newint(self.argcount)


def get_nlocals(self):
    return space.newint(self.nlocals)


def get_stacksize(self):
    return space.newint(self.stacksize)


def get_flags(self):
    return space.newint(self.flags)


def get_code(self):
    return space.newstr(self.plain_code())


def get_consts(self):
    return space.newtuple(self.consts_w[:])


def get_names(self):
    return text_tuple(self.names)


def get_varnames(self):
    return text_tuple(self.varnames)


def get_freevars(self):
    return text_tuple(self.freevars)


def get_cellvars(self):
    return text_tuple(self.cellvars)


def get_filename(self):
    return space.newstr(self.filename)


def get_name(self):
    return space.newstr(self.name)


def get_firstlineno(self):
    return space.newint(self.firstlineno)


def get_lnotab(self):
    return space.newstr(self.lnotab)


@unwrap_spec(position=int)
def code_line(self, position):
    """The line of the instruction at a byte position."""
    return space.newint(self.line_of(position))


define_type(PyCode, "code", {
    "__doc__": "code(argcount, nlocals, stacksize, flags, codestring, constants, names,\n"
               "      varnames, filename, name, firstlineno, lnotab[, freevars[, cellvars]])\n\n"
               "Create a code object.  Not for the faint of heart.",
    "__new__": code_new,
    "__repr__": code_repr,
    "__eq__": code_eq,
    "__ne__": code_ne,
    "__hash__": code_hash,
    "co_argcount": Member(getter=get_argcount),
    "co_nlocals": Member(getter=get_nlocals),
    "co_stacksize": Member(getter=get_stacksize),
    "co_flags": Member(getter=get_flags),
    "co_code": Member(getter=get_code),
    "co_consts": Member(getter=get_consts),
    "co_names": Member(getter=get_names),
    "co_varnames": Member(getter=get_varnames),
    "co_freevars": Member(getter=get_freevars),
    "co_cellvars": Member(getter=get_cellvars),
    "co_filename": Member(getter=get_filename),
    "co_name": Member(getter=get_name),
    "co_firstlineno": Member(getter=get_firstlineno),
    "co_lnotab": Member(getter=get_lnotab),
    "__weakref__": None,
}, acceptable_as_base=False)
