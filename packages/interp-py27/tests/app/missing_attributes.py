"""What is said of attributes that are not there to be deleted, and ``__getattr__`` after a descriptor gives up."""

def t(f,*a):
    try: print f(*a)
    except Exception as e: print type(e).__name__, e
def f(): pass
t(delattr,f,'x'); f.y=1; t(delattr,f,'x'); del f.y; t(delattr,f,'x')
e=Exception(); t(delattr,e,'x'); e.y=1; t(delattr,e,'x')
class E(Exception): pass
e=E(); t(delattr,e,'x'); e.y=1; t(delattr,e,'x'); del e.y; t(delattr,e,'x')
class A(object):
    z=1
    def m(self): pass
a=A(); t(delattr,a,'x'); t(delattr,a,'z'); t(delattr,a,'m'); a.y=1; t(delattr,a,'x');t(delattr,a,'z'); del a.y; t(delattr,a,'x'); t(delattr,a,'z')
a=A(); a.__dict__; t(delattr,a,'x'); t(delattr,a,'z')
class S(object): __slots__='q'
s=S(); t(delattr,s,'x'); t(delattr,s,'q'); t(delattr,s,'__init__')
class L(list): pass
l=L(); t(delattr,l,'x'); l.a=1; t(delattr,l,'x'); t(delattr,l,'append')
t(delattr,[], 'x'); t(delattr,[], 'append'); t(delattr,1,'real'); t(delattr,A,'x'); t(delattr,int,'x')
import types; m=types.ModuleType('m'); t(delattr,m,'x')
class O: pass
o=O(); t(delattr,o,'x')
import functools; p=functools.partial(len); t(delattr,p,'x')
class D(A): __slots__='w',
d=D(); d.w=1; t(delattr,d,'x'); 
class P(object):
    @property
    def pp(self): pass
p=P(); t(delattr,p,'pp'); t(delattr,p,'x')
a=A(); b=A(); b.q=1; a.__dict__=b.__dict__; t(delattr,a,'x')


class K(int):
    __slots__=()
    def __getattr__(self,n): return 'got '+n
class S(object):
    __slots__='x'
    def __getattr__(self,n): return 'got '+n
class O: pass
class S2(object,O):
    __slots__='x'
    def __getattr__(self,n): return 'got '+n
class S3(int,O):
    __slots__='x'
    def __getattr__(self,n): return 'got '+n
class P(int,O):
    @property
    def x(self): raise AttributeError('p')
    def __getattr__(self,n): return 'got '+n
for c in K,S,S2,S3,P:
    t(lambda: c().x)
