"""Interp-level functions as application-level functions.

`BuiltinCode` stands for one interp-level function. Its signature is read from the Python function at import
time, and closures specialised for the number of arguments convert each argument as its *unwrapper* says:

=================  =====================================================================
parameter          what the function receives
=================  =====================================================================
``w_name``         the application object itself; None where a default None was not overridden
``self``           in a TypeDef: an instance of the RPython class, checked
``w_subtype``      in ``__new__``: the class, checked to be one
``args_w``         the remaining positional arguments, a list
``__args__``       the whole call as `Arguments`, keywords included (then it is the last parameter)
other names        converted by the unwrapper given with ``@unwrap_spec(name=KIND)``
=================  =====================================================================

The kinds are the keys of `UNWRAPPERS`. A function returns an application object, or None for ``None``.
"""

import inspect

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.type_object import W_Type
from ouro.interp_py27.vm.argument import Arguments, Signature, plural
from ouro.interp_py27.vm.argument_styles import (
    BARE_CONSTRUCTORS,
    BY_FLAGS,
    NAMED,
    PARSED,
    PARSED_SLOT,
    SLOT,
    UNPACKED,
    UNPACKED_SLOT,
    shown_name,
    style_of_function,
)
from ouro.interp_py27.vm.errors import type_error
from ouro.rlib import jit
from ouro.rlib.objectmodel import not_rpython


def unwrap_spec(**kinds):
    """Decorator: how to unwrap the named parameters; a key of `UNWRAPPERS`, or a W_Root subclass."""

    def decorate(function):
        function.unwrap_spec = kinds
        return function

    return decorate


def renamed_keyword(old, new):
    """Decorator: the parameter `new` may still be given by its former name, with a DeprecationWarning."""

    def decorate(function):
        function.renamed_keyword = (old, new)
        return function

    return decorate


def _unwrap_int(w_value):
    return space.arg_int_w(w_value)


def _unwrap_c_int(w_value):
    return space.arg_c_int_w(w_value)


def _unwrap_index(w_value):
    return space.index_w(w_value)


def _unwrap_index_clamped(w_value):
    return space.index_clamped_w(w_value)


def _unwrap_float(w_value):
    return space.float_w(w_value)


def _unwrap_bool(w_value):
    return space.is_true(w_value)


def _unwrap_str(w_value):
    return space.text_w(w_value)


def _unwrap_str_or_none(w_value):
    if space.is_none(w_value):
        return None
    return space.text_w(w_value)


def _unwrap_bytes(w_value):
    return space.bytes_w(w_value)


def _unwrap_buffer(w_value):
    return space.buffer_str_w(w_value)


def _unwrap_path(w_value):
    return space.path_w(w_value)


def _unwrap_uint(w_value):
    return space.uint_w(w_value)


def _unwrap_bigint(w_value):
    return space.bigint_w(w_value)


UNWRAPPERS = {
    int: _unwrap_int,  # an int, "an integer is required" otherwise
    "c_int": _unwrap_c_int,  # the same, OverflowError where it does not fit a C int
    "index": _unwrap_index,  # anything with __index__, IndexError where too large
    "index_clamped": _unwrap_index_clamped,  # the same, clamped to a word: slice bounds
    "uint": _unwrap_uint,  # r_uint
    "bigint": _unwrap_bigint,  # rbigint
    float: _unwrap_float,
    bool: _unwrap_bool,  # the truth value
    str: _unwrap_str,  # str, or unicode encoded with the default encoding
    "str_or_none": _unwrap_str_or_none,
    "bytes": _unwrap_bytes,  # str only
    "buffer": _unwrap_buffer,  # the bytes of anything with the buffer interface
    "path": _unwrap_path,  # a file name without NUL
}


def _make_self_unwrapper(cls, method_name):
    def unwrap_self(w_value):
        if not isinstance(w_value, cls):
            raise _wrong_self(w_value, cls.typedef.w_type.full_name(), method_name)
        return w_value

    return unwrap_self


def _wrong_self(w_value, type_name, method_name):
    return type_error("descriptor '%s' requires a '%s' object but received a '%s'" % (
        method_name, type_name, space.type_name(w_value)))


def _make_instance_unwrapper(cls, where):
    def unwrap_instance(w_value):
        if not isinstance(w_value, cls):
            raise wrong_kind(where, cls.typedef.w_type.full_name(), w_value)
        return w_value

    return unwrap_instance


def wrong_kind(where, expected, w_value):
    """What CPython's parser of arguments says of a value; `where` is the beginning, and ends with a blank."""
    kind = "None" if space.is_none(w_value) else space.type_name(w_value)
    return type_error("%smust be %s, not %s" % (where, expected, kind))


def _make_text_unwrapper(where):
    def unwrap_text(w_value):
        if not space.is_text(w_value):
            raise wrong_kind(where, "string", w_value)
        return space.text_w(w_value)

    return unwrap_text


def c_text_argument(w_value, where):
    """A text without NUL; `where` as for `wrong_kind`."""
    if not space.is_text(w_value):
        raise wrong_kind(where, "string", w_value)
    text = space.text_w(w_value)
    if "\0" in text:
        raise wrong_kind(where, "string without null bytes", w_value)
    return text


def optional_c_text_argument(w_value, where):
    """The same, and None for None or nothing."""
    if w_value is None or space.is_none(w_value):
        return None
    if not space.is_text(w_value):
        raise wrong_kind(where, "string or None", w_value)
    text = space.text_w(w_value)
    if "\0" in text:
        raise wrong_kind(where, "string without null bytes or None", w_value)
    return text


def _make_c_text_unwrapper(where):
    def unwrap_c_text(w_value):
        return c_text_argument(w_value, where)

    return unwrap_c_text


def _make_optional_c_text_unwrapper(where):
    def unwrap_optional_c_text(w_value):
        return optional_c_text_argument(w_value, where)

    return unwrap_optional_c_text


def _make_path_unwrapper(where):
    def unwrap_path(w_value):
        return space.path_argument_w(w_value, where)

    return unwrap_path


def _make_optional_text_unwrapper(where):
    def unwrap_optional_text(w_value):
        if space.is_none(w_value):
            return None
        if not space.is_text(w_value):
            raise wrong_kind(where, "string or None", w_value)
        return space.text_w(w_value)

    return unwrap_optional_text


def _make_buffer_unwrapper(where):
    def unwrap_buffer(w_value):
        if not space.is_text(w_value) and not space.has_buffer(w_value):
            raise wrong_kind(where, "string or buffer", w_value)
        return space.buffer_str_w(w_value)

    return unwrap_buffer


UNWRAPPERS["c_text"] = _make_c_text_unwrapper("")  # as str, without NUL
UNWRAPPERS["c_text_or_none"] = _make_optional_c_text_unwrapper("")

#: Kinds whose errors say which argument of which function it was, if the function is one that parses its arguments.
_PLACED_UNWRAPPERS = {
    str: _make_text_unwrapper,
    "str_or_none": _make_optional_text_unwrapper,
    "buffer": _make_buffer_unwrapper,
    "path": _make_path_unwrapper,
    "c_text": _make_c_text_unwrapper,
    "c_text_or_none": _make_optional_c_text_unwrapper,
}


def _make_subtype_unwrapper(cls, full_name):
    def unwrap_subtype(w_value):
        if not isinstance(w_value, cls):
            raise type_error("%s.__new__(X): X is not a type object (%s)" % (full_name, space.type_name(w_value)))
        return w_value

    return unwrap_subtype


def _unwrap_nothing(w_value):
    return w_value


def _with_default(unwrap, default):
    def unwrap_or_default(w_value):
        if w_value is None:
            return default
        return unwrap(w_value)

    return unwrap_or_default


# One maker of the conversion closure for each number of parameters. The unwrappers are constants of the
# closure, so the translated code is one straight function.


def _fast0(function):
    def call():
        return space.wrap_none(function())

    return call


def _fast1(function, u1):
    def call(w_1):
        return space.wrap_none(function(u1(w_1)))

    return call


def _fast2(function, u1, u2):
    def call(w_1, w_2):
        return space.wrap_none(function(u1(w_1), u2(w_2)))

    return call


def _fast3(function, u1, u2, u3):
    def call(w_1, w_2, w_3):
        return space.wrap_none(function(u1(w_1), u2(w_2), u3(w_3)))

    return call


def _fast4(function, u1, u2, u3, u4):
    def call(w_1, w_2, w_3, w_4):
        return space.wrap_none(function(u1(w_1), u2(w_2), u3(w_3), u4(w_4)))

    return call


def _fast5(function, u1, u2, u3, u4, u5):
    def call(scope_w):
        return space.wrap_none(
            function(u1(scope_w[0]), u2(scope_w[1]), u3(scope_w[2]), u4(scope_w[3]), u5(scope_w[4])))

    return call


def _fast6(function, u1, u2, u3, u4, u5, u6):
    def call(scope_w):
        return space.wrap_none(
            function(
                u1(scope_w[0]), u2(scope_w[1]), u3(scope_w[2]), u4(scope_w[3]), u5(scope_w[4]), u6(scope_w[5])))

    return call


def _fast7(function, u1, u2, u3, u4, u5, u6, u7):
    def call(scope_w):
        return space.wrap_none(
            function(
                u1(scope_w[0]), u2(scope_w[1]), u3(scope_w[2]), u4(scope_w[3]), u5(scope_w[4]), u6(scope_w[5]),
                u7(scope_w[6])))

    return call


def _fast8(function, u1, u2, u3, u4, u5, u6, u7, u8):
    def call(scope_w):
        return space.wrap_none(
            function(
                u1(scope_w[0]), u2(scope_w[1]), u3(scope_w[2]), u4(scope_w[3]), u5(scope_w[4]), u6(scope_w[5]),
                u7(scope_w[6]), u8(scope_w[7])))

    return call


def _fast9(function, u1, u2, u3, u4, u5, u6, u7, u8, u9):
    def call(scope_w):
        return space.wrap_none(
            function(
                u1(scope_w[0]), u2(scope_w[1]), u3(scope_w[2]), u4(scope_w[3]), u5(scope_w[4]), u6(scope_w[5]),
                u7(scope_w[6]), u8(scope_w[7]), u9(scope_w[8])))

    return call


_FAST = [_fast0, _fast1, _fast2, _fast3, _fast4, _fast5, _fast6, _fast7, _fast8, _fast9]


def _rest0(function):
    def call(rest):
        return space.wrap_none(function(rest))

    def call_scope(scope_w, rest):
        return call(rest)

    return call_scope


def _rest1(function, u1):
    def call(scope_w, rest):
        return space.wrap_none(function(u1(scope_w[0]), rest))

    return call


def _rest2(function, u1, u2):
    def call(scope_w, rest):
        return space.wrap_none(function(u1(scope_w[0]), u2(scope_w[1]), rest))

    return call


def _rest3(function, u1, u2, u3):
    def call(scope_w, rest):
        return space.wrap_none(function(u1(scope_w[0]), u2(scope_w[1]), u3(scope_w[2]), rest))

    return call


_REST = [_rest0, _rest1, _rest2, _rest3]


def parsed_count(name, low, high, given):
    """The TypeError for a wrong number of arguments in the words of CPython's parser of arguments."""
    limit = low if given < low else high
    word = "exactly" if low == high else "at least" if given < low else "at most"
    return type_error("%s takes %s %d argument%s (%d given)" % (
        called(name), word, limit, plural(limit), given))


def too_many(name, high, given):
    """The same where arguments may have names."""
    return type_error("%s takes at most %d argument%s (%d given)" % (called(name), high, plural(high), given))


def called(name):
    return name + "()" if name else "function"


def unpacked_count(prefix, low, high, given):
    """The TypeError for a wrong number of arguments that are only unpacked."""
    limit = low if given < low else high
    word = "" if low == high else "at least " if given < low else "at most "
    return type_error("%sexpected %s%d arguments, got %d" % (prefix, word, limit, given))


class BuiltinCode:
    """An interp-level function with its application-level signature.

    `minimum` and `maximum` count positional arguments; `implementation` numbers the interp-level function.
    Subclasses by shape implement the calls.
    """

    _immutable_fields_ = ["name", "doc", "signature", "minimum", "maximum", "is_method", "former_keyword",
                          "present_keyword", "implementation", "owner_name", "style", "shown_name"]

    def __init__(self, name, doc, signature, minimum, maximum, is_method):
        self.name = name
        self.shown_name = name
        self.doc = doc
        self.signature = signature
        self.minimum = minimum
        self.maximum = maximum
        self.is_method = is_method
        self.owner_name = ""
        self.style = PARSED
        self.former_keyword = None
        self.present_keyword = None

    def wrong_count(self, given):
        """The TypeError for `given` positional arguments; a method does not count its self."""
        low = self.minimum
        high = self.maximum
        name = self.shown_name
        style = self.style
        if self.is_method:
            if given == 0:
                return type_error("descriptor '%s' of '%s' object needs an argument" % (self.name, self.owner_name))
            low -= 1
            high -= 1
            given -= 1
            if self.name == "__init__":
                name = self.owner_name
        elif self.name == "__new__":
            if given == 0:
                return type_error("%s.__new__(): not enough arguments" % self.owner_name)
            low -= 1
            high -= 1
            given -= 1
            name = self.owner_name
        if style == BY_FLAGS:
            if high == 0:
                return type_error("%s() takes no arguments (%d given)" % (name, given))
            return type_error("%s() takes exactly one argument (%d given)" % (name, given))
        if style == SLOT:
            return unpacked_count("", low, high, given)
        if style == UNPACKED_SLOT:
            return unpacked_count(" ", low, high, given)
        if style == UNPACKED:
            return unpacked_count(name + " ", low, high, given)
        if style == NAMED:
            if given < low:
                return self.missing_argument(given + (self.maximum - high))
            return too_many(name, high, given)
        return parsed_count(name, low, high, given)

    def missing_argument(self, index):
        """The TypeError for parameter number `index`, which nothing was given for."""
        return type_error("Required argument '%s' (pos %d) not found" % (
            self.signature.argnames[index], self.visible_position(index)))

    def keyword_refused(self):
        """The TypeError for keywords given to a function that takes none."""
        if self.style >= SLOT:
            return type_error("wrapper %s doesn't take keyword arguments" % self.name)
        if self.name == "__new__" or self.name == "__init__":
            brackets = "" if self.owner_name in BARE_CONSTRUCTORS else "()"
            return type_error("%s%s does not take keyword arguments" % (self.owner_name, brackets))
        return type_error("%s() takes no keyword arguments" % self.name)

    @jit.unroll_safe
    def call_args(self, args):
        """Keywords are matched by name where the function takes any."""
        if not args.has_keywords():
            return self.call_list(args.args_w)
        if self.style != NAMED:
            raise self.keyword_refused()
        names = self.signature.argnames
        given = len(args.args_w)
        total = given + len(args.keywords)
        if total > len(names):
            hidden = 0 if self.visible_position(0) else 1
            shown = self.owner_name if self.name == "__new__" or self.name == "__init__" else self.shown_name
            raise too_many(shown, len(names) - hidden, total - hidden)
        scope_w = [None] * len(names)
        for i in range(given):
            scope_w[i] = args.args_w[i]
        unknown = -1
        for k in range(len(args.keywords)):
            index = self.signature.find(args.keywords[k])
            if index < 0 and self.former_keyword == args.keywords[k]:
                index = self.signature.find(self.present_keyword)
                if scope_w[index] is None:
                    space.warn("The '%s' keyword parameter name is deprecated.  Use '%s' instead." % (
                        self.former_keyword, self.present_keyword), space.w_DeprecationWarning)
            if index < 0:
                if unknown < 0:
                    unknown = k
            elif scope_w[index] is not None:
                raise type_error("Argument given by name ('%s') and position (%d)" % (
                    args.keywords[k], self.visible_position(index)))
            else:
                scope_w[index] = args.keywords_w[k]
        for i in range(self.minimum):
            if scope_w[i] is None:
                raise self.missing_argument(i)
        if unknown >= 0:
            if args.names_w is not None and not space.is_str(args.names_w[unknown]):
                raise type_error("keywords must be strings")
            raise type_error("'%s' is an invalid keyword argument for this function" % args.keywords[unknown])
        return self.call_scope(scope_w)

    def visible_position(self, index):
        """The number of a parameter in messages, which leave out self and the class to make an instance of."""
        return index if self.is_method or self.name == "__new__" else index + 1

    def call_list(self, args_w):
        given = len(args_w)
        if given < self.minimum or given > self.maximum:
            raise self.wrong_count(given)
        if given < self.maximum:
            args_w = args_w + [None] * (self.maximum - given)
        return self.call_scope(args_w)

    def call_scope(self, scope_w):
        """All parameters, None where nothing was passed."""
        raise NotImplementedError

    def call_0(self):
        return self.call_list([])

    def call_1(self, w_1):
        return self.call_list([w_1])

    def call_2(self, w_1, w_2):
        return self.call_list([w_1, w_2])

    def call_3(self, w_1, w_2, w_3):
        return self.call_list([w_1, w_2, w_3])

    def call_4(self, w_1, w_2, w_3, w_4):
        return self.call_list([w_1, w_2, w_3, w_4])


class BuiltinCode0(BuiltinCode):
    _immutable_fields_ = ["fast"]

    def call_scope(self, scope_w):
        return self.fast()

    def call_0(self):
        return self.fast()


class BuiltinCode1(BuiltinCode):
    _immutable_fields_ = ["fast"]

    def call_scope(self, scope_w):
        return self.fast(scope_w[0])

    def call_0(self):
        if self.minimum > 0:
            raise self.wrong_count(0)
        return self.fast(None)

    def call_1(self, w_1):
        return self.fast(w_1)


class BuiltinCode2(BuiltinCode):
    _immutable_fields_ = ["fast"]

    def call_scope(self, scope_w):
        return self.fast(scope_w[0], scope_w[1])

    def call_1(self, w_1):
        if self.minimum > 1:
            raise self.wrong_count(1)
        return self.fast(w_1, None)

    def call_2(self, w_1, w_2):
        return self.fast(w_1, w_2)


class BuiltinCode3(BuiltinCode):
    _immutable_fields_ = ["fast"]

    def call_scope(self, scope_w):
        return self.fast(scope_w[0], scope_w[1], scope_w[2])

    def call_1(self, w_1):
        if self.minimum > 1:
            raise self.wrong_count(1)
        return self.fast(w_1, None, None)

    def call_2(self, w_1, w_2):
        if self.minimum > 2:
            raise self.wrong_count(2)
        return self.fast(w_1, w_2, None)

    def call_3(self, w_1, w_2, w_3):
        return self.fast(w_1, w_2, w_3)


class BuiltinCode4(BuiltinCode):
    _immutable_fields_ = ["fast"]

    def call_scope(self, scope_w):
        return self.fast(scope_w[0], scope_w[1], scope_w[2], scope_w[3])

    def call_1(self, w_1):
        if self.minimum > 1:
            raise self.wrong_count(1)
        return self.fast(w_1, None, None, None)

    def call_2(self, w_1, w_2):
        if self.minimum > 2:
            raise self.wrong_count(2)
        return self.fast(w_1, w_2, None, None)

    def call_3(self, w_1, w_2, w_3):
        if self.minimum > 3:
            raise self.wrong_count(3)
        return self.fast(w_1, w_2, w_3, None)

    def call_4(self, w_1, w_2, w_3, w_4):
        return self.fast(w_1, w_2, w_3, w_4)


class BuiltinCodeN(BuiltinCode):
    """Five parameters or more."""

    _immutable_fields_ = ["fast"]

    def call_scope(self, scope_w):
        return self.fast(scope_w)


class BuiltinCodeRest(BuiltinCode):
    """Some parameters and ``args_w``; `maximum` counts the named ones."""

    _immutable_fields_ = ["fast"]

    def call_list(self, args_w):
        given = len(args_w)
        if given < self.minimum:
            raise self.wrong_count(given)
        named = self.maximum
        if given <= named:
            return self.fast(args_w + [None] * (named - given), [])
        return self.fast(args_w[:named], args_w[named:])

    def call_args(self, args):
        if args.has_keywords():
            raise self.keyword_refused()
        return self.call_list(args.args_w)

    def call_scope(self, scope_w):
        return self.fast(scope_w, [])


class BuiltinCodeArguments(BuiltinCode):
    """Some positional-only parameters and ``__args__`` with everything else, keywords included."""

    _immutable_fields_ = ["fast"]

    def call_list(self, args_w):
        return self.call_args(Arguments(args_w))

    def call_args(self, args):
        args_w = args.args_w
        given = len(args_w)
        if given < self.minimum:
            raise self.wrong_count(given)
        named = self.maximum
        rest = Arguments(args_w[named:], args.keywords, args.keywords_w, args.names_w)
        return self.fast(args_w[:named], rest)

    def call_scope(self, scope_w):
        return self.fast(scope_w, Arguments([]))


_CODES = [BuiltinCode0, BuiltinCode1, BuiltinCode2, BuiltinCode3, BuiltinCode4]


#: A number for each interp-level function: functions of the application that share one are equal.
_implementations = {}


@not_rpython
def make_builtin_code(function, name=None, self_class=None, owner_name="", owner="", style=None):
    """The BuiltinCode for interp-level `function`; `self_class` checks the parameter called self.

    `owner_name` is the name of the type of a method; `owner` the module or type that the tables of `argument_styles`
    know a function by, where its `style` is not given.
    """
    name = name or function.__name__
    parameters = list(inspect.signature(function).parameters.values())
    kinds = getattr(function, "unwrap_spec", {})
    names = [parameter.name for parameter in parameters]
    kind_of_rest = None
    if names and names[-1] in ("args_w", "__args__"):
        kind_of_rest = names[-1]
        parameters.pop()
        names.pop()
    minimum = 0
    while minimum < len(parameters) and parameters[minimum].default is inspect.Parameter.empty:
        minimum += 1
    count = len(parameters)
    hidden = 1 if self_class is not None or name == "__new__" else 0
    if style is None:
        style = style_of_function(owner, name, minimum - hidden, count - hidden)
    shown = shown_name(owner, name)
    unwrappers = []
    for position, parameter in enumerate(parameters):
        where = ""
        if style in (PARSED, NAMED, PARSED_SLOT):
            called_as = owner_name if name in ("__new__", "__init__") else shown
            where = "%sargument %d " % (called_as + "() " if called_as else "", position + 1 - hidden)
        unwrapper = _choose_unwrapper(function, parameter.name, kinds, name, self_class, owner or owner_name, where)
        if position >= minimum:
            if parameter.default is inspect.Parameter.empty:
                raise TypeError("%s: parameter without default after one with" % name)
            if parameter.default is not None or unwrapper is not _unwrap_nothing:
                unwrapper = _with_default(unwrapper, parameter.default)
        unwrappers.append(unwrapper)
    app_names = [n[2:] if n.startswith("w_") else n for n in names]
    app_names = [n.rstrip("_") for n in app_names]
    if kind_of_rest is None:
        fast = _FAST[count](function, *unwrappers)
        cls = _CODES[count] if count < len(_CODES) else BuiltinCodeN
    else:
        fast = _REST[count](function, *unwrappers)
        cls = BuiltinCodeRest if kind_of_rest == "args_w" else BuiltinCodeArguments
    fast.__name__ = fast.__qualname__ = "call_" + function.__name__
    code = cls(name, function.__doc__, Signature(app_names), minimum, count, self_class is not None)
    code.style = style
    code.shown_name = shown
    code.fast = fast
    code.implementation = _implementations.setdefault(function, len(_implementations))
    code.owner_name = owner_name
    if hasattr(function, "counted_name"):
        # The name that CPython's messages of wrong counts give it.
        code.shown_name = function.counted_name
        code.style = UNPACKED
    if hasattr(function, "renamed_keyword"):
        code.former_keyword, code.present_keyword = function.renamed_keyword
    return code


@not_rpython
def _choose_unwrapper(function, parameter_name, kinds, name, self_class, owner, where):
    if parameter_name in kinds:
        kind = kinds[parameter_name]
        if isinstance(kind, type) and issubclass(kind, W_Root):
            return _make_instance_unwrapper(kind, where)
        if where and kind in _PLACED_UNWRAPPERS:
            return _PLACED_UNWRAPPERS[kind](where)
        return UNWRAPPERS[kind]
    if parameter_name in ("w_subtype", "w_metatype"):
        return _make_subtype_unwrapper(W_Type, owner)
    if parameter_name == "self" and self_class is not None:
        return _make_self_unwrapper(self_class, name)
    if parameter_name.startswith("w_"):
        return _unwrap_nothing
    raise TypeError("%s.%s: how to unwrap parameter %r? see @unwrap_spec" % (
        function.__module__, function.__qualname__, parameter_name))
