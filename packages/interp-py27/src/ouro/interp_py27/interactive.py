"""The prompt."""

from ouro.interp_py27.compiler import compile_source
from ouro.interp_py27.modules import readline
from ouro.interp_py27.objects import space
from ouro.interp_py27.parser import IncompleteInput, ParseOptions, SyntaxProblem
from ouro.interp_py27.vm.errors import OperationError
from ouro.interp_py27.vm.execution import FUTURE_FLAGS, callbacks, code_object, compiler_state, syntax_error
from ouro.rlib import rfile

STDERR = 2


def prompt(name, default):
    """``sys.ps1`` or ``sys.ps2``."""
    w_prompt = space.sys_get(name)
    if w_prompt is None:
        return default
    try:
        return space.str_text(w_prompt)
    except OperationError:
        return ""


class TypedInput:
    """The stream of standard input as it was at the start, whatever becomes of ``sys.stdin``."""

    def __init__(self):
        self.stream = None


typed = TypedInput()


def read_line(text):
    """A line with its end, which the last one may lack, or an empty string at the end of input; `text` is the prompt.

    The prompt goes to standard error, unless the line is edited on a terminal; so does the end of its line where the
    input ends.
    """
    try:
        if readline.is_active():
            line = readline.read_line(text)
        else:
            space.write_fd(STDERR, text)
            line = typed_line()
        if line == "":
            space.write_stderr("\n")
        return line
    except OperationError as error:
        if error.match(space.w_KeyboardInterrupt):
            space.write_stderr("\n")
        raise


def typed_line():
    """A line of standard input; as C functions for strings see it, a NUL and what is behind it is cut off."""
    line = ""
    while True:
        try:
            part = typed.stream.readline(-1)
        except OSError as error:
            raise space.ioerror(error.errno)
        except rfile.StreamClosedError:
            part = ""
        end = part.find("\0")
        if end < 0:
            return line + part
        line += part[:end]


def input_encoding():
    """The encoding of the terminal; empty if it is not known."""
    w_stdin = space.sys_get("stdin")
    if w_stdin is None:
        return ""
    try:
        w_encoding = space.findattr(w_stdin, "encoding")
        return space.bytes_w(w_encoding) if w_encoding is not None and space.is_str(w_encoding) else ""
    except OperationError:
        return ""


def interact(w_main, show_error):
    """Read, compile and run statements until the input ends.

    `show_error` is called with each uncaught OperationError but SystemExit, which is raised.
    """
    w_sys = space.state.w_sys_module.w_dict
    if w_sys.getitem_str("ps1") is None:
        w_sys.setitem_str("ps1", space.newstr(">>> "))
    if w_sys.getitem_str("ps2") is None:
        w_sys.setitem_str("ps2", space.newstr("... "))
    flags = 0
    while True:
        try:
            source = read_beginning()
            if source == "":
                return
            if source.endswith("\n\n") or source == "\n":
                # nothing was typed, or comments and then nothing
                continue
            code = read_statement(source, flags)
            if code is None:
                return
            flags |= code.flags & FUTURE_FLAGS
            space.run_code(code, w_main.w_dict, w_main.w_dict)
            space.flush_stdout()
        except OperationError as error:
            if error.match(space.w_SystemExit):
                raise
            show_error(error)


def read_beginning():
    """The lines up to the first with something to compile, or an empty line; empty at the end of input."""
    source = line = read_line(prompt("ps1", ">>> "))
    while line != "" and (line[len(line) - 1] != "\n" or line != "\n" and is_comment(line)):
        line = read_line(prompt("ps2", "... "))
        source += line
    return "" if line == "" and is_comment(source) else source


def is_comment(line):
    """Whether a line has nothing for the compiler."""
    text = line.strip()
    return text == "" or text.startswith("#")


def read_statement(source, flags):
    """The code object of the statement that begins with line `source`; more lines are read as needed.

    None where the input ends before the statement does.
    """
    from_text = compiler_state.from_text
    options = ParseOptions(interactive=True, tab_policy=from_text.tab_policy, encoding=input_encoding(),
                           all_unicode=from_text.all_unicode)
    while True:
        try:
            unit = compile_source(source, "<stdin>", "single", flags, callbacks, compiler_state.options, options)
            return code_object(unit)
        except IncompleteInput:
            line = read_line(prompt("ps2", "... "))
            if line == "":
                return last_statement(source, flags)
            source += line
        except SyntaxProblem as problem:
            raise syntax_error(problem)


def last_statement(source, flags):
    """The code object of a statement that the end of the input ends; None if there is more of it to come."""
    from_text = compiler_state.from_text
    options = ParseOptions(tab_policy=from_text.tab_policy, encoding=input_encoding(),
                           all_unicode=from_text.all_unicode)
    try:
        return code_object(
            compile_source(source, "<stdin>", "single", flags, callbacks, compiler_state.options, options))
    except (IncompleteInput, SyntaxProblem):
        return None
