# complex: arithmetic over special values, parsing, and errors.
def show(f, *a):
    try: print repr(f(*a))
    except Exception as e: print type(e).__name__, e
nums = [0j, 1j, -1j, 3+4j, -2.5-0.5j, complex('inf'), complex(1,float('nan')), complex(-0.0,1), 1e300+1e300j]
others = nums + [2, -3, 0.5, 10L, 'a', None, 0]
import operator
for a in nums:
    print a, repr(a), show(abs, a), show(hash, a), show(lambda: -a), bool(a), a.real, a.imag, a.conjugate(), show(format, a, '.2f')
    for b in others:
        for op in [operator.add, operator.sub, operator.mul, operator.truediv, operator.div, operator.pow, operator.eq, operator.ne, operator.lt]:
            show(op, a, b)
for s in ['1+2j','1','j','-j','1e3-2.5e-1j',' (1+2j) ','1 + 2j','','1+','inf+nanj','1j2','1+2','abc','+1-j','1e','.5j']:
    show(complex, s)
show(complex, 1, 2); show(complex, 1j, 1j); show(complex, '1', 2); show(complex, 1, '2'); show(complex, None); show(complex)
class C(object):
    def __complex__(self): return 1+1j
show(complex, C()); show(int, 1j); show(float, 1j); show(lambda: 1 + 1j); show(lambda: 2.0 ** 1j); show(lambda: 1j < 2); show(lambda: 1 == 1+0j); show(lambda: hash(1+0j) == hash(1)); show(lambda: {1: 'a'}[1+0j]); show(lambda: (-8) ** (1j/1j/3)); show(lambda: divmod(3+4j, 2)); show(lambda: coerce(1, 1j)); show(lambda: 0j ** -1); show(lambda: isinstance(1j, complex))
