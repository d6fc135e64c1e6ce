# Arithmetic, calls, classes, closures, generators, exceptions, with.


def check(label, *values):
    print label, ' '.join([repr(v) for v in values])


check('int', 1 + 2, 7 // 2, -7 // 2, -7 % 3, 2 ** 10, 7 / 2, 1 << 70, ~5, 5 & 3, 5 | 3, 5 ^ 3)
check('overflow', 9223372036854775807 + 1, -9223372036854775807 - 2, 9223372036854775807 * 2)
check('long', 10 ** 30, 10 ** 30 // 7, 10 ** 30 % 7, -(10 ** 20) >> 3, hash(10 ** 20))
check('float', 1.5 + 2, 7.0 // 2, -7.5 % 2, 2.0 ** 0.5, 1e100, 0.1, 1e22, float('inf'), divmod(7.5, -2))
check('compare', 1 < 2, 1 < 2.5, 1 == 1.0, 2L == 2, 'a' < 'b', (1, 2) < (1, 3), [1] == [1], None < 1, 1 < 'a')
check('bool', True + 1, True and 3, 0 or 'x', not 3, True & False, bool([]))
check('str', 'abc' * 3, 'abc' + 'd', 'abc'[1], 'abc'[-1], 'abcdef'[1:4], 'abcdef'[::-2], 'b' in 'abc', "it's", 'tab\t\n\x00\xff')
check('list', [1, 2, 3][1:], [1] * 3, [1, 2] + ['x'], range(5), range(2, 10, 3), range(5, 0, -2))
check('tuple', (), (1,), (1, 2) + (3,), (1, 2, 3)[1:])


def f(a, b=2, *args, **kwargs):
    return a, b, args, sorted(kwargs.items())


check('call', f(1), f(1, 3), f(1, 2, 3, 4), f(1, x=5), f(b=1, a=2), f(*(1, 2, 3)), f(1, **{'z': 3}))


def outer(n):
    def inner():
        return n + 1
    n = n * 2
    return inner


check('closure', outer(4)())


def gen(n):
    for i in range(n):
        x = yield i
        if x:
            yield x * 100


g = gen(3)
check('generator', g.next(), g.send(4), list(g), sum(i * i for i in range(10)))


class Base(object):
    kind = 'base'

    def __init__(self, x):
        self.x = x

    def get(self):
        return self.x

    @property
    def double(self):
        return self.x * 2

    @classmethod
    def make(cls):
        return cls(7)

    @staticmethod
    def helper(a):
        return a + 1

    def __repr__(self):
        return '%s(%d)' % (type(self).__name__, self.x)


class Derived(Base):
    __slots__ = ('y',)

    def get(self):
        return super(Derived, self).get() + 100

    def __getattr__(self, name):
        return 'missing ' + name


d = Derived(5)
d.y = 3
check('class', d.get(), d.double, Derived.make(), Derived.helper(1), d.kind, d.y, d.nothing, isinstance(d, Base))


class Old:
    def __init__(self, v):
        self.v = v

    def __add__(self, other):
        return self.v + other.v

    def __len__(self):
        return self.v


check('old', Old(3) + Old(4), len(Old(2)), isinstance(Old(1), Old), Old.__name__)


def raiser(kind):
    try:
        if kind == 0:
            return 1 / 0
        elif kind == 1:
            return [][1]
        elif kind == 2:
            return {}['k']
        elif kind == 3:
            return undefined_name
        elif kind == 4:
            raise ValueError('boom', 3)
        elif kind == 5:
            return None.foo
    except ZeroDivisionError as e:
        return 'zde', str(e)
    except (IndexError, KeyError), e:
        return type(e).__name__, str(e)
    except Exception as e:
        return type(e), e.args
    finally:
        print 'finally', kind


for k in range(7):
    check('raise', raiser(k))


class Manager(object):
    def __enter__(self):
        print 'enter'
        return 'value'

    def __exit__(self, *args):
        print 'exit', args[0]
        return True


with Manager() as m:
    print m
    raise KeyError('swallowed')

for i in range(10):
    if i == 3:
        continue
    if i == 6:
        break
else:
    print 'not reached'
print i

d = {}
d['a'] = 1
d[3] = 4
d[(1, 2)] = 5
check('dict', len(d), d['a'], d.get('b'), d.get('b', 9), 3 in d, d.pop(3), sorted(d.values()))
check('comp', [x * y for x in range(3) for y in range(3) if x != y], sorted({x: x * x for x in range(3)}.items()))
exec 'z = 5' in d
check('exec', d['z'], eval('1 + 2 * z', d))
a, (b, c) = 1, (2, 3)
check('unpack', a, b, c)
x = [1, 2, 3]
x[1:2] = [7, 8, 9]
del x[0]
x += [4]
check('slice', x, x.index(9), x.count(4), sorted(x, reverse=True), map(None, [1, 2], [3]), zip('ab', [1, 2]))
print reduce(lambda a, b: a * b, range(1, 20)), filter(None, [0, 1, '', 'x']), max(3, 9, 2), min([4, 2, 8])
lst = [5, 3, 8, 1]
lst.sort()
print lst, lst.pop(), lst[-1]
lst.sort(key=lambda v: -v)
print lst, lst.reverse(), lst
