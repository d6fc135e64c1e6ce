"""The global lock, on the host: one thread of the program runs at a time, as in a translated program.

Without it the host would switch threads between any two bytecodes of an RPython function. There is no lock until the
first thread is started.
"""

from __future__ import annotations

import threading
import time

__all__ = ["HOST_LOCK", "HostLock"]


class HostLock:
    """The lock and whether there is more than one thread at all.

    `switch_hook` is called, with the lock held, when the lock has come to another thread; it may be None. `ask` is
    called by a thread that has waited for `patience` microseconds, unless these are negative.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._started = False
        self._last_holder = 0
        self._waiting = 0
        self._handovers = 0
        self.switch_hook = None
        self.patience = -1
        self.ask = None

    def start(self):
        """From here on there are threads; the caller holds the lock."""
        if not self._started:
            self._started = True
            self._last_holder = threading.get_ident()
            self._lock.acquire()

    def acquire(self):
        """Wait for the lock."""
        if self._started:
            if not self._lock.acquire(blocking=False):
                self._waiting += 1
                while not self._lock.acquire(timeout=self.patience / 1e6 if self.patience >= 0 else -1):
                    self.ask()
                self._waiting -= 1
            self._handovers += 1
            holder = threading.get_ident()
            if holder != self._last_holder:
                self._last_holder = holder
                if self.switch_hook is not None:
                    self.switch_hook()

    def release(self):
        """Let another thread run."""
        if self._started:
            self._lock.release()

    def hand_over(self):
        """Let another thread run, for certain if one waits: the host's locks are not fair."""
        if self._waiting:
            before = self._handovers
            self.release()
            while self._handovers == before and self._waiting:
                time.sleep(0.0001)
            self.acquire()


HOST_LOCK = HostLock()
