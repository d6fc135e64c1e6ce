"""Ints where others have longs, texts too long to make, texts that are no numbers, functions to the last digit."""

import sys, math
def t(f):
    try: print repr(f())
    except Exception as e: print type(e).__name__, e
nan=float('nan')
b=bytearray('abcdef')
def s1(): b[::0]='x'
def s2(): b[::0]=''
def s3(): del b[::0]
def s4(): b[::2]='x'
def s5(): b[0:2:1]=5
def s6(): b[::0]=5
def s7(): b[::2]=5
def s8(): b[::0]=u'x'
def s9(): b[::-1]=u'\xe9'
for f in s1,s2,s3,s4,s5,s6,s7,s8,s9: t(f)
def l1(): [1,2][::0]=[1]
def l2(): [1,2][::0]=5
def l3(): [1,2][::2]=5
for f in l1,l2,l3: t(f)
t(lambda: pow(10**18,65,3)); t(lambda: pow(10,65,3)); t(lambda: pow(10L,2,3)); t(lambda: pow(2,100,7)); t(lambda: pow(-2,3,7)); t(lambda:pow(3,5,1));t(lambda:pow(sys.maxint,2,sys.maxint)); t(lambda:pow(3,0,-5)); t(lambda:pow(2,40,3)); t(lambda:pow(2**33,2,5)); t(lambda:pow(2,64,5)); t(lambda:pow(2,63,5)); t(lambda: pow(-3,41,-7)); t(lambda:pow(3,41,7));t(lambda:pow(10**18,3,-3)); t(lambda:pow(2,3,0)); t(lambda:pow(2,-1,5)); t(lambda:pow(2L,-1,5));t(lambda:pow(2,-1,1.5));t(lambda:pow(2.0,1,5));t(lambda:pow(2,1.0,5));t(lambda:pow(2,'a',5));t(lambda:pow(2,1,'a'));t(lambda: pow(2,-1,0)); t(lambda: pow(2,1j,3)); t(lambda: pow('a',1,3)); t(lambda: pow(2**62,2,2**62+1))
for x in (0,1,-1,7,-7,sys.maxint,-sys.maxint-1,0L,7L,-7L,2**64,-2**64,True):
    for y in (1,-1,3,-3,sys.maxint,-sys.maxint-1,1L,-3L,2**64,-2**64,0.5,nan,True):
        for o in (divmod, lambda a,b:a//b, lambda a,b:a%b, lambda a,b:a/b, cmp):
            t(lambda: o(x,y))
            t(lambda: o(y,x))
for x in (0,1,-1,2,-2,3,sys.maxint,-sys.maxint-1,0L,7L,-7L,2**64,-2**64,True,0.0,-0.0,nan,1.5,-1.5):
    for y in (0,1,-1,2,-2,0.5,-0.5,nan,3,64,63,65,-64,-63,sys.maxint if x in(0,1,-1) else 2,0L,1L,-1L,True,False, 1j):
        t(lambda: x**y)
for v in ("'abc'","u'abc'","[1]","(1,)","bytearray('a')","xrange(3)", "buffer('abc')"):
    for n in ('sys.maxint','-sys.maxint-1','sys.maxint+1','2**70','-2**70','sys.maxint//2', 'None','1.5','"a"','True','1L'):
        if v in ("[1]","(1,)") and n=='sys.maxint//2': continue
        if v=='bytearray(\'a\')' and 'maxint' in n: continue
        t(lambda: eval(v+'*('+n+')')); t(lambda: eval('('+n+')*'+v))
for n in ('center','ljust','rjust','zfill'):
    for v in ('a',u'a'):
        t(lambda: getattr(v,n)(sys.maxint)); t(lambda: getattr(v,n)(2**70)); t(lambda: getattr(v,n)(-sys.maxint-1))
t(lambda: 'a\t'.expandtabs(sys.maxint)); t(lambda: u'a\t'.expandtabs(sys.maxint))
t(lambda: bytearray(-1))
t(lambda: '%.500f' % 1.5)
for x in ('{\ta','u','\xe9','1_0',' 1 ','1e','0x1','','  ','nan ','inf\0','1\x002','1\0',u'\u0661',u'1\u0661.5',u'\ud800',u'{\ta',u'\xe9',u'',u' \u20031 ',u'1\0', u'\u0661\0'):
    t(lambda: float(x)); t(lambda: int(x)); t(lambda: long(x)); t(lambda: complex(x)); t(lambda:int(x,0)); t(lambda:long(x,37))
for i in range(1, 400, 17): t(lambda: math.gamma(i/7.)); t(lambda: math.lgamma(i/3.)); t(lambda: math.gamma(-i/7.)); t(lambda: math.erf(i/50.)); t(lambda: math.erfc(i/20.)); t(lambda: math.expm1(i/30.)); t(lambda: math.log1p(i/30.)); t(lambda: math.atanh(i/401.)); t(lambda:math.asinh(i/7.)); t(lambda:math.acosh(1+i/7.)); t(lambda: math.fsum([i/7.,.1,.2,1e16]));t(lambda: i**.3); t(lambda: math.log(i,3)); t(lambda:math.log(10**i)); t(lambda: math.log10(10**i)); t(lambda: i/7.%.3); t(lambda: divmod(i/7.,-.3)); t(lambda: (i/7.).hex()); t(lambda: round(i/7.,3)); t(lambda: round(i*.5)); t(lambda: round(i*1.005,2)); t(lambda:(i/7.)//.1)
