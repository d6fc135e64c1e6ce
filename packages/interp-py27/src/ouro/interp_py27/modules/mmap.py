"""``mmap``: files and anonymous memory mapped into the process, seen as a string that can be written and as a file."""

import mmap as host_mmap

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.buffers import Buffer
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.support import new_exception_class
from ouro.interp_py27.vm.argument import named_arguments
from ouro.interp_py27.vm.errors import OperationError, index_error, overflow_error, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec, wrong_kind
from ouro.interp_py27.vm.typedef import define_type
from ouro.rlib import rmapping, rposix, rresource
from ouro.rlib.rstring import StringBuilder

NAMES = """
MAP_ANON MAP_ANONYMOUS MAP_DENYWRITE MAP_EXECUTABLE MAP_PRIVATE MAP_SHARED PROT_EXEC PROT_READ PROT_WRITE
""".split()
CONSTANTS = {name: int(getattr(host_mmap, name)) for name in NAMES if hasattr(host_mmap, name)}
MAP_ANONYMOUS = CONSTANTS["MAP_ANONYMOUS"]
MAP_PRIVATE = CONSTANTS["MAP_PRIVATE"]
MAP_SHARED = CONSTANTS["MAP_SHARED"]
PROT_READ = CONSTANTS["PROT_READ"]
PROT_WRITE = CONSTANTS["PROT_WRITE"]

ACCESS_DEFAULT = 0
ACCESS_READ = 1
ACCESS_WRITE = 2
ACCESS_COPY = 3

NO_FILE = -1
LARGEST = 2 ** 63 - 1

w_mmap_error = new_exception_class("mmap.error", space.w_EnvironmentError)


def failure(number):
    return OperationError(w_mmap_error, space.system_error_arguments(number, None))


class W_Mmap(W_Root):
    """A mapping with a position. `fd` is the mapping's own descriptor of the file, or NO_FILE."""

    _attrs_ = ("mapping", "fd", "offset", "access", "position")

    def __init__(self, mapping, fd, offset, access):
        self.mapping = mapping
        self.fd = fd
        self.offset = offset
        self.access = access
        self.position = 0

    def memory(self):
        """The mapping, which must be open."""
        if not self.mapping.is_open():
            raise value_error("mmap closed or invalid")
        return self.mapping

    def check_writable(self):
        if self.access == ACCESS_READ:
            raise type_error("mmap can't modify a readonly memory map.")

    def remaining(self):
        """How many bytes there are from the position on, which a resize may have left behind the end."""
        return max(self.mapping.size - self.position, 0)

    def close(self):
        self.mapping.close()
        if self.fd != NO_FILE:
            fd = self.fd
            self.fd = NO_FILE
            rposix.close(fd)

    def finalize(self):
        try:
            self.close()
        except OSError:
            pass  # nobody is there to be told

    def get_buffer(self):
        return MmapBuffer(self)


W_MmapUser = make_user_class(W_Mmap)


class MmapBuffer(Buffer):
    """The memory of a mapping; it follows resizes, and fails once the mapping is closed."""

    _attrs_ = ("w_mmap",)
    modern = False

    def __init__(self, w_mmap):
        self.w_mmap = w_mmap
        self.readonly = w_mmap.access == ACCESS_READ

    def length(self):
        return self.w_mmap.memory().size

    def get(self, index):
        mapping = self.w_mmap.memory()
        return mapping.get(index) if index < mapping.size else "\x00"

    def set(self, index, character):
        mapping = self.w_mmap.memory()
        if index < mapping.size:
            mapping.set(index, character)

    def text(self, start, stop):
        mapping = self.w_mmap.memory()
        if stop > mapping.size:
            return Buffer.text(self, start, stop)
        return mapping.text(start, stop)

    def store(self, start, data):
        mapping = self.w_mmap.memory()
        if start + len(data) > mapping.size:
            Buffer.store(self, start, data)
        else:
            mapping.store(start, data)


# ---- making


def optional_c_int(w_value, default):
    return default if w_value is None else space.arg_c_int_w(w_value)


def mmap_new(w_subtype, __args__):
    arguments_w = named_arguments(__args__, "", ["fileno", "length", "flags", "prot", "access", "offset"], 2)
    w_fileno, w_length, w_flags, w_prot, w_access, w_offset = fixed_six(arguments_w)
    fd = space.arg_c_int_w(w_fileno)
    size = space.arg_int_w(w_length)
    flags = optional_c_int(w_flags, MAP_SHARED)
    protection = optional_c_int(w_prot, PROT_READ | PROT_WRITE)
    access = optional_c_int(w_access, ACCESS_DEFAULT)
    offset = 0 if w_offset is None else space.arg_int_w(w_offset)
    if size < 0:
        raise overflow_error("memory mapped length must be positive")
    if offset < 0:
        raise overflow_error("memory mapped offset must be positive")
    if access != ACCESS_DEFAULT:
        if flags != MAP_SHARED or protection != PROT_READ | PROT_WRITE:
            raise value_error("mmap can't specify both access and flags, prot.")
        if access == ACCESS_READ:
            protection = PROT_READ
        elif access == ACCESS_COPY:
            flags = MAP_PRIVATE
        elif access != ACCESS_WRITE:
            raise value_error("mmap invalid access parameter.")
    elif not protection & PROT_WRITE:
        access = ACCESS_READ
    elif not protection & PROT_READ:
        access = ACCESS_WRITE
    size = checked_size(fd, size, offset)
    return new_mapping(w_subtype, fd, size, protection, flags, offset, access)


def fixed_six(items_w):
    return items_w[0], items_w[1], items_w[2], items_w[3], items_w[4], items_w[5]


def checked_size(fd, size, offset):
    """The size of the mapping, 0 standing for the rest of a regular file; other files and bad descriptors pass."""
    if fd == NO_FILE:
        return size
    try:
        status = rposix.fstat(fd)
    except OSError:
        return size
    if not status.is_regular():
        return size
    available = status.st_size
    if size == 0:
        if available == 0:
            raise value_error("cannot mmap an empty file")
        if offset >= available:
            raise value_error("mmap offset is greater than file size")
        return available - offset
    if offset > available or available - offset < size:
        raise value_error("mmap length is greater than file size")
    return size


def new_mapping(w_subtype, fd, size, protection, flags, offset, access):
    own_fd = NO_FILE
    try:
        if fd == NO_FILE:
            flags |= MAP_ANONYMOUS
        else:
            own_fd = rposix.dup(fd)
        mapping = rmapping.map_memory(own_fd, size, protection, flags, offset)
    except OSError as error:
        if own_fd != NO_FILE:
            rposix.close(own_fd)
        raise failure(error.errno)
    if w_subtype is W_Mmap.w_builtin_type:
        w_mmap = W_Mmap(mapping, own_fd, offset, access)
    else:
        w_mmap = W_MmapUser(mapping, own_fd, offset, access)
        space.check_subtype(w_subtype, W_Mmap.w_builtin_type)
        space.init_user(w_mmap, w_subtype)
    space.register_finalizer(w_mmap)
    return w_mmap


def mmap_close(self):
    try:
        self.close()
    except OSError as error:
        raise failure(error.errno)


# ---- as a file


def data_argument(w_data, function_name):
    """The bytes of a str or of memory that is not locked while in use."""
    if space.is_text(w_data):
        return space.text_w(w_data)
    buffer = w_data.get_buffer()
    if buffer is None or not buffer.old or space.is_bytearray(w_data):
        raise type_error("%s() argument 1 must be string or read-only buffer, not %s" % (
            function_name, "None" if space.is_none(w_data) else space.type_name(w_data)))
    return buffer.all_text()


@unwrap_spec(count=int)
def mmap_read(self, count):
    mapping = self.memory()
    remaining = self.remaining()
    if count < 0 or count > remaining:
        count = remaining
    start = self.position
    self.position += count
    return space.newstr(mapping.text(start, start + count))


def mmap_read_byte(self):
    mapping = self.memory()
    if self.remaining() == 0:
        raise value_error("read byte out of range")
    character = mapping.get(self.position)
    self.position += 1
    return space.newstr(character)


def mmap_readline(self):
    mapping = self.memory()
    start = self.position
    stop = start + self.remaining()
    newline = mapping.find_character("\n", start, stop)
    if newline >= 0:
        stop = newline + 1
    self.position = stop
    return space.newstr(mapping.text(start, stop))


def mmap_write(self, w_data):
    self.memory()
    data = data_argument(w_data, "write")
    mapping = self.memory()
    self.check_writable()
    if len(data) > mapping.size - self.position:
        raise value_error("data out of range")
    mapping.store(self.position, data)
    self.position += len(data)


def mmap_write_byte(self, w_byte):
    mapping = self.memory()
    if not space.is_str(w_byte) or space.len_w(w_byte) != 1:
        raise wrong_kind("write_byte() argument 1 ", "char", w_byte)
    self.check_writable()
    if self.remaining() == 0:
        raise value_error("write byte out of range")
    mapping.set(self.position, space.bytes_w(w_byte))
    self.position += 1


@unwrap_spec(distance=int, whence=int)
def mmap_seek(self, distance, whence=0):
    mapping = self.memory()
    if whence == 0:
        base = 0
    elif whence == 1:
        base = self.position
    elif whence == 2:
        base = mapping.size
    else:
        raise value_error("unknown seek type")
    if distance < -base or distance > mapping.size - base:
        raise value_error("seek out of range")
    self.position = base + distance


def mmap_tell(self):
    self.memory()
    return space.newint(self.position)


def mmap_size(self):
    self.memory()
    try:
        return space.newint(rposix.fstat(self.fd).st_size)
    except OSError as error:
        raise failure(error.errno)


@unwrap_spec(size=int)
def mmap_resize(self, size):
    mapping = self.memory()
    if self.access == ACCESS_READ or self.access == ACCESS_COPY:
        raise type_error("mmap can't resize a readonly or copy-on-write memory map.")
    if size < 0 or size > LARGEST - self.offset:
        raise value_error("new size out of range")
    try:
        if self.fd != NO_FILE:
            rposix.ftruncate(self.fd, self.offset + size)
        mapping.resize(size)
    except OSError as error:
        raise failure(error.errno)


@unwrap_spec(target=int, source=int, count=int)
def mmap_move(self, target, source, count):
    mapping = self.memory()
    self.check_writable()
    size = mapping.size
    if target < 0 or source < 0 or count < 0 or count > size - target or count > size - source:
        raise value_error("source, destination, or count out of range")
    mapping.move(target, source, count)


def mmap_flush(self, w_offset=None, w_size=None):
    mapping = self.memory()
    offset = 0 if w_offset is None else space.arg_int_w(w_offset)
    size = mapping.size if w_size is None else space.arg_int_w(w_size)
    if offset < 0 or size < 0 or size > mapping.size - offset:
        raise value_error("flush values out of range")
    if self.access == ACCESS_READ or self.access == ACCESS_COPY:
        return space.newlong_from_int(0)
    try:
        mapping.flush(offset, size)
    except OSError as error:
        raise failure(error.errno)
    return space.newint(0)


def bound(w_bound, default, size):
    """A bound of a search: negative ones count from the end, and all are clamped."""
    value = default if w_bound is None else space.arg_int_w(w_bound)
    if value < 0:
        value = max(value + size, 0)
    return min(value, size)


def mmap_find(self, w_text, w_start=None, w_stop=None):
    self.memory()
    text = data_argument(w_text, "find")
    mapping = self.memory()
    start = bound(w_start, self.position, mapping.size)
    stop = bound(w_stop, mapping.size, mapping.size)
    return space.newint(mapping.find(text, start, stop))


def mmap_rfind(self, w_text, w_start=None, w_stop=None):
    self.memory()
    text = data_argument(w_text, "rfind")
    mapping = self.memory()
    start = bound(w_start, self.position, mapping.size)
    stop = bound(w_stop, mapping.size, mapping.size)
    return space.newint(mapping.rfind(text, start, stop))


# ---- as a sequence


def mmap_len(self):
    return space.newint(self.memory().size)


def checked_index(w_index, size):
    index = space.index_w(w_index)
    if index < 0:
        index += size
    if index < 0 or index >= size:
        raise index_error("mmap index out of range")
    return index


def mmap_getitem(self, w_index):
    mapping = self.memory()
    if space.is_slice(w_index):
        start, step, count = space.slice_indices(w_index, mapping.size)
        if step == 1:
            return space.newstr(mapping.text(start, start + count))
        builder = StringBuilder(count)
        for _ in range(count):
            builder.append(mapping.get(start))
            start += step
        return space.newstr(builder.build())
    if not space.is_index(w_index):
        raise type_error("mmap indices must be integers")
    return space.newstr(mapping.get(checked_index(w_index, mapping.size)))


def mmap_setitem(self, w_index, w_value):
    mapping = self.memory()
    if space.is_slice(w_index):
        start, step, count = space.slice_indices(w_index, mapping.size)
        if not space.is_str(w_value):
            raise index_error("mmap slice assignment must be a string")
        data = space.bytes_w(w_value)
        if len(data) != count:
            raise index_error("mmap slice assignment is wrong size")
        self.check_writable()
        if step == 1:
            mapping.store(start, data)
            return
        for i in range(count):
            mapping.set(start, data[i])
            start += step
        return
    if not space.is_index(w_index):
        raise type_error("mmap indices must be integer")
    index = checked_index(w_index, mapping.size)
    if not space.is_str(w_value) or space.len_w(w_value) != 1:
        raise index_error("mmap assignment must be single-character string")
    self.check_writable()
    mapping.set(index, space.bytes_w(w_value))


def mmap_delitem(self, w_index):
    mapping = self.memory()
    if space.is_slice(w_index):
        space.slice_indices(w_index, mapping.size)
        raise type_error("mmap object doesn't support slice deletion")
    if not space.is_index(w_index):
        raise type_error("mmap indices must be integer")
    checked_index(w_index, mapping.size)
    raise type_error("mmap object doesn't support item deletion")


@unwrap_spec(start=int, stop=int)
def mmap_getslice(self, start, stop):
    return mmap_getitem(self, space.slice_between(start, stop))


@unwrap_spec(start=int, stop=int)
def mmap_setslice(self, start, stop, w_value):
    mmap_setitem(self, space.slice_between(start, stop), w_value)


@unwrap_spec(start=int, stop=int)
def mmap_delslice(self, start, stop):
    mmap_delitem(self, space.slice_between(start, stop))


define_type(W_Mmap, "mmap", dict(
    __new__=mmap_new,
    __doc__="""\
Windows: mmap(fileno, length[, tagname[, access[, offset]]])

Maps length bytes from the file specified by the file handle fileno,
and returns a mmap object.  If length is larger than the current size
of the file, the file is extended to contain length bytes.  If length
is 0, the maximum length of the map is the current size of the file,
except that if the file is empty Windows raises an exception (you cannot
create an empty mapping on Windows).

Unix: mmap(fileno, length[, flags[, prot[, access[, offset]]]])

Maps length bytes from the file specified by the file descriptor fileno,
and returns a mmap object.  If length is 0, the maximum length of the map
will be the current size of the file when mmap is called.
flags specifies the nature of the mapping. MAP_PRIVATE creates a
private copy-on-write mapping, so changes to the contents of the mmap
object will be private to this process, and MAP_SHARED creates a mapping
that's shared with all other processes mapping the same areas of the file.
The default value is MAP_SHARED.

To map anonymous memory, pass -1 as the fileno (both versions).""",
    __len__=mmap_len,
    __getitem__=mmap_getitem,
    __setitem__=mmap_setitem,
    __delitem__=mmap_delitem,
    __getslice__=mmap_getslice,
    __setslice__=mmap_setslice,
    __delslice__=mmap_delslice,
    close=mmap_close,
    find=mmap_find,
    flush=mmap_flush,
    move=mmap_move,
    read=mmap_read,
    read_byte=mmap_read_byte,
    readline=mmap_readline,
    resize=mmap_resize,
    rfind=mmap_rfind,
    seek=mmap_seek,
    size=mmap_size,
    tell=mmap_tell,
    write=mmap_write,
    write_byte=mmap_write_byte,
), module="mmap", user_class=W_MmapUser)


def add_page_size(w_module):
    """The size of a page is known at run time only."""
    w_size = space.newint(rresource.getpagesize())
    w_module.w_dict.setitem_str("PAGESIZE", w_size)
    w_module.w_dict.setitem_str("ALLOCATIONGRANULARITY", w_size)


define_module("mmap", dict(
    CONSTANTS, mmap=W_Mmap, error=w_mmap_error,
    ACCESS_READ=ACCESS_READ, ACCESS_WRITE=ACCESS_WRITE, ACCESS_COPY=ACCESS_COPY,
), startup=add_page_size)
