"""``readline``: editing of the lines that are typed, where the system has GNU readline or libedit.

The prompt and ``raw_input`` read lines through `read_line` once the module is imported.
"""

import errno

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.vm import signals
from ouro.interp_py27.vm.errors import OperationError, operror, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.rlib import rpoll, rposix, rreadline

EINTR = errno.EINTR
STDIN = 0
STDOUT = 1


class State(rreadline.Hooks):
    """The functions that the application has set, and what one of them raised while a line was read."""

    def __init__(self):
        self.editor = None
        self.w_completer = None
        self.w_startup_hook = None
        self.w_pre_input_hook = None
        self.w_display_hook = None
        self.history_length = -1

    def complete(self, text, state):
        if self.w_completer is None:
            return None
        try:
            w_result = self.w_completer.call_2(space.newstr(text), space.newint(state))
            if space.is_none(w_result):
                return None
            return space.until_nul(space.bytes_w(w_result))
        except (OperationError, MemoryError, RecursionError):
            return None

    def startup(self):
        call_hook(self.w_startup_hook)

    def pre_input(self):
        call_hook(self.w_pre_input_hook)

    def display(self, substitution, matches, longest):
        w_hook = self.w_display_hook
        if w_hook is None:
            return
        try:
            w_hook.call_3(space.newstr(substitution), space.newlist_text(matches), space.newint(longest))
        except (OperationError, MemoryError, RecursionError):
            return


state = State()


def call_hook(w_hook):
    """Call a hook without arguments; what it raises is dropped, as in CPython."""
    if w_hook is None:
        return
    try:
        w_hook.call_0()
    except (OperationError, MemoryError, RecursionError):
        return


def c_text(text, function, number=1):
    """An argument that C will read: it must not hold a NUL."""
    if "\0" in text:
        raise type_error("%s() argument %d must be string without null bytes, not str" % (function, number))
    return text


def need_editor():
    editor = state.editor
    if editor is None:
        raise operror(space.w_ImportError, "No module named readline")
    return editor


def start(w_module):
    """Called at the first import. Raises ImportError where the system has no line editor."""
    state.editor = rreadline.editor()
    editor = need_editor()
    editor.set_up("python", state)
    w_version = space.newint(editor.version())
    w_module.w_dict.setitem_str("_READLINE_VERSION", w_version)
    w_module.w_dict.setitem_str("_READLINE_RUNTIME_VERSION", w_version)


def is_active():
    """Whether lines that are typed are to be edited."""
    return state.editor is not None and rposix.isatty(STDIN) and rposix.isatty(STDOUT)


def read_line(prompt):
    """Read a line from the terminal: with its end, or empty at the end of the input."""
    editor = need_editor()
    editor.begin(space.until_nul(prompt))
    status = rreadline.MORE
    try:
        while status == rreadline.MORE:
            wait_for_input()
            status = editor.feed()
    except OperationError:
        editor.cancel()
        raise
    if status == rreadline.END:
        return ""
    line = editor.take_line()
    if line != "" and line != last_history_line(editor):
        editor.add_history(line)
    return line + "\n"


def wait_for_input():
    """Wait until something was typed; handlers of signals run meanwhile."""
    while True:
        signals.check_signals()
        try:
            rpoll.poll([STDIN], [rpoll.POLLIN], -1)
        except OSError as error:
            if error.errno != EINTR:
                raise space.ioerror(error.errno)
        else:
            return


def last_history_line(editor):
    line = editor.history_item(editor.history_length())
    return "" if line is None else line


# ---- initialization files and the line


@unwrap_spec(text=str)
def parse_and_bind(text):
    """parse_and_bind(string) -> None
Execute the init line provided in the string argument."""
    need_editor().parse_and_bind(c_text(text, "parse_and_bind"))


def path_argument(w_path):
    if w_path is None or space.is_none(w_path):
        return None
    return space.path_w(w_path)


def check_status(status):
    if status != 0:
        raise space.ioerror(status)


def read_init_file(w_filename=None):
    """read_init_file([filename]) -> None
Execute a readline initialization file.
The default filename is the last filename used."""
    check_status(need_editor().read_init_file(path_argument(w_filename)))


def get_line_buffer():
    """get_line_buffer() -> string
return the current contents of the line buffer."""
    return space.newstr(need_editor().line_buffer())


@unwrap_spec(text=str)
def insert_text(text):
    """insert_text(string) -> None
Insert text into the line buffer at the cursor position."""
    need_editor().insert_text(c_text(text, "insert_text"))


def redisplay():
    """redisplay() -> None
Change what's displayed on the screen to reflect the current
contents of the line buffer."""
    need_editor().redisplay()


# ---- history


def read_history_file(w_filename=None):
    """read_history_file([filename]) -> None
Load a readline history file.
The default filename is ~/.history."""
    check_status(need_editor().read_history(path_argument(w_filename)))


def write_history_file(w_filename=None):
    """write_history_file([filename]) -> None
Save a readline history file.
The default filename is ~/.history."""
    check_status(need_editor().write_history(path_argument(w_filename), state.history_length))


@unwrap_spec(length=int)
def set_history_length(length):
    """set_history_length(length) -> None
set the maximal number of lines which will be written to
the history file. A negative length is used to inhibit
history truncation."""
    state.history_length = length


def get_history_length():
    """get_history_length() -> int
return the maximum number of lines that will be written to
the history file."""
    return space.newint(state.history_length)


def get_current_history_length():
    """get_current_history_length() -> integer
return the current (not the maximum) length of history."""
    return space.newint(need_editor().history_length())


@unwrap_spec(index=int)
def get_history_item(index):
    """get_history_item() -> string
return the current contents of history item at index."""
    line = need_editor().history_item(index)
    return space.w_None if line is None else space.newstr(line)


def no_history_item(position):
    return value_error("No history item at position %d" % position)


@unwrap_spec(position=int)
def remove_history_item(position):
    """remove_history_item(pos) -> None
remove history item given by its position"""
    if position < 0:
        raise value_error("History index cannot be negative")
    if not need_editor().remove_history(position):
        raise no_history_item(position)


@unwrap_spec(position=int, line=str)
def replace_history_item(position, line):
    """replace_history_item(pos, line) -> None
replaces history item given by its position with contents of line"""
    if position < 0:
        raise value_error("History index cannot be negative")
    if not need_editor().replace_history(position, c_text(line, "replace_history_item", 2)):
        raise no_history_item(position)


@unwrap_spec(line=str)
def add_history(line):
    """add_history(string) -> None
add an item to the history buffer"""
    need_editor().add_history(c_text(line, "add_history"))


def clear_history():
    """clear_history() -> None
Clear the current readline history."""
    need_editor().clear_history()


# ---- completion and hooks


def hook_argument(name, w_function):
    """None removes the hook; everything that is no function is refused."""
    if w_function is None or space.is_none(w_function):
        return None
    if not space.is_callable(w_function):
        raise operror(space.w_TypeError, "set_%s(func): argument not callable" % name)
    return w_function


def set_completer(w_function=None):
    """set_completer([function]) -> None
Set or remove the completer function.
The function is called as function(text, state),
for state in 0, 1, 2, ..., until it returns a non-string.
It should return the next possible completion starting with 'text'."""
    state.w_completer = hook_argument("completer", w_function)
    need_editor().enable_complete(state.w_completer is not None)


def get_completer():
    """get_completer() -> function

Returns current completer function."""
    return space.wrap_none(state.w_completer)


def get_completion_type():
    """get_completion_type() -> int
Get the type of completion being attempted."""
    return space.newint(need_editor().completion_type())


def get_begidx():
    """get_begidx() -> int
get the beginning index of the completion scope"""
    return space.newint(need_editor().completion_begin())


def get_endidx():
    """get_endidx() -> int
get the ending index of the completion scope"""
    return space.newint(need_editor().completion_end())


@unwrap_spec(text=str)
def set_completer_delims(text):
    """set_completer_delims(string) -> None
set the word delimiters for completion"""
    need_editor().set_delimiters(c_text(text, "set_completer_delims"))


def get_completer_delims():
    """get_completer_delims() -> string
get the word delimiters for completion"""
    return space.newstr(need_editor().delimiters())


def set_startup_hook(w_function=None):
    """set_startup_hook([function]) -> None
Set or remove the function invoked by the rl_startup_hook callback.
The function is called with no arguments just
before readline prints the first prompt."""
    state.w_startup_hook = hook_argument("startup_hook", w_function)
    need_editor().enable_startup(state.w_startup_hook is not None)


def set_pre_input_hook(w_function=None):
    """set_pre_input_hook([function]) -> None
Set or remove the function invoked by the rl_pre_input_hook callback.
The function is called with no arguments after the first prompt
has been printed and just before readline starts reading input
characters."""
    state.w_pre_input_hook = hook_argument("pre_input_hook", w_function)
    need_editor().enable_pre_input(state.w_pre_input_hook is not None)


def set_completion_display_matches_hook(w_function=None):
    """set_completion_display_matches_hook([function]) -> None
Set or remove the completion display function.
The function is called as
  function(substitution, [matches], longest_match_length)
once each time matches need to be displayed."""
    state.w_display_hook = hook_argument("completion_display_matches_hook", w_function)
    need_editor().enable_display(state.w_display_hook is not None)


define_module(
    "readline",
    {
        "add_history": add_history,
        "clear_history": clear_history,
        "get_begidx": get_begidx,
        "get_completer": get_completer,
        "get_completer_delims": get_completer_delims,
        "get_completion_type": get_completion_type,
        "get_current_history_length": get_current_history_length,
        "get_endidx": get_endidx,
        "get_history_item": get_history_item,
        "get_history_length": get_history_length,
        "get_line_buffer": get_line_buffer,
        "insert_text": insert_text,
        "parse_and_bind": parse_and_bind,
        "read_history_file": read_history_file,
        "read_init_file": read_init_file,
        "redisplay": redisplay,
        "remove_history_item": remove_history_item,
        "replace_history_item": replace_history_item,
        "set_completer": set_completer,
        "set_completer_delims": set_completer_delims,
        "set_completion_display_matches_hook": set_completion_display_matches_hook,
        "set_history_length": set_history_length,
        "set_pre_input_hook": set_pre_input_hook,
        "set_startup_hook": set_startup_hook,
        "write_history_file": write_history_file,
    },
    doc="Importing this module enables command line editing using GNU readline.",
    startup=start,
)
