"""``__builtin__``."""

from ouro.interp_py27.modules import readline
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.exception_object import exception_types
from ouro.interp_py27.objects.file_object import W_File
from ouro.interp_py27.objects.float_object import W_Float
from ouro.interp_py27.objects.int_object import W_Int
from ouro.interp_py27.objects.iteration import W_CallableIterator
from ouro.interp_py27.objects.memory_view_object import W_MemoryView
from ouro.interp_py27.objects.method_kinds_object import W_ClassMethod, W_StaticMethod
from ouro.interp_py27.objects.module_object import W_Module, define_module
from ouro.interp_py27.objects.old_buffer_object import W_Buffer
from ouro.interp_py27.objects.oldstyle_object import W_OldClass, W_OldInstance
from ouro.interp_py27.objects.property_object import W_Property, W_Super
from ouro.interp_py27.objects.range_object import W_Enumerate, W_Reversed, W_XRange
from ouro.interp_py27.objects.str_object import W_BaseString, W_Str
from ouro.interp_py27.objects.type_object import W_Type
from ouro.interp_py27.vm.argument import Arguments, arguments_with_dict
from ouro.interp_py27.vm.errors import (
    OperationError,
    operror,
    overflow_error,
    type_error,
    value_error,
)
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.interp_py27.vm.loop_drivers import loop_calling, loop_over
from ouro.rlib import jit, rfloat, rutf8
from ouro.rlib.jit import JitDriver
from ouro.rlib.rarithmetic import ovfcheck

# ---- numbers


def builtin_abs(w_number):
    """abs(number) -> number\n\nReturn the absolute value of the argument."""
    return space.abs(w_number)


def builtin_divmod(w_x, w_y):
    """divmod(x, y) -> (quotient, remainder)\n\nReturn the tuple (x//y, x%y).  Invariant: div*y + mod == x."""
    return space.divmod(w_x, w_y)


def builtin_pow(w_x, w_y, w_z=None):
    """pow(x, y[, z]) -> number\n\nWith two arguments, equivalent to x**y.  With three arguments,
equivalent to (x**y) % z, but may be more efficient (e.g. for longs)."""
    return space.pow(w_x, w_y, space.wrap_none(w_z))


def builtin_round(w_number, w_ndigits=None):
    """round(number[, ndigits]) -> floating point number"""
    number = space.float_w(w_number)
    ndigits = 0
    if w_ndigits is not None:
        ndigits = space.index_clamped_w(space.index_object(w_ndigits))
    if not rfloat.isfinite(number) or number == 0.0 or ndigits > 323:
        return space.newfloat(number)
    if ndigits < -308:
        return space.newfloat(rfloat.copysign(0.0, number))
    try:
        return space.newfloat(rfloat.round_double(number, ndigits))
    except OverflowError:
        raise overflow_error("rounded value too large to represent")


def in_base(w_number, prefix, digits, what):
    w_index = space.index_object(w_number)
    return space.newstr(space.bigint_w(w_index).format(digits, prefix, ""))


def builtin_bin(w_number):
    """bin(number) -> string\n\nReturn the binary representation of an integer or long integer."""
    return in_base(w_number, "0b", "01", "bin")


def by_method(w_number, name, what):
    w_method = space.lookup(w_number, name)
    if w_method is None:
        raise type_error("%s() argument can't be converted to %s" % (what, what))
    w_text = space.call_special_0(w_method, w_number)
    if not space.is_str(w_text):
        raise type_error("%s returned non-string (type %s)" % (name, space.type_name(w_text)))
    return w_text


def builtin_hex(w_number):
    """hex(number) -> string\n\nReturn the hexadecimal representation of an integer or long integer."""
    return by_method(w_number, "__hex__", "hex")


def builtin_oct(w_number):
    """oct(number) -> string\n\nReturn the octal representation of an integer or long integer."""
    return by_method(w_number, "__oct__", "oct")


def builtin_coerce(w_x, w_y):
    """coerce(x, y) -> (x1, y1)"""
    space.warn_py3k("coerce() not supported in 3.x")
    pair_w = space.coerced_pair(w_x, w_y)
    if pair_w is None:
        raise type_error("number coercion failed")
    return space.newtuple(pair_w)


# ---- characters


@unwrap_spec(code=int)
def builtin_chr(code):
    """chr(i) -> character\n\nReturn a string of one character with ordinal i; 0 <= i < 256."""
    if code < 0 or code > 255:
        raise value_error("chr() arg not in range(256)")
    return space.newstr(chr(code))


@unwrap_spec(code="c_int")
def builtin_unichr(code):
    """unichr(i) -> Unicode character\n\nReturn a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff."""
    if code < 0 or code > 0x10FFFF:
        raise value_error("unichr() arg not in range(0x110000) (wide Python build)")
    return space.newunicode_length(rutf8.unichr_as_utf8(code, True), 1)


def builtin_ord(w_character):
    """ord(c) -> integer\n\nReturn the integer ordinal of a one-character string."""
    if space.is_str(w_character):
        text = space.bytes_w(w_character)
        if len(text) == 1:
            return space.newint(ord(text[0]))
        size = len(text)
    elif space.is_unicode(w_character):
        size = space.len_w(w_character)
        if size == 1:
            return space.newint(space.unicode_ordinal(w_character, 0))
    elif space.is_bytearray(w_character):
        text = space.buffer_str_w(w_character)
        if len(text) == 1:
            return space.newint(ord(text[0]))
        size = len(text)
    else:
        raise type_error("ord() expected string of length 1, but %s found" % space.type_name(w_character))
    raise type_error("ord() expected a character, but string of length %d found" % size)


# ---- attributes and classes


def checked_name(w_name, what):
    if space.is_unicode(w_name):
        return space.encode_default(w_name)
    if not space.is_str(w_name):
        if what == "setattr" or what == "delattr":
            raise type_error("attribute name must be string, not '%s'" % space.type_name(w_name))
        raise type_error("%s(): attribute name must be string" % what)
    return w_name


def builtin_getattr(w_object, w_name, w_default=None):
    """getattr(object, name[, default]) -> value"""
    w_name = checked_name(w_name, "getattr")
    if w_default is None:
        return space.getattr(w_object, w_name)
    try:
        return space.getattr(w_object, w_name)
    except OperationError as error:
        if not error.match(space.w_AttributeError):
            raise
        return w_default


def builtin_hasattr(w_object, w_name):
    """hasattr(object, name) -> bool"""
    w_name = checked_name(w_name, "hasattr")
    try:
        space.getattr(w_object, w_name)
    except OperationError as error:
        if not error.match(space.w_Exception):
            raise
        return space.w_False
    return space.w_True


def builtin_setattr(w_object, w_name, w_value):
    """setattr(object, name, value)"""
    space.setattr(w_object, checked_name(w_name, "setattr"), w_value)


def builtin_delattr(w_object, w_name):
    """delattr(object, name)"""
    space.delattr(w_object, checked_name(w_name, "delattr"))


def builtin_isinstance(w_object, w_class):
    """isinstance(object, class-or-type-or-tuple) -> bool"""
    return space.newbool(space.isinstance_allow_override(w_object, w_class))


def builtin_issubclass(w_class, w_other):
    """issubclass(C, B) -> bool"""
    return space.newbool(space.issubtype_allow_override(w_class, w_other))


def builtin_callable(w_object):
    """callable(object) -> bool"""
    return space.newbool(space.is_callable(w_object))


def builtin_id(w_object):
    """id(object) -> integer"""
    return space.wrapped_identity(w_object)


def builtin_hash(w_object):
    """hash(object) -> integer"""
    return space.newint(space.hash_int(w_object))


def builtin_repr(w_object):
    """repr(object) -> string"""
    return space.repr(w_object)


def builtin_cmp(w_x, w_y):
    """cmp(x, y) -> integer"""
    return space.newint(space.cmp_int(w_x, w_y))


def builtin_len(w_object):
    """len(object) -> integer"""
    return space.len(w_object)


def builtin_format(w_value, w_specification=None):
    """format(value[, format_spec]) -> string"""
    if w_specification is None:
        w_specification = space.newstr("")
    elif not space.is_text(w_specification):
        raise type_error("format expects arg 2 to be string or unicode, not %s" % space.type_name(w_specification))
    return space.format(w_value, w_specification)


def builtin_intern(w_text):
    """intern(string) -> string"""
    if not space.is_str(w_text):
        kind = "None" if space.is_none(w_text) else space.type_name(w_text)
        raise type_error("intern() argument 1 must be string, not %s" % kind)
    if w_text.getclass() is not space.w_str:
        raise type_error("can't intern subclass of string")
    assert isinstance(w_text, W_Str)
    return space.intern_text(w_text)


# ---- iteration


def builtin_iter(w_collection, w_sentinel=None):
    """iter(collection) -> iterator\niter(callable, sentinel) -> iterator"""
    if w_sentinel is None:
        return space.iter(w_collection)
    if not space.is_callable(w_collection):
        raise type_error("iter(v, w): v must be callable")
    return W_CallableIterator(w_collection, w_sentinel)


def builtin_next(w_iterator, w_default=None):
    """next(iterator[, default])"""
    w_next = space.lookup(w_iterator, "next")
    if w_next is None:
        raise type_error("%s object is not an iterator" % space.type_name(w_iterator))
    if w_default is None:
        # The StopIteration is that of the iterator, with its arguments.
        return space.call_special_0(w_next, w_iterator)
    w_value = w_iterator.iter_next()
    if w_value is None:
        return w_default
    return w_value


def builtin_all(w_iterable):
    """all(iterable) -> bool"""
    return first_of_truth(space.iter(w_iterable), False)


def builtin_any(w_iterable):
    """any(iterable) -> bool"""
    return first_of_truth(space.iter(w_iterable), True)


truth_driver = JitDriver(greens=["shape", "truth"], reds="auto", name="all or any")


def first_of_truth(w_iterator, truth):
    """A bool: `truth` if one of the items has this truth."""
    shape = w_iterator.iteration_shape()
    while True:
        truth_driver.jit_merge_point(shape=shape, truth=truth)
        w_item = w_iterator.iter_next()
        if w_item is None:
            return space.newbool(not truth)
        if space.is_true(w_item) == truth:
            return space.newbool(truth)


def builtin_sum(w_sequence, w_start=None):
    """sum(sequence[, start]) -> value"""
    w_iterator = space.iter(w_sequence)
    if w_start is None:
        return sum_integers(w_iterator, 0)
    if space.is_text(w_start):
        raise type_error("sum() can't sum strings [use ''.join(seq) instead]")
    if isinstance(w_start, W_Int):
        return sum_integers(w_iterator, w_start.intval)
    return sum_others(w_iterator, w_start)


# Machine numbers as long as the items are; then objects.

sum_integers_driver = loop_over("sum of integers")
sum_floats_driver = loop_over("sum of floats")
sum_objects_driver = loop_over("sum")


def sum_integers(w_iterator, total):
    shape = w_iterator.iteration_shape()
    while True:
        sum_integers_driver.jit_merge_point(shape=shape)
        w_item = w_iterator.iter_next()
        if w_item is None:
            return space.newint(total)
        if isinstance(w_item, W_Int):
            try:
                total = ovfcheck(total + w_item.intval)
            except OverflowError:
                pass
            else:
                continue
        return sum_others(w_iterator, space.add(space.newint(total), w_item))


def sum_others(w_iterator, w_total):
    if isinstance(w_total, W_Float):
        return sum_floats(w_iterator, w_total.floatval)
    return sum_objects(w_iterator, w_total)


def sum_floats(w_iterator, total):
    shape = w_iterator.iteration_shape()
    while True:
        sum_floats_driver.jit_merge_point(shape=shape)
        w_item = w_iterator.iter_next()
        if w_item is None:
            return space.newfloat(total)
        if isinstance(w_item, W_Float):
            total += w_item.floatval
        elif isinstance(w_item, W_Int):
            total += float(w_item.intval)
        else:
            return sum_objects(w_iterator, space.add(space.newfloat(total), w_item))


def sum_objects(w_iterator, w_total):
    shape = w_iterator.iteration_shape()
    while True:
        sum_objects_driver.jit_merge_point(shape=shape)
        w_item = w_iterator.iter_next()
        if w_item is None:
            return w_total
        w_total = space.add(w_total, w_item)


def extreme(args, name, greater):
    """`min` and `max`."""
    w_key = args.keyword("key")
    if args.has_keywords() and (w_key is None or len(args.keywords) > 1):
        raise type_error("%s() got an unexpected keyword argument" % name)
    count = len(args.args_w)
    if count == 0:
        raise type_error("%s expected 1 arguments, got 0" % name)
    if count > 1:
        if w_key is None:
            return extreme_argument(args.args_w, greater)
        w_iterator = space.iter(space.newtuple(args.args_w))
    else:
        w_iterator = space.iter(args.args_w[0])
    if w_key is None:
        w_best = extreme_item(w_iterator, greater)
    else:
        w_best = extreme_by_key(w_iterator, w_key, greater)
    if w_best is None:
        raise value_error("%s() arg is an empty sequence" % name)
    return w_best


def is_better(w_item, w_best, greater):
    """Is an item greater than the best so far, or less?"""
    if isinstance(w_item, W_Int) and isinstance(w_best, W_Int):
        return w_item.intval > w_best.intval if greater else w_item.intval < w_best.intval
    if greater:
        return space.is_true(space.gt(w_item, w_best))
    return space.lt_w(w_item, w_best)


@jit.look_inside_iff(lambda args_w, greater: jit.loop_unrolling_heuristic(args_w, len(args_w), 8))
def extreme_argument(args_w, greater):
    w_best = args_w[0]
    for i in range(1, len(args_w)):
        if is_better(args_w[i], w_best, greater):
            w_best = args_w[i]
    return w_best


extreme_driver = JitDriver(greens=["shape", "greater"], reds="auto", name="min or max")
extreme_key_driver = JitDriver(greens=["shape", "called", "greater"], reds="auto", name="min or max with key")


def extreme_item(w_iterator, greater):
    """The best item of an iterator, or None."""
    w_best = w_iterator.iter_next()
    if w_best is None:
        return None
    shape = w_iterator.iteration_shape()
    while True:
        extreme_driver.jit_merge_point(shape=shape, greater=greater)
        w_item = w_iterator.iter_next()
        if w_item is None:
            return w_best
        if is_better(w_item, w_best, greater):
            w_best = w_item


def extreme_by_key(w_iterator, w_key, greater):
    w_best = w_iterator.iter_next()
    if w_best is None:
        return None
    w_best_key = w_key.call_1(w_best)
    shape = w_iterator.iteration_shape()
    called = w_key.call_shape()
    while True:
        extreme_key_driver.jit_merge_point(shape=shape, called=called, greater=greater)
        w_item = w_iterator.iter_next()
        if w_item is None:
            return w_best
        w_item_key = w_key.call_1(w_item)
        if is_better(w_item_key, w_best_key, greater):
            w_best = w_item
            w_best_key = w_item_key


def builtin_max(__args__):
    """max(iterable[, key=func]) -> value\nmax(a, b, c, ...[, key=func]) -> value"""
    return extreme(__args__, "max", True)


def builtin_min(__args__):
    """min(iterable[, key=func]) -> value\nmin(a, b, c, ...[, key=func]) -> value"""
    return extreme(__args__, "min", False)


def builtin_range(w_start, w_stop=None, w_step=None):
    """range(stop) -> list of integers\nrange(start, stop[, step]) -> list of integers"""
    if w_stop is None:
        return space.range_list(space.newint(0), w_start, space.newint(1))
    return space.range_list(w_start, w_stop, space.newint(1) if w_step is None else w_step)


@unwrap_spec(reverse="c_int")
def builtin_sorted(w_iterable, w_cmp=None, w_key=None, reverse=0):
    """sorted(iterable, cmp=None, key=None, reverse=False) --> new sorted list"""
    w_list = space.newlist(space.unpack_asking(w_iterable))
    keywords = []
    keywords_w = []
    if w_cmp is not None:
        keywords.append("cmp")
        keywords_w.append(w_cmp)
    if w_key is not None:
        keywords.append("key")
        keywords_w.append(w_key)
    if reverse:
        keywords.append("reverse")
        keywords_w.append(space.w_True)
    space.getattr_str(w_list, "sort").call_args(Arguments([], keywords, keywords_w))
    return w_list


def builtin_map(args_w):
    """map(function, sequence[, sequence, ...]) -> list"""
    if len(args_w) < 2:
        raise type_error("map() requires at least two args")
    w_function = args_w[0]
    sequences_w = args_w[1:]
    plain = space.is_none(w_function)
    if plain:
        space.warn_py3k("map(None, ...) not supported in 3.x; use list(...)")
    if len(sequences_w) == 1:
        if plain:
            ask_lengths(sequences_w)
            return space.newlist(space.unpack_list(sequences_w[0]))
        w_iterator = space.iter_for(sequences_w[0], "argument 2 to map() must support iteration")
        ask_lengths(sequences_w)
        return map_items(w_function, w_iterator)
    iterators_w = [None] * len(sequences_w)
    for i in range(len(sequences_w)):
        if not space.is_iterable(sequences_w[i]):
            raise type_error("argument %d to map() must support iteration" % (i + 2))
        iterators_w[i] = space.iter(sequences_w[i])
    ask_lengths(sequences_w)
    return map_several(None if plain else w_function, iterators_w)


map_driver = loop_calling("map")
map_several_driver = loop_calling("map of several sequences")


def map_items(w_function, w_iterator):
    w_result = space.newlist([])
    shape = w_iterator.iteration_shape()
    called = w_function.call_shape()
    while True:
        map_driver.jit_merge_point(shape=shape, called=called)
        w_item = w_iterator.iter_next()
        if w_item is None:
            return w_result
        w_result.append(w_function.call_1(w_item))


def map_several(w_function, iterators_w):
    """As long as one of the iterators has items; with tuples of the items where there is no function."""
    w_result = space.newlist([])
    shape = iterators_w[0].iteration_shape()
    called = space.w_None.call_shape() if w_function is None else w_function.call_shape()
    while True:
        map_several_driver.jit_merge_point(shape=shape, called=called)
        items_w = any_next_items(iterators_w)
        if items_w is None:
            return w_result
        if w_function is None:
            w_result.append(space.newtuple_fixed(items_w))
        else:
            w_result.append(w_function.call_list(items_w[:]))


@jit.unroll_safe
def any_next_items(iterators_w):
    """The next item of each iterator, or application None where it has none; None if none has one."""
    items_w = [space.w_None] * len(iterators_w)
    running = False
    for i in range(len(iterators_w)):
        w_item = iterators_w[i].iter_next()
        if w_item is not None:
            items_w[i] = w_item
            running = True
    return items_w if running else None


def builtin_filter(w_function, w_sequence):
    """filter(function or None, sequence) -> list, tuple, or string"""
    if space.is_str(w_sequence) or space.is_unicode(w_sequence):
        return filter_text(w_function, w_sequence)
    kept_w = []
    if space.is_tuple(w_sequence):
        for i in range(space.len_w(w_sequence)):
            w_item = space.getitem(w_sequence, space.newint(i))
            if passes(w_function, w_item):
                kept_w.append(w_item)
        return space.newtuple(kept_w[:])
    w_iterator = space.iter(w_sequence)
    space.length_hint(w_sequence, 8)
    return filter_items(w_function, w_iterator)


filter_driver = loop_calling("filter")


def filter_items(w_function, w_iterator):
    w_result = space.newlist([])
    shape = w_iterator.iteration_shape()
    called = w_function.call_shape()
    while True:
        filter_driver.jit_merge_point(shape=shape, called=called)
        w_item = w_iterator.iter_next()
        if w_item is None:
            return w_result
        if passes(w_function, w_item):
            w_result.append(w_item)


def passes(w_function, w_item):
    if space.is_none(w_function) or w_function is space.w_bool:
        return space.is_true(w_item)
    return space.is_true(w_function.call_1(w_item))


def filter_text(w_function, w_sequence):
    kept_w = []
    w_class = space.w_str if space.is_str(w_sequence) else space.w_unicode
    for i in range(space.len_w(w_sequence)):
        w_item = space.getitem(w_sequence, space.newint(i))
        if passes(w_function, w_item):
            if not space.isinstance_w(w_item, w_class):
                raise type_error("can't filter %s to %s: __getitem__ returned different type" % (
                    w_class.name, w_class.name))
            kept_w.append(w_item)
    w_empty = space.newstr("") if space.is_str(w_sequence) else space.newunicode("")
    return space.getattr_str(w_empty, "join").call_1(space.newlist(kept_w))


def builtin_reduce(w_function, w_sequence, w_initial=None):
    """reduce(function, sequence[, initial]) -> value"""
    space.warn_py3k("reduce() not supported in 3.x; use functools.reduce()")
    if not space.is_iterable(w_sequence):
        raise type_error("reduce() arg 2 must support iteration")
    w_iterator = space.iter(w_sequence)
    if w_initial is None:
        w_initial = w_iterator.iter_next()
        if w_initial is None:
            raise type_error("reduce() of empty sequence with no initial value")
    return reduce_items(w_function, w_iterator, w_initial)


reduce_driver = loop_calling("reduce")


def reduce_items(w_function, w_iterator, w_result):
    shape = w_iterator.iteration_shape()
    called = w_function.call_shape()
    while True:
        reduce_driver.jit_merge_point(shape=shape, called=called)
        w_item = w_iterator.iter_next()
        if w_item is None:
            return w_result
        w_result = w_function.call_2(w_result, w_item)


def ask_lengths(sequences_w):
    """Lists grow well without knowing, but classes of the application see that they are asked, and may object."""
    for w_sequence in sequences_w:
        space.length_hint(w_sequence, 8)


def builtin_zip(args_w):
    """zip(seq1 [, seq2 [...]]) -> [(seq1[0], seq2[0] ...), (...)]"""
    iterators_w = [None] * len(args_w)
    for i in range(len(args_w)):
        if not space.is_iterable(args_w[i]):
            raise type_error("zip argument #%d must support iteration" % (i + 1))
        iterators_w[i] = space.iter(args_w[i])
    ask_lengths(args_w)
    if len(iterators_w) == 0:
        return space.newlist([])
    return zip_items(iterators_w)


zip_driver = JitDriver(greens=["shape", "count"], reds="auto", name="zip")


def zip_items(iterators_w):
    w_result = space.newlist([])
    shape = iterators_w[0].iteration_shape()
    count = len(iterators_w)
    while True:
        zip_driver.jit_merge_point(shape=shape, count=count)
        items_w = space.next_items(iterators_w)
        if items_w is None:
            return w_result
        w_result.append(space.newtuple_fixed(items_w))


# ---- imports


@unwrap_spec(name="c_text", level="c_int")
def builtin___import__(name, w_globals=None, w_locals=None, w_fromlist=None, level=-1):
    """__import__(name, globals={}, locals={}, fromlist=[], level=-1) -> module"""
    return space.import_name(name, w_globals, w_fromlist, level)


def builtin_reload(w_module):
    """reload(module) -> module"""
    return space.reload_module(w_module)


# ---- calls, code and namespaces


def builtin_apply(w_function, w_args=None, w_keywords=None):
    """apply(object[, args[, kwargs]]) -> value"""
    space.warn_py3k("apply() not supported in 3.x; use func(*args, **kwargs)")
    args_w = []
    if w_args is not None:
        if not space.is_iterable(w_args):
            raise type_error("apply() arg 2 expected sequence, found %s" % space.type_name(w_args))
        args_w = space.unpack_list(w_args)
    if w_keywords is None:
        return w_function.call_list(args_w)
    if not space.is_dict(w_keywords):
        raise type_error("apply() arg 3 expected dictionary, found %s" % space.type_name(w_keywords))
    return w_function.call_args(arguments_with_dict(args_w, w_keywords))


def calling_frame():
    frame = space.get_context().running_frame()
    if frame is None:
        raise operror(space.w_SystemError, "no frame")
    return frame


def builtin_globals():
    """globals() -> dictionary"""
    return calling_frame().w_globals


def builtin_locals():
    """locals() -> dictionary"""
    return calling_frame().locals_dict()


def builtin_vars(w_object=None):
    """vars([object]) -> dictionary"""
    if w_object is None:
        return calling_frame().locals_dict()
    w_dict = space.findattr(w_object, "__dict__")
    if w_dict is None:
        raise type_error("vars() argument must have __dict__ attribute")
    return w_dict


def builtin_dir(w_object=None):
    """dir([object]) -> list of strings"""
    if w_object is None:
        w_keys = space.getattr_str(calling_frame().locals_dict(), "keys").call_0()
        if not space.is_list(w_keys):
            raise type_error("dir(): expected keys() of locals to be a list, not '%s'" % space.type_name(w_keys))
        w_names = space.newlist(space.unpack_list(w_keys))
        space.getattr_str(w_names, "sort").call_0()
        return w_names
    w_method = None
    if isinstance(w_object, W_OldInstance):
        w_method = w_object.find("__dir__")
        w_names = None if w_method is None else w_method.call_0()
    else:
        w_method = space.lookup(w_object, "__dir__")
        w_names = None if w_method is None else space.call_special_0(w_method, w_object)
    if w_names is not None:
        if not space.is_list(w_names):
            raise type_error("__dir__() must return a list, not %s" % space.type_name(w_names))
    else:
        w_names = space.newlist(directory(w_object))
    space.getattr_str(w_names, "sort").call_0()
    return w_names


def directory(w_object):
    """The names ``dir`` finds by itself."""
    w_dict = space.newdict()
    if isinstance(w_object, W_Module):
        w_own = space.getattr_str(w_object, "__dict__")
        if not space.is_dict(w_own):
            raise type_error("%s.__dict__ is not a dictionary" % space.module_name(w_object))
        add_keys(w_dict, w_own)
    elif isinstance(w_object, W_Type) or isinstance(w_object, W_OldClass):
        add_class(w_dict, w_object)
    else:
        w_own = space.findattr(w_object, "__dict__")
        if w_own is not None and space.is_dict(w_own):
            add_keys(w_dict, w_own)
        for name in ["__methods__", "__members__"]:
            w_list = space.findattr(w_object, name)
            if w_list is not None and space.is_list(w_list):
                for w_name in space.unpack_list(w_list):
                    w_dict.setitem(w_name, space.w_None)
        w_class = space.findattr(w_object, "__class__")
        if w_class is not None:
            add_class(w_dict, w_class)
    return w_dict.keys_list()


def add_keys(w_dict, w_source):
    for w_key in w_source.keys_list():
        w_dict.setitem(w_key, space.w_None)


def add_class(w_dict, w_class):
    w_own = space.findattr(w_class, "__dict__")
    if w_own is not None:
        for w_key in space.unpack_list(space.getattr_str(w_own, "keys").call_0()):
            w_dict.setitem(w_key, space.w_None)
    bases_w = space.bases_of(w_class)
    if bases_w is not None:
        for w_base in bases_w:
            add_class(w_dict, w_base)


@unwrap_spec(filename=str, mode=str, flags=int, dont_inherit=int)
def builtin_compile(w_source, filename, mode, flags=0, dont_inherit=0):
    """compile(source, filename, mode[, flags[, dont_inherit]]) -> code object"""
    if "\0" in filename:
        raise type_error("compile() argument 2 must be string without null bytes, not str")
    if "\0" in mode:
        raise type_error("compile() argument 3 must be string without null bytes, not str")
    if flags & ~(space.FUTURE_FLAGS | 0x200 | 0x400 | 0x10):
        raise value_error("compile(): unrecognised flags")
    if not dont_inherit:
        flags |= space.inherited_flags(space.get_context().running_frame())
    if mode != "exec" and mode != "eval" and mode != "single":
        raise value_error("compile() arg 3 must be 'exec', 'eval' or 'single'")
    if space.is_ast(w_source):
        return space.compile_application_tree(w_source, filename, mode, flags)
    text, source_flags = space.source_and_flags(w_source, "compile()")
    space.check_no_nul(text, "compile() ")
    if flags & 0x400:
        return space.parse_to_application_tree(text, filename, mode, flags | source_flags)
    return space.compile_text(text, filename, mode, flags | source_flags)


def builtin_eval(w_source, w_globals=None, w_locals=None):
    """eval(source[, globals[, locals]]) -> value"""
    frame = calling_frame()
    w_globals = None if w_globals is None or space.is_none(w_globals) else w_globals
    w_locals = None if w_locals is None or space.is_none(w_locals) else w_locals
    if w_locals is not None and not space.is_mapping(w_locals):
        raise type_error("locals must be a mapping")
    if w_globals is not None and not space.is_dict(w_globals):
        if space.lookup(w_globals, "__getitem__") is not None:
            raise type_error("globals must be a real dict; try eval(code, {}, mapping)")
        raise type_error("globals must be a dict")
    if w_globals is None:
        w_globals = frame.w_globals
        if w_locals is None:
            w_locals = frame.locals_dict()
    elif w_locals is None:
        w_locals = w_globals
    space.ensure_builtins(w_globals)
    code = space.code_of(w_source)
    if code is None:
        if not space.is_text(w_source):
            raise type_error("eval() arg 1 must be a string or code object")
        text, flags = space.source_and_flags(w_source, "eval()")
        space.check_no_nul(text, "")
        code = space.compile_text(text.lstrip(" \t"), "<string>", "eval", flags | space.inherited_flags(frame))
    elif len(code.freevars) > 0:
        raise type_error("code object passed to eval() may not contain free variables")
    return space.run_code(code, w_globals, w_locals)


@unwrap_spec(filename="c_text")
def builtin_execfile(filename, w_globals=None, w_locals=None):
    """execfile(filename[, globals[, locals]])"""
    space.warn_py3k("execfile() not supported in 3.x; use exec()")
    frame = calling_frame()
    if w_globals is None or space.is_none(w_globals):
        w_globals = frame.w_globals
        if w_locals is None or space.is_none(w_locals):
            w_locals = frame.locals_dict()
    elif not space.is_dict(w_globals):
        raise type_error("execfile() arg 2 must be dict, not %s" % space.type_name(w_globals))
    if w_locals is not None and not space.is_none(w_locals) and not space.is_mapping(w_locals):
        raise type_error("locals must be a mapping")
    if w_locals is None or space.is_none(w_locals):
        w_locals = w_globals
    space.ensure_builtins(w_globals)
    try:
        text = space.read_file(filename)
    except OSError as error:
        raise space.ioerror_path(error.errno, filename)
    code = space.compile_file(text, filename, space.inherited_flags(frame))
    space.run_code(code, w_globals, w_locals)


def builtin_print(__args__):
    """print(value, ..., sep=' ', end='\\n', file=sys.stdout)"""
    w_stream = None
    w_separator = None
    w_end = None
    if __args__.has_keywords():
        for i in range(len(__args__.keywords)):
            name = __args__.keywords[i]
            w_value = __args__.keywords_w[i]
            if name == "file":
                w_stream = None if space.is_none(w_value) else w_value
            elif name == "sep" or name == "end":
                if space.is_none(w_value):
                    continue
                if not space.is_text(w_value):
                    raise type_error("%s must be None, str or unicode, not %s" % (name, space.type_name(w_value)))
                if name == "sep":
                    w_separator = w_value
                else:
                    w_end = w_value
            else:
                raise type_error("'%s' is an invalid keyword argument for this function" % name)
    w_stream = space.print_stream(w_stream)
    if space.is_none(w_stream):
        return
    w_separator, w_end = separators_of_print(__args__.args_w, w_separator, w_end)
    first = True
    for w_value in __args__.args_w:
        if not first:
            space.write_text(w_stream, w_separator)
        first = False
        space.write_text(w_stream, w_value if space.is_unicode(w_value) else space.str(w_value))
    space.write_text(w_stream, w_end)


def separators_of_print(values_w, w_separator, w_end):
    """The separator and the end; what was not given is unicode where anything else is."""
    is_unicode = w_separator is not None and space.is_unicode(w_separator)
    is_unicode = is_unicode or (w_end is not None and space.is_unicode(w_end))
    for w_value in values_w:
        is_unicode = is_unicode or space.is_unicode(w_value)
    if w_separator is None:
        w_separator = space.newunicode(" ") if is_unicode else space.newstr(" ")
    if w_end is None:
        w_end = space.newunicode("\n") if is_unicode else space.newstr("\n")
    return w_separator, w_end


def builtin_raw_input(w_prompt=None):
    """raw_input([prompt]) -> string"""
    w_stdin = space.sys_get("stdin")
    if w_stdin is None:
        raise operror(space.w_RuntimeError, "[raw_]input: lost sys.stdin")
    w_stdout = space.sys_get("stdout")
    if w_stdout is None:
        raise operror(space.w_RuntimeError, "[raw_]input: lost sys.stdout")
    if space.soft_space(w_stdout, False):
        # The blank that a `print` with a comma at its end left to what comes next.
        space.write_text(w_stdout, space.newstr(" "))
    if readline.is_active() and is_file(w_stdin, readline.STDIN) and is_file(w_stdout, readline.STDOUT):
        flush(w_stdout)
        prompt = "" if w_prompt is None else space.text_w(space.str(w_prompt))
        return line_of_input(space.newstr(readline.read_line(prompt)))
    if w_prompt is not None:
        space.write_text(w_stdout, space.str(w_prompt))
        flush(w_stdout)
    return line_of_input(space.getattr_str(w_stdin, "readline").call_0())


def is_file(w_stream, fd):
    """Whether a stream is a file object over a descriptor."""
    if not isinstance(w_stream, W_File):
        return False
    stream = w_stream.stream
    return stream is not None and stream.fd == fd


def flush(w_stream):
    w_flush = space.findattr(w_stream, "flush")
    if w_flush is not None:
        w_flush.call_0()


def line_of_input(w_line):
    """A line without its end. Raises EOFError for an empty one."""
    line = space.text_w(w_line)
    if line == "":
        raise OperationError(space.w_EOFError, space.newstr("EOF when reading a line"))
    if line.endswith("\n"):
        return space.newstr(line[:len(line) - 1])
    return w_line


def builtin_input(w_prompt=None):
    """input([prompt]) -> value\n\nEquivalent to eval(raw_input(prompt))."""
    w_line = builtin_raw_input(w_prompt)
    return builtin_eval(space.newstr(space.text_w(w_line).lstrip(" \t")))


def builtin_open(__args__):
    """open(name[, mode[, buffering]]) -> file object"""
    return space.w_file.call_args(__args__)


_entries = {
    "__debug__": True,
    "None": None,
    "True": space.w_True,
    "False": space.w_False,
    "NotImplemented": space.w_NotImplemented,
    "Ellipsis": space.w_Ellipsis,
    "basestring": W_BaseString,
    "bool": space.w_bool,
    "buffer": W_Buffer,
    "bytearray": space.w_bytearray,
    "bytes": space.w_str,
    "classmethod": W_ClassMethod,
    "dict": space.w_dict,
    "enumerate": W_Enumerate,
    "file": space.w_file,
    "float": space.w_float,
    "complex": space.w_complex,
    "set": space.w_set,
    "frozenset": space.w_frozenset,
    "int": space.w_int,
    "list": space.w_list,
    "long": space.w_long,
    "memoryview": W_MemoryView,
    "object": space.w_object,
    "property": W_Property,
    "reversed": W_Reversed,
    "slice": space.w_slice,
    "staticmethod": W_StaticMethod,
    "str": space.w_str,
    "super": W_Super,
    "tuple": space.w_tuple,
    "type": space.w_type,
    "unicode": space.w_unicode,
    "xrange": W_XRange,
}
for _name, _function in list(globals().items()):
    if _name.startswith("builtin_"):
        _entries[_name[len("builtin_"):]] = _function
for _name, _cls in exception_types.items():
    _entries[_name] = _cls
define_module("__builtin__", _entries, doc="Built-in functions, exceptions, and other objects.\n\nNoteworthy: None is "
              "the `nil' object; Ellipsis represents `...' in slices.")
define_module("exceptions", {name: cls for name, cls in exception_types.items()},
              doc="Python's standard exception class hierarchy.")
