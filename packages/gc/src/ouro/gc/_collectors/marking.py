"""Marking, and what is decided by marks: weak references and finalizers.

Marking needs no memory of its own: where the mark stack cannot grow, objects are marked without being pushed, and
found by going through the heap for marked objects again (as in Boehm's collector).
"""

from ouro.gc._collectors.memory import AddressStack, get_flags, get_link, refers, set_flags, set_link
from ouro.gc._collectors.walking import WalkingCollector
from ouro.gc._header import MARKED, ORDERED
from ouro.lltype import NULL, Address, load

#: What the lists of a collection take at most beyond what they give back: they are moved from stack to stack.
RESERVED_CHUNKS = 16


class MarkingCollector(WalkingCollector):
    """A collector that knows by a bit in each header what is reachable.

    Prebuilt objects always have the bit: they are no part of the collected heap, and those that refer to it
    are traced as roots.
    """

    def __init__(self):
        WalkingCollector.__init__(self)
        self.candidates = AddressStack()  # pairs: object, queue number
        self.new_marks = MARKED
        self.overflowed = False  # a marked object is not on the mark stack for want of memory

    def each_object(self, visit):
        """Call `visit(self, obj)` for every object of the heap, and for places that are not marked."""
        raise NotImplementedError

    def is_alive(self, obj):
        """Whether marking has reached the object."""
        return get_flags(obj) & MARKED != 0

    def mark(self, obj):
        """Reach an object; its pointers are followed later."""
        flags = get_flags(obj)
        if flags & MARKED == 0:
            set_flags(obj, flags | self.new_marks)
            if not self.pending.try_push(obj):
                self.overflowed = True

    def mark_slot(self, slot):
        obj = load(Address, slot)
        if refers(obj):
            self.mark(obj)

    def mark_pending(self):
        """Follow pointers until everything reachable from the objects reached so far is marked."""
        self.mark_pushed()
        while self.overflowed:
            self.overflowed = False
            self.each_object(MarkingCollector.mark_from)

    def mark_pushed(self):
        """Follow the pointers of the objects on the mark stack, and of those that are pushed meanwhile."""
        while self.pending.non_empty():
            self.trace(self.pending.pop(), MarkingCollector.mark_slot)

    def mark_from(self, obj):
        """Follow the pointers of an object again that may have been left out, and what that leads to."""
        if get_flags(obj) & MARKED:
            self.trace(obj, MarkingCollector.mark_slot)
            self.mark_pushed()

    def mark_roots(self):
        self.trace_stacks(MarkingCollector.mark_slot)
        self.trace_queues(MarkingCollector.mark_slot)
        self.mark_prebuilt_roots()

    def mark_prebuilt_roots(self):
        scratch = self.scratch
        while self.prebuilt_roots.non_empty():
            obj = self.prebuilt_roots.pop()
            self.trace(obj, MarkingCollector.mark_slot)
            scratch.push(obj)
        self.prebuilt_roots.take_all(scratch)

    def finish_marking(self):
        """Decide what happens to the objects that are not marked: weak references, then finalizers.

        Ordering the finalizers marks what their objects refer to. That may be weak references and objects with light
        finalizers, so what is forgotten or finalized at once is decided last.
        """
        self.clear_weak_references()
        self.order_finalizers()
        self.forget_weak_references()
        self.call_light_finalizers()

    def clear_weak_references(self):
        """Clear the weak references to dead objects, those of dead objects with finalizers included."""
        kept = self.scratch
        while self.weak_references.non_empty():
            reference = self.weak_references.pop()
            target = get_link(reference)
            if target != NULL:
                if self.is_alive(target):
                    kept.push(reference)
                else:
                    set_link(reference, NULL)
        self.weak_references.take_all(kept)

    def forget_weak_references(self):
        """Forget the weak references that are dead."""
        kept = self.scratch
        while self.weak_references.non_empty():
            reference = self.weak_references.pop()
            if self.is_alive(reference):
                kept.push(reference)
        self.weak_references.take_all(kept)

    def call_light_finalizers(self):
        kept = self.scratch
        while self.light_finalizers.non_empty():
            obj = self.light_finalizers.pop()
            if self.is_alive(obj):
                kept.push(obj)
            else:
                self.call_finalizer(obj)
        self.light_finalizers.take_all(kept)

    def order_finalizers(self):
        """Queue the dead objects that no other dead object with a finalizer refers to; keep the others.

        Objects are finalized from the outside in, so that a finalizer finds what it refers to intact. The dead
        objects with finalizers form a graph by reachability; those to call are one for each of its strongly
        connected components that no other component leads to. As in Kosaraju's algorithm two passes find
        them: the first, in order of registration, makes candidates of the objects that no earlier candidate
        reaches; the second, in reverse order, drops the candidates that a later one reaches. All of it is
        marked and survives this collection.
        """
        in_order = self.scratch
        while self.finalizable.non_empty():
            in_order.push(self.finalizable.pop())  # number, then object: pairs come out object first
        self.new_marks = MARKED | ORDERED
        while in_order.non_empty():
            obj = in_order.pop()
            number = in_order.pop()
            if self.is_alive(obj):
                self.finalizable.push(obj)
                self.finalizable.push(number)
            else:
                self.candidates.push(obj)
                self.candidates.push(number)
                self.mark(obj)
                self.mark_pending()
        self.new_marks = MARKED
        while self.candidates.non_empty():
            number = self.candidates.pop()
            obj = self.candidates.pop()
            if get_flags(obj) & ORDERED == 0:
                self.finalizable.push(obj)
                self.finalizable.push(number)
            else:
                in_order.push(number)
                in_order.push(obj)
                self.order(obj)
                self.order_pending()
        while in_order.non_empty():
            obj = in_order.pop()
            number = in_order.pop()
            if not self.enqueue(number, obj):
                # No memory: its time comes with the next collection.
                self.finalizable.push(obj)
                self.finalizable.push(number)

    def order_pending(self):
        """Follow pointers in the second pass."""
        self.order_pushed()
        while self.overflowed:
            self.overflowed = False
            self.each_object(MarkingCollector.order_from)

    def order_pushed(self):
        """The same as `mark_pushed` in the second pass."""
        while self.pending.non_empty():
            self.trace(self.pending.pop(), MarkingCollector.order_slot)

    def order_from(self, obj):
        """The same as `mark_from` in the second pass."""
        if get_flags(obj) & (MARKED | ORDERED) == MARKED:
            self.trace(obj, MarkingCollector.order_slot)
            self.order_pushed()

    def order(self, obj):
        """Reach an object in the second pass, which sees only what the first one marked."""
        flags = get_flags(obj)
        if flags & ORDERED:
            set_flags(obj, flags & ~ORDERED)
            if not self.pending.try_push(obj):
                self.overflowed = True

    def order_slot(self, slot):
        obj = load(Address, slot)
        if refers(obj):
            self.order(obj)
