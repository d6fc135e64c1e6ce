"""Weak references, proxies, finalizers: what holds without counting references."""

import _weakref as weakref


class New(object):
    pass


class Old:
    pass


def function():
    yield 1


def show(value):
    try:
        return repr(value())
    except Exception, error:
        return "%s: %s" % (type(error).__name__, error)


new = New()
for target in [new, Old(), Old, New, function, function(), new.__class__, set(), frozenset(), function.func_code]:
    reference = weakref.ref(target)
    print reference() is target, reference is weakref.ref(target), weakref.getweakrefcount(target), (
        reference == weakref.ref(target)), show(lambda: hash(reference) == hash(target))
for target in [1, "a", u"a", (), [], {}, None, len, object(), 1.5, xrange(3), ValueError()]:
    print show(lambda: weakref.ref(target))

first = weakref.ref(new)
second = weakref.ref(new, None)
third = weakref.ref(new, lambda reference: None)
print first is second, first is third, first == third, weakref.getweakrefs(new) == [first, third], len({first, third})
print first != third, first == 3, weakref.ref(New()) == first


class Reference(weakref.ref):
    def __new__(cls, target, callback=None, key=None):
        self = weakref.ref.__new__(cls, target, callback)
        self.key = key
        return self

    def __init__(self, target, callback=None, key=None):
        super(Reference, self).__init__(target, callback)

    def __call__(self):
        return super(Reference, self).__call__(), self.key


fourth = Reference(new, key="key")
print fourth()[0] is new, fourth()[1], fourth is Reference(new), fourth == first

proxy = weakref.proxy(new)
proxy.attribute = 5
print new.attribute, proxy.attribute, isinstance(proxy, New), type(proxy), proxy is weakref.proxy(new)
del proxy.attribute
print show(lambda: new.attribute), show(lambda: hash(proxy)), show(lambda: proxy()), show(lambda: len(proxy))


class Weak(object):
    def __init__(self, value):
        self.value = value

for name in ["add", "sub", "mul", "div", "floordiv", "mod", "divmod", "pow", "lshift", "rshift", "and", "or", "xor"]:
    def method(self, other, name="__%s__" % name):
        return name, other if isinstance(other, int) else type(other).__name__
    setattr(Weak, "__%s__" % name, method)
    def reflected(self, other, name="__r%s__" % name):
        return name, other if isinstance(other, int) else type(other).__name__
    setattr(Weak, "__r%s__" % name, reflected)
for name in ["neg", "pos", "abs", "invert"]:
    setattr(Weak, "__%s__" % name, lambda self, name=name: name)
Weak.__len__ = lambda self: 3
Weak.__getitem__ = lambda self, index: ("item", index)
Weak.__contains__ = lambda self, item: item == 1
Weak.__iter__ = lambda self: iter([1, 2])
Weak.__int__ = lambda self: 7
Weak.__float__ = lambda self: 7.5
Weak.__index__ = lambda self: 1
Weak.__str__ = lambda self: "str"
Weak.__nonzero__ = lambda self: False
Weak.__call__ = lambda self, *arguments, **keywords: (arguments, keywords)

weak = Weak(1)
p = weakref.proxy(weak)
print p + 1, 1 + p, p - p, p * 2, 2 * p, p / 2, p // 2, p % 2, divmod(p, 2), p ** 2, 2 ** p, p << 1, p >> 1
print p & 1, p | 1, p ^ 1, -p, +p, abs(p), ~p, len(p), p[3], 1 in p, 2 in p, list(p), int(p), float(p), [1, 2][p], str(p)
print bool(p), p(1, two=2), type(p), p.value, p[1:2]
p += 1
print p

print show(lambda: weakref._remove_dead_weakref({}, 1)), show(lambda: weakref._remove_dead_weakref({1: 2}, 1))

import gc
# a text is interned for as long as somebody has the str that it was interned with
for number in range(3):
    text = "never interned before %d" % number
    print intern(text) is text,
    gc.collect()
    print intern(text.swapcase().swapcase()) is text, intern(text + "") is text
