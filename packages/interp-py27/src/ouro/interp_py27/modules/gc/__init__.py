"""``gc``: control of the collector.

CPython's collector looks for cycles that reference counts cannot free; ours frees everything. Thresholds and debugging
flags are kept, and do nothing. ``gc.garbage`` stays empty: cycles with ``__del__`` are freed too.
"""

from ouro.interp_py27.modules.gc.references import may_be_in_cycle, referents, referrers, tracked_objects
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.module_object import define_module
from ouro.interp_py27.vm.errors import value_error
from ouro.interp_py27.vm.finalizers import collect_and_finalize
from ouro.interp_py27.vm.gateway import unwrap_spec
from ouro.rlib import rgc

GENERATIONS = 3
DEBUG_FLAGS = {"DEBUG_STATS": 1, "DEBUG_COLLECTABLE": 2, "DEBUG_UNCOLLECTABLE": 4, "DEBUG_INSTANCES": 8,
               "DEBUG_OBJECTS": 16, "DEBUG_SAVEALL": 32, "DEBUG_LEAK": 62}


class Settings:
    """What programs set and may ask for again."""

    def __init__(self):
        self.thresholds = [700, 10, 10]
        self.debug = 0


settings = Settings()


def enable():
    """enable() -> None

Enable automatic garbage collection."""
    rgc.enable()


def disable():
    """disable() -> None

Disable automatic garbage collection."""
    rgc.disable()


def isenabled():
    """isenabled() -> status

Returns true if automatic garbage collection is enabled."""
    return space.newbool(rgc.isenabled())


@unwrap_spec(generation=int)
def collect(generation=GENERATIONS - 1):
    """collect([generation]) -> n

With no arguments, run a full collection.  The optional argument
may be an integer specifying which generation to collect.  A ValueError
is raised if the generation number is invalid.

The number of unreachable objects is returned."""
    if generation < 0 or generation >= GENERATIONS:
        raise value_error("invalid generation")
    return space.newint(collect_and_finalize())


@unwrap_spec(flags=int)
def set_debug(flags):
    """set_debug(flags) -> None

Set the garbage collection debugging flags."""
    settings.debug = flags


def get_debug():
    """get_debug() -> flags

Get the garbage collection debugging flags."""
    return space.newint(settings.debug)


@unwrap_spec(threshold0=int, threshold1=int, threshold2=int)
def set_threshold(threshold0, threshold1=10, threshold2=10):
    """set_threshold(threshold0, [threshold1, threshold2]) -> None

Sets the collection thresholds.  Setting threshold0 to zero disables
collection."""
    settings.thresholds = [threshold0, threshold1, threshold2]


def get_threshold():
    """get_threshold() -> (threshold0, threshold1, threshold2)

Return the current collection thresholds"""
    return space.newtuple([space.newint(value) for value in settings.thresholds])


def get_count():
    """get_count() -> (count0, count1, count2)

Return the current collection counts"""
    return space.newtuple([space.newint(0), space.newint(rgc.get_statistic(2)), space.newint(rgc.get_statistic(3))])


def is_tracked(w_obj):
    """is_tracked(obj) -> bool

Returns true if the object is tracked by the garbage collector.
Simple atomic objects will return false."""
    return space.newbool(may_be_in_cycle(w_obj))


def get_referents(args_w):
    """get_referents(*objs) -> list
Return the list of objects that are directly referred to by objs."""
    result_w = []
    for w_obj in args_w:
        for w_referent in referents(w_obj):
            result_w.append(w_referent)
    return space.newlist(result_w)


def get_referrers(args_w):
    """get_referrers(*objs) -> list
Return the list of objects that directly refer to any of objs."""
    return space.newlist(referrers(args_w))


def get_objects():
    """get_objects() -> [...]

Return a list of objects tracked by the collector (excluding the list
returned).
"""
    return space.newlist(tracked_objects())


_entries = {"garbage": None}
for _function in [enable, disable, isenabled, collect, set_debug, get_debug, set_threshold, get_threshold, get_count,
                  is_tracked, get_referents, get_referrers, get_objects]:
    _entries[_function.__name__] = _function
_entries.update(DEBUG_FLAGS)


def start_gc(w_module):
    w_module.w_dict.setitem_str("garbage", space.newlist([]))


define_module("gc", _entries, startup=start_gc,
              doc="This module provides access to the garbage collector for reference cycles.")
