"""Methods of texts with arguments of all kinds."""

def t(f,*a):
    try: print repr(f(*a))
    except Exception as e: print type(e).__name__, e
for s in 'abc', u'abc', bytearray('abc'):
    for n in 'startswith','endswith':
        for a in ['a',u'a',bytearray('a'),3,None,('a',),(u'a',),(3,),('x',3),(u'x',3),((),),[],('\xe9',),(u'\xe9','a'),'\xe9',u'\xe9',(bytearray('a'),),()]:
            t(getattr(s,n),a); t(getattr(s,n),a,1); t(getattr(s,n),a,None,u'x')
    for n in 'find','index','count','rfind','replace','split','strip','partition','rsplit','join','translate','__contains__','__add__','__mod__','center','expandtabs','splitlines','__mul__','__getitem__','__cmp__','__eq__','__format__','encode','decode','lstrip','zfill','ljust':
        for a in [('a',),(u'a',),(3,),(None,),('b','c'),('b',u'c'),(u'b','c'),('\xe9',),(u'\xe9',),('\xe9',u'x'),(u'\xe9','\xe9'),(1,'c'),('b',1),('b',None),('b','c',1),('b','c',None),(1.5,),([],),({},),((1,2),),(5,'x'),(5,u'\xe9'),(5,'xy'),(2L,)]:
            try: f=getattr(s,n)
            except AttributeError: continue
            t(f,*a)
