"""Threads run one at a time; locks, signals, finalizers and weak references do what they say."""

import gc
import os
import signal
import weakref

import pytest
from ouro.rlib import exports, rdynload, rffi, rgc, rpoll, rposix, rsignal, rthread, rtime, rweakref


class Count(rthread.Task):
    def __init__(self, counter, done):
        self.counter = counter
        self.done = done

    def run(self):
        for _ in range(300):
            value = self.counter[0]
            self.counter[1] = value
            self.counter[0] = value + 1
            if value % 50 == 0:
                rthread.yield_thread()
        self.counter[2] += 1
        if self.counter[2] == 4:
            self.done.release()


def test_threads_switch_only_where_the_lock_is_given_up():
    done = rthread.allocate_lock()
    assert done.acquire()
    counter = [0, 0, 0]
    idents = {rthread.start_new_thread(Count(counter, done)) for _ in range(4)}
    assert done.acquire()
    assert counter[0] == 1200
    assert len(idents) >= 1


TICKER = rffi.malloc(rffi.LONGP.TO, 1, flavor="raw", zero=True, immortal=True)


def test_who_waits_for_long_asks_for_the_lock():
    class Answer(rthread.Task):
        answered = False

        def run(self):
            Answer.answered = True

    rsignal.set_ticker(TICKER)
    rthread.set_patience(1000)
    try:
        TICKER[0] = 5
        rthread.start_new_thread(Answer())
        while TICKER[0] == 5:
            pass
        assert not Answer.answered
        rthread.yield_thread()
        assert Answer.answered
    finally:
        rthread.set_patience(-1)


def test_a_lock_is_taken_once_and_released_once():
    lock = rthread.allocate_lock()
    assert lock.acquire(False)
    assert not lock.acquire(False)
    assert lock.acquire_timed(1000) == 0
    lock.release()
    with pytest.raises(rthread.ThreadError):
        lock.release()
    with lock:
        assert not lock.acquire(False)


def test_a_blocking_call_lets_other_threads_run():
    reader, writer = rposix.pipe()

    class Write(rthread.Task):
        def run(self):
            rtime.sleep(0.01)
            rposix.write(writer, "x")

    rthread.start_new_thread(Write())
    assert rposix.read(reader, 1) == "x"
    os.close(reader)
    os.close(writer)


def test_thread_locals_are_one_for_each_thread():
    storage = rthread.ThreadLocals()
    storage.set("main")
    done = rthread.allocate_lock()
    done.acquire()
    seen = []

    class Look(rthread.Task):
        def run(self):
            seen.append(storage.get())
            storage.set("other")
            seen.append(storage.get())
            storage.set(None)
            done.release()

    rthread.start_new_thread(Look())
    done.acquire()
    assert seen == [None, "other"]
    assert storage.get() == "main"
    assert storage.values() == ["main"]


def test_signals_are_noted_and_polled():
    assert rsignal.poll() == 0
    rsignal.note(int(signal.SIGUSR1))
    assert rsignal.disposition(int(signal.SIGUSR1)) == rsignal.HANDLED
    os.kill(os.getpid(), signal.SIGUSR1)
    assert rsignal.pending()
    assert rsignal.poll() == signal.SIGUSR1
    assert rsignal.poll() == 0
    rsignal.ignore(int(signal.SIGUSR1))
    os.kill(os.getpid(), signal.SIGUSR1)
    assert not rsignal.pending()
    rsignal.default(int(signal.SIGUSR1))
    assert rsignal.disposition(int(signal.SIGUSR1)) == rsignal.DEFAULT
    with pytest.raises(ValueError):
        rsignal.note(1000)


def test_ready_descriptors_are_found():
    reader, writer = rposix.pipe()
    assert rpoll.poll([reader, writer], [rpoll.POLLIN, rpoll.POLLOUT], 0) == [0, rpoll.POLLOUT]
    assert rpoll.select([reader], [writer], [], 0.0) == ([], [writer], [])
    rposix.write(writer, "x")
    assert rpoll.select([reader], [], [reader], -1.0) == ([reader], [], [])
    os.close(reader)
    os.close(writer)
    with pytest.raises(OSError):
        rpoll.select([reader], [], [], 0.0)


def test_a_finalizer_queue_gives_the_dead_back():
    class Thing:
        pass

    class Queue(rgc.FinalizerQueue):
        Class = Thing
        triggered = 0

        def finalizer_trigger(self):
            Queue.triggered += 1

    queue = Queue()
    thing = Thing()
    thing.name = "x"
    queue.register_finalizer(thing)
    assert queue.next_dead() is None
    del thing
    gc.collect()
    assert Queue.triggered == 1
    revived = queue.next_dead()
    assert revived.name == "x"
    assert queue.next_dead() is None
    del revived
    gc.collect()
    assert queue.next_dead() is None
    with pytest.raises(TypeError):
        queue.register_finalizer(5)


def test_weak_dictionaries_forget_dead_values():
    class Thing:
        pass

    names = rweakref.WeakValueDictionary("Names")()
    things = [Thing() for _ in range(100)]
    for i, thing in enumerate(things):
        names.set(i, thing)
    assert names.get(5) is things[5]
    assert names.length() == 100
    del thing
    things[5] = None
    gc.collect()
    assert names.get(5) is None
    assert names.length() == 99
    names.set(7, None)
    assert names.get(7) is None
    assert rweakref.dead_ref() is None
    assert rweakref.ref is weakref.ref


def test_symbols_of_libraries_are_found_or_are_errors():
    handle = rdynload.dlopen(None)
    assert rdynload.dlsym(handle, "strlen")
    with pytest.raises(rdynload.DynamicLibraryError) as caught:
        rdynload.dlsym(handle, "no_such_symbol_here")
    assert "no_such_symbol_here" in caught.value.message
    with pytest.raises(rdynload.DynamicLibraryError):
        rdynload.dlopen("/no/such/library.so")
    rdynload.dlclose(handle)


def test_exports_have_one_name_each():
    @exports.export(int, result=int, name="ouro_test_export")
    def f(x):
        return x

    assert exports.EXPORTED["ouro_test_export"] is f
    assert f._exported_types_ == ((int,), int)
    with pytest.raises(ValueError):
        exports.export(result=None, name="ouro_test_export")(len)
