"""What was not closed is written when the program ends; dead files are closed; popen and fdopen in both directions."""
import _io
import posix

PATH = "/tmp/app_unclosed_%d" % posix.getpid()
child = posix.fork()
if child == 0:
    plain = open(PATH + "1", "w")
    plain.write("plain")
    binary = _io.open(PATH + "2", "wb")
    binary.write("binary")
    text = _io.open(PATH + "3", "w", encoding="utf-8")
    text.write(u"t\xebxt")
    raise SystemExit(7)
print posix.waitpid(child, 0)[1] >> 8
for number in "123":
    print repr(open(PATH + number).read())
    posix.unlink(PATH + number)

reader, writer = posix.pipe()
source = posix.fdopen(reader, "rU", 1)
target = posix.fdopen(writer, "w", 1)
print >>target, "one\rtwo\r"
target.write("\nthree")
target.close()
print source.readlines(), source.newlines
source.close()
lines = posix.popen("printf 'a\\nb\\n'")
print lines.readline(), list(lines), lines.close()
print posix.popen("kill -9 $$").close(), posix.popen("exit 2", "w").close()
