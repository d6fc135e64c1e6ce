"""The command line."""

from ouro.interp_py27 import modules
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.dict_object import W_AnyDict
from ouro.interp_py27.vm.errors import OperationError

modules.load_all()
space.state.w_builtin_module = space.find_builtin_module("__builtin__")
space.state.w_sys_module = space.find_builtin_module("sys")


def start(argv, script_directory):
    """Fill what ``sys`` knows of this run."""
    w_sys = space.state.w_sys_module.w_dict
    w_sys.setitem_str("argv", space.newlist_text(argv))
    w_sys.setitem_str("path", space.newlist_text([script_directory]))
    w_modules = w_sys.getitem_str("modules")
    assert isinstance(w_modules, W_AnyDict)
    w_modules.setitem_str("sys", space.state.w_sys_module)
    w_modules.setitem_str("__builtin__", space.state.w_builtin_module)
    w_modules.setitem_str("exceptions", space.find_builtin_module("exceptions"))


def run_file(path):
    """Run a program as ``__main__``."""
    source = space.read_file(path)
    w_main = space.new_main_module()
    w_modules = space.sys_get("modules")
    assert isinstance(w_modules, W_AnyDict)
    w_modules.setitem_str("__main__", w_main)
    w_main.w_dict.setitem_str("__file__", space.newstr(path))
    code = space.compile_text(source, path, "exec", 0)
    space.run_code(code, w_main.w_dict, w_main.w_dict)


def entry_point(argv):
    """The command line; returns the exit status."""
    if len(argv) < 2:
        space.write_fd(2, "usage: %s program.py [arguments]\n" % argv[0])
        return 2
    path = argv[1]
    directory = path[:path.rfind("/")] if "/" in path else ""
    start(argv[1:], directory)
    try:
        run_file(path)
    except OSError as error:
        space.write_fd(2, "%s: can't open file '%s': [Errno %d]\n" % (argv[0], path, error.errno))
        return 2
    except OperationError as error:
        return uncaught(error)
    return 0


def uncaught(error):
    """Show an uncaught exception; the exit status it means."""
    w_value = error.get_w_value()
    if error.match(space.w_SystemExit):
        return exit_status(w_value)
    w_hook = space.sys_get("excepthook")
    w_sys = space.state.w_sys_module.w_dict
    w_sys.setitem_str("last_type", error.w_type)
    w_sys.setitem_str("last_value", w_value)
    w_sys.setitem_str("last_traceback", space.wrap_none(error.traceback))
    if w_hook is not None:
        try:
            w_hook.call_3(error.w_type, w_value, space.wrap_none(error.traceback))
            return 1
        except OperationError as second:
            if second.match(space.w_SystemExit):
                return exit_status(second.get_w_value())
            space.write_stderr("Error in sys.excepthook:\n")
            space.write_stderr(space.exception_report(second.w_type, second.get_w_value(), second.traceback))
            space.write_stderr("\nOriginal exception was:\n")
    space.write_stderr(space.exception_report(error.w_type, w_value, error.traceback))
    return 1


def exit_status(w_value):
    """What ``sys.exit(x)`` makes of x."""
    w_code = space.findattr(w_value, "code")
    if w_code is None or space.is_none(w_code):
        return 0
    if space.is_int(w_code) or space.is_long(w_code):
        return space.int_w(w_code) & 0xFF
    space.write_stderr(space.str_text(w_code) + "\n")
    return 1


def target(driver, args):
    return entry_point


