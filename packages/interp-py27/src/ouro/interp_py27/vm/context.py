"""The state of one thread of execution, and the flag that interrupts the dispatch loop."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.vm.errors import OperationError, runtime_error
from ouro.rlib import jit


class Action:
    """Something to do between two bytecodes: run finalizers, deliver a signal, switch threads."""

    _attrs_ = ("pending", "next")

    def __init__(self):
        self.pending = False
        self.next = None

    def perform(self, context, frame):
        raise NotImplementedError


class ActionFlag:
    """`ticker` is decremented at each backward jump; below zero, actions are looked at.

    `fire` makes that happen at the next backward jump. `interval` is ``sys.getcheckinterval()``.
    """

    _attrs_ = ("ticker", "interval", "first", "periodic")

    def __init__(self):
        self.ticker = 10000
        self.interval = 10000
        self.first = None
        self.periodic = None

    def register_periodic(self, action):
        """`action` is performed each time the interval runs out."""
        action.next = self.periodic
        self.periodic = action

    def fire(self, action):
        if not action.pending:
            action.pending = True
            action.next = self.first
            self.first = action
        self.ticker = -1

    @jit.dont_look_inside
    def dispatch(self, context, frame):
        self.ticker = self.interval
        action = self.periodic
        while action is not None:
            action.perform(context, frame)
            action = action.next
        action = self.first
        self.first = None
        while action is not None:
            following = action.next
            action.next = None
            action.pending = False
            action.perform(context, frame)
            action = following


class ExecutionContext:
    """The frames of one thread, and its tracing and exception state."""

    _attrs_ = ("topframe", "depth", "w_tracefunc", "is_tracing", "w_profilefunc", "compiler_flags",
               "thread_ident", "w_thread_dict", "repr_running", "compare_depth", "tracing_possible")

    def __init__(self):
        self.topframe = None
        self.depth = 0
        self.w_tracefunc = None
        self.w_profilefunc = None
        self.is_tracing = 0
        self.compiler_flags = 0
        self.thread_ident = 0
        self.w_thread_dict = None
        self.repr_running = []
        self.compare_depth = 0
        self.tracing_possible = False

    def enter(self, frame):
        frame.f_back = self.topframe
        self.topframe = frame
        depth = self.depth + 1
        self.depth = depth
        if depth > space.state.recursion_limit:
            self.depth = depth - 1
            self.topframe = frame.f_back
            raise runtime_error("maximum recursion depth exceeded")

    def leave(self, frame):
        self.topframe = frame.f_back
        self.depth -= 1

    # ---- the exception being handled

    def current_exception(self):
        """The OperationError that an ``except`` clause of this or a calling frame handles, or None."""
        frame = self.topframe
        while frame is not None:
            if frame.handled is not None:
                return frame.handled
            frame = frame.f_back
        return None

    def clear_exception(self):
        frame = self.topframe
        while frame is not None:
            if frame.handled is not None:
                frame.handled = None
                return
            frame = frame.f_back

    # ---- tracing (sys.settrace, sys.setprofile)

    def call_trace(self, frame):
        """On entry to a frame."""
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
        w_value = error.get_w_value()
        w_info = space.newtuple([error.w_type, w_value, space.wrap_none(error.traceback)])
        self.trace_event(frame, "exception", w_info, None)

    def line_trace(self, frame, position):
        """Before an instruction: a line event if it begins a line or a jump went backwards."""
        if self.is_tracing or self.w_tracefunc is None:
            return
        data = frame.trace_data()
        if data.w_trace is None:
            return
        line = frame.code.line_of(position)
        if line != data.last_line or position < data.last_position:
            data.last_line = line
            data.last_position = position
            data.jump_target = -1
            self.trace_event(frame, "line", space.w_None, None)
        else:
            data.last_position = position

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
                w_result = w_function.call_3(frame, space.newstr(event), w_argument)
            except OperationError:
                self.settrace(None)
                data.w_trace = None
                raise
            if space.is_none(w_result):
                if w_global_function is not None:
                    data.w_trace = None
            else:
                data.w_trace = w_result
        finally:
            self.is_tracing -= 1

    def profile_event(self, frame, event, w_argument):
        if self.is_tracing or self.w_profilefunc is None:
            return
        self.is_tracing += 1
        try:
            try:
                self.w_profilefunc.call_3(frame, space.newstr(event), w_argument)
            except OperationError:
                self.setprofile(None)
                raise
        finally:
            self.is_tracing -= 1

    def settrace(self, w_function):
        self.w_tracefunc = w_function
        self.tracing_possible = self.w_tracefunc is not None or self.w_profilefunc is not None

    def setprofile(self, w_function):
        self.w_profilefunc = w_function
        self.tracing_possible = self.w_tracefunc is not None or self.w_profilefunc is not None
