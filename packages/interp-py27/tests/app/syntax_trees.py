"""_ast."""
import _ast as a
def t(f,*x):
    try: print getattr(f,'__name__',f), repr(f(*x)).split(' at ')[0]
    except Exception, e: print type(e).__name__, str(e).split(' at ')[0]
print a.Module, a.Module.__bases__, a.mod.__bases__, a.AST, a.AST.__bases__, a.AST.__mro__
print a.Module._fields, a.Module._attributes, a.stmt._attributes, a.stmt._fields, a.AST._fields, a.AST._attributes, a.Add._fields, a.Add._attributes, a.operator._attributes, a.expr_context._fields, a.alias._attributes, a.alias._fields
print a.Name.__module__, a.PyCF_ONLY_AST, a.__version__
print sorted(n for n in dir(a) if n != '__package__')
n=a.Name(); t(getattr,n,'id'); n.id='x'; print n.id; t(a.Name,'x'); t(a.Name,'x',a.Load()); t(a.Add,1); t(a.Return,1,2); x=a.Name('x',a.Load(),lineno=3); print x.lineno, x.id, x.ctx.__class__; t(lambda: a.Name(id='q', foo=4).foo); print a.Name('x',a.Load()).__reduce__()[0:2], sorted(a.Name('x', 3).__reduce__()[2].items())
class N(a.Name): pass
y=N('z', a.Load()); print y.id
tree=compile('x=1+2','f','exec',a.PyCF_ONLY_AST)
print tree.body[0].value.left.n, tree.body[0].targets[0].ctx is compile('y=1','f','exec',a.PyCF_ONLY_AST).body[0].targets[0].ctx, tree.body[0].lineno
print eval(compile(compile('1+2','f','eval',a.PyCF_ONLY_AST),'f','eval'))
def mk(e): return a.Expression(e)
def L(n): n.lineno=1; n.col_offset=0; return n
t(compile, mk(L(a.Num(n=[1]))),'f','eval'); t(lambda: eval(compile(mk(L(a.Num(n=[1]))),'f','eval')))
t(compile, mk(a.Num(1)),'f','eval'); t(compile, mk(L(a.Num())),'f','eval'); t(compile, mk(3),'f','eval'); t(compile, a.Expression(),'f','eval'); t(compile,a.Module([]),'f','eval'); t(compile,a.Module(3),'f','exec'); t(compile,a.Module([3]),'f','exec'); t(compile, mk(L(a.Name(u'x',a.Load()))),'f','eval'); t(compile, mk(L(a.Name('x',3))),'f','eval'); t(compile, mk(L(a.Name('x',a.Add()))),'f','eval'); t(compile, mk(L(a.Str(3))),'f','eval'); t(compile, a.Module([L(a.Print(None,[],3))]),'f','exec'); t(compile, a.Module([L(a.ImportFrom('a',[a.alias('b',None)],'x'))]),'f','exec'); t(compile, a.Module([L(a.Pass())]),'f','exec'); t(compile, a.Module([a.Pass(lineno='x',col_offset=0)]),'f','exec'); t(compile, a.Name('x',a.Load()),'f','eval');
t(isinstance(tree,a.AST) and compile, tree,'f','exec',a.PyCF_ONLY_AST)
exec compile(compile('''
import os as o, sys
from a.b import c as d if 0 else e
''' if 0 else '''
class A(object):
    "doc"
    @staticmethod
    def f(x, (y, z)=(1, 2), *a, **k):
        try:
            with x as q: return [i for i in a if i], {j for j in k}, {m: 1 for m in k}, (g for g in a)
        except (ValueError, TypeError), e: raise
        else: pass
        finally: print >>w, 1,
w = None
def g():
    global w
    for i in range(3):
        while i:
            i -= 1
            if i == 1: continue
            elif i == 2: break
            else: pass
        else: pass
    del i
    assert w is None, "no"
    exec "w=3" in globals()
    return lambda p=1: `p` + u"\\u1234"[0:1][::1] if w else not -p ** 2 < 3 <= 4
print repr(g()()), A.__doc__
x = [1, 2, 3, 4]; x[1:2] = 7, 8; print x, x[..., 1:2] if 0 else 2L, 1.5
''','f','exec',a.PyCF_ONLY_AST),'f','exec')
