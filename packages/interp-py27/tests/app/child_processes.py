"""Children with what they used, pseudo-terminals, groups."""

import os
import posix


def attempt(function, *arguments):
    try:
        print function.__name__, function(*arguments)
    except Exception as error:
        print function.__name__, type(error).__name__, error


for wait in [lambda pid: os.wait3(0), lambda pid: os.wait4(pid, 0)]:
    pid = os.fork()
    if not pid:
        os._exit(3)
    found, status, usage = wait(pid)
    print found == pid, os.WEXITSTATUS(status), type(usage), len(usage), usage.ru_maxrss > 0

attempt(os.wait3, 0)
attempt(os.wait4, 1, "a")
attempt(os.wait3)
master, slave = os.openpty()
print os.isatty(master), os.isatty(slave)
os.write(slave, "text\n")
print repr(os.read(master, 20))
pid, master = os.forkpty()
if not pid:
    os.write(1, "%s" % os.isatty(0))
    os._exit(0)
print os.read(master, 4), os.waitpid(pid, 0)[1]
attempt(os.ctermid)
for groups in [5, [1.5], ["a"], [2 ** 70], [2 ** 40], range(70000), iter([1]), {}]:
    try:
        os.setgroups(groups)
    except (TypeError, ValueError, OverflowError) as error:
        print type(error).__name__, error
attempt(os.initgroups, 1, 2)
attempt(os.initgroups, "a", "b")
attempt(os.initgroups, "root", -5)
attempt(os.getlogin, 1)
