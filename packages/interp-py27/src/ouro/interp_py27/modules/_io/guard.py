"""One thread at a time in a stream, and never twice the same thread."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.vm.errors import runtime_error
from ouro.rlib import rthread


class Guard:
    """A lock that costs two assignments while nobody else comes.

    Threads switch only where they give up the interpreter's lock, so looking at `owner` and taking it is one step. Who
    finds it taken waits for `lock`, which is made then and is free only when it is handed over.
    """

    def __init__(self):
        self.owner = 0
        self.waiting = 0
        self.lock = None
        self.handed_over = False

    def enter(self, w_stream):
        """Take it. RuntimeError if this thread has it already, in a signal handler say."""
        identity = rthread.get_ident()
        if self.owner == identity:
            raise runtime_error("reentrant call inside %s" % space.repr_text(w_stream))
        while self.owner != 0:
            if self.lock is None:
                self.lock = rthread.allocate_lock()
                self.lock.acquire(True)
            self.waiting += 1
            self.lock.acquire(True)
            self.waiting -= 1
            self.handed_over = False
        self.owner = identity

    def leave(self):
        """Give it back."""
        self.owner = 0
        if self.waiting > 0 and not self.handed_over:
            self.handed_over = True
            self.lock.release()
