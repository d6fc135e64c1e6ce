"""What the iterator types of ``itertools`` share: how they are described, made and given their arguments."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.instance_object import make_user_class
from ouro.interp_py27.objects.root import ENDLESS
from ouro.interp_py27.vm.errors import OperationError, type_error
from ouro.interp_py27.vm.typedef import define_type, open_iterator_entries
from ouro.rlib import jit
from ouro.rlib.objectmodel import not_rpython


@not_rpython
def define_iterator(cls, name, initialize, entries=None):
    """Describe the application type of iterator class `cls`, which application classes may extend.

    ``initialize(w_iterator, args, exact)`` fills a fresh instance from the `Arguments` of the call; `exact` is False
    for subclasses, whose ``__init__`` may take other keywords. The documentation of the type is that of `cls`.
    Returns a function that makes an empty instance of a given subtype.
    """
    user_class = make_user_class(cls)
    allocate = _make_allocate(cls, user_class)
    new = _make_new(cls, allocate, initialize)
    table = dict(open_iterator_entries(cls), __new__=new, __doc__=cls.__doc__, **(entries or {}))
    define_type(cls, name, table, module="itertools", user_class=user_class)
    return allocate


@not_rpython
def _make_allocate(cls, user_class):
    def allocate(w_subtype):
        if w_subtype is cls.w_builtin_type:
            return cls()
        space.check_subtype(w_subtype, cls.w_builtin_type)
        w_iterator = user_class()
        space.init_user(w_iterator, w_subtype)
        return w_iterator

    return allocate


@not_rpython
def _make_new(cls, allocate, initialize):
    def new(w_subtype, __args__):
        w_iterator = allocate(w_subtype)
        initialize(w_iterator, __args__, w_subtype is cls.w_builtin_type)
        return w_iterator

    return new


@jit.unroll_safe
def least_expected(iterators_w):
    """How many items the first iterator to end gives (`items_expected`)."""
    least = ENDLESS
    for w_iterator in iterators_w:
        least = min(least, w_iterator.items_expected())
    return 0 if least == ENDLESS else least


def no_keywords(args, name, exact):
    """Built-in iterators take no keywords; their subclasses may, for their ``__init__``."""
    if exact and args.has_keywords():
        raise type_error("%s() does not take keyword arguments" % name)
    return args.args_w


def iterators_of(args_w, first, message):
    """Iterators over the arguments from position `first` on; `message` takes the number of one that has none."""
    iterators_w = [None] * (len(args_w) - first)
    for position in range(first, len(args_w)):
        try:
            iterators_w[position - first] = space.iter(args_w[position])
        except OperationError as error:
            if message == "" or not error.match(space.w_TypeError):
                raise
            raise type_error(message.replace("%d", str(position - first + 1)))
    return iterators_w
