"""cStringIO."""
import cStringIO as c
def t(f,*a):
    try: print getattr(f, '__name__', f), [x for x in a if isinstance(x, (int, str))], str(f(*a)).split(' at ')[0]
    except Exception, e: print type(e).__name__, e
o=c.StringIO()
i=c.StringIO('a\nbc\n\nlast')
t(o.write,'abc'); t(o.write,u'd'); t(o.write,3); t(o.writelines,['x','y']); t(o.writelines,3); t(o.writelines,[3]); t(o.getvalue); t(o.tell); t(o.seek,2); t(o.write,'ZZ'); t(o.getvalue); t(o.getvalue,True); t(o.read); t(o.seek,10); t(o.tell); t(o.getvalue); t(o.write,'q'); t(o.getvalue); t(o.seek,-3,2); t(o.read,2); t(o.seek,-100); t(o.tell); t(o.seek,3,1); t(o.tell); t(o.truncate); t(o.getvalue); t(o.tell); t(o.truncate,1); t(o.getvalue); t(o.tell); t(o.truncate,-1); t(o.getvalue);t(o.truncate,100); t(o.getvalue); t(o.tell)
t(o.seek,0,7); t(o.isatty); t(o.flush); print o.softspace, o.closed; o.softspace=5; print o.softspace
t(i.read,1); t(i.readline); t(i.readline); t(i.readline,0); t(i.readline,1); t(i.readline); t(i.readline); t(i.readline); t(i.reset); t(i.readlines); t(i.seek,0); t(i.readlines,3); t(i.tell); t(i.getvalue); t(i.getvalue,1); print list(i)
i.seek(2); print list(i); t(i.next); t(iter, i); t(i.truncate,2); t(i.getvalue); t(i.seek,100); t(i.read); t(i.tell); t(i.seek,-1,2); t(i.read,-5)
t(i.close); t(i.read); t(i.close); print i.closed; t(i.getvalue); t(i.tell); t(i.isatty); t(iter,i); t(i.seek, 0); t(i.flush)
t(o.close); t(o.write,'x'); print o.closed; t(o.getvalue); t(o.next)
t(c.StringIO,3); t(c.StringIO,u'abc'); t(c.StringIO,1,2); t(c.StringIO, None)
x=c.StringIO(); print >>x, 'a', 3, ; print >>x, 'b'; t(x.getvalue)
x=c.StringIO(); x.write('a\nb'); x.reset(); t(x.readline); x.write('c\n'); t(x.readline); t(x.getvalue)
