"""Run-time state of the interpreter as a whole."""

from ouro.interp_py27.vm.context import ActionFlag, ExecutionContext


class State:
    """What there is once. `context` is that of the running thread: switching threads assigns it."""

    _attrs_ = ("context", "recursion_limit", "w_builtin_module", "w_sys_module", "main_context",
               "bytes_warning", "py3k_warning")

    def __init__(self):
        self.context = ExecutionContext()
        self.main_context = self.context
        self.recursion_limit = 1000
        self.w_builtin_module = None
        self.w_sys_module = None
        self.bytes_warning = False
        self.py3k_warning = False


state = State()
actionflag = ActionFlag()


def get_context():
    """The ExecutionContext of the running thread."""
    return state.context
