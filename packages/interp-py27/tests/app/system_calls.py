# The posix module below os: processes, files, the environment, errors.
import errno
import posix

where = posix.getcwd()
print posix.getpid() == posix.getpid(), posix.getppid() > 0
result = posix.stat("/")
print result.st_mode == result[0], len(result), repr(result)[:25]
print isinstance(result.st_mtime, float), isinstance(result[8], int)
print posix.stat_float_times(), posix.stat_float_times(False), isinstance(posix.stat("/").st_mtime, int)
posix.stat_float_times(True)

process = posix.fork()
if process == 0:
    posix._exit(3)
found, status = posix.waitpid(process, 0)
print found == process, status, posix.WIFEXITED(status), posix.WEXITSTATUS(status), posix.WIFSIGNALED(status)

for call in [
    lambda: posix.listdir("/does/not/exist"),
    lambda: posix.open("/does/not/exist", posix.O_RDONLY),
    lambda: posix.read(-1, 3),
    lambda: posix.mkdir("/"),
    lambda: posix.rename("/does/not/exist", "x"),
    lambda: posix.execv("/does/not/exist", []),
    lambda: posix.execv("/does/not/exist", 3),
    lambda: posix.sysconf("SC_NO_SUCH_NAME"),
    lambda: posix.kill(posix.getpid(), -1),
    lambda: posix.urandom(-1),
]:
    try:
        print call()
    except (OSError, TypeError, ValueError) as error:
        print type(error).__name__, error

reader, writer = posix.pipe()
print posix.write(writer, "through a pipe"), repr(posix.read(reader, 7)), repr(posix.read(reader, 100))
posix.close(writer)
print repr(posix.read(reader, 1))
posix.close(reader)
print posix.isatty(0) in (True, False), posix.strerror(errno.ENOENT), posix.uname()[0]
print len(posix.urandom(16)), posix.sysconf("SC_PAGESIZE"), posix.environ["PATH"] != ""
print posix.access("/", posix.R_OK), posix.access("/does/not/exist", posix.F_OK)
print posix.error is OSError, posix.system("exit 5") >> 8
