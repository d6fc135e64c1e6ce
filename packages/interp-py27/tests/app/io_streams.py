"""The module _io: raw, buffered and text streams, in memory and over files."""
import _io
import posix

PATH = "/tmp/app_io_streams_%d" % posix.getpid()


def attempt(function, *args, **keywords):
    try:
        print repr(function(*args, **keywords)).split(" at 0x")[0]
    except Exception as error:
        print type(error).__name__, str(error).replace(PATH, "PATH")


memory = _io.BytesIO("one\ntwo\nthree")
print memory.readline(), memory.tell(), memory.read(2), memory.readlines(), memory.seek(-2, 2), memory.read()
memory.seek(4)
print memory.write("TWO"), memory.getvalue(), memory.truncate(9), memory.seek(20), memory.write("x")
print repr(memory.getvalue())
attempt(memory.write, u"x")
attempt(memory.write, 1)
attempt(memory.seek, -1)
attempt(memory.seek, 0, 5)
data = bytearray(4)
memory.seek(0)
print memory.readinto(data), data, list(memory)
memory.close()
attempt(memory.read)

text = _io.StringIO(u"h\xe9llo\nw\u1234rld\r\nlast")
print repr(text.readline()), text.tell(), repr(text.read(3)), repr(text.readline()), text.newlines
text.seek(1)
text.write(u"EE")
print repr(text.getvalue()), text.tell(), repr(text.readline(2))
attempt(text.write, "bytes")
attempt(_io.StringIO, u"", "x")
for newline in [None, "", "\n", "\r", "\r\n"]:
    text = _io.StringIO(u"a\nb\rc\r\nd", newline)
    print repr(newline), repr(text.getvalue()), text.readlines(), text.newlines


class Raw(_io._RawIOBase):
    def __init__(self, pieces):
        self.pieces = pieces
        self.written = []

    def readable(self):
        return True

    def writable(self):
        return True

    def readinto(self, target):
        if not self.pieces:
            return 0
        piece = self.pieces.pop(0)
        if piece is None:
            return None
        target[:len(piece)] = piece
        return len(piece)

    def write(self, data):
        self.written.append(data.tobytes())
        return len(data)


print repr(Raw(["ab", "cd"]).read()), repr(Raw(["ab", "cd"]).read(5)), Raw([None]).read(1)
reader = _io.BufferedReader(Raw(["abc", "d\ne", "f\n", None, "g"]))
print reader.peek(), reader.read(2), reader.read1(9), reader.readline(), reader.read(2), reader.read(), reader.read()
raw = Raw([])
writer = _io.BufferedWriter(raw, 4)
for piece in ["ab", "c", "de", "fghijkl", "m"]:
    writer.write(piece)
    print raw.written
writer.close()
print raw.written, writer.closed
attempt(writer.write, "x")
attempt(reader.write, "x")
attempt(_io.BufferedReader, Raw([]), 0)
attempt(reader.seek, 0)
pair = _io.BufferedRWPair(Raw(["in"]), Raw([]))
print pair.read(), pair.write("out"), pair.closed

with _io.open(PATH, "w+b") as f:
    print type(f).__name__, f.write("0123456789"), f.seek(2), f.read(3), f.tell(), f.write("xy"), f.read(), f.tell()
    f.seek(0)
    print f.read(), f.truncate(4), f.seek(0, 2), f.name == PATH, f.mode
with _io.open(PATH, "w", encoding="utf-8") as f:
    print type(f).__name__, f.write(u"z\xfcrich\nb\xe2le\r\nbern"), f.encoding, f.errors, f.line_buffering
with _io.open(PATH, "rb") as f:
    print repr(f.read()), f.raw.closefd
for newline in [None, "", "\n", "\r\n"]:
    with _io.open(PATH, encoding="utf-8", newline=newline) as f:
        print repr(f.readline()), f.tell(), repr(f.read(3)), f.tell(), list(f), f.newlines
        print f.seek(9), repr(f.read(2)), f.seek(0, 2), repr(f.read())
with _io.open(PATH, encoding="ascii") as f:
    attempt(f.read)
with _io.open(PATH, encoding="utf-16", mode="w+") as f:
    f.write(u"ab\ncd")
    f.seek(0)
    print repr(f.readline()), f.tell(), repr(f.read())
attempt(_io.open, "/nonexistent")
attempt(_io.open, PATH, "rw")
attempt(_io.open, PATH, "rb", encoding="ascii")
attempt(_io.open, PATH, "r", 0)
attempt(_io.FileIO, -1)
attempt(_io.FileIO, PATH, "q")
raw = _io.FileIO(PATH, "w")
print raw.mode, raw.readable(), raw.writable(), raw.seekable(), raw.write("abc"), raw.tell()
attempt(raw.read)
raw.close()
attempt(raw.write, "x")
decoder = _io.IncrementalNewlineDecoder(None, True)
print repr(decoder.decode(u"a\r")), repr(decoder.decode(u"\nb\n")), decoder.newlines, decoder.getstate()
try:
    raise _io.BlockingIOError(11, "busy", 3)
except IOError as error:
    print error, error.characters_written, type(error)
print issubclass(_io.UnsupportedOperation, ValueError), issubclass(_io.UnsupportedOperation, IOError)
attempt(_io._IOBase().seek)
attempt(_io._IOBase().fileno)
posix.unlink(PATH)
