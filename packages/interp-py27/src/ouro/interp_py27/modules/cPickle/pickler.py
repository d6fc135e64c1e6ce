"""Writing pickles: ``cPickle.Pickler``.

What CPython's cPickle writes, except that every object that may be shared is put in the memo: CPython leaves out those
with a single reference, which nobody here counts.
"""

from ouro.interp_py27.modules.cPickle import opcodes
from ouro.interp_py27.modules.cPickle.globals import module_of, save_global
from ouro.interp_py27.modules.cPickle.opcodes import (
    HIGHEST_PROTOCOL,
    load_copy_reg,
    number_bytes,
    pickle_state,
    pickling_error,
    unpicklable,
)
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.bigint_object import W_Long
from ouro.interp_py27.objects.dict_object import W_Dict
from ouro.interp_py27.objects.float_object import W_Float
from ouro.interp_py27.objects.function_object import W_BuiltinFunction, W_Function
from ouro.interp_py27.objects.int_object import W_Bool, W_Int
from ouro.interp_py27.objects.list_object import W_List
from ouro.interp_py27.objects.oldstyle_object import W_OldClass, W_OldInstance
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.str_object import W_Str
from ouro.interp_py27.objects.tuple_object import W_Tuple
from ouro.interp_py27.objects.type_object import W_Type
from ouro.interp_py27.objects.unicode_object import W_Unicode
from ouro.interp_py27.vm.errors import OperationError, operror, runtime_error, type_error, value_error
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.typedef import GetSet, define_type
from ouro.rlib import rfloat, rutf8
from ouro.rlib.rstring import StringBuilder

BATCH = 1000  # objects between MARK and APPENDS or SETITEMS
FAST_NESTING = 50  # containers inside each other from which on fast mode looks for cycles
NO_NUMBER = -1


class W_Pickler(W_Root):
    """`memo` numbers the objects written, from 1; equal exact strings share a number.

    `w_write` is None for a pickler that collects what it writes, for ``getvalue()``.
    """

    _attrs_ = ("builder", "w_write", "protocol", "binary", "fast", "memo", "strings", "unicodes", "memo_objects_w",
               "w_persistent_id", "w_instance_persistent_id", "nesting", "fast_nesting", "fast_containers")

    def __init__(self, protocol, w_write):
        self.builder = StringBuilder()
        self.w_write = w_write
        self.protocol = protocol
        self.binary = protocol > 0
        self.fast = False
        self.w_persistent_id = None
        self.w_instance_persistent_id = None
        self.nesting = 0
        self.fast_nesting = 0
        self.fast_containers = {}
        self.clear_memo()

    def clear_memo(self):
        self.memo = {}
        self.strings = {}
        self.unicodes = {}
        self.memo_objects_w = []

    # ---- whole pickles

    def dump(self, w_obj):
        load_copy_reg()
        self.nesting = 0
        if self.protocol >= 2:
            self.builder.append(opcodes.PROTO)
            self.builder.append(chr(self.protocol))
        self.save(w_obj)
        self.builder.append(opcodes.STOP)
        if self.w_write is not None:
            self.w_write.call_1(space.newstr(self.take_output()))

    def take_output(self):
        text = self.builder.build()
        self.builder = StringBuilder()
        return text

    # ---- the memo

    def number_of(self, w_obj):
        """The number of an object in the memo, or NO_NUMBER."""
        if isinstance(w_obj, W_Str):
            return self.strings.get(w_obj.value, NO_NUMBER)
        if isinstance(w_obj, W_Unicode):
            return self.unicodes.get(w_obj.utf8, NO_NUMBER)
        return self.memo.get(w_obj, NO_NUMBER)

    def put(self, w_obj):
        """Enter an object that was just written in the memo."""
        if self.fast:
            return
        number = self.remember(w_obj)
        builder = self.builder
        if not self.binary:
            builder.append(opcodes.PUT)
            builder.append(str(number))
            builder.append("\n")
        elif number < 256:
            builder.append(opcodes.BINPUT)
            builder.append(chr(number))
        else:
            builder.append(opcodes.LONG_BINPUT)
            builder.append(number_bytes(number, 4))

    def remember(self, w_obj):
        self.memo_objects_w.append(w_obj)
        number = len(self.memo_objects_w)
        if isinstance(w_obj, W_Str):
            self.strings[w_obj.value] = number
        elif isinstance(w_obj, W_Unicode):
            self.unicodes[w_obj.utf8] = number
        else:
            self.memo[w_obj] = number
        return number

    def get(self, number):
        builder = self.builder
        if not self.binary:
            builder.append(opcodes.GET)
            builder.append(str(number))
            builder.append("\n")
        elif number < 256:
            builder.append(opcodes.BINGET)
            builder.append(chr(number))
        else:
            builder.append(opcodes.LONG_BINGET)
            builder.append(number_bytes(number, 4))

    # ---- objects

    def save(self, w_obj):
        self.nesting += 1
        if self.nesting > space.state.recursion_limit:
            raise runtime_error("maximum recursion depth exceeded while pickling an object")
        if self.w_persistent_id is None or not self.save_persistent(w_obj, self.w_persistent_id):
            self.save_object(w_obj)
        self.nesting -= 1

    def save_object(self, w_obj):
        if isinstance(w_obj, W_Str):
            self.save_str(w_obj)
        elif isinstance(w_obj, W_Int):
            self.save_int(w_obj.intval)
        elif space.is_none(w_obj):
            self.builder.append(opcodes.NONE)
        elif isinstance(w_obj, W_Unicode):
            self.save_unicode(w_obj)
        elif isinstance(w_obj, W_Float):
            self.save_float(w_obj.floatval)
        elif isinstance(w_obj, W_Bool):
            self.save_bool(w_obj.intval != 0)
        elif isinstance(w_obj, W_Long):
            self.save_long(w_obj)
        elif isinstance(w_obj, W_Tuple):
            self.save_tuple(w_obj)
        else:
            number = self.memo.get(w_obj, NO_NUMBER)
            if number != NO_NUMBER:
                self.get(number)
            else:
                self.save_new(w_obj)

    def save_new(self, w_obj):
        """An object that is not in the memo."""
        if isinstance(w_obj, W_Dict):
            self.enter_container(w_obj)
            self.save_dict(w_obj)
            self.leave_container(w_obj)
        elif isinstance(w_obj, W_List):
            self.enter_container(w_obj)
            self.save_list(w_obj)
            self.leave_container(w_obj)
        elif isinstance(w_obj, W_OldInstance):
            self.enter_container(w_obj)
            self.save_instance(w_obj)
            self.leave_container(w_obj)
        elif isinstance(w_obj, W_Function):
            if not self.tried_global(w_obj):
                self.save_other(w_obj)
        elif isinstance(w_obj, W_OldClass) or isinstance(w_obj, W_BuiltinFunction):
            save_global(self, w_obj, None)
        elif isinstance(w_obj, W_Type) and w_obj.getclass() is space.w_type:
            save_global(self, w_obj, None)
        else:
            self.save_other(w_obj)

    def tried_global(self, w_function):
        """Whether the function could be written as a global; it may have a reduction otherwise."""
        try:
            save_global(self, w_function, None)
        except OperationError as error:
            if not error.match(pickle_state.w_PickleError):
                raise
            return False
        return True

    def save_other(self, w_obj):
        """Anything without an opcode of its own."""
        if self.w_instance_persistent_id is not None:
            if self.save_persistent(w_obj, self.w_instance_persistent_id):
                return
        w_type = w_obj.getclass()
        w_reduction = pickle_state.w_dispatch_table.getitem(w_type)
        if w_reduction is not None:
            w_reduced = w_reduction.call_1(w_obj)
        elif isinstance(w_obj, W_Type):
            save_global(self, w_obj, None)
            return
        else:
            w_reduction = space.findattr(w_obj, "__reduce_ex__")
            if w_reduction is not None:
                w_reduced = w_reduction.call_1(space.newint(self.protocol))
            else:
                w_reduction = space.findattr(w_obj, "__reduce__")
                if w_reduction is None:
                    raise unpicklable(w_obj)
                w_reduced = w_reduction.call_0()
        if isinstance(w_reduced, W_Str):
            save_global(self, w_obj, w_reduced)
        elif isinstance(w_reduced, W_Tuple):
            self.save_reduction(w_reduced.items_w, w_reduction, w_obj)
        else:
            raise pickling_error("Value returned by %s must be string or tuple" % space.str_text(w_reduction))

    # ---- fast mode has no memo, so it must see cycles itself

    def enter_container(self, w_obj):
        if not self.fast:
            return
        self.fast_nesting += 1
        if self.fast_nesting < FAST_NESTING:
            return
        if w_obj in self.fast_containers:
            raise value_error("fast mode: can't pickle cyclic objects including object type %s at %s" % (
                space.type_name(w_obj), space.address_text(w_obj)))
        self.fast_containers[w_obj] = None

    def leave_container(self, w_obj):
        if not self.fast:
            return
        if self.fast_nesting >= FAST_NESTING and w_obj in self.fast_containers:
            del self.fast_containers[w_obj]
        self.fast_nesting -= 1

    # ---- objects with opcodes of their own

    def save_persistent(self, w_obj, w_function):
        """Write a persistent identity; False if the object has none."""
        w_identity = w_function.call_1(w_obj)
        if space.is_none(w_identity):
            return False
        if self.binary:
            self.save_object(w_identity)
            self.builder.append(opcodes.BINPERSID)
        else:
            if not space.is_str(w_identity):
                raise pickling_error("persistent id must be string")
            self.builder.append(opcodes.PERSID)
            self.builder.append(space.text_w(w_identity))
            self.builder.append("\n")
        return True

    def save_bool(self, value):
        if self.protocol >= 2:
            self.builder.append(opcodes.NEWTRUE if value else opcodes.NEWFALSE)
        else:
            self.builder.append("I01\n" if value else "I00\n")

    def save_int(self, value):
        builder = self.builder
        if not self.binary or value > 0x7FFFFFFF or value < -0x80000000:
            builder.append(opcodes.INT)
            builder.append(str(value))
            builder.append("\n")
        elif value < 0 or value > 0xFFFF:
            builder.append(opcodes.BININT)
            builder.append(number_bytes(value, 4))
        elif value > 0xFF:
            builder.append(opcodes.BININT2)
            builder.append(number_bytes(value, 2))
        else:
            builder.append(opcodes.BININT1)
            builder.append(chr(value))

    def save_long(self, w_long):
        builder = self.builder
        big = w_long.big
        if self.protocol < 2:
            builder.append(opcodes.LONG)
            builder.append(big.repr())
            builder.append("\n")
            return
        if big.sign == 0:
            builder.append(opcodes.LONG1 + "\x00")
            return
        size = big.bit_length() // 8 + 1
        text = big.tobytes(size, "little", True)
        if big.sign < 0 and size > 1 and text[size - 1] == "\xff" and ord(text[size - 2]) & 0x80:
            size -= 1
            text = text[:size]
        if size < 256:
            builder.append(opcodes.LONG1)
            builder.append(chr(size))
        else:
            builder.append(opcodes.LONG4)
            builder.append(number_bytes(size, 4))
        builder.append(text)

    def save_float(self, value):
        builder = self.builder
        if not self.binary:
            builder.append(opcodes.FLOAT)
            builder.append(rfloat.formatd(value, "g", 17))
            builder.append("\n")
            return
        builder.append(opcodes.BINFLOAT)
        bits = rfloat.float_to_bits(value)
        for shift in range(56, -8, -8):
            builder.append(chr(int(bits >> shift) & 0xFF))

    def save_str(self, w_str):
        text = w_str.value
        size = len(text)
        builder = self.builder
        if size > 1:
            number = self.strings.get(text, NO_NUMBER)
            if number != NO_NUMBER:
                self.get(number)
                return
        if not self.binary:
            builder.append(opcodes.STRING)
            builder.append(space.str_repr(text))
            builder.append("\n")
        elif size < 256:
            builder.append(opcodes.SHORT_BINSTRING)
            builder.append(chr(size))
            builder.append(text)
        else:
            builder.append(opcodes.BINSTRING)
            builder.append(number_bytes(size, 4))
            builder.append(text)
        if size > 1:
            self.put(w_str)

    def save_unicode(self, w_unicode):
        utf8 = w_unicode.utf8
        builder = self.builder
        shared = w_unicode.length > 1
        if shared:
            number = self.unicodes.get(utf8, NO_NUMBER)
            if number != NO_NUMBER:
                self.get(number)
                return
        if self.binary:
            builder.append(opcodes.BINUNICODE)
            builder.append(number_bytes(len(utf8), 4))
            builder.append(utf8)
        else:
            builder.append(opcodes.UNICODE)
            escape_unicode(builder, utf8)
            builder.append("\n")
        if shared:
            self.put(w_unicode)

    def save_tuple(self, w_tuple):
        builder = self.builder
        items_w = w_tuple.items_w
        size = len(items_w)
        if size == 0:
            builder.append(opcodes.EMPTY_TUPLE if self.binary else opcodes.MARK + opcodes.TUPLE)
            return
        number = self.memo.get(w_tuple, NO_NUMBER)
        if number != NO_NUMBER:
            self.get(number)
            return
        short = size <= 3 and self.protocol >= 2
        if not short:
            builder.append(opcodes.MARK)
        for w_item in items_w:
            self.save(w_item)
        number = self.memo.get(w_tuple, NO_NUMBER)
        if number != NO_NUMBER:
            # The tuple contains itself and has been built on the way.
            if short:
                builder.append_multiple_char(opcodes.POP, size)
            elif self.binary:
                builder.append(opcodes.POP_MARK)
            else:
                builder.append_multiple_char(opcodes.POP, size + 1)
            self.get(number)
            return
        self.end_tuple(size)
        self.put(w_tuple)

    def save_arguments(self, w_tuple):
        """A tuple that is of no interest to anyone else: it needs no number."""
        items_w = w_tuple.items_w
        size = len(items_w)
        if size == 0:
            self.save(w_tuple)
            return
        if size > 3 or self.protocol < 2:
            self.builder.append(opcodes.MARK)
        for w_item in items_w:
            self.save(w_item)
        self.end_tuple(size)

    def end_tuple(self, size):
        """Make a tuple of the last `size` values."""
        if size > 3 or self.protocol < 2:
            self.builder.append(opcodes.TUPLE)
        elif size == 1:
            self.builder.append(opcodes.TUPLE1)
        elif size == 2:
            self.builder.append(opcodes.TUPLE2)
        else:
            self.builder.append(opcodes.TUPLE3)

    def save_list(self, w_list):
        self.builder.append(opcodes.EMPTY_LIST if self.binary else opcodes.MARK + opcodes.LIST)
        self.put(w_list)
        if space.len_w(w_list) > 0:
            self.save_items(space.iter(w_list))

    def save_items(self, w_iterator):
        """The items of a list that is on the stack, in batches."""
        builder = self.builder
        w_item = w_iterator.iter_next()
        if not self.binary:
            while w_item is not None:
                self.save(w_item)
                builder.append(opcodes.APPEND)
                w_item = w_iterator.iter_next()
            return
        while w_item is not None:
            w_following = w_iterator.iter_next()
            if w_following is None:
                self.save(w_item)
                builder.append(opcodes.APPEND)
                return
            builder.append(opcodes.MARK)
            self.save(w_item)
            count = 1
            while w_following is not None and count < BATCH:
                self.save(w_following)
                count += 1
                if count < BATCH:
                    w_following = w_iterator.iter_next()
            builder.append(opcodes.APPENDS)
            if count < BATCH:
                return
            w_item = w_iterator.iter_next()

    def save_dict(self, w_dict):
        builder = self.builder
        builder.append(opcodes.EMPTY_DICT if self.binary else opcodes.MARK + opcodes.DICT)
        self.put(w_dict)
        size = w_dict.length()
        if size == 0:
            return
        keys_w = w_dict.keys_list()
        values_w = w_dict.values_list()
        position = 0
        while position < size:
            count = min(size - position, BATCH)
            batched = self.binary and size > 1
            if batched:
                builder.append(opcodes.MARK)
            for i in range(position, position + count):
                self.save(keys_w[i])
                self.save(values_w[i])
                if not batched:
                    builder.append(opcodes.SETITEM)
            if batched:
                builder.append(opcodes.SETITEMS)
            position += count
        if w_dict.length() != size:
            raise runtime_error("dictionary changed size during iteration")

    def save_pairs(self, w_iterator):
        """The items of a dictionary that is on the stack, in batches."""
        builder = self.builder
        w_pair = w_iterator.iter_next()
        while w_pair is not None:
            w_following = None
            if self.binary:
                w_following = w_iterator.iter_next()
            if w_following is None:
                self.save_pair(w_pair)
                builder.append(opcodes.SETITEM)
                w_pair = None if self.binary else w_iterator.iter_next()
                continue
            builder.append(opcodes.MARK)
            self.save_pair(w_pair)
            count = 1
            while w_following is not None and count < BATCH:
                self.save_pair(w_following)
                count += 1
                if count < BATCH:
                    w_following = w_iterator.iter_next()
            builder.append(opcodes.SETITEMS)
            w_pair = None if count < BATCH else w_iterator.iter_next()

    def save_pair(self, w_pair):
        if not space.is_tuple(w_pair) or space.len_w(w_pair) != 2:
            raise type_error("dict items iterator must return 2-tuples")
        pair_w = space.tuple_items(w_pair)
        self.save(pair_w[0])
        self.save(pair_w[1])

    def save_instance(self, w_instance):
        """An instance of an old-style class."""
        if self.w_instance_persistent_id is not None:
            if self.save_persistent(w_instance, self.w_instance_persistent_id):
                return
        builder = self.builder
        builder.append(opcodes.MARK)
        w_class = space.getattr_str(w_instance, "__class__")
        if self.binary:
            self.save(w_class)
        w_getinitargs = space.findattr(w_instance, "__getinitargs__")
        if w_getinitargs is not None:
            for w_item in space.unpack_list(w_getinitargs.call_0()):
                self.save(w_item)
        if self.binary:
            builder.append(opcodes.OBJ)
        else:
            name = space.text_w(space.getattr_str(w_class, "__name__"))
            builder.append(opcodes.INST)
            builder.append(space.text_w(module_of(w_class, name)))
            builder.append("\n")
            builder.append(name)
            builder.append("\n")
        self.put(w_instance)
        w_getstate = space.findattr(w_instance, "__getstate__")
        if w_getstate is not None:
            w_state = w_getstate.call_0()
        else:
            w_state = space.findattr(w_instance, "__dict__")
            if w_state is None:
                return
        self.save(w_state)
        builder.append(opcodes.BUILD)

    def save_reduction(self, parts_w, w_reduction, w_obj):
        """What a reduction function returned."""
        builder = self.builder
        count = len(parts_w)
        if count < 2 or count > 5:
            raise pickling_error("tuple returned by %s must contain 2 through 5 elements" % space.str_text(w_reduction))
        w_callable = parts_w[0]
        w_arguments = parts_w[1]
        if not isinstance(w_arguments, W_Tuple):
            raise pickling_error("Second element of tuple returned by %s must be a tuple" % space.str_text(w_reduction))
        w_items = optional_iterator(parts_w, 3, "Fourth", w_reduction)
        w_pairs = optional_iterator(parts_w, 4, "Fifth", w_reduction)
        if self.protocol >= 2 and is_newobj(w_callable):
            self.save_newobj(w_arguments.items_w, w_obj)
        else:
            self.save(w_callable)
            self.save_arguments(w_arguments)
            builder.append(opcodes.REDUCE)
        number = self.number_of(w_obj)
        if number != NO_NUMBER:
            # The arguments lead to the object itself, which has been built on the way.
            builder.append(opcodes.POP)
            self.get(number)
            return
        self.put(w_obj)
        if w_items is not None:
            self.save_items(w_items)
        if w_pairs is not None:
            self.save_pairs(w_pairs)
        if count > 2 and not space.is_none(parts_w[2]):
            self.save(parts_w[2])
            builder.append(opcodes.BUILD)

    def save_newobj(self, arguments_w, w_obj):
        if len(arguments_w) < 1:
            raise pickling_error("__newobj__ arglist is empty")
        w_class = arguments_w[0]
        if space.findattr(w_class, "__new__") is None:
            raise pickling_error("args[0] from __newobj__ args has no __new__")
        if space.findattr(w_obj, "__class__") is not w_class:
            raise pickling_error("args[0] from __newobj__ args has the wrong class")
        self.save(w_class)
        self.save_arguments(space.newtuple(arguments_w[1:]))
        self.builder.append(opcodes.NEWOBJ)


def optional_iterator(parts_w, index, place, w_reduction):
    """The iterator at `index` of a reduction; None where there is none."""
    if index >= len(parts_w) or space.is_none(parts_w[index]):
        return None
    w_iterator = parts_w[index]
    if space.lookup(w_iterator, "next") is None:
        raise pickling_error("%s element of tuple returned by %s must be an iterator, not %s" % (
            place, space.str_text(w_reduction), space.type_name(w_iterator)))
    return w_iterator


def is_newobj(w_callable):
    w_name = space.findattr(w_callable, "__name__")
    return w_name is not None and space.is_str(w_name) and space.text_w(w_name) == "__newobj__"


def escape_unicode(builder, utf8):
    """Latin-1, with what that does not have, backslashes and line ends escaped."""
    position = 0
    while position < len(utf8):
        code = rutf8.codepoint_at_pos(utf8, position)
        position = rutf8.next_codepoint_pos(utf8, position)
        if code > 0xFFFF:
            builder.append("\\U" + hexadecimal(code, 8))
        elif code > 0xFF or code == 0x5C or code == 0x0A:
            builder.append("\\u" + hexadecimal(code, 4))
        else:
            builder.append(chr(code))


def hexadecimal(value, width):
    digits = []
    for i in range(width - 1, -1, -1):
        digits.append("0123456789abcdef"[value >> (4 * i) & 0xF])
    return "".join(digits)


# ---- the application type


def new_pickler(protocol, w_file):
    """A pickler; without a file it keeps what it writes."""
    if protocol < 0:
        protocol = HIGHEST_PROTOCOL
    if protocol > HIGHEST_PROTOCOL:
        raise value_error("pickle protocol %d asked for; the highest available protocol is %d" % (
            protocol, HIGHEST_PROTOCOL))
    w_write = None
    if w_file is not None:
        w_write = space.findattr(w_file, "write")
        if w_write is None:
            raise type_error("argument must have 'write' attribute")
    return W_Pickler(protocol, w_write)


@unwrap_spec(w_get=W_Root)
def pickler_dump(self, w_obj, w_get=None):
    """dump(object) -- Write an object in pickle format to the object's pickle stream."""
    if w_get is not None and space.is_true(w_get) and self.w_write is not None:
        raise pickling_error("Attempt to getvalue() a non-list-based pickler")
    self.dump(w_obj)
    if w_get is not None and space.is_true(w_get):
        return space.newstr(self.take_output())
    return self


def pickler_clear_memo(self):
    """clear_memo() -- Clear the picklers memo"""
    self.clear_memo()


@unwrap_spec(clear=bool)
def pickler_getvalue(self, clear=True):
    """getvalue() -- Finish picking a list-based pickle"""
    if self.w_write is not None:
        raise pickling_error("Attempt to getvalue() a non-list-based pickler")
    text = self.take_output()
    if not clear:
        self.builder.append(text)
    return space.newstr(text)


def get_persistent_id(self):
    return required(self.w_persistent_id, "persistent_id")


def set_persistent_id(self, w_function):
    self.w_persistent_id = w_function


def delete_persistent_id(self):
    required(self.w_persistent_id, "persistent_id")
    self.w_persistent_id = None


def get_instance_persistent_id(self):
    return required(self.w_instance_persistent_id, "inst_persistent_id")


def set_instance_persistent_id(self, w_function):
    self.w_instance_persistent_id = w_function


def delete_instance_persistent_id(self):
    required(self.w_instance_persistent_id, "inst_persistent_id")
    self.w_instance_persistent_id = None


def required(w_value, name):
    if w_value is None:
        raise operror(space.w_AttributeError, name)
    return w_value


def get_memo(self):
    """A copy: identities to pairs of number and object."""
    w_memo = space.newdict()
    for i in range(len(self.memo_objects_w)):
        w_obj = self.memo_objects_w[i]
        w_memo.setitem(space.wrapped_identity(w_obj), space.newtuple([space.newint(i + 1), w_obj]))
    return w_memo


def set_memo(self, w_memo):
    if not space.is_dict(w_memo):
        raise type_error("memo must be a dictionary")
    objects_w = []
    for w_pair in space.unpack_list(space.getattr_str(w_memo, "values").call_0()):
        pair_w = space.fixed_unpack(w_pair, 2)
        number = space.int_w(pair_w[0])
        while len(objects_w) < number:
            objects_w.append(space.w_None)
        if number > 0:
            objects_w[number - 1] = pair_w[1]
    self.clear_memo()
    for w_obj in objects_w:
        self.remember(w_obj)


def delete_memo(self):
    raise type_error("attribute deletion is not supported")


def get_binary(self):
    return space.newint(1 if self.binary else 0)


def set_binary(self, w_value):
    self.binary = space.is_true(w_value)


def get_fast(self):
    return space.newint(1 if self.fast else 0)


def set_fast(self, w_value):
    self.fast = space.is_true(w_value)


def get_pickling_error(self):
    return pickle_state.w_PicklingError


define_type(W_Pickler, "Pickler", {
    "__doc__": "Objects that know how to pickle objects\n",
    "dump": pickler_dump,
    "clear_memo": pickler_clear_memo,
    "getvalue": pickler_getvalue,
    "persistent_id": GetSet(get_persistent_id, set_persistent_id, delete_persistent_id),
    "inst_persistent_id": GetSet(get_instance_persistent_id, set_instance_persistent_id, delete_instance_persistent_id),
    "memo": GetSet(get_memo, set_memo, delete_memo),
    "binary": GetSet(get_binary, set_binary),
    "fast": GetSet(get_fast, set_fast),
    "PicklingError": GetSet(get_pickling_error),
}, module="cPickle", acceptable_as_base=False)
