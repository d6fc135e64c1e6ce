"""``gc``: control of the collector.

CPython's collector looks for cycles that reference counts cannot free; ours frees everything. Thresholds and debugging
flags are kept, and do nothing. ``gc.garbage`` stays empty: cycles with ``__del__`` are freed too.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.dict_object import W_AnyDict, W_Dict
from ouro.interp_py27.objects.function_object import W_Cell, W_Function, W_Method
from ouro.interp_py27.objects.int_object import W_AnyInt
from ouro.interp_py27.objects.list_object import W_AnyList, W_List
from ouro.interp_py27.objects.module_object import W_Module, define_module
from ouro.interp_py27.objects.oldstyle_object import W_OldClass, W_OldInstance
from ouro.interp_py27.objects.set_object import W_AnySet
from ouro.interp_py27.objects.str_object import W_Str
from ouro.interp_py27.objects.tuple_object import W_AnyTuple, W_Tuple
from ouro.interp_py27.objects.type_object import W_Type
from ouro.interp_py27.vm.code import PyCode
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


def may_be_in_cycle(w_obj):
    """Whether CPython's collector would look at the object."""
    if isinstance(w_obj, W_Tuple) or isinstance(w_obj, W_Dict):
        for w_item in referents(w_obj):
            if may_be_in_cycle(w_item):
                return True
        return False
    if isinstance(w_obj, W_Type):
        return w_obj.is_heap_type
    if isinstance(w_obj, W_Module) or isinstance(w_obj, W_AnySet) or isinstance(w_obj, W_OldClass):
        return True
    if w_obj.getclass() is space.w_object or isinstance(w_obj, W_Str) or isinstance(w_obj, W_AnyInt):
        return False
    if w_obj.getclass().is_heap_type or isinstance(w_obj, W_List):
        return True
    return len(referents(w_obj)) > 0


def get_referents(args_w):
    """get_referents(*objs) -> list
Return the list of objects that are directly referred to by objs."""
    result_w = []
    for w_obj in args_w:
        for w_referent in referents(w_obj):
            result_w.append(w_referent)
    return space.newlist(result_w)


def referents(w_obj):
    """The objects that an object directly refers to, as far as its type shows them."""
    result_w = []
    if isinstance(w_obj, W_AnyTuple) or isinstance(w_obj, W_AnyList) or isinstance(w_obj, W_AnySet):
        if isinstance(w_obj, W_AnyTuple):
            items_w = w_obj.items_w[:]
        elif isinstance(w_obj, W_AnyList):
            items_w = w_obj.items_list()[:]
        else:
            assert isinstance(w_obj, W_AnySet)
            items_w = w_obj.items_list()[:]
        for w_item in items_w:
            result_w.append(w_item)
    elif isinstance(w_obj, W_AnyDict):
        for w_key in w_obj.keys_list():
            w_value = w_obj.getitem(w_key)
            if w_value is not None:
                result_w.append(w_key)
                result_w.append(w_value)
    elif isinstance(w_obj, W_OldInstance):
        result_w.append(w_obj.w_class)
    elif isinstance(w_obj, W_OldClass):
        for w_base in w_obj.bases_w:
            result_w.append(w_base)
    elif isinstance(w_obj, W_Type):
        for w_base in w_obj.bases_w:
            result_w.append(w_base)
        return result_w
    elif isinstance(w_obj, W_Function):
        result_w.append(w_obj.code)
        result_w.append(w_obj.w_globals)
        for w_default in w_obj.defaults_w:
            result_w.append(w_default)
        for w_cell in w_obj.closure or []:
            result_w.append(w_cell)
    elif isinstance(w_obj, W_Method):
        result_w.append(w_obj.w_function)
        if w_obj.w_self is not None:
            result_w.append(w_obj.w_self)
        if w_obj.w_class is not None:
            result_w.append(w_obj.w_class)
    elif isinstance(w_obj, W_Cell):
        if w_obj.w_value is not None:
            result_w.append(w_obj.w_value)
    elif isinstance(w_obj, PyCode):
        for w_constant in w_obj.consts_w:
            result_w.append(w_constant)
    if w_obj.getclass().is_heap_type:
        result_w.append(w_obj.getclass())
    w_dict = w_obj.getdict()
    if w_dict is not None:
        result_w.append(w_dict)
    return result_w


_entries = {"garbage": None}
for _function in [enable, disable, isenabled, collect, set_debug, get_debug, set_threshold, get_threshold, get_count,
                  is_tracked, get_referents]:
    _entries[_function.__name__] = _function
_entries.update(DEBUG_FLAGS)


def start_gc(w_module):
    w_module.w_dict.setitem_str("garbage", space.newlist([]))


define_module("gc", _entries, startup=start_gc,
              doc="This module provides access to the garbage collector for reference cycles.")
