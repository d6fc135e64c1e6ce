# One place that reads, calls and writes attributes of instances of many classes, while the classes change.
class A(object):
    def __init__(self): self.x=1
    def m(self): return 'A'
class B(A):
    def m(self): return 'B'
class C(A):
    y=3
    def __init__(self): self.q=1;self.x=5
class D(A):
    def m(self): return 'D'
    x=property(lambda s:77, lambda s,v:None)
def f(objs):
    r=[]
    for o in objs:
        r.append(o.m()); r.append(o.x)
    return r
L=[A(),B(),C(),D(),A(),B(),C(),D()]
print f(L)
for i in range(12):
    t=type('T%d'%i,(A,),{'m':lambda s,i=i:i})
    L.append(t())
print f(L); print f(L)
A.x2=1
B.m=lambda s:'newB'
print f(L)
