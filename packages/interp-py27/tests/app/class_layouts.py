"""Which classes can be bases together and replace each other, with what CPython says where they cannot."""


def attempt(function, *arguments):
    try:
        print function(*arguments)
    except Exception as error:
        # The bases in a message about their order come in the order of their addresses.
        print type(error).__name__, str(error).partition("(MRO) for bases")[0]


class Old: pass


class Plain(object): pass


class Empty(object): __slots__ = ()


class One(object): __slots__ = ("x",)


class Other(object): __slots__ = "x"


class Two(object): __slots__ = ("x", "y")


class TwoMore(object): __slots__ = ("y", "x")


class Weak(object): __slots__ = ("__weakref__",)


class Dict(object): __slots__ = ("__dict__", "x")


class OneAndAll(One): pass


class Text(str): pass


class Number(int): pass


class Long(long): pass


class Meta(type): pass


class Meta2(type): pass


CLASSES = [Plain, Empty, One, Other, Two, TwoMore, Weak, Dict, OneAndAll, Text, Number, Long]


def make(bases, slots):
    made = type("K", bases, {} if slots is None else {"__slots__": slots})
    return made.__base__.__name__, sorted(name for name in vars(made) if name not in ("__doc__", "__module__"))


for bases in [(object,), (Plain,), (Old, One), (int,), (str,), (tuple,), (long,), (type,), (list,), (Text, Plain),
              (Exception,), (basestring,), (bool,), (slice, int), (Weak,)]:
    for slots in [None, (), ("x",), "x", u"x", ("x", 3), (3, u"\xe9"), ("1",), ("",), 3, ("__dict__",), ("__weakref__",),
                  ("__dict__", "__dict__"), ("x", "__weakref__", "x")]:
        print [base.__name__ for base in bases], slots,
        attempt(make, bases, slots)

for left in CLASSES + [int, Old, Meta]:
    for right in CLASSES + [str, Old]:
        print left.__name__, right.__name__,
        attempt(make, (left, right), None)


def assign_class(old, new):
    thing = old()
    thing.__class__ = new
    return type(thing) is new


def assign_bases(old, new):
    class Derived(old): __slots__ = ()
    Derived.__bases__ = (new,)
    return Derived.__bases__ == (new,)


for old in CLASSES:
    for new in CLASSES + [int, Old, object, bool, 3]:
        print old.__name__, getattr(new, "__name__", new),
        attempt(assign_class, old, new)
        attempt(assign_bases, old, new)

for old, new in [(Exception, ValueError), (ValueError, IOError), (IOError, OSError), (object, basestring), (dict, list)]:
    attempt(assign_bases, old, new)

made = Meta("made", (), {})
made.__class__ = Meta2
print type(made).__name__
