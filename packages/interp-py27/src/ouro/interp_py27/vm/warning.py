"""Warnings: where they come from, which filter applies, how they are shown.

Works on the lists and tables of the module ``warnings`` once a program has imported it, and on those of ``_warnings``
until then.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.dict_object import W_AnyDict
from ouro.interp_py27.objects.function_object import W_Function, W_Method
from ouro.interp_py27.vm.errors import OperationError, runtime_error, type_error, value_error


class WarningState:
    """The lists and tables that ``warnings`` had last, or those of ``_warnings``; None until they are needed."""

    def __init__(self):
        self.w_filters = None
        self.w_once_registry = None
        self.w_default_action = None


warning_state = WarningState()


def flag(name):
    """Whether the command line set a flag of ``sys.flags``."""
    w_flags = space.sys_get("flags")
    if w_flags is None:
        return 0
    return space.int_w(space.getattr_str(w_flags, name))


def new_filter(w_category, action):
    return space.newtuple([space.newstr(action), space.w_None, w_category, space.w_None, space.newint(0)])


def prepare_warnings():
    """Make the lists and tables, as the command line wants them."""
    if warning_state.w_filters is not None:
        return
    filters_w = []
    if not flag("py3k_warning") and not flag("division_warning"):
        filters_w.append(new_filter(space.w_DeprecationWarning, "ignore"))
    filters_w.append(new_filter(space.w_PendingDeprecationWarning, "ignore"))
    filters_w.append(new_filter(space.w_ImportWarning, "ignore"))
    about_bytes = flag("bytes_warning")
    action = "ignore"
    if about_bytes > 1:
        action = "error"
    elif about_bytes == 1:
        action = "default"
    filters_w.append(new_filter(space.w_BytesWarning, action))
    warning_state.w_filters = space.newlist(filters_w)
    warning_state.w_once_registry = space.newdict()
    warning_state.w_default_action = space.newstr("default")


def warnings_attribute(name):
    """An attribute of the module ``warnings``, or None if that is not loaded."""
    w_modules = space.sys_get("modules")
    if w_modules is None:
        return None
    w_warnings = space.finditem_str(w_modules, "warnings")
    if w_warnings is None:
        return None
    return space.findattr(w_warnings, name)


def warn(message, w_category, stack_level=1):
    """A warning of the interpreter, about the running function or one further out."""
    warn_object(space.newstr(message), w_category, stack_level)


def warn_py3k(message, stack_level=1):
    """A warning that ``-3`` asks for."""
    if space.state.py3k_warning:
        warn(message, space.w_DeprecationWarning, stack_level)


def warn_explicit(category, message, filename, lineno):
    """A warning of the compiler; `category` is the name of its class."""
    w_category = space.w_SyntaxWarning if category == "SyntaxWarning" else space.w_DeprecationWarning
    warn_at(w_category, space.newstr(message), space.newstr(filename), lineno, None, None, None)


def warn_object(w_message, w_category, stack_level):
    """``warnings.warn``."""
    frame = space.get_context().running_frame()
    while stack_level > 1 and frame is not None:
        frame = frame.f_back()
        stack_level -= 1
    lineno = 1
    if frame is None:
        w_globals = space.state.w_sys_module.w_dict
    else:
        w_globals = frame.w_globals
        lineno = frame.line()
    w_registry = w_globals.getitem_str("__warningregistry__")
    if w_registry is None:
        w_registry = space.newdict()
        w_globals.setitem_str("__warningregistry__", w_registry)
    w_module = w_globals.getitem_str("__name__")
    if w_module is None:
        w_module = space.newstr("<string>")
    warn_at(w_category, w_message, file_of_globals(w_globals, w_module), lineno, w_module, w_registry, None)


def file_of_globals(w_globals, w_module):
    """The source file of a module, or what stands for it."""
    w_file = w_globals.getitem_str("__file__")
    if w_file is not None and space.is_text(w_file):
        name = space.text_w(w_file)
        lower = name.lower()
        if lower.endswith(".pyc") or lower.endswith(".pyo"):
            return space.newstr(name[:len(name) - 1])
        return w_file
    if space.is_str(w_module) and space.text_w(w_module) == "__main__":
        w_arguments = space.sys_get("argv")
        if w_arguments is not None and space.is_list(w_arguments) and space.len_w(w_arguments) > 0:
            w_program = space.getitem(w_arguments, space.newint(0))
            if space.is_true(w_program):
                return w_program
        return space.newstr("__main__")
    return w_module


def module_of_file(w_filename):
    """The name of a module that is known by its file only."""
    name = space.text_w(w_filename)
    if name == "":
        return space.newstr("<unknown>")
    if name.endswith(".py"):
        return space.newstr(name[:len(name) - 3])
    return w_filename


def warn_at(w_category, w_message, w_filename, lineno, w_module, w_registry, w_source_line):
    """``warnings.warn_explicit``; None stands for what is not known."""
    if w_registry is not None and not isinstance(w_registry, W_AnyDict):
        raise type_error("'registry' must be a dict or None")
    if w_module is None:
        w_module = module_of_file(w_filename)
    if space.isinstance_allow_override(w_message, space.w_Warning):
        w_text = space.str(w_message)
        w_category = space.getattr_str(w_message, "__class__")
    else:
        w_text = w_message
        w_message = w_category.call_1(w_message)
    w_lineno = space.newint(lineno)
    w_key = space.newtuple([w_text, w_category, w_lineno])
    if w_registry is not None and seen(w_registry, w_key, False):
        return
    w_filter = find_filter(w_category, w_text, lineno, w_module)
    if w_filter is None:
        w_action = warnings_attribute("defaultaction")
        if w_action is None:
            w_action = warning_state.w_default_action
        warning_state.w_default_action = w_action
    else:
        w_action = space.getitem(w_filter, space.newint(0))
    action = space.text_w(w_action)
    if action == "error":
        raise OperationError(w_category, w_message)
    if action != "always":
        if w_registry is not None:
            w_registry.setitem(w_key, space.w_True)
        if action == "ignore":
            return
        w_short_key = space.newtuple([w_text, w_category])
        if action == "once":
            if w_registry is None:
                w_registry = once_registry()
            if seen(w_registry, w_short_key, True):
                return
        elif action == "module":
            if w_registry is not None and seen(w_registry, w_short_key, True):
                return
        elif action != "default":
            raise runtime_error("Unrecognized action (%s) in warnings.filters:\n %s" % (
                action, "None" if w_filter is None else space.str_text(w_filter)))
    show(w_message, w_category, w_text, w_filename, w_lineno, w_source_line)


def seen(w_registry, w_key, remember):
    """Whether the registry has the key; put it there if `remember`."""
    w_known = w_registry.getitem(w_key)
    if w_known is not None and space.is_true(w_known):
        return True
    if remember:
        w_registry.setitem(w_key, space.w_True)
    return False


def once_registry():
    w_registry = warnings_attribute("onceregistry")
    if w_registry is None:
        w_registry = warning_state.w_once_registry
    if not isinstance(w_registry, W_AnyDict):
        raise type_error("'registry' must be a dict or None")
    warning_state.w_once_registry = w_registry
    return w_registry


def find_filter(w_category, w_text, lineno, w_module):
    """The first filter that fits, or None."""
    prepare_warnings()
    w_filters = warnings_attribute("filters")
    if w_filters is None:
        w_filters = warning_state.w_filters
    if not space.is_list(w_filters):
        raise value_error("_warnings.filters must be a list")
    warning_state.w_filters = w_filters
    position = 0
    while position < space.len_w(w_filters):
        w_item = space.getitem(w_filters, space.newint(position))
        if not space.is_tuple(w_item) or space.len_w(w_item) != 5:
            raise value_error("_warnings.filters item %d isn't a 5-tuple" % position)
        parts_w = space.tuple_items(w_item)
        good_text = pattern_fits(parts_w[1], w_text)
        good_module = pattern_fits(parts_w[3], w_module)
        good_category = space.issubtype_allow_override(w_category, parts_w[2])
        line = space.arg_int_w(parts_w[4])
        if good_text and good_module and good_category and (line == 0 or line == lineno):
            return w_item
        position += 1
    return None


def pattern_fits(w_pattern, w_text):
    if space.is_none(w_pattern):
        return True
    return space.is_true(space.getattr_str(w_pattern, "match").call_1(w_text))


def show(w_message, w_category, w_text, w_filename, w_lineno, w_source_line):
    w_show = warnings_attribute("showwarning")
    if w_show is None:
        show_plainly(w_category, w_text, w_filename, w_lineno, w_source_line)
        return
    if not isinstance(w_show, W_Function) and not isinstance(w_show, W_Method):
        raise type_error("warnings.showwarning() must be set to a function or method")
    w_show.call_list([w_message, w_category, w_filename, w_lineno])


def show_plainly(w_category, w_text, w_filename, w_lineno, w_source_line):
    """To ``sys.stderr``, without the module ``warnings``."""
    space.write_stderr("%s:%s: %s: " % (
        space.text_w(w_filename), space.str_text(w_lineno), space.name_of_class(w_category)))
    try:
        space.write_stderr(space.str_text(w_text))
    except OperationError as error:
        # CPython too shows nothing of a text that cannot be encoded.
        if not error.match(space.w_UnicodeError):
            raise
    space.write_stderr("\n")
    if w_source_line is not None:
        line = space.text_w(w_source_line)
    else:
        line = space.source_line(space.text_w(w_filename), space.int_w(w_lineno))
        if line is None:
            return
    space.write_stderr("  %s\n" % line.strip(" \t\n\r\f"))
