"""_warnings: filters, registries, and how warnings are shown, without the library's warnings module."""

import _warnings
import sys

sys.stderr = sys.stdout


def show(function):
    try:
        return function()
    except Exception, error:
        return "%s: %s" % (type(error).__name__, error)


print _warnings.filters, _warnings.default_action, _warnings.once_registry
print show(lambda: _warnings.warn("message", 3))
print show(lambda: _warnings.warn("message", str))
print show(lambda: _warnings.warn("message", stacklevel="one"))
print show(lambda: _warnings.warn_explicit("message", UserWarning, "file", 1))
print show(lambda: _warnings.warn_explicit("message", UserWarning, "file", 1, registry=3))
print show(lambda: _warnings.warn_explicit("message", UserWarning, 3, 1))
print show(lambda: _warnings.warn_explicit("message", UserWarning, "file", "one"))
print show(lambda: _warnings.warn_explicit(UserWarning("object"), None, "file.py", 2))
print show(lambda: _warnings.warn_explicit("message", None, "file.py", 2))
print show(lambda: _warnings.warn_explicit("message", UserWarning, __file__, 1))
print show(lambda: _warnings.warn(DeprecationWarning("ignored")))
print show(lambda: _warnings.warn(Exception("no warning")))
print show(lambda: _warnings.warn(3))


def inner(level):
    _warnings.warn("from level %d" % level, stacklevel=level)


def outer(level):
    inner(level)


for level in (-1, 0, 1, 2, 3, 4, 100):
    outer(level)


class Pattern(object):
    def __init__(self, result):
        self.result = result

    def match(self, text):
        print "matching", text
        return self.result


def twice():
    for _ in range(2):
        try:
            _warnings.warn("text", UserWarning)
        except Exception, error:
            print type(error).__name__, error


for filters in [
    3, [3], [(1, 2)], [("error", None, Warning, None, 0)], [("ignore", None, Warning, None, 0)],
    [("once", None, Warning, None, 0)], [("module", None, Warning, None, 0)], [("default", None, Warning, None, 0)],
    [("always", None, Warning, None, 0)], [("strange", None, Warning, None, 0)], [("error", None, 3, None, 0)],
    [("error", None, Warning, None, "line")], [("error", "text", Warning, None, 0)],
    [("error", Pattern(False), Warning, Pattern(True), 0)], [("error", Pattern(True), Warning, Pattern(True), 0)],
    [("error", None, Warning, None, 1)], [("error", None, SyntaxWarning, None, 0)],
]:
    __warningregistry__ = {}
    print filters if not filters or not isinstance(filters, list) or "object" not in repr(filters) else "patterns"
    _warnings.filters[:] = filters if isinstance(filters, list) else []
    twice()
    print sorted(__warningregistry__.items())
print _warnings.once_registry
_warnings.filters[:] = [("always", None, Warning, None, 0)]
eval(compile("1 if () is 5 else (assert_, 2)", "<text>", "eval"), {"assert_": 1})
exec compile("assert (1, 'always true')", "<text>", "exec")
"%s" % object().__format__("")
