"""Handlers of signals, and when they run: in the main thread, between two instructions."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.state import actionflag
from ouro.interp_py27.vm.context import TICKER, Action, keep
from ouro.interp_py27.vm.errors import OperationError
from ouro.interp_py27.vm.threads import in_main_thread
from ouro.rlib import rsignal

NUMBER_OF_SIGNALS = 65
SIGINT = 2


class Handlers:
    """The application-level handler of each signal; None where the program does not know it."""

    _attrs_ = ("handlers_w",)

    def __init__(self):
        self.handlers_w = [None] * NUMBER_OF_SIGNALS


handlers = Handlers()


def check_signals():
    """Call the handlers of signals that came, if this is the main thread.

    For code that waits in the system and goes on after EINTR. What a handler raises is raised.
    """
    if rsignal.pending() and in_main_thread():
        run_handlers(space.get_context().running_frame())


def run_handlers(frame):
    try:
        while True:
            number = rsignal.poll()
            if number == 0:
                return
            w_handler = handlers.handlers_w[number]
            if w_handler is not None and not space.is_int(w_handler):
                w_frame = space.w_None if frame is None else keep(frame)
                w_handler.call_2(space.newint(number), w_frame)
    except OperationError:
        TICKER[0] = -1  # other signals may have come too
        raise


class SignalAction(Action):
    """Asks for signals each time the loop is interrupted."""

    def perform(self, context, frame):
        if rsignal.pending() and in_main_thread():
            run_handlers(frame)


actionflag.register_periodic(SignalAction())
