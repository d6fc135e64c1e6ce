# Iterators of the core: reversed, enumerate, xrange; sums, sorting, and comparison of types and tuples.
import sys

nan = float('nan')
M = sys.maxint


class Doubled(reversed):
    def next(self):
        return reversed.next(self) * 2


class Items(enumerate):
    def next(self):
        return enumerate.next(self)[1]


class Plain(reversed):
    pass


print list(Doubled([1, 2])), list(Items('ab')), list(Plain('abc')), next(Plain('x')), [x for x in Doubled([3, 4])]
r = reversed([1, 2])
print r.__length_hint__(), next(r), r.__length_hint__(), list(r), r.__length_hint__(), list(r)
for kind in reversed, enumerate:
    for arguments in [(), (1,), ('a', 'b'), ({},), ([], 1), ([1], 1, 2), ([], 'x')]:
        try:
            print kind.__name__, arguments, list(kind(*arguments))
        except Exception as error:
            print kind.__name__, arguments, type(error).__name__, error


class Squares(object):
    def __len__(self):
        return 3

    def __getitem__(self, index):
        return index * index


class Old:
    def __len__(self):
        return 2

    def __getitem__(self, index):
        return index


class OldReversed:
    def __reversed__(self):
        return iter('xy')


for value in Squares(), Old(), OldReversed(), xrange(3), 'ab', u'ab', (1, 2), set(), iter([]):
    try:
        print list(reversed(value))
    except Exception as error:
        print type(error).__name__, error


class Integer(int):
    def __add__(self, other):
        return 'I'

    def __radd__(self, other):
        return 'rI'

    def __lt__(self, other):
        return True


class Loud(object):
    def __eq__(self, other):
        print 'eq',
        return False

    def __lt__(self, other):
        print 'lt',
        return True


class Compared(type):
    def __cmp__(self, other):
        return cmp(self.__name__, other.__name__)


class A:
    __metaclass__ = Compared


class B:
    __metaclass__ = Compared


class AllEqual(type):
    def __eq__(self, other):
        return True


class C:
    __metaclass__ = AllEqual


class D:
    __metaclass__ = AllEqual


changing = []


def append_and_pop(x, y):
    changing.append(3)
    changing.pop()
    return cmp(x, y)


def delete_all(x, y):
    del changing[:]
    return cmp(x, y)


def sort_again(x, y):
    changing.sort()
    return cmp(x, y)


def sort_by(function):
    changing[:] = [1, 2, 3]
    changing.sort(function)
    return changing


def show(expression):
    try:
        print expression, '->', repr(eval(expression))
    except Exception as error:
        print expression, '!!', type(error).__name__, error


for line in """\
sum([1,2,3])
sum([M,1])
sum([M,1,1.5])
sum([1,2.5,3])
sum([1.5,2L])
sum([1,Integer(3),4])
sum([True,True])
sum([],5)
sum([1],1.5)
sum([[1],[2]],[])
sum([1.5,'a'])
sum(['a'])
sum([1],'a')
sum([1j,2])
sum(x for x in range(5))
sum([2**70,1])
zip()
zip([1,2],'abc',xrange(9))
zip(3)
zip([],4)
(1,2)==(1,2)
(1,2)<(1,3)
(1,2)<(1,2,0)
(nan,)==(nan,)
(nan,)<(nan,)
sorted([(2,nan),(1,nan),(2,1)])
(1,Loud())==(1,Loud())
(Loud(),)<(Loud(),)
(1,)==(1.0,)
(1,Loud())==(2,)
(Loud(),)==(1,2)
{(1,2):3}[(1,2)]
{(1,2):3}[(1,2.0)]
{}[1]
{1:2}[(1,)]
1 in {1:2}
[] in {}
sorted([1.5,-0.0,0.0,2.5],reverse=True)
sorted(['a','c','b'],reverse=True)
sorted([3,1,2],reverse=True)
sorted([3,1.5,2],reverse=True)
sorted([(1,'a'),(0,'b'),(1,'c')],key=lambda x:x[0],reverse=True)
dict([(1,2,3)])
dict([(1,)])
dict([3])
list(enumerate('ab',M))
xrange()
xrange(1,2,3,4)
xrange(x=1)
xrange(3)
xrange(1,5)
xrange(1,9,3)
xrange(1,2,0)
xrange(1.5)
xrange('a')
xrange(2**70)
xrange(None)
slice()
slice(1)
slice(1,2)
slice(1,2,3)
slice(1,2,3,4)
slice(x=1)
reversed()
enumerate()
enumerate(3)
list(enumerate('ab',1L))
list(enumerate('ab',2**70))
enumerate('a','b')
A<B
B<A
A==B
sorted([B,A])==[A,B]
C==D
C!=D
hash(C)==hash(D)
hash(A)==hash(A)
int==int
int==str
int!=str
int==3
3==int
int<3
(int<str)==(id(int)<id(str))
cmp(int,str)==cmp(id(int),id(str))
{int:1,str:2}[str]
sort_by(append_and_pop)
changing
sort_by(delete_all)
sort_by(sort_again)
len(changing)
type.__eq__(int,str)
type.__lt__(int,3)
object().__hash__ is not None
type.__hash__(int)==hash(int)
""".splitlines():
    show(line)


# Tuples in lists that are long enough to be sorted by what they begin with.
class Compared(object):
    log = []

    def __init__(self, value): self.value = value
    def __eq__(self, other): self.log.append(('==', self.value, other.value)); return self.value == other.value
    def __lt__(self, other): self.log.append(('<', self.value, other.value)); return self.value < other.value
    def __repr__(self): return 'C%d' % self.value


class Pair(tuple):
    def __lt__(self, other): return tuple.__lt__(self, other)


seed = 11
numbers = []
for _ in range(80):
    seed = (seed * 1103515245 + 12345) % 2147483648
    numbers.append((seed >> 8) % 13 - 6)
makers = [
    lambda n, i: (n,),
    lambda n, i: (n, i),
    lambda n, i: (n, -i, 'x'),
    lambda n, i: (n, i % 5, float(-i)),
    lambda n, i: (n, 'text%d' % (i % 7)),
    lambda n, i: (n, i) if i % 3 else (n,),
    lambda n, i: (n, i) if i % 3 else (n, None),
    lambda n, i: (str(n), i % 4, -i),
    lambda n, i: ('k%d' % n,) if i % 2 else ('k%d' % n, i),
    lambda n, i: (n, i) if i != 40 else (),
    lambda n, i: (n, i) if i != 40 else (2.5, i),
    lambda n, i: (n, i) if i != 40 else (2 ** 70, i),
    lambda n, i: (n, i) if i != 40 else [n, i],
    lambda n, i: (n, i) if i % 8 else Pair((n, i)),
    lambda n, i: (str(n), i) if i != 40 else (u'\xe9', i),
    lambda n, i: (n > 0, i % 3, -i),
    lambda n, i: (sys.maxint - n, -sys.maxint - 1 + i % 3, i),
]
for make in makers:
    items = [make(n, i) for i, n in enumerate(numbers)]
    print sorted(items) == [item for item in sorted(items, cmp=cmp)] or sorted(items)[:9], sorted(items, reverse=True)[:4]
    print sorted(range(80), key=lambda i: items[i])[:30], sorted(range(80), key=lambda i: items[i], reverse=True)[-7:]
    print sorted(range(80), key=lambda i: items[i][:1])[:12]
logged = [(n, Compared(i % 9), i) for i, n in enumerate(numbers[:24])]
print sorted(logged), set(sign for sign, _, _ in Compared.log)
try:
    sorted([(n % 2, 1j * i) for i, n in enumerate(numbers)])
except TypeError as error:
    print error
