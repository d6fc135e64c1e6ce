import itertools as I
import sys


def show(expression):
    try:
        print expression, '->', repr(eval(expression))
    except Exception as error:
        print expression, '!!', type(error).__name__, error


for line in """\
I.repeat(1,'a')
I.repeat(1,2.0)
I.repeat()
I.repeat(1,2,3)
I.repeat(1,times=2,x=3)
I.repeat(1,object=2)
I.repeat(1,tim=2)
I.repeat(1, 2**70)
I.repeat(1,None)
I.count('a')
I.count(1,'a')
I.count(1,2,3)
I.count(True).next()
I.count(True,2).next()
I.count(1L)
I.count(1,1L)
I.count(1.5,True)
I.count(2**63-1)
I.count(sta=2)
I.count(1).__reduce__()
I.count(1,2).__reduce__()
I.count(1.5).__reduce__()
I.cycle()
I.cycle(1)
I.cycle([],x=1)
I.cycle(1,2)
I.chain(x=1)
list(I.chain(1))
list(I.chain.from_iterable(1))
list(I.chain.from_iterable([1]))
I.compress()
I.compress([1])
I.compress([1],2)
I.compress([1],2,3)
I.dropwhile(1)
I.dropwhile(1,2)
I.dropwhile(1,2,3)
I.dropwhile(1,[],x=3)
I.dropwhile(3,[1]).next()
I.imap()
I.imap(1)
I.imap(None,1)
I.imap(None,[],x=1)
I.izip(1)
I.izip([],1)
I.izip([],x=1)
I.izip_longest(1)
I.izip_longest([],1)
I.izip_longest([],x=1)
I.izip_longest([],fillvalue=1,x=1)
I.islice()
I.islice([])
I.islice([],1,2,3,4)
I.islice([],'a')
I.islice([],-1)
I.islice([],-2)
I.islice([],'a',1)
I.islice([],1,'a')
I.islice([],1,-1)
I.islice([],1,-2)
I.islice([],-1,2)
I.islice([],1,2,0)
I.islice([],1,2,'a')
I.islice(1,2)
I.islice([],2**70)
list(I.islice([1,2,3],2.5))
list(I.islice(xrange(10),1,None,sys.maxint))
list(I.islice(xrange(10),1,5,sys.maxint))
I.islice([],1,x=2)
I.starmap(1)
I.starmap(1,2)
I.starmap(max,[1]).next()
I.tee()
I.tee(1)
I.tee([],-1)
I.tee([],'a')
I.tee([],1.0)
I.tee([],1,2)
I.tee([],n=1)
type(I.tee([])[0])
type(I.tee([])[0])()
type(I.tee([])[0])(1)
I.groupby()
I.groupby([],1,2)
I.groupby([],ke=1)
I.groupby(1)
type(I.groupby([1]).next()[1])
type(I.groupby([1]).next()[1])()
I.product(repeat=-1)
I.product(repeat='a')
I.product(repeat=1,x=1)
I.product(x=1)
I.product(1)
I.combinations()
I.combinations([],'a')
I.combinations([],-1)
I.combinations([],1,2)
I.combinations([])
I.combinations(r=1)
I.combinations(1,2)
I.combinations_with_replacement([],-1)
I.permutations([],-1)
I.permutations([],'a')
list(I.permutations([1,2],1.5))
I.permutations([],2**70)
I.permutations()
I.permutations(1)
I.ifilter(1)
I.ifilter(1,2)
I.ifilter(1,[],x=1)
""".splitlines():
    show(line)

# Classes derived from iterators: next() may be overridden, __init__ may take other arguments.


class Shifted(I.ifilter):
    def next(self):
        return I.ifilter.next(self) + 10


class Named(I.izip):
    def __new__(cls, name, *sources):
        self = I.izip.__new__(cls, *sources)
        self.name = name
        return self


print list(Shifted(None, [0, 1, 2])), list(I.chain(Shifted(None, [3]), 'x'))
named = Named('pairs', 'ab', I.count())
print named.name, list(named), type(named).__name__
print type(I.chain.from_iterable(['ab'])), list(I.chain.from_iterable(['ab', xrange(2)]))

for items in [], [1], range(4):
    for length in range(4):
        print list(I.permutations(items, length))
        print list(I.combinations(items, length)), list(I.combinations_with_replacement(items, length))
        print list(I.product(items, 'ab', repeat=length))[:12]

# What is read, and when.


def numbers():
    for number in range(6):
        print 'gives', number
        yield number


first, second = I.tee(numbers())
print next(first), next(first), next(second), list(first), list(second)
third = first.__copy__()
print list(third), list(I.islice(I.tee('abcdef')[0], 1, 5, 2))
print [(key, list(group)) for key, group in I.groupby(numbers(), lambda number: number // 2)]
print [key for key, group in I.groupby('aabbca')]
groups = list(I.groupby('aab'))
print [list(group) for key, group in groups]
cycle = I.cycle(numbers())
print [next(cycle) for step in range(9)]
for longest in I.izip_longest('abc', numbers(), [], fillvalue='-'):
    print longest
print list(I.dropwhile(lambda x: x < 3, numbers())), list(I.takewhile(lambda x: x < 3, numbers()))
counter = I.count(sys.maxint - 1)
print [next(counter) for step in range(4)], counter
again = I.repeat('x', 3)
print again, next(again), again, len(list(again)), again
