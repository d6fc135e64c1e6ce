"""``_socket.socket``.

A socket with a timeout is non-blocking for the system; calls poll for it first, as in CPython.
"""

import errno
import socket as host_socket

from ouro.interp_py27.modules._socket.addresses import address_from, integer, wrap_address
from ouro.interp_py27.modules._socket.errors import failure, problem, timed_out
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib import rpoll, rposix, rsocket, rtime

EINTR = errno.EINTR
EINPROGRESS = errno.EINPROGRESS
EISCONN = errno.EISCONN
EWOULDBLOCK = errno.EWOULDBLOCK

AF_INET = int(host_socket.AF_INET)
AF_UNIX = int(host_socket.AF_UNIX)
SOCK_STREAM = int(host_socket.SOCK_STREAM)
SOL_SOCKET = int(host_socket.SOL_SOCKET)
SO_ERROR = int(host_socket.SO_ERROR)
LONGEST_OPTION = 1024
NO_TIMEOUT = -1.0
MOST_MILLISECONDS = 2147483647.0


class DefaultTimeout:
    """The timeout of sockets to come."""

    def __init__(self):
        self.seconds = NO_TIMEOUT


default_timeout = DefaultTimeout()


class W_Socket(W_Root):
    """`timeout` in seconds: none if negative; 0.0 for a socket that never waits.

    `holders` counts the objects of the library's ``socket`` that share this one: see `library`.
    """

    _attrs_ = ("fd", "family", "kind", "protocol", "timeout", "holders", "lifeline")
    lifeline = None

    def __init__(self):
        self.fd = -1
        self.family = 0
        self.kind = 0
        self.protocol = 0
        self.timeout = NO_TIMEOUT
        self.holders = 0

    def start(self, fd, family, kind, protocol):
        self.fd = fd
        self.family = family
        self.kind = kind
        self.protocol = protocol
        self.timeout = default_timeout.seconds
        if self.timeout >= 0.0:
            self.set_blocking(False)

    def __del__(self):
        if self.fd >= 0:
            rsocket.close_quietly(self.fd)

    def release(self):
        """A holder lets go of the socket."""
        self.holders -= 1
        if self.holders == 0 and self.fd >= 0:
            rsocket.close_quietly(self.fd)
            self.fd = -1

    def set_blocking(self, blocking):
        try:
            rposix.set_blocking(self.fd, blocking)
        except OSError as error:
            raise failure(error.errno)

    def wait(self, event):
        """Before a call: wait as long as the timeout allows until it would not block."""
        if self.timeout > 0.0 and self.fd >= 0:
            try:
                if not self.ready(event, self.timeout):
                    raise timed_out()
            except OSError as error:
                raise failure(error.errno)

    def ready(self, event, seconds):
        """Whether the event comes within some seconds. Raises OSError."""
        return rpoll.poll([self.fd], [event], int(min(seconds * 1000.0 + 0.5, MOST_MILLISECONDS)))[0] != 0

    def connect(self, address):
        """0 or errno; EWOULDBLOCK when the time is over."""
        try:
            number = rsocket.connect(self.fd, address)
            if self.timeout > 0.0 and number == EINPROGRESS:
                if not self.ready(rpoll.POLLOUT, self.timeout):
                    return EWOULDBLOCK
                number = rsocket.getsockopt_int(self.fd, SOL_SOCKET, SO_ERROR)
                if number == EISCONN:
                    number = 0
            return number
        except OSError as error:
            return error.errno

    def getweakref(self):
        return self.lifeline

    def setweakref(self, lifeline):
        self.lifeline = lifeline

    def delweakref(self):
        self.lifeline = None


W_SocketUser = make_user_class(W_Socket)


def new_socket(fd, family, kind, protocol):
    w_socket = W_Socket()
    w_socket.start(fd, family, kind, protocol)
    return w_socket


# ---- making and closing


def socket_new(w_subtype, __args__):
    if w_subtype is W_Socket.w_builtin_type:
        return W_Socket()
    space.check_subtype(w_subtype, W_Socket.w_builtin_type)
    w_socket = W_SocketUser()
    space.init_user(w_socket, w_subtype)
    return w_socket


@unwrap_spec(family=int, type_=int, proto=int)
def socket_init(self, family=AF_INET, type_=SOCK_STREAM, proto=0):
    try:
        fd = rsocket.socket(family, type_, proto)
    except OSError as error:
        raise failure(error.errno)
    if self.fd >= 0:
        rsocket.close_quietly(self.fd)
    self.start(fd, family, type_, proto)


def socket_repr(self):
    return space.newstr("<socket object, fd=%d, family=%d, type=%d, protocol=%d>" % (
        self.fd, self.family, self.kind, self.protocol))


def socket_close(self):
    """close()

Close the socket.  It cannot be used after this call."""
    fd = self.fd
    if fd >= 0:
        self.fd = -1
        try:
            rposix.close(fd)
        except OSError as error:
            raise failure(error.errno)


def socket_dup(self):
    """dup() -> socket object

Return a new socket object connected to the same system resource."""
    try:
        fd = rposix.dup(self.fd)
    except OSError as error:
        raise failure(error.errno)
    return new_socket(fd, self.family, self.kind, self.protocol)


def socket_fileno(self):
    """fileno() -> integer

Return the integer file descriptor of the socket."""
    return space.newint(self.fd)


@unwrap_spec(mode=str, bufsize=int)
def socket_makefile(self, mode="r", bufsize=-1):
    """makefile([mode[, buffersize]]) -> file object

Return a regular file object corresponding to the socket.
The mode and buffersize arguments are as for the built-in open() function."""
    try:
        fd = rposix.dup(self.fd)
    except OSError as error:
        raise failure(error.errno)
    w_fdopen = space.getattr_str(space.find_builtin_module("posix"), "fdopen")
    return w_fdopen.call_3(space.newint(fd), space.newstr(mode), space.newint(bufsize))


# ---- connecting


def socket_accept(self):
    """accept() -> (socket object, address info)

Wait for an incoming connection.  Return a new socket representing the
connection, and the address of the client.  For IP sockets, the address
info is a pair (hostaddr, port)."""
    self.wait(rpoll.POLLIN)
    try:
        fd, address = rsocket.accept(self.fd)
    except OSError as error:
        raise failure(error.errno)
    w_connection = new_socket(fd, self.family, self.kind, self.protocol)
    return space.newtuple([w_connection, wrap_address(address)])


def socket_bind(self, w_address):
    """bind(address)

Bind the socket to a local address.  For IP sockets, the address is a
pair (host, port); the host must refer to the local host. For raw packet
sockets the address is a tuple (ifname, proto [,pkttype [,hatype]])"""
    address = address_from(self.family, w_address)
    try:
        rsocket.bind(self.fd, address)
    except OSError as error:
        raise failure(error.errno)


def socket_connect(self, w_address):
    """connect(address)

Connect the socket to a remote address.  For IP sockets, the address
is a pair (host, port)."""
    number = self.connect(address_from(self.family, w_address))
    if number == EWOULDBLOCK and self.timeout > 0.0:
        raise timed_out()
    if number != 0:
        if number == EINTR:
            space.check_signals()
        raise failure(number)


def socket_connect_ex(self, w_address):
    """connect_ex(address) -> errno

This is like connect(address), but returns an error code (the errno value)
instead of raising an exception when an error occurs."""
    number = self.connect(address_from(self.family, w_address))
    if number == EINTR:
        space.check_signals()
    return space.newint(number)


@unwrap_spec(backlog=int)
def socket_listen(self, backlog):
    """listen(backlog)

Enable a server to accept connections.  The backlog argument must be at
least 0 (if it is lower, it is set to 0); it specifies the number of
unaccepted connections that the system will allow before refusing new
connections."""
    try:
        rsocket.listen(self.fd, max(backlog, 0))
    except OSError as error:
        raise failure(error.errno)


def socket_getpeername(self):
    """getpeername() -> address info

Return the address of the remote endpoint.  For IP sockets, the address
info is a pair (hostaddr, port)."""
    try:
        return wrap_address(rsocket.getpeername(self.fd))
    except OSError as error:
        raise failure(error.errno)


def socket_getsockname(self):
    """getsockname() -> address info

Return the address of the local endpoint.  For IP sockets, the address
info is a pair (hostaddr, port)."""
    try:
        return wrap_address(rsocket.getsockname(self.fd))
    except OSError as error:
        raise failure(error.errno)


@unwrap_spec(how=int)
def socket_shutdown(self, how):
    """shutdown(flag)

Shut down the reading side of the socket (flag == SHUT_RD), the writing side
of the socket (flag == SHUT_WR), or both ends (flag == SHUT_RDWR)."""
    try:
        rsocket.shutdown(self.fd, how)
    except OSError as error:
        raise failure(error.errno)


# ---- receiving


def receive(w_socket, count, flags):
    w_socket.wait(rpoll.POLLIN)
    try:
        return rsocket.recv(w_socket.fd, count, flags)
    except OSError as error:
        raise failure(error.errno)


def receive_from(w_socket, count, flags):
    w_socket.wait(rpoll.POLLIN)
    try:
        return rsocket.recvfrom(w_socket.fd, count, flags)
    except OSError as error:
        raise failure(error.errno)


@unwrap_spec(count="c_int", flags="c_int")
def socket_recv(self, count, flags=0):
    """recv(buffersize[, flags]) -> data

Receive up to buffersize bytes from the socket.  For the optional flags
argument, see the Unix manual.  When no data is available, block until
at least one byte is available or until the remote end is closed.  When
the remote end is closed and all data is read, return the empty string."""
    if count < 0:
        raise value_error("negative buffersize in recv")
    return space.newstr(receive(self, count, flags))


@unwrap_spec(count="c_int", flags="c_int")
def socket_recvfrom(self, count, flags=0):
    """recvfrom(buffersize[, flags]) -> (data, address info)

Like recv(buffersize, flags) but also return the sender's address info."""
    if count < 0:
        raise value_error("negative buffersize in recvfrom")
    data, address = receive_from(self, count, flags)
    return space.newtuple([space.newstr(data), wrap_address(address)])


def target(w_buffer, nbytes, name):
    """The memory to receive into, and how much of it."""
    buffer = w_buffer.get_buffer()
    if buffer is None or buffer.readonly:
        raise type_error("%s() argument 1 must be read-write buffer, not %s" % (name, space.type_name(w_buffer)))
    if nbytes < 0:
        raise value_error("negative buffersize in " + name)
    if nbytes > buffer.length():
        raise value_error("buffer too small for requested bytes")
    return buffer, nbytes if nbytes > 0 else buffer.length()


@unwrap_spec(nbytes=int, flags=int)
def socket_recv_into(self, w_buffer, nbytes=0, flags=0):
    """recv_into(buffer, [nbytes[, flags]]) -> nbytes_read

A version of recv() that stores its data into a buffer rather than creating\x20
a new string.  Receive up to buffersize bytes from the socket.  If buffersize\x20
is not specified (or 0), receive up to the size available in the given buffer.

See recv() for documentation about the flags."""
    buffer, count = target(w_buffer, nbytes, "recv_into")
    data = receive(self, count, flags)
    buffer.store(0, data)
    return space.newint(len(data))


@unwrap_spec(nbytes=int, flags=int)
def socket_recvfrom_into(self, w_buffer, nbytes=0, flags=0):
    """recvfrom_into(buffer[, nbytes[, flags]]) -> (nbytes, address info)

Like recv_into(buffer[, nbytes[, flags]]) but also return the sender's address info."""
    buffer, count = target(w_buffer, nbytes, "recvfrom_into")
    data, address = receive_from(self, count, flags)
    buffer.store(0, data)
    return space.newtuple([space.newint(len(data)), wrap_address(address)])


# ---- sending


def data_of(w_data, name):
    if not space.has_buffer(w_data) and not space.is_text(w_data):
        raise type_error("%s() argument 1 must be string or buffer, not %s" % (name, space.type_name(w_data)))
    return space.buffer_str_w(w_data)


@unwrap_spec(flags=int)
def socket_send(self, w_data, flags=0):
    """send(data[, flags]) -> count

Send a data string to the socket.  For the optional flags
argument, see the Unix manual.  Return the number of bytes
sent; this may be less than len(data) if the network is busy."""
    data = data_of(w_data, "send")
    self.wait(rpoll.POLLOUT)
    try:
        return space.newint(rsocket.send(self.fd, data, flags))
    except OSError as error:
        raise failure(error.errno)


@unwrap_spec(flags=int)
def socket_sendall(self, w_data, flags=0):
    """sendall(data[, flags])

Send a data string to the socket.  For the optional flags
argument, see the Unix manual.  This calls send() repeatedly
until all data is sent.  If an error occurs, it's impossible
to tell how much data has been sent."""
    data = data_of(w_data, "sendall")
    end = rtime.time() + self.timeout
    while True:
        try:
            if self.timeout > 0.0:
                left = end - rtime.time()
                if left < 0.0 or not self.ready(rpoll.POLLOUT, left):
                    raise timed_out()
            count = rsocket.send(self.fd, data, flags)
        except OSError as error:
            if error.errno != EINTR:
                raise failure(error.errno)
            count = 0
        space.check_signals()
        assert count >= 0
        data = data[count:]
        if data == "":
            return


def socket_sendto(self, args_w):
    """sendto(data[, flags], address) -> count

Like send(data, flags) but allows specifying the destination address.
For IP sockets, the address is a pair (hostaddr, port)."""
    if len(args_w) != 2 and len(args_w) != 3:
        raise type_error("sendto() takes 2 or 3 arguments (%d given)" % len(args_w))
    data = data_of(args_w[0], "sendto")
    flags = integer(args_w[1]) if len(args_w) == 3 else 0
    self.wait(rpoll.POLLOUT)
    address = address_from(self.family, args_w[len(args_w) - 1])
    try:
        return space.newint(rsocket.sendto(self.fd, data, flags, address))
    except OSError as error:
        raise failure(error.errno)


# ---- options


@unwrap_spec(level=int, option=int, buflen=int)
def socket_getsockopt(self, level, option, buflen=0):
    """getsockopt(level, option[, buffersize]) -> value

Get a socket option.  See the Unix manual for level and option.
If a nonzero buffersize argument is given, the return value is a
string of that length; otherwise it is an integer."""
    try:
        if buflen == 0:
            return space.newint(rsocket.getsockopt_int(self.fd, level, option))
        if buflen < 0 or buflen > LONGEST_OPTION:
            raise problem("getsockopt buflen out of range")
        return space.newstr(rsocket.getsockopt(self.fd, level, option, buflen))
    except OSError as error:
        raise failure(error.errno)


@unwrap_spec(level=int, option=int)
def socket_setsockopt(self, level, option, w_value):
    """setsockopt(level, option, value)

Set a socket option.  See the Unix manual for level and option.
The value argument can either be an integer or a string."""
    try:
        if space.is_int(w_value) or space.is_long(w_value):
            rsocket.setsockopt_int(self.fd, level, option, space.int_w(w_value))
        elif space.has_buffer(w_value):
            rsocket.setsockopt(self.fd, level, option, space.buffer_str_w(w_value))
        else:
            name = "None" if space.is_none(w_value) else space.type_name(w_value)
            raise type_error("setsockopt() argument 3 must be string or read-only buffer, not " + name)
    except OSError as error:
        raise failure(error.errno)


def timeout_from(w_timeout):
    """Seconds of a timeout; negative for None."""
    if space.is_none(w_timeout):
        return NO_TIMEOUT
    seconds = space.float_w(w_timeout)
    if seconds < 0.0:
        raise value_error("Timeout value out of range")
    return seconds


def wrap_timeout(seconds):
    return space.w_None if seconds < 0.0 else space.newfloat(seconds)


def socket_settimeout(self, w_timeout):
    """settimeout(timeout)

Set a timeout on socket operations.  'timeout' can be a float,
giving in seconds, or None.  Setting a timeout of None disables
the timeout feature and is equivalent to setblocking(1).
Setting a timeout of zero is the same as setblocking(0)."""
    self.timeout = timeout_from(w_timeout)
    self.set_blocking(self.timeout < 0.0)


def socket_gettimeout(self):
    """gettimeout() -> timeout

Returns the timeout in seconds (float) associated with socket\x20
operations. A timeout of None indicates that timeouts on socket\x20
operations are disabled."""
    return wrap_timeout(self.timeout)


@unwrap_spec(flag=int)
def socket_setblocking(self, flag):
    """setblocking(flag)

Set the socket to blocking (flag is true) or non-blocking (false).
setblocking(True) is equivalent to settimeout(None);
setblocking(False) is equivalent to settimeout(0.0)."""
    self.timeout = NO_TIMEOUT if flag else 0.0
    self.set_blocking(flag != 0)


def get_family(self):
    return space.newint(self.family)


def get_type(self):
    return space.newint(self.kind)


def get_protocol(self):
    return space.newint(self.protocol)


def get_timeout(self):
    return space.newfloat(self.timeout)


define_type(W_Socket, "socket", {
    "__doc__": """socket([family[, type[, proto]]]) -> socket object

Open a socket of the given type.  The family argument specifies the
address family; it defaults to AF_INET.  The type argument specifies
whether this is a stream (SOCK_STREAM, this is the default)
or datagram (SOCK_DGRAM) socket.  The protocol argument defaults to 0,
specifying the default protocol.  Keyword arguments are accepted.

A socket object represents one endpoint of a network connection.

Methods of socket objects (keyword arguments not allowed):

accept() -- accept a connection, returning new socket and client address
bind(addr) -- bind the socket to a local address
close() -- close the socket
connect(addr) -- connect the socket to a remote address
connect_ex(addr) -- connect, return an error code instead of an exception
dup() -- return a new socket object identical to the current one [*]
fileno() -- return underlying file descriptor
getpeername() -- return remote address [*]
getsockname() -- return local address
getsockopt(level, optname[, buflen]) -- get socket options
gettimeout() -- return timeout or None
listen(n) -- start listening for incoming connections
makefile([mode, [bufsize]]) -- return a file object for the socket [*]
recv(buflen[, flags]) -- receive data
recv_into(buffer[, nbytes[, flags]]) -- receive data (into a buffer)
recvfrom(buflen[, flags]) -- receive data and sender's address
recvfrom_into(buffer[, nbytes, [, flags])
  -- receive data and sender's address (into a buffer)
sendall(data[, flags]) -- send all data
send(data[, flags]) -- send data, may not send all of it
sendto(data[, flags], addr) -- send data to a given address
setblocking(0 | 1) -- set or clear the blocking I/O flag
setsockopt(level, optname, value) -- set socket options
settimeout(None | float) -- set or clear the timeout
shutdown(how) -- shut down traffic in one or both directions

 [*] not available on all platforms!""",
    "__new__": socket_new,
    "__init__": socket_init,
    "__repr__": socket_repr,
    "accept": socket_accept,
    "bind": socket_bind,
    "close": socket_close,
    "connect": socket_connect,
    "connect_ex": socket_connect_ex,
    "dup": socket_dup,
    "fileno": socket_fileno,
    "getpeername": socket_getpeername,
    "getsockname": socket_getsockname,
    "getsockopt": socket_getsockopt,
    "gettimeout": socket_gettimeout,
    "listen": socket_listen,
    "makefile": socket_makefile,
    "recv": socket_recv,
    "recv_into": socket_recv_into,
    "recvfrom": socket_recvfrom,
    "recvfrom_into": socket_recvfrom_into,
    "send": socket_send,
    "sendall": socket_sendall,
    "sendto": socket_sendto,
    "setblocking": socket_setblocking,
    "setsockopt": socket_setsockopt,
    "settimeout": socket_settimeout,
    "shutdown": socket_shutdown,
    "family": GetSet(get_family, doc="the socket family"),
    "type": GetSet(get_type, doc="the socket type"),
    "proto": GetSet(get_protocol, doc="the socket protocol"),
    "timeout": GetSet(get_timeout, doc="the socket timeout"),
    "__weakref__": None,
}, module="_socket", user_class=W_SocketUser)
