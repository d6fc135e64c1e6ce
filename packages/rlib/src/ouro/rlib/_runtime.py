"""Functions of the C run time that translated programs are linked with, and what they are on the host."""

from __future__ import annotations

import signal
import threading

from ouro.lltype import (
    Array,
    Char,
    ExternalFunction,
    FuncType,
    Library,
    Ptr,
    Signed,
    SignedLongLong,
    Void,
    cast_ptr_to_int,
    free,
    functionptr,
    malloc,
)
from ouro.rlib._host_lock import HOST_LOCK

__all__ = [
    "RUN",
    "lock_acquire",
    "lock_free",
    "lock_new",
    "lock_release",
    "memory_error_postpone",
    "memory_error_take",
    "signal_default",
    "signal_disposition",
    "signal_ignore",
    "signal_next",
    "signal_note",
    "signal_set",
    "signal_ticker",
    "signal_wakeup",
    "signals_are_pending",
    "thread_get_stack_size",
    "thread_identity",
    "thread_next_stack_size",
    "thread_on_switch",
    "thread_own_stack_size",
    "thread_patience",
    "thread_set_stack_size",
    "thread_start",
    "within_limits",
    "yield_lock",
]

_LOCK = Ptr(Array(Char, hints={"nolength": True}))
_WORD = Ptr(Array(Signed, hints={"nolength": True}))
RUN = FuncType([], Void)


def _runtime_function(name, arguments, result, host, **flags):
    TYPE = FuncType(arguments, result)
    return functionptr(TYPE, name, external=ExternalFunction(name, TYPE, Library(), host=host, **flags))


# ---- threads

_stack_size = [0]


def _host_start(run):
    HOST_LOCK.start()

    def body():
        HOST_LOCK.acquire()
        try:
            run()
        finally:
            HOST_LOCK.release()

    thread = threading.Thread(target=body, daemon=True)
    try:
        thread.start()
    except RuntimeError:
        return -1
    return thread.ident


def _host_set_stack_size(size):
    try:
        threading.stack_size(size)
    except ValueError:
        return -1
    _stack_size[0] = size
    return 0


def _host_on_switch(hook):
    HOST_LOCK.switch_hook = hook


def _host_patience(microseconds):
    HOST_LOCK.patience = int(microseconds)
    HOST_LOCK.ask = _set_tickers


thread_start = _runtime_function("ouro_thread_start", [Ptr(RUN)], Signed, _host_start)
thread_identity = _runtime_function("ouro_thread_identity", [], Signed, threading.get_ident)
thread_on_switch = _runtime_function("ouro_thread_on_switch", [Ptr(RUN)], Void, _host_on_switch)
thread_next_stack_size = _runtime_function(
    "ouro_thread_next_stack_size", [], Signed, lambda: _stack_size[0] or 8 * 1024 * 1024
)
thread_own_stack_size = _runtime_function(
    "ouro_thread_own_stack_size", [], Signed, lambda: _stack_size[0] or 8 * 1024 * 1024
)
thread_set_stack_size = _runtime_function("ouro_thread_set_stack_size", [Signed], Signed, _host_set_stack_size)
thread_get_stack_size = _runtime_function("ouro_thread_get_stack_size", [], Signed, lambda: _stack_size[0])
thread_patience = _runtime_function("ouro_thread_patience", [SignedLongLong], Void, _host_patience)
yield_lock = _runtime_function("ouro_yield_lock", [], Void, HOST_LOCK.hand_over, may_collect=True)


# ---- locks

_locks: dict[int, threading.Lock] = {}


def _host_lock_new():
    pointer = malloc(_LOCK.TO, 1, flavor="raw", zero=True)
    _locks[cast_ptr_to_int(pointer)] = threading.Lock()
    return pointer


def _host_lock_free(pointer):
    del _locks[cast_ptr_to_int(pointer)]
    free(pointer, flavor="raw")


def _host_lock_acquire(pointer, microseconds):
    lock = _locks[cast_ptr_to_int(pointer)]
    if lock.acquire(blocking=False):
        return 1
    if microseconds == 0:
        return 0
    HOST_LOCK.release()
    try:
        return int(lock.acquire(timeout=-1 if microseconds < 0 else int(microseconds) * 1e-6))
    finally:
        HOST_LOCK.acquire()


def _host_lock_release(pointer):
    try:
        _locks[cast_ptr_to_int(pointer)].release()
    except RuntimeError:
        return -1
    return 0


lock_new = _runtime_function("ouro_lock_new", [], _LOCK, _host_lock_new)
lock_free = _runtime_function("ouro_lock_free", [_LOCK], Void, _host_lock_free)
lock_acquire = _runtime_function(
    "ouro_lock_acquire", [_LOCK, SignedLongLong], Signed, _host_lock_acquire, may_collect=True
)
lock_release = _runtime_function("ouro_lock_release", [_LOCK], Signed, _host_lock_release)


# ---- signals

_came: list[int] = []
_wakeup = [-1]
_tickers = []
_DISPOSITIONS = {signal.SIG_DFL: 0, signal.SIG_IGN: 1}


def _set_tickers():
    for ticker in _tickers:
        ticker[0] = -1


def _host_handler(number, frame):
    _host_set(number)


def _host_set(number):
    if number not in _came:
        _came.append(number)
        _came.sort()
    _set_tickers()


def _host_install(handler):
    def install(number):
        try:
            signal.signal(number, handler)
        except (OSError, ValueError):
            return -1
        return 0

    return install


def _host_wakeup(descriptor):
    before = _wakeup[0]
    _wakeup[0] = descriptor
    signal.set_wakeup_fd(descriptor, warn_on_full_buffer=False)
    return before


def _host_ticker(word):
    _tickers[:] = [word]


signal_note = _runtime_function("ouro_signal_note", [Signed], Signed, _host_install(_host_handler))
signal_default = _runtime_function("ouro_signal_default", [Signed], Signed, _host_install(signal.SIG_DFL))
signal_ignore = _runtime_function("ouro_signal_ignore", [Signed], Signed, _host_install(signal.SIG_IGN))
signal_disposition = _runtime_function(
    "ouro_signal_disposition", [Signed], Signed, lambda number: _DISPOSITIONS.get(signal.getsignal(number), 2)
)
signals_are_pending = _runtime_function("ouro_signals_are_pending", [], Signed, lambda: int(bool(_came)))
signal_next = _runtime_function("ouro_signal_next", [], Signed, lambda: _came.pop(0) if _came else 0)
signal_set = _runtime_function("ouro_signal_set", [Signed], Void, _host_set)
signal_wakeup = _runtime_function("ouro_signal_wakeup", [Signed], Signed, _host_wakeup)
memory_error_postpone = _runtime_function("ouro_memory_error_postpone", [], Signed, lambda: 0)
memory_error_take = _runtime_function("ouro_memory_error_take", [], Signed, lambda: 0)
within_limits = _runtime_function("ouro_within_limits", [Signed, Signed], Signed, lambda most, share: most)
signal_ticker = _runtime_function("ouro_signal_ticker", [_WORD], Void, _host_ticker)
