"""Run-time state of the interpreter as a whole."""

from ouro.interp_py27.vm.context import ActionFlag, ExecutionContext


class State:
    """What there is once. `context` is that of the running thread: switching threads assigns it."""

    _attrs_ = ("context", "recursion_limit", "w_builtin_module", "w_sys_module", "main_context",
               "bytes_warning", "py3k_warning", "traced_threads", "tracing_possible")
    _immutable_fields_ = ["recursion_limit?", "w_builtin_module?", "tracing_possible?"]

    def __init__(self):
        self.context = ExecutionContext()
        self.main_context = self.context
        self.recursion_limit = 1000
        self.w_builtin_module = None
        self.w_sys_module = None
        self.bytes_warning = False
        self.py3k_warning = False
        self.traced_threads = 0
        self.tracing_possible = False

    def count_traced_threads(self, change):
        """So many more threads have a trace or profile function now."""
        self.traced_threads += change
        possible = self.traced_threads > 0
        if possible != self.tracing_possible:
            self.tracing_possible = possible


state = State()
actionflag = ActionFlag()


def get_context():
    """The ExecutionContext of the running thread."""
    return state.context
