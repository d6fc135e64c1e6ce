"""``time.struct_time`` and its like: no tuples, but they do as tuples do."""

import collections
import copy
import operator
import os
import pickle
import pwd
import sys
import time


def show(function, *args, **keywords):
    try:
        print repr(function(*args, **keywords))
    except BaseException, error:
        print type(error).__name__, error


for kind in (time.struct_time, os.stat_result, type(sys.float_info), type(sys.version_info), type(sys.flags),
             pwd.struct_passwd):
    print kind, kind.__name__, kind.__module__, kind.__mro__, issubclass(kind, tuple)
    print [name for name in sorted(kind.__dict__) if name != "__new__"]
    print kind.n_fields, kind.n_sequence_fields, kind.n_unnamed_fields, kind.__doc__
    show(kind, 5)
    show(kind)
    show(kind, range(9))
    show(kind, range(30))
    show(kind, range(10), {"st_blksize": 77})
    show(type, "Derived", (kind,), {})

time_sequence = time.struct_time(range(9))
times = tuple(range(9))
for index in [0, -1, 9, -10, 2L, 2 ** 70, "a", None, 1.5, slice(1, 3), slice(None, None, 2), slice(5, 1),
              slice(None, None, 0), slice(2 ** 70, None)]:
    show(operator.getitem, time_sequence, index)
show(lambda: time_sequence[1:3])
show(lambda: time_sequence[:])
for left, right in [(time_sequence, time_sequence), (time_sequence, (1,)), ((1,), time_sequence),
                    (time_sequence, [1]), ([1], time_sequence), (time_sequence, 5)]:
    show(operator.add, left, right)
for count in (2, -1, "a", 1.5):
    show(operator.mul, time_sequence, count)
    show(operator.mul, count, time_sequence)
later = time.struct_time(range(1, 10))
for compare in (operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge, cmp):
    for other in (time_sequence, later, times, (1,), (0, 1, 2)):
        print compare(time_sequence, other), compare(other, time_sequence),
    print
print hash(time_sequence) == hash(times), {time_sequence: 1}[times], len(time_sequence)
print 3 in time_sequence, 33 in time_sequence, list(time_sequence), list(reversed(time_sequence))
print type(iter(time_sequence)), isinstance(time_sequence, collections.Sequence)
show(lambda: "%s" % time_sequence)
show(lambda: "%s %s" % time_sequence)
show(lambda: pickle.dumps(time_sequence))
print copy.copy(time_sequence) == times, pickle.loads(pickle.dumps(time_sequence, 2)) == times
print repr(time_sequence)
for name in ("count", "index", "__getnewargs__", "__iter__", "__dict__", "tm_mon"):
    show(getattr, time_sequence, name)
show(setattr, time_sequence, "tm_year", 5)
show(operator.setitem, time_sequence, 0, 1)
show(lambda *args: args, *time_sequence)
print time.strftime("%Y-%m-%d", time_sequence), time.asctime(time_sequence), sum(time_sequence)
show("abc".startswith, time_sequence)

status = os.stat_result(range(16))
print status, status[7], status.st_atime, status.st_blksize, len(status), os.stat_result(range(10)).st_atime
print sorted(status.__reduce__()[1][1].items()), pickle.loads(pickle.dumps(status)).st_rdev, copy.copy(status).st_mtime
print sys.version_info[:2], sys.version_info >= (2, 7), sys.version_info[:1] + (5,), sys.float_info.max
