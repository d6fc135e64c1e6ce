"""Reading pickles: ``cPickle.Unpickler``."""

from ouro.interp_py27.modules.codecs.escapes import decode_raw_unicode_escape, decode_string_escape
from ouro.interp_py27.modules.codecs.utf import decode_utf_8
from ouro.interp_py27.modules.cPickle import opcodes
from ouro.interp_py27.modules.cPickle.opcodes import (
    HIGHEST_PROTOCOL,
    bad_get,
    load_copy_reg,
    pickle_state,
    read_signed,
    read_unsigned,
    unpickling_error,
)
from ouro.interp_py27.modules.cPickle.source import FileSource
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.list_object import W_List
from ouro.interp_py27.objects.oldstyle_object import W_OldClass, new_old_instance
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.str_object import W_Str
from ouro.interp_py27.objects.type_object import W_Type
from ouro.interp_py27.vm.errors import OperationError, operror, type_error, value_error
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib import rfloat
from ouro.rlib.rarithmetic import ParseStringError, ParseStringOverflowError, r_longlong, string_to_int
from ouro.rlib.rbigint import rbigint


def underflow():
    return unpickling_error("unpickling stack underflow")


class W_Unpickler(W_Root):
    """`stack_w` with the positions of the marks on it.

    Binary opcodes number the memo: `memo_w` has the numbers from 0 that came in order, `far_memo` others. Text opcodes
    have strings for keys: `text_memo`. `without_objects` is ``noload()``: objects of classes are left out.
    """

    _attrs_ = ("source", "stack_w", "marks", "memo_w", "far_memo", "text_memo", "w_persistent_load", "w_find_global",
               "has_find_global", "without_objects")

    def __init__(self, source):
        self.source = source
        self.stack_w = []
        self.marks = []
        self.memo_w = []
        self.far_memo = {}
        self.text_memo = {}
        self.w_persistent_load = None
        self.w_find_global = None
        self.has_find_global = False
        self.without_objects = False

    # ---- the stack

    def push(self, w_obj):
        self.stack_w.append(w_obj)

    def pop(self):
        if len(self.stack_w) == 0:
            raise underflow()
        return self.stack_w.pop()

    def pop_data(self):
        if len(self.stack_w) == 0:
            raise unpickling_error("bad pickle data")
        return self.stack_w.pop()

    def top(self):
        size = len(self.stack_w)
        if size == 0:
            raise underflow()
        return self.stack_w[size - 1]

    def pop_mark(self):
        if len(self.marks) == 0:
            raise unpickling_error("could not find MARK")
        return self.marks.pop()

    def cut(self, start):
        """Take everything from position `start` off the stack."""
        if start > len(self.stack_w):
            raise underflow()
        assert start >= 0
        items_w = self.stack_w[start:]
        del self.stack_w[start:]
        return items_w

    def drop(self, count):
        start = len(self.stack_w) - count
        if start < 0:
            raise underflow()
        del self.stack_w[start:]

    # ---- the memo

    def put(self, number):
        w_obj = self.top()
        if number == len(self.memo_w):
            self.memo_w.append(w_obj)
        elif number < len(self.memo_w):
            self.memo_w[number] = w_obj
        else:
            self.far_memo[number] = w_obj

    def get(self, number):
        w_obj = None
        if number < len(self.memo_w):
            w_obj = self.memo_w[number]
        if w_obj is None:
            w_obj = self.far_memo.get(number, None)
        if w_obj is None:
            raise bad_get(space.newint(number))
        self.push(w_obj)

    def put_text(self):
        key = self.source.read_line(2)
        self.text_memo[key] = self.top()

    def get_text(self):
        key = self.source.read_line(2)
        w_obj = self.text_memo.get(key, None)
        if w_obj is None:
            raise bad_get(space.newstr(key))
        self.push(w_obj)

    # ---- whole pickles

    def load(self):
        load_copy_reg()
        self.stack_w = []
        self.marks = []
        source = self.source
        while True:
            opcode = source.read_opcode()
            if opcode == opcodes.STOP:
                return self.pop_data()
            if opcode == opcodes.BINGET:
                self.get(ord(source.read_opcode()))
            elif opcode == opcodes.BINPUT:
                self.put(ord(source.read_opcode()))
            elif opcode == opcodes.SHORT_BINSTRING:
                self.push(space.newstr(source.read(ord(source.read_opcode()))))
            elif opcode == opcodes.BININT1:
                self.push(space.newint(ord(source.read_opcode())))
            elif opcode == opcodes.BININT:
                self.push(space.newint(read_signed(source.read(4), 0)))
            elif opcode == opcodes.BININT2:
                self.push(space.newint(read_unsigned(source.read(2), 0, 2)))
            elif opcode == opcodes.MARK:
                self.marks.append(len(self.stack_w))
            elif opcode == opcodes.NONE:
                self.push(space.w_None)
            elif opcode == opcodes.BINFLOAT:
                self.load_binary_float()
            elif opcode == opcodes.BINUNICODE:
                self.load_binary_unicode()
            elif opcode == opcodes.BINSTRING:
                size = read_signed(source.read(4), 0)
                if size < 0:
                    raise unpickling_error("BINSTRING pickle has negative byte count")
                self.push(space.newstr(source.read(size)))
            elif opcode == opcodes.LONG_BINGET:
                self.get(read_unsigned(source.read(4), 0, 4))
            elif opcode == opcodes.LONG_BINPUT:
                self.put(read_unsigned(source.read(4), 0, 4))
            elif opcode == opcodes.EMPTY_LIST:
                self.push(space.newlist([]))
            elif opcode == opcodes.EMPTY_DICT:
                self.push(space.newdict())
            elif opcode == opcodes.EMPTY_TUPLE:
                self.push(space.newtuple([]))
            elif opcode == opcodes.APPEND:
                self.append_from(len(self.stack_w) - 1)
            elif opcode == opcodes.APPENDS:
                self.append_from(self.pop_mark())
            elif opcode == opcodes.SETITEM:
                self.set_items_from(len(self.stack_w) - 2)
            elif opcode == opcodes.SETITEMS:
                self.set_items_from(self.pop_mark())
            elif opcode == opcodes.TUPLE:
                self.push(space.newtuple(self.cut(self.pop_mark())))
            elif opcode == opcodes.TUPLE1:
                self.push(space.newtuple([self.pop()]))
            elif opcode == opcodes.TUPLE2:
                self.load_short_tuple(2)
            elif opcode == opcodes.TUPLE3:
                self.load_short_tuple(3)
            elif opcode == opcodes.NEWTRUE:
                self.push(space.w_True)
            elif opcode == opcodes.NEWFALSE:
                self.push(space.w_False)
            else:
                self.load_less_frequent(opcode)

    def load_less_frequent(self, opcode):
        """Objects of classes, and the opcodes of protocol 0."""
        source = self.source
        if opcode == opcodes.GLOBAL:
            module_name = source.read_line(2)
            self.load_global(module_name, source.read_line(2))
        elif opcode == opcodes.REDUCE:
            self.load_reduce()
        elif opcode == opcodes.NEWOBJ:
            self.load_newobj()
        elif opcode == opcodes.BUILD:
            self.load_build()
        elif opcode == opcodes.INST:
            self.load_inst()
        elif opcode == opcodes.OBJ:
            self.load_obj()
        elif opcode == opcodes.GET:
            self.get_text()
        elif opcode == opcodes.PUT:
            self.put_text()
        elif opcode == opcodes.INT:
            self.push(int_from_text(source.read_line(2)))
        elif opcode == opcodes.LONG:
            self.push(space.w_long.call_1(space.newstr(without_suffix(source.read_line(2)))))
        elif opcode == opcodes.FLOAT:
            self.load_float()
        elif opcode == opcodes.STRING:
            self.push(space.newstr(string_from_text(source.read_line(2))))
        elif opcode == opcodes.UNICODE:
            self.push(space.newunicode(decode_raw_unicode_escape(source.read_line(1), "strict")))
        elif opcode == opcodes.LONG1:
            self.load_binary_long(ord(source.read_opcode()))
        elif opcode == opcodes.LONG4:
            self.load_binary_long(read_signed(source.read(4), 0))
        elif opcode == opcodes.PROTO:
            protocol = ord(source.read_opcode())
            if protocol > HIGHEST_PROTOCOL:
                raise value_error("unsupported pickle protocol: %d" % protocol)
        elif opcode == opcodes.LIST:
            self.push(space.newlist(self.cut(self.pop_mark())))
        elif opcode == opcodes.DICT:
            self.load_dict()
        elif opcode == opcodes.POP:
            self.load_pop()
        elif opcode == opcodes.POP_MARK:
            self.cut(self.pop_mark())
        elif opcode == opcodes.DUP:
            self.push(self.top())
        elif opcode == opcodes.PERSID:
            self.load_persistent(space.newstr(source.read_line(2)))
        elif opcode == opcodes.BINPERSID:
            self.check_persistent()
            self.load_persistent(self.pop_data())
        elif opcode == opcodes.EXT1:
            self.load_extension(ord(source.read_opcode()))
        elif opcode == opcodes.EXT2:
            self.load_extension(read_unsigned(source.read(2), 0, 2))
        elif opcode == opcodes.EXT4:
            self.load_extension(read_signed(source.read(4), 0))
        else:
            raise unpickling_error("invalid load key, '%s'." % opcode)

    # ---- numbers and strings

    def load_float(self):
        text = self.source.read_line(2)
        try:
            self.push(space.newfloat(rfloat.string_to_float(text)))
        except ParseStringError:
            raise value_error("could not convert string to float: %s\n" % text)

    def load_binary_float(self):
        data = self.source.read(8)
        bits = r_longlong(0)
        for i in range(8):
            bits = bits << 8 | r_longlong(ord(data[i]))
        self.push(space.newfloat(rfloat.float_from_bits(bits)))

    def load_binary_long(self, size):
        if size < 0:
            raise unpickling_error("LONG pickle has negative byte count")
        self.push(space.newlong(rbigint.frombytes(self.source.read(size), "little", True)))

    def load_binary_unicode(self):
        size = read_signed(self.source.read(4), 0)
        if size < 0:
            raise unpickling_error("BINUNICODE pickle has negative byte count")
        text, _ = decode_utf_8(self.source.read(size), "strict", True)
        self.push(space.newunicode(text))

    # ---- containers

    def load_short_tuple(self, size):
        if len(self.stack_w) < size:
            raise underflow()
        self.push(space.newtuple(self.cut(len(self.stack_w) - size)))

    def load_dict(self):
        items_w = self.cut(self.pop_mark())
        w_dict = space.newdict()
        for i in range(0, len(items_w) - 1, 2):
            w_dict.setitem(items_w[i], items_w[i + 1])
        self.push(w_dict)

    def load_pop(self):
        size = len(self.stack_w)
        if self.marks and self.marks[len(self.marks) - 1] == size:
            self.marks.pop()
        else:
            self.pop()

    def append_from(self, start):
        """Append what lies from `start` to the list below it."""
        if start <= 0 or start > len(self.stack_w):
            raise underflow()
        items_w = self.cut(start)
        w_list = self.top()
        if self.without_objects and space.is_none(w_list):
            return
        if isinstance(w_list, W_List):
            for w_item in items_w:
                w_list.append(w_item)
            return
        w_append = space.getattr_str(w_list, "append")
        for w_item in items_w:
            w_append.call_1(w_item)

    def set_items_from(self, start):
        """Set the pairs that lie from `start` in the dictionary below them."""
        if start <= 0 or start > len(self.stack_w):
            raise underflow()
        items_w = self.cut(start)
        w_dict = self.top()
        if self.without_objects and space.is_none(w_dict):
            return
        if len(items_w) % 2:
            raise unpickling_error("odd number of items for SETITEMS")
        if space.is_exact_dict(w_dict):
            for i in range(0, len(items_w), 2):
                w_dict.setitem(items_w[i], items_w[i + 1])
        else:
            for i in range(0, len(items_w), 2):
                space.setitem(w_dict, items_w[i], items_w[i + 1])

    # ---- objects of classes

    def find_class(self, module_name, name):
        if self.has_find_global:
            if space.is_none(self.w_find_global):
                raise unpickling_error("Global and instance pickles are not supported.")
            return self.w_find_global.call_2(space.newstr(module_name), space.newstr(name))
        w_module = space.finditem_str(space.sys_get("modules"), module_name)
        if w_module is None:
            w_module = space.import_module(module_name)
            if w_module is None:
                raise operror(space.w_ImportError, "No module named " + module_name)
        return space.getattr_str(w_module, name)

    def load_global(self, module_name, name):
        if self.without_objects:
            self.push(space.w_None)
        else:
            self.push(self.find_class(module_name, name))

    def load_inst(self):
        arguments_w = self.cut(self.pop_mark())
        module_name = self.source.read_line(2)
        name = self.source.read_line(2)
        if self.without_objects:
            self.push(space.w_None)
        else:
            self.push(instantiate(self.find_class(module_name, name), arguments_w))

    def load_obj(self):
        start = self.pop_mark()
        if start >= len(self.stack_w):
            raise underflow()
        parts_w = self.cut(start)
        if self.without_objects:
            self.push(space.w_None)
        else:
            self.push(instantiate(parts_w[0], parts_w[1:]))

    def load_reduce(self):
        if self.without_objects:
            self.drop(2)
            self.push(space.w_None)
            return
        w_arguments = self.pop_data()
        w_function = self.pop_data()
        if not space.is_tuple(w_arguments):
            raise type_error("argument list must be a tuple")
        self.push(instantiate(w_function, space.tuple_list(w_arguments)))

    def load_newobj(self):
        if self.without_objects:
            self.drop(2)
            self.push(space.w_None)
            return
        w_arguments = self.pop_data()
        w_class = self.pop()
        if not space.is_tuple(w_arguments):
            raise unpickling_error("NEWOBJ expected an arg tuple.")
        if not isinstance(w_class, W_Type):
            raise unpickling_error("NEWOBJ class argument isn't a type object")
        w_new = space.getattr_str(w_class, "__new__")
        self.push(w_new.call_list([w_class] + space.tuple_list(w_arguments)))

    def load_build(self):
        if self.without_objects:
            self.drop(1)
            return
        if len(self.stack_w) < 2:
            raise underflow()
        w_state = self.pop()
        w_obj = self.top()
        w_setstate = space.findattr(w_obj, "__setstate__")
        if w_setstate is not None:
            w_setstate.call_1(w_state)
            return
        w_slots = None
        if space.is_tuple(w_state) and space.len_w(w_state) == 2:
            parts_w = space.tuple_items(w_state)
            w_state = parts_w[0]
            w_slots = parts_w[1]
        if not space.is_none(w_state):
            self.set_attributes(w_obj, w_state)
        if w_slots is not None:
            if not space.is_dict(w_slots):
                raise unpickling_error("slot state is not a dictionary")
            for w_key in w_slots.keys_list():
                space.setattr(w_obj, w_key, w_slots.getitem(w_key))

    def set_attributes(self, w_obj, w_state):
        if not space.is_dict(w_state):
            raise unpickling_error("state is not a dictionary")
        w_dict = space.getattr_str(w_obj, "__dict__")
        keys_w = w_state.keys_list()
        values_w = w_state.values_list()
        for i in range(len(keys_w)):
            w_key = keys_w[i]
            if isinstance(w_key, W_Str):
                w_key = space.newstr_interned(w_key.value)
            space.setitem(w_dict, w_key, values_w[i])

    def check_persistent(self):
        if self.w_persistent_load is None:
            raise unpickling_error("A load persistent id instruction was encountered,\n"
                                   "but no persistent_load function was specified.")

    def load_persistent(self, w_identity):
        self.check_persistent()
        w_function = self.w_persistent_load
        if isinstance(w_function, W_List):
            # Instead of a function a list may be given: it collects the identities.
            w_function.append(w_identity)
            self.push(w_identity)
        else:
            self.push(w_function.call_1(w_identity))

    def load_extension(self, code):
        """A global by the number that ``copy_reg.add_extension`` gave it."""
        if self.without_objects:
            self.push(space.w_None)
            return
        w_code = space.newint(code)
        w_obj = pickle_state.w_extension_cache.getitem(w_code)
        if w_obj is not None:
            self.push(w_obj)
            return
        w_pair = pickle_state.w_inverted_registry.getitem(w_code)
        if w_pair is None:
            if code <= 0:
                raise unpickling_error("EXT specifies code <= 0")
            raise value_error("unregistered extension code %d" % code)
        good = space.is_tuple(w_pair) and space.len_w(w_pair) == 2
        if good:
            pair_w = space.tuple_items(w_pair)
            good = space.is_str(pair_w[0]) and space.is_str(pair_w[1])
        if not good:
            raise value_error("_inverted_registry[%d] isn't a 2-tuple of strings" % code)
        pair_w = space.tuple_items(w_pair)
        w_obj = self.find_class(space.text_w(pair_w[0]), space.text_w(pair_w[1]))
        pickle_state.w_extension_cache.setitem(w_code, w_obj)
        self.push(w_obj)


def instantiate(w_class, arguments_w):
    """Call a class or function; an exception gets the class and the arguments into its own."""
    if isinstance(w_class, W_OldClass) and len(arguments_w) == 0 and w_class.lookup("__getinitargs__") is None:
        return new_old_instance(w_class, space.newdict())
    try:
        return w_class.call_list(arguments_w)
    except OperationError as error:
        if isinstance(w_class, W_OldClass):
            raise
        details_w = [error.peek_w_value(), w_class, space.newtuple(arguments_w)]
        raise OperationError(error.w_type, space.newtuple(details_w), None, error.traceback)


def int_from_text(text):
    if text == "00":
        return space.w_False
    if text == "01":
        return space.w_True
    try:
        return space.newint(string_to_int(text, 0))
    except ParseStringOverflowError:
        pass
    except ParseStringError:
        pass
    try:
        return space.w_long.call_2(space.newstr(text), space.newint(0))
    except OperationError as error:
        if not error.match(space.w_ValueError):
            raise
        raise value_error("could not convert string to int")


def without_suffix(text):
    """The digits of a long as ``repr`` writes it."""
    size = len(text) - 1
    if size > 0 and text[size] == "L":
        return text[:size]
    return text


def string_from_text(text):
    """The str that a ``repr`` of one denotes."""
    end = len(text)
    while end > 0 and text[end - 1] <= " ":
        end -= 1
    last = end - 1
    if last < 1 or text[0] != text[last] or not (text[0] == "'" or text[0] == '"'):
        raise value_error("insecure string pickle")
    return decode_string_escape(text[1:last], "strict")


# ---- the application type


def new_unpickler(w_file):
    w_read = space.findattr(w_file, "read")
    w_readline = space.findattr(w_file, "readline")
    if w_read is None or w_readline is None:
        raise type_error("argument must have 'read' and 'readline' attributes")
    return W_Unpickler(FileSource(w_read, w_readline))


def unpickler_load(self):
    """Load a pickle"""
    self.without_objects = False
    return self.load()


def unpickler_noload(self):
    """not load a pickle, but go through most of the motions

This function can be used to read past a pickle without instantiating
any objects or importing any modules.  It can also be used to find all
persistent references without instantiating any objects or importing
any modules."""
    self.without_objects = True
    return self.load()


def required(w_value, name):
    if w_value is None:
        raise operror(space.w_AttributeError, name)
    return w_value


def get_persistent_load(self):
    return required(self.w_persistent_load, "persistent_load")


def set_persistent_load(self, w_function):
    self.w_persistent_load = w_function


def delete_persistent_load(self):
    required(self.w_persistent_load, "persistent_load")
    self.w_persistent_load = None


def get_find_global(self):
    return required(self.w_find_global, "find_global")


def set_find_global(self, w_function):
    self.w_find_global = w_function
    self.has_find_global = True


def delete_find_global(self):
    required(self.w_find_global, "find_global")
    self.w_find_global = None
    self.has_find_global = False


def get_memo(self):
    """A copy."""
    w_memo = space.newdict()
    for i in range(len(self.memo_w)):
        if self.memo_w[i] is not None:
            w_memo.setitem(space.newint(i), self.memo_w[i])
    for number, w_obj in self.far_memo.items():
        w_memo.setitem(space.newint(number), w_obj)
    for key, w_obj in self.text_memo.items():
        w_memo.setitem(space.newstr(key), w_obj)
    return w_memo


def set_memo(self, w_memo):
    if not space.is_dict(w_memo):
        raise type_error("memo must be a dictionary")
    self.memo_w = []
    self.far_memo = {}
    self.text_memo = {}
    for w_key in w_memo.keys_list():
        w_obj = w_memo.getitem(w_key)
        if space.is_int(w_key):
            self.far_memo[space.int_w(w_key)] = w_obj
        else:
            self.text_memo[space.text_w(w_key)] = w_obj


def delete_memo(self):
    raise type_error("attribute deletion is not supported")


def get_unpickling_error(self):
    return pickle_state.w_UnpicklingError


define_type(W_Unpickler, "Unpickler", {
    "__doc__": "Objects that know how to unpickle",
    "load": unpickler_load,
    "noload": unpickler_noload,
    "persistent_load": GetSet(get_persistent_load, set_persistent_load, delete_persistent_load),
    "find_global": GetSet(get_find_global, set_find_global, delete_find_global),
    "memo": GetSet(get_memo, set_memo, delete_memo),
    "UnpicklingError": GetSet(get_unpickling_error),
}, module="cPickle", acceptable_as_base=False)
