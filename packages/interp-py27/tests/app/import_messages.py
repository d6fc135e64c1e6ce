# What is said of modules that are not there, and what an imported module finds as its builtins.
import os
import sys
import time

for name in ('missing', 'missing.x', 'missing.x.y', 'os.x', 'os.x.y', 'os.path.x', 'os.path.x.y'):
    for level in (0, -1):
        try:
            __import__(name, globals(), {}, ['q'], level)
        except ImportError as error:
            print name, level, error
    try:
        __import__(name)
    except ImportError as error:
        print name, error
namespace = {}
exec 'x = 1' in namespace
print type(os.__builtins__), type(__builtins__), type(namespace['__builtins__'])
print os.__builtins__ is namespace['__builtins__'], os.__builtins__['len']('abc')

for arguments in ((5,), ([1, 2],), (range(9), 5), (range(9), None), (range(10),)):
    for kind in (time.struct_time, os.stat_result):
        try:
            print len(kind(*arguments))
        except TypeError as error:
            print error
with open(__file__, 'U') as source:
    source.read()
print repr(source.newlines)
