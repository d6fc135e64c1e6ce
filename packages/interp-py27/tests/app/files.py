"""The file type: reading, writing, positions, newlines, errors, iteration, subclasses, descriptors."""
import posix
import sys

PATH = "/tmp/app_files_%d" % posix.getpid()


def attempt(function, *args):
    try:
        print repr(function(*args))
    except Exception as error:
        print type(error).__name__, str(error).replace(PATH, "PATH")


f = open(PATH, "w")
print f.closed, f.mode, f.name == PATH, f.encoding, f.errors, f.newlines, f.softspace
f.write("one\ntwo\r\nthree\rfour")
f.writelines(["\n", u"five", buffer("six")])
print f.tell()
attempt(f.read)
attempt(f.write, 1)
attempt(f.write, u"\xe9")
attempt(f.writelines, 1)
attempt(f.writelines, [1])
attempt(setattr, f, "mode", 1)
attempt(setattr, f, "closed", 1)
attempt(setattr, f, "other", 1)
attempt(setattr, f, "softspace", "a")
f.close()
f.close()
print f.closed, repr(f)[:7]
for method in "read readline readlines next tell flush fileno isatty xreadlines __enter__ __iter__".split():
    attempt(getattr(f, method))

f = open(PATH)
attempt(f.write, "x")
print f.read(4), repr(f.readline()), f.tell()
f.seek(0)
print list(f)
f.seek(-3, 2)
print f.read(), repr(f.read())
f.seek(0)
print f.next(),
attempt(f.readline)
attempt(f.seek, 0, 7)
f.close()

with open(PATH, "rU") as f:
    print f.newlines, f.readlines(), f.newlines
print f.closed
with open(PATH, "r+b") as f:
    f.seek(4)
    f.write("TWO")
    f.seek(0)
    data = bytearray(7)
    print f.readinto(data), data
    f.truncate(5)
    f.seek(0, 2)
    print f.tell()
with open(PATH, "a") as f:
    print f.tell()
    f.write("appended")
print open(PATH).read()

attempt(open, "/nonexistent")
attempt(open, "/tmp")
attempt(open, PATH, "q")
attempt(open, PATH, "")
attempt(open, PATH, "Uw")
attempt(open, "a\0b")
attempt(open, 5)
attempt(open)


class Shout(file):
    level = 1

    def write(self, text):
        file.write(self, text.upper())


f = Shout(PATH, "w", 0)
f.level = 2
print >>f, "loud", 3, u"unicode"
print >>f
f.close()
print open(PATH).readlines(), f.level
empty = file.__new__(file)
print empty.closed, empty.mode
attempt(empty.read)

for size in [1, 100, 8191, 8192, 8193, 100000]:
    text = "x" * size + "\n"
    f = open(PATH, "wb")
    for i in range(3):
        f.write(text)
    f.close()
    print [len(line) for line in open(PATH)], len(open(PATH).read()), len(open(PATH).readline()),
    print len(open(PATH).read(size + 1)), len(open(PATH).readlines()), len(open(PATH).readline(5))

attempt(posix.fdopen, 99)
attempt(posix.fdopen, 0, "q")
fd = posix.open(PATH, 0)
attempt(posix.fdopen, fd, "w")
print repr(posix.fdopen(fd))[:24]
p = posix.popen("echo to; exit 3")
print p.read(), p.close()
p = posix.popen("cat >/dev/null", "w")
p.write("text")
print p.close()
with posix.tmpfile() as f:
    f.write("temporary")
    f.seek(0)
    print f.read()
print sys.stdin.name, sys.stdin.mode, sys.stdout.mode, sys.stderr.name
sys.stdout.softspace = 0
print max(open("/dev/null").fileno() for i in xrange(3000)) < 1000
posix.unlink(PATH)
