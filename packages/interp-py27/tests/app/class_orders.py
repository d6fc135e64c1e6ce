"""The mro() of a metaclass may not bring in layouts that instances do not have."""


class Old:
    pass


class Plain(object):
    pass


class Slots(object):
    __slots__ = ["a", "b"]


def names(classes):
    return [item.__name__ for item in classes]


def attempt(result, bases=(object,), **namespace):
    class Meta(type):
        def mro(self):
            return result(self)

    try:
        print names(Meta("X", bases, namespace).__mro__)
    except Exception as error:
        print type(error).__name__, error


for listed in [int, 3, Plain, Old, Slots, basestring, unicode, bool, type, None, "x", dict]:
    attempt(lambda c: [c, listed, object])
for bases in [(Slots,), (str,), (int,), (dict,), (Plain,)]:
    for listed in [basestring, unicode, str, int, bool, dict, Plain]:
        attempt(lambda c: [c, listed, object], bases)
attempt(lambda c: [c, Slots, object], __slots__=[])
attempt(lambda c: [c, Slots, object], __slots__=["x"])
for result in [3, None, [], iter([object]), [object]]:
    attempt(lambda c: result)
attempt(lambda c: [c])
attempt(lambda c: [c], (int,))


class Meta(type):
    bad = False

    def mro(self):
        return [self, dict, object] if self.bad else type.mro(self)


class First(object):
    pass


class Second(object):
    pass


class Base(First):
    __metaclass__ = Meta


class Derived(Base):
    pass


def change():
    try:
        Base.__bases__ = (Second,)
    except Exception as error:
        print type(error).__name__, error
    print names(Base.__bases__), names(Base.__mro__), names(Derived.__mro__)


Derived.bad = True
change()
Meta.bad = True
change()
Meta.bad = Derived.bad = False
change()
