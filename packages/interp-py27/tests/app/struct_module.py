import _struct as s

def t(f,*a):
    try: print getattr(f, '__name__', f), [getattr(x, 'name', x) for x in a], repr(f(*a))
    except Exception, e: print type(e).__name__, e
import sys
sys.stderr = sys.stdout
for c in 'bBhHiIlLqQP':
    for pre in ['', '<', '>', '=']:
        if c=='P' and pre: continue
        for v in [0,1,-1,127,128,255,256,-129,2**15,2**16,2**31,2**32,2**63,2**64,-2**63,-2**63-1,2**100,1.5,'a',None,3L]:
            t(s.pack, pre+c, v)
class I(object):
    name = 'I'
    def __index__(self): return 7
class J(object):
    name = 'J'
    def __int__(self): return 8
t(s.pack,'i',I()); t(s.pack,'i',J()); t(s.pack,'<i',J()); t(s.pack,'<Q',I())
class NoInteger(object):
    name = 'NoInteger'
    def __int__(self): return 'x'
for code in 'bBhHiIlLqQP':
    for order in '@=<>':
        for value in (float('inf'), float('-inf'), float('nan'), 1e300, -1.5, NoInteger()):
            t(s.pack, order + code, value)
for f in ['c','<c']:
    for v in ['a','','ab',1]: t(s.pack,f,v)
for f in ['s','3s','0s','p','3p','0p','300p', '<3s']:
    for v in ['','a','abcdef',1,'x'*400]: t(s.pack,f,v)
for f in ['f','d','<f','>d']:
    for v in [0.0,-0.0,1.5,1e39,1e400,1,'a',None,3L,1e-46,1e308]: t(s.pack,f,v)
for f in ['?','<?']:
    for v in [0,1,'',[],'x',None]: t(s.pack,f,v); 
t(s.unpack,'?','\x02'); t(s.unpack,'<?','\x00')
for f in ['x','3x','bh','bhi','bq','qb','@bq','=bq','b0q','hb0i','3','3 b','b 3b','z','<P','=P','!h','@@b','b<h','99999999999999999999b','9223372036854775807q','2b3','iii', ' < b','<\tb', 'i\n', '%b', 'bbb0l','f','d','P','n','N', '0s','s0q']:
    t(s.calcsize,f)
t(s.pack,'bb',1); t(s.pack,'b',1,2); t(s.pack); t(s.pack,3); t(s.pack,'3xb',1)
t(s.unpack,'b','ab'); t(s.unpack,'i','abc'); t(s.unpack,'<i','abcd'); t(s.unpack,'<hh3s5pcx',  '\x01\x02\x03\x04abc\x02defgh\0');  t(s.unpack,'<i',3)
t(s.unpack_from,'<h','abcdef',2); t(s.unpack_from,'<h','abcdef',-2); t(s.unpack_from,'<h','abcdef',5); t(s.unpack_from,'<h','abcdef',-7); t(s.unpack_from,'<h','abcdef'); t(s.unpack_from,'<h',buffer=None)if 0 else None
for c in 'bBhHiIlLqQ':
    for pre in ['@','<','>']:
        n=s.calcsize(pre+c); t(s.unpack,pre+c,'\xff'*n); t(s.unpack,pre+c,'\x01'+'\x00'*(n-1)); t(s.unpack,pre+c,'\x80'*n)
x = s.Struct('<hi')
print x.format, x.size, repr(x.pack(1, 2)), x.unpack('abcdef'), x.unpack_from('xabcdef', 1)
t(x.pack, 1)
t(s.Struct, 3)

class K(s.Struct):
    pass

k = K('b')
k.z = 1
print k.size, k.__class__.__name__, k.z
print s.error, s.error.__bases__, s.error.__module__
