"""The C functions under `rsocket`, and what replaces our own C helpers on the host.

Addresses are raw memory of `ADDRESS_SIZE` bytes that holds a `struct sockaddr` of some family, and a length. The
helpers know the structures; lists of answers come as records in memory from malloc.
"""

from __future__ import annotations

import socket
import struct

from ouro.lltype import free, malloc
from ouro.rlib.rffi import CCHARP, charp2str, library

__all__ = ["ADDRESS_SIZE", "RECORD_HEADER", "libc"]

ADDRESS_SIZE = 256
#: Integers before each answer of `ouro_getaddrinfo`: family, type, protocol, size of the address, length of the name.
RECORD_HEADER = 5

# The same functions of the C library, taking an address as characters.
_WITH_ADDRESS = """
int bind(int, char *, unsigned int);
int connect(int, char *, unsigned int);
int accept(int, char *, unsigned int *);
int getsockname(int, char *, unsigned int *);
int getpeername(int, char *, unsigned int *);
long recvfrom(int, char *, unsigned long, int, char *, unsigned int *);
long sendto(int, const char *, unsigned long, int, char *, unsigned int);
int getnameinfo(char *, unsigned int, char *, unsigned int, char *, unsigned int, int);
int inet_aton(const char *, char *);
int close(int);
"""

_DECLARATIONS = """
int socket(int, int, int);
int socketpair(int, int, int, int *);
int listen(int, int);
int shutdown(int, int);
long recv(int, char *, unsigned long, int);
long send(int, const char *, unsigned long, int);
int setsockopt(int, int, int, const char *, unsigned int);
int getsockopt(int, int, int, char *, unsigned int *);
int gethostname(char *, unsigned long);
int inet_pton(int, const char *, char *);
const char *inet_ntop(int, const char *, char *, unsigned int);
const char *gai_strerror(int);
const char *hstrerror(int);

int ouro_inet_address(char *, const char *, int);
int ouro_inet6_address(char *, const char *, int, unsigned int, unsigned int);
int ouro_unix_address(char *, const char *, int);
int ouro_netlink_address(char *, unsigned int, unsigned int);
int ouro_address_family(char *);
int ouro_inet_parts(char *, char *);
int ouro_inet6_parts(char *, char *, unsigned int *);
int ouro_unix_path(char *, int, char *);
void ouro_netlink_parts(char *, unsigned int *);
int ouro_getaddrinfo(const char *, const char *, int *, char **, long *);
int ouro_host_by_name(const char *, char **, long *);
int ouro_host_by_address(const char *, int, int, char **, long *);
int ouro_service_port(const char *, const char *);
int ouro_service_name(int, const char *, char *, long);
int ouro_protocol_number(const char *);
void ouro_release(char *);
""" + _WITH_ADDRESS.replace(" bind", " ouro_bind").replace(" connect", " ouro_connect").replace(
    " accept", " ouro_accept").replace(" getsockname", " ouro_getsockname").replace(
    " getpeername", " ouro_getpeername").replace(" recvfrom", " ouro_recvfrom").replace(
    " sendto", " ouro_sendto").replace(" getnameinfo", " ouro_getnameinfo").replace(
    " inet_aton", " ouro_inet_aton").replace(" close", " ouro_close_socket")

_SOURCE = r"""
#ifdef __linux__
#include <linux/netlink.h>
#endif

int ouro_bind(int fd, char *address, unsigned int size)
{
    return bind(fd, (struct sockaddr *)address, size);
}

int ouro_connect(int fd, char *address, unsigned int size)
{
    return connect(fd, (struct sockaddr *)address, size);
}

int ouro_accept(int fd, char *address, unsigned int *size)
{
    return accept(fd, (struct sockaddr *)address, size);
}

int ouro_getsockname(int fd, char *address, unsigned int *size)
{
    return getsockname(fd, (struct sockaddr *)address, size);
}

int ouro_getpeername(int fd, char *address, unsigned int *size)
{
    return getpeername(fd, (struct sockaddr *)address, size);
}

long ouro_recvfrom(int fd, char *buffer, unsigned long count, int flags, char *address, unsigned int *size)
{
    return recvfrom(fd, buffer, count, flags, (struct sockaddr *)address, size);
}

long ouro_sendto(int fd, const char *buffer, unsigned long count, int flags, char *address, unsigned int size)
{
    return sendto(fd, buffer, count, flags, (struct sockaddr *)address, size);
}

int ouro_getnameinfo(char *address, unsigned int size, char *host, unsigned int host_size, char *service,
                     unsigned int service_size, int flags)
{
    return getnameinfo((struct sockaddr *)address, size, host, host_size, service, service_size, flags);
}

int ouro_inet_aton(const char *text, char *out)
{
    struct in_addr address;
    if (!inet_aton(text, &address))
        return 0;
    memcpy(out, &address, 4);
    return 1;
}

int ouro_close_socket(int fd)
{
    return close(fd);
}

/* ---- addresses: each maker returns the size */

int ouro_inet_address(char *out, const char *ip, int port)
{
    struct sockaddr_in *address = (struct sockaddr_in *)out;
    memset(address, 0, sizeof *address);
    address->sin_family = AF_INET;
    address->sin_port = htons((unsigned short)port);
    memcpy(&address->sin_addr, ip, 4);
    return (int)sizeof *address;
}

int ouro_inet6_address(char *out, const char *ip, int port, unsigned int flow, unsigned int scope)
{
    struct sockaddr_in6 *address = (struct sockaddr_in6 *)out;
    memset(address, 0, sizeof *address);
    address->sin6_family = AF_INET6;
    address->sin6_port = htons((unsigned short)port);
    memcpy(&address->sin6_addr, ip, 16);
    address->sin6_flowinfo = htonl(flow);
    address->sin6_scope_id = scope;
    return (int)sizeof *address;
}

/* -1 when the path is too long; one that begins with NUL is a name that is no file (Linux). */
int ouro_unix_address(char *out, const char *path, int length)
{
    struct sockaddr_un *address = (struct sockaddr_un *)out;
    int start = (int)offsetof(struct sockaddr_un, sun_path);
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (length > 0 && path[0] == 0) {
        if (length > (int)sizeof address->sun_path)
            return -1;
        memcpy(address->sun_path, path, length);
        return start + length;
    }
    if (length >= (int)sizeof address->sun_path)
        return -1;
    memcpy(address->sun_path, path, length);
    return start + length + 1;
}

int ouro_address_family(char *address)
{
    return ((struct sockaddr *)address)->sa_family;
}

/* The port; the address goes to `ip`. */
int ouro_inet_parts(char *in, char *ip)
{
    struct sockaddr_in *address = (struct sockaddr_in *)in;
    memcpy(ip, &address->sin_addr, 4);
    return ntohs(address->sin_port);
}

int ouro_inet6_parts(char *in, char *ip, unsigned int *out)
{
    struct sockaddr_in6 *address = (struct sockaddr_in6 *)in;
    memcpy(ip, &address->sin6_addr, 16);
    out[0] = ntohl(address->sin6_flowinfo);
    out[1] = address->sin6_scope_id;
    return ntohs(address->sin6_port);
}

/* The length of the path, which goes to `path`. */
int ouro_unix_path(char *in, int size, char *path)
{
    struct sockaddr_un *address = (struct sockaddr_un *)in;
    int length = size - (int)offsetof(struct sockaddr_un, sun_path);
    if (length <= 0)
        return 0;
    if (address->sun_path[0] != 0)
        length = (int)strnlen(address->sun_path, (size_t)length);
    memcpy(path, address->sun_path, length);
    return length;
}

#ifdef __linux__
int ouro_netlink_address(char *out, unsigned int process, unsigned int groups)
{
    struct sockaddr_nl *address = (struct sockaddr_nl *)out;
    memset(address, 0, sizeof *address);
    address->nl_family = AF_NETLINK;
    address->nl_pid = process;
    address->nl_groups = groups;
    return (int)sizeof *address;
}

void ouro_netlink_parts(char *in, unsigned int *out)
{
    struct sockaddr_nl *address = (struct sockaddr_nl *)in;
    out[0] = address->nl_pid;
    out[1] = address->nl_groups;
}
#else
int ouro_netlink_address(char *out, unsigned int process, unsigned int groups)
{
    return -1;
}

void ouro_netlink_parts(char *in, unsigned int *out)
{
    out[0] = out[1] = 0;
}
#endif

/* ---- asking for names

   The answers of getaddrinfo go to memory from malloc: for each five integers, the address, the canonical name. */
int ouro_getaddrinfo(const char *host, const char *service, int *asked, char **out, long *size)
{
    struct addrinfo hints, *first, *each;
    long total = 0;
    char *where;
    int failed;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = asked[0];
    hints.ai_socktype = asked[1];
    hints.ai_protocol = asked[2];
    hints.ai_flags = asked[3];
    *out = NULL;
    failed = getaddrinfo(host, service, &hints, &first);
    if (failed)
        return failed;
    for (each = first; each != NULL; each = each->ai_next)
        total += 5 * sizeof(int) + each->ai_addrlen + (each->ai_canonname ? strlen(each->ai_canonname) : 0);
    *size = total;
    *out = where = malloc(total + 1);
    if (where == NULL) {
        freeaddrinfo(first);
        return EAI_MEMORY;
    }
    for (each = first; each != NULL; each = each->ai_next) {
        int header[5];
        header[0] = each->ai_family;
        header[1] = each->ai_socktype;
        header[2] = each->ai_protocol;
        header[3] = (int)each->ai_addrlen;
        header[4] = each->ai_canonname ? (int)strlen(each->ai_canonname) : 0;
        memcpy(where, header, sizeof header);
        where += sizeof header;
        memcpy(where, each->ai_addr, header[3]);
        where += header[3];
        if (header[4])
            memcpy(where, each->ai_canonname, header[4]);
        where += header[4];
    }
    freeaddrinfo(first);
    return 0;
}

/* The name, a line for each alias, an empty line, and a line for each address, with a line end each. */
static int ouro_host_text(struct hostent *host, char **out, long *size)
{
    char text[64];
    char **each;
    long total = (long)strlen(host->h_name) + 3;
    char *where;
    for (each = host->h_aliases; *each; each++)
        total += (long)strlen(*each) + 1;
    for (each = host->h_addr_list; *each; each++)
        total += 64;
    where = *out = malloc(total);
    if (where == NULL)
        return NO_RECOVERY;
    where += sprintf(where, "%s\n", host->h_name);
    for (each = host->h_aliases; *each; each++)
        where += sprintf(where, "%s\n", *each);
    *where++ = '\n';
    for (each = host->h_addr_list; *each; each++)
        if (inet_ntop(host->h_addrtype, *each, text, sizeof text))
            where += sprintf(where, "%s\n", text);
    *size = where - *out;
    return 0;
}

static int ouro_find_host(const char *key, int length, int family, char **out, long *size)
{
    long room = 8192;
    *out = NULL;
    for (;;) {
        struct hostent host, *found = NULL;
        int number = 0, failed;
        char *memory = malloc(room);
        if (memory == NULL)
            return NO_RECOVERY;
        if (length < 0)
            failed = gethostbyname_r(key, &host, memory, room, &found, &number);
        else
            failed = gethostbyaddr_r(key, length, family, &host, memory, room, &found, &number);
        if (failed == ERANGE) {
            free(memory);
            room *= 2;
            continue;
        }
        number = found == NULL ? (number ? number : HOST_NOT_FOUND) : ouro_host_text(found, out, size);
        free(memory);
        return number;
    }
}

/* Both return 0 or the number of the error (h_errno). */
int ouro_host_by_name(const char *name, char **out, long *size)
{
    return ouro_find_host(name, -1, AF_INET, out, size);
}

int ouro_host_by_address(const char *ip, int length, int family, char **out, long *size)
{
    return ouro_find_host(ip, length, family, out, size);
}

/* The answers of these three are in memory of the C library, so they are called with the global lock held. */
int ouro_service_port(const char *name, const char *protocol)
{
    struct servent *found = getservbyname(name, protocol);
    return found ? ntohs((unsigned short)found->s_port) : -1;
}

int ouro_service_name(int port, const char *protocol, char *out, long size)
{
    struct servent *found = getservbyport(htons((unsigned short)port), protocol);
    if (found == NULL)
        return -1;
    snprintf(out, size, "%s", found->s_name);
    return 0;
}

int ouro_protocol_number(const char *name)
{
    struct protoent *found = getprotobyname(name);
    return found ? found->p_proto : -1;
}

void ouro_release(char *memory)
{
    free(memory);
}
"""

_BLOCKING = ["accept", "bind", "connect", "getnameinfo", "recvfrom", "sendto"]


# ---- the same on the host

_forwarded = library(_WITH_ADDRESS, saves_errno=True, blocking=_BLOCKING)


def _put(out, data, start=0):
    for i, byte in enumerate(data):
        out[start + i] = chr(byte)
    return len(data)


def _take(raw, start, end):
    return bytes(ord(raw[i]) for i in range(start, end))


def _pack(family, address):
    if family == socket.AF_INET6:
        head = struct.pack("=H", family) + struct.pack("!HI", address[1], address[2])
        return head + socket.inet_pton(family, address[0].partition("%")[0]) + struct.pack("=I", address[3])
    return struct.pack("=H", family) + struct.pack("!H", address[1]) + socket.inet_aton(address[0]) + bytes(8)


def _host_inet_address(out, ip, port):
    return _put(out, struct.pack("=H", socket.AF_INET) + struct.pack("!H", port) + _take(ip, 0, 4) + bytes(8))


def _host_inet6_address(out, ip, port, flow, scope):
    head = struct.pack("=H", socket.AF_INET6) + struct.pack("!HI", port, int(flow))
    return _put(out, head + _take(ip, 0, 16) + struct.pack("=I", int(scope)))


def _host_unix_address(out, path, length):
    data = _take(path, 0, length)
    if not data.startswith(b"\x00") or not data:
        data += b"\x00"
    if len(data) > 108:
        return -1
    return _put(out, struct.pack("=H", socket.AF_UNIX) + data)


def _host_netlink_address(out, process, groups):
    return _put(out, struct.pack("=HHII", socket.AF_NETLINK, 0, int(process), int(groups)))


def _host_family(address):
    return struct.unpack("=H", _take(address, 0, 2))[0]


def _host_inet_parts(address, ip):
    _put(ip, _take(address, 4, 8))
    return struct.unpack("!H", _take(address, 2, 4))[0]


def _host_inet6_parts(address, ip, out):
    _put(ip, _take(address, 8, 24))
    port, out[0] = struct.unpack("!HI", _take(address, 2, 8))
    out[1] = struct.unpack("=I", _take(address, 24, 28))[0]
    return port


def _host_unix_path(address, size, path):
    data = _take(address, 2, size) if size > 2 else b""
    if not data.startswith(b"\x00"):
        data = data.partition(b"\x00")[0]
    return _put(path, data)


def _host_netlink_parts(address, out):
    out[0], out[1] = struct.unpack("=II", _take(address, 4, 12))


def _give(data, out, size):
    buffer = malloc(CCHARP.TO, len(data) + 1, flavor="raw")
    _put(buffer, data)
    out[0] = buffer
    size[0] = len(data)


def _text(raw):
    return charp2str(raw) if raw else None


def _bytes(raw):
    # the host encodes names given as text in its own way
    return charp2str(raw).encode("latin-1") if raw else None


def _host_getaddrinfo(host, service, asked, out, size):
    try:
        found = socket.getaddrinfo(_bytes(host), _bytes(service), *[int(asked[i]) for i in range(4)])
    except socket.gaierror as error:
        return error.errno
    records = b""
    for family, kind, protocol, name, address in found:
        packed = _pack(family, address)
        records += struct.pack("=5i", family, kind, protocol, len(packed), len(name)) + packed + name.encode("ascii")
    _give(records, out, size)
    return 0


def _host_text(found, out, size):
    name, aliases, addresses = found
    lines = [name, *aliases, "", *addresses]
    _give("".join(line + "\n" for line in lines).encode("latin-1"), out, size)
    return 0


def _host_by_name(name, out, size):
    try:
        return _host_text(socket.gethostbyname_ex(_bytes(name)), out, size)
    except (socket.gaierror, socket.herror):
        return 1


def _host_by_address(ip, length, family, out, size):
    try:
        return _host_text(socket.gethostbyaddr(socket.inet_ntop(family, _take(ip, 0, length))), out, size)
    except (socket.gaierror, socket.herror) as error:
        return error.errno if error.errno > 0 else 1


def _host_service_port(name, protocol):
    arguments = [_text(name)] + ([_text(protocol)] if protocol else [])
    return socket.getservbyname(*arguments)


def _host_service_name(port, protocol, out, size):
    arguments = [port] + ([_text(protocol)] if protocol else [])
    _put(out, socket.getservbyport(*arguments).encode("ascii") + b"\x00")
    return 0


def _host_protocol_number(name):
    return socket.getprotobyname(_text(name))


def _host_release(memory):
    if memory:
        free(memory, flavor="raw")


libc = library(
    _DECLARATIONS,
    includes=[
        "arpa/inet.h", "errno.h", "netdb.h", "netinet/in.h", "stddef.h", "stdio.h", "stdlib.h", "string.h",
        "sys/socket.h", "sys/types.h", "sys/un.h", "unistd.h",
    ],
    defines=["_GNU_SOURCE"],
    source=_SOURCE,
    saves_errno=True,
    blocking=[
        "recv", "send", "shutdown", "ouro_getaddrinfo", "ouro_host_by_address", "ouro_host_by_name",
        *("ouro_" + name for name in _BLOCKING),
    ],
    host={
        "ouro_bind": _forwarded.bind,
        "ouro_connect": _forwarded.connect,
        "ouro_accept": _forwarded.accept,
        "ouro_getsockname": _forwarded.getsockname,
        "ouro_getpeername": _forwarded.getpeername,
        "ouro_recvfrom": _forwarded.recvfrom,
        "ouro_sendto": _forwarded.sendto,
        "ouro_getnameinfo": _forwarded.getnameinfo,
        "ouro_inet_aton": _forwarded.inet_aton,
        "ouro_close_socket": _forwarded.close,
        "ouro_inet_address": _host_inet_address,
        "ouro_inet6_address": _host_inet6_address,
        "ouro_unix_address": _host_unix_address,
        "ouro_netlink_address": _host_netlink_address,
        "ouro_address_family": _host_family,
        "ouro_inet_parts": _host_inet_parts,
        "ouro_inet6_parts": _host_inet6_parts,
        "ouro_unix_path": _host_unix_path,
        "ouro_netlink_parts": _host_netlink_parts,
        "ouro_getaddrinfo": _host_getaddrinfo,
        "ouro_host_by_name": _host_by_name,
        "ouro_host_by_address": _host_by_address,
        "ouro_service_port": _host_service_port,
        "ouro_service_name": _host_service_name,
        "ouro_protocol_number": _host_protocol_number,
        "ouro_release": _host_release,
    },
)
