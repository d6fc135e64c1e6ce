"""What refers to what: gc.get_referents, gc.get_referrers, gc.get_objects, gc.is_tracked."""

import gc


class New(object):
    pass


class Slotted(object):
    __slots__ = ("s",)


class Names(dict):
    pass


class Old:
    pass


def kinds(objects):
    return sorted(type(item).__name__ for item in objects)


target = ["target"]
new = New()
new.attribute = target
slotted = Slotted()
slotted.s = target
names = Names()
names.attribute = target
old = Old()
old.attribute = target
items = (1, target)
table = {1: target, "two": 2}
numbers = [1, 2]


def function(argument=target):
    return lambda: argument


def generator(argument):
    yield 1


def wanted(objects):
    """Those made above, without what is about this test."""
    mine = [new.__dict__, slotted, names, names.__dict__, old.__dict__, items, table]
    return sorted(type(item).__name__ for item in mine if any(item is other for other in objects))


print wanted(gc.get_referrers(target))
print wanted(gc.get_referrers(items)), any(item is globals() for item in gc.get_referrers(items))
print any(item is new for item in gc.get_referrers(New)), any(item is new for item in gc.get_referrers(new.__dict__))
closure = function().func_closure[0]
print any(item is closure for item in gc.get_referrers(target))
print gc.get_referrers() == []
running = generator(target)
next(running)
print any(item is running.gi_frame for item in gc.get_referrers(target)), kinds(gc.get_referents(running))
cyclic = []
cyclic.append(cyclic)
print sum(item is cyclic for item in gc.get_referrers(cyclic))
deep = {}
deep["deep"] = deep
print gc.is_tracked(deep)

for thing in [new, slotted, items, numbers, closure, staticmethod(len), "text", 1, function.func_code, old]:
    print type(thing).__name__, kinds(item for item in gc.get_referents(thing) if type(item) is not str)

for thing in [{}, {1: 2}, {1: {}}, {1: ()}, {1: ([],)}, (), ([],), [], "a", 1, u"a", object(), New, int, new, slotted, gc,
              xrange(2), New().__dict__]:
    print gc.is_tracked(thing),
print

everything = gc.get_objects()
for thing in [new, slotted, names, items, table, numbers, function, New, Old, gc, target, globals()]:
    print sum(item is thing for item in everything),
print
print any(item is everything for item in everything), any(type(item) in (int, str) for item in everything)
del everything

class Lost(object):
    pass


def lose():
    lost = Lost()
    lost.myself = lost
    print sum(type(item) is Lost for item in gc.get_objects())


lose()
gc.collect()
gc.collect()
print sum(type(item) is Lost for item in gc.get_objects())
