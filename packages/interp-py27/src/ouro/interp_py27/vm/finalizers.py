"""What happens to dead objects: ``__del__``, callbacks of weak references, giving back what built-in objects hold.

An object that needs it is registered when it is made. The collector hands dead ones back, referrers first, at a time
when anything may be under way; they wait until the dispatch loop looks at its actions, or until ``gc.collect()`` is
called.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.function_object import W_AnyBuiltin, W_Function
from ouro.interp_py27.objects.module_object import W_Module
from ouro.interp_py27.objects.oldstyle_object import W_OldClass
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.state import actionflag
from ouro.interp_py27.objects.type_object import W_Type
from ouro.interp_py27.vm.context import Action
from ouro.interp_py27.vm.errors import OperationError
from ouro.rlib import rgc

# Finalizers may make new objects with finalizers without end.
MOST_COLLECTIONS = 10


class FinalizeAction(Action):
    """Finalizes the dead objects between two instructions."""

    def perform(self, context, frame):
        finalize_dead()


finalize_action = FinalizeAction()


class DeadObjects(rgc.FinalizerQueue):
    Class = W_Root

    def finalizer_trigger(self):
        actionflag.fire(finalize_action)


dead_objects = DeadObjects()


class Finalizers:
    """`with_del` says whether there was ever an object with a ``__del__``; `running` is true while one is finalized."""

    def __init__(self):
        self.with_del = False
        self.running = False


finalizers = Finalizers()


def register_finalizer(w_obj):
    """Call `w_obj.finalize()` once `w_obj` is dead."""
    dead_objects.register_finalizer(w_obj)


def register_del(w_obj):
    """The same for an object with a ``__del__``."""
    finalizers.with_del = True
    dead_objects.register_finalizer(w_obj)


def finalize_dead():
    """Finalize what is known to be dead, in order; nothing where a finalizer calls this. How many there were."""
    if finalizers.running:
        return 0
    finalizers.running = True
    count = 0
    try:
        while True:
            w_obj = dead_objects.next_dead()
            if w_obj is None:
                break
            count += 1
            try:
                w_obj.finalize()
            except OperationError as error:
                space.write_unraisable(error, w_obj)
    finally:
        finalizers.running = False
    return count


def collect_and_finalize():
    """A full collection and the finalizers of what it finds; how many objects were finalized.

    An object is handed back only after those that refer to it, so a few more collections follow while they find any.
    """
    total = 0
    for _ in range(MOST_COLLECTIONS):
        rgc.collect()
        count = finalize_dead()
        if count == 0:
            break
        total += count
    return total


def finalize_at_exit(w_main):
    """Call what ``__del__`` there is of objects that only the main program knows, as programs for CPython expect.

    Functions, classes and modules stay: the methods called still need them.
    """
    if not finalizers.with_del:
        return
    w_dict = w_main.w_dict
    for w_name in w_dict.keys_list():
        w_value = w_dict.getitem(w_name)
        if w_value is not None and not is_program(w_value):
            w_dict.setitem(w_name, space.w_None)
    collect_and_finalize()


def is_program(w_obj):
    return (isinstance(w_obj, W_Function) or isinstance(w_obj, W_AnyBuiltin) or isinstance(w_obj, W_Type)
            or isinstance(w_obj, W_OldClass) or isinstance(w_obj, W_Module))
