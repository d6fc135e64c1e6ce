"""The state of one thread of execution, and the flag that interrupts the dispatch loop."""

import sys

from ouro.interp_py27.objects import space
from ouro.interp_py27.vm import opcodes
from ouro.interp_py27.vm.errors import OperationError, runtime_error
from ouro.rlib import jit, rffi, rgc
from ouro.rlib.objectmodel import always_inline

# What a frame handles after ``sys.exc_clear()``.
CLEARED = OperationError(None, None)


class Action:
    """Something to do between two bytecodes: run finalizers, deliver a signal, switch threads."""

    _attrs_ = ("pending", "next")

    def __init__(self):
        self.pending = False
        self.next = None

    def perform(self, context, frame):
        raise NotImplementedError


TOO_DEEP = "maximum recursion depth exceeded"


@jit.dont_look_inside
def too_deep(caller, frame):
    """The error for a frame that may not begin.

    CPython counts calls of objects as well as frames. Where an instruction calls a function there are frames alone;
    otherwise frames are the fewer, so that most of the time it is the call of an object that is one too many.
    """
    flags = frame.code.flags
    is_call = flags & (opcodes.CO_OPTIMIZED | opcodes.CO_GENERATOR) == opcodes.CO_OPTIMIZED
    if caller is not None and is_call and not caller.calls_function():
        return runtime_error(TOO_DEEP + " while calling a Python object")
    return runtime_error(TOO_DEEP)


DEFAULT_INTERVAL = 100

# What a tick of the interpreter counts. Compiled code, whose loops are a hundred times faster, counts one.
TICK = 100
MOST_TICKS = sys.maxsize // TICK

# Counted down by the dispatch loop, which looks at actions when it falls below zero. It is raw memory so that the
# handler of a signal can set it: see `rsignal.set_ticker`.
TICKER = rffi.malloc(rffi.LONGP.TO, 1, flavor="raw", zero=True, immortal=True)
TICKER[0] = DEFAULT_INTERVAL * TICK


def tick():
    """Count down; true when it is time to call `ActionFlag.dispatch`.

    A signal that comes between the load and the store is seen when the interval runs out.
    """
    ticks = TICKER[0] - (1 if jit.we_are_jitted() else TICK)
    TICKER[0] = ticks
    return ticks < 0


def interrupted():
    """Whether something waits for `ActionFlag.dispatch`, without counting."""
    return TICKER[0] < 0


class ActionFlag:
    """What there is to do beside running instructions.

    `fire` makes an action happen soon; periodic actions happen each `interval` ticks, ``sys.getcheckinterval()``.
    """

    _attrs_ = ("interval", "first", "periodic")

    def __init__(self):
        self.interval = DEFAULT_INTERVAL
        self.first = None
        self.periodic = None

    def register_periodic(self, action):
        """`action` is performed each time the interval runs out."""
        action.next = self.periodic
        self.periodic = action

    def fire(self, action):
        """`action` is performed once, soon."""
        if not action.pending:
            action.pending = True
            action.next = self.first
            self.first = action
        TICKER[0] = -1

    def set_interval(self, interval):
        self.interval = interval
        TICKER[0] = min(TICKER[0], self.ticks())

    def ticks(self):
        """The interval as `TICKER` counts it."""
        return min(self.interval, MOST_TICKS) * TICK

    @jit.dont_look_inside
    def dispatch(self, context, frame):
        TICKER[0] = self.ticks()
        try:
            if rgc.take_memory_error():
                raise OperationError(space.w_MemoryError, None)
            action = self.periodic
            while action is not None:
                action.perform(context, frame)
                action = action.next
            action = self.first
            while action is not None:
                self.first = action.next
                action.next = None
                action.pending = False
                action.perform(context, frame)
                action = self.first
        except OperationError:
            # what comes after it in the lists is not forgotten
            TICKER[0] = -1
            raise


class ExecutionContext:
    """The frames of one thread, and its tracing and exception state.

    `topframe` and `f_back` of frames are virtual references, so that a frame of compiled code is no object unless
    someone follows them. They are good as long as the frame runs: what outlives it is said to `keep`.

    `thread_locals` holds weak references to the `thread._local` objects that have attributes of this thread.
    """

    _attrs_ = ("topframe", "depth", "w_tracefunc", "is_tracing", "w_profilefunc", "compiler_flags",
               "thread_locals", "repr_running", "tracing_possible")

    def __init__(self):
        self.topframe = jit.vref_None
        self.depth = 0
        self.w_tracefunc = None
        self.w_profilefunc = None
        self.is_tracing = 0
        self.compiler_flags = 0
        self.thread_locals = []
        self.repr_running = []
        self.tracing_possible = False

    def enter(self, frame):
        """A frame begins to run. The virtual reference to it is for `leave`."""
        depth = self.depth + 1
        if depth > space.state.recursion_limit:
            raise too_deep(self.topframe(), frame)
        self.depth = depth
        frame.f_back = self.topframe
        reference = jit.virtual_ref(frame)
        self.topframe = reference
        return reference

    def leave(self, frame, reference):
        self.topframe = frame.f_back
        self.depth -= 1
        if frame.kept:
            # Who has the frame may go on to the one that called it.
            back = frame.f_back()
            if back is not None:
                keep(back)
            frame.f_back = jit.non_virtual_ref(back)
        jit.virtual_ref_finish(reference, frame)

    def running_frame(self):
        """The innermost frame, or None."""
        return self.topframe()

    def enter_recursion(self, what):
        """Begin something recursive that is no call of a function; `what` says what, for the message."""
        depth = self.depth + 1
        if depth > space.state.recursion_limit:
            raise runtime_error(TOO_DEEP + what)
        self.depth = depth

    def leave_recursion(self):
        self.depth -= 1

    # ---- the exception being handled

    def current_exception(self):
        """The OperationError that an ``except`` clause of this or a calling frame handles, or None."""
        frame = self.topframe()
        if frame is None or frame.handled is None:
            frame = older_handler(frame)
            if frame is None:
                return None
        return None if frame.handled is CLEARED else frame.handled

    def clear_exception(self):
        """``sys.exc_clear()``: also hides what older frames handle, until the frame ends."""
        frame = self.topframe()
        if frame is None or frame.handled is None:
            frame = older_handler(frame)
        if frame is not None:
            frame.handled = CLEARED

    # ---- tracing (sys.settrace, sys.setprofile)

    @always_inline
    def is_traced(self):
        """Is there a trace or profile function? Compiled code does not ask as long as no thread has one."""
        if jit.we_are_jitted() and not space.state.tracing_possible:
            return False
        return self.tracing_possible

    def update_tracing(self):
        """The trace or profile function has changed."""
        possible = self.w_tracefunc is not None or self.w_profilefunc is not None
        if possible != self.tracing_possible:
            self.tracing_possible = possible
            space.state.count_traced_threads(1 if possible else -1)

    def call_trace(self, frame):
        """On entry to a frame."""
        if frame.tracing is not None:
            frame.tracing.restart()
        if self.w_tracefunc is not None:
            self.trace_event(frame, "call", space.w_None, self.w_tracefunc)
        if self.w_profilefunc is not None:
            self.profile_event(frame, "call", space.w_None)

    def return_trace(self, frame, w_result):
        if self.w_tracefunc is not None:
            self.trace_event(frame, "return", w_result, None)
        if self.w_profilefunc is not None:
            self.profile_event(frame, "return", w_result)

    def exception_trace(self, frame, error):
        if self.w_tracefunc is None or self.is_tracing:
            return
        w_value = error.peek_w_value()
        w_info = space.newtuple([error.w_type, w_value, space.wrap_none(error.traceback)])
        self.trace_event(frame, "exception", w_info, None)

    def line_trace(self, frame, position):
        """Before an instruction: a line event if it is the first of a line or a jump went backwards.

        The trace function may set `frame.last_instr` to another place to go on at.

        So where tracing begins in the middle of a line, the event is for the next one.
        """
        if self.is_tracing or self.w_tracefunc is None:
            return
        data = frame.trace_data()
        if data.w_trace is None:
            return
        if not data.line_start <= position < data.line_end:
            data.line_start, data.line_end, line = frame.code.line_range(position)
        else:
            line = data.line
        if position == data.line_start or position < data.last_position:
            data.line = line
            data.at_line = True
            try:
                self.trace_event(frame, "line", space.w_None, None)
            finally:
                data.at_line = False
        data.last_position = frame.last_instr

    def trace_event(self, frame, event, w_argument, w_global_function):
        if self.is_tracing:
            return
        data = frame.trace_data()
        w_function = w_global_function
        if w_function is None:
            w_function = data.w_trace
            if w_function is None:
                return
        self.is_tracing += 1
        try:
            try:
                w_result = call_tracer(w_function, frame, event, w_argument)
            except OperationError:
                self.settrace(None)
                data.w_trace = None
                raise
            if not space.is_none(w_result):
                data.w_trace = w_result
        finally:
            self.is_tracing -= 1

    def profile_event(self, frame, event, w_argument):
        if self.is_tracing or self.w_profilefunc is None:
            return
        self.is_tracing += 1
        try:
            try:
                call_tracer(self.w_profilefunc, frame, event, w_argument)
            except OperationError:
                self.setprofile(None)
                raise
        finally:
            self.is_tracing -= 1

    def settrace(self, w_function):
        self.w_tracefunc = w_function
        self.update_tracing()

    def setprofile(self, w_function):
        self.w_profilefunc = w_function
        self.update_tracing()


def keep(frame):
    """The frame is given to someone who may have it, and look at its `f_back`, when it does not run any more."""
    frame.kept = True
    return frame


def older_handler(frame):
    """The innermost frame that called `frame` (which may be None) and handles an exception; or None."""
    while frame is not None:
        frame = frame.f_back()
        if frame is not None and frame.handled is not None:
            break
    return frame


def call_tracer(w_function, frame, event, w_argument):
    """Call a trace or profile function, which sees the variables of the frame in ``f_locals`` and may change them.

    As long as nobody has asked for ``f_locals``, there is no dictionary that could be changed.
    """
    if frame.w_locals is not None:
        frame.fast_to_locals()
    try:
        return w_function.call_3(keep(frame), space.newstr(event), w_argument)
    except OperationError as error:
        error.record_traceback(frame, frame.last_instr)
        raise
    finally:
        frame.locals_to_fast(True)
