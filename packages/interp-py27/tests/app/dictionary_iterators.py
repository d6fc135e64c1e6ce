def t(s):
    try: print s, '->', repr(eval(s))
    except Exception as e: print s, '!!', type(e).__name__, e
def mutate(d, change, kind='iterkeys'):
    out=[]
    it=getattr(d,kind)()
    try:
        for x in it:
            out.append(x); change(d,x)
    except RuntimeError as e: out.append(str(e))
    try: out.append(next(it))
    except Exception as e: out.append(repr(e))
    return out
for d in ({1:2},{1:2,3:4},{'a':1,'b':2},{(1,):2,(2,):3},{}):
    print sorted(d), sorted(d.iterkeys()), sorted(d.itervalues()), sorted(d.iteritems()), sorted(d.viewkeys()), len(list(d.viewitems())), len(list(d.viewvalues()))
    it=iter(d); print it.__length_hint__(), list(it)==d.keys(), it.__length_hint__(), list(it)
print mutate({1:1}, lambda d,x: d.__setitem__('b',2))
print mutate({1:1}, lambda d,x: d.clear())
print mutate({1:1}, lambda d,x: (d.__setitem__(1,5)), 'iteritems')
d={1:1,2:2,3:3}
out=[]
for k in d:
    out.append(k); d.get(1.0); d[k]=k*10
print out, d
d={1:1,2:2,3:3}; out=[]
for k,v in d.iteritems():
    out.append((k,v)); d.get((1,)); 
    for q in d: d[q]=v*10+d[q]
    if len(out)>5: break
print out
s=set([1,2,3]); out=[]
for x in s:
    out.append(x); 1.5 in s
print out
for change in ('s.add(9)','s.discard(1)','s.clear()','s.intersection_update([1])','s.add(1)','s |= set([1])','s &= set([1,2,3])'):
    s=set([1,2,3]); out=[]
    try:
        it=iter(s)
        for x in it:
            out.append(x)
            exec change
    except RuntimeError as e: out.append(str(e))
    print change, out, it.__length_hint__()
class A(object): pass
a=A(); a.x=1; a.y=2
print sorted(a.__dict__), sorted(a.__dict__.items()), sorted(a.__dict__.iteritems()), sorted(a.__dict__.itervalues())
m={}
exec 'p=1\nq=2' in m
print sorted(k for k in m if k!='__builtins__'), len(list(globals().iterkeys()))==len(globals()), sorted(vars(A()))
for k in a.__dict__: a.__dict__[k]=5
print a.x, a.y
try:
    for k in a.__dict__: setattr(a,'new'+k,1)
except RuntimeError as e: print e
d=dict.fromkeys(range(10)); it=iter(d); next(it); del d[5]; d[5]=1
print sorted([0]+list(it))[:3]
d={}
for i in range(100): d[i]=i
for i in range(90): del d[i]
print list(d), list(d.iteritems())[:2], d.popitem() in [(99,99),(90,90)]
d={'a':1}
it=d.iteritems(); d['a']=2; print list(it)
