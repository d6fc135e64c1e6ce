"""The prompt."""

from ouro.interp_py27.compiler import compile_source
from ouro.interp_py27.objects import space
from ouro.interp_py27.parser import IncompleteInput, ParseOptions, SyntaxProblem
from ouro.interp_py27.vm.errors import OperationError
from ouro.interp_py27.vm.execution import FUTURE_FLAGS, callbacks, code_object, compiler_state, syntax_error


def prompt(name, default):
    """``sys.ps1`` or ``sys.ps2``."""
    w_prompt = space.sys_get(name)
    if w_prompt is None:
        return default
    try:
        return space.str_text(w_prompt)
    except OperationError:
        return ""


def read_line(text):
    """A line with its end, or an empty string at the end of input; `text` is the prompt."""
    w_raw_input = space.state.w_builtin_module.w_dict.getitem_str("raw_input")
    try:
        return space.text_w(w_raw_input.call_1(space.newstr(text))) + "\n"
    except OperationError as error:
        if error.match(space.w_EOFError):
            return ""
        if error.match(space.w_KeyboardInterrupt):
            space.write_stderr("\n")
        raise


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
            source = read_line(prompt("ps1", ">>> "))
            if source == "":
                space.write_stderr("\n")
                return
            if source.strip() == "":
                continue
            code = read_statement(source, flags)
            if code is None:
                continue
            flags |= code.flags & FUTURE_FLAGS
            space.run_code(code, w_main.w_dict, w_main.w_dict)
            space.end_line()
        except OperationError as error:
            if error.match(space.w_SystemExit):
                raise
            show_error(error)


def read_statement(source, flags):
    """The code object of the statement that begins with line `source`; more lines are read as needed."""
    tab_policy = compiler_state.from_text.tab_policy
    options = ParseOptions(interactive=True, tab_policy=tab_policy, encoding=input_encoding())
    while True:
        try:
            unit = compile_source(source, "<stdin>", "single", flags, callbacks, compiler_state.options, options)
            return code_object(unit)
        except IncompleteInput:
            line = read_line(prompt("ps2", "... "))
            if line == "":
                space.write_stderr("\n")
                return None
            source += line
        except SyntaxProblem as problem:
            raise syntax_error(problem)
