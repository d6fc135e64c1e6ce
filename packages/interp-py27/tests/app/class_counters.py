# Attributes of classes that are assigned again and again, and all ways to see them.
class Base(object):
    count = 0
    name = 'a'
    hidden = 1
    next = None

    def __init__(self):
        Base.count += 1


class Derived(Base):
    own = 0.0

    def read(self):
        return self.count, self.name, self.hidden


def work(n):
    seen = []
    for i in range(n):
        item = Derived()
        Derived.own += 0.5
        if i % 700 == 0:
            seen.append((item.count, Derived.count, item.own, item.read()))
    return seen


print work(3)
print work(3000)
print Base.__dict__['count'], Derived.__dict__['own'], 'count' in Base.__dict__, Base.__dict__.get('count')
print sorted(dict(Base.__dict__).items())[-4:-1] == sorted(Base.__dict__.items())[-4:-1]
print [value for key, value in sorted(Base.__dict__.items()) if not key.startswith('__')]
print vars(Base)['count'], getattr(Base, 'count'), super(Derived, Derived()).count

item = Derived()
Derived.count = 'mine'
print item.count, Base.count
del Derived.count
print item.count
item.hidden = 'own'
Base.hidden = 2
Base.hidden = 3
print item.hidden, item.read(), Derived.hidden

# what was a number becomes a descriptor, and the other way round
Base.name = 'b'
Base.name = 'c'
print item.name
Base.name = property(lambda self: 'computed')
print item.name, [item.name for i in range(3)]
Base.name = 'd'
print item.name
Base.name = lambda self: 'called'
print item.name()
Base.name = 4
Base.name = 5
Base.name = item
print item.name is item


class Describes(object):
    def __get__(self, instance, owner):
        return 'described'


Base.name = 6
Base.name = 7
Base.name = Describes()
print item.name, Base.name


def switching(n):
    result = []
    for i in range(n):
        Base.hidden = i
        if i == n - 500:
            Base.hidden = property(lambda self: -1)
            result.append(Derived().hidden)
        if i == n - 300:
            Base.count = Describes()
            result.append(Derived.count)
            Base.count = 5
        result.append(Derived().hidden)
    return sum(result[:-501]), result[-500:-497], sum([r for r in result[-400:] if isinstance(r, int)])


print switching(3000)
Base.next = 1
Base.next = 2
Derived.next = lambda self: 3
print Derived().next(), Base.next
try:
    del Base.missing
except AttributeError as error:
    print error
