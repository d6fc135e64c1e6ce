"""``select``: waiting for file descriptors with ``select``, ``poll`` and Linux's ``epoll``."""

import errno
import select as host_select

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.support import new_exception_class
from ouro.interp_py27.vm.errors import (
    OperationError,
    key_error,
    overflow_error,
    runtime_error,
    type_error,
    value_error,
)
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import GetSet, class_method, define_type
from ouro.rlib import repoll, rpoll, rposix, rsocket
from ouro.rlib.rarithmetic import intmask

EINVAL = errno.EINVAL
ENOENT = errno.ENOENT
EBADF = errno.EBADF
DESCRIPTORS = 1024  # that C's select() can wait for
LARGEST_SHORT = 2 ** 16 - 1
LARGEST_INT = 2 ** 31 - 1
LONGEST = float(2 ** 63)
DEFAULT_EVENTS = rpoll.POLLIN | rpoll.POLLPRI | rpoll.POLLOUT
MOST_EVENTS = DESCRIPTORS - 1

w_select_error = new_exception_class("select.error", space.w_Exception)


def failure(number):
    return OperationError(w_select_error, space.system_error_arguments(number, None))


# ---- select


class Asked:
    """One of the three lists: the objects and their descriptors."""

    def __init__(self, w_list):
        if not is_sequence(w_list):
            raise type_error("arguments 1-3 must be sequences")
        self.objects_w = []
        self.fds = []
        # A list is read in place: its objects may change it when they are asked for their descriptors.
        if space.is_list(w_list) or space.is_tuple(w_list):
            position = 0
            while position < space.len_w(w_list):
                self.add(space.getitem(w_list, space.newint(position)))
                position += 1
        else:
            for w_obj in space.unpack_list(w_list):
                self.add(w_obj)

    def add(self, w_obj):
        fd = space.descriptor_w(w_obj)
        if fd >= DESCRIPTORS:
            raise value_error("filedescriptor out of range in select()")
        self.objects_w.append(w_obj)
        self.fds.append(fd)

    def chosen(self, ready):
        """The objects whose descriptors are among the ready ones, as a list."""
        table = {}
        for fd in ready:
            table[fd] = True
        result_w = []
        for i in range(len(self.fds)):
            if self.fds[i] in table:
                result_w.append(self.objects_w[i])
        return space.newlist(result_w)


def is_sequence(w_obj):
    return space.lookup(w_obj, "__getitem__") is not None and not space.is_dict(w_obj)


def select(w_readers, w_writers, w_exceptional, w_timeout=None):
    """select(rlist, wlist, xlist[, timeout]) -> (rlist, wlist, xlist)

Wait until one or more file descriptors are ready for some kind of I/O.
The first three arguments are sequences of file descriptors to be waited for:
rlist -- wait until ready for reading
wlist -- wait until ready for writing
xlist -- wait for an ``exceptional condition''
If only one kind of condition is required, pass [] for the other lists.
A file descriptor is either a socket or file object, or a small integer
gotten from a fileno() method call on one of those.

The optional 4th argument specifies a timeout in seconds; it may be
a floating point number to specify fractions of seconds.  If it is absent
or None, the call will never time out.

The return value is a tuple of three lists corresponding to the first three
arguments; each contains the subset of the corresponding file descriptors
that are ready.

*** IMPORTANT NOTICE ***
On Windows and OpenVMS, only sockets are supported; on Unix, all file
descriptors can be used."""
    seconds = -1.0
    if w_timeout is not None and not space.is_none(w_timeout):
        if not is_number(w_timeout):
            raise type_error("timeout must be a float or None")
        seconds = space.float_w(w_timeout)
        if seconds >= LONGEST:
            raise overflow_error("timeout period too long")
        if not seconds >= 0.0:
            raise failure(EINVAL)
    readers = Asked(w_readers)
    writers = Asked(w_writers)
    exceptional = Asked(w_exceptional)
    try:
        read, written, excepted = rpoll.select(readers.fds, writers.fds, exceptional.fds, seconds)
    except OSError as error:
        raise failure(error.errno)
    return space.newtuple([readers.chosen(read), writers.chosen(written), exceptional.chosen(excepted)])


def is_number(w_obj):
    return space.is_int(w_obj) or space.is_long(w_obj) or space.is_float(w_obj) or (
        space.lookup(w_obj, "__float__") is not None)


# ---- poll


class W_Poll(W_Root):
    """The events that each descriptor is asked for."""

    _attrs_ = ("events", "running")

    def __init__(self):
        self.events = {}
        self.running = False


def poll():
    """Returns a polling object, which supports registering and
unregistering file descriptors, and then polling them for I/O events."""
    return W_Poll()


def event_mask(w_mask):
    """The events of `poll`: an unsigned short."""
    if not space.is_int(w_mask) and not space.is_long(w_mask):
        raise type_error("an integer is required")
    big = space.bigint_w(w_mask)
    if big.sign < 0:
        raise overflow_error("can't convert negative value to unsigned long")
    if big.bit_length() > 64:
        raise overflow_error("long int too large to convert")
    if big.bit_length() > 16:
        raise overflow_error("Python int too large for C unsigned short")
    return big.toint()


def poll_register(self, w_fd, w_mask=None):
    """register(fd [, eventmask] ) -> None

Register a file descriptor with the polling object.
fd -- either an integer, or an object with a fileno() method returning an
      int.
events -- an optional bitmask describing the type of events to check for"""
    fd = space.descriptor_w(w_fd)
    self.events[fd] = DEFAULT_EVENTS if w_mask is None else event_mask(w_mask)


def poll_modify(self, w_fd, w_mask):
    """modify(fd, eventmask) -> None

Modify an already registered file descriptor.
fd -- either an integer, or an object with a fileno() method returning an
      int.
events -- an optional bitmask describing the type of events to check for"""
    fd = space.descriptor_w(w_fd)
    mask = event_mask(w_mask)
    if fd not in self.events:
        raise space.ioerror(ENOENT)
    self.events[fd] = mask


def poll_unregister(self, w_fd):
    """unregister(fd) -> None

Remove a file descriptor being tracked by the polling object."""
    fd = space.descriptor_w(w_fd)
    if fd not in self.events:
        raise key_error(space.newint(fd))
    del self.events[fd]


def poll_milliseconds(w_timeout):
    if w_timeout is None or space.is_none(w_timeout):
        return -1
    if not is_number(w_timeout):
        raise type_error("timeout must be an integer or None")
    milliseconds = int(space.float_w(w_timeout)) if space.is_float(w_timeout) else space.int_w(w_timeout)
    if milliseconds > LARGEST_INT:
        raise overflow_error("Python int too large to convert to C int")
    if milliseconds < -LARGEST_INT - 1:
        raise overflow_error("Python int too small to convert to C int")
    return milliseconds


def poll_poll(self, w_timeout=None):
    """poll( [timeout] ) -> list of (fd, event) 2-tuples

Polls the set of registered file descriptors, returning a list containing
any descriptors that have events or errors to report."""
    milliseconds = poll_milliseconds(w_timeout)
    if self.running:
        raise runtime_error("concurrent poll() invocation")
    fds = []
    events = []
    for fd, mask in self.events.items():
        fds.append(fd)
        events.append(mask)
    self.running = True
    try:
        came = rpoll.poll(fds, events, milliseconds)
    except OSError as error:
        raise failure(error.errno)
    finally:
        self.running = False
    result_w = []
    for i in range(len(fds)):
        if came[i] != 0:
            result_w.append(space.newtuple([space.newint(fds[i]), space.newint(came[i] & LARGEST_SHORT)]))
    return space.newlist(result_w)


define_type(W_Poll, "poll", {
    "register": poll_register,
    "modify": poll_modify,
    "unregister": poll_unregister,
    "poll": poll_poll,
}, module="select", acceptable_as_base=False)


# ---- epoll


class W_Epoll(W_Root):
    """A descriptor of ``epoll``; -1 when it is closed."""

    _attrs_ = ("fd",)

    def __init__(self, fd):
        self.fd = fd

    def __del__(self):
        if self.fd >= 0:
            rsocket.close_quietly(self.fd)

    def opened(self):
        """The descriptor."""
        if self.fd < 0:
            raise value_error("I/O operation on closed epoll fd")
        return self.fd


@unwrap_spec(sizehint=int)
def epoll_new(w_subtype, sizehint=-1):
    if sizehint < -1 or sizehint == 0:
        raise value_error("sizehint must be greater zero, got %d" % sizehint)
    try:
        return W_Epoll(repoll.create())
    except OSError as error:
        raise space.ioerror(error.errno)


@unwrap_spec(fd=int)
def epoll_fromfd(w_class, fd):
    """fromfd(fd) -> epoll

Create an epoll object from a given control fd."""
    return W_Epoll(fd)


def epoll_close(self):
    """close() -> None

Close the epoll control file descriptor. Further operations on the epoll
object will raise an exception."""
    fd = self.fd
    if fd >= 0:
        self.fd = -1
        try:
            rposix.close(fd)
        except OSError as error:
            raise space.ioerror(error.errno)


def epoll_fileno(self):
    """fileno() -> int

Return the epoll control file descriptor."""
    return space.newint(self.opened())


def epoll_closed(self):
    return space.newbool(self.fd < 0)


def epoll_control(w_epoll, operation, w_fd, events):
    epoll = w_epoll.opened()
    fd = space.descriptor_w(w_fd)
    try:
        repoll.control(epoll, operation, fd, events)
    except OSError as error:
        # a descriptor that was closed is forgotten by itself
        if operation != repoll.DELETE or error.errno != EBADF:
            raise space.ioerror(error.errno)


def epoll_mask(w_events):
    """Any integer, as its lowest 32 bits."""
    if not space.is_int(w_events) and not space.is_long(w_events):
        raise type_error("an integer is required")
    return intmask(space.bigint_w(w_events).uintmask()) & 0xFFFFFFFF


def epoll_register(self, w_fd, w_events=None):
    """register(fd[, eventmask]) -> None

Registers a new fd or raises an IOError if the fd is already registered.
fd is the target file descriptor of the operation.
events is a bit set composed of the various EPOLL constants; the default
is EPOLL_IN | EPOLL_OUT | EPOLL_PRI.

The epoll interface supports all file descriptors that support poll."""
    epoll_control(self, repoll.ADD, w_fd, DEFAULT_EVENTS if w_events is None else epoll_mask(w_events))


def epoll_modify(self, w_fd, w_events):
    """modify(fd, eventmask) -> None

fd is the target file descriptor of the operation
events is a bit set composed of the various EPOLL constants"""
    epoll_control(self, repoll.MODIFY, w_fd, epoll_mask(w_events))


def epoll_unregister(self, w_fd):
    """unregister(fd) -> None

fd is the target file descriptor of the operation."""
    epoll_control(self, repoll.DELETE, w_fd, 0)


@unwrap_spec(timeout=float, maxevents=int)
def epoll_poll(self, timeout=-1.0, maxevents=-1):
    """poll([timeout=-1[, maxevents=-1]]) -> [(fd, events), (...)]

Wait for events on the epoll file descriptor for a maximum time of timeout
in seconds (as float). -1 makes poll wait indefinitely.
Up to maxevents are returned to the caller."""
    epoll = self.opened()
    milliseconds = -1
    if timeout >= 0.0:
        if timeout * 1000.0 > float(LARGEST_INT):
            raise overflow_error("timeout is too large")
        milliseconds = int(timeout * 1000.0)
    if maxevents == -1:
        maxevents = MOST_EVENTS
    elif maxevents < 1:
        raise value_error("maxevents must be greater than 0, got %d" % maxevents)
    try:
        came = repoll.wait(epoll, maxevents, milliseconds)
    except OSError as error:
        raise space.ioerror(error.errno)
    return space.newlist([
        space.newtuple([space.newint(fd), space.newint(events)]) for fd, events in came])


define_type(W_Epoll, "epoll", {
    "__doc__": """select.epoll([sizehint=-1])

Returns an epolling object

sizehint must be a positive integer or -1 for the default size. The
sizehint is used to optimize internal data structures. It doesn't limit
the maximum number of monitored events.""",
    "__new__": epoll_new,
    "fromfd": class_method(epoll_fromfd),
    "close": epoll_close,
    "closed": GetSet(epoll_closed, doc="True if the epoll handler is closed"),
    "fileno": epoll_fileno,
    "register": epoll_register,
    "modify": epoll_modify,
    "unregister": epoll_unregister,
    "poll": epoll_poll,
}, module="select", acceptable_as_base=False)


NAMES = """
EPOLLERR EPOLLET EPOLLHUP EPOLLIN EPOLLMSG EPOLLONESHOT EPOLLOUT EPOLLPRI EPOLLRDBAND EPOLLRDNORM EPOLLWRBAND
EPOLLWRNORM PIPE_BUF POLLERR POLLHUP POLLIN POLLMSG POLLNVAL POLLOUT POLLPRI POLLRDBAND POLLRDNORM POLLWRBAND
POLLWRNORM
""".split()
CONSTANTS = {name: int(getattr(host_select, name)) for name in NAMES if hasattr(host_select, name)}

define_module("select", dict(
    CONSTANTS, select=select, poll=poll, epoll=W_Epoll, error=w_select_error,
), doc="""This module supports asynchronous I/O on multiple file descriptors.

*** IMPORTANT NOTICE ***
On Windows and OpenVMS, only sockets are supported; on Unix, all file descriptors.""")
