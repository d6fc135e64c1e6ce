"""The program: from the command line to the exit status."""

from ouro.interp_py27 import command_line, interactive, modules, standard_library
from ouro.interp_py27.modules._io.at_exit import flush_streams
from ouro.interp_py27.modules.signal import start_signals
from ouro.interp_py27.modules.sys import new_flags
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.dict_object import W_AnyDict
from ouro.interp_py27.objects.str_object import secret_from_seed, set_hash_secret
from ouro.interp_py27.parser import TABS_REFUSED
from ouro.interp_py27.vm.compiled_files import pyc_format
from ouro.interp_py27.vm.division import division
from ouro.interp_py27.vm.errors import OperationError, operror
from ouro.interp_py27.vm.execution import compiler_state
from ouro.interp_py27.vm.verbose import verbosity
from ouro.rlib import jit, rposix

modules.load_all()
space.state.w_builtin_module = space.find_builtin_module("__builtin__")
space.state.w_sys_module = space.find_builtin_module("sys")

VERSION = "Python 2.7.18 (Ouroboros)\n"
STDIN = 0
STDOUT = 1
STDERR = 2


def entry_point(argv):
    """Run what the command line says; the exit status."""
    space.start_threads()
    program = argv[0] if len(argv) > 0 else "ouro27"
    try:
        options = command_line.parse(argv)
    except command_line.BadUsage as problem:
        space.write_fd(STDERR, "%s\nusage: %s [option] ... [-c cmd | -m mod | file | -] [arg] ...\n"
                       "Try `%s -h' for more information.\n" % (problem.message, program, program))
        return 2
    if options.help:
        space.write_fd(STDOUT, command_line.USAGE.replace("%s", program))
        return 0
    if options.jit_help:
        space.write_fd(STDOUT, jit.parameters_help())
        return 0
    if options.version:
        space.write_fd(STDERR, VERSION)
        return 0
    found = standard_library.find_program(program)
    library = standard_library.find_library(options.library, found, not options.ignore_environment)
    if library == "" and not options.no_site:
        space.write_fd(STDERR, standard_library.MISSING.replace("%s", program))
        return 1
    if not options.no_site and not standard_library.is_library(library):
        message = standard_library.BAD_HOME.replace("%s", program).replace("%d", library)
        space.write_fd(STDERR, message)
        return 1
    return run(options, found, library)


def run(options, program, library):
    """Start the interpreter, run the program, and end the interpreter."""
    w_main = start(options, program, library)
    start_signals()
    status = 0
    exits = False
    try:
        try:
            if options.warnings and library != "":
                import_warnings()
            if not options.no_site:
                space.import_module("site")
            add_script_directory(options)
            if options.verbose and (options.has_program() or not is_interactive(options)):
                space.write_fd(STDERR, banner(options))
            run_program(options, w_main, program)
            space.end_line()
        except RecursionError:
            raise operror(space.w_RuntimeError, "maximum recursion depth exceeded")
        except MemoryError:
            raise OperationError(space.w_MemoryError, None)
    except OperationError as error:
        status = report(error) if options.inspect else uncaught(error)
        exits = error.match(space.w_SystemExit) and not options.inspect
    if not exits and wants_inspection(options) and is_interactive(options) and options.has_program():
        status = inspect(w_main)
    return finish(status, w_main)


def wants_inspection(options):
    """``-i``; the program may have set the variable that stands for it."""
    return options.inspect > 0 or (not options.ignore_environment
                                   and standard_library.environment("PYTHONINSPECT") != "")


def import_warnings():
    """The library's module makes filters of the ``-W`` options; without it there are none."""
    try:
        space.import_module("warnings")
    except OperationError as error:
        if not error.match(space.w_Exception):
            raise


def start_hashing(options):
    """Make the hashes of strings unforeseeable where the options say so."""
    if not options.hash_randomization:
        return
    seed = command_line.NO_SEED
    if not options.ignore_environment:
        seed = command_line.hash_seed()
    if seed == command_line.BAD_SEED:
        space.write_fd(STDERR, "Fatal Python error: PYTHONHASHSEED must be \"random\" or an integer in range "
                       "[0; 4294967295]\n")
        rposix.abort()
    if seed == command_line.NO_SEED:
        set_hash_secret(rposix.urandom(16))
    elif seed != 0:
        set_hash_secret(secret_from_seed(seed))


def start(options, program, library):
    """Fill what ``sys`` knows of this run; the module ``__main__``."""
    start_hashing(options)
    verbosity.level = options.verbose
    w_sys = space.state.w_sys_module.w_dict
    paths = []
    if not options.ignore_environment:
        for directory in standard_library.environment("PYTHONPATH").split(":"):
            if directory != "":
                paths.append(directory)
    if library != "":
        paths.append(library)
        paths.append(library + "/plat-linux2")
        if library.endswith("/lib/python2.7"):
            prefix = library[:len(library) - len("/lib/python2.7")]
            w_sys.setitem_str("prefix", space.newstr(prefix))
            exec_prefix = standard_library.exec_prefix(prefix, not options.ignore_environment)
            w_sys.setitem_str("exec_prefix", space.newstr(exec_prefix))
    w_sys.setitem_str("path", space.newlist_text(paths))
    w_importer = space.getattr_str(space.find_builtin_module("zipimport"), "zipimporter")
    w_sys.setitem_str("path_hooks", space.newlist([w_importer]))
    w_sys.setitem_str("argv", space.newlist_text(options.arguments))
    w_sys.setitem_str("executable", space.newstr(program))
    w_sys.setitem_str("warnoptions", space.newlist_text(options.warnings))
    w_sys.setitem_str("dont_write_bytecode", space.newbool(options.no_bytecode > 0))
    w_sys.setitem_str("py3kwarning", space.newbool(options.py3k_warning > 0))
    w_sys.setitem_str("flags", new_flags([
        options.debug, options.py3k_warning, options.division_warning, options.division, options.inspect,
        options.interactive, options.optimize, options.no_bytecode, options.no_user_site, options.no_site,
        options.ignore_environment, options.tabs, options.verbose, options.unicode, options.bytes_warning,
        options.hash_randomization]))
    space.state.bytes_warning = options.bytes_warning > 0
    space.state.py3k_warning = options.py3k_warning > 0
    division.true = options.division > 0
    division.warning = options.division_warning
    start_files(w_sys, options)
    compiler_state.set_options(options.optimize, min(options.tabs, TABS_REFUSED), options.unicode > 0)
    if options.unicode:
        pyc_format.set_all_unicode()
    if options.optimize:
        space.state.w_builtin_module.w_dict.setitem_str("__debug__", space.w_False)
    w_modules = space.sys_get("modules")
    assert isinstance(w_modules, W_AnyDict)
    w_modules.setitem_str("sys", space.state.w_sys_module)
    w_modules.setitem_str("__builtin__", space.state.w_builtin_module)
    w_modules.setitem_str("exceptions", space.find_builtin_module("exceptions"))
    w_main = space.new_main_module()
    w_modules.setitem_str("__main__", w_main)
    return w_main


def start_files(w_sys, options):
    """``sys.stdin`` and its like."""
    unbuffered = options.unbuffered > 0
    encoding = ""
    if not options.ignore_environment:
        encoding = standard_library.environment("PYTHONIOENCODING")
    buffering = 0 if unbuffered else -1
    w_stdin = space.standard_file(STDIN, "stdin", "r", buffering, encoding)
    interactive.typed.stream = w_stdin.stream
    add_file(w_sys, "stdin", w_stdin)
    add_file(w_sys, "stdout", space.standard_file(STDOUT, "stdout", "w", buffering, encoding))
    add_file(w_sys, "stderr", space.standard_file(STDERR, "stderr", "w", 0, encoding))


def add_file(w_sys, name, w_file):
    w_sys.setitem_str(name, w_file)
    w_sys.setitem_str("__%s__" % name, w_file)


def add_script_directory(options):
    """Programs find the modules beside them first; ``site``, which runs before them, does not."""
    w_path = space.sys_get("path")
    if w_path is not None and space.is_list(w_path):
        space.getattr_str(w_path, "insert").call_2(space.newint(0), space.newstr(script_directory(options)))


def script_directory(options):
    """What goes in front of ``sys.path``: where the script is, with symbolic links followed."""
    script = options.script
    if script is None or script == "-":
        return ""
    return standard_library.directory_of(standard_library.real_path(script))


def run_program(options, w_main, program):
    command = options.command
    module = options.module
    script = options.script
    if command is not None:
        run_source(w_main, command + "\n", "<string>")
    elif module is not None:
        w_runpy = space.import_module("runpy")
        space.getattr_str(w_runpy, "_run_module_as_main").call_2(space.newstr(module), space.w_True)
    elif script is not None:
        run_script(w_main, script, options.skip_first_line, program)
    elif is_interactive(options):
        # the prompt is here, and ``SystemExit`` ends it
        options.inspect = 0
        space.write_fd(STDERR, banner(options))
        if not options.ignore_environment:
            run_startup_file(w_main)
        start_line_editing()
        interactive.interact(w_main, report)
    else:
        run_code_of(w_main, space.compile_file(read_stdin(), "<stdin>"))


def banner(options):
    """What comes before the prompt, and with ``-v`` before every program."""
    hint = "" if options.no_site else 'Type "help", "copyright", "credits" or "license" for more information.\n'
    return VERSION + hint


def is_interactive(options):
    """Whether what comes on standard input is typed, or with ``-i`` to be taken as if it were."""
    return options.interactive > 0 or rposix.isatty(STDIN)


def run_startup_file(w_main):
    """The file that PYTHONSTARTUP names; what is wrong with it is shown, and the prompt comes all the same."""
    path = standard_library.environment("PYTHONSTARTUP")
    if path == "":
        return
    try:
        source = space.read_file(path)
    except OSError as error:
        space.write_fd(STDERR, "Could not open PYTHONSTARTUP\n")
        report(space.ioerror_path(error.errno, path))
        return
    try:
        code = space.compile_file(source, path)
        space.run_code(code, w_main.w_dict, w_main.w_dict)
    except OperationError as error:
        if error.match(space.w_SystemExit):
            raise
        report(error)


def start_line_editing():
    """Lines are edited at the prompt where it is on a terminal and the system has an editor."""
    if not rposix.isatty(STDIN):
        return
    try:
        space.import_module("readline")
    except OperationError as error:
        if not error.match(space.w_ImportError):
            raise


def read_stdin():
    parts = []
    while True:
        try:
            part = rposix.read(STDIN, 65536)
        except OSError as error:
            raise space.ioerror(error.errno)
        if part == "":
            return "".join(parts)
        parts.append(part)


def run_source(w_main, source, filename):
    run_code_of(w_main, space.compile_text(source, filename, "exec", 0))


def run_code_of(w_main, code):
    space.run_code(code, w_main.w_dict, w_main.w_dict)


def run_script(w_main, path, skip_first_line, program):
    """Run a source file, or a directory or archive with a ``__main__``."""
    try:
        source = space.read_file(path)
    except OSError as error:
        if path == "" or space.is_directory(path):
            run_directory(path)
            return
        space.write_fd(STDERR, "%s: can't open file '%s': [Errno %d] %s\n" % (
            program, path, error.errno, rposix.strerror(error.errno)))
        raise OperationError(space.w_SystemExit, space.newint(2))
    if source.startswith("PK\x03\x04"):
        run_directory(path)
        return
    if skip_first_line:
        end = source.find("\n")
        source = "" if end < 0 else source[end:]
    w_main.w_dict.setitem_str("__file__", space.newstr(path))
    w_main.w_dict.setitem_str("__package__", space.w_None)
    if space.is_compiled(path, source):
        code = space.code_of_script(source)
    else:
        code = space.compile_file(source, path)
    space.run_code(code, w_main.w_dict, w_main.w_dict)


def run_directory(path):
    w_path = space.sys_get("path")
    assert w_path is not None
    space.setitem(w_path, space.newint(0), space.newstr(path))
    w_runpy = space.import_module("runpy")
    space.getattr_str(w_runpy, "_run_module_as_main").call_2(space.newstr("__main__"), space.w_False)


def inspect(w_main):
    """``-i``: the prompt after the program."""
    try:
        start_line_editing()
        interactive.interact(w_main, report)
    except OperationError as error:
        return uncaught(error)
    return 0


def finish(status, w_main):
    """What is done at exit: waiting for threads, ``sys.exitfunc``, finalizers, writing out what is buffered."""
    space.wait_for_threads()
    w_exit = space.sys_get("exitfunc")
    if w_exit is not None:
        try:
            w_exit.call_0()
        except OperationError as error:
            if error.match(space.w_SystemExit):
                status = uncaught(error)
            else:
                space.write_stderr("Error in sys.exitfunc:\n")
                report(error)
    space.finalize_at_exit(w_main)
    flush_streams()
    space.flush_files()
    return status


def uncaught(error):
    """Show an uncaught exception; the exit status it means."""
    w_value = error.get_w_value()
    if error.match(space.w_SystemExit):
        space.flush_stdout()
        return exit_status(w_value)
    return report(error)


def report(error):
    """Show an exception through ``sys.excepthook``; the exit status it means."""
    w_value = error.get_w_value()
    space.flush_stdout()
    w_hook = space.sys_get("excepthook")
    w_sys = space.state.w_sys_module.w_dict
    w_sys.setitem_str("last_type", error.w_type)
    w_sys.setitem_str("last_value", w_value)
    w_sys.setitem_str("last_traceback", space.wrap_none(error.traceback))
    if w_hook is None or space.is_none(w_hook):
        space.write_stderr("sys.excepthook is missing\n")
    else:
        try:
            w_hook.call_3(error.w_type, w_value, space.wrap_none(error.traceback))
            return 1
        except OperationError as second:
            if second.match(space.w_SystemExit):
                return exit_status(second.get_w_value())
            space.write_stderr("Error in sys.excepthook:\n")
            space.display_exception(second.w_type, second.get_w_value(), second.traceback)
            space.write_stderr("\nOriginal exception was:\n")
    space.display_exception(error.w_type, w_value, error.traceback)
    return 1


def exit_status(w_value):
    """What ``sys.exit(x)`` makes of x."""
    w_code = space.findattr(w_value, "code")
    if w_code is None or space.is_none(w_code):
        return 0
    if space.is_int(w_code) or space.is_long(w_code):
        try:
            return space.int_w(w_code) & 0xFF
        except OperationError:
            # Too large for a machine word: CPython exits with -1.
            return 0xFF
    space.write_exit_message(w_code)
    return 1


def target(driver, args):
    """What the translator asks for."""
    return entry_point
