"""``except`` asks the metaclass of a class of exceptions; anything else catches nothing."""

import abc
import sys


class Base(Exception):
    __metaclass__ = abc.ABCMeta


class Abstract(object):
    __metaclass__ = abc.ABCMeta


Base.register(KeyError)
Abstract.register(KeyError)


def caught_by(raised, *checks):
    try:
        raise raised
    except checks as error:
        return repr(error)
    except BaseException as error:
        return "missed " + repr(error)


print caught_by(KeyError(1), Base)
print caught_by(KeyError, Base)
print caught_by(IndexError(1), Base)
print caught_by(KeyError(1), ValueError, (TypeError, (Base, OSError)))
print caught_by(KeyError(1), Abstract)
print caught_by(KeyError(1), object)
print caught_by(KeyError(1), type)
print caught_by(KeyError(1), object())
print caught_by(KeyError(1), 5, None)


class Asked(type):
    def __subclasscheck__(cls, subclass):
        print "asked", cls.__name__, subclass.__name__, sys.exc_info()[0]
        return cls.answer(subclass)


class Yes(Exception):
    __metaclass__ = Asked
    answer = staticmethod(lambda subclass: [1])


class No(Exception):
    __metaclass__ = Asked
    answer = staticmethod(lambda subclass: "")


class Fails(Exception):
    __metaclass__ = Asked
    answer = staticmethod(lambda subclass: subclass[1])


class NoException(object):
    __metaclass__ = Asked
    answer = staticmethod(lambda subclass: True)


class Old:
    pass


class Mixed(Exception, Old):
    pass


print caught_by(KeyError(1), Yes)
print caught_by(KeyError, (), No, Exception)
print caught_by(KeyError(1), Fails, LookupError)
print caught_by(KeyError(1), NoException)
print caught_by(KeyError(1), Old)
print caught_by(Mixed(), Old)
print caught_by(Mixed(), Yes)
try:
    raise Old
except Yes as error:
    print error.__class__
try:
    raise Old()
except Old as error:
    print error.__class__


def repeat():
    """A loop for the JIT."""
    counts = [0, 0]
    for number in xrange(3000):
        try:
            if number % 3:
                raise KeyError(number)
            raise ValueError
        except Base:
            counts[0] += 1
        except ValueError:
            counts[1] += 1
    return counts


print repeat()


def endless(number):
    return endless(number + 1)


class Deep(Exception):
    class __metaclass__(type):
        def __subclasscheck__(cls, subclass):
            return subclass is RuntimeError


def at_the_end():
    try:
        return endless(0)
    except Deep as error:
        return str(error)[:32]


print at_the_end()
