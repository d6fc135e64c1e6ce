"""Arguments with NUL characters, and numbers too large, are refused before the system is asked."""

import _json
import imp
import json
import os
import socket


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
