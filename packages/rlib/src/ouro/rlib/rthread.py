"""OS threads under a global lock, locks, and storage of each thread.

One thread of the program runs at a time. The lock is given up around external functions that block, and by
`yield_thread`. On the host the same holds, by a lock of our own.
"""

from __future__ import annotations

from ouro.lltype import functionptr
from ouro.rlib import _runtime, rgc
from ouro.rlib.objectmodel import dont_inline
from ouro.rlib.rarithmetic import r_longlong

__all__ = [
    "Lock",
    "ThreadError",
    "ThreadLocals",
    "allocate_lock",
    "get_ident",
    "get_stacksize",
    "on_switch",
    "set_patience",
    "set_stacksize",
    "start_new_thread",
    "switch_hook",
    "yield_thread",
]


class ThreadError(Exception):
    """A thread could not be started, or a lock was misused."""

    def __init__(self, message):
        self.message = message


# ---- threads


class Task:
    """What a thread is to do: override `run`."""

    def run(self):
        """The body of the thread. Exceptions must not leave it."""
        raise NotImplementedError


class _Waiting:
    """The tasks of threads that have been started and did not take them yet."""

    def __init__(self):
        self.tasks = []


_waiting = _Waiting()


# A call of optimised code may keep more references on the shadow stack than it takes words of its own stack; memory
# that is never touched costs nothing.
_STACK_BYTES_FOR_A_SLOT = 4


def _slots(stack_size):
    return stack_size // _STACK_BYTES_FOR_A_SLOT


@dont_inline
def _run_next_task():
    task = _waiting.tasks.pop(0)
    task.run()


def _run_thread():
    # nothing here may be a reference to an object: the thread has its own roots only after `thread_start`
    rgc.thread_start(_slots(_runtime.thread_own_stack_size()))
    _run_next_task()
    rgc.thread_die()


_RUN_THREAD = functionptr(_runtime.RUN, "run_thread", callable=_run_thread)


def start_new_thread(task):
    """Run a `Task` in a new thread; returns the thread's identity. Raises ThreadError."""
    _waiting.tasks.append(task)
    slots = _slots(_runtime.thread_next_stack_size())
    if not rgc.thread_prepare(slots):
        _waiting.tasks.pop()
        raise ThreadError("can't start new thread")
    identity = _runtime.thread_start(_RUN_THREAD)
    if identity == -1:
        rgc.thread_forget(slots)
        _waiting.tasks.pop()
        raise ThreadError("can't start new thread")
    return identity


def get_ident():
    """The identity of this thread."""
    return _runtime.thread_identity()


def get_stacksize():
    """The size of the stack of threads to come; 0 for the system's choice."""
    return _runtime.thread_get_stack_size()


def set_stacksize(size):
    """Set the size of the stack of threads to come. Raises ThreadError if the system does not want that."""
    if _runtime.thread_set_stack_size(size) != 0:
        raise ThreadError("size not valid")


def switch_hook(function):
    """What `on_switch` takes: the function, without arguments and result, as C sees it. For module level."""
    return functionptr(_runtime.RUN, function.__name__, callable=function)


def on_switch(hook):
    """Call this `switch_hook` whenever another thread has got the global lock, in that thread.

    It is called before the first `run` of a thread's task too. Exceptions must not leave it, and it must not give the
    lock up.
    """
    _runtime.thread_on_switch(hook)


def set_patience(microseconds):
    """How long a thread waits for the global lock until it sets the word of `rsignal.set_ticker`; negative for ever.

    An interpreter that sees the word answers with `yield_thread`: others have their turn also where it counts nothing.
    """
    _runtime.thread_patience(r_longlong(microseconds))


def yield_thread():
    """Let other threads run."""
    _runtime.yield_lock()


# ---- locks


def allocate_lock():
    """A new lock. Raises ThreadError."""
    return Lock(_runtime.lock_new())


class Lock:
    """A lock that any thread may release."""

    def __init__(self, raw):
        if not raw:
            raise ThreadError("out of resources")
        self._raw = raw

    def acquire(self, wait=True):
        """Take the lock; without `wait`, only if it is free. Whether it was taken."""
        return _runtime.lock_acquire(self._raw, r_longlong(-1 if wait else 0)) == 1

    def acquire_timed(self, microseconds):
        """Take the lock, waiting for some time at most (for ever if negative). 1: taken; 0: not; 2: a signal came."""
        return _runtime.lock_acquire(self._raw, r_longlong(microseconds))

    def release(self):
        """Release the lock. Raises ThreadError if it is not taken."""
        if _runtime.lock_release(self._raw) != 0:
            raise ThreadError("release unlocked lock")

    def __enter__(self):
        self.acquire(True)

    def __exit__(self, *exception):
        self.release()

    def __del__(self):
        _runtime.lock_free(self._raw)


# ---- storage of each thread


class ThreadLocals:
    """One object for each thread, found by the thread's identity.

    The latest thread is remembered, so that a program with one thread pays one comparison.
    """

    def __init__(self):
        self._by_thread = {}
        self._last_ident = 0
        self._last_value = None

    def get(self):
        """The object of this thread, or None."""
        ident = get_ident()
        if ident == self._last_ident:
            return self._last_value
        value = self._by_thread.get(ident, None)
        if value is not None:
            self._last_ident = ident
            self._last_value = value
        return value

    def set(self, value):
        """Set the object of this thread; None forgets it."""
        ident = get_ident()
        if value is None:
            if ident in self._by_thread:
                del self._by_thread[ident]
            self._last_ident = 0
            self._last_value = None
        else:
            self._by_thread[ident] = value
            self._last_ident = ident
            self._last_value = value

    def values(self):
        """The objects of all threads."""
        return list(self._by_thread.values())
