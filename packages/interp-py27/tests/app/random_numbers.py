import _random

r = _random.Random(42)
print [repr(r.random()) for i in range(5)]
r.seed(2 ** 100 + 17)
print [r.getrandbits(k) for k in (1, 5, 31, 32, 33, 64, 100)]
state = r.getstate()
first = [r.random() for i in range(700)]
r.setstate(state)
print first == [r.random() for i in range(700)], len(state), state[-1]
r.jumpahead(12345)
print repr(r.random())
r.jumpahead(2 ** 70)
print repr(r.random())
r.seed(-42)
print repr(r.random())
r.seed(42)
print repr(r.random())
r.seed(0)
print repr(r.random())
r.seed('a string')
print 0 <= r.random() < 1

class Mine(_random.Random):
    def __new__(cls, *args):
        return _random.Random.__new__(cls, *args)

m = Mine(42)
m.attribute = 5
print repr(m.random()), m.attribute
for bad in (lambda: r.getrandbits(0), lambda: r.setstate(3), lambda: r.setstate((1, 2)), lambda: r.jumpahead('x')):
    try:
        bad()
    except (TypeError, ValueError), e:
        print type(e).__name__, e
