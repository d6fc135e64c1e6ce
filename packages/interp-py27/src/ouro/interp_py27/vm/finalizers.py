"""What happens to dead objects: ``__del__``, callbacks of weak references, giving back what built-in objects hold.

An object that needs it is registered when it is made. The collector hands dead ones back, referrers first, at a time
when anything may be under way; they wait until the dispatch loop looks at its actions, or until ``gc.collect()`` is
called.
"""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.state import actionflag
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
    """`registered` counts the objects that were ever to be finalized; `running` is true while one is."""

    def __init__(self):
        self.registered = 0
        self.running = False


finalizers = Finalizers()


def register_finalizer(w_obj):
    """Call `w_obj.finalize()` once `w_obj` is dead."""
    finalizers.registered += 1
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
