"""select, fcntl, pwd, grp and resource: what they give and refuse."""
import fcntl
import grp
import posix
import pwd
import resource
import select

# a descriptor 0 that is no terminal
posix.dup2(posix.open("/dev/null", posix.O_RDWR), 0)


def show(function, *arguments):
    try:
        result = function(*arguments)
    except BaseException as e:
        print arguments, type(e), e.args, e
    else:
        print arguments, repr(result)


show(select.select, 1, 2, 3)
show(select.select, [], [], [], -1)
show(select.select, [], [], [], 'x')
show(select.select, ['a'], [], [])
show(select.select, [-1], [], [])
show(select.select, [5000], [], [])
show(select.select, [], [], [], 0)
show(select.select, [], [], [], 1e100)
show(select.select, [], [], [], 1e19)


class N(object):
    def fileno(self):
        return 'x'
    def __repr__(self):
        return 'N'


show(select.select, [N()], [], [])


class N(object):
    def fileno(self):
        return 2**70
    def __repr__(self):
        return 'N'


show(select.select, [N()], [], [])
show(select.select, [2**70], [], [])
show(select.select, [], [1L], [], 0)
p = select.poll()
show(p.register, 'x')
show(p.register, -1)
show(p.register, 0, -1)
show(p.register, 0, 2**16)
show(p.register, 0, 2**70)
show(p.modify, 0, 1)
show(p.unregister, 0)
show(p.poll, 'x')
show(p.poll, 2**31)
show(p.poll, 2**70)
show(p.poll, 0)
show(p.poll, 0.5)
p.register(999)
show(p.poll)
e = select.epoll()
show(select.epoll, 0)
show(select.epoll, -2)
show(select.epoll, 'x')
show(e.register, 999)
show(e.register, 'x')
show(e.modify, 0, 1)
show(e.unregister, 0)
show(e.poll, 0, 0)
show(e.poll, 0, -2)
show(e.poll, 'x')
show(e.poll, 0)
print e.closed
e.close()
print e.closed
show(e.fileno)
show(e.poll)
show(e.register, 1)
show(e.close)
show(fcntl.fcntl, 0, 'x')
show(fcntl.fcntl, 'x', 1)
show(fcntl.fcntl, 999, 1)
show(fcntl.fcntl, 0, 1, 'x'*2000)
show(fcntl.fcntl, 0, 1, None)
show(fcntl.fcntl, 0, 1)
show(fcntl.fcntl, 0, 1, 'abc')
show(fcntl.ioctl, 0, 21505, 'x'*2000)
show(fcntl.ioctl, 0, 0x5413, 'x'*8)
show(fcntl.ioctl, 0, 0x5413, 1.5)
show(fcntl.flock, 999, 1)
show(fcntl.lockf, 0, 99)
show(fcntl.lockf, 999, 1)
show(fcntl.lockf, 0, 1, 'x')
show(fcntl.flock, -1, 1)
show(fcntl.fcntl, 2**40, 1)
show(fcntl.ioctl, 0, 2**40)
show(fcntl.ioctl, 0, -1)
show(pwd.getpwnam, 'nope')
show(pwd.getpwuid, 99999)
show(pwd.getpwuid, -1)
show(pwd.getpwuid, 2**70)
show(pwd.getpwuid, 'x')
show(pwd.getpwnam, 'root')
show(pwd.getpwnam, 3)
show(pwd.getpwuid, 2**32-1)
show(pwd.getpwuid, 2**32)
show(pwd.getpwuid, 1.5)
show(pwd.getpwuid, -2)
show(pwd.getpwnam, 'a\0b')
show(grp.getgrnam, 'nope')
show(grp.getgrgid, 99999)
show(grp.getgrgid, 'x')
show(grp.getgrgid, 0)
show(grp.getgrgid, 1.5)
show(grp.getgrgid, -1)
show(grp.getgrgid, 2**32)
show(resource.getrlimit, 99)
show(resource.setrlimit, 7, (1,))
show(resource.setrlimit, 7, (10, 5))
show(resource.setrlimit, 99, (1, 1))
show(resource.setrlimit, 7, 3)
show(resource.getrusage, 99)
show(resource.getrlimit, 0)
show(resource.setrlimit, 7, ('a', 1))
show(resource.setrlimit, 7, (2**70, 1))
print repr(resource.RLIM_INFINITY), len(resource.getrusage(0))
print grp.getgrall()[:3], pwd.getpwall()[2:5], resource.getpagesize()
for m in select, fcntl, resource:
    print [n for n in sorted(dir(m)) if not n.startswith('__')]
