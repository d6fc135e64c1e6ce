"""Requests to end, SIGTERM and SIGHUP, leave nothing half done: they are exceptions like Ctrl-C."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Terminated(KeyboardInterrupt):
    """A signal asks the process to end.

    Args:
        number: of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(f"ended by {signal.Signals(number).name}")
        self.number = number


def _terminate(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)  # the next one does not wait
    raise Terminated(number)


@contextmanager
def raised_signals() -> Iterator[None]:
    """Let the signals raise `Terminated` in the block, but for those that are ignored (`nohup`) or handled already."""
    ours = []
    if threading.current_thread() is threading.main_thread():  # only that one may handle signals
        ours = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _terminate)
    try:
        yield
    finally:
        for number in ours:
            if signal.getsignal(number) is _terminate:
                signal.signal(number, signal.SIG_DFL)
