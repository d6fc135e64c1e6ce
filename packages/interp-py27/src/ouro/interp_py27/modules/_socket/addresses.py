"""Addresses of sockets to and from application objects: pairs of host and port, paths, and what other families have."""

import socket as host_socket

from ouro.interp_py27.modules._socket.errors import address_info_failure, problem
from ouro.interp_py27.objects import space
from ouro.interp_py27.vm.errors import operror, overflow_error, type_error
from ouro.rlib import rsocket
from ouro.rlib.rsocket import AF_INET, AF_INET6, AF_NETLINK, AF_UNIX

AI_PASSIVE = int(host_socket.AI_PASSIVE)
NI_NUMERICHOST = int(host_socket.NI_NUMERICHOST)
SOCK_DGRAM = int(host_socket.SOCK_DGRAM)
LARGEST_FLOW = 1048575
LONGEST_PATH = 108


def host_text(w_host):
    """The name of a host: a str, or unicode encoded as internationalized names are."""
    if space.is_str(w_host):
        host = space.text_w(w_host)
    else:
        if not space.is_unicode(w_host):
            raise type_error("coercing to Unicode: need string or buffer, %s found" % space.type_name(w_host))
        host = space.text_w(space.getattr_str(w_host, "encode").call_1(space.newstr("idna")))
    if "\x00" in host:
        raise type_error("host name must not contain null character")
    return host


def check_port(port, what):
    if port < 0 or port > 0xFFFF:
        raise overflow_error("%s: port must be 0-65535." % what)


def integer(w_value):
    if space.is_float(w_value):
        raise type_error("integer argument expected, got float")
    return space.int_w(w_value)


def find_ip(host, family):
    """The characters of the address of a host: a name, digits, nothing at all, or ``<broadcast>``."""
    if host == "":
        found = find(None, "0", family, SOCK_DGRAM, AI_PASSIVE)
        if len(found) != 1:
            raise problem("wildcard resolved to multiple address")
    elif host == "<broadcast>":
        if family != AF_INET:
            raise problem("address family mismatched")
        return "\xff\xff\xff\xff"
    else:
        if family == AF_INET:
            ip = four_numbers(host)
            if ip is not None:
                return ip
        found = find(host, None, family, 0, 0)
    address = found[0].address
    if isinstance(address, rsocket.InetAddress):
        return address.ip
    if isinstance(address, rsocket.Inet6Address):
        return address.ip
    raise problem("unsupported address family")


def find(host, service, family, kind, flags):
    try:
        return rsocket.getaddrinfo(host, service, family, kind, 0, flags)
    except rsocket.AddressInfoError as error:
        raise address_info_failure(error)


def four_numbers(host):
    """The characters of an address like 127.0.0.1, or None."""
    parts = host.split(".")
    if len(parts) != 4:
        return None
    ip = ""
    for part in parts:
        if not 1 <= len(part) <= 3:
            return None
        number = 0
        for character in part:
            if not "0" <= character <= "9":
                return None
            number = 10 * number + ord(character) - 48
        if number > 255:
            return None
        ip += chr(number)
    return ip


def address_from(family, w_address):
    """The rsocket Address that an application object means to a socket of this family."""
    if family == AF_INET:
        parts_w = address_tuple("AF_INET", w_address)
        if len(parts_w) != 2:
            raise type_error("getsockaddrarg() takes exactly 2 arguments (%d given)" % len(parts_w))
        host = host_text(parts_w[0])
        port = integer(parts_w[1])
        ip = find_ip(host, AF_INET)
        check_port(port, "getsockaddrarg")
        return rsocket.InetAddress(ip, port)
    if family == AF_INET6:
        return inet6_address(address_tuple("AF_INET6", w_address))
    if family == AF_UNIX:
        return unix_address(w_address)
    if family == AF_NETLINK:
        parts_w = address_tuple("AF_NETLINK", w_address)
        if len(parts_w) != 2:
            raise type_error("getsockaddrarg() takes exactly 2 arguments (%d given)" % len(parts_w))
        return rsocket.NetlinkAddress(integer(parts_w[0]), integer(parts_w[1]))
    raise problem("getsockaddrarg: bad family")


def address_tuple(family, w_address):
    if not space.is_tuple(w_address):
        raise type_error("getsockaddrarg: %s address must be tuple, not %s" % (family, space.type_name(w_address)))
    return space.tuple_items(w_address)


def inet6_address(parts_w):
    if len(parts_w) < 2:
        raise type_error("function takes at least 2 arguments (%d given)" % len(parts_w))
    if len(parts_w) > 4:
        raise type_error("function takes at most 4 arguments (%d given)" % len(parts_w))
    host = host_text(parts_w[0])
    port = integer(parts_w[1])
    flow = integer(parts_w[2]) if len(parts_w) > 2 else 0
    scope = integer(parts_w[3]) if len(parts_w) > 3 else 0
    ip = find_ip(host, AF_INET6)
    check_port(port, "getsockaddrarg")
    if flow < 0 or flow > LARGEST_FLOW:
        raise overflow_error("getsockaddrarg: flowinfo must be 0-1048575.")
    return rsocket.Inet6Address(ip, port, flow, scope)


def unix_address(w_address):
    if not space.is_text(w_address):
        if space.has_character_buffer(w_address):
            raise type_error("argument must be string or pinned buffer, not %s" % space.type_name(w_address))
        raise type_error("argument must be string or read-only character buffer, not %s" % space.type_name(w_address))
    path = space.text_w(w_address)
    if len(path) > LONGEST_PATH or len(path) == LONGEST_PATH and not path.startswith("\x00"):
        raise problem("AF_UNIX path too long")
    return rsocket.UnixAddress(path)


def wrap_address(address):
    """What application code sees of an address."""
    if address is None:
        return space.w_None
    if isinstance(address, rsocket.InetAddress):
        return space.newtuple([space.newstr(rsocket.inet_ntop(AF_INET, address.ip)), space.newint(address.port)])
    if isinstance(address, rsocket.Inet6Address):
        return space.newtuple([
            space.newstr(inet6_text(address)), space.newint(address.port), space.newint(address.flow),
            space.newint(address.scope)])
    if isinstance(address, rsocket.UnixAddress):
        return space.newstr(address.path)
    if isinstance(address, rsocket.NetlinkAddress):
        return space.newtuple([space.newint(address.process), space.newint(address.groups)])
    assert isinstance(address, rsocket.OtherAddress)
    return space.newtuple([space.newint(address.family), space.newstr(address.data)])


def inet6_text(address):
    """The digits of the address, with the scope where there is one."""
    try:
        return rsocket.getnameinfo(address, NI_NUMERICHOST)[0]
    except rsocket.AddressInfoError as error:
        raise address_info_failure(error)


def name_info_address(w_address):
    """The address that ``getnameinfo`` is asked for, which must have digits for a host or one address only."""
    if not space.is_tuple(w_address):
        raise type_error("getnameinfo() argument 1 must be a tuple")
    parts_w = space.tuple_items(w_address)
    if not 2 <= len(parts_w) <= 4:
        how = "at least 2" if len(parts_w) < 2 else "at most 4"
        raise type_error("getnameinfo() takes %s arguments (%d given)" % (how, len(parts_w)))
    if not space.is_str(parts_w[0]):
        raise type_error("argument 1 must be string, not %s" % space.type_name(parts_w[0]))
    host = space.text_w(parts_w[0])
    port = integer(parts_w[1])
    flow = integer(parts_w[2]) if len(parts_w) > 2 else 0
    scope = integer(parts_w[3]) if len(parts_w) > 3 else 0
    if flow < 0 or flow > LARGEST_FLOW:
        raise overflow_error("getsockaddrarg: flowinfo must be 0-1048575.")
    found = find(host, str(port), 0, SOCK_DGRAM, 0)
    if len(found) > 1:
        raise problem("sockaddr resolved to multiple addresses")
    address = found[0].address
    if isinstance(address, rsocket.InetAddress):
        if len(parts_w) != 2:
            raise problem("IPv4 sockaddr must be 2 tuple")
    elif isinstance(address, rsocket.Inet6Address):
        address.flow = flow
        address.scope = scope
    else:
        raise operror(space.w_SystemError, "an address of no internet family")
    return address
