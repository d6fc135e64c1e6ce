"""``signal``: handlers written in Python; `vm.signals` calls them."""

import errno
import signal as host_signal

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.support import new_exception_class
from ouro.interp_py27.vm.errors import OperationError, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.signals import NUMBER_OF_SIGNALS, SIGINT, handlers
from ouro.rlib import rposix, rsignal

EINVAL = errno.EINVAL
SIGPIPE = int(host_signal.SIGPIPE)
SIGXFSZ = int(host_signal.SIGXFSZ)

w_default = space.newint(0)
w_ignore = space.newint(1)
w_itimer_error = new_exception_class("signal.ItimerError", space.w_IOError)

NAMES = """
SIGHUP SIGINT SIGBREAK SIGQUIT SIGILL SIGTRAP SIGIOT SIGABRT SIGEMT SIGFPE SIGKILL SIGBUS SIGSEGV SIGSYS SIGPIPE SIGALRM
SIGTERM SIGUSR1 SIGUSR2 SIGCLD SIGCHLD SIGPWR SIGIO SIGURG SIGWINCH SIGPOLL SIGSTOP SIGTSTP SIGCONT SIGTTIN
SIGTTOU SIGVTALRM SIGPROF SIGXCPU SIGXFSZ SIGRTMIN SIGRTMAX SIGINFO ITIMER_REAL ITIMER_VIRTUAL ITIMER_PROF""".split()
CONSTANTS = {name: int(getattr(host_signal, name)) for name in NAMES if hasattr(host_signal, name)}


def start_signals():
    """When the program starts: SIGINT raises KeyboardInterrupt; writing to a closed pipe is an error of the call."""
    for number in range(1, NUMBER_OF_SIGNALS):
        how = rsignal.disposition(number)
        if how == rsignal.DEFAULT:
            handlers.handlers_w[number] = w_default
        elif how == rsignal.IGNORED:
            handlers.handlers_w[number] = w_ignore
    rsignal.ignore(SIGPIPE)
    rsignal.ignore(SIGXFSZ)
    handlers.handlers_w[SIGPIPE] = w_ignore
    handlers.handlers_w[SIGXFSZ] = w_ignore
    if handlers.handlers_w[SIGINT] is w_default:
        w_module = space.find_builtin_module("signal")
        handlers.handlers_w[SIGINT] = w_module.w_dict.getitem_str("default_int_handler")
        rsignal.note(SIGINT)


def check_number(number):
    if number < 1 or number >= NUMBER_OF_SIGNALS:
        raise value_error("signal number out of range")


@unwrap_spec(number=int)
def signal(number, w_action):
    """signal(sig, action) -> action

Set the action for the given signal.  The action can be SIG_DFL,
SIG_IGN, or a callable Python object.  The previous action is
returned.  See getsignal() for possible return values.

*** IMPORTANT NOTICE ***
A signal handler function is called with two arguments:
the first is the signal number, the second is the interrupted stack frame."""
    if not space.in_main_thread():
        raise value_error("signal only works in main thread")
    check_number(number)
    try:
        if is_number(w_action, 1):
            rsignal.ignore(number)
            w_action = w_ignore
        elif is_number(w_action, 0):
            rsignal.default(number)
            w_action = w_default
        elif space.is_callable(w_action):
            rsignal.note(number)
        else:
            raise type_error("signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object")
    except ValueError:
        # SIGKILL and SIGSTOP
        raise system_error(space.w_RuntimeError, EINVAL)
    w_before = handlers.handlers_w[number]
    handlers.handlers_w[number] = w_action
    return space.wrap_none(w_before)


def is_number(w_action, number):
    return space.is_int(w_action) and space.int_w(w_action) == number


def system_error(w_class, errno):
    return OperationError(w_class, space.system_error_arguments(errno, None))


@unwrap_spec(number=int)
def getsignal(number):
    """getsignal(sig) -> action

Return the current action for the given signal.  The return value can be:
SIG_IGN -- if the signal is being ignored
SIG_DFL -- if the default action for the signal is in effect
None -- if an unknown handler is in effect
anything else -- the callable Python object used as a handler"""
    check_number(number)
    return space.wrap_none(handlers.handlers_w[number])


def default_int_handler(args_w):
    """default_int_handler(...)

The default handler for SIGINT installed by Python.
It raises KeyboardInterrupt."""
    raise OperationError(space.w_KeyboardInterrupt, None)


@unwrap_spec(seconds=int)
def alarm(seconds):
    """alarm(seconds)

Arrange for SIGALRM to arrive after the given number of seconds."""
    return space.newint(rsignal.alarm(seconds))


def pause():
    """pause()

Wait until a signal arrives."""
    rsignal.pause()
    space.check_signals()


@unwrap_spec(fd=int)
def set_wakeup_fd(fd):
    """set_wakeup_fd(fd) -> fd

Sets the fd to be written to (with '\\0') when a signal
comes in.  A library can use this to wakeup select or poll.
The previous fd is returned.

The fd must be non-blocking."""
    if not space.in_main_thread():
        raise value_error("set_wakeup_fd only works in main thread")
    if fd != -1:
        try:
            rposix.fstat(fd)
        except OSError:
            raise value_error("invalid fd")
    return space.newint(rsignal.set_wakeup_fd(fd))


@unwrap_spec(number=int, flag=int)
def siginterrupt(number, flag):
    """siginterrupt(sig, flag) -> None
change system call restart behaviour: if flag is False, system calls
will be restarted when interrupted by signal sig, else system calls
will be interrupted."""
    check_number(number)
    if rsignal.siginterrupt(number, flag) < 0:
        raise system_error(space.w_RuntimeError, EINVAL)


def timer_state(seconds, interval):
    return space.newtuple([space.newfloat(seconds), space.newfloat(interval)])


@unwrap_spec(which=int, seconds=float, interval=float)
def setitimer(which, seconds, interval=0.0):
    """setitimer(which, seconds[, interval])

Sets given itimer (one of ITIMER_REAL, ITIMER_VIRTUAL
or ITIMER_PROF) to fire after value seconds and after
that every interval seconds.
The itimer can be cleared by setting seconds to zero.

Returns old values as a tuple: (delay, interval)."""
    try:
        before = rsignal.setitimer(which, seconds, interval)
    except OSError as error:
        raise system_error(w_itimer_error, error.errno)
    return timer_state(before[0], before[1])


@unwrap_spec(which=int)
def getitimer(which):
    """getitimer(which)

Returns current value of given itimer."""
    try:
        now = rsignal.getitimer(which)
    except OSError as error:
        raise system_error(w_itimer_error, error.errno)
    return timer_state(now[0], now[1])


define_module("signal", dict(
    CONSTANTS,
    signal=signal,
    getsignal=getsignal,
    default_int_handler=default_int_handler,
    alarm=alarm,
    pause=pause,
    set_wakeup_fd=set_wakeup_fd,
    siginterrupt=siginterrupt,
    setitimer=setitimer,
    getitimer=getitimer,
    ItimerError=w_itimer_error,
    SIG_DFL=w_default,
    SIG_IGN=w_ignore,
    NSIG=NUMBER_OF_SIGNALS,
), doc="""This module provides mechanisms to use signal handlers in Python.

Functions:

alarm() -- cause SIGALRM after a specified time [Unix only]
setitimer() -- cause a signal (described below) after a specified
               float time and the timer may restart then [Unix only]
getitimer() -- get current value of timer [Unix only]
signal() -- set the action for a given signal
getsignal() -- get the signal action for a given signal
pause() -- wait until a signal arrives [Unix only]
default_int_handler() -- default SIGINT handler

signal constants:
SIG_DFL -- used to refer to the system default handler
SIG_IGN -- used to ignore the signal
NSIG -- number of defined signals
SIGINT, SIGTERM, etc. -- signal numbers

itimer constants:
ITIMER_REAL -- decrements in real time, and delivers SIGALRM upon
               expiration
ITIMER_VIRTUAL -- decrements only when the process is executing,
               and delivers SIGVTALRM upon expiration
ITIMER_PROF -- decrements both when the process is executing and
               when the system is executing on behalf of the process.
               Coupled with ITIMER_VIRTUAL, this timer is usually
               used to profile the time spent by the application
               in user and kernel space. SIGPROF is delivered upon
               expiration.


*** IMPORTANT NOTICE ***
A signal handler function is called with two arguments:
the first is the signal number, the second is the interrupted stack frame.""")
