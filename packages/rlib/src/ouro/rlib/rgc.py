"""The garbage collector, as a program sees it."""

from __future__ import annotations

import gc as host_gc
import itertools

from ouro import lltype
from ouro.rlib import _runtime
from ouro.rlib._primitive import primitive
from ouro.rlib.objectmodel import specialize

__all__ = [
    "FinalizerQueue",
    "add_memory_pressure",
    "can_move",
    "cast_gcref_to_instance",
    "cast_instance_to_gcref",
    "collect",
    "collect_step",
    "disable",
    "enable",
    "find_instances",
    "get_statistic",
    "is_pinned",
    "isenabled",
    "live_instances",
    "may_ignore_finalizer",
    "must_be_light_finalizer",
    "next_instance",
    "no_collect",
    "pin",
    "postpone_memory_error",
    "take_memory_error",
    "thread_die",
    "thread_forget",
    "thread_prepare",
    "thread_start",
    "unpin",
]


# ---- collecting


@primitive
def collect(generation=9):
    """Collect now; up to the generation, or everything. Finalizers of what died are queued."""
    host_gc.collect()


@primitive
def collect_step():
    """One increment of a major collection; whether that ended it."""
    host_gc.collect()
    return True


@primitive
def enable():
    """Let major collections start by themselves."""
    host_gc.enable()


@primitive
def disable():
    """Keep major collections from starting by themselves."""
    host_gc.disable()


@primitive
def isenabled():
    """Whether major collections start by themselves."""
    return host_gc.isenabled()


@primitive
def add_memory_pressure(size):
    """An object just made keeps `size` bytes of raw memory alive that the collector does not see."""


@primitive
def get_statistic(number):
    """A counter of the collector: 0 bytes in use, 1 the most bytes in use, 2 minor, 3 major collections."""
    return 0


# ---- no memory


def postpone_memory_error():
    """Note that there is no memory, where the program can go on for a little.

    A collector does so, as compiled code cannot raise an exception between two guards, nor the JIT while it brings the
    program up to date.

    The program's ticker (`rsignal.set_ticker`) is set, so that it looks up and asks `take_memory_error`. False: it has
    no ticker, or has not asked since the last time.
    """
    return _runtime.memory_error_postpone() != 0


def take_memory_error():
    """Whether there was no memory, which was postponed, since this was asked last; who asks raises MemoryError then.

    A program with a ticker asks each time the ticker makes it look up.
    """
    return _runtime.memory_error_take() != 0


# ---- the objects there are


@primitive
def find_instances():
    """Keep all instances of classes that can be reached for `next_instance`. False: there is no memory for that."""
    _found[:] = host_gc.get_objects()
    return True


@primitive
def next_instance(cls):
    """An instance of `cls` that `find_instances` found, once; None when there is no more. Others are passed over."""
    while _found:
        value = _found.pop()
        if isinstance(value, cls):
            return value
    return None


#: On the host: what `find_instances` found.
_found: list[object] = []


@specialize.arg(0)
def live_instances(cls):
    """A list of all instances of `cls` that can be reached."""
    if not find_instances():
        raise MemoryError
    result = []
    while True:
        value = next_instance(cls)
        if value is None:
            return result
        result.append(value)


# ---- moving


@primitive
def can_move(value):
    """Whether the object may still move in memory."""
    return True


@primitive
def pin(value):
    """Keep the object where it is; whether that was possible."""
    return False


@primitive
def unpin(value):
    """Let an object that was pinned move again."""


@primitive
def is_pinned(value):
    """Whether the object is pinned."""
    return False


# ---- references to objects of any type


@primitive
def cast_instance_to_gcref(value):
    """The object, an instance or None, as a `GCREF`."""
    if value is None:
        return lltype.nullptr(lltype.GCREF.TO)
    known = _references.get(id(value))
    if known is None:
        known = _references[id(value)] = lltype.opaqueptr(lltype.GCREF.TO, "instance", value=value)
    return known


@primitive
def cast_gcref_to_instance(cls, reference):
    """The instance of `cls`, or None, that a `GCREF` leads to."""
    if not reference:
        return None
    value = lltype.container_of(reference).attributes["value"]
    assert isinstance(value, cls)
    return value


#: On the host an instance has one reference, and lives as long as it is here.
_references: dict[int, lltype.Pointer] = {}


# ---- threads


@primitive
def thread_prepare(slots):
    """Before a thread is started: see that its calls can keep so many references at a time. False: no memory."""
    return True


@primitive
def thread_forget(slots):
    """The thread that was prepared with this number of slots could not be started."""


@primitive
def thread_start(slots):
    """The first thing that a new thread does once it holds the global lock.

    slots: what `thread_prepare` was called with.
    """


@primitive
def thread_die():
    """The last thing that a thread does, still holding the global lock."""


# ---- finalizers


def must_be_light_finalizer(function):
    """The `__del__` touches raw memory only, so it runs at once, in any order; anything else is an error."""
    function._must_be_light_finalizer_ = True
    return function


def no_collect(function):
    """Nothing in `function` may allocate."""
    function._gc_no_collect_ = True
    return function


@primitive
def may_ignore_finalizer(value):
    """The object's finalizer need not run any more."""


_queue_numbers = itertools.count()


class FinalizerQueue:
    """Objects that died and wait for the program to finalize them, in the order of who refers to whom.

    A subclass sets `Class`, the common base class of the objects, and `finalizer_trigger`. Make one instance,
    prebuilt.
    """

    _finalizer_queue_ = True

    Class = None

    def __init__(self):
        self.number = next(_queue_numbers)
        self._dead = []

    def _freeze_(self):
        return True

    def finalizer_trigger(self):
        """Called when there is a dead object, at any moment: only note that `next_dead` is to be called."""
        raise NotImplementedError

    @primitive
    def register_finalizer(self, value):
        """Keep `value` when it dies, for `next_dead`."""
        if not isinstance(value, self.Class):
            raise TypeError("%r is no %s" % (value, self.Class.__name__))
        _watch(self, value)

    @primitive
    def next_dead(self):
        """An object that died, which lives again now; or None."""
        return self._dead.pop(0) if self._dead else None


_watched_classes: dict[type, type] = {}


def _watch(queue, value):
    # on the host the object's class becomes a subclass whose __del__ puts it into the queue, once
    cls = type(value)
    watched = _watched_classes.get(cls)
    if watched is None:

        def __del__(self):
            dying_queue = self.__dict__.pop("_finalizer_queue_of_object", None)
            if dying_queue is not None:
                dying_queue._dead.append(self)
                dying_queue.finalizer_trigger()

        watched = type(cls.__name__, (cls,), {"__del__": __del__, "__module__": cls.__module__})
        _watched_classes[cls] = watched
    value.__class__ = watched
    value.__dict__["_finalizer_queue_of_object"] = queue
