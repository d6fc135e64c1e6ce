"""Trace functions that jump by setting f_lineno, change variables by f_locals, and raise."""

import sys
import traceback


class Manager(object):
    def __enter__(self):
        print "enter",
        return 7

    def __exit__(self, kind, value, tb):
        print "exit", kind,


def mixed():
    print 1,
    for i in range(2):
        print 3, i,
        with Manager() as seven:
            print 5, seven,
    while 1:
        print 7,
        try:
            print 9,
            {}["key"]
        except KeyError:
            print 12,
            break
        except ValueError as e:
            print 15, e,
    try:
        print 17,
    finally:
        print 19,
        for i in range(1):
            print 21,
        print 22,
    print 23


def returns():
    for i in range(3):
        try:
            with Manager():
                return i
                print "not reached",
        finally:
            print "finally",
    return "end"


def generates():
    for i in range(2):
        yield i
    yield "end"


def jump(function, start, target, *args):
    """Run the function; before the line `start` (counted from its own) is run the first time, jump to `target`."""
    first = function.__code__.co_firstlineno
    done = []

    def tracer(frame, event, arg):
        if frame.f_code is not function.__code__:
            return None
        if event == "line" and frame.f_lineno == first + start and not done:
            done.append(True)
            try:
                frame.f_lineno = first + target
            except ValueError as error:
                print "<%s>" % error,
            else:
                print "<%d>" % (frame.f_lineno - first),
        return tracer

    print "%s %d %d:" % (function.__name__, start, target),
    sys.settrace(tracer)
    try:
        result = function(*args)
        if function is generates:
            result = list(result)
    except Exception as error:
        sys.settrace(None)
        print type(error).__name__, error
    else:
        sys.settrace(None)
        print result


def into_for_loop(start, target):
    """From outside of all loops this is refused; from another loop CPython crashes."""
    return target in (3, 4, 5) and not 2 <= start <= 5 or target == 21 and not 20 <= start <= 21


for start in range(1, 24):
    for target in range(-1, 25):
        if not into_for_loop(start, target):
            jump(mixed, start, target)
for start in range(1, 9):
    for target in range(1, 9):
        jump(returns, start, target)
for start in range(1, 4):
    for target in range(1, 4):
        jump(generates, start, target)


def attempt(frame, line):
    try:
        frame.f_lineno = line
    except ValueError as error:
        print error
    else:
        print "set to", frame.f_lineno


def nothing(frame, event, arg):
    return nothing


def attempts_on(wanted, line):
    def tracer(frame, event, arg):
        if event == wanted and frame.f_code.co_name in ("plain", "yielding"):
            attempt(frame, line)
        return tracer
    return tracer


def plain():
    try:
        1 / 0
    except ZeroDivisionError:
        pass


def yielding():
    yield 1
    yield 2


frame = sys._getframe()
for line in 3, 1.5, 3L, True, None:
    attempt(frame, line)
frame.f_trace = nothing
for line in 0, 1, 100000:
    attempt(frame, line)
del frame.f_trace
print frame.f_trace
attempt(frame, 3)
for event in "call", "return", "exception":
    for line in plain.__code__.co_firstlineno + 1, 1, 1.5:
        sys.settrace(attempts_on(event, line))
        plain()
        sys.settrace(None)
    for line in yielding.__code__.co_firstlineno + 1, 1, 1.5:
        sys.settrace(attempts_on(event, line))
        list(yielding())
        sys.settrace(None)
generator = yielding()
attempt(generator.gi_frame, 3)
next(generator)
attempt(generator.gi_frame, 3)
generator.gi_frame.f_trace = nothing
attempt(generator.gi_frame, yielding.__code__.co_firstlineno + 1)


def changes(argument):
    first = 1
    second = 2
    captured = 3
    function = lambda: (captured, argument)
    print first, argument, function()
    try:
        print second
    except UnboundLocalError as error:
        print error
    return locals().has_key("second")


def changer(frame, event, arg):
    if event == "line" and frame.f_code is changes.__code__:
        if frame.f_lineno == frame.f_code.co_firstlineno + 5:
            frame.f_locals["first"] = "new"
            frame.f_locals["argument"] = "new argument"
            frame.f_locals["captured"] = "new captured"
            del frame.f_locals["second"]
            frame.f_locals["unknown"] = 5
    return changer


sys.settrace(changer)
print changes(0)
sys.settrace(None)


def profiler(frame, event, arg):
    if event == "call" and frame.f_code.co_name == "profiled":
        frame.f_locals["x"] = "from the profiler"


def profiled(x):
    return x


sys.setprofile(profiler)
print profiled(3)
sys.setprofile(None)


class Body(object):
    def tracer(frame, event, arg):
        frame.f_locals["from_tracer"] = event
        return None
    sys._getframe().f_trace = tracer
    sys.settrace(tracer)
    x = 1
    sys.settrace(None)
    print from_tracer


def raiser(wanted):
    def tracer(frame, event, arg):
        if event == wanted and frame.f_code is handles.__code__:
            raise KeyError(event)
        return tracer
    return tracer


def handles():
    try:
        1 / 0
    except KeyError:
        print "caught", sys.exc_info()[1]
    except ZeroDivisionError:
        print "division"
    return 3


for event in "call", "line", "exception", "return":
    sys.settrace(raiser(event))
    try:
        print handles()
    except KeyError:
        for name, line, function, text in traceback.extract_tb(sys.exc_info()[2]):
            print line, function, text
    print sys.gettrace()
