"""The global lock, on the host: one thread of the program runs at a time, as in a translated program.

Without it the host would switch threads between any two bytecodes of an RPython function. There is no lock until the
first thread is started.
"""

from __future__ import annotations

import threading

__all__ = ["HOST_LOCK", "HostLock"]


class HostLock:
    """The lock and whether there is more than one thread at all.

    `switch_hook` is called, with the lock held, when the lock has come to another thread; it may be None.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._started = False
        self._last_holder = 0
        self.switch_hook = None

    def start(self):
        """From here on there are threads; the caller holds the lock."""
        if not self._started:
            self._started = True
            self._last_holder = threading.get_ident()
            self._lock.acquire()

    def acquire(self):
        """Wait for the lock."""
        if self._started:
            self._lock.acquire()
            holder = threading.get_ident()
            if holder != self._last_holder:
                self._last_holder = holder
                if self.switch_hook is not None:
                    self.switch_hook()

    def release(self):
        """Let another thread run."""
        if self._started:
            self._lock.release()


HOST_LOCK = HostLock()
