"""``marshal``: reading and writing objects in the format of ``.pyc`` files."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.vm.errors import type_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.marshalling import VERSION, FileReader, ObjectReader, marshal_dump, marshal_load


@unwrap_spec(version=int)
def dump(w_value, w_file, version=VERSION):
    """dump(value, file[, version])

Write the value on the open file. The value must be a supported type.
The file must be an open file object such as sys.stdout or returned by
open() or os.popen(). It must be opened in binary mode ('wb' or 'w+b')."""
    if not space.is_file(w_file):
        raise type_error("marshal.dump() 2nd arg must be file")
    space.getattr_str(w_file, "write").call_1(space.newstr(marshal_dump(w_value, version)))


def load(w_file):
    """load(file)

Read one value from the open file and return it. If no valid value is
read, raise EOFError, ValueError or TypeError. The file must be an open
file object opened in binary mode ('rb' or 'r+b')."""
    if not space.is_file(w_file):
        raise type_error("marshal.load() arg must be file")
    return marshal_load(FileReader(w_file))


@unwrap_spec(version=int)
def dumps(w_value, version=VERSION):
    """dumps(value[, version])

Return the string that would be written to a file by dump(value, file)."""
    return space.newstr(marshal_dump(w_value, version))


@unwrap_spec(data="buffer")
def loads(data):
    """loads(string)

Convert the string to a value. If no valid value is found, raise
EOFError, ValueError or TypeError. Extra characters in the string are
ignored."""
    return marshal_load(ObjectReader(data, 0))


define_module("marshal", {"dump": dump, "load": load, "dumps": dumps, "loads": loads, "version": VERSION},
              doc="""This module contains functions that can read and write Python values in
a binary format. The format is specific to Python, but independent of
machine architecture issues.""")
