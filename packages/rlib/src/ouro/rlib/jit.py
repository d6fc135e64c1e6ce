"""Hints to the JIT generator. On the host, and in a translation without the JIT, all of them do nothing.

A decorator leaves an attribute on the function (the table in the package's README), a hint is a function
that the stages above know. `JitDriver` checks on the host that its calls name the right variables, so
that a mistake shows up in the first test run and not at the end of a translation.
"""

from __future__ import annotations

from ouro.rlib import _jit_parameters
from ouro.rlib._jit_parameters import (
    ALL_OPTIMIZATIONS,
    OPTIMIZATIONS,
    BadParameter,
    check_value,
    nearest_value,
    parameter_default,
    parameter_doc,
    parameter_number,
    parameters_help,
    parse_optimizations,
    parse_parameters,
)
from ouro.rlib._primitive import primitive
from ouro.rlib.objectmodel import specialize
from ouro.rlib.unroll import unrolling_iterable

__all__ = [
    "ALL_OPTIMIZATIONS",
    "BadParameter",
    "BaseJitCell",
    "DEFAULT_PARAMETERS",
    "JitDriver",
    "JitHookInterface",
    "OPTIMIZATIONS",
    "check_value",
    "conditional_call",
    "conditional_call_elidable",
    "dont_look_inside",
    "elidable",
    "elidable_promote",
    "force_virtualizable",
    "hint",
    "isconstant",
    "isvirtual",
    "jit_callback",
    "look_inside",
    "look_inside_iff",
    "loop_invariant",
    "loop_unrolling_heuristic",
    "non_virtual_ref",
    "not_in_trace",
    "oopspec",
    "nearest_value",
    "parameter_default",
    "parameter_doc",
    "parameter_number",
    "parameters_help",
    "parse_optimizations",
    "parse_parameters",
    "promote",
    "promote_string",
    "promote_unicode",
    "record_exact_class",
    "record_exact_value",
    "record_known_result",
    "set_checked_param",
    "set_param",
    "set_param_to_default",
    "set_user_param",
    "take_user_parameters",
    "unroll_safe",
    "virtual_ref",
    "virtual_ref_finish",
    "vref_None",
    "we_are_jitted",
]


# ---- decorators


def elidable(function):
    """The result depends on the arguments alone and calling it twice changes nothing that counts.

    With constant arguments the call is done while tracing. It may raise, and always the same then.
    """
    _refuse(function, "_jit_unroll_safe_", "elidable", "unroll_safe")
    function._elidable_ = True
    return function


def elidable_promote(promote_args="all"):
    """`elidable`, with the arguments promoted first: all of them, or those named by `"0,2"`.

    A string is promoted by its content.
    """

    def decorate(function):
        elidable(function)
        names = function.__code__.co_varnames[: function.__code__.co_argcount]
        if promote_args == "all":
            indices = tuple(range(len(names)))
        else:
            indices = tuple([int(index) for index in promote_args.split(",")])
        function._elidable_promote_ = indices
        return function

    return decorate


def unroll_safe(function):
    """The loops in `function` are short, or have constant bounds: trace through them."""
    _refuse(function, "_elidable_", "unroll_safe", "elidable")
    function._jit_unroll_safe_ = True
    return function


def look_inside(function):
    """Trace into `function` although the policy would make it a call."""
    function._jit_look_inside_ = True
    return function


def dont_look_inside(function):
    """Never trace into `function`: it is a call in every trace."""
    function._jit_look_inside_ = False
    return function


def look_inside_iff(predicate):
    """Trace into the function, through its loops too, where `predicate`, called with the same arguments, is true; else
    call it. All arguments are passed by position.
    """

    def decorate(function):
        _refuse(function, "_jit_look_inside_", "look_inside_iff", "another decorator")
        unroll_safe(function)

        call = dont_look_inside(_passing_on(function))

        def look_or_call(*args):
            # Elsewhere the question would cost time, and both ways are the same.
            if not we_are_jitted() or predicate(*args):
                return function(*args)
            return call(*args)

        for name in ("__name__", "__doc__", "__module__", "__qualname__"):
            setattr(look_or_call, name, getattr(function, name))
        call.__name__ = function.__name__ + "_called"
        look_or_call._look_inside_iff_ = predicate
        return look_or_call

    return decorate


def _passing_on(function):
    """A function that calls *function*. It takes few arguments by name: all of them in one tuple, which a trace would
    have to make for the call, only where they are many.
    """
    count = function.__code__.co_argcount
    if count == 1:
        return lambda first: function(first)
    if count == 2:
        return lambda first, second: function(first, second)
    if count == 3:
        return lambda first, second, third: function(first, second, third)
    if count == 4:
        return lambda first, second, third, fourth: function(first, second, third, fourth)
    return lambda *args: function(*args)


def loop_invariant(function):
    """The function has no arguments and the same result all through a loop."""
    if function.__code__.co_argcount:
        raise TypeError("a loop-invariant function takes no arguments")
    dont_look_inside(function)
    function._jit_loop_invariant_ = True
    return function


def not_in_trace(function):
    """Calls of the function are left out of compiled loops; it returns None and is for counting and
    debugging.
    """
    function._jit_not_in_trace_ = True
    return function


def jit_callback(name):
    """The function is called from C code and may run the interpreter."""

    def decorate(function):
        function._jit_callback_ = name
        return function

    return decorate


def oopspec(spec):
    """The function means to the optimizer what `spec` names, for example `"list.len(items)"`."""

    def decorate(function):
        function.oopspec = spec
        return function

    return decorate


def _refuse(function, attribute, this, other):
    if attribute in vars(function):
        raise TypeError("%s is %s already and cannot be %s too" % (function.__name__, other, this))


# ---- hints on values


@primitive
def hint(value, **flags):
    """`value`, with hints about it for the JIT: `access_directly`, `fresh_virtualizable`,
    `force_virtualizable`, ...
    """
    return value


@primitive
def promote(value):
    """`value`, a constant in the trace from here on: guarded once, one version of the code for each
    value.
    """
    return value


@primitive
def promote_string(value):
    """As `promote`, for a string by content."""
    return value


@primitive
def promote_unicode(value):
    """As `promote_string`."""
    return value


@primitive
def we_are_jitted():
    """Whether the code runs under the tracer or in a compiled loop."""
    return False


@primitive
def isconstant(value):
    """Whether the tracer knows `value` as a constant here. False in the interpreter."""
    return False


@primitive
def isvirtual(value):
    """Whether `value` is an object that the loop never allocates. False in the interpreter."""
    return False


@primitive
def loop_unrolling_heuristic(items, size, cutoff=2):
    """Whether a loop over `items` should be unrolled: its length is known and small, or it is virtual."""
    return size == 0 or (isconstant(size) and size <= cutoff) or isvirtual(items)


@primitive
def record_exact_class(value, cls):
    """The class of `value` is exactly `cls` (and so it is not None): the tracer need not guard it."""
    assert type(value) is cls


@primitive
def record_exact_value(value, constant):
    """`value` is the constant: the tracer need not guard it."""
    assert value == constant


@primitive
def record_known_result(result, function, *args):
    """Calling the elidable `function` with `args` gives `result`: the tracer may use that."""


@primitive
def conditional_call(condition, function, *args):
    """`if condition: function(*args)`, without a branch in the trace."""
    if condition:
        function(*args)


@primitive
def conditional_call_elidable(value, function, *args):
    """`value`, or the result of the elidable `function(*args)` if `value` is None (or zero)."""
    if value is None or (isinstance(value, int) and value == 0):
        return function(*args)
    return value


@primitive
def force_virtualizable(virtualizable):
    """Write the fields of a virtualizable object that live in registers back into it."""


class _VirtualRef:
    """What `virtual_ref` makes on the host: a call gives the object."""

    __slots__ = ("_value", "_state")

    def __init__(self, value):
        self._value = value
        self._state = "open"

    def __call__(self):
        if self._state == "invalid":
            raise InvalidVirtualRef
        self._state = "forced" if self._state == "open" else self._state
        return self._value

    @property
    def virtual(self):
        """Whether the object was never asked for."""
        return self._state == "open"

    def _finish(self):
        if self._state == "open":
            self._state = "invalid"


class InvalidVirtualRef(Exception):
    """The virtual reference was finished without ever being forced."""


class _NoVirtualRef:
    virtual = False

    def __call__(self):
        return None

    def _finish(self):
        pass


vref_None = _NoVirtualRef()


@primitive
def virtual_ref(value):
    """A reference to an object that stays virtual as long as nobody follows it: `ref()` gives the
    object.
    """
    return _VirtualRef(value)


@primitive
def virtual_ref_finish(ref, value):
    """The end of the life of a `virtual_ref`, in the function that made it."""
    ref._finish()


@primitive
def non_virtual_ref(value):
    """A reference to an object that is not virtual, of the type that `virtual_ref` has."""
    ref = _VirtualRef(value)
    ref()
    return ref


# ---- parameters

DEFAULT_PARAMETERS = dict(zip(_jit_parameters.NAMES, _jit_parameters.DEFAULTS))
"""The parameters of the JIT that `set_param` knows, with their values at start."""


@primitive
def set_param(driver, name, value):
    """Set a parameter of the JIT, for one driver or (None) for all.

    The name is a constant. A value that the parameter may not have is an error where it is a constant, too, and the
    nearest one counts where it is computed; `set_checked_param` raises an exception.
    """
    number = parameter_number(name)
    if number < 0:
        raise ValueError("no such JIT parameter: %r" % (name,))
    check_value(number, value)


@specialize.arg(0)
def set_param_to_default(driver, name):
    """Set a parameter of the JIT back to its value at start. Raises BadParameter for an unknown name."""
    number = parameter_number(name)
    if number < 0:
        raise BadParameter("no JIT parameter '%s'" % name)
    _set_by_number(driver, number, _jit_parameters.DEFAULTS[number])


@specialize.arg(0)
def set_user_param(driver, text):
    """Set parameters from what a user wrote: `"off"`, `"default"` or `"name=value,..."`. Raises BadParameter, a
    ValueError whose `message` is one line, with nothing set.
    """
    settings = parse_parameters(text)
    index = 0
    while index < len(settings):
        _set_by_number(driver, settings[index], settings[index + 1])
        index += 2


@specialize.arg(0)
def set_checked_param(driver, name, value):
    """Set a parameter of the JIT whose name and value come from a user. Raises BadParameter."""
    number = parameter_number(name)
    if number < 0:
        raise BadParameter("no JIT parameter '%s'" % name)
    check_value(number, value)
    _set_by_number(driver, number, value)


@specialize.arg(0)
def _set_by_number(driver, number, value):
    for known, name in _NUMBERED:
        if number == known:
            set_param(driver, name, value)
            return


_NUMBERED = unrolling_iterable(list(enumerate(_jit_parameters.NAMES)))


def take_user_parameters(argv):
    """Set what `--jit PARAMETERS` or `--jit=PARAMETERS` right behind the program's name asks for.

    Returns:
        The arguments without it. Where it asks for help, None: print `parameters_help()`.

    Raises:
        BadParameter: as `set_user_param`, or the parameters are missing.
    """
    result = argv[:1]
    position = 1
    while position < len(argv):
        argument = argv[position]
        if argument == "--jit":
            position += 1
            if position >= len(argv):
                raise BadParameter("expected off, default or name=value,... behind it")
            text = argv[position]
        elif argument.startswith("--jit="):
            text = argument[len("--jit="):]
        else:
            break
        if text == "help":
            return None
        set_user_param(None, text)
        position += 1
    return result + argv[position:]


# ---- the driver


class BaseJitCell:
    """What the JIT keeps for one position of the interpreted program."""


class JitDriver:
    """Says where an interpreter's dispatch loop is and which of its variables tell the position.

    greens: names of the variables that are constant at one position of the interpreted program (code
    object,
        program counter).
    reds: names of all other living variables; or `"auto"`.
    virtualizables: names of those reds whose object is virtualizable.
    get_printable_location(*greens) -> str, for logs.
    get_unique_id(*greens) -> int, for profilers.
    get_location(*greens) -> (file name, line, function name, bytecode index, opcode), for logs.
    is_recursive: the interpreter calls itself through this driver.
    should_unroll_one_iteration(*greens) -> bool.
    can_never_inline(*greens) -> bool; confirm_enter_jit(*greens + reds) -> bool.
    name: for logs and `set_param`.

    Raises TypeError for names that clash or are unknown, here and in the calls.
    """

    _jit_driver_ = True

    def __init__(
        self,
        greens=None,
        reds=None,
        virtualizables=None,
        get_printable_location=None,
        get_unique_id=None,
        get_location=None,
        is_recursive=False,
        should_unroll_one_iteration=None,
        can_never_inline=None,
        confirm_enter_jit=None,
        name="jitdriver",
        check_untranslated=True,
    ):
        self.greens = _names("greens", greens or [])
        self.autoreds = reds == "auto"
        self.reds = [] if self.autoreds else _names("reds", reds or [])
        self.virtualizables = _names("virtualizables", virtualizables or [])
        self.get_printable_location = get_printable_location
        self.get_unique_id = get_unique_id
        self.get_location = get_location
        self.is_recursive = is_recursive
        self.should_unroll_one_iteration = should_unroll_one_iteration
        self.can_never_inline = can_never_inline
        self.confirm_enter_jit = confirm_enter_jit
        self.name = name
        self.check_untranslated = check_untranslated
        both = set(self.greens) & set(self.reds)
        if both:
            raise TypeError("%s: both green and red: %s" % (name, ", ".join(sorted(both))))
        if not self.autoreds:
            unknown = set(self.virtualizables) - set(self.reds)
            if unknown:
                raise TypeError("%s: virtualizables that are not reds: %s" % (name, ", ".join(sorted(unknown))))
        if self.autoreds and self.virtualizables:
            raise TypeError("%s: virtualizables need the reds by name" % name)
        if len(self.virtualizables) > 1:
            raise TypeError("%s: at most one virtualizable" % name)
        self._merge_point_names = frozenset(self.greens + self.reds)
        for greens_function in (get_printable_location, get_unique_id, get_location, can_never_inline):
            self._check_arguments(greens_function, len(self.greens))
        self._check_arguments(should_unroll_one_iteration, len(self.greens))

    def _check_arguments(self, function, count):
        code = getattr(function, "__code__", None)
        if code is not None and code.co_argcount != count and not code.co_flags & 0x04:
            raise TypeError(
                "%s: %s() at %s:%d takes %d arguments, the driver has %d greens"
                % (self.name, function.__name__, code.co_filename, code.co_firstlineno, code.co_argcount, count)
            )

    def jit_merge_point(self, **values):
        """At the head of the dispatch loop, with every green and red by name."""
        if self.check_untranslated:
            self._check_names("jit_merge_point", values)

    def can_enter_jit(self, **values):
        """At a backward jump of the interpreted program, with every green and red by name."""
        if self.autoreds:
            raise TypeError("%s: can_enter_jit needs the reds by name" % self.name)
        if self.check_untranslated:
            self._check_names("can_enter_jit", values)

    def trace_next_iteration(self, *greens):
        """Start tracing when this position is reached next."""

    def loop_header(self):
        """Where a trace may close, for interpreters that call `can_enter_jit` elsewhere."""

    def _check_names(self, call, values):
        if values.keys() == self._merge_point_names:
            return
        expected = self._merge_point_names
        if self.autoreds:
            unexpected = set(values) - expected
            missing = set(self.greens) - set(values)
        else:
            unexpected = set(values) - expected
            missing = expected - set(values)
        problems = []
        if missing:
            problems.append("missing " + ", ".join(sorted(missing)))
        if unexpected:
            problems.append("unexpected " + ", ".join(sorted(unexpected)))
        if problems:
            raise TypeError("%s.%s: %s" % (self.name, call, "; ".join(problems)))

    def clone(self):
        """A driver with the same declarations, for a second loop."""
        return JitDriver(
            greens=list(self.greens),
            reds="auto" if self.autoreds else list(self.reds),
            virtualizables=list(self.virtualizables),
            get_printable_location=self.get_printable_location,
            get_unique_id=self.get_unique_id,
            get_location=self.get_location,
            is_recursive=self.is_recursive,
            should_unroll_one_iteration=self.should_unroll_one_iteration,
            can_never_inline=self.can_never_inline,
            confirm_enter_jit=self.confirm_enter_jit,
            name=self.name,
            check_untranslated=self.check_untranslated,
        )

    def __repr__(self):
        return "<JitDriver %s>" % self.name


def _names(what, names):
    if isinstance(names, str):
        raise TypeError("%s: a list of names is expected, not the text %r" % (what, names))
    result = list(names)
    for name in result:
        first = name.split(".")[0] if isinstance(name, str) else ""
        if not first.isidentifier():
            raise TypeError("%s: not a variable name: %r" % (what, name))
    if len(set(result)) != len(result):
        raise TypeError("%s: a name is there twice: %r" % (what, result))
    return result


class JitHookInterface:
    """Override to be told of what the JIT does; `jit_hooks.set_hooks` installs it. `event` is a `jit_hooks.JitEvent`.

    Hooks are called in the middle of the JIT's work. What they raise is lost; what they run is not reported.
    """

    def on_abort(self, event):
        """A recording was given up."""

    def before_compile(self, event):
        """A loop was optimized and will be compiled."""

    def after_compile(self, event):
        """A loop was compiled."""

    def before_compile_bridge(self, event):
        """A bridge was optimized and will be compiled."""

    def after_compile_bridge(self, event):
        """A bridge was compiled."""

    def are_hooks_enabled(self):
        """Whether the hooks are to be called at all."""
        return True
