"""Arguments with NUL characters, and numbers too large, are refused before the system is asked."""

import _json
import codecs
import datetime
import grp
import imp
import io
import json
import locale
import operator
import os
import socket
import struct
import time
import unicodedata
import zipimport


class Old:
    pass


day = datetime.datetime(2001, 2, 3, 4, 5, 6, 7)


def attempt(function, *args):
    try:
        print function(*args)
    except Exception, error:
        print type(error).__name__, error


for name in ("open", "mkdir", "listdir", "stat", "lstat", "rmdir", "unlink", "chmod", "access", "readlink", "chdir"):
    function = getattr(os, name)
    more = (0,) if name in ("open", "chmod", "access") else ()
    attempt(function, "a\0b", *more)
    attempt(function, u"a\0b", *more)
attempt(os.rename, "a\0b", "x")
attempt(os.rename, "x", "a\0b")
attempt(os.system, "a\0b")
attempt(os.popen, "a\0b")
attempt(os.fdopen, 1, "a\0b")
attempt(os.execv, "a\0b", ["x"])
attempt(os.execv, "/does/not/exist", ["a\0b"])
attempt(os.execv, "/does/not/exist", [])
attempt(os.execve, "/does/not/exist", ["a"], {"x": "a\0b"})
for mode in (2 ** 31, 2 ** 40, 2 ** 70, -2 ** 40):
    attempt(os.chmod, "/does/not/exist", mode)
    attempt(os.mkdir, "/does/not/exist", mode)
    attempt(os.close, mode)
    attempt(os.umask, mode)
for times in ((2 ** 70, 2), (2 ** 63, 2), (1e30, 2), (1, float("nan")), (float("inf"), 1), (1,), ("a", "b"), 5, [1, 2]):
    attempt(os.utime, "/does/not/exist", times)
attempt(os.utime, 5, 5)
left, right = socket.socketpair()
for size in (2 ** 31, 2 ** 62, 2 ** 63, -1):
    attempt(left.recv, size)
    attempt(left.recvfrom, size)
left.close()
right.close()
for name in ("x\0y", u"x\0y", "os.x\0y", "sys\0y", ""):
    attempt(__import__, name)
    attempt(imp.find_module, name)
for args in [("a\"", 0, "nocodec"), ("a\"", 2 ** 70), ("a\"", 1.5), ("a\"", 0, "utf\0"), ("a\"", 0, None, 0), (),
             (None, 0), ("abc", 0), ("a\"", -1), ("a\"", 100)]:
    attempt(_json.scanstring, *args)


class Mapping(dict):
    def items(self):
        return [("items", 9)]

    def iteritems(self):
        return iter([("iteritems", 9)])

    def keys(self):
        return ["keys"]

    def __iter__(self):
        return iter(["iter"])

    def __getitem__(self, key):
        return 33

    def __len__(self):
        return 44


for value in (Mapping(a=1), Mapping(), {"x": Mapping(a=2)}):
    print json.dumps(value), json.dumps(value, sort_keys=True), json.dumps(value, indent=1)


def evaluate(text):
    try:
        print repr(eval(text))
    except Exception as error:
        print type(error).__name__, str(error).replace(chr(0), "NUL")


for text in r"""codecs.lookup('a\0b')
codecs.lookup(u'a\0b')
codecs.encode('a', 'a\0b')
codecs.decode('a', 'a\0b')
codecs.encode('a', 'utf-8', 'a\0b')
codecs.encode(u'a'), codecs.decode('a')
codecs.encode('a', None)
codecs.lookup_error('a\0b')
codecs.register_error('a\0b', len)
'a'.encode('a\0b')
'a'.decode('a\0b')
u'a'.encode(u'a\0b')
u'a'.encode('ascii', 'a\0b')
'a'.decode('ascii', 'a\0b')
unicode('a', 'a\0b')
unicode('a', 'ascii', 'a\0b')
bytearray(u'a', 'a\0b')
bytearray(u'a', 'ascii', 'a\0b')
bytearray('a').decode('a\0b')
io.open('/dev/null', 'r\0')
io.open('/dev/null', None)
io.open('/dev/null', 3)
io.open('/dev/null', encoding='a\0b')
io.open('/dev/null', encoding='utf-8', errors='a\0b')
io.open('/dev/null', encoding='utf-8', newline=u'\0')
io.TextIOWrapper(io.BytesIO(), 'a\0b')
io.TextIOWrapper(io.BytesIO(), None, 3)
imp.load_source('a\0b', 'x')
imp.load_source('a', 'x\0y')
imp.new_module('a\0b')
execfile('a\0b')
execfile(u'a\0b')
getattr(3, 'a\0b')
setattr(3, 'a\0b', 3)
operator.attrgetter('a\0b')(3)
int.a\0b
getattr(int, 'a\0b')
getattr(Old, 'a\0b')
getattr(Old(), 'a\0b')
grp.getgrnam('a\0b')
socket.gethostbyname('a\0b')
socket.getservbyname('a\0b')
socket.inet_aton('1.2.3.4\0')
unicodedata.lookup('a\0b')
struct.pack('i\0', 3)
struct.calcsize('\0')
'{0!\0}'.format(1)
locale.setlocale(0, 'a\0b')
locale.strxfrm('a\0b')
zipimport.zipimporter('a\0b')
day.strftime('%Y\0%m')
day.date().strftime(u'\0%Y')
day.time().strftime('%\0')
day.strftime('%%\0%')
format(day, u'%Y\0%m')
format(day, '%z\0%Z')
datetime.datetime.strptime('2001\0', '%Y')
datetime.datetime.strptime('2001', u'%Y\0')
datetime.datetime.strptime('2001', 3)
time.strftime('%Y\0', (2001, 2, 3, 4, 5, 6, 0, 34, 0))
time.strftime(u'%Y\0', (2001, 2, 3, 4, 5, 6, 0, 34, 0))
time.strptime('2001\0', '%Y\0').tm_year""".splitlines():
    evaluate(text)
