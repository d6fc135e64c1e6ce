"""Threads, locks, attributes of each thread, signals and calendar times."""
import signal
import thread
import time


def wait_until(condition):
    for _ in range(200):
        if condition():
            return
        time.sleep(0.01)
    print "waited in vain"


# ---- threads and locks

lock = thread.allocate_lock()
out = []


def work(number, factor=1):
    for i in range(3):
        out.append((number, i * factor))
        time.sleep(0.001)
    with lock:
        out.append("done")


lock.acquire()
print lock.locked(), lock.acquire(0), isinstance(lock, thread.LockType)
for i in range(3):
    thread.start_new_thread(work, (i,), {"factor": 10 * i})
time.sleep(0.05)
print out.count("done")
lock.release()
wait_until(lambda: out.count("done") == 3)
print sorted(out)
wait_until(lambda: thread._count() == 0)
try:
    lock.release()
except thread.error as error:
    print error
for bad in [(3, ()), (work, 3), (work, (), 3)]:
    try:
        thread.start_new_thread(*bad)
    except TypeError as error:
        print error


def leave():
    out.append("left")
    thread.exit()
    out.append("not reached")


del out[:]
thread.start_new_thread(leave, ())
wait_until(lambda: out and thread._count() == 0)
print out

# a computing thread does not keep the others from running
stop = []


def compute():
    while not stop:
        pass


thread.start_new_thread(compute, ())
time.sleep(0.01)
stop.append(1)
wait_until(lambda: thread._count() == 0)
print thread.stack_size(65536), thread.stack_size(), thread.stack_size(0)
for bad in [-1, 100]:
    try:
        thread.stack_size(bad)
    except ValueError as error:
        print error

# ---- attributes of each thread


class Local(thread._local):
    made = 0

    def __init__(self, value):
        Local.made += 1
        self.value = value


local = Local(5)
local.other = 7
seen = []


def look():
    seen.append(dict(local.__dict__))
    local.other = 8
    seen.append((local.value, local.other, hasattr(local, "missing")))


thread.start_new_thread(look, ())
wait_until(lambda: len(seen) == 2)
print sorted(local.__dict__.items()), Local.made, seen
try:
    thread._local(1)
except TypeError as error:
    print error

# ---- signals

came = []


def handler(number, frame):
    came.append((number, frame is not None))


print signal.signal(signal.SIGALRM, handler), signal.getsignal(signal.SIGALRM) is handler
print signal.setitimer(signal.ITIMER_REAL, 0.02)
time.sleep(5)
print came, signal.getitimer(signal.ITIMER_REAL)


class Interrupted(Exception):
    pass


def raising(number, frame):
    raise Interrupted(number)


signal.signal(signal.SIGALRM, raising)
signal.setitimer(signal.ITIMER_REAL, 0.02)
try:
    while True:
        pass
except Interrupted as error:
    print "interrupted by", error
print signal.alarm(100) == 0, signal.alarm(0) > 90
for bad in [0, 65, signal.SIGKILL]:
    try:
        signal.signal(bad, handler)
    except (ValueError, RuntimeError) as error:
        print type(error).__name__, error
try:
    signal.signal(signal.SIGALRM, "handler")
except TypeError as error:
    print error
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    thread.interrupt_main()
    time.sleep(1)
except KeyboardInterrupt:
    print "KeyboardInterrupt"

# ---- calendar times

print time.gmtime(0)
print time.gmtime(1e9)[:], len(time.gmtime()), time.gmtime(-1.5).tm_sec
print time.asctime((2000, 2, 29, 1, 2, 3, 1, 60, 0)), time.strftime("%Y-%m-%d %H:%M:%S %j", (2000, 2, 29, 1, 2, 3, 1, 60, 0))
print time.strftime("%Y %m %d", (0,) * 9), time.mktime(time.localtime(1e9))
for bad in [(2000, 13, 1, 0, 0, 0, 0, 0, 0), (200,) + (0,) * 8, (0,) * 8, "x", (2 ** 31,) + (0,) * 8]:
    try:
        time.asctime(bad)
    except (TypeError, ValueError, OverflowError) as error:
        print type(error).__name__, error
for function, argument in [(time.gmtime, 1e20), (time.ctime, 2 ** 62), (time.sleep, -1), (time.struct_time, [1, 2])]:
    try:
        function(argument)
    except (TypeError, ValueError, IOError) as error:
        print type(error).__name__, error
