import _bisect as bisect
import _collections as C
import _functools as F
import _heapq as heapq


def show(expression):
    try:
        print expression, '->', repr(eval(expression))
    except Exception as error:
        print expression, '!!', type(error).__name__, error


for line in """\
F.partial()
F.partial(1)
F.partial(x=1)
setattr(F.partial(int),'func',1)
setattr(F.partial(int),'__dict__',1)
delattr(F.partial(int),'__dict__')
delattr(F.partial(int),'func')
F.partial(int,base=2).keywords
F.partial(int).keywords
F.partial(int).__dict__
F.partial(int).__setstate__(1)
F.partial(int).__setstate__((1,2,3,4))
F.partial(int).__setstate__((int,(),None,None))
F.partial(int).__reduce__()
F.partial(int, **{})(x=1,**{'y':2})
F.reduce(1,2)
F.reduce(max,[])
F.reduce()
C.deque(1)
C.deque([],-1)
C.deque([],'a')
C.deque([],1.0)
C.deque([],2**70)
C.deque([],1,2)
C.deque(x=1)
C.deque(iterable=[1],maxlen=2)
C.deque().pop()
C.deque().popleft()
C.deque()[0]
C.deque()['a']
C.deque()[1:2]
C.deque([1]).__setitem__(1,1)
C.deque([1]).__delitem__(1)
C.deque([1]).__delitem__(-2)
C.deque([1]).remove(2)
C.deque([1]).rotate('a')
C.deque([1]).rotate(1.5)
C.deque([1]).index
C.deque([1])+C.deque([1])
C.deque([1])==[1]
C.deque([1])<[1]
C.deque([1])<C.deque([2])
cmp(C.deque([1]),C.deque([2]))
C.deque([1]).__reduce__()
C.deque([1],3).__reduce__()
C.deque([1]).append()
C.deque([1]).count()
hash(C.deque())
type(iter(C.deque()))
type(reversed(C.deque()))
iter(C.deque([1,2])).__length_hint__()
type(iter(C.deque()))(C.deque([1]))
C.deque([1]).__contains__(1)
setattr(C.deque(),'maxlen',1)
delattr(C.deque(),'maxlen')
setattr(C.deque(),'foo',1)
C.deque(maxlen=None)
C.deque(maxlen=3)
C.deque.__init__(1)
C.deque([1,2]).__iadd__(1)
C.defaultdict(1)
C.defaultdict(None)
C.defaultdict(None,1)
C.defaultdict(None,[(1,2)],x=3)
C.defaultdict(None,[],[])
C.defaultdict({})
C.defaultdict(list,a=1).copy()
C.defaultdict(list,a=1).__missing__(1)
C.defaultdict().__missing__(1)
C.defaultdict().__missing__((1,2))
C.defaultdict.fromkeys([1])
bisect.bisect()
bisect.bisect([1])
bisect.bisect([1],2,-1)
bisect.bisect([1],2,0,-1)
bisect.bisect([1],2,0,None)
bisect.bisect([1],2,0,'a')
bisect.bisect([1],2,'a')
bisect.bisect(1,2)
bisect.bisect([1],2,0,5)
bisect.bisect(a=[1],x=2)
bisect.bisect([1],2,z=1)
bisect.insort(1,2)
bisect.insort((),2)
bisect.bisect([1],2,0,1,2)
heapq.heappush(1,2)
heapq.heappush([])
heapq.heappop([])
heapq.heappop(1)
heapq.heapreplace([],1)
heapq.heapreplace(1,1)
heapq.heappushpop([],1)
heapq.heappushpop(1,1)
heapq.heapify(1)
heapq.heapify()
heapq.nlargest(1,2)
heapq.nlargest('a',[2])
heapq.nlargest(1,2)
heapq.nlargest('a',[])
heapq.nlargest(1.5,[])
heapq.nlargest(2,[2,1,3])
heapq.nsmallest(2,[2,1,3])
heapq.nsmallest(-2,[2,1,3])
""".splitlines():
    show(line)

# A deque against a list.
state = 12345


def random(limit):
    global state
    state = (state * 1103515245 + 12345) % 2 ** 31
    return (state >> 8) % limit


deque, model = C.deque(), []
for step in range(1500):
    kind = random(10)
    if kind < 3:
        deque.append(step)
        model.append(step)
    elif kind < 5:
        deque.appendleft(step)
        model.insert(0, step)
    elif model and kind == 5:
        assert deque.pop() == model.pop()
    elif model and kind == 6:
        assert deque.popleft() == model.pop(0)
    elif model and kind == 7:
        turns = random(40) - 20
        deque.rotate(turns)
        turns %= len(model)
        model = model[len(model) - turns:] + model[:len(model) - turns]
    elif model and kind == 8:
        index = random(len(model))
        del deque[index], model[index]
    elif model and kind == 9:
        index = random(len(model))
        deque[index] = model[index] = -step
        assert deque[index - len(model)] == -step
    if step % 100 == 0:
        assert list(deque) == model and list(reversed(deque)) == model[::-1] and len(deque) == len(model)
print list(deque) == model, len(model)

for change in 'deque.append(1)', 'deque.pop()', 'deque.clear()', 'deque.rotate()':
    for start in iter, reversed:
        deque = C.deque([1, 2, 3])
        iterator = start(deque)
        next(iterator)
        exec change
        try:
            next(iterator)
        except RuntimeError as error:
            print change, error, iterator.__length_hint__()

deque = C.deque('ab', 4)
deque.append(deque)
print deque, deque == deque, deque.count('a'), list(deque.__copy__())[:2], deque.__reduce__()[1][1]


class Tagged(C.deque):
    pass


tagged = Tagged([1, 2], 5)
tagged.tag = 'x'
print tagged, tagged.__reduce__(), type(tagged.__copy__()).__name__
tagged.reverse()
tagged.extendleft(tagged)
tagged += 'ab'
tagged.remove(1)
print tagged


class Log(C.defaultdict):
    def __setitem__(self, key, value):
        print 'set', key, value
        C.defaultdict.__setitem__(self, key, value)

    def factory(self):
        return len(self)


log = Log()
log.default_factory = log.factory
print log['a'], log['b'], log.get('c'), 'c' in log, sorted(log.items())
print repr(log)[:60]
print type(log.copy()).__name__, type(dict.__new__(Log)).__name__
del log.default_factory
print log.default_factory, C.defaultdict(list, [(1, 2)], a=3) == {1: 2, 'a': 3}


class Partial(F.partial):
    def __call__(self, *arguments):
        return 'called', F.partial.__call__(self, *arguments)


def show_call(*arguments, **keywords):
    return arguments, sorted(keywords.items())


partial = F.partial(show_call, 1, a=2)
print partial(), partial(3, b=4), partial(a=5), F.partial(partial, 6)(7, c=8), F.partial(show_call)(1, 2, 3, 4, 5)
print Partial(show_call, 1)(2), map(F.partial(pow, 2), range(3))
partial.note = 'n'
print partial.__dict__, partial.__reduce__()[1:] == ((show_call,), (show_call, (1,), {'a': 2}, {'note': 'n'}))

heap, numbers = [], [random(100) for step in range(60)]
for number in numbers:
    heapq.heappush(heap, number)
print [heapq.heappop(heap) for step in range(60)] == sorted(numbers), heap
heap = [(number, str(number)) for number in numbers]
heapq.heapify(heap)
print all(heap[(i - 1) // 2] <= heap[i] for i in range(1, 60)), heapq.heapreplace(heap, (0, '')), heapq.heappushpop(heap, (-1,))
print heapq.nlargest(5, numbers) == sorted(numbers)[:-6:-1], heapq.nsmallest(5, numbers) == sorted(numbers)[:5]


class Old:
    def __init__(self, value):
        self.value = value

    def __le__(self, other):
        return self.value <= other.value


heap = [Old(number) for number in numbers]
heapq.heapify(heap)
print [heapq.heappop(heap).value for number in numbers] == sorted(numbers)


class Shrinking(object):
    def __lt__(self, other):
        del victim[2:]
        return True


victim = [Shrinking() for step in range(5)]
try:
    heapq.heapify(victim)
except RuntimeError as error:
    print error
ordered = []
for number in numbers:
    bisect.insort(ordered, number)
print ordered == sorted(numbers), bisect.bisect_left([1, 2, 2, 3], 2), bisect.bisect_right([1, 2, 2, 3], 2)

# Heaps of tuples: ints that differ and ints that do not, other items, no items.
def heap_sorted(items):
    heap = list(items)
    heapq.heapify(heap)
    result = []
    while heap:
        result.append(heapq.heappop(heap))
    return result


firsts = [(n * 7919 + 5) % 31 - 15 for n in range(60)]
for make in (lambda n, i: (n,), lambda n, i: (n, -i), lambda n, i: (n, 'x', i), lambda n, i: (n, i) if i % 4 else (),
             lambda n, i: (n, i) if i % 4 else (n + 0.5,), lambda n, i: (n * 10 ** 19, i), lambda n, i: [n, i],
             lambda n, i: ('t%d' % n, i), lambda n, i: (n > 0, i), lambda n, i: (n, i) if i % 4 else n):
    items = [make(n, i) for i, n in enumerate(firsts)]
    pushed = []
    for item in items:
        heapq.heappush(pushed, item)
    print heap_sorted(items) == sorted(items), pushed[:7], heapq.heapreplace(pushed, pushed[9]), pushed[:3]
    print heapq.nlargest(3, items), heapq.nsmallest(3, items), heapq.heappushpop(pushed, items[0]), len(pushed)


class Shrinking(object):
    def __lt__(self, other):
        del shrinking[-1]
        return True


shrinking = [(1, Shrinking()) for _ in range(9)]
try:
    heapq.heapify(shrinking)
except RuntimeError as error:
    print error, len(shrinking)
