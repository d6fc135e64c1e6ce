"""mmap: files and anonymous memory as strings that can be written."""

import mmap
import os
import re
import tempfile


def show(text):
    try:
        print text, "->", repr(eval(text))
    except Exception, error:
        print text, "->", type(error).__name__, error


class Anonymous(mmap.mmap):
    def __new__(cls, *args, **kwargs):
        return mmap.mmap.__new__(cls, -1, *args, **kwargs)


m = mmap.mmap(-1, 10)
c = mmap.mmap(-1, 5)
c.close()
r = mmap.mmap(-1, 10, access=mmap.ACCESS_READ)
p = mmap.PAGESIZE

for text in """c[0]; c[0:1]; len(c); c.find('a'); c.close(); c.read(1); c.tell(); list(c); c.size(); bool(c)
m.size(); m[10]; m[-11]; m['a']; m[1.0]; m.__setitem__(0,'ab'); m.__setitem__(0,1); m.__setitem__(0,u'a')
m.__setitem__(20,'a'); m.__setitem__('a','b'); m.__setitem__(slice(0,2),'abc'); m.__setitem__(slice(0,2),1)
m.__setslice__(0,2,'abc'); m.__setslice__(0,2,u'ab'); m.__setitem__(slice(0,4,2),'abc'); m.__setitem__(slice(0,4,2),3)
m.__delitem__(0); m.__delslice__(0,1); m.__delitem__(slice(0,4,2)); m.__delitem__(30); m+m; m*2; 'a' in m; 3 in m
m.write(3); m.write(None); m.write(u'a'); m.write('a'*11); m.write_byte(3); m.write_byte('ab');
m.seek(3,4); m.seek(100); m.seek(-1); m.seek('a'); m.seek(2); m.seek(-3,1); m.seek(-3,2); m.tell(); m.seek(1,2)
m.seek(9223372036854775807,1); m.seek(-9223372036854775808,1); m.seek(0); m.read(-1); m.tell(); m.read(100)
m.read_byte(); m.readline(); m.write_byte('x'); m.write('x'); m.write(''); m.move(0,1,100); m.move(1,2); m.move(-1,0,1)
m.resize('a'); m.resize(-1); m.resize(20); len(m); m.flush(1); m.flush(0,100); m.flush(1,2,3); m.flush(-1,2); m.flush()
r[0]; r.__setitem__(0,'a'); r.__setitem__(0,'ab'); r.__setslice__(0,1,'a'); r.write('a'); r.write_byte('a'); r.resize(3)
r.move(0,1,1); r.flush(); r.flush(0,100); r.__delitem__(0); r.__delslice__(0,2)
len(buffer(m)); memoryview(m); bytearray(m); str(buffer(m))[:3]; m.find(buffer('a')); m.find(bytearray('a'))
mmap.mmap(); mmap.mmap(-1); mmap.mmap('a',1); mmap.mmap(-1,'a'); mmap.mmap(-1,-1); mmap.mmap(-1,0)
mmap.mmap(-1,10,offset=-1); mmap.mmap(-1,10,access=4); mmap.mmap(-1,10,prot=1,access=1); mmap.mmap(-1,2**70)
mmap.mmap(-1,1.5); mmap.mmap(-1,10,foo=1); mmap.mmap(-2,10); mmap.mmap(1000,10); mmap.mmap(-1,10L)[:]
mmap.mmap(-1,10,offset=None); mmap.mmap(-1,10,offset=3); mmap.mmap(-1,10,1,3,0,p)[:]; mmap.mmap(-1,10,1,3,0,p,5)
mmap.mmap(-1,10,flags=0); Anonymous(3)[:]; Anonymous(3).__dict__; Anonymous(3,x=3)
m.find(u'a'); m.find(3); m.find(''); m.find('',100); m.find('',3,1); m.find('\\0',-2); m.rfind('',100); m.rfind('')
m.rfind('',0); m.rfind('',0,0); m.find('',5,2); m.find('a','b'); m[:]; m[::0]; m[::-1]; m[2:2:3]; m[-3:]; m[5:1]
mmap.error.__mro__; m.read('a'); m.read(1.5); m.read(2**70); m==m; setattr(m,'x',3); m.seek(0,0); m.write(r)
m.find(needle='a')""".replace("\n", ";").split(";"):
    show(text.strip())

handle, name = tempfile.mkstemp()
os.write(handle, "first\nsecond\n" + "-" * p + "last")
m = mmap.mmap(handle, 0)
print len(m) == m.size() == p + 17, m.readline(), m.readline(), m.tell(), len(m.readline()) - p, repr(m.readline())
print re.search("l.st", m).start() - p, m.rfind("-", 0) - p, m.find("last", 0, -1), m.rfind("s", 0, 10)
m[0:5] = "FIRST"
m[-1:-5:-1] = "TSAL"
m.move(6, 0, 5)
m.flush()
os.lseek(handle, 0, 0)
print repr(os.read(handle, 14))
m.resize(p)
print len(m), m.size() == os.fstat(handle).st_size == p
copy = mmap.mmap(handle, 3, access=mmap.ACCESS_COPY)
copy[:] = "abc"
print copy[:], m[:3], copy.flush()
show("copy.resize(4)")
show("mmap.mmap(handle, p + 1)")
show("mmap.mmap(handle, 0, offset=p)")
show("mmap.mmap(handle, 1, offset=2 * p)")
os.ftruncate(handle, 0)
show("mmap.mmap(handle, 0)")
os.close(handle)
os.unlink(name)
m.close()
for name in sorted(dir(mmap)):
    if name.isupper():
        print name, getattr(mmap, name)
print sorted(set(dir(mmap.mmap)) - set(dir(object)))
