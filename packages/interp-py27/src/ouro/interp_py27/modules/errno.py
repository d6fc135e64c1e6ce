"""``errno``: the numbers of the system's errors by name."""

import errno as host_errno

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module

NUMBERS = {name: number for name, number in vars(host_errno).items() if name.startswith("E")}
NAMES = {number: name for name, number in sorted(NUMBERS.items(), reverse=True)}
NAMES.update(host_errno.errorcode)
NAME_LIST = sorted(NAMES.items())


def fill_errorcode(w_module):
    """``errorcode``: the names by number."""
    w_table = space.newdict()
    for number, name in NAME_LIST:
        space.setitem(w_table, space.newint(number), space.newstr(name))
    w_module.w_dict.setitem_str("errorcode", w_table)


define_module("errno", NUMBERS, startup=fill_errorcode)
