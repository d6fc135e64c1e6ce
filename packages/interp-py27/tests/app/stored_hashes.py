# Hashes that a dict or set stores are not computed again: how often __hash__ is called by each operation.
class H(int):
    def __new__(c, v=0):
        self = int.__new__(c, v); self.n = 0; return self
    def __hash__(self):
        self.n += 1
        return int.__hash__(self)
def count(name, f):
    items = [H(i) for i in range(4)]
    d = dict.fromkeys(items[:])
    s = set(d)
    for x in items: x.n = 0
    f(d, s)
    print name, [x.n for x in items]
class D(dict): pass
class S(set): pass
count('set dict', lambda d, s: set(d))
count('set set', lambda d, s: set(s))
count('frozenset', lambda d, s: frozenset(d))
count('hash', lambda d, s: hash(frozenset(s)))
count('fromkeys set', lambda d, s: dict.fromkeys(s))
count('fromkeys frozenset', lambda d, s: dict.fromkeys(frozenset(s), 3))
count('fromkeys dict', lambda d, s: dict.fromkeys(d))
count('fromkeys subclass of set', lambda d, s: dict.fromkeys(S(s)))
count('fromkeys subclass of dict', lambda d, s: dict.fromkeys(D(d)))
count('fromkeys of a subclass', lambda d, s: D.fromkeys(d))
count('update dict', lambda d, s: set(['a']).update(d))
count('update set', lambda d, s: set(['a']).update(s))
count('update with a subclass of dict', lambda d, s: set().update(D(d)))
count('or', lambda d, s: set([1, 'b']) | s)
count('and', lambda d, s: set([1, 'b']) & s)
count('and2', lambda d, s: s & set([1, 'b']))
count('sub', lambda d, s: set(['b', 2]) - s)
count('sub2', lambda d, s: s - set(['b', 2]))
count('xor', lambda d, s: set(['b']) ^ s)
count('xor2', lambda d, s: s ^ set(['b']))
count('intersection dict', lambda d, s: s.intersection(d))
count('intersection keys', lambda d, s: s.intersection(list(d)))
count('difference dict', lambda d, s: s.difference(d))
count('difference subclass of dict', lambda d, s: s.difference(D(d)))
count('difference keys', lambda d, s: s.difference(list(d)))
count('difference_update dict', lambda d, s: s.difference_update(d))
count('symmetric dict', lambda d, s: s.symmetric_difference(d))
count('symmetric_update dict', lambda d, s: s.symmetric_difference_update(d))
count('symmetric_update keys', lambda d, s: s.symmetric_difference_update(list(d)))
count('issubset', lambda d, s: s.issubset(set(s)))
count('issubset dict', lambda d, s: s.issubset(d))
count('issuperset dict', lambda d, s: s.issuperset(d))
count('superset', lambda d, s: s.issuperset(frozenset(d)))
count('compare', lambda d, s: (s == set(s), s < set(s), s >= set(s), s != set(s)))
count('isdisjoint', lambda d, s: set([7, 'a']).isdisjoint(s))
count('isdisjoint dict', lambda d, s: set([7, 'a']).isdisjoint(d))
count('copy set', lambda d, s: s.copy())
count('dict dict', lambda d, s: dict(d))
count('dict copy', lambda d, s: d.copy())
count('dict subclass', lambda d, s: D(d))
count('dict update', lambda d, s: {'a': 1}.update(d))
count('dict update of ints', lambda d, s: {100: 1}.update(d))
count('dict update of a namespace', lambda d, s: type(s.__class__.__name__, (object,), {})().__dict__.update(d))
count('dict ==', lambda d, s: d == dict(d))
count('dict popitem', lambda d, s: [d.popitem() for _ in range(4)])
count('set pop', lambda d, s: [s.pop() for _ in range(4)])
count('dict items', lambda d, s: (d.items(), list(d), list(s), list(d.itervalues())))
count('views', lambda d, s: (d.viewkeys() & s))
count('set in set', lambda d, s: s in set([1]))
class E(object):
    "Equal to the str and the int that it is made of, and counting."
    def __init__(self, v): self.v = v; self.n = 0
    def __hash__(self): self.n += 1; return hash(self.v)
    def __eq__(self, other): return self.v == (other.v if isinstance(other, E) else other)
for base in ['a', 'b'], [1, 2], ['a', 1], [2.5, None], []:
    e = E('a'); f = E(1); g = E(2.5)
    known = set([e, f, g])
    s = set(base)
    results = [s & known, s | known, s - known, s ^ known, known - s, s.issubset(known), s.isdisjoint(known), known >= s]
    print base, [sorted(map(type, r), key=str) if isinstance(r, set) else r for r in results], e.n, f.n, g.n
    d = dict.fromkeys(base)
    d.update(dict.fromkeys(known, 5))
    print sorted(d.values()), len(d), e.n, f.n, g.n
    n = type('M', (object,), {})().__dict__
    n['x'] = 3
    n.update(dict.fromkeys(known, 5))
    print len(n), n['a'], n['x'], e.n
print sorted(set(['a', 'b', 1, 2.5, None]) & set([2.5, 'b', 7])), sorted(set('abc').intersection([1.5, 'b', None])), 1.5 in set('abc')
try: set([1]).intersection([[]])
except TypeError as x: print x
try: set().intersection([[]])
except TypeError as x: print x
popped = set(range(50)); out = []
while popped: out.append(popped.pop())
print sorted(out) == range(50)
print len(set(map(id, [frozenset(), frozenset([]), frozenset(''), frozenset(frozenset()), frozenset({})]))), {E(1): 2} == {1: 2}
class F(float):
    def __hash__(self): return hash('a')
    def __eq__(self, other): return other == 'a'
print {'a': 3}.get(F(1)), F(1) in set(['a']), set(['a']) & set([F(2)]) == set(['a'])
