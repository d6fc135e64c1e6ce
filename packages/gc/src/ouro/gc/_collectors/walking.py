"""Going through everything that can be reached, without collecting: what verifiers and `gc.get_objects()` do.

The walk follows references from the roots and notes the addresses it has seen, rather than reading one space after the
other. So it is the same for all collectors, it finds prebuilt objects too, and no dead ones.
"""

from ouro.gc._collectors.base import Collector
from ouro.gc._collectors.memory import WORD, AddressStack, AddressTable, ObjectQueues, refers
from ouro.gc._type_table import HAS_VTABLE
from ouro.lltype import NULL, Address, load
from ouro.rlib.objectmodel import specialize


class WalkingCollector(Collector):
    """A collector whose heap can be gone through."""

    def __init__(self):
        Collector.__init__(self)
        self.reached = AddressTable()
        self.reached_pending = AddressStack()
        self.reached_all = True  # there was memory for the whole walk
        self.found = ObjectQueues()  # queue 0: what `find_instances` found

    @specialize.arg(1)
    def trace_queues(self, visit):
        Collector.trace_queues(self, visit)
        if self.found.capacity > 0:
            node = self.found.first_node(0)
            while node != NULL:
                visit(self, node + WORD)
                node = load(Address, node, 0)

    @specialize.arg(1)
    def each_reachable(self, visit):
        """Call `visit(self, obj)` for every object that can be reached, prebuilt ones among them if something refers to
        them or was stored in them; nothing may be allocated meanwhile. False where there was no memory for the walk.
        """
        self.reached_all = True
        self.trace_stacks(WalkingCollector.reach_slot)
        self.trace_queues(WalkingCollector.reach_slot)
        self.prebuilt_roots.each(self, WalkingCollector.reach)
        while self.reached_pending.non_empty():
            obj = self.reached_pending.pop()
            visit(self, obj)
            self.trace(obj, WalkingCollector.reach_slot)
        self.reached.clear()
        return self.reached_all

    def reach_slot(self, slot):
        obj = load(Address, slot)
        if refers(obj):
            self.reach(obj)

    def reach(self, obj):
        """Note an object that was not seen yet, to go on from there."""
        if self.reached.get(obj) == NULL:
            if self.reached.make_room() and self.reached_pending.try_push(obj):
                self.reached.set(obj, obj)
            else:
                self.reached_all = False

    def find_instances(self):
        """Keep all instances of classes that can be reached for `next_instance`; False where there is no memory."""
        self.forget_instances()
        if self.each_reachable(WalkingCollector.note_instance):
            return True
        self.forget_instances()
        return False

    def forget_instances(self):
        while self.next_instance() != NULL:
            pass

    def note_instance(self, obj):
        if self.type_flags(obj) & HAS_VTABLE and not self.found.push(0, obj):
            self.reached_all = False

    def next_instance(self):
        """One that `find_instances` found, or NULL."""
        return self.found.pop(0)
