"""The threads of the program: which ExecutionContext is whose, taking turns, and what a fork leaves of them.

`state.context` always is that of the running thread: a hook assigns it whenever the global lock has come to another
thread, so that finding the context costs one load.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.state import actionflag, state
from ouro.interp_py27.vm.context import TICKER, Action, ExecutionContext
from ouro.interp_py27.vm.errors import OperationError, operror
from ouro.interp_py27.vm.import_lock import import_lock
from ouro.rlib import rsignal, rthread


class Threads:
    """The ExecutionContexts by thread identity, and who is the main thread.

    `multiple` says whether a thread was ever started.
    """

    _attrs_ = ("contexts", "main_ident", "multiple")

    def __init__(self):
        self.contexts = {}
        self.main_ident = 0
        self.multiple = False


threads = Threads()


def _thread_switched():
    ident = rthread.get_ident()
    context = threads.contexts.get(ident, None)
    if context is not None:
        state.context = context
    if ident == threads.main_ident and rsignal.pending():
        TICKER[0] = -1


_SWITCH_HOOK = rthread.switch_hook(_thread_switched)


#: Microseconds that a thread waits for its turn until it asks for it: compiled code does not count everywhere.
PATIENCE = 5000

#: The greatest check interval with which threads ask: who sets a greater one wants to be left alone.
LONGEST_INTERVAL = 1000000


def set_check_interval(interval):
    """``sys.setcheckinterval``."""
    actionflag.set_interval(interval)
    rthread.set_patience(PATIENCE if interval <= LONGEST_INTERVAL else -1)


class YieldAction(Action):
    """Lets other threads run, each check interval."""

    def perform(self, context, frame):
        if threads.multiple:
            rthread.yield_thread()


actionflag.register_periodic(YieldAction())


def start_threads():
    """At the start of the program: the calling thread is the main thread."""
    threads.main_ident = rthread.get_ident()
    threads.contexts[threads.main_ident] = state.context
    rthread.on_switch(_SWITCH_HOOK)
    rsignal.set_ticker(TICKER)
    rthread.set_patience(PATIENCE)


def in_main_thread():
    return rthread.get_ident() == threads.main_ident


def started_threads():
    """How many threads run beside the main thread."""
    return len(threads.contexts) - 1


def running_threads():
    """Pairs of a thread's identity and its ExecutionContext."""
    return threads.contexts.items()


class Call(rthread.Task):
    """A thread that calls an application function."""

    def __init__(self, w_function, arguments):
        self.w_function = w_function
        self.arguments = arguments

    def run(self):
        ident = rthread.get_ident()
        context = ExecutionContext()
        threads.contexts[ident] = context
        state.context = context
        try:
            try:
                self.w_function.call_args(self.arguments)
            except RecursionError:
                raise operror(space.w_RuntimeError, "maximum recursion depth exceeded")
            except MemoryError:
                raise OperationError(space.w_MemoryError, None)
        except OperationError as error:
            if not error.match(space.w_SystemExit):
                self.report(error)
        forget_locals(context)
        context.settrace(None)
        context.setprofile(None)
        del threads.contexts[ident]

    def report(self, error):
        try:
            where = space.repr_text(self.w_function)
        except OperationError:
            where = "an object whose repr fails"
        try:
            space.write_stderr("Unhandled exception in thread started by %s\n" % where)
            space.write_stderr(space.exception_report(error.w_type, error.get_w_value(), error.traceback))
        except OperationError:
            # Where standard error cannot be written there is nobody to tell.
            pass


def forget_locals(context):
    """The thread ends: its attributes of ``thread._local`` objects are lost."""
    for reference in context.thread_locals:
        w_local = reference()
        if w_local is not None:
            w_local.forget(context)
    context.thread_locals = []


def start_thread(w_function, arguments):
    """Call `w_function` in a new thread; the identity of the thread. Raises rthread.ThreadError."""
    threads.multiple = True
    return rthread.start_new_thread(Call(w_function, arguments))


def after_fork():
    """In the child of a fork: only the calling thread is left, and it is the main thread now."""
    ident = rthread.get_ident()
    context = state.context
    threads.contexts.clear()
    threads.contexts[ident] = context
    threads.main_ident = ident
    import_lock.after_fork()
    while rsignal.poll() != 0:
        pass
    call_library("_after_fork")


def wait_for_threads():
    """At exit: the library's ``threading`` waits for its threads that are no daemons."""
    call_library("_shutdown")


def call_library(name):
    """Call a function of ``threading``, if that was imported."""
    w_modules = space.sys_get("modules")
    if w_modules is None:
        return
    w_threading = space.finditem_str(w_modules, "threading")
    if w_threading is not None:
        try:
            space.getattr_str(w_threading, name).call_0()
        except OperationError as error:
            space.write_unraisable(error, w_threading)
