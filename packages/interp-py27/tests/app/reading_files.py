"""Large reads, lines by a hint, universal newlines over the ends of blocks, and what odd arguments are told."""

import io
import os
import tempfile

handle, path = tempfile.mkstemp()
os.close(handle)


def attempt(text):
    try:
        print text, repr(eval(text))
    except Exception as error:
        print text, type(error).__name__, error


def written(text):
    with open(path, "wb") as stream:
        stream.write(text)


lines = ["line %d %s" % (number, "x" * (60 + number % 90)) for number in xrange(1400)]
for newline in ["\n", "\r\n", "\r"]:
    text = newline.join(lines)
    written(text)
    for mode in ["r", "U"]:
        with open(path, mode) as stream:
            start = stream.read(10)
            rest = stream.read()
            print mode, len(start), len(rest), hash(start + rest), repr(stream.newlines), repr(stream.read()), stream.tell()
        with open(path, mode) as stream:
            parts = [len(stream.read(size)) for size in (1, 140000, 5, 30000, 10 ** 7, 10 ** 7)]
            print parts, stream.tell()
        with open(path, mode) as stream:
            print len(stream.readlines()), stream.readlines()
        with open(path, mode) as stream:
            print len(stream.readline()), [len(stream.readlines(hint)) for hint in (1, 8192, 8193, 20000, 10 ** 7, 1)]
written("a\nb\nc")
for hint in [0, 1, 2, 100, -1]:
    with open(path) as stream:
        print hint, stream.readlines(hint)
written("x" * 300000 + "\n" + "y" * 10)
with open(path, "r+") as stream:
    print len(stream.read(150000)), len(stream.readline()), stream.read()
    stream.write("more" * 100000)
    stream.seek(5)
    print len(stream.read(10 ** 9)), len(stream.readlines(5))
for text in ["open(path).write('a')", "open(path, 'a').write()", "open(path).readinto()",
             "os.chmod(path)", "os.chmod('/does/not/exist', 0)", "os.mkfifo(path)", "os.mkdir('/does/not/exist')"]:
    attempt(text)
for value in ["1.5", "1j", "'a'", "10**20", "-5", "True", "None"]:
    for call in ["io.BytesIO('abc').read(%s)", "io.BytesIO('abc').truncate(%s)", "io.StringIO(u'abc').readline(%s)",
                 "io.StringIO(u'abc').truncate(%s)", "io.TextIOWrapper(io.BytesIO('abc')).read(%s)"]:
        attempt(call % value)
print len("ab" * 50001), hash("ab" * 50001), hash("x" * 100003), ("abc" * 9000)[-7:], len((u"\u20ac1" * 7000).replace(u"1", u"")), "-" * 17
os.unlink(path)
