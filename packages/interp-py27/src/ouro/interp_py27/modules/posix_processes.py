"""The part of ``posix`` about children with what they used, groups of the process, and terminals."""

from ouro.interp_py27.modules.operator import is_sequence
from ouro.interp_py27.modules.posix_system import NOT_AN_INTEGER, failed, id_argument
from ouro.interp_py27.modules.resource import usage_object
from ouro.interp_py27.objects import space
from ouro.interp_py27.vm.errors import type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.import_lock import import_lock
from ouro.rlib import rposix_system

MOST_GROUPS = 65536


def wait_for(pid, options):
    try:
        found, status, usage = rposix_system.wait4(pid, options)
    except OSError as error:
        raise failed(error)
    return space.newtuple([space.newint(found), space.newint(status), usage_object(usage)])


@unwrap_spec(options="c_int")
def wait3(options):
    """wait3(options) -> (pid, status, rusage)\n\nWait for completion of a child process."""
    return wait_for(-1, options)


@unwrap_spec(pid="c_int", options="c_int")
def wait4(pid, options):
    """wait4(pid, options) -> (pid, status, rusage)\n\nWait for completion of a given child process."""
    return wait_for(pid, options)


def openpty():
    """openpty() -> (master_fd, slave_fd)

Open a pseudo-terminal, returning open fd's for both master and slave end.
"""
    try:
        master, slave = rposix_system.openpty()
    except OSError as error:
        raise failed(error)
    return space.newtuple([space.newint(master), space.newint(slave)])


def forkpty():
    """forkpty() -> (pid, master_fd)

Fork a new process with a new pseudo-terminal as controlling tty.

Like fork(), return 0 as pid to child process, and PID of child to parent.
To both, return fd of newly opened pseudo-terminal.
"""
    # As for `fork`, no other thread is in the middle of an import.
    import_lock.acquire()
    try:
        try:
            pid, master = rposix_system.forkpty()
        except OSError as error:
            raise failed(error)
        if pid == 0:
            space.after_fork()
    finally:
        import_lock.release()
    return space.newtuple([space.newint(pid), space.newint(master)])


def getlogin():
    """getlogin() -> string\n\nReturn the actual login name."""
    try:
        return space.newstr(rposix_system.getlogin())
    except OSError as error:
        raise failed(error)


def ctermid():
    """ctermid() -> string\n\nReturn the name of the controlling terminal for this process."""
    return space.newstr(rposix_system.ctermid())


@unwrap_spec(username=str)
def initgroups(username, w_gid):
    """initgroups(username, gid) -> None

Call the system initgroups() to initialize the group access list with all of
the groups of which the specified username is a member, plus the specified
group id."""
    group = id_argument(w_gid, "group", NOT_AN_INTEGER)
    try:
        rposix_system.initgroups(username, group)
    except OSError as error:
        raise failed(error)


def setgroups(w_list):
    """setgroups(list)\n\nSet the groups of the current process to list."""
    if not is_sequence(w_list):
        raise type_error("setgroups argument must be a sequence")
    if space.len_w(w_list) > MOST_GROUPS:
        raise value_error("too many groups")
    groups = []
    for i in range(space.len_w(w_list)):
        groups.append(id_argument(space.getitem(w_list, space.newint(i)), "group", "groups must be integers"))
    try:
        rposix_system.setgroups(groups)
    except OSError as error:
        raise failed(error)


FUNCTIONS = dict(
    wait3=wait3, wait4=wait4, openpty=openpty, forkpty=forkpty, getlogin=getlogin, ctermid=ctermid,
    initgroups=initgroups, setgroups=setgroups,
)  # fmt: skip
