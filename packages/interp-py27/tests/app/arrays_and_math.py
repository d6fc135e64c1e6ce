# array, math, operator and errno.
from array import array
import math, operator, errno
a = array('d', [1,2,3]) * 2
print a, a[1:3], len(a), a[-1], sum(a), array('B','abc'), array('c','abc'), array('I',[1,2]) , a == array('d',[1,2,3,1,2,3]), a < array('d',[2])
b = array('i', range(10)); del b[::3]; print b; b[1:2] = array('i',[7,7,7]); print b, b.index(7), b.count(7), b.pop(), b.tolist(); b.reverse(); print b
for t in 'cbBuhHiIlLfd':
    try: print array(t).itemsize, array(t, [1])
    except Exception as e: print type(e).__name__, e
    try: print array(t, [300])
    except Exception as e: print type(e).__name__, e
    try: print array(t, [-1])
    except Exception as e: print type(e).__name__, e
print math.sqrt(2), math.floor(-1.5), math.ceil(-0.5), math.pow(2,0.5), math.log(10), math.log(8,2), math.log10(10**400), math.factorial(20), math.factorial(25), math.fsum([.1]*10), math.modf(-1.25), math.frexp(10.), math.ldexp(.5,4), math.hypot(3,4), math.fmod(-7,3), math.gamma(5), math.erf(.5)
for f,x in [('sqrt',-1),('log',0),('log',-1),('exp',1000),('acos',2),('factorial',-1),('factorial',1.5),('gamma',0),('sin',float('inf')),('cosh',1000), ('trunc',1.5), ('log1p',-1)]:
    try: print f, getattr(math,f)(x)
    except Exception as e: print f, type(e).__name__, e
print operator.add(1,2), operator.itemgetter(1)([4,5]), operator.itemgetter(0,1)([4,5]), operator.attrgetter('real')(5), operator.methodcaller('upper')('a'), operator.and_(6,3), operator.__not__(0), operator.iadd([1],[2]), operator.contains([1],1), operator.indexOf([1,2],2), operator.truediv(1,2), operator.div(7,2), operator.concat([1],[2]), operator.mod('%d',5), operator.index(3), operator.lt(1,2), operator.abs(-3), operator.repeat([1],2)
print errno.ENOENT, errno.errorcode[2]
