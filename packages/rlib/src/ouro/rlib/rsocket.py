"""Sockets: the system's calls on file descriptors, addresses as objects, and names of hosts and services.

Failing calls raise OSError; `getaddrinfo` and `getnameinfo` raise AddressInfoError, host look-ups HostError. Calls wait
in the system while other threads run; timeouts are for the caller, with `rpoll`.
"""

from __future__ import annotations

import errno
import socket as host_socket

from ouro.lltype import free, malloc
from ouro.rlib._socket_calls import ADDRESS_SIZE, RECORD_HEADER, libc
from ouro.rlib._system_errors import last_error, system_error
from ouro.rlib.rarithmetic import intmask, r_uint
from ouro.rlib.rffi import (
    CCHARP,
    CCHARPP,
    INTP,
    LONGP,
    UINTP,
    charp2str,
    charpsize2str,
    get_saved_errno,
    scoped_alloc_buffer,
    scoped_str2charp,
    str2charp,
)

__all__ = [
    "Address",
    "AddressInfo",
    "AddressInfoError",
    "HostError",
    "HostInfo",
    "Inet6Address",
    "InetAddress",
    "NetlinkAddress",
    "OtherAddress",
    "UnixAddress",
    "accept",
    "bind",
    "close",
    "close_quietly",
    "connect",
    "getaddrinfo",
    "gethostbyaddr",
    "gethostbyname",
    "gethostname",
    "getnameinfo",
    "getpeername",
    "getprotobyname",
    "getservbyname",
    "getservbyport",
    "getsockname",
    "getsockopt",
    "getsockopt_int",
    "inet_aton",
    "inet_ntop",
    "inet_pton",
    "listen",
    "recv",
    "recvfrom",
    "send",
    "sendto",
    "setsockopt",
    "setsockopt_int",
    "shutdown",
    "socket",
    "socketpair",
]

AF_INET = int(host_socket.AF_INET)
AF_INET6 = int(host_socket.AF_INET6)
AF_UNIX = int(host_socket.AF_UNIX)
AF_NETLINK = int(getattr(host_socket, "AF_NETLINK", -1))

_ADDRESS_TEXT = 64
_HOST_TEXT = 1025
_SERVICE_TEXT = 32


class AddressInfoError(Exception):
    """What getaddrinfo and getnameinfo fail with."""

    def __init__(self, number):
        self.number = number

    def message(self):
        """The system's text."""
        return charp2str(libc.gai_strerror(self.number))


class HostError(Exception):
    """A host was not found."""

    def __init__(self, number):
        self.number = number

    def message(self):
        """The system's text."""
        return charp2str(libc.hstrerror(self.number))


# ---- addresses


class Address:
    """The address of a socket; a class for each family."""

    def write(self, raw):
        """Put the structure into raw memory; returns its size, or -1 if the address does not fit."""
        raise NotImplementedError


class InetAddress(Address):
    """`ip`: four characters; the port as a number."""

    def __init__(self, ip, port):
        self.ip = ip
        self.port = port

    def write(self, raw):
        with scoped_str2charp(self.ip) as ip:
            return libc.ouro_inet_address(raw, ip, self.port)


class Inet6Address(Address):
    """`ip`: sixteen characters."""

    def __init__(self, ip, port, flow, scope):
        self.ip = ip
        self.port = port
        self.flow = flow
        self.scope = scope

    def write(self, raw):
        with scoped_str2charp(self.ip) as ip:
            return libc.ouro_inet6_address(raw, ip, self.port, self.flow, self.scope)


class UnixAddress(Address):
    """A path, or on Linux a name that begins with NUL."""

    def __init__(self, path):
        self.path = path

    def write(self, raw):
        with scoped_str2charp(self.path) as path:
            return libc.ouro_unix_address(raw, path, len(self.path))


class NetlinkAddress(Address):
    """A process and the groups of messages it listens to."""

    def __init__(self, process, groups):
        self.process = process
        self.groups = groups

    def write(self, raw):
        return libc.ouro_netlink_address(raw, self.process, self.groups)


class OtherAddress(Address):
    """An address of a family that is not known here: its number and the bytes behind it."""

    def __init__(self, family, data):
        self.family = family
        self.data = data

    def write(self, raw):
        return -1


def _read_address(raw, size):
    """The address in raw memory; None for one of size 0, as sockets without an address have it."""
    if size == 0:
        return None
    family = libc.ouro_address_family(raw)
    if family == AF_INET:
        with scoped_alloc_buffer(4) as ip:
            port = libc.ouro_inet_parts(raw, ip.raw)
            return InetAddress(ip.str(4), port)
    if family == AF_INET6:
        parts = malloc(UINTP.TO, 2, flavor="raw", zero=True)
        try:
            with scoped_alloc_buffer(16) as ip:
                port = libc.ouro_inet6_parts(raw, ip.raw, parts)
                return Inet6Address(ip.str(16), port, intmask(parts[0]), intmask(parts[1]))
        finally:
            free(parts, flavor="raw")
    if family == AF_UNIX:
        with scoped_alloc_buffer(ADDRESS_SIZE) as path:
            return UnixAddress(path.str(libc.ouro_unix_path(raw, size, path.raw)))
    if family == AF_NETLINK:
        parts = malloc(UINTP.TO, 2, flavor="raw", zero=True)
        try:
            libc.ouro_netlink_parts(raw, parts)
            return NetlinkAddress(intmask(parts[0]), intmask(parts[1]))
        finally:
            free(parts, flavor="raw")
    return OtherAddress(family, charpsize2str(raw, size)[2:])


class _RawAddress:
    """Raw memory for an address that a call fills in, and its size."""

    def __init__(self):
        self.raw = malloc(CCHARP.TO, ADDRESS_SIZE, flavor="raw", zero=True)
        self.size = malloc(UINTP.TO, 1, flavor="raw", zero=True)
        self.size[0] = ADDRESS_SIZE

    def read(self):
        """The address as an object, or None."""
        return _read_address(self.raw, min(intmask(self.size[0]), ADDRESS_SIZE))

    def free(self):
        """Give the memory back."""
        free(self.size, flavor="raw")
        free(self.raw, flavor="raw")


def _with_address(address, raw):
    size = address.write(raw)
    if size < 0:
        raise system_error(_ENAMETOOLONG)
    return size


_ENAMETOOLONG = errno.ENAMETOOLONG


# ---- sockets


def socket(family, kind, protocol):
    """A new socket: its file descriptor."""
    fd = libc.socket(family, kind, protocol)
    if fd < 0:
        raise last_error()
    return fd


def socketpair(family, kind, protocol):
    """Two connected sockets."""
    fds = malloc(INTP.TO, 2, flavor="raw", zero=True)
    try:
        if libc.socketpair(family, kind, protocol, fds) < 0:
            raise last_error()
        return int(fds[0]), int(fds[1])
    finally:
        free(fds, flavor="raw")


def close(fd):
    """Close the descriptor."""
    if libc.ouro_close_socket(fd) < 0:
        raise last_error()


def close_quietly(fd):
    """Close the descriptor; for finalizers."""
    libc.ouro_close_socket(fd)


def bind(fd, address):
    """Give the socket an address."""
    with scoped_alloc_buffer(ADDRESS_SIZE) as raw:
        if libc.ouro_bind(fd, raw.raw, _with_address(address, raw.raw)) < 0:
            raise last_error()


def connect(fd, address):
    """Connect; returns 0 or errno."""
    with scoped_alloc_buffer(ADDRESS_SIZE) as raw:
        if libc.ouro_connect(fd, raw.raw, _with_address(address, raw.raw)) < 0:
            return get_saved_errno()
        return 0


def listen(fd, backlog):
    """Accept connections from now on."""
    if libc.listen(fd, backlog) < 0:
        raise last_error()


def accept(fd):
    """`(descriptor, address)` of a connection."""
    address = _RawAddress()
    try:
        connection = libc.ouro_accept(fd, address.raw, address.size)
        if connection < 0:
            raise last_error()
        return connection, address.read()
    finally:
        address.free()


def getsockname(fd):
    """The address of this end, or None."""
    address = _RawAddress()
    try:
        if libc.ouro_getsockname(fd, address.raw, address.size) < 0:
            raise last_error()
        return address.read()
    finally:
        address.free()


def getpeername(fd):
    """The address of the other end, or None."""
    address = _RawAddress()
    try:
        if libc.ouro_getpeername(fd, address.raw, address.size) < 0:
            raise last_error()
        return address.read()
    finally:
        address.free()


def shutdown(fd, how):
    """Close one direction or both."""
    if libc.shutdown(fd, how) < 0:
        raise last_error()


def recv(fd, count, flags):
    """At most `count` characters."""
    with scoped_alloc_buffer(max(count, 1)) as buffer:
        length = libc.recv(fd, buffer.raw, r_uint(count), flags)
        if length < 0:
            raise last_error()
        return buffer.str(length)


def recvfrom(fd, count, flags):
    """At most `count` characters, and the address they come from, or None."""
    address = _RawAddress()
    try:
        with scoped_alloc_buffer(max(count, 1)) as buffer:
            length = libc.ouro_recvfrom(fd, buffer.raw, r_uint(count), flags, address.raw, address.size)
            if length < 0:
                raise last_error()
            return buffer.str(length), address.read()
    finally:
        address.free()


def send(fd, data, flags):
    """Send some of the data; how much."""
    with scoped_str2charp(data) as raw:
        count = libc.send(fd, raw, r_uint(len(data)), flags)
    if count < 0:
        raise last_error()
    return count


def sendto(fd, data, flags, address):
    """Send to an address; how much was sent."""
    with scoped_alloc_buffer(ADDRESS_SIZE) as raw_address:
        size = _with_address(address, raw_address.raw)
        with scoped_str2charp(data) as raw:
            count = libc.ouro_sendto(fd, raw, r_uint(len(data)), flags, raw_address.raw, size)
    if count < 0:
        raise last_error()
    return count


def setsockopt(fd, level, option, value):
    """Set an option to some bytes."""
    with scoped_str2charp(value) as raw:
        if libc.setsockopt(fd, level, option, raw, len(value)) < 0:
            raise last_error()


def setsockopt_int(fd, level, option, value):
    """Set an option to a C int."""
    with scoped_alloc_buffer(4) as raw:
        _store_int(raw.raw, value)
        if libc.setsockopt(fd, level, option, raw.raw, 4) < 0:
            raise last_error()


def getsockopt(fd, level, option, size):
    """The bytes of an option."""
    length = malloc(UINTP.TO, 1, flavor="raw", zero=True)
    length[0] = size
    try:
        with scoped_alloc_buffer(max(size, 1)) as raw:
            if libc.getsockopt(fd, level, option, raw.raw, length) < 0:
                raise last_error()
            return raw.str(intmask(length[0]))
    finally:
        free(length, flavor="raw")


def getsockopt_int(fd, level, option):
    """An option that is a C int."""
    return _load_int(getsockopt(fd, level, option, 4) + "\x00\x00\x00\x00", 0)


def _store_int(raw, value):
    for i in range(4):
        raw[i] = chr((value >> (8 * i)) & 0xFF)


def _load_int(data, position):
    value = 0
    for i in range(4):
        value |= ord(data[position + i]) << (8 * i)
    return value - (1 << 32) if value >= 1 << 31 else value


# ---- texts of addresses


def inet_aton(text):
    """Four characters from a text like 127.0.0.1, or None."""
    with scoped_alloc_buffer(4) as out:
        with scoped_str2charp(text) as raw:
            if not libc.ouro_inet_aton(raw, out.raw):
                return None
        return out.str(4)


def inet_pton(family, text):
    """The characters of an address, or None for a bad text. Raises OSError for an unknown family."""
    with scoped_alloc_buffer(16) as out:
        with scoped_str2charp(text) as raw:
            result = libc.inet_pton(family, raw, out.raw)
        if result < 0:
            raise last_error()
        if result == 0:
            return None
        return out.str(4 if family == AF_INET else 16)


def inet_ntop(family, ip):
    """The text of an address."""
    with scoped_alloc_buffer(_ADDRESS_TEXT) as out:
        with scoped_str2charp(ip) as raw:
            if not libc.inet_ntop(family, raw, out.raw, _ADDRESS_TEXT):
                raise last_error()
        return charp2str(out.raw)


# ---- names


def gethostname():
    """The name of this machine."""
    with scoped_alloc_buffer(_HOST_TEXT) as out:
        if libc.gethostname(out.raw, r_uint(_HOST_TEXT - 1)) < 0:
            raise last_error()
        return charp2str(out.raw)


class AddressInfo:
    """One answer of `getaddrinfo`."""

    def __init__(self, family, kind, protocol, name, address):
        self.family = family
        self.kind = kind
        self.protocol = protocol
        self.name = name
        self.address = address


def getaddrinfo(host, service, family, kind, protocol, flags):
    """A list of AddressInfo; `host` and `service` are strings or None. Raises AddressInfoError."""
    asked = malloc(INTP.TO, 4, flavor="raw", zero=True)
    out = malloc(CCHARPP.TO, 1, flavor="raw", zero=True)
    size = malloc(LONGP.TO, 1, flavor="raw", zero=True)
    asked[0] = family
    asked[1] = kind
    asked[2] = protocol
    asked[3] = flags
    try:
        with scoped_str2charp(host) as raw_host:
            with scoped_str2charp(service) as raw_service:
                number = libc.ouro_getaddrinfo(raw_host, raw_service, asked, out, size)
        if number != 0:
            raise AddressInfoError(number)
        records = charpsize2str(out[0], size[0])
        libc.ouro_release(out[0])
    finally:
        free(size, flavor="raw")
        free(out, flavor="raw")
        free(asked, flavor="raw")
    result = []
    position = 0
    while position < len(records):
        header = [_load_int(records, position + 4 * i) for i in range(RECORD_HEADER)]
        start = position + 4 * RECORD_HEADER
        middle = start + header[3]
        position = middle + header[4]
        assert 0 <= start <= middle <= position
        raw = str2charp(records[start:middle])
        address = _read_address(raw, header[3])
        free(raw, flavor="raw")
        result.append(AddressInfo(header[0], header[1], header[2], records[middle:position], address))
    return result


def getnameinfo(address, flags):
    """`(host, service)` of an address. Raises AddressInfoError."""
    with scoped_alloc_buffer(ADDRESS_SIZE) as raw:
        size = _with_address(address, raw.raw)
        with scoped_alloc_buffer(_HOST_TEXT) as host:
            with scoped_alloc_buffer(_SERVICE_TEXT) as service:
                number = libc.ouro_getnameinfo(
                    raw.raw, size, host.raw, _HOST_TEXT, service.raw, _SERVICE_TEXT, flags)
                if number != 0:
                    raise AddressInfoError(number)
                return charp2str(host.raw), charp2str(service.raw)


class HostInfo:
    """The name of a host, its other names, and the texts of its addresses."""

    def __init__(self, name, aliases, addresses):
        self.name = name
        self.aliases = aliases
        self.addresses = addresses


class _HostText:
    """Where the C helpers leave their answer."""

    def __init__(self):
        self.out = malloc(CCHARPP.TO, 1, flavor="raw", zero=True)
        self.size = malloc(LONGP.TO, 1, flavor="raw", zero=True)

    def finish(self, number):
        """The answer as a HostInfo."""
        text = ""
        if number == 0:
            text = charpsize2str(self.out[0], self.size[0])
            libc.ouro_release(self.out[0])
        free(self.size, flavor="raw")
        free(self.out, flavor="raw")
        if number != 0:
            raise HostError(number)
        lines = text.split("\n")
        middle = 1
        while lines[middle] != "":
            middle += 1
        last = len(lines) - 1
        assert 0 < middle < last
        return HostInfo(lines[0], lines[1:middle], lines[middle + 1 : last])


def gethostbyname(name):
    """The HostInfo of a name. Raises HostError."""
    answer = _HostText()
    with scoped_str2charp(name) as raw:
        number = libc.ouro_host_by_name(raw, answer.out, answer.size)
    return answer.finish(number)


def gethostbyaddr(family, ip):
    """The HostInfo of an address. Raises HostError."""
    answer = _HostText()
    with scoped_str2charp(ip) as raw:
        number = libc.ouro_host_by_address(raw, len(ip), family, answer.out, answer.size)
    return answer.finish(number)


def getservbyname(name, protocol):
    """The port of a service, or -1; `protocol` may be None."""
    with scoped_str2charp(name) as raw:
        with scoped_str2charp(protocol) as raw_protocol:
            return libc.ouro_service_port(raw, raw_protocol)


def getservbyport(port, protocol):
    """The name of the service of a port, or None; `protocol` may be None."""
    with scoped_alloc_buffer(_HOST_TEXT) as out:
        with scoped_str2charp(protocol) as raw_protocol:
            if libc.ouro_service_name(port, raw_protocol, out.raw, _HOST_TEXT) < 0:
                return None
        return charp2str(out.raw)


def getprotobyname(name):
    """The number of a protocol, or -1."""
    with scoped_str2charp(name) as raw:
        return libc.ouro_protocol_number(raw)
