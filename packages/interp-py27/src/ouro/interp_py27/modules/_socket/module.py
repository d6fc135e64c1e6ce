"""The functions and constants of ``_socket``."""

import socket as host_socket
import sys

from ouro.interp_py27.modules._socket.addresses import (
    check_port,
    find_ip,
    host_text,
    integer,
    name_info_address,
    wrap_address,
)
from ouro.interp_py27.modules._socket.errors import (
    address_info_failure,
    failure,
    host_failure,
    problem,
    w_error,
    w_gaierror,
    w_herror,
    w_timeout,
)
from ouro.interp_py27.modules._socket.library import adapt_socket
from ouro.interp_py27.modules._socket.socket_object import (
    AF_INET,
    AF_UNIX,
    SOCK_STREAM,
    W_Socket,
    default_timeout,
    new_socket,
    timeout_from,
    wrap_timeout,
)
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.vm.errors import overflow_error, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.importing import adapt_library_module
from ouro.rlib import rposix, rsocket
from ouro.rlib.rarithmetic import LONG_BIT
from ouro.rlib.rsocket import AF_INET6

LARGEST_INT = 2 ** 31 - 1
LITTLE_ENDIAN = sys.byteorder == "little"


# ---- hosts and services


def gethostname():
    """gethostname() -> string

Return the current host name."""
    try:
        return space.newstr(rsocket.gethostname())
    except OSError as error:
        raise failure(error.errno)


@unwrap_spec(host="c_text")
def gethostbyname(host):
    """gethostbyname(host) -> address

Return the IP address (a string of the form '255.255.255.255') for a host."""
    return space.newstr(rsocket.inet_ntop(AF_INET, find_ip(host, AF_INET)))


def wrap_host(info):
    return space.newtuple([
        space.newstr(info.name), space.newlist([space.newstr(alias) for alias in info.aliases]),
        space.newlist([space.newstr(address) for address in info.addresses])])


@unwrap_spec(host="c_text")
def gethostbyname_ex(host):
    """gethostbyname_ex(host) -> (name, aliaslist, addresslist)

Return the true host name, a list of aliases, and a list of IP addresses,
for a host.  The host argument is a string giving a host name or IP number."""
    find_ip(host, AF_INET)
    try:
        return wrap_host(rsocket.gethostbyname(host))
    except rsocket.HostError as error:
        raise host_failure(error)


@unwrap_spec(host="c_text")
def gethostbyaddr(host):
    """gethostbyaddr(host) -> (name, aliaslist, addresslist)

Return the true host name, a list of aliases, and a list of IP addresses,
for a host.  The host argument is a string giving a host name or IP number."""
    ip = find_ip(host, 0)
    family = AF_INET if len(ip) == 4 else AF_INET6
    try:
        return wrap_host(rsocket.gethostbyaddr(family, ip))
    except rsocket.HostError as error:
        raise host_failure(error)


@unwrap_spec(name="c_text", protocol="c_text_or_none")
def getservbyname(name, protocol=None):
    """getservbyname(servicename[, protocolname]) -> integer

Return a port number from a service name and protocol name.
The optional protocol name, if given, should be 'tcp' or 'udp',
otherwise any protocol will match."""
    port = rsocket.getservbyname(name, protocol)
    if port < 0:
        raise problem("service/proto not found")
    return space.newint(port)


@unwrap_spec(port=int, protocol="c_text_or_none")
def getservbyport(port, protocol=None):
    """getservbyport(port[, protocolname]) -> string

Return the service name from a port number and protocol name.
The optional protocol name, if given, should be 'tcp' or 'udp',
otherwise any protocol will match."""
    check_port(port, "getservbyport")
    name = rsocket.getservbyport(port, protocol)
    if name is None:
        raise problem("port/proto not found")
    return space.newstr(name)


@unwrap_spec(name="c_text")
def getprotobyname(name):
    """getprotobyname(name) -> integer

Return the protocol number for the named protocol.  (Rarely used.)"""
    number = rsocket.getprotobyname(name)
    if number < 0:
        raise problem("protocol not found")
    return space.newint(number)


@unwrap_spec(family=int, socktype=int, proto=int, flags=int)
def getaddrinfo(w_host, w_port, family=0, socktype=0, proto=0, flags=0):
    """getaddrinfo(host, port [, family, socktype, proto, flags])
    -> list of (family, socktype, proto, canonname, sockaddr)

Resolve host and port into addrinfo struct."""
    host = None
    if not space.is_none(w_host):
        if not space.is_text(w_host):
            raise type_error("getaddrinfo() argument 1 must be string or None")
        host = host_text(w_host)
    service = None
    if space.is_int(w_port) or space.is_long(w_port):
        service = str(space.int_w(w_port))
    elif space.is_str(w_port):
        service = space.text_w(w_port)
    elif not space.is_none(w_port):
        raise problem("getaddrinfo() argument 2 must be integer or string")
    try:
        found = rsocket.getaddrinfo(host, service, family, socktype, proto, flags)
    except rsocket.AddressInfoError as error:
        raise address_info_failure(error)
    items_w = []
    for info in found:
        items_w.append(space.newtuple([
            space.newint(info.family), space.newint(info.kind), space.newint(info.protocol), space.newstr(info.name),
            wrap_address(info.address)]))
    return space.newlist(items_w)


@unwrap_spec(flags=int)
def getnameinfo(w_address, flags):
    """getnameinfo(sockaddr, flags) --> (host, port)

Get host and port for a sockaddr."""
    try:
        host, service = rsocket.getnameinfo(name_info_address(w_address), flags)
    except rsocket.AddressInfoError as error:
        raise address_info_failure(error)
    return space.newtuple([space.newstr(host), space.newstr(service)])


# ---- numbers and texts


def swap_16(value):
    value &= 0xFFFF
    if not LITTLE_ENDIAN:
        return value
    return ((value & 0xFF) << 8) | (value >> 8)


def swap_32(value):
    value &= 0xFFFFFFFF
    if not LITTLE_ENDIAN:
        return value
    return ((value & 0xFF) << 24) | ((value & 0xFF00) << 8) | ((value >> 8) & 0xFF00) | (value >> 24)


def short_number(w_value):
    value = integer(w_value)
    if value > LARGEST_INT:
        raise overflow_error("signed integer is greater than maximum")
    return positive_number(value)


def positive_number(value):
    if value < 0:
        raise overflow_error("can't convert negative number to unsigned long")
    return value


def long_number(w_value):
    if space.is_long(w_value):
        value = space.bigint_w(w_value)
        if value.sign < 0:
            raise overflow_error("can't convert negative value to unsigned long")
        if value.bit_length() > LONG_BIT:
            raise overflow_error("long int too large to convert")
        if value.bit_length() > 32:
            raise overflow_error("long int larger than 32 bits")
        return value.toint()
    if not space.is_int(w_value):
        raise type_error("expected int/long, %s found" % space.type_name(w_value))
    return positive_number(space.int_w(w_value))


def htons(w_value):
    """htons(integer) -> integer

Convert a 16-bit integer from host to network byte order."""
    return space.newint(swap_16(short_number(w_value)))


def ntohs(w_value):
    """ntohs(integer) -> integer

Convert a 16-bit integer from network to host byte order."""
    return space.newint(swap_16(short_number(w_value)))


def htonl(w_value):
    """htonl(integer) -> integer

Convert a 32-bit integer from host to network byte order."""
    return space.newlong_from_int(swap_32(long_number(w_value)))


def ntohl(w_value):
    """ntohl(integer) -> integer

Convert a 32-bit integer from network to host byte order."""
    return space.newlong_from_int(swap_32(long_number(w_value)))


@unwrap_spec(text="c_text")
def inet_aton(text):
    """inet_aton(string) -> packed 32-bit IP representation

Convert an IP address in string format (123.45.67.89) to the 32-bit packed
binary format used in low-level network functions."""
    ip = rsocket.inet_aton(text)
    if ip is None:
        raise problem("illegal IP address string passed to inet_aton")
    return space.newstr(ip)


@unwrap_spec(packed="buffer")
def inet_ntoa(packed):
    """inet_ntoa(packed_ip) -> ip_address_string

Convert an IP address from 32-bit packed binary format to string format"""
    if len(packed) != 4:
        raise problem("packed IP wrong length for inet_ntoa")
    return space.newstr(rsocket.inet_ntop(AF_INET, packed))


@unwrap_spec(family=int, text=str)
def inet_pton(family, text):
    """inet_pton(af, ip) -> packed IP address string

Convert an IP address from string format to a packed string suitable
for use with low-level network functions."""
    try:
        ip = rsocket.inet_pton(family, text)
    except OSError as error:
        raise failure(error.errno)
    if ip is None:
        raise problem("illegal IP address string passed to inet_pton")
    return space.newstr(ip)


@unwrap_spec(family=int, packed="buffer")
def inet_ntop(family, packed):
    """inet_ntop(af, packed_ip) -> string formatted IP address

Convert a packed IP address of the given family to string format."""
    if family == AF_INET or family == AF_INET6:
        if len(packed) != (4 if family == AF_INET else 16):
            raise value_error("invalid length of packed IP address string")
    else:
        raise value_error("unknown address family %d" % family)
    return space.newstr(rsocket.inet_ntop(family, packed))


# ---- sockets


@unwrap_spec(fd=int, family=int, kind=int, protocol=int)
def fromfd(fd, family, kind, protocol=0):
    """fromfd(fd, family, type[, proto]) -> socket object

Create a socket object from a duplicate of the given
file descriptor.
The remaining arguments are the same as for socket()."""
    try:
        own = rposix.dup(fd)
    except OSError as error:
        raise failure(error.errno)
    return new_socket(own, family, kind, protocol)


@unwrap_spec(family=int, kind=int, protocol=int)
def socketpair(family=AF_UNIX, kind=SOCK_STREAM, protocol=0):
    """socketpair([family[, type[, proto]]]) -> (socket object, socket object)

Create a pair of socket objects from the sockets returned by the platform
socketpair() function.
The arguments are the same as for socket() except the default family is
AF_UNIX if defined on the platform; otherwise, the default is AF_INET."""
    try:
        first, second = rsocket.socketpair(family, kind, protocol)
    except OSError as error:
        raise failure(error.errno)
    return space.newtuple([new_socket(first, family, kind, protocol), new_socket(second, family, kind, protocol)])


def getdefaulttimeout():
    """getdefaulttimeout() -> timeout

Returns the default timeout in seconds (float) for new socket objects.
A value of None indicates that new socket objects have no timeout.
When the socket module is first imported, the default is None."""
    return wrap_timeout(default_timeout.seconds)


def setdefaulttimeout(w_timeout):
    """setdefaulttimeout(timeout)

Set the default timeout in seconds (float) for new socket objects.
A value of None indicates that new socket objects have no timeout.
When the socket module is first imported, the default is None."""
    default_timeout.seconds = timeout_from(w_timeout)


NAMES = """
AF_APPLETALK AF_ASH AF_ATMPVC AF_ATMSVC AF_AX25 AF_BRIDGE AF_DECnet AF_ECONET AF_INET AF_INET6 AF_IPX AF_IRDA AF_KEY
AF_LLC AF_NETBEUI AF_NETLINK AF_NETROM AF_PACKET AF_PPPOX AF_ROSE AF_ROUTE AF_SECURITY AF_SNA AF_TIPC AF_UNIX
AF_UNSPEC AF_WANPIPE AF_X25 AI_ADDRCONFIG AI_ALL AI_CANONNAME AI_DEFAULT AI_MASK AI_NUMERICHOST AI_NUMERICSERV
AI_PASSIVE AI_V4MAPPED AI_V4MAPPED_CFG EAI_ADDRFAMILY EAI_AGAIN EAI_BADFLAGS EAI_BADHINTS EAI_FAIL EAI_FAMILY
EAI_MAX EAI_MEMORY EAI_NODATA EAI_NONAME EAI_OVERFLOW EAI_PROTOCOL EAI_SERVICE EAI_SOCKTYPE EAI_SYSTEM
INADDR_ALLHOSTS_GROUP INADDR_ANY INADDR_BROADCAST INADDR_LOOPBACK INADDR_MAX_LOCAL_GROUP INADDR_NONE
INADDR_UNSPEC_GROUP IPPORT_RESERVED IPPORT_USERRESERVED IPPROTO_AH IPPROTO_DSTOPTS IPPROTO_EGP IPPROTO_ESP
IPPROTO_FRAGMENT IPPROTO_GRE IPPROTO_HOPOPTS IPPROTO_ICMP IPPROTO_ICMPV6 IPPROTO_IDP IPPROTO_IGMP IPPROTO_IP
IPPROTO_IPIP IPPROTO_IPV6 IPPROTO_NONE IPPROTO_PIM IPPROTO_PUP IPPROTO_RAW IPPROTO_ROUTING IPPROTO_RSVP IPPROTO_TCP
IPPROTO_TP IPPROTO_UDP IPV6_CHECKSUM IPV6_DONTFRAG IPV6_DSTOPTS IPV6_HOPLIMIT IPV6_HOPOPTS IPV6_JOIN_GROUP
IPV6_LEAVE_GROUP IPV6_MULTICAST_HOPS IPV6_MULTICAST_IF IPV6_MULTICAST_LOOP IPV6_NEXTHOP IPV6_PATHMTU IPV6_PKTINFO
IPV6_RECVDSTOPTS IPV6_RECVHOPLIMIT IPV6_RECVHOPOPTS IPV6_RECVPATHMTU IPV6_RECVPKTINFO IPV6_RECVRTHDR IPV6_RECVTCLASS
IPV6_RTHDR IPV6_RTHDRDSTOPTS IPV6_RTHDR_TYPE_0 IPV6_TCLASS IPV6_UNICAST_HOPS IPV6_V6ONLY IP_ADD_MEMBERSHIP
IP_DEFAULT_MULTICAST_LOOP IP_DEFAULT_MULTICAST_TTL IP_DROP_MEMBERSHIP IP_HDRINCL IP_MAX_MEMBERSHIPS IP_MULTICAST_IF
IP_MULTICAST_LOOP IP_MULTICAST_TTL IP_OPTIONS IP_RECVOPTS IP_RECVRETOPTS IP_RETOPTS IP_TOS IP_TTL MSG_CTRUNC
MSG_DONTROUTE MSG_DONTWAIT MSG_EOR MSG_OOB MSG_PEEK MSG_TRUNC MSG_WAITALL NETLINK_DNRTMSG NETLINK_FIREWALL
NETLINK_IP6_FW NETLINK_NFLOG NETLINK_ROUTE NETLINK_USERSOCK NETLINK_XFRM NI_DGRAM NI_MAXHOST NI_MAXSERV NI_NAMEREQD
NI_NOFQDN NI_NUMERICHOST NI_NUMERICSERV PACKET_BROADCAST PACKET_FASTROUTE PACKET_HOST PACKET_LOOPBACK
PACKET_MULTICAST PACKET_OTHERHOST PACKET_OUTGOING PF_PACKET SHUT_RD SHUT_RDWR SHUT_WR SOCK_DGRAM SOCK_RAW SOCK_RDM
SOCK_SEQPACKET SOCK_STREAM SOL_IP SOL_SOCKET SOL_TCP SOL_TIPC SOL_UDP SOMAXCONN SO_ACCEPTCONN SO_BROADCAST SO_DEBUG
SO_DONTROUTE SO_ERROR SO_EXCLUSIVEADDRUSE SO_KEEPALIVE SO_LINGER SO_OOBINLINE SO_RCVBUF SO_RCVLOWAT SO_RCVTIMEO
SO_REUSEADDR SO_REUSEPORT SO_SNDBUF SO_SNDLOWAT SO_SNDTIMEO SO_TYPE SO_USELOOPBACK TCP_CORK TCP_DEFER_ACCEPT
TCP_INFO TCP_KEEPCNT TCP_KEEPIDLE TCP_KEEPINTVL TCP_LINGER2 TCP_MAXSEG TCP_NODELAY TCP_QUICKACK TCP_SYNCNT
TCP_WINDOW_CLAMP
""".split()
CONSTANTS = {name: int(getattr(host_socket, name)) for name in NAMES if hasattr(host_socket, name)}

adapt_library_module("socket", adapt_socket)

define_module("_socket", dict(
    CONSTANTS,
    error=w_error,
    herror=w_herror,
    gaierror=w_gaierror,
    timeout=w_timeout,
    socket=W_Socket,
    SocketType=W_Socket,
    has_ipv6=bool(host_socket.has_ipv6),
    gethostname=gethostname,
    gethostbyname=gethostbyname,
    gethostbyname_ex=gethostbyname_ex,
    gethostbyaddr=gethostbyaddr,
    getservbyname=getservbyname,
    getservbyport=getservbyport,
    getprotobyname=getprotobyname,
    getaddrinfo=getaddrinfo,
    getnameinfo=getnameinfo,
    htons=htons,
    ntohs=ntohs,
    htonl=htonl,
    ntohl=ntohl,
    inet_aton=inet_aton,
    inet_ntoa=inet_ntoa,
    inet_pton=inet_pton,
    inet_ntop=inet_ntop,
    fromfd=fromfd,
    socketpair=socketpair,
    getdefaulttimeout=getdefaulttimeout,
    setdefaulttimeout=setdefaulttimeout,
), doc="Implementation module for socket operations.\n\nSee the socket module for documentation.")
