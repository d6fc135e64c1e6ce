"""Arguments of a call, and matching them to a signature with CPython 2.7's error messages."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.vm.errors import OperationError, type_error
from ouro.rlib import jit


class Signature:
    """Names of the parameters of a function: positional ones, ``*vararg`` and ``**kwarg``."""

    _immutable_ = True
    _immutable_fields_ = ["argnames[*]", "varargname", "kwargname"]

    def __init__(self, argnames, varargname=None, kwargname=None):
        self.argnames = argnames
        self.varargname = varargname
        self.kwargname = kwargname

    @jit.elidable
    def find(self, name):
        """The position of parameter `name`, or -1."""
        argnames = self.argnames
        for i in range(len(argnames)):
            if argnames[i] == name:
                return i
        return -1

    def scope_length(self):
        length = len(self.argnames)
        if self.varargname is not None:
            length += 1
        if self.kwargname is not None:
            length += 1
        return length


# Stands for a keyword that is no string: it is the name of no parameter.
NO_NAME = "\x00"


class Arguments:
    """The arguments of one call, ``*`` and ``**`` already spread out.

    `args_w` are the positional ones; `keywords` (a list of str, or None) and `keywords_w` run in parallel. So
    does `names_w`, the keywords as the application gave them, which is None where all are exact strs; for
    unicode objects, `keywords` has the UTF-8, for others `NO_NAME`.
    """

    _attrs_ = ("args_w", "keywords", "keywords_w", "names_w")
    _immutable_fields_ = ["args_w", "keywords", "keywords_w", "names_w"]

    def __init__(self, args_w, keywords=None, keywords_w=None, names_w=None):
        self.args_w = args_w
        self.keywords = keywords
        self.keywords_w = keywords_w
        self.names_w = names_w

    def prepend(self, w_first):
        """New Arguments with `w_first` (typically self) in front."""
        return Arguments([w_first] + self.args_w, self.keywords, self.keywords_w, self.names_w)

    def has_keywords(self):
        keywords = self.keywords
        return keywords is not None and len(keywords) > 0

    def store_keyword(self, k, w_dict):
        """Store keyword number `k` and its value in a dictionary."""
        if self.names_w is None:
            w_dict.setitem_str(self.keywords[k], self.keywords_w[k])
        else:
            w_dict.setitem(self.names_w[k], self.keywords_w[k])

    def shown_keyword(self, k):
        """Keyword number `k` as messages show it."""
        names_w = self.names_w
        if names_w is not None and space.is_unicode(names_w[k]):
            return space.bytes_w(space.encode_object(names_w[k], "ascii", "replace"))
        return self.keywords[k]

    def fixed(self, function_name, count):
        """The positional arguments, which must be `count` and no keywords."""
        if self.has_keywords():
            raise type_error("%s() does not take keyword arguments" % function_name)
        if len(self.args_w) != count:
            raise type_error("%s() takes exactly %d argument%s (%d given)" % (
                function_name, count, plural(count), len(self.args_w)))
        return self.args_w

    @jit.unroll_safe
    def keyword(self, name):
        """The value of keyword `name`, or None."""
        keywords = self.keywords
        if keywords is None:
            return None
        for i in range(len(keywords)):
            if keywords[i] == name:
                return self.keywords_w[i]
        return None


def plural(count):
    return "" if count == 1 else "s"


def new_call_arguments(args_w, keywords, keywords_w, w_star, w_starstar, function_name):
    """Arguments for ``f(args, *w_star, **w_starstar)``; the last two may be None."""
    if w_star is not None:
        try:
            star_w = space.unpack_list(w_star)
        except OperationError as error:
            if error.match(space.w_TypeError) and not space.is_iterable(w_star):
                raise type_error("%s argument after * must be an iterable, not %s" % (
                    function_name, space.type_name(w_star)))
            raise
        args_w = args_w + star_w
    names_w = None
    if w_starstar is not None:
        if keywords is None:
            keywords = []
            keywords_w = []
        else:
            keywords = keywords[:]
            keywords_w = keywords_w[:]
        names_w = _add_mapping(keywords, keywords_w, w_starstar, function_name)
    return Arguments(args_w, keywords, keywords_w, names_w)


def arguments_with_dict(args_w, w_keywords):
    """Arguments for ``f(args, **w_keywords)`` with a dictionary."""
    return new_call_arguments(args_w, None, None, None, w_keywords, "")


def _add_mapping(keywords, keywords_w, w_mapping, function_name):
    """Add the items of ``**w_mapping``; returns `names_w` for the Arguments."""
    all_strs = True
    if space.is_dict(w_mapping):
        keys_w = w_mapping.keys_list()
    else:
        w_keys = space.findattr(w_mapping, "keys")
        if w_keys is None:
            raise type_error("%s argument after ** must be a mapping, not %s" % (
                function_name, space.type_name(w_mapping)))
        keys_w = space.unpack_list(w_keys.call_0())
    for w_key in keys_w:
        if space.is_str(w_key):
            name = space.bytes_w(w_key)
        else:
            all_strs = False
            name = space.utf8_w(w_key) if space.is_unicode(w_key) else NO_NAME
        if name != NO_NAME and name in keywords:
            raise type_error("%s got multiple values for keyword argument '%s'" % (function_name, name))
        keywords.append(name)
        keywords_w.append(space.getitem(w_mapping, w_key))
    if all_strs:
        return None
    return [space.newstr(name) for name in keywords[:len(keywords) - len(keys_w)]] + keys_w


@jit.unroll_safe
def match_signature(args, signature, defaults_w, scope_w, function_name):
    """Fill `scope_w` with the arguments in the order of `signature`; raises the TypeErrors of CPython.

    Positions for which nothing was passed take `defaults_w`, aligned at the end of the argument names.
    """
    argnames = signature.argnames
    count = len(argnames)
    args_w = args.args_w
    given = len(args_w)
    take = given if given < count else count
    for i in range(take):
        scope_w[i] = args_w[i]
    position = count
    if signature.varargname is not None:
        rest_w = args_w[count:] if given > count else []
        scope_w[position] = space.newtuple(rest_w)
        position += 1
    keywords = args.keywords
    keyword_count = 0 if keywords is None else len(keywords)
    if signature.varargname is None and given > count:
        raise _wrong_count(args, signature, len(defaults_w), function_name)
    if signature.kwargname is not None:
        w_kwargs = space.newdict()
        scope_w[position] = w_kwargs
    else:
        w_kwargs = None
    if keyword_count > 0:
        for k in range(keyword_count):
            name = keywords[k]
            index = signature.find(name)
            if index < 0:
                if count == 0 and w_kwargs is None and signature.varargname is None:
                    raise _wrong_count(args, signature, 0, function_name)
                if name == NO_NAME:
                    raise type_error("%s() keywords must be strings" % function_name)
                if w_kwargs is None:
                    raise type_error("%s() got an unexpected keyword argument '%s'" % (
                        function_name, args.shown_keyword(k)))
                args.store_keyword(k, w_kwargs)
            elif scope_w[index] is not None:
                raise type_error("%s() got multiple values for keyword argument '%s'" % (function_name, name))
            else:
                scope_w[index] = args.keywords_w[k]
    if given < count:
        first_default = count - len(defaults_w)
        for i in range(given, count):
            if scope_w[i] is None:
                if i < first_default:
                    raise _wrong_count(args, signature, len(defaults_w), function_name)
                scope_w[i] = defaults_w[i - first_default]


def _wrong_count(args, signature, default_count, function_name):
    """CPython's message counts what was given as `PyEval_EvalCodeEx` does."""
    count = len(signature.argnames)
    given = len(args.args_w)
    if args.has_keywords():
        given += len(args.keywords)
    if count == 0:
        if signature.varargname is not None or signature.kwargname is not None:
            return type_error("%s() takes exactly 0 arguments (%d given)" % (function_name, given))
        return type_error("%s() takes no arguments (%d given)" % (function_name, given))
    required = count - default_count
    if len(args.args_w) > count and signature.varargname is None:
        how = "at most" if default_count > 0 else "exactly"
        expected = count
    else:
        how = "at least" if signature.varargname is not None or default_count > 0 else "exactly"
        expected = required
    return type_error("%s() takes %s %d argument%s (%d given)" % (
        function_name, how, expected, plural(expected), given))


def positional_arguments(args, function_name, minimum, maximum):
    """The arguments of a built-in function that takes positional ones only, as CPython's ``PyArg_UnpackTuple``."""
    if args.has_keywords():
        raise type_error("%s() does not take keyword arguments" % function_name)
    return counted_arguments(args.args_w, function_name, minimum, maximum)


def counted_arguments(args_w, function_name, minimum, maximum):
    """`args_w`, which must have `minimum` to `maximum` items."""
    given = len(args_w)
    if given < minimum:
        raise type_error("%s expected %s%d arguments, got %d" % (
            function_name, "" if minimum == maximum else "at least ", minimum, given))
    if given > maximum:
        raise type_error("%s expected %s%d arguments, got %d" % (
            function_name, "" if minimum == maximum else "at most ", maximum, given))
    return args_w


@jit.unroll_safe
def named_arguments(args, function_name, names, required):
    """The arguments in the order of `names`, by position or keyword, as CPython's ``PyArg_ParseTupleAndKeywords``.

    The first `required` names must be given; the others are None where they are not. Messages speak of "function"
    where the name is empty: CPython does for formats without one.
    """
    args_w = args.args_w
    keywords = args.keywords
    given = len(args_w)
    total = given
    if keywords is not None:
        total += len(keywords)
    count = len(names)
    if total > count:
        raise type_error("%s takes at most %d argument%s (%d given)" % (
            function_name + "()" if function_name else "function", count, plural(count), total))
    result_w = [None] * count
    for i in range(given):
        result_w[i] = args_w[i]
    unknown = total - given
    if unknown > 0:
        for i in range(count):
            w_value = args.keyword(names[i])
            if w_value is not None:
                if i < given:
                    raise type_error("Argument given by name ('%s') and position (%d)" % (names[i], i + 1))
                result_w[i] = w_value
                unknown -= 1
    for i in range(given, required):
        if result_w[i] is None:
            raise type_error("Required argument '%s' (pos %d) not found" % (names[i], i + 1))
    if unknown > 0:
        raise type_error("'%s' is an invalid keyword argument for this function" % unknown_keyword(keywords, names))
    return result_w


def unknown_keyword(keywords, names):
    """The first of `keywords` that is none of `names`."""
    for keyword in keywords:
        if keyword not in names:
            return keyword
    return ""
