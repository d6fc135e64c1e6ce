"""``pwd``: the users."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.structure_object import define_structure
from ouro.interp_py27.vm.errors import key_error, type_error
from ouro.rlib import rusers

LARGEST = 2 ** 32 - 1

W_StructPasswd = define_structure(
    "pwd.struct_passwd",
    "pw_name pw_passwd pw_uid pw_gid pw_gecos pw_dir pw_shell".split(),
    doc="""pwd.struct_passwd: Results from getpw*() routines.

This object may be accessed either as a tuple of
  (pw_name,pw_passwd,pw_uid,pw_gid,pw_gecos,pw_dir,pw_shell)
or via the object attributes as named in the above tuple.""",
)


def wrap_user(user):
    return W_StructPasswd([
        space.newstr(user.name), space.newstr(user.password), space.newint(user.uid), space.newint(user.gid),
        space.newstr(user.gecos), space.newstr(user.directory), space.newstr(user.shell)])


def not_found(message):
    return key_error(space.newstr(message))


def getpwuid(w_uid):
    """getpwuid(uid) -> (pw_name,pw_passwd,pw_uid,
                  pw_gid,pw_gecos,pw_dir,pw_shell)
Return the password database entry for the given numeric user ID.
See help(pwd) for more on password database entries."""
    if space.is_float(w_uid):
        raise type_error("integer argument expected, got float")
    if not space.is_int(w_uid) and not space.is_long(w_uid):
        raise type_error("an integer is required")
    big = space.bigint_w(w_uid)
    if big.bit_length() > 32 or big.sign < 0 and big.toint() != -1:
        raise not_found("getpwuid(): uid not found")
    uid = big.toint() & LARGEST
    user = rusers.user_by_id(uid)
    if user is None:
        raise not_found("getpwuid(): uid not found: %d" % uid)
    return wrap_user(user)


def getpwnam(w_name):
    """getpwnam(name) -> (pw_name,pw_passwd,pw_uid,
                    pw_gid,pw_gecos,pw_dir,pw_shell)
Return the password database entry for the given user name.
See help(pwd) for more on password database entries."""
    if not space.is_text(w_name):
        raise type_error("getpwnam() argument 1 must be string, not " + space.type_name(w_name))
    name = space.text_w(w_name)
    if "\x00" in name:
        raise type_error("getpwnam() argument 1 must be string without null bytes, not " + space.type_name(w_name))
    user = rusers.user_by_name(name)
    if user is None:
        raise not_found("getpwnam(): name not found: " + name)
    return wrap_user(user)


def getpwall():
    """getpwall() -> list_of_entries
Return a list of all available password database entries, in arbitrary order.
See help(pwd) for more on password database entries."""
    return space.newlist([wrap_user(user) for user in rusers.all_users()])


define_module("pwd", {
    "getpwuid": getpwuid,
    "getpwnam": getpwnam,
    "getpwall": getpwall,
    "struct_passwd": W_StructPasswd,
    "struct_pwent": W_StructPasswd,
}, doc="""This module provides access to the Unix password database.
It is available on all Unix versions.

Password database entries are reported as 7-tuples containing the following
items from the password database (see `<pwd.h>'), in order:
pw_name, pw_passwd, pw_uid, pw_gid, pw_gecos, pw_dir, pw_shell.
The uid and gid items are integers, all others are strings. An
exception is raised if the entry asked for cannot be found.""")
