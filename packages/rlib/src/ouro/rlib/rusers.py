"""The users and groups that the system knows."""

from __future__ import annotations

import grp as host_grp
import pwd as host_pwd

from ouro.lltype import free, malloc
from ouro.rlib.rffi import CCHARP, LONGP, charpsize2str, library, scoped_str2charp

__all__ = [
    "Group",
    "User",
    "all_groups",
    "all_users",
    "group_by_id",
    "group_by_name",
    "user_by_id",
    "user_by_name",
]

# An entry is text: each field ends with NUL. A group has its members behind the three fields.
_SOURCE = r"""
static char *ouro_copy_fields(const char **fields, char **members, long *size)
{
    long total = 1;
    char *result, *where;
    int i;
    for (i = 0; fields[i]; i++)
        total += (long)strlen(fields[i]) + 1;
    for (i = 0; members && members[i]; i++)
        total += (long)strlen(members[i]) + 1;
    where = result = malloc(total);
    if (result == NULL)
        return NULL;
    for (i = 0; fields[i]; i++)
        where = stpcpy(where, fields[i]) + 1;
    for (i = 0; members && members[i]; i++)
        where = stpcpy(where, members[i]) + 1;
    *size = where - result;
    return result;
}

static char *ouro_user(struct passwd *user, long *size)
{
    char uid[32], gid[32];
    const char *fields[8];
    if (user == NULL)
        return NULL;
    snprintf(uid, sizeof uid, "%lu", (unsigned long)user->pw_uid);
    snprintf(gid, sizeof gid, "%lu", (unsigned long)user->pw_gid);
    fields[0] = user->pw_name;
    fields[1] = user->pw_passwd ? user->pw_passwd : "";
    fields[2] = uid;
    fields[3] = gid;
    fields[4] = user->pw_gecos ? user->pw_gecos : "";
    fields[5] = user->pw_dir ? user->pw_dir : "";
    fields[6] = user->pw_shell ? user->pw_shell : "";
    fields[7] = NULL;
    return ouro_copy_fields(fields, NULL, size);
}

static char *ouro_group(struct group *group, long *size)
{
    char gid[32];
    const char *fields[4];
    if (group == NULL)
        return NULL;
    snprintf(gid, sizeof gid, "%lu", (unsigned long)group->gr_gid);
    fields[0] = group->gr_name;
    fields[1] = group->gr_passwd ? group->gr_passwd : "";
    fields[2] = gid;
    fields[3] = NULL;
    return ouro_copy_fields(fields, group->gr_mem, size);
}

/* What to ask for: a name, or a number where there is no name. NULL where nothing is found. */
char *ouro_find_user(const char *name, long number, long *size)
{
    return ouro_user(name ? getpwnam(name) : getpwuid((uid_t)number), size);
}

char *ouro_find_group(const char *name, long number, long *size)
{
    return ouro_group(name ? getgrnam(name) : getgrgid((gid_t)number), size);
}

/* The next of all: start with `first`; NULL at the end. */
char *ouro_next_user(int first, long *size)
{
    char *result;
    if (first)
        setpwent();
    result = ouro_user(getpwent(), size);
    if (result == NULL)
        endpwent();
    return result;
}

char *ouro_next_group(int first, long *size)
{
    char *result;
    if (first)
        setgrent();
    result = ouro_group(getgrent(), size);
    if (result == NULL)
        endgrent();
    return result;
}

void ouro_free_entry(char *entry)
{
    free(entry);
}
"""


def _entry(fields, size):
    data = "".join(str(field) + "\x00" for field in fields)
    buffer = malloc(CCHARP.TO, len(data) + 1, flavor="raw")
    for i, character in enumerate(data.encode("utf-8", "surrogateescape")):
        buffer[i] = chr(character)
    size[0] = len(data.encode("utf-8", "surrogateescape"))
    return buffer


def _nothing():
    raise OSError(0, "")


def _host_group_fields(group):
    return [*group[:3], *group.gr_mem]


def _host_finder(module, by_name, by_number, fields):
    def find(name, number, size):
        try:
            if name:
                text = "".join(name[i] for i in range(_length(name)))
                found = getattr(module, by_name)(text)
            else:
                found = getattr(module, by_number)(number)
        except KeyError:
            return _nothing()
        return _entry(fields(found), size)

    return find


def _length(raw):
    length = 0
    while raw[length] != "\x00":
        length += 1
    return length


def _host_lister(everything, fields):
    waiting = []

    def following(first, size):
        if first:
            waiting[:] = everything()
        if not waiting:
            return _nothing()
        return _entry(fields(waiting.pop(0)), size)

    return following


_libc = library(
    """
    char *ouro_find_user(const char *, long, long *);
    char *ouro_find_group(const char *, long, long *);
    char *ouro_next_user(int, long *);
    char *ouro_next_group(int, long *);
    void ouro_free_entry(char *);
    """,
    includes=["grp.h", "pwd.h", "stdio.h", "stdlib.h", "string.h", "sys/types.h"],
    defines=["_GNU_SOURCE"],
    source=_SOURCE,
    host={
        "ouro_find_user": _host_finder(host_pwd, "getpwnam", "getpwuid", list),
        "ouro_find_group": _host_finder(host_grp, "getgrnam", "getgrgid", _host_group_fields),
        "ouro_next_user": _host_lister(host_pwd.getpwall, list),
        "ouro_next_group": _host_lister(host_grp.getgrall, _host_group_fields),
        "ouro_free_entry": lambda entry: free(entry, flavor="raw"),
    },
)


class User:
    """An entry of the table of users, with the fields of `struct passwd`."""

    def __init__(self, fields):
        self.name = fields[0]
        self.password = fields[1]
        self.uid = int(fields[2])
        self.gid = int(fields[3])
        self.gecos = fields[4]
        self.directory = fields[5]
        self.shell = fields[6]


class Group:
    """An entry of the table of groups."""

    def __init__(self, fields):
        self.name = fields[0]
        self.password = fields[1]
        self.gid = int(fields[2])
        self.members = fields[3:]


def _take(entry, size):
    # the fields of an entry, which is freed
    text = charpsize2str(entry, size[0])
    _libc.ouro_free_entry(entry)
    fields = text.split("\x00")
    fields.pop()
    return fields


def _user(name, number):
    size = malloc(LONGP.TO, 1, flavor="raw", zero=True)
    try:
        with scoped_str2charp(name) as raw:
            entry = _libc.ouro_find_user(raw, number, size)
        return User(_take(entry, size)) if entry else None
    finally:
        free(size, flavor="raw")


def _group(name, number):
    size = malloc(LONGP.TO, 1, flavor="raw", zero=True)
    try:
        with scoped_str2charp(name) as raw:
            entry = _libc.ouro_find_group(raw, number, size)
        return Group(_take(entry, size)) if entry else None
    finally:
        free(size, flavor="raw")


def user_by_name(name):
    """The User, or None."""
    assert name is not None
    return _user(name, 0)


def user_by_id(number):
    """The User, or None."""
    return _user(None, number)


def group_by_name(name):
    """The Group, or None."""
    assert name is not None
    return _group(name, 0)


def group_by_id(number):
    """The Group, or None."""
    return _group(None, number)


def all_users():
    """A list of all."""
    size = malloc(LONGP.TO, 1, flavor="raw", zero=True)
    try:
        result = []
        entry = _libc.ouro_next_user(1, size)
        while entry:
            result.append(User(_take(entry, size)))
            entry = _libc.ouro_next_user(0, size)
        return result
    finally:
        free(size, flavor="raw")


def all_groups():
    """A list of all."""
    size = malloc(LONGP.TO, 1, flavor="raw", zero=True)
    try:
        result = []
        entry = _libc.ouro_next_group(1, size)
        while entry:
            result.append(Group(_take(entry, size)))
            entry = _libc.ouro_next_group(0, size)
        return result
    finally:
        free(size, flavor="raw")
