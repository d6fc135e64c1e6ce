"""Application objects in the marshal format of CPython 2.7: ``marshal`` and ``.pyc`` files."""

from ouro.interp_py27.compiler import MarshalInput, MarshalOutput, MarshalProblem
from ouro.interp_py27.modules.codecs.utf import decode_utf_8
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.bigint_object import W_Long
from ouro.interp_py27.objects.complex_object import W_Complex
from ouro.interp_py27.objects.dict_object import W_Dict
from ouro.interp_py27.objects.float_object import W_Float
from ouro.interp_py27.objects.int_object import W_Int
from ouro.interp_py27.objects.list_object import W_List
from ouro.interp_py27.objects.set_object import W_FrozenSet, W_Set
from ouro.interp_py27.objects.str_object import W_Str
from ouro.interp_py27.objects.tuple_object import W_Tuple
from ouro.interp_py27.objects.unicode_object import W_Unicode
from ouro.interp_py27.vm.code import PyCode
from ouro.interp_py27.vm.errors import operror

VERSION = 2
MAX_WRITE_DEPTH = 2000


def problem_error(problem):
    """The application exception of a MarshalProblem."""
    kind = problem.kind
    if kind == "EOFError":
        return operror(space.w_EOFError, problem.message)
    if kind == "TypeError":
        return operror(space.w_TypeError, problem.message)
    return operror(space.w_ValueError, problem.message)


def unmarshallable():
    return MarshalProblem("ValueError", "unmarshallable object")


class ObjectWriter(MarshalOutput):
    """Writes objects; `version` 0 does not share strings, and before 2 floats are text."""

    def __init__(self, version):
        MarshalOutput.__init__(self)
        self.version = version
        self.depth = 0

    def write(self, w_obj):
        self.depth += 1
        if self.depth > MAX_WRITE_DEPTH:
            raise MarshalProblem("ValueError", "object too deeply nested to marshal")
        if isinstance(w_obj, W_Int):
            self.write_int(w_obj.intval)
        elif isinstance(w_obj, W_Str):
            self.write_str(w_obj)
        elif isinstance(w_obj, W_Tuple):
            self.builder.append("(")
            self.write_items(w_obj.items_w)
        elif isinstance(w_obj, W_List):
            self.builder.append("[")
            self.write_items(space.unpack_list(w_obj)[:])
        elif isinstance(w_obj, W_Dict):
            self.write_dict(w_obj)
        elif isinstance(w_obj, W_Unicode):
            self.builder.append("u")
            self.write_sized(w_obj.utf8)
        elif isinstance(w_obj, W_Float):
            self.write_float(w_obj.floatval)
        elif isinstance(w_obj, W_Long):
            self.write_long(w_obj.big)
        elif isinstance(w_obj, PyCode):
            self.write_code(w_obj)
        elif isinstance(w_obj, W_Complex):
            self.write_complex(w_obj)
        elif isinstance(w_obj, W_Set):
            self.builder.append("<")
            self.write_items(w_obj.items_list()[:])
        elif isinstance(w_obj, W_FrozenSet):
            self.builder.append(">")
            self.write_items(w_obj.items_list()[:])
        else:
            self.write_rare(w_obj)
        self.depth -= 1

    def write_rare(self, w_obj):
        """The singletons, and anything with the buffer interface, which is read as str."""
        if w_obj is space.w_None:
            self.builder.append("N")
        elif w_obj is space.w_True:
            self.builder.append("T")
        elif w_obj is space.w_False:
            self.builder.append("F")
        elif w_obj is space.w_Ellipsis:
            self.builder.append(".")
        elif w_obj is space.w_StopIteration:
            self.builder.append("S")
        elif not space.is_unicode(w_obj) and space.has_buffer(w_obj):
            self.builder.append("s")
            self.write_sized(space.buffer_str_w(w_obj))
        else:
            raise unmarshallable()

    def write_str(self, w_obj):
        text = w_obj.value
        if self.version > 0 and space.is_interned(w_obj):
            self.write_interned(text)
        else:
            self.builder.append("s")
            self.write_sized(text)

    def write_float(self, value):
        if self.version > 1:
            self.builder.append("g")
            self.write_double(value)
        else:
            self.builder.append("f")
            self.write_text_double(value)

    def write_complex(self, w_obj):
        if self.version > 1:
            self.builder.append("y")
            self.write_double(w_obj.real)
            self.write_double(w_obj.imaginary)
        else:
            self.builder.append("x")
            self.write_text_double(w_obj.real)
            self.write_text_double(w_obj.imaginary)

    def write_items(self, items_w):
        self.write_number(len(items_w), 4)
        for w_item in items_w:
            self.write(w_item)

    def write_dict(self, w_dict):
        self.builder.append("{")
        for w_key in w_dict.keys_list():
            w_value = w_dict.getitem(w_key)
            if w_value is not None:
                self.write(w_key)
                self.write(w_value)
        self.builder.append("0")

    def write_plain(self, text):
        self.builder.append("s")
        self.write_sized(text)

    def write_name(self, name):
        if self.version > 0:
            self.write_interned(name)
        else:
            self.write_plain(name)

    def write_names(self, names):
        self.builder.append("(")
        self.write_number(len(names), 4)
        for name in names:
            self.write_name(name)

    def write_code(self, code):
        self.builder.append("c")
        self.write_number(code.argcount, 4)
        self.write_number(code.nlocals, 4)
        self.write_number(code.stacksize, 4)
        self.write_number(code.flags, 4)
        self.write_plain(code.plain_code())
        self.builder.append("(")
        self.write_items(code.consts_w)
        self.write_names(code.names)
        self.write_names(code.varnames)
        self.write_names(code.freevars)
        self.write_names(code.cellvars)
        self.write_plain(code.filename)
        self.write_name(code.name)
        self.write_number(code.firstlineno, 4)
        self.write_plain(code.lnotab)


class ObjectReader(MarshalInput):
    """Reads objects; None stands for the mark that ends a dictionary."""

    def __init__(self, data, position):
        MarshalInput.__init__(self, data, position)
        self.interned_w = []

    def read_object(self, what):
        """The next object, of which `what` is the container."""
        w_obj = self.read()
        if w_obj is None:
            raise MarshalProblem("TypeError", "NULL object in marshal data for " + what)
        return w_obj

    def read(self):
        self.enter()
        w_result = self.read_typed(self.take(1))
        self.depth -= 1
        return w_result

    def read_typed(self, kind):
        if kind == "t" or kind == "R":
            return self.read_interned(kind)
        if kind == "s":
            return space.newstr(self.take(self.read_size("string")))
        if kind == "i":
            return space.newint(self.read_number(4))
        if kind == "(":
            return space.newtuple(self.read_items("tuple"))
        if kind == "N":
            return space.w_None
        if kind == "c":
            return self.read_code()
        if kind == "u":
            text, _ = decode_utf_8(self.take(self.read_size("unicode")), "strict", True)
            return space.newunicode(text)
        if kind == "g":
            return space.newfloat(self.read_double())
        if kind == "[":
            return space.newlist(self.read_items("list"))
        if kind == "{":
            return self.read_dict()
        if kind == "l":
            return space.newlong(self.read_long())
        return self.read_rare(kind)

    def read_rare(self, kind):
        if kind == "0":
            return None
        if kind == "T":
            return space.w_True
        if kind == "F":
            return space.w_False
        if kind == "I":
            return space.newint(self.read_number(8))
        if kind == "f":
            return space.newfloat(self.read_text_double())
        if kind == "y":
            real = self.read_double()
            return space.newcomplex(real, self.read_double())
        if kind == "x":
            real = self.read_text_double()
            return space.newcomplex(real, self.read_text_double())
        if kind == "<":
            return space.newset(self.read_items("set"))
        if kind == ">":
            return space.newfrozenset(self.read_items("set"))
        if kind == ".":
            return space.w_Ellipsis
        if kind == "S":
            return space.w_StopIteration
        raise MarshalProblem("ValueError", "bad marshal data (unknown type code)")

    def read_interned(self, kind):
        if kind == "R":
            number = self.read_number(4)
            if number < 0 or number >= len(self.interned_w):
                raise MarshalProblem("ValueError", "bad marshal data (string ref out of range)")
            return self.interned_w[number]
        w_text = space.newstr_interned(self.take(self.read_size("string")))
        self.interned_w.append(w_text)
        return w_text

    def read_items(self, what):
        items_w = []
        for _ in range(self.read_size(what)):
            items_w.append(self.read_object(what))
        return items_w

    def read_dict(self):
        w_dict = space.newdict()
        while True:
            w_key = self.read()
            if w_key is None:
                return w_dict
            w_value = self.read()
            if w_value is not None:
                w_dict.setitem(w_key, w_value)

    def read_text(self):
        """A string object that is part of a code object."""
        kind = self.take(1)
        if kind == "s":
            return self.take(self.read_size("string"))
        if kind != "t" and kind != "R":
            raise MarshalProblem("TypeError", "bad marshal data (string expected)")
        return self.read_interned(kind).value

    def expect_tuple(self):
        if self.take(1) != "(":
            raise MarshalProblem("TypeError", "bad marshal data (tuple expected)")

    def read_names(self):
        self.expect_tuple()
        names = []
        for _ in range(self.read_size("tuple")):
            names.append(self.read_text())
        return names[:]

    def read_code(self):
        argcount = self.read_number(4)
        nlocals = self.read_number(4)
        stacksize = self.read_number(4)
        flags = self.read_number(4)
        code = self.read_text()
        self.expect_tuple()
        consts_w = self.read_items("tuple")
        names = self.read_names()
        varnames = self.read_names()
        freevars = self.read_names()
        cellvars = self.read_names()
        filename = self.read_text()
        name = self.read_text()
        firstlineno = self.read_number(4)
        lnotab = self.read_text()
        if not 0 <= argcount <= len(varnames) or nlocals < 0 or stacksize < 0:
            raise MarshalProblem("ValueError", "bad marshal data (counts of code out of range)")
        return PyCode(argcount, nlocals, stacksize, flags, code, consts_w[:], names, varnames, freevars, cellvars,
                      filename, name, firstlineno, lnotab)


class FileReader(ObjectReader):
    """Reads no more than it needs from a file object."""

    def __init__(self, w_file):
        ObjectReader.__init__(self, "", 0)
        self.w_read = space.getattr_str(w_file, "read")

    def fill(self, size):
        position = self.position
        assert position >= 0
        rest = self.data[position:]
        w_more = self.w_read.call_1(space.newint(size - len(rest)))
        self.data = rest + space.text_w(w_more)
        self.position = 0


def marshal_dump(w_obj, version):
    """The marshalled form of an object; raises the application's ValueError."""
    writer = ObjectWriter(version)
    try:
        writer.write(w_obj)
    except MarshalProblem as problem:
        raise problem_error(problem)
    return writer.builder.build()


def marshal_load(reader):
    """The object that `reader` reads next; raises application exceptions."""
    try:
        return reader.read_object("object")
    except MarshalProblem as problem:
        raise problem_error(problem)


def code_from_marshal(data, position):
    """The code object at `position`, or None if there is something else."""
    w_code = marshal_load(ObjectReader(data, position))
    if not isinstance(w_code, PyCode):
        return None
    return w_code
