"""Line editing with GNU readline, or with libedit under its interface, where the system has one of them.

The library is opened when it is first asked for, so that an executable runs without it too. A line is read through
the library's callback interface: the program waits for the terminal itself, with its lock given up and its signals
seen, and calls `Editor.feed` when there is something to read. On the host there is no editor.
"""

from __future__ import annotations

from ouro.lltype import FuncType, Signed, Void, cast_int_to_ptr, cast_ptr_to_int, functionptr
from ouro.rlib.objectmodel import specialize
from ouro.rlib.rffi import CCHARP, NULL_CHARP, charp2str, library, scoped_str2charp

__all__ = ["END", "LINE", "MORE", "Hooks", "editor"]

MORE = 0
LINE = 1
END = 2

_SOURCE = r"""
#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static struct {
    void (*callback_handler_install)(const char *, void (*)(char *));
    void (*callback_handler_remove)(void);
    void (*callback_read_char)(void);
    void (*free_line_state)(void);
    void (*cleanup_after_signal)(void);
    int (*parse_and_bind)(char *);
    int (*read_init_file)(const char *);
    int (*insert_text)(const char *);
    void (*redisplay)(void);
    void (*initialize)(void);
    int (*bind_key)(int, void *);
    void *insert, *complete_key;
    char **(*completion_matches)(const char *, char *(*)(const char *, int));
    void (*add_history)(const char *);
    void (*using_history)(void);
    void (*clear_history)(void);
    int (*read_history)(const char *);
    int (*write_history)(const char *);
    int (*history_truncate_file)(const char *, int);
    void *(*history_get)(int);
    void *(*remove_history)(int);
    void *(*replace_history_entry)(int, const char *, void *);
    char **line_buffer;
    int *history_base, *history_length;
    int *version, *catch_signals, *completion_append_character, *attempted_completion_over, *completion_type;
    const char **completer_word_break_characters, **readline_name;
    char **(**attempted_completion_function)(const char *, int, int);
    int (**startup_hook)(void), (**pre_input_hook)(void);
    void (**completion_display_matches_hook)(char **, int, int);
    int state;
} rl;

static const struct { const char *name; size_t offset; int needed; } symbols[] = {
#define NEEDED(name, symbol) { symbol, offsetof(__typeof__(rl), name), 1 }
#define WANTED(name, symbol) { symbol, offsetof(__typeof__(rl), name), 0 }
    NEEDED(callback_handler_install, "rl_callback_handler_install"),
    NEEDED(callback_handler_remove, "rl_callback_handler_remove"),
    NEEDED(callback_read_char, "rl_callback_read_char"),
    NEEDED(parse_and_bind, "rl_parse_and_bind"),
    NEEDED(read_init_file, "rl_read_init_file"),
    NEEDED(insert_text, "rl_insert_text"),
    NEEDED(redisplay, "rl_redisplay"),
    NEEDED(initialize, "rl_initialize"),
    NEEDED(completion_matches, "rl_completion_matches"),
    NEEDED(add_history, "add_history"),
    NEEDED(using_history, "using_history"),
    NEEDED(clear_history, "clear_history"),
    NEEDED(read_history, "read_history"),
    NEEDED(write_history, "write_history"),
    NEEDED(history_truncate_file, "history_truncate_file"),
    NEEDED(history_get, "history_get"),
    NEEDED(remove_history, "remove_history"),
    NEEDED(replace_history_entry, "replace_history_entry"),
    NEEDED(line_buffer, "rl_line_buffer"),
    NEEDED(history_base, "history_base"),
    NEEDED(history_length, "history_length"),
    NEEDED(attempted_completion_function, "rl_attempted_completion_function"),
    NEEDED(completer_word_break_characters, "rl_completer_word_break_characters"),
    WANTED(free_line_state, "rl_free_line_state"),
    WANTED(cleanup_after_signal, "rl_cleanup_after_signal"),
    WANTED(bind_key, "rl_bind_key"),
    WANTED(insert, "rl_insert"),
    WANTED(complete_key, "rl_complete"),
    WANTED(catch_signals, "rl_catch_signals"),
    WANTED(completion_append_character, "rl_completion_append_character"),
    WANTED(attempted_completion_over, "rl_attempted_completion_over"),
    WANTED(completion_type, "rl_completion_type"),
    WANTED(version, "rl_readline_version"),
    WANTED(readline_name, "rl_readline_name"),
    WANTED(startup_hook, "rl_startup_hook"),
    WANTED(pre_input_hook, "rl_pre_input_hook"),
    WANTED(completion_display_matches_hook, "rl_completion_display_matches_hook"),
};

static const char *const libraries[] = {
    "libreadline.so.8", "libreadline.so.7", "libreadline.so.6", "libreadline.so", "libedit.so.2", "libedit.so.0",
};

static char *delimiters, *finished_line;
static int line_status;
static void (*on_startup)(void), (*on_pre_input)(void), (*on_display)(char *, long, long);
static char *(*on_complete)(char *, long);
static long completion_begin, completion_end;
static char **shown_matches;

static int startup_hook(void)
{
    on_startup();
    return 0;
}

static int pre_input_hook(void)
{
    on_pre_input();
    return 0;
}

static char *generate(const char *text, int state)
{
    if (rl.attempted_completion_over)
        *rl.attempted_completion_over = 1;
    return on_complete((char *)text, state);
}

static char **complete(const char *text, int begin, int end)
{
    if (on_complete == NULL)
        return NULL;
    if (rl.completion_append_character)
        *rl.completion_append_character = '\0';
    completion_begin = begin;
    completion_end = end;
    return rl.completion_matches(text, generate);
}

static void display(char **matches, int count, int longest)
{
    shown_matches = matches;
    on_display(matches[0], count, longest);
    shown_matches = NULL;
    if (rl.redisplay)
        rl.redisplay();
}

/* Whether there is an editor; the first call looks for one. */
long ouro_readline_open(void)
{
    size_t i, j;
    for (i = 0; rl.state == 0 && i < sizeof libraries / sizeof *libraries; i++) {
        void *handle = dlopen(libraries[i], RTLD_NOW | RTLD_LOCAL);
        int complete_so_far = handle != NULL;
        for (j = 0; complete_so_far && j < sizeof symbols / sizeof *symbols; j++) {
            void *symbol = dlsym(handle, symbols[j].name);
            memcpy((char *)&rl + symbols[j].offset, &symbol, sizeof symbol);
            complete_so_far = symbol != NULL || !symbols[j].needed;
        }
        if (complete_so_far)
            rl.state = 1;
        else if (handle != NULL)
            dlclose(handle);
    }
    if (rl.state == 0)
        rl.state = -1;
    return rl.state > 0;
}

void ouro_readline_set_up(char *name, char *word_delimiters)
{
    rl.using_history();
    if (rl.readline_name)
        *rl.readline_name = strdup(name);
    if (rl.bind_key && rl.insert)
        rl.bind_key('\t', rl.insert);
    if (rl.catch_signals)
        *rl.catch_signals = 0;
    *rl.attempted_completion_function = complete;
    delimiters = strdup(word_delimiters);
    *rl.completer_word_break_characters = delimiters;
    rl.initialize();
}

static void take_line(char *line)
{
    line_status = line == NULL ? 2 : 1;
    finished_line = line;
    rl.callback_handler_remove();
}

void ouro_readline_begin(char *prompt)
{
    line_status = 0;
    rl.callback_handler_install(prompt, take_line);
}

/* Reads what has come; 0: the line goes on, 1: it is finished, 2: the input has ended. */
long ouro_readline_feed(void)
{
    rl.callback_read_char();
    return line_status;
}

char *ouro_readline_line(void)
{
    return finished_line;
}

void ouro_readline_free_line(void)
{
    free(finished_line);
    finished_line = NULL;
}

void ouro_readline_cancel(void)
{
    if (rl.free_line_state)
        rl.free_line_state();
    if (rl.cleanup_after_signal)
        rl.cleanup_after_signal();
    rl.callback_handler_remove();
}

long ouro_readline_version(void) { return rl.version ? *rl.version : 0; }
void ouro_readline_parse_and_bind(char *text) { rl.parse_and_bind(text); }
long ouro_readline_read_init_file(char *path) { return rl.read_init_file(path); }
void ouro_readline_insert_text(char *text) { rl.insert_text(text); }
void ouro_readline_redisplay(void) { rl.redisplay(); }
char *ouro_readline_line_buffer(void) { return *rl.line_buffer ? *rl.line_buffer : ""; }

void ouro_readline_add_history(char *line) { rl.add_history(line); }
void ouro_readline_clear_history(void) { rl.clear_history(); }
long ouro_readline_read_history(char *path) { return rl.read_history(path); }
long ouro_readline_write_history(char *path) { return rl.write_history(path); }
void ouro_readline_truncate_file(char *path, long lines) { rl.history_truncate_file(path, (int)lines); }
long ouro_readline_history_length(void) { return *rl.history_length; }

struct entry { char *line; char *timestamp; void *data; };

/* The line with this number, counted from 1, or NULL. */
char *ouro_readline_history_get(long number)
{
    struct entry *found;
    if (number < 1 || number > *rl.history_length)
        return NULL;
    found = rl.history_get((int)(number - 1 + *rl.history_base));
    return found ? found->line : NULL;
}

static void free_entry(struct entry *old)
{
    if (old) {
        free(old->line);
        free(old->timestamp);
        free(old);
    }
}

/* Positions count from 0 here. */
long ouro_readline_remove_history(long position)
{
    struct entry *old = rl.remove_history((int)position);
    free_entry(old);
    return old != NULL;
}

long ouro_readline_replace_history(long position, char *line)
{
    struct entry *old = rl.replace_history_entry((int)position, line, NULL);
    free_entry(old);
    return old != NULL;
}

char *ouro_readline_delimiters(void)
{
    return (char *)*rl.completer_word_break_characters;
}

void ouro_readline_set_delimiters(char *text)
{
    char *old = delimiters;
    delimiters = strdup(text);
    *rl.completer_word_break_characters = delimiters;
    free(old);
}

long ouro_readline_completion_type(void) { return rl.completion_type ? *rl.completion_type : 0; }
long ouro_readline_completion_begin(void) { return completion_begin; }
long ouro_readline_completion_end(void) { return completion_end; }
char *ouro_readline_match(long number) { return shown_matches[number]; }
char *ouro_readline_copy(char *text) { return strdup(text); }

void ouro_readline_on_complete(void *function) { on_complete = function; }

void ouro_readline_on_startup(void *function)
{
    on_startup = function;
    if (rl.startup_hook)
        *rl.startup_hook = function ? startup_hook : NULL;
}

void ouro_readline_on_pre_input(void *function)
{
    on_pre_input = function;
    if (rl.pre_input_hook)
        *rl.pre_input_hook = function ? pre_input_hook : NULL;
}

void ouro_readline_on_display(void *function)
{
    on_display = function;
    if (rl.completion_display_matches_hook)
        *rl.completion_display_matches_hook = function ? display : NULL;
}
"""

_DECLARATIONS = """
long ouro_readline_open(void);
void ouro_readline_set_up(char *name, char *delimiters);
void ouro_readline_begin(char *prompt);
long ouro_readline_feed(void);
char *ouro_readline_line(void);
void ouro_readline_free_line(void);
void ouro_readline_cancel(void);
long ouro_readline_version(void);
void ouro_readline_parse_and_bind(char *text);
long ouro_readline_read_init_file(char *path);
void ouro_readline_insert_text(char *text);
void ouro_readline_redisplay(void);
char *ouro_readline_line_buffer(void);
void ouro_readline_add_history(char *line);
void ouro_readline_clear_history(void);
long ouro_readline_read_history(char *path);
long ouro_readline_write_history(char *path);
void ouro_readline_truncate_file(char *path, long lines);
long ouro_readline_history_length(void);
char *ouro_readline_history_get(long number);
long ouro_readline_remove_history(long position);
long ouro_readline_replace_history(long position, char *line);
char *ouro_readline_delimiters(void);
void ouro_readline_set_delimiters(char *text);
long ouro_readline_completion_type(void);
long ouro_readline_completion_begin(void);
long ouro_readline_completion_end(void);
char *ouro_readline_match(long number);
char *ouro_readline_copy(char *text);
void ouro_readline_on_complete(void *function);
void ouro_readline_on_startup(void *function);
void ouro_readline_on_pre_input(void *function);
void ouro_readline_on_display(void *function);
"""

_c = library(
    _DECLARATIONS,
    source=_SOURCE,
    libraries=["dl"],
    calls_back=["ouro_readline_begin", "ouro_readline_feed", "ouro_readline_insert_text", "ouro_readline_redisplay"],
    host={"ouro_readline_open": lambda: 0},
)


class Hooks:
    """What the editor asks of the program. Exceptions must not leave these methods."""

    def complete(self, text, state):
        """Completion number `state` of the word `text`; None behind the last one."""
        return None

    def startup(self):
        """The prompt will be printed."""

    def pre_input(self):
        """The prompt was printed."""

    def display(self, substitution, matches, longest):
        """Show the completions, the longest of which has so many characters."""


class _State:
    def __init__(self):
        self.hooks = Hooks()


_state = _State()


def _complete(text, state):
    completion = _state.hooks.complete(charp2str(text), state)
    if completion is None:
        return NULL_CHARP
    with scoped_str2charp(completion) as raw:
        return _c.ouro_readline_copy(raw)


def _startup():
    _state.hooks.startup()


def _pre_input():
    _state.hooks.pre_input()


def _display(substitution, count, longest):
    matches = [charp2str(_c.ouro_readline_match(index + 1)) for index in range(count)]
    _state.hooks.display(charp2str(substitution), matches, longest)


_COMPLETE = functionptr(FuncType([CCHARP, Signed], CCHARP), "complete", callable=_complete)
_STARTUP = functionptr(FuncType([], Void), "startup", callable=_startup)
_PRE_INPUT = functionptr(FuncType([], Void), "pre_input", callable=_pre_input)
_DISPLAY = functionptr(FuncType([CCHARP, Signed, Signed], Void), "display", callable=_display)

DELIMITERS = " \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?"


class Editor:
    """The editor; there is one, which `editor` gives."""

    def set_up(self, name, hooks):
        """Before anything else: the name by which initialization files know the program, and its hooks."""
        _state.hooks = hooks
        with scoped_str2charp(name) as raw_name:
            with scoped_str2charp(DELIMITERS) as raw_delimiters:
                _c.ouro_readline_set_up(raw_name, raw_delimiters)

    def version(self):
        """The version of the library: 0x802 is 8.2."""
        return _c.ouro_readline_version()

    def begin(self, prompt):
        """Show the prompt and begin a line. Until its end call `feed` whenever there is input, or `cancel`."""
        with scoped_str2charp(prompt) as raw:
            _c.ouro_readline_begin(raw)

    def feed(self):
        """Take what the user typed: `MORE`, `LINE` (which `take_line` gives) or `END`."""
        return _c.ouro_readline_feed()

    def take_line(self):
        """The finished line, without its end."""
        line = charp2str(_c.ouro_readline_line())
        _c.ouro_readline_free_line()
        return line

    def cancel(self):
        """Give up the line."""
        _c.ouro_readline_cancel()

    def parse_and_bind(self, text):
        """Execute a line of an initialization file."""
        with scoped_str2charp(text) as raw:
            _c.ouro_readline_parse_and_bind(raw)

    def read_init_file(self, path):
        """Execute an initialization file (None: the last one); 0 or an error number."""
        return _with_path(path, _c.ouro_readline_read_init_file)

    def insert_text(self, text):
        """Insert text where the cursor is."""
        with scoped_str2charp(text) as raw:
            _c.ouro_readline_insert_text(raw)

    def redisplay(self):
        """Show the line as it is now."""
        _c.ouro_readline_redisplay()

    def line_buffer(self):
        """The line as it is now."""
        return charp2str(_c.ouro_readline_line_buffer())

    def add_history(self, line):
        """Remember a line."""
        with scoped_str2charp(line) as raw:
            _c.ouro_readline_add_history(raw)

    def clear_history(self):
        """Forget all lines."""
        _c.ouro_readline_clear_history()

    def read_history(self, path):
        """Remember the lines of a file (None: the library's own); 0 or an error number."""
        return _with_path(path, _c.ouro_readline_read_history)

    def write_history(self, path, most_lines):
        """Write the remembered lines to a file (None: the library's own), the last `most_lines` if that is not
        negative; 0 or an error number."""
        status = _with_path(path, _c.ouro_readline_write_history)
        if status == 0 and most_lines >= 0:
            if path is None:
                _c.ouro_readline_truncate_file(NULL_CHARP, most_lines)
            else:
                with scoped_str2charp(path) as raw:
                    _c.ouro_readline_truncate_file(raw, most_lines)
        return status

    def history_length(self):
        """How many lines are remembered."""
        return _c.ouro_readline_history_length()

    def history_item(self, number):
        """A remembered line, counted from 1; None if there is no such line."""
        found = _c.ouro_readline_history_get(number)
        return charp2str(found) if found else None

    def remove_history(self, position):
        """Forget a line, counted from 0; whether it was there."""
        return _c.ouro_readline_remove_history(position) != 0

    def replace_history(self, position, line):
        """Replace a line, counted from 0; whether it was there."""
        with scoped_str2charp(line) as raw:
            return _c.ouro_readline_replace_history(position, raw) != 0

    def delimiters(self):
        """The characters that end a word when it is completed."""
        return charp2str(_c.ouro_readline_delimiters())

    def set_delimiters(self, text):
        """Set the characters that end a word."""
        with scoped_str2charp(text) as raw:
            _c.ouro_readline_set_delimiters(raw)

    def completion_type(self):
        """The library's code of the kind of completion under way."""
        return _c.ouro_readline_completion_type()

    def completion_begin(self):
        """Where the word that is completed begins in the line."""
        return _c.ouro_readline_completion_begin()

    def completion_end(self):
        """Where the word that is completed ends in the line."""
        return _c.ouro_readline_completion_end()

    def enable_complete(self, enabled):
        """Whether `Hooks.complete` is called."""
        _c.ouro_readline_on_complete(_raw(_COMPLETE) if enabled else NULL_CHARP)

    def enable_startup(self, enabled):
        """Whether `Hooks.startup` is called."""
        _c.ouro_readline_on_startup(_raw(_STARTUP) if enabled else NULL_CHARP)

    def enable_pre_input(self, enabled):
        """Whether `Hooks.pre_input` is called."""
        _c.ouro_readline_on_pre_input(_raw(_PRE_INPUT) if enabled else NULL_CHARP)

    def enable_display(self, enabled):
        """Whether `Hooks.display` is called."""
        _c.ouro_readline_on_display(_raw(_DISPLAY) if enabled else NULL_CHARP)


@specialize.arg(0)
def _raw(function):
    return cast_int_to_ptr(CCHARP, cast_ptr_to_int(function))


def _with_path(path, function):
    if path is None:
        return function(NULL_CHARP)
    with scoped_str2charp(path) as raw:
        return function(raw)


_editor = Editor()


def editor():
    """The editor, or None where the system has none."""
    return _editor if _c.ouro_readline_open() else None
