"""Code objects."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm import opcodes
from ouro.interp_py27.vm.argument import Signature
from ouro.interp_py27.vm.division import with_checked_division, without_checked_division
from ouro.interp_py27.vm.errors import value_error
from ouro.interp_py27.vm.filled_lists import with_filled_lists, without_filled_lists
from ouro.interp_py27.vm.method_calls import with_method_calls, without_method_calls
from ouro.rlib import jit


class GlobalCache:
    """Where a code object found a global name: the cells in the globals and in the builtins.

    Cells are never taken out of a module dictionary (an absent name has an empty cell), so the entry stays right for as
    long as the frame's globals are `w_globals`.
    """

    _attrs_ = ("w_globals", "global_cell", "builtin_cell")

    def __init__(self):
        self.w_globals = None
        self.global_cell = None
        self.builtin_cell = None


MOST_OTHERS = 6


class LoadEntry:
    """An entry of an AttributeCache that another layout has displaced, or one that it displaced in turn."""

    _attrs_ = ("map", "w_type", "version", "index", "w_descr", "next")

    def __init__(self, following):
        self.map = None
        self.w_type = None
        self.version = None
        self.index = -1
        self.w_descr = None
        self.next = following


class StoreEntry:
    """As LoadEntry, for stores."""

    _attrs_ = ("map", "w_type", "version", "index", "next_map", "next")

    def __init__(self, following):
        self.map = None
        self.w_type = None
        self.version = None
        self.index = -1
        self.next_map = None
        self.next = following


class AttributeCache:
    """What a code object last found for an attribute name; three independent entries.

    Load: for instances with layout `map` whose type `w_type` still has `version`, the attribute is
    ``storage[index]``, or if `index` is negative, `w_descr` of the type. Method: objects without attributes of their
    own whose type has `method_version` have the method `w_method`. Store: as load; `next_map` is the layout after
    adding the attribute, or None if it is there already.

    A place that meets several layouts in turn (Hoelzle, Chambers and Ungar call it polymorphic, ECOOP 1991) finds those
    that it met before the last one in `other_loads` and `other_stores`.
    """

    _attrs_ = ("map", "w_type", "version", "index", "w_descr", "other_loads", "method_version", "w_method", "store_map",
               "store_type", "store_version", "store_index", "next_map", "other_stores")

    def __init__(self):
        self.map = None
        self.w_type = None
        self.version = None
        self.index = -1
        self.w_descr = None
        self.other_loads = None
        self.method_version = None
        self.w_method = None
        self.store_map = None
        self.store_type = None
        self.store_version = None
        self.store_index = -1
        self.next_map = None
        self.other_stores = None

    def find_load(self, map):
        """The valid displaced entry for a layout, or None."""
        entry = self.other_loads
        while entry is not None:
            if entry.map is map and entry.w_type.version is entry.version:
                return entry
            entry = entry.next
        return None

    def find_store(self, map):
        entry = self.other_stores
        while entry is not None:
            if entry.map is map and entry.w_type.version is entry.version:
                return entry
            entry = entry.next
        return None

    def fill_load(self, map, w_type, version, index, w_descr):
        if self.map is not None and self.map is not map:
            self.displace_load()
        self.map = map
        self.w_type = w_type
        self.version = version
        self.index = index
        self.w_descr = w_descr

    def displace_load(self):
        count = 0
        entry = self.other_loads
        while entry is not None and entry.map is not self.map:
            entry = entry.next
            count += 1
        if entry is None:
            entry = self.other_loads = LoadEntry(self.other_loads if count < MOST_OTHERS else None)
        entry.map = self.map
        entry.w_type = self.w_type
        entry.version = self.version
        entry.index = self.index
        entry.w_descr = self.w_descr

    def fill_store(self, map, w_type, version, index, next_map):
        if self.store_map is not None and self.store_map is not map:
            self.displace_store()
        self.store_map = map
        self.store_type = w_type
        self.store_version = version
        self.store_index = index
        self.next_map = next_map

    def displace_store(self):
        count = 0
        entry = self.other_stores
        while entry is not None and entry.map is not self.store_map:
            entry = entry.next
            count += 1
        if entry is None:
            entry = self.other_stores = StoreEntry(self.other_stores if count < MOST_OTHERS else None)
        entry.map = self.store_map
        entry.w_type = self.store_type
        entry.version = self.store_version
        entry.index = self.store_index
        entry.next_map = self.next_map


# What calling a code object does, beyond running the frame.
PLAIN = 0
GENERATOR = 1
DICTIONARY_LOCALS = 2

NO_GLOBAL_CACHE = GlobalCache()
NO_ATTRIBUTE_CACHE = AttributeCache()


_TRIES = [False] * 256
for _name in ["SETUP_EXCEPT", "SETUP_FINALLY", "SETUP_WITH"]:
    _TRIES[opcodes.OPCODES[_name]] = True


def has_try(code):
    """Whether the code has a ``try`` or ``with`` statement."""
    position = 0
    while position < len(code):
        opcode = ord(code[position])
        if _TRIES[opcode]:
            return True
        position += 3 if opcode >= opcodes.HAVE_ARGUMENT else 1
    return False


class PyCode(W_Root):
    """A compiled function, class or module body.

    `code` has our instructions for method calls; `stacksize` is that of the code without them.

    `fast_arity` is the number of arguments if a call with exactly that many positional ones may put them in the
    first locals and run (-1: cells, star arguments); `simple_arity` the same where cells are to be initialised
    as well.
    """

    _attrs_ = ("argcount", "nlocals", "stacksize", "flags", "code", "consts_w", "names_w", "names", "varnames",
               "freevars", "cellvars", "filename", "name", "firstlineno", "lnotab", "signature", "fast_arity",
               "simple_arity", "w_doc", "cell_arguments", "frame_size", "cell_count", "global_caches",
               "attribute_caches", "kind", "has_try", "lifeline")
    _immutable_fields_ = [
        "argcount", "nlocals", "stacksize", "flags", "code", "consts_w[*]", "names_w[*]", "names[*]", "varnames[*]",
        "freevars[*]", "cellvars[*]", "filename", "name", "firstlineno", "lnotab", "signature", "fast_arity",
        "simple_arity", "cell_arguments[*]", "frame_size", "cell_count", "kind", "has_try",
    ]

    def __init__(self, argcount, nlocals, stacksize, flags, code, consts_w, names, varnames, freevars, cellvars,
                 filename, name, firstlineno, lnotab):
        self.argcount = argcount
        self.nlocals = nlocals
        self.stacksize = stacksize
        self.flags = flags
        code, more_stack = with_method_calls(code, stacksize)
        self.code = with_checked_division(with_filled_lists(code))
        self.consts_w = consts_w
        self.names = names
        self.names_w = [space.newstr_interned(text) for text in names]
        self.varnames = varnames
        self.freevars = freevars
        self.cellvars = cellvars
        self.filename = filename
        self.name = name
        self.firstlineno = firstlineno
        self.lnotab = lnotab
        parameters = argcount
        if flags & opcodes.CO_VARARGS:
            parameters += 1
        if flags & opcodes.CO_VARKEYWORDS:
            parameters += 1
        if parameters > len(varnames) or parameters > nlocals:
            raise value_error("code: varnames is too small")
        position = argcount
        varargname = None
        if flags & opcodes.CO_VARARGS:
            varargname = varnames[position]
            position += 1
        kwargname = None
        if flags & opcodes.CO_VARKEYWORDS:
            kwargname = varnames[position]
            position += 1
        self.signature = Signature(varnames[:argcount], varargname, kwargname)
        self.cell_count = len(cellvars) + len(freevars)
        self.frame_size = nlocals + self.cell_count + stacksize + more_stack
        cell_arguments = []
        if cellvars:
            arguments = varnames[:position]
            for cellvar in cellvars:
                found = -1
                for i in range(len(arguments)):
                    if arguments[i] == cellvar:
                        found = i
                cell_arguments.append(found)
        self.cell_arguments = cell_arguments[:]
        self.has_try = False
        if flags & opcodes.CO_GENERATOR:
            self.kind = GENERATOR
            self.has_try = has_try(code)
        elif flags & opcodes.CO_OPTIMIZED and flags & opcodes.CO_NEWLOCALS:
            self.kind = PLAIN
        else:
            self.kind = DICTIONARY_LOCALS
        self.simple_arity = -1
        self.fast_arity = -1
        if varargname is None and kwargname is None:
            self.simple_arity = argcount
            if self.cell_count == 0:
                self.fast_arity = argcount
        if consts_w and flags & opcodes.CO_NEWLOCALS and space.is_text(consts_w[0]):
            self.w_doc = consts_w[0]
        else:
            self.w_doc = space.w_None
        self.global_caches = [NO_GLOBAL_CACHE] * len(names)
        self.attribute_caches = [NO_ATTRIBUTE_CACHE] * len(names)
        self.lifeline = None

    def shape_name(self):
        return self.name

    def with_filename(self, filename):
        """The same code as that of another file: a library may have moved since it was compiled."""
        old = self.filename
        if old == filename:
            return self
        consts_w = self.consts_w[:]
        for i in range(len(consts_w)):
            w_const = consts_w[i]
            if isinstance(w_const, PyCode) and w_const.filename == old:
                consts_w[i] = w_const.with_filename(filename)
        return PyCode(
            self.argcount, self.nlocals, self.stacksize, self.flags, self.plain_code(), consts_w, self.names,
            self.varnames, self.freevars, self.cellvars, filename, self.name, self.firstlineno, self.lnotab)

    def plain_code(self):
        """``co_code``: the instructions as CPython has them."""
        return without_method_calls(without_filled_lists(without_checked_division(self.code)))

    def getweakref(self):
        return self.lifeline

    def setweakref(self, lifeline):
        self.lifeline = lifeline

    def delweakref(self):
        self.lifeline = None

    @jit.elidable
    def line_of(self, position):
        """The line of the instruction at byte `position` (lnotab: pairs of byte and line increments)."""
        lnotab = self.lnotab
        line = self.firstlineno
        address = 0
        for i in range(0, len(lnotab) - 1, 2):
            address += ord(lnotab[i])
            if address > position:
                break
            line += ord(lnotab[i + 1])
        return line

    def line_range(self, position):
        """Where the line of the instruction at byte `position` begins and ends in the code, and its number."""
        lnotab = self.lnotab
        line = self.firstlineno
        address = 0
        start = 0
        i = 0
        while i < len(lnotab) - 1:
            following = address + ord(lnotab[i])
            if following > position:
                break
            address = following
            step = ord(lnotab[i + 1])
            if step > 0:
                start = address
                line += step
            i += 2
        while i < len(lnotab) - 1:
            address += ord(lnotab[i])
            if ord(lnotab[i + 1]) > 0:
                return start, address, line
            i += 2
        return start, len(self.code), line

    @jit.dont_look_inside
    def global_cache(self, index):
        """A GlobalCache of this code object for name `index`, to be filled."""
        cache = self.global_caches[index]
        if cache is NO_GLOBAL_CACHE:
            cache = self.global_caches[index] = GlobalCache()
        return cache

    @jit.dont_look_inside
    def attribute_cache(self, index):
        cache = self.attribute_caches[index]
        if cache is NO_ATTRIBUTE_CACHE:
            cache = self.attribute_caches[index] = AttributeCache()
        return cache


