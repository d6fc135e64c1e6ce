"""What a program may ask its JIT at run time, and be told by it. On the host, and without a JIT, nothing ever comes.

The program and the JIT are typed apart, so only numbers go between them: a text is fetched character by character. It
is for users who look at what the JIT does, not for what happens often.
"""

from __future__ import annotations

from ouro.rlib._primitive import primitive
from ouro.rlib.jit import JitHookInterface, dont_look_inside

__all__ = [
    "QUESTIONS",
    "STATISTICS",
    "TIMES",
    "JitEvent",
    "ask_jit",
    "call_for_events",
    "get_statistic",
    "get_time",
    "is_jit_available",
    "release_all",
    "set_hooks",
]

#: What can be asked, by number. `statistic` and `time`: which; `event_number` and `event_length`: of which field of the
#: event; `event_character`: of which text, and where in it; `call_for_events`: the address of the function.
QUESTIONS = [
    "available", "statistic", "release_all", "event_number", "event_length", "event_character", "call_for_events",
    "time",
]  # fmt: skip

#: The counts of a run, in the order of `get_statistic`.
STATISTICS = [
    "recordings", "recorded_operations", "recorded_guards", "loops", "entry_bridges", "bridges", "compiled_operations",
    "compiled_guards", "resume_words", "stand_ins", "cuts", "entered", "guard_failures", "forced_virtualizables",
    "invalidated_loops", "freed_loops", "aborts",
]  # fmt: skip

#: Where the time of a run goes, in the order of `get_time`: the program itself, compiled or not, then the JIT.
TIMES = ["program", "tracing", "optimizing", "assembling"]

_AVAILABLE, _STATISTIC, _RELEASE, _EVENT_NUMBER, _EVENT_LENGTH, _EVENT_CHARACTER, _, _TIME = range(len(QUESTIONS))

#: Kinds of events.
BEFORE_COMPILE, AFTER_COMPILE, BEFORE_BRIDGE, AFTER_BRIDGE, ABORT = range(5)


@primitive
def ask_jit(question, first, second):
    """The answer to one of `QUESTIONS`; 0 where there is no JIT."""
    return 0


@dont_look_inside
def is_jit_available():
    """Does the program have a JIT?"""
    return ask_jit(_AVAILABLE, 0, 0) != 0


@dont_look_inside
def get_statistic(number):
    """A count by its number in `STATISTICS`."""
    return ask_jit(_STATISTIC, number, 0)


@dont_look_inside
def get_time(number):
    """The nanoseconds since the program began that went into one of `TIMES`."""
    return ask_jit(_TIME, number, 0)


@dont_look_inside
def release_all():
    """Give back all code that is not running. What is hot is traced anew."""
    ask_jit(_RELEASE, 0, 0)


class JitEvent:
    """What the JIT does at this moment.

    Attributes:
        kind: one of the kinds above.
        driver: the name of the `JitDriver`.
        place: where the loop begins in the interpreted program, as the driver's `get_printable_location` says.
        filename, function, opcode, line, position: what its `get_location` says, where it has one.
        loop: the number of the loop.
        guard: the number of the guard that a bridge goes on from, -1 for loops.
        reason: why the recording was given up (`ABORT`).
        operations: the lines of the trace, where it is known.
        address, size: of the machine code (after compiling), 0 where there is none.
    """

    def __init__(self):
        self.kind = ask_jit(_EVENT_NUMBER, 0, 0)
        self.loop = ask_jit(_EVENT_NUMBER, 1, 0)
        self.guard = ask_jit(_EVENT_NUMBER, 2, 0)
        self.address = ask_jit(_EVENT_NUMBER, 3, 0)
        self.size = ask_jit(_EVENT_NUMBER, 4, 0)
        self.line = ask_jit(_EVENT_NUMBER, 5, 0)
        self.position = ask_jit(_EVENT_NUMBER, 6, 0)
        self.driver = _text(0)
        self.place = _text(1)
        self.reason = _text(2)
        self.filename = _text(3)
        self.function = _text(4)
        self.opcode = _text(5)
        text = _text(6)
        self.operations = text.split("\n") if text != "" else []


def _text(which):
    characters = []
    for index in range(ask_jit(_EVENT_LENGTH, which, 0)):
        characters.append(chr(ask_jit(_EVENT_CHARACTER, which, index)))
    return "".join(characters)


class _Installed:
    """The hooks of the program."""

    def __init__(self):
        self.hooks = JitHookInterface()


_installed = _Installed()


def _on_event(unused):
    hooks = _installed.hooks
    if not hooks.are_hooks_enabled():
        return
    event = JitEvent()
    if event.kind == BEFORE_COMPILE:
        hooks.before_compile(event)
    elif event.kind == AFTER_COMPILE:
        hooks.after_compile(event)
    elif event.kind == BEFORE_BRIDGE:
        hooks.before_compile_bridge(event)
    elif event.kind == AFTER_BRIDGE:
        hooks.after_compile_bridge(event)
    else:
        hooks.on_abort(event)


@primitive
def call_for_events(function):
    """Let the JIT call a function, with one number, when there is an event."""


@dont_look_inside
def set_hooks(hooks):
    """From now on, call the methods of a `JitHookInterface`."""
    _installed.hooks = hooks
    call_for_events(_on_event)
