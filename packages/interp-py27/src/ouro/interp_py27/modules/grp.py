"""``grp``: the groups of users."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.structure_object import define_structure
from ouro.interp_py27.vm.errors import key_error, overflow_error
from ouro.rlib import rusers

LARGEST = 2 ** 32 - 1

W_StructGroup = define_structure(
    "grp.struct_group",
    "gr_name gr_passwd gr_gid gr_mem".split(),
    doc="""grp.struct_group: Results from getgr*() routines.

This object may be accessed either as a tuple of
  (gr_name,gr_passwd,gr_gid,gr_mem)
or via the object attributes as named in the above tuple.
""",
)


def wrap_group(group):
    members_w = [space.newstr(member) for member in group.members]
    return W_StructGroup([
        space.newstr(group.name), space.newstr(group.password), space.newint(group.gid), space.newlist(members_w)])


def not_found(message):
    return key_error(space.newstr(message))


def getgrgid(w_gid):
    """getgrgid(id) -> (gr_name,gr_passwd,gr_gid,gr_mem)
Return the group database entry for the given numeric group ID.  If
id is not valid, raise KeyError."""
    big = space.bigint_w(space.w_int.call_1(w_gid))
    if big.sign < 0 and (big.bit_length() > 1 or big.toint() != -1):
        raise overflow_error("group id is less than minimum")
    if big.bit_length() > 32:
        raise overflow_error("group id is greater than maximum")
    gid = big.toint() & LARGEST
    group = rusers.group_by_id(gid)
    if group is None:
        raise not_found("getgrgid(): gid not found: %d" % gid)
    return wrap_group(group)


def getgrnam(w_name):
    """getgrnam(name) -> (gr_name,gr_passwd,gr_gid,gr_mem)
Return the group database entry for the given group name.  If
name is not valid, raise KeyError."""
    name = space.str_text(w_name)
    group = rusers.group_by_name(name)
    if group is None:
        raise not_found("getgrnam(): name not found: " + space.until_nul(name))
    return wrap_group(group)


def getgrall():
    """getgrall() -> list of tuples
Return a list of all available group entries, in arbitrary order.
An entry whose name starts with '+' or '-' represents an instruction
to use YP/NIS and may not be accessible via getgrnam or getgrgid."""
    return space.newlist([wrap_group(group) for group in rusers.all_groups()])


define_module("grp", {
    "getgrgid": getgrgid,
    "getgrnam": getgrnam,
    "getgrall": getgrall,
    "struct_group": W_StructGroup,
}, doc="""Access to the Unix group database.

Group entries are reported as 4-tuples containing the following fields
from the group database, in order:

  gr_name   - name of the group
  gr_passwd - group password (encrypted); often empty
  gr_gid    - numeric ID of the group
  gr_mem    - list of members

The gid is an integer, name and password are strings.  (Note that most
users are not explicitly listed as members of the groups they are in
according to the password database.  Check both databases to get
complete membership information.)""")
