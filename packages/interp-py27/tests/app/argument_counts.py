"""What built-in functions say of wrong numbers and kinds of arguments, in each of CPython's ways to take them apart."""

import _bisect
import binascii
import cmath
import math
import operator
import sys

CALLS = """
map() map(None) map(len) map(None,1) map(len,1,2)
chr() chr(1,2) chr(q=1) cmp(q=1) cmp(1) divmod(1,2,3) pow() pow(2,-1,1.5) round(1,2,3) round(q=1) sorted() compile()
getattr() setattr(1) delattr(1,q=1) isinstance(1) hash(1,2) len(q=1) dir(1,2) vars(1,2) sum() next()
iter(1,2,3) reduce(1) range() intern(None) apply() filter(1) eval() map(q=1) unichr(1,2) coerce(1) format()
'a'.find() 'a'.find(1,2,3,4) 'a'.zfill() 'a'.center(1,2,3) 'a'.encode(1) 'a'.decode(q=1) 'a'.join() 'a'.join(q=1)
'a'.translate() 'a'.__getslice__('x',1) 'a'.__getslice__(1) 'a'.__mul__() 'a'.__add__() 'a'.__add__(q=1) 'a'.upper(1)
u'a'.find() u'a'.encode(q=1) u'a'.__getslice__(None,1) u'a'.translate() u'a'.zfill('x')
[].append() [].append(1,2) [].append(q=1) [].sort(q=1) [].insert(1) [].index() [].__getitem__() [].__setslice__(1)
[].__setitem__(1) [].__imul__() [].__getitem__(q=1) ().index() ().__getslice__(2**70,1) ().count()
{}.get() {}.get(q=1) {}.get(1,2,3) {}.has_key() {}.__contains__() {}.__getitem__(q=1) {}.fromkeys() {}.setdefault() {}.pop()
set().add() set().__contains__(1,2) set().__contains__(q=1) set().union(q=1)
(1).__pow__() (1).__pow__(1,2,3) (1).__add__() (1).__add__(1,2) (1.5).__rpow__() (1).__coerce__() 1j.__pow__()
object().__setattr__(1) object().__format__(1) object().__format__() object().__reduce_ex__(1,2) object().__getattribute__()
(lambda:1).__get__() property().__get__() len.__call__() iter([]).next(1)
bytearray(1,2) bytearray('a').pop(1,2) bytearray('a').decode(1) bytearray('a').__alloc__(1) bytearray('a').translate()
unicode(1,2) unicode(1,2,3,4) str(5,q=5) str(1,2) list(1,q=1) tuple(1,2) int(1,2,3) float(1,q=1) complex(1,2,3) bool(1,2)
super() enumerate() slice() xrange() frozenset(1,2) reversed(q=1) property(1,2,3,4,5) classmethod() buffer() memoryview(q=1)
math.log() math.pow(1) math.sin() math.sin(q=1) math.ldexp(1) cmath.log(1,2,3) cmath.sin() cmath.isinf(1,2) cmath.rect(1)
binascii.unhexlify(1,2) binascii.hexlify(1) binascii.crc32() binascii.a2b_qp() operator.add(1) operator.repeat(1)
operator.pow(1) operator.__pow__(1) operator.getslice(1) operator.__getslice__(1) operator.is_(1) operator.countOf(1)
operator.itemgetter() operator.index() _bisect.bisect() _bisect.bisect(1) _bisect.insort(q=1) sys.exit(1,2) sys.getsizeof()
compile('1','n\\0','eval') '\\xe9'.find(u'\\xe9','a') sys.setdefaultencoding(1) sys.setdefaultencoding()
int.__new__() int.__new__(1) object.__new__(1) dict.__new__(int) type.__dict__['__name__'].__get__()
""".split()

for call in CALLS:
    try:
        print call, repr(eval(call))
    except Exception as error:
        print call, type(error).__name__, error
for text in ["len(*[1], **{u'\\xe9': 1})", "[].sort(**{3: 4})", "round(*[1], **{3: 4})", "cmp(*(1, 2), **{'q': 1, 3: 4})"]:
    try:
        print eval(text)
    except Exception as error:
        print text, type(error).__name__, error
