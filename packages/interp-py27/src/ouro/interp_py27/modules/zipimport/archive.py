"""The directory of a zip archive, and the files in it."""

from ouro.interp_py27.modules.zipimport.inflate import BadData, inflate
from ouro.interp_py27.objects import space
from ouro.rlib.rtime import CalendarTime, mktime

END_SIZE = 22
END_SIGNATURE = "PK\x05\x06"
ENTRY_SIZE = 46
ENTRY_SIGNATURE = "PK\x01\x02"
LOCAL_SIZE = 30
LOCAL_SIGNATURE = "PK\x03\x04"

STORED = 0
DEFLATED = 8


class BadArchive(Exception):
    def __init__(self, message):
        self.message = message


def number(data, position, size):
    """A little-endian number."""
    value = 0
    for i in range(size):
        value |= ord(data[position + i]) << (8 * i)
    return value


class Entry:
    """A file in an archive; the fields are those of the tuples in `zipimporter._files`."""

    def __init__(self, path, compression, data_size, file_size, offset, time, date, checksum):
        self.path = path
        self.compression = compression
        self.data_size = data_size
        self.file_size = file_size
        self.offset = offset
        self.time = time
        self.date = date
        self.checksum = checksum

    def seconds(self):
        """The modification time, which is kept as local time in steps of two seconds, since 1970; -1 if it is none."""
        calendar = CalendarTime(
            (self.date >> 9 & 0x7F) + 1980, self.date >> 5 & 0xF, self.date & 0x1F,
            self.time >> 11 & 0x1F, self.time >> 5 & 0x3F, (self.time & 0x1F) * 2, 0, 0, -1)
        try:
            return mktime(calendar)
        except OverflowError:
            return -1


class Archive:
    """`entries` by their names in the archive."""

    def __init__(self, path):
        self.path = path
        self.entries = {}


def read_archive(path):
    """Read the directory of the archive; raises BadArchive."""
    data = _read(path)
    end = len(data) - END_SIZE
    if end < 0 or _signature(data, end) != END_SIGNATURE:
        raise BadArchive("not a Zip file: '%s'" % path)
    directory_size = number(data, end + 12, 4)
    directory_offset = number(data, end + 16, 4)
    # Something may stand before the archive in the same file.
    archive_start = end - directory_offset - directory_size
    if archive_start < 0:
        raise BadArchive("bad central directory size or offset: '%s'" % path)
    archive = Archive(path)
    position = archive_start + directory_offset
    while position + ENTRY_SIZE <= end and _signature(data, position) == ENTRY_SIGNATURE:
        name_size = number(data, position + 28, 2)
        start = position + ENTRY_SIZE
        name = data[start:start + name_size]
        archive.entries[name] = Entry(
            path + "/" + name, number(data, position + 10, 2), number(data, position + 20, 4),
            number(data, position + 24, 4), archive_start + number(data, position + 42, 4),
            number(data, position + 12, 2), number(data, position + 14, 2), number(data, position + 16, 4))
        position = start + name_size + number(data, position + 30, 2) + number(data, position + 32, 2)
    return archive


def _read(path):
    try:
        return space.read_file(path)
    except OSError:
        raise BadArchive("can't open Zip file: '%s'" % path) from None


def _signature(data, position):
    assert position >= 0
    return data[position:position + 4]


def file_data(archive_path, entry):
    """The contents of a file; raises BadArchive."""
    data = _read(archive_path)
    position = entry.offset
    if position + LOCAL_SIZE > len(data) or _signature(data, position) != LOCAL_SIGNATURE:
        raise BadArchive("bad local file header in %s" % archive_path)
    position += LOCAL_SIZE + number(data, position + 26, 2) + number(data, position + 28, 2)
    if entry.compression == STORED:
        if position + entry.data_size > len(data):
            raise BadArchive("zipimport: can't read data")
        assert position >= 0
        return data[position:position + entry.data_size]
    if entry.compression != DEFLATED:
        raise BadArchive("unknown compression of %s" % entry.path)
    try:
        return inflate(data, position)
    except BadData:
        raise BadArchive("can't decompress %s" % entry.path) from None
