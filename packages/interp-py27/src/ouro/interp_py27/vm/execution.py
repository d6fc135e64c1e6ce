"""From source to running code: compiling, ``exec``, namespaces, ``import *``."""

from ouro.interp_py27.compiler import (
    CompileOptions,
    ConstCode,
    compile_ast,
    compile_source,
)
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.ast_object import ConstantObject
from ouro.interp_py27.objects.dict_object import W_AnyDict
from ouro.interp_py27.objects.module_object import W_Module
from ouro.interp_py27.parser import (
    Callbacks,
    ConstBool,
    ConstBytes,
    ConstComplex,
    ConstEllipsis,
    ConstFloat,
    ConstFrozenSet,
    ConstInt,
    ConstLong,
    ConstNone,
    ConstStopIteration,
    ConstTuple,
    ConstUnicode,
    IncompleteInput,
    ParseOptions,
    SyntaxProblem,
)
from ouro.interp_py27.unicode_database import lookup_name
from ouro.interp_py27.vm import opcodes
from ouro.interp_py27.vm.code import PyCode
from ouro.interp_py27.vm.dispatch import PyFrame
from ouro.interp_py27.vm.errors import OperationError, operror, type_error
from ouro.rlib import jit, rposix

FUTURE_FLAGS = (opcodes.CO_FUTURE_DIVISION | opcodes.CO_FUTURE_ABSOLUTE_IMPORT | opcodes.CO_FUTURE_WITH_STATEMENT
                | opcodes.CO_FUTURE_PRINT_FUNCTION | opcodes.CO_FUTURE_UNICODE_LITERALS)


class CompilerState:
    """Options of the command line that change what is compiled."""

    def __init__(self):
        self.options = CompileOptions()
        self.from_text = ParseOptions()
        self.from_file = ParseOptions(from_file=True)

    def set_options(self, optimize, tab_policy, all_unicode):
        """What the command line says: the level of optimisation, what to do about tabs, and whether all string literals
        are unicode."""
        self.options = CompileOptions(optimize)
        self.from_text = ParseOptions(tab_policy=tab_policy, all_unicode=all_unicode)
        self.from_file = ParseOptions(from_file=True, tab_policy=tab_policy, all_unicode=all_unicode)


compiler_state = CompilerState()


def new_frame(code, w_globals, closure):
    return PyFrame(code, w_globals, closure)


# ---- code units to code objects


def constant_object(constant):
    """The application object of a compiler constant."""
    if isinstance(constant, ConstBytes):
        if looks_like_name(constant.value):
            return space.newstr_interned(constant.value)
        return space.newstr(constant.value)
    if isinstance(constant, ConstInt):
        return space.newint(constant.value)
    if isinstance(constant, ConstNone):
        return space.w_None
    if isinstance(constant, ConstFloat):
        return space.newfloat(constant.value)
    if isinstance(constant, ConstUnicode):
        return space.newunicode(constant.value)
    if isinstance(constant, ConstLong):
        return space.newlong(constant.value)
    if isinstance(constant, ConstCode):
        return code_object(constant.unit)
    if isinstance(constant, ConstTuple):
        return space.newtuple([constant_object(item) for item in constant.items])
    if isinstance(constant, ConstComplex):
        return space.newcomplex(constant.real, constant.imag)
    if isinstance(constant, ConstBool):
        return space.newbool(constant.value)
    if isinstance(constant, ConstEllipsis):
        return space.w_Ellipsis
    if isinstance(constant, ConstStopIteration):
        return space.w_StopIteration
    if isinstance(constant, ConstantObject):
        return constant.w_value
    assert isinstance(constant, ConstFrozenSet)
    return space.newfrozenset([constant_object(item) for item in constant.items])


def looks_like_name(text):
    """Strings that CPython interns: letters, digits and underscores only."""
    for character in text:
        if not ("a" <= character <= "z" or "A" <= character <= "Z" or "0" <= character <= "9" or character == "_"):
            return False
    return True


def code_object(unit):
    """The PyCode of a CodeUnit."""
    consts_w = [constant_object(constant) for constant in unit.consts]
    return PyCode(
        unit.argcount, unit.nlocals, unit.stacksize, unit.flags, unit.code, consts_w[:], unit.names[:],
        unit.varnames[:], unit.freevars[:], unit.cellvars[:], unit.filename, unit.name, unit.firstlineno, unit.lnotab)


# ---- compiling


class SpaceCallbacks(Callbacks):
    """What the compiler asks the object space for."""

    def warn(self, category, message, filename, lineno):
        space.warn_explicit(category, message, filename, lineno)

    def warn_about_names(self, message, filename, lineno):
        try:
            self.warn("SyntaxWarning", message, filename, lineno)
        except OperationError as error:
            if not error.match(space.w_SyntaxWarning):
                raise
            raise SyntaxProblem("SyntaxError", message, filename, lineno, -1, None,
                                SyntaxProblem.LOCATION_AS_ATTRIBUTES)

    def warn_about_tabs(self, filename):
        space.write_stderr("%s: inconsistent use of tabs and spaces in indentation\n" % filename)

    def warn_py3k(self, category, message, filename, lineno):
        if space.state.py3k_warning:
            space.warn_explicit(category, message, filename, lineno)

    def decode_source(self, source, encoding):
        return space.decode_source_text(source, encoding)

    def decode_file(self, source, encoding):
        return space.decode_source_lines(source, encoding)

    def encode(self, utf8, encoding):
        w_encoded = space.getattr_str(space.newunicode(utf8), "encode").call_1(space.newstr(encoding))
        return space.bytes_w(w_encoded)

    def has_unicode_names(self):
        return space.has_unicode_names()

    def unicode_name(self, name):
        return lookup_name(name)


callbacks = SpaceCallbacks()


def compiler_callbacks():
    return callbacks


def compile_text(source, filename, mode, flags):
    """Compile to a PyCode; raises the application's SyntaxError."""
    try:
        unit = compile_source(source, filename, mode, flags, callbacks, compiler_state.options,
                              compiler_state.from_text)
    except SyntaxProblem as problem:
        raise syntax_error(problem)
    except IncompleteInput:
        raise operror(space.w_SyntaxError, "unexpected EOF while parsing")
    return code_object(unit)


def compile_file(source, path, flags=0):
    """Compile the content of a source file."""
    try:
        unit = compile_source(source, path, "exec", flags, callbacks, compiler_state.options,
                              compiler_state.from_file)
    except SyntaxProblem as problem:
        raise syntax_error(problem)
    except IncompleteInput:
        raise operror(space.w_SyntaxError, "unexpected EOF while parsing")
    return code_object(unit)


def compile_tree(tree, filename, flags):
    try:
        unit = compile_ast(tree, filename, flags, callbacks, compiler_state.options)
    except SyntaxProblem as problem:
        raise syntax_error(problem)
    return code_object(unit)


def syntax_error(problem):
    """The application exception of a SyntaxProblem, with the fields CPython fills."""
    w_type = problem_type(problem.kind)
    if problem.detail == SyntaxProblem.MESSAGE_ONLY:
        return operror(w_type, problem.message)
    text = problem.text
    if text is None and problem.offset == -1:
        text = file_line(problem.filename, problem.lineno)
    w_filename = space.newtext_or_none(problem.filename)
    w_lineno = space.newint(problem.lineno)
    w_offset = space.w_None if problem.offset == -1 else space.newint(problem.offset)
    w_text = space.newtext_or_none(text)
    w_message = space.newstr(problem.message)
    if problem.detail == SyntaxProblem.LOCATION_AS_ATTRIBUTES:
        w_error = w_type.call_1(w_message)
        space.setattr_str(w_error, "filename", w_filename)
        space.setattr_str(w_error, "lineno", w_lineno)
        space.setattr_str(w_error, "offset", w_offset)
        space.setattr_str(w_error, "text", w_text)
        space.setattr_str(w_error, "print_file_and_line", space.w_None)
        return OperationError(w_type, w_error)
    w_place = space.newtuple([w_filename, w_lineno, w_offset, w_text])
    return OperationError(w_type, space.newtuple([w_message, w_place]))


def problem_type(kind):
    if kind == "IndentationError":
        return space.w_IndentationError
    if kind == "TabError":
        return space.w_TabError
    if kind == "MemoryError":
        return space.w_MemoryError
    if kind == "ValueError":
        return space.w_ValueError
    if kind == "OverflowError":
        return space.w_OverflowError
    if kind == "TypeError":
        return space.w_TypeError
    if kind == "SystemError":
        return space.w_SystemError
    return space.w_SyntaxError


def file_line(filename, lineno):
    """Line `lineno` of a file with its line end, or None."""
    text = read_source_file(filename)
    if text is None or lineno < 1:
        return None
    position = 0
    for _ in range(lineno - 1):
        position = text.find("\n", position)
        if position < 0:
            return None
        position += 1
    end = text.find("\n", position)
    if end < 0:
        return text[position:] + "\n"
    return text[position:end + 1]


def read_file(path):
    """The content of a file; raises OSError."""
    fd = rposix.open(path, 0)
    try:
        parts = []
        while True:
            part = rposix.read(fd, 65536)
            if part == "":
                return "".join(parts)
            parts.append(part)
    finally:
        rposix.close(fd)


def read_source_file(filename):
    """The content of a source file, looked for along ``sys.path`` if it is not where it says; or None."""
    if filename is None or filename.startswith("<"):
        return None
    try:
        return read_file(filename)
    except OSError:
        pass
    w_path = space.sys_get("path")
    if w_path is None or not space.is_list(w_path):
        return None
    base = filename[filename.rfind("/") + 1:]
    for w_directory in space.unpack_list(w_path):
        if space.is_str(w_directory):
            try:
                return read_file(space.text_w(w_directory) + "/" + base)
            except OSError:
                continue
    return None


# ---- running code


def run_code(code, w_globals, w_locals):
    """Run a module body or the code of ``exec``."""
    frame = PyFrame(code, w_globals, None)
    frame.w_locals = w_locals
    # known before the code can change `__builtins__`
    frame.f_back = space.get_context().topframe
    frame.builtins()
    return frame.run()


def ensure_builtins(w_globals):
    """``__builtins__`` is added to globals that have none."""
    if w_globals.getitem_str("__builtins__") is None:
        w_globals.setitem_str("__builtins__", space.state.w_builtin_module.w_dict)


def builtins_of(frame):
    """The namespace of the builtins that a frame uses: ``__builtins__`` of its globals, a module or a dictionary."""
    w_builtins = space.global_value(frame.w_globals, "__builtins__")
    if isinstance(w_builtins, W_Module):
        return w_builtins.w_dict
    if isinstance(w_builtins, W_AnyDict):
        return w_builtins
    return shared_builtins(frame)


@jit.dont_look_inside
def shared_builtins(frame):
    """The builtins of a frame whose globals name none that can be.

    It shares those of a caller with the same globals, from before the name was changed; else there are none but None.
    """
    w_globals = frame.w_globals
    caller = frame.f_back()
    while caller is not None and caller.w_globals is w_globals:
        if caller.w_builtins is not None:
            return caller.w_builtins
        caller = caller.f_back()
    w_minimal = space.newdict()
    w_minimal.setitem_str("None", space.w_None)
    return w_minimal


def is_restricted(frame):
    """Code with builtins other than those of the interpreter may not open files."""
    return frame.builtins() is not space.state.w_builtin_module.w_dict


def inherited_flags(frame):
    if frame is None:
        return 0
    return frame.code.flags & FUTURE_FLAGS


def source_and_flags(w_source, what):
    """The text to compile: unicode is UTF-8 and says so in the flags."""
    if space.is_unicode(w_source):
        return space.utf8_w(w_source), SOURCE_IS_UTF8
    if space.is_str(w_source) or space.has_buffer(w_source):
        text = space.buffer_str_w(w_source)
        return text, 0
    raise type_error("%s arg 1 must be a string or code object" % what)


SOURCE_IS_UTF8 = 0x100


def check_no_nul(text, caller):
    if "\0" in text:
        raise type_error("%sexpected string without null bytes" % caller)


def exec_statement(frame, w_source, w_globals, w_locals):
    """``exec source in globals, locals``; None objects stand for what is missing."""
    if space.is_tuple(w_source) and space.is_none(w_globals) and space.is_none(w_locals):
        parts_w = space.tuple_list(w_source)
        if len(parts_w) == 2 or len(parts_w) == 3:
            w_globals = parts_w[1]
            if len(parts_w) == 3:
                w_locals = parts_w[2]
            w_source = parts_w[0]
    plain = False
    if space.is_none(w_globals):
        w_globals = frame.w_globals
        if space.is_none(w_locals):
            plain = True
            w_locals = frame.locals_dict()
    if space.is_none(w_locals):
        w_locals = w_globals
    if not isinstance(w_globals, W_AnyDict):
        raise type_error("exec: arg 2 must be a dictionary or None")
    if not space.is_mapping(w_locals):
        raise type_error("exec: arg 3 must be a mapping or None")
    ensure_builtins(w_globals)
    code = space.code_of(w_source)
    if code is None:
        code = exec_code(frame, w_source)
    if len(code.freevars) > 0:
        raise type_error("code object passed to exec may not contain free variables")
    run_code(code, w_globals, w_locals)
    if plain:
        frame.locals_to_fast(False)


def exec_code(frame, w_source):
    filename = "<string>"
    if space.is_file(w_source):
        filename = space.text_w(space.getattr_str(w_source, "name"))
        w_source = space.getattr_str(w_source, "read").call_0()
    if not space.is_text(w_source):
        raise type_error("exec: arg 1 must be a string, file, or code object")
    text, flags = source_and_flags(w_source, "exec")
    check_no_nul(text, "")
    return compile_text(text, filename, "exec", flags | inherited_flags(frame))


def import_all(w_module, w_locals):
    """``from module import *``."""
    w_all = space.findattr(w_module, "__all__")
    skip_underscores = False
    if w_all is None:
        w_dict = space.findattr(w_module, "__dict__")
        if w_dict is None:
            raise operror(space.w_ImportError, "from-import-* object has no __dict__ and no __all__")
        names_w = space.unpack_list(space.getattr_str(w_dict, "keys").call_0())
        skip_underscores = True
    else:
        names_w = space.unpack_list(w_all)
    for w_name in names_w:
        name = space.attribute_name_w(w_name)
        if skip_underscores and name.startswith("_"):
            continue
        space.setitem_str(w_locals, name, space.getattr_name(w_module, name, w_name))
