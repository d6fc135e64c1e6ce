# Lists that are made from an iterator get room for what it expects to give, which may be wrong.
import itertools


class Wrong(object):
    def __init__(self, hint):
        self.hint = hint

    def __iter__(self):
        return iter([1, 2, 3])

    def __length_hint__(self):
        return self.hint


def kinds(n):
    for value in (n, n + 0.5, str(n), [n], n, None):
        yield value


source = range(10)
source[3] = "three"
print [a for a in source], [a for a in source[3:]], [(a, b) for a, b in zip("ab", source)]
print [source.pop() for a in source], source

source = list("abc")
print [source.append(a) or len(source) for a in source if len(source) < 9]
source = [1, 2, 3]
result = [source.extend(source) or a for a in iter(source) if len(source) < 20]
print result, len(source)
print [a for a in kinds(3)], list(kinds(4)), [a for a in xrange(0)], [a for a in ()], [a for a in (None,)]
print [a * 1.5 for a in xrange(4)], [str(a) for a in xrange(4)], [a if a % 2 else "x" for a in xrange(5)]
print [[b for b in a] for a in ("ab", (1, 2.5), xrange(3), [], {})]
print len([a for a in xrange(66000)]), len(list(xrange(600))), sum([a for a in reversed(range(700))])


def failing(n):
    seen = []
    try:
        [seen.append(a) or 1 // (n - a) for a in xrange(2 ** 60)]
    except ZeroDivisionError as error:
        return len(seen), str(error)


print failing(0), failing(5)
for hint in (0, 3, 1000):
    print list(Wrong(hint)), [a for a in Wrong(hint)]

print list(itertools.imap(pow, itertools.count(0), itertools.repeat(2, 5)))
print list(itertools.imap(None, [1, 2], itertools.repeat(0))), list(itertools.izip("abc", itertools.count()))
print list(itertools.imap(len, ["a", "bc", ""])), list(itertools.izip()), list(itertools.imap(str, itertools.repeat(7, 0)))
numbers = range(3)
print list(itertools.imap(lambda a: numbers and numbers.pop(), iter(numbers))), numbers
first = iter("")
print list(itertools.izip(xrange(5), first)), list(itertools.izip(first, xrange(5)))
words = []
words.extend(itertools.imap(lambda a: words.append(a) or -a, xrange(3)))
print words
words.extend(itertools.imap(lambda a: words.append(a) or -a, [4, 5]))
print words
try:
    print list(itertools.imap(lambda a: 1 // a, itertools.repeat(0, 2 ** 62)))
except ZeroDivisionError:
    print "division"


class Counted(itertools.imap):
    def next(self):
        return "next"


print [a for a, _ in zip(Counted(len, ["a", "b"]), range(3))], list(itertools.islice(Counted(len, ["a"]), 2))


def generator():
    got = [(yield a) for a in xrange(3)]
    yield got


running = generator()
print next(running), running.send("x"), running.send("y"), running.send("z")
