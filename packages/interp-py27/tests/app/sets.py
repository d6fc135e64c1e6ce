# set and frozenset.
def show(f, *a):
    try:
        r = f(*a)
        print repr(sorted(r)) + type(r).__name__ if isinstance(r, (set, frozenset)) else repr(r)
    except Exception as e: print type(e).__name__, e
for S in (set, frozenset):
    a, b = S([1,2,3]), S('abc')
    show(lambda: a | S([3,4])); show(lambda: a & S([3,4])); show(lambda: a - S([3])); show(lambda: a ^ S([3,4])); show(lambda: a | [1]); show(lambda: a < S([1,2,3,4])); show(lambda: a <= [1]); show(lambda: a == S([3,2,1])); show(lambda: a != b)
    show(a.union, [5], [6]); show(a.intersection, [1], [1,2]); show(a.difference, [1]); show(a.symmetric_difference, [1,9]); show(a.issubset, range(5)); show(a.issuperset, [1]); show(a.isdisjoint, [7]); show(len, a); show(lambda: 2 in a); show(lambda: set([1]) in S([frozenset([1])])); show(lambda: [] in a); show(hash, a); show(repr, S([1])); show(repr, S()); show(cmp, a, b); show(S, 5); show(S, [1], [2]); show(lambda: a.copy() == a); show(lambda: S([[]])); show(a.__reduce__)
s = set([1]); s.add(2); s.update([3],[4]); s.discard(9); s.remove(1); show(lambda: s); show(s.remove, 100); s &= set([2,3]); show(lambda: s); s |= set([7]); s -= set([2]); s ^= set([3,8]); show(lambda: s); x = s.pop(); print x in s; s.clear(); show(s.pop)
class T(set):
    pass
t = T([1,2]); t.x = 5; print t, t.x, type(t | set([3])).__name__, type(t.copy()).__name__; show(lambda: hash(frozenset(range(100)))); show(lambda: {frozenset([1]): 2}[frozenset([1])])
def grow():
    q = set([1,2])
    for i in q: q.add(i + 10)
show(grow); print {1,2,3} == set([1,2,3]), {i % 3 for i in range(10)} == set(range(3)), sorted(set('hello') - set('l'))
